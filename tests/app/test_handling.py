"""Acts on alarms decided: each on what its author saw, told to whom the alarm is told."""

from typing import Any

import pytest
from tests.app.small_exchange import PARTIES, at, prepared

from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, OnAlarms, ResolveAlarms, WaiveAlarms
from safeconduct.app.deciding import decide
from safeconduct.app.handling import escalations
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import MINUTE_US
from safeconduct.tracking.alarm_book import Seen, seen
from safeconduct.tracking.entries import AlarmShown, ConfidentialAlarmShown
from safeconduct.tracking.escalation import Escalation

CARE = 2_000_001
"""A confidential alarm, of RU's own."""


def shown(number: int, status: str = "open", clock: str = "09:00", severity: str = "critical") -> Entry:
    """A deviation as it was shown."""
    values: dict[str, Any] = {
        "occurred_at_us": at(clock),
        "own": ("RU",),
        "number": number,
        "clause": "c",
        "kind": "arrival",
        "rule": "late",
        "subject": f"leg-{number}",
        "at_us": at("08:00"),
        "severity": severity,
        "status": status,
        "message": "m",
        "evidence": (),
        "waiting_for": (),
    }
    return (ConfidentialAlarmShown if number == CARE else AlarmShown)(**values)


@pytest.fixture
def state() -> Exchange:
    """Two alarms and a confidential one."""
    found = prepared()
    for number in (1, 2, CARE):
        found.apply(shown(number))
    return found


def looked_at(state: Exchange, *numbers: int) -> Seen:
    """As they are now."""
    return seen(state.tracking.book.glance(number, PARTIES) for number in numbers)


def do(state: Exchange, command: OnAlarms, clock: str = "09:30") -> list[Entry]:
    """Decide, and let it be so."""
    entries = decide(state, command, at(clock))
    for entry in entries:
        state.apply(entry)
    return entries


def how(state: Exchange, number: int) -> tuple[str, str]:
    """State and owner."""
    handling = state.tracking.book[number]
    return handling.state(PARTIES), handling.owner


def test_the_way_of_an_alarm(state: Exchange) -> None:
    """One entry for each deviation, in the order of their numbers."""
    taken = do(state, AcknowledgeAlarms(looked_at(state, 2, 1), " A.  Duty "))
    assert [(type_tag(type(one)), getattr(one, "number", 0)) for one in taken] == [
        ("tracking.alarm-acknowledged/1", 1),
        ("tracking.alarm-acknowledged/1", 2),
    ]
    assert how(state, 1) == ("acknowledged", "A. Duty")
    do(state, AssignAlarms(looked_at(state, 1), "B. Duty", "A. Duty"))
    assert (how(state, 1), how(state, 2)) == (("acknowledged", "B. Duty"), ("acknowledged", "A. Duty"))
    do(state, ResolveAlarms(looked_at(state, 1), "B. Duty", "Driver reached."))
    assert how(state, 1) == ("resolved", "B. Duty")


def test_who_saw_it_otherwise_is_refused(state: Exchange) -> None:
    """Taken on by somebody else, withdrawn, become certain: look again. Nothing is recorded."""
    before = looked_at(state, 1)
    do(state, AcknowledgeAlarms(before, "A"))
    for command in (
        AcknowledgeAlarms(before, "B"),
        AssignAlarms(before, "B", "A"),
        ResolveAlarms(before, "B", "done"),
        WaiveAlarms(before, "RU", "B", "agreed"),
    ):
        with pytest.raises(Refused, match="alarm 1 is acknowledged by A: that has changed since it was looked at"):
            decide(state, command, at("09:31"))
    both = looked_at(state, 1, 2)
    state.apply(shown(2, "withdrawn"))
    with pytest.raises(Refused, match="alarm 1 is acknowledged by A, alarm 2 is withdrawn: that has changed"):
        decide(state, ResolveAlarms(both, "A", "done"), at("09:32"))


def test_what_is_not_possible_as_things_stand(state: Exchange) -> None:
    """Each refusal says how it is."""

    def refused(command: OnAlarms, words: str) -> None:
        with pytest.raises(Refused, match=words):
            decide(state, command, at("09:30"))

    do(state, AcknowledgeAlarms(looked_at(state, 1), "A"))
    refused(AcknowledgeAlarms(looked_at(state, 1), "B"), "alarm 1 is acknowledged by A: cannot be acknowledged now")
    refused(AssignAlarms(looked_at(state, 1), "A", "B"), "alarm 1: A looks after that already")
    do(state, ResolveAlarms(looked_at(state, 1), "A", "done"))
    refused(ResolveAlarms(looked_at(state, 1), "A", "done"), "alarm 1 is resolved: cannot be resolved now")
    refused(AssignAlarms(looked_at(state, 1), "B", "A"), "cannot be handed over now")
    state.apply(shown(2, "withdrawn"))
    refused(AcknowledgeAlarms(looked_at(state, 2), "A"), "alarm 2 is withdrawn: cannot be acknowledged now")
    refused(WaiveAlarms(looked_at(state, 2), "RU", "A", "r"), "cannot be waived now")
    refused(AcknowledgeAlarms(Seen((7,), ""), "A"), "there is no alarm 7")
    refused(AcknowledgeAlarms(Seen((), ""), "A"), "no alarm is named")
    refused(AcknowledgeAlarms(Seen((1, 1), looked_at(state, 1).fingerprint), "A"), "that has changed")


def test_each_party_waives_by_an_entry_of_its_own(state: Exchange) -> None:
    """Also what is resolved; only one that is no party cannot, nor one twice."""
    do(state, ResolveAlarms(looked_at(state, 1), "A", "done"))
    do(state, WaiveAlarms(looked_at(state, 1), "UA", "A", "A tyre."))
    assert how(state, 1)[0] == "resolved"
    with pytest.raises(Refused, match="alarm 1: UA has waived that already"):
        decide(state, WaiveAlarms(looked_at(state, 1), "UA", "A", "again"), at("09:31"))
    with pytest.raises(Refused, match="'NI' is not a party of the agreement; its parties: RU, UA"):
        decide(state, WaiveAlarms(looked_at(state, 1), "NI", "A", "r"), at("09:31"))
    do(state, WaiveAlarms(looked_at(state, 1), "RU", "A", "Agreed."))
    assert how(state, 1)[0] == "waived"


def test_who_may_not_know_of_it_cannot_waive_it(state: Exchange) -> None:
    """Nor with others that can be waived; all else can be done about it, by entries of its audience."""
    for numbers in ((CARE,), (1, CARE)):
        with pytest.raises(Refused, match="alarm 2000001 rests on what not every party may know"):
            decide(state, WaiveAlarms(looked_at(state, *numbers), "RU", "A", "r"), at("09:30"))
    entries = [
        *do(state, AcknowledgeAlarms(looked_at(state, 1, CARE), "A")),
        *do(state, AssignAlarms(looked_at(state, 1, CARE), "B", "A")),
        *do(state, ResolveAlarms(looked_at(state, 1, CARE), "B", "done")),
    ]
    told = {
        who: [getattr(one, "number", 0) for one in entries if tell(one, clearance) is not None]
        for who, clearance in {
            "NI": INTERMEDIARY,
            "RU": Clearance("party", "RU"),
            "UA": Clearance("party", "UA"),
        }.items()
    }
    assert told == {"NI": [1, CARE] * 3, "RU": [1, CARE] * 3, "UA": [1] * 3}


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "\u202e", "\ud800", "x" * 101])
def test_a_name_is_a_name(state: Exchange, name: str) -> None:
    """What could mislead a reader, or be no text at all, is refused before anything is recorded."""
    looked = looked_at(state, 1)
    for command in (
        AcknowledgeAlarms(looked, name),
        AssignAlarms(looked, name, "A"),
        ResolveAlarms(looked, name, "done"),
        ResolveAlarms(looked, "A", name * 25),
        WaiveAlarms(looked, "RU", "A", name * 25),
    ):
        with pytest.raises(Refused, match="of at most"):
            decide(state, command, at("09:30"))


def test_what_nobody_takes_on_is_escalated_once(state: Exchange) -> None:
    """As an entry of the alarm's own audience; again only if it asks for somebody anew."""
    settings = Escalation(after_us=10 * MINUTE_US, to=("chief", "deputy"))
    do(state, AcknowledgeAlarms(looked_at(state, 2), "A"), "09:05")
    assert escalations(state, settings, at("09:09")) == []
    entries = escalations(state, settings, at("09:10"))
    assert [type_tag(type(one)) for one in entries] == [
        "tracking.alarm-escalated/1",
        "tracking.confidential-alarm-escalated/1",
    ]
    for entry in entries:
        state.apply(entry)
    assert escalations(state, settings, at("12:00")) == []
    assert state.tracking.book[1].escalated_to == ("chief", "deputy")
    state.apply(shown(1, "withdrawn", "12:00"))
    state.apply(shown(1, "open", "13:00"))
    assert [getattr(one, "number", 0) for one in escalations(state, settings, at("13:10"))] == [1]
