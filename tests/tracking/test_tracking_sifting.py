"""The sift: worked by hand, sentence by sentence, and the same in any order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.devices import device_reports
from safeconduct.tracking.events import read_event
from safeconduct.tracking.sifting import Received, Sifted


def at(clock: str) -> str:
    """A time of the day."""
    return f"2025-07-04T{clock if clock.count(':') == 2 else clock + ':00'}Z"


def line(ref: str, clock: str, kind: str = "x", **fields: Any) -> dict[str, Any]:
    """A line; `received` is a time of the day."""
    if "received" in fields:
        fields["received_at"] = at(fields.pop("received"))
    return {"id": ref, "type": kind, "at": at(clock), **fields}


def sift(lines: list[dict[str, Any]], until: str | None = None) -> Sifted:
    """What counts of these lines."""
    received = Received()
    for one in lines:
        received.add(read_event(one))
    return received.sift(parse_instant(at(until)) if until else None)


def flaws(sifted: Sifted) -> list[tuple[str, str, str]]:
    """(rule, subject, HH:MM) of each."""
    return [(one.rule, one.subject, clock(one.at_us)) for one in sifted.flaws]


def clock(at_us: int | None) -> str:
    """HH:MM."""
    minutes = ((at_us or 0) // 60_000_000) % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


def ids(sifted: Sifted) -> list[str]:
    """Which events remain."""
    return [event.id for event in sifted.events]


Expected = tuple[list[str], str, list[tuple[str, str, str]]]

CASES: dict[str, tuple[list[dict[str, Any]], str | None, Expected]] = {
    "five minutes ahead of its receipt is not the future": (
        [line("a", "09:05", received="09:00")], None, (["a"], "09:05", []),
    ),
    "a microsecond more is; it stands aside and does not tell the time": (
        [line("a", "09:05:00.000001", received="09:00"), line("b", "08:00")],
        None, (["b"], "08:00", [("future", "a", "09:05")]),
    ),
    "the earliest receipt counts": (
        [line("a", "09:06", received="09:10"), line("a", "09:06", received="09:00"), line("b", "08:00")],
        None, (["b"], "08:00", [("future", "a", "09:06")]),
    ),
    "a future line is told whatever the end": (
        [line("a", "09:06", received="09:00"), line("b", "08:00")],
        "08:30", (["b"], "08:30", [("future", "a", "09:06")]),
    ),
    "a repeated line has no effect": ([line("a", "09:00"), line("a", "09:00")], None, (["a"], "09:00", [])),
    "what is later than the end is as if not received": (
        [line("a", "09:00"), line("a", "09:10", more=1), line("b", "09:01", device="d", device_seq=1),
         line("c", "09:02", device="d", device_seq=1)],
        "09:01", (["a", "b"], "09:01", []),
    ),
    "two ids with one device and number": (
        [line("a", "09:00", device="d", device_seq=3), line("b", "09:10", device="d", device_seq=3),
         line("c", "09:20", device="e", device_seq=3), line("d", "09:30", device="d", device_seq=True)],
        None, (["a", "b", "c", "d"], "09:30", [("clone", "d/3", "09:10")]),
    ),
    "one id with different content: the earliest stands": (
        [line("a", "09:10"), line("a", "09:00", more=1)], None, (["a"], "09:10", [("conflict", "a", "09:10")]),
    ),
    "a voided event counts as never received, nor does its conflict or its time": (
        [line("a", "09:10"), line("a", "09:00", more=1), line("v", "09:05", "voided", event="a"),
         line("b", "09:02"), line("b", "09:03"), line("w", "09:06", "voided", event="b")],
        None, (["v", "w"], "09:06", []),
    ),
    "but a clone of it stays: the number was given twice": (
        [line("a", "09:00", device="d", device_seq=1), line("b", "09:00", device="d", device_seq=1),
         line("v", "09:05", "voided", event="a")],
        None, (["b", "v"], "09:05", [("clone", "d/1", "09:00")]),
    ),
    "a voided void does not work": (
        [line("a", "09:00"), line("v", "09:05", "voided", event="a"), line("w", "09:06", "voided", event="v")],
        None, (["a", "w"], "09:06", []),
    ),
    "a void of a voided void makes the first work again": (
        [line("a", "09:00"), line("u", "09:04", "voided", event="a"), line("v", "09:05", "voided", event="u"),
         line("w", "09:06", "voided", event="v")],
        None, (["u", "w"], "09:06", []),
    ),
    "one void that works is enough": (
        # x undoes v, but w voids u all the same: u does not void a.
        [line("a", "09:00"), line("u", "09:01", "voided", event="a"), line("v", "09:02", "voided", event="u"),
         line("w", "09:03", "voided", event="u"), line("x", "09:04", "voided", event="v")],
        None, (["a", "w", "x"], "09:04", []),
    ),
    "those in a circle do nothing": (
        [line("u", "09:04", "voided", event="v"), line("v", "09:05", "voided", event="u"),
         line("s", "09:06", "voided", event="s")],
        None, (["u", "v", "s"], "09:06", []),
    ),
    "a circle broken from outside is none": (
        [line("u", "09:04", "voided", event="v"), line("v", "09:05", "voided", event="w"),
         line("w", "09:06", "voided", event="u"), line("o", "09:07", "voided", event="u")],
        # o removes u; so v works and removes w.
        None, (["v", "o"], "09:07", []),
    ),
    "a void later than the end is not received": (
        [line("a", "09:00"), line("v", "09:05", "voided", event="a")], "09:04", (["a"], "09:04", []),
    ),
    "the void of something later still tells the time": (
        [line("a", "10:00"), line("v", "09:05", "voided", event="a")], None, (["v"], "09:05", []),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_sift_by_hand(name: str) -> None:
    """Each sentence of the contract, forwards and backwards."""
    lines, until, (remaining, end, found) = CASES[name]
    for ordered in (lines, lines[::-1]):
        sifted = sift(ordered, until)
        assert (ids(sifted), clock(sifted.end_us), flaws(sifted)) == (remaining, end, found)


def test_of_a_conflict_the_smallest_content_of_one_instant_stands() -> None:
    """Compared as JSON: `"b"` is smaller than `"é"`, which an ASCII escape would have turned round against `"\\\\"`."""
    lines = [line("a", "09:00", note="é"), line("a", "09:00", note="b"), line("a", "09:00", note="c")]
    assert [event.fields["note"] for event in sift(lines).events] == ["b"]
    assert [event.fields["note"] for event in sift([lines[0], line("a", "09:00", note="z")]).events] == ["z"]


def test_nothing_received_tells_no_time() -> None:
    """There is no end, and nothing to judge."""
    assert sift([]).end_us is None
    assert flaws(sift([line("a", "09:06", received="09:00")])) == [("future", "a", "09:06")]


small_lines = st.builds(
    lambda ref, minute, kind, more, received, number: line(
        ref,
        f"09:0{minute}",
        "voided" if kind else "x",
        **({"event": kind} if kind else {}),
        **({"more": more} if more else {}),
        **({"received": f"0{received}:59"} if received else {}),
        **({"device": "d", "device_seq": number} if number else {}),
    ),
    st.sampled_from("abcdef"),
    st.integers(0, 3),
    st.sampled_from(["", "", "a", "b", "c", "d", "e", "f"]),
    st.integers(0, 1),
    st.sampled_from([0, 0, 7, 8, 9]),
    st.integers(0, 3),
)


@given(st.lists(small_lines, max_size=10), st.randoms(use_true_random=False), st.sampled_from([None, "09:01", "09:02"]))
def test_the_sift_is_the_same_in_any_order_and_with_repetitions(
    lines: list[dict[str, Any]], random: Any, until: str | None
) -> None:
    """No step depends on arrival, but that the earliest receipt counts."""
    shuffled = lines + [one for one in lines if random.random() < 0.3]
    random.shuffle(shuffled)
    one, other = sift(lines, until), sift(shuffled, until)
    assert (one.end_us, one.flaws, one.next_us) == (other.end_us, other.flaws, other.next_us)
    assert [event.content for event in one.events] == [event.content for event in other.events]


def watermark(lines: list[dict[str, Any]]) -> str | None:
    """Of device d."""
    sifted = sift(lines)
    report = device_reports(sifted.events, sifted.voided).get("d")
    return None if report is None or report.watermark_us is None else clock(report.watermark_us)


def numbered(number: int | None, when: str, kind: str = "x") -> dict[str, Any]:
    """A report of device d."""
    return line(f"{number}{when}", when, kind, device="d", **({"device_seq": number} if number is not None else {}))


VOIDING_THE_SECOND = line("v", "09:15", "voided", event="209:10")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        ([numbered(1, "09:00"), numbered(2, "09:10")], "09:10"),
        ([numbered(2, "09:10"), numbered(1, "09:20")], "09:20"),
        ([numbered(1, "09:00"), numbered(3, "09:10")], "09:00"),
        ([numbered(2, "09:00")], None),
        ([numbered(0, "09:00")], None),
        ([numbered(1, "09:00"), numbered(2, "09:30", "clock")], "09:30"),
        ([numbered(1, "09:00"), numbered(None, "09:30", "clock")], "09:30"),
        ([numbered(2, "09:00"), numbered(None, "09:30", "clock")], None),
        ([numbered(1, "09:00"), numbered(None, "09:30")], "09:00"),
        ([numbered(1, "09:00"), line("o", "09:30", "clock")], "09:00"),
        ([numbered(1, "09:00"), numbered(2, "09:10"), numbered(3, "09:20"), VOIDING_THE_SECOND], "09:20"),
        ([numbered(1, "09:00"), numbered(2, "09:10"), numbered(4, "09:20"), VOIDING_THE_SECOND], "09:00"),
    ],
)
def test_a_watermark_is_what_was_reported_without_a_gap(lines: list[dict[str, Any]], expected: str | None) -> None:
    """Numbers from 1; the latest `at` before the first missing one; a clock counts; of what was voided the number."""
    assert watermark(lines) == expected


def test_retirement_and_last_contact() -> None:
    """Last contact counts after a gap, too; who says that a device is retired does not matter."""
    lines = [numbered(1, "09:00"), numbered(7, "10:00"), line("r", "11:00", "retired", device="e")]
    reports = device_reports(sift(lines).events)
    assert clock(reports["d"].last_us) == "10:00"
    assert not reports["d"].retired
    assert reports["e"].retired
