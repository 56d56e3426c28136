"""How far the convoys are: kept up to date report by report, against counting from scratch."""

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.views.small_exchange import plan

from safeconduct.clauses.journeys import Journeys
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.tracking.events import read_event
from safeconduct.tracking.sifting import Received
from safeconduct.tracking.taken_back import TakenBack
from safeconduct.views.convoys import LATE_AFTER_US, Convoys

START_US = parse_instant("2025-07-04T05:00:00Z")
PLACES = ("H", "X", "F")

minutes = st.integers(0, 30).map(lambda step: START_US + step * 10 * MINUTE_US)


@st.composite
def legs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rides of two vehicles, each a later one than the last."""
    found = []
    for vehicle in ("v1", "v2"):
        moments = sorted(draw(st.lists(minutes, min_size=0, max_size=8, unique=True)))
        for number, (depart_us, arrive_us) in enumerate(zip(moments[::2], moments[1::2], strict=False)):
            origin = draw(st.sampled_from(PLACES))
            ride = {
                "id": f"{vehicle}-{number}",
                "vehicle": vehicle,
                "from": origin,
                "to": draw(st.sampled_from(PLACES)),
            }
            found.append(ride | {"depart": format_instant(depart_us), "arrive": format_instant(arrive_us)})
    return draw(st.permutations(found))


@st.composite
def movements(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Departures and arrivals in no order, some of them taken back."""
    found = []
    for number in range(draw(st.integers(0, 14))):
        event = {
            "id": f"m{number}",
            "type": draw(st.sampled_from(("departed", "arrived"))),
            "at": format_instant(draw(minutes)),
            "vehicle": draw(st.sampled_from(("v1", "v2"))),
            "place": draw(st.sampled_from(PLACES)),
        }
        found.append(event)
        if draw(st.integers(0, 7)) == 0:
            found.append({"id": f"v{number}", "type": "voided", "at": event["at"], "event": event["id"]})
    return draw(st.permutations(found))


def counted_from_scratch(planned: list[dict[str, Any]], events: list[dict[str, Any]]) -> dict[str, int]:
    """Each leg takes its number among those of its vehicle from, and to, its place."""
    received = Received()
    for event in events:
        received.add(read_event(event))
    sifted = received.sift().events
    journeys = Journeys(plan(), [one for one in sifted if one.type in ("departed", "arrived")])
    departures: dict[tuple[str, str], list[int]] = {}
    for one in journeys.departures:
        departures.setdefault((one.vehicle, one.place), []).append(one.at_us)
    arrivals = {key: [event.at_us for event in found] for key, found in journeys.arrivals.items()}
    counts = {"legs": 0, "departed": 0, "arrived": 0, "late": 0, "overdue": 0}
    ordinal: Counter[tuple[str, str, str]] = Counter()
    for leg in sorted(planned, key=lambda leg: parse_instant(leg["depart"])):
        left, came = (leg["vehicle"], leg["from"]), (leg["vehicle"], leg["to"])
        arrived = arrivals.get(came, [])[ordinal["to", *came] :]
        counts["legs"] += 1
        counts["departed"] += len(departures.get(left, [])) > ordinal["from", *left]
        counts["arrived"] += bool(arrived)
        counts["late"] += bool(arrived) and arrived[0] > parse_instant(leg["arrive"]) + LATE_AFTER_US
        ordinal["from", *left] += 1
        ordinal["to", *came] += 1
    return counts


@settings(max_examples=200)
@given(legs(), movements(), st.integers(0, 14))
def test_counted_one_by_one_as_from_scratch(
    planned: list[dict[str, Any]], events: list[dict[str, Any]], look: int
) -> None:
    """Whatever arrives in whatever order, looked at in between or not."""
    taken_back = TakenBack()
    convoys = Convoys(taken_back)
    convoys.propose("day", "p")
    convoys.plan_convoy("p", ("RU",), json.dumps(planned))
    for number, event in enumerate(events):
        take = taken_back.add if event["type"] == "voided" else convoys.report
        take(json.dumps(event), parse_instant(event["at"]), None)
        if number == look:
            convoys.status(parse_instant(event["at"]))
    assert convoys.status() == {"day": {"RU": counted_from_scratch(planned, events)}}


def test_a_leg_is_overdue_a_quarter_of_an_hour_after_its_time() -> None:
    """First its departure, then its arrival; one that has arrived late is late, and no more overdue."""
    taken_back = TakenBack()
    convoys = Convoys(taken_back)
    convoys.propose("day", "p")
    leg = {"id": "l", "vehicle": "v", "from": "H", "to": "X"}
    leg |= {"depart": format_instant(START_US), "arrive": format_instant(START_US + 60 * MINUTE_US)}
    convoys.plan_convoy("p", ("RU",), json.dumps([leg]))

    def counts(minute: int) -> tuple[int, int]:
        status = convoys.status(START_US + minute * MINUTE_US)["day"]["RU"]
        return status["late"], status["overdue"]

    assert (counts(15), counts(16)) == ((0, 0), (0, 1))
    for kind, place, minute in (("departed", "H", 20), ("arrived", "X", 90)):
        at_us = START_US + minute * MINUTE_US
        event = {"id": kind, "type": kind, "at": format_instant(at_us), "vehicle": "v", "place": place}
        convoys.report(json.dumps(event), at_us, None)
    assert [counts(minute) for minute in (30, 75, 76, 95)] == [(0, 0), (0, 0), (0, 1), (1, 0)]
