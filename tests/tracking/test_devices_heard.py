"""How far a device has reported, asked one by one as reports arrive, is what is said over all of them at once."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.tracking.devices import DevicesHeard, device_reports
from safeconduct.tracking.events import read_event
from safeconduct.tracking.reports import Reports
from safeconduct.tracking.sifting import Received, voided_ids

START_US = parse_instant("2025-07-04T05:00:00Z")
DEVICES = ("d1", "d2")


@st.composite
def reports(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Reports of two devices with gaps, clocks, mis-scans taken back, retirements, and some from the future."""
    lines: list[dict[str, Any]] = []
    for name in draw(st.lists(st.integers(0, 11), max_size=12)):
        kind = draw(st.sampled_from(("departed", "clock", "retired", "voided")))
        at_us = START_US + draw(st.integers(0, 5)) * MINUTE_US
        line: dict[str, Any] = {
            "id": f"e{name}",
            "type": "voided" if name > 8 else "departed" if kind == "voided" else kind,
            "at": format_instant(at_us),
            "received_at": format_instant(at_us + draw(st.sampled_from((-9, 0, 3))) * MINUTE_US),
            "vehicle": "v",
            "place": "p",
            "device": DEVICES[name % 2],
            "event": f"e{draw(st.integers(0, 11))}",
        }
        if draw(st.booleans()):
            line["device_seq"] = name // 2 + 1
        if line["id"] not in {one["id"] for one in lines}:
            lines.append(line)
    return lines


@settings(max_examples=300)
@given(reports(), st.lists(st.integers(-1, 6), min_size=13, max_size=13))
def test_one_by_one_is_as_all_at_once(lines: list[dict[str, Any]], looks: list[int]) -> None:
    """At any moment, asked after every report, the clock going back and forth."""
    followed, heard = Reports(), DevicesHeard()
    received = Received()
    for line, look in zip(lines, looks, strict=False):
        event = read_event(line)
        received.add(event)
        found = followed.add(json.dumps(line), event.at_us, event.received_us)
        assert found is not None
        heard.add(found)
        now_us = START_US + look * MINUTE_US
        sifted = received.sift(now_us)
        standing = {one.id: one for one in (*sifted.events, *sifted.voided)}
        for changed in followed.look(now_us, frozenset(voided_ids(standing))):
            heard.change(changed)
        heard.look(now_us, frozenset(voided_ids(standing)))
        expected = device_reports(sifted.events, sifted.voided)
        assert {device: heard.heard(device) for device in DEVICES if heard.heard(device)} == expected
