"""Alarms on the page: put together by cause, dealt with as the record says, told as far as each clearance may know."""

from typing import Any

import pytest
from tests.views.small_exchange import built, moment, prepared, recorded, report, shown

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.kernel.entry import Entry
from safeconduct.tracking.alarm_entries import (
    AlarmAcknowledged,
    AlarmAssigned,
    AlarmEscalated,
    AlarmResolved,
    AlarmWaived,
    ConfidentialAlarmAcknowledged,
)
from safeconduct.tracking.entries import AlarmShown, ConfidentialAlarmShown
from safeconduct.views.operations_alarms import waiting_words
from safeconduct.views.operations_model import AlarmSeen

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")


def alarm(number: int, status: str = "open", clock: str = "08:00", confidential: bool = False, **fields: Any) -> Entry:
    """A deviation as it was shown; of RU's, if not else."""
    values: dict[str, Any] = {
        "occurred_at_us": moment(clock),
        "own": ("RU",),
        "number": number,
        "clause": "in-step",
        "kind": "simultaneity",
        "rule": "one-sided",
        "subject": f"b{number}",
        "at_us": moment("07:00"),
        "severity": "critical",
        "status": status,
        "message": f"Said of {number}.",
        "evidence": ("e",),
        "waiting_for": (),
    }
    return (ConfidentialAlarmShown if confidential else AlarmShown)(**values | fields)


def on(kind: type[Entry], number: int, clock: str = "08:05", **fields: Any) -> Entry:
    """What was done about an alarm."""
    return kind(occurred_at_us=moment(clock), own=("RU",), number=number, **fields)  # type: ignore[call-arg]


def alarms(*entries: Entry, who: Clearance = INTERMEDIARY, clock: str = "10:00") -> tuple[AlarmSeen, ...]:
    """What the page shows of them."""
    return shown(built([*prepared(), *entries], who), clock).alarms


def of_device(number: int, clause: str, at: str, device: str = "d7") -> Entry:
    """A deviation in doubt until a device is heard of again."""
    return alarm(number, "unconfirmed", clause=clause, at_us=moment(at), waiting_for=(device,))


SILENT = [of_device(1, "a", "08:10"), of_device(2, "b", "08:20"), of_device(3, "c", "08:50")]


def heard(clock: str, number: int, device: str = "d7") -> list[Entry]:
    """The device tells the time."""
    return recorded([report("clock", clock, f"{device}/{number}", device=device, device_seq=number)])


def test_a_silent_device_is_one_alarm_that_says_when_it_was_last_heard() -> None:
    """Also where it was heard only after a gap, or not at all."""
    (one,) = alarms(*SILENT, *heard("07:58", 1))
    assert (one.number, one.cause, one.of, len(one.deviations)) == (1, "devices", ("d7",), 3)
    assert one.title == "Device d7, last heard 07:58: 3 unconfirmed"
    assert one.first_us == moment("08:10")
    (gap,) = alarms(*SILENT, *heard("07:58", 1), *heard("09:30", 3))
    assert gap.title == "Device d7, last heard 09:30, complete only until 07:58: 3 unconfirmed"
    (never,) = alarms(*SILENT)
    assert never.title == "Device d7, not heard of yet: 3 unconfirmed"


def test_a_device_that_has_passed_the_moment_is_waited_for_no_more() -> None:
    """The page knows it before the watch has judged again."""
    first, second = alarms(*SILENT, *heard("08:20", 1), *heard("08:30", 2))[:2]
    assert {first.number, second.number} == {1, 2}
    assert all(one.waiting_for == () for each in (first, second) for one in each.deviations)


def test_an_alarm_that_waits_for_many_names_those_unheard_for_the_longest() -> None:
    """Three at most, with when each was heard of, and how many more there are."""
    waiting = alarm(1, "unconfirmed", at_us=moment("08:10"), waiting_for=("d1", "d2", "d3", "d4", "d5"))
    reports = [*heard("08:05", 1, "d1"), *heard("07:40", 1, "d2"), *heard("08:01", 1, "d3"), *heard("08:30", 1, "d5")]
    (one,) = alarms(waiting, *reports)
    assert (one.cause, one.title, one.awaited) == ("alone", "in-step · one-sided", 4)
    assert waiting_words(one) == (
        "waiting for d4 not heard of yet; d2 last heard 07:40; d3 last heard 08:01; and 1 more devices"
    )


def test_a_party_is_told_what_it_was_told_of_the_device() -> None:
    """It is never told what devices are waited for by an alarm that is not its own, nor of their clocks."""
    (own,) = alarms(*SILENT, *heard("07:58", 1), who=RU)
    assert own.title == "Device d7, no report of it is told: 3 unconfirmed"
    others = alarms(*SILENT, *heard("07:58", 1), who=UA)
    assert [one.title for one in others] == ["a · one-sided", "b · one-sided", "c · one-sided"]
    assert all(one.heard == () and one.deviations[0].subject == "" for one in others)
    assert alarms(*SILENT, who=PUBLIC) == ()


def test_a_broken_down_bus_is_one_alarm_to_whoever_may_know_its_legs() -> None:
    """The other side sees two clauses in question."""
    bus = [
        alarm(1, clause="tracked", rule="silent", subject="bus-RU", at_us=moment("06:00")),
        alarm(2, clause="punctual", rule="late", subject="l1", at_us=moment("07:45")),
    ]
    (one,) = alarms(*bus)
    assert one.title == "Vehicle bus-RU: tracked · silent, punctual · late, 2 in all"
    assert len(alarms(*bus, who=RU)) == 1
    assert len(alarms(*bus, who=UA)) == 2


def test_it_is_taken_on_by_parts_and_as_a_whole() -> None:
    """While nobody has seen one of its deviations, nobody has seen it; the owner is known all the same."""
    both = [alarm(1), alarm(2)]
    taken = on(AlarmAcknowledged, 1, by="A")
    (part,) = alarms(*both, taken)
    assert (part.state, part.unacknowledged, part.owner) == ("unacknowledged", 1, "A")
    (whole,) = alarms(*both, taken, on(AlarmAcknowledged, 2, by="A"))
    assert (whole.state, whole.unacknowledged, whole.owner) == ("acknowledged", 0, "A")
    (two,) = alarms(*both, taken, on(AlarmAcknowledged, 2, by="A"), on(AlarmAssigned, 2, owner="B", by="A"))
    assert two.owner == "A, B"


def test_what_is_settled_stands_apart() -> None:
    """A resolved deviation of six is no more of the alarm; it is shown as resolved, with what was done."""
    entries = [*(alarm(number) for number in range(1, 4)), on(AlarmResolved, 2, by="A", note="Told both sides.")]
    asking, resolved = alarms(*entries)
    assert [one.number for one in asking.deviations] == [1, 3]
    assert (resolved.state, resolved.number, resolved.resolved_by, resolved.notes) == (
        *("resolved", 2),
        *("A", ("Told both sides.",)),
    )


def test_who_has_waived_and_who_has_not() -> None:
    """It stands until the last has; then it is waived, and still there."""
    one_side = [alarm(1), on(AlarmWaived, 1, party="UA", by="A", reason="A tyre.")]
    (half,) = alarms(*one_side)
    assert (half.state, half.waived_by, half.not_waived_by) == ("unacknowledged", ("UA",), ("RU",))
    (waived,) = alarms(*one_side, on(AlarmWaived, 1, party="RU", by="A", reason="Agreed."))
    assert (waived.state, waived.waived_by, waived.not_waived_by) == ("waived", ("RU", "UA"), ())
    assert set(waived.notes) == {"UA: A tyre.", "RU: Agreed."}
    page = shown(built([*prepared(), *one_side], INTERMEDIARY), "10:00")
    assert next(one for one in page.clauses if one.id == "in-step").open == 1


def test_names_go_to_its_own_and_own_words_to_nobody_else() -> None:
    """The other side is told that it was taken on, escalated, resolved, and which party waived; not who, nor why."""
    entries = [
        alarm(1),
        on(AlarmEscalated, 1, to=("chief",)),
        on(AlarmAcknowledged, 1, by="A"),
        on(AlarmWaived, 1, party="RU", by="A", reason="Bus in the ditch."),
        on(AlarmResolved, 1, by="A", note="Bus pulled out of the ditch."),
    ]
    (own,) = alarms(*entries, who=RU)
    assert (own.owner, own.resolved_by, own.notes, own.escalated_to) == ("A", "A", (), ())
    (other,) = alarms(*entries, who=UA)
    assert (other.owner, other.resolved_by, other.notes) == ("", "", ())
    for seen in (own, other):
        assert (seen.state, seen.escalated_us, seen.waived_by) == ("resolved", moment("08:05"), ("RU",))


def test_nobody_else_learns_that_a_confidential_alarm_was_taken_on() -> None:
    """Nor that there is one."""
    taken = on(ConfidentialAlarmAcknowledged, 1_000_001, by="A")
    entries = [alarm(1_000_001, confidential=True), taken]
    (own,) = alarms(*entries, who=RU)
    assert own.deviations[0].confidential
    with_, without = (shown(built([*prepared(), *each], UA), "10:00") for each in (entries, []))
    assert (with_.alarms, with_.timeline, with_.ledger.known) == (
        without.alarms,
        without.timeline,
        without.ledger.known,
    )


def test_it_comes_back_with_its_owner() -> None:
    """Withdrawn by a late report, and shown again: somebody has to look at it anew, and sees that it came back."""
    entries = [alarm(1), on(AlarmAcknowledged, 1, by="A"), alarm(1, "withdrawn", "08:30")]
    (gone,) = alarms(*entries)
    assert (gone.state, gone.shown_at_us) == ("withdrawn", moment("08:30"))
    (back,) = alarms(*entries, alarm(1, "unconfirmed", "09:00"))
    assert (back.state, back.owner, back.returned, back.shown_at_us) == ("unacknowledged", "A", True, moment("09:00"))


def test_those_that_nobody_has_taken_on_come_first() -> None:
    """By gravity and moment; then those that somebody has; then what is waived, resolved, withdrawn."""
    entries = [
        alarm(1, clause="a", severity="notice"),
        alarm(2, clause="b", at_us=moment("06:00"), severity="serious"),
        alarm(3, clause="c"),
        alarm(4, clause="d"),
        alarm(5, clause="e"),
        alarm(6, clause="f"),
        on(AlarmAcknowledged, 3, by="A"),
        on(AlarmResolved, 4, by="A", note="n"),
        *(on(AlarmWaived, 5, party=party, by="A", reason="r") for party in ("RU", "UA")),
        alarm(6, "withdrawn", clause="f"),
    ]
    assert [(one.number, one.state) for one in alarms(*entries)] == [
        (2, "unacknowledged"),
        (1, "unacknowledged"),
        (3, "acknowledged"),
        (5, "waived"),
        (4, "resolved"),
        (6, "withdrawn"),
    ]


@pytest.mark.parametrize("who", [INTERMEDIARY, RU, UA], ids=str)
def test_acts_are_told_on_the_timeline(who: Clearance) -> None:
    """In a sentence, with the name where it may be known."""
    entries = [alarm(1), on(AlarmAcknowledged, 1, by="A"), on(AlarmWaived, 1, party="RU", by="A", reason="secret")]
    told = [one.text for one in shown(built([*prepared(), *entries], who), "10:00").timeline[:2]]
    name = "" if who == UA else " by A"
    assert told == ["Alarm 1 waived by RU", f"Alarm 1 acknowledged{name}"]
