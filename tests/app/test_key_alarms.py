"""A cloned key and a gap in a key's numbers are alarms with an owner; parties are told no more."""

from pathlib import Path

import pytest
from tests.app.authoring import Desk, departure

from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, ResolveAlarms
from safeconduct.app.duty_view import DutyView
from safeconduct.app.key_alarms import raise_on_keys
from safeconduct.app.signed_intake import KeyCloned, NotTaken
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.watched_terms import Standing
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.tracking.alarm_book import Seen, seen
from safeconduct.tracking.entries import ConfidentialAlarmShown
from safeconduct.tracking.escalation import Escalation
from safeconduct.views.operations_model import AlarmSeen


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An approved plan, and a device that reports."""
    return Desk(tmp_path / "workspace")


def alarms(desk: Desk) -> list[AlarmSeen]:
    """As the page and `safeconduct alarms` show them."""
    return list(DutyView().look(desk.office.recorder, desk.clock.now_us()).alarms)


def looked_at(desk: Desk) -> Seen:
    """What whoever acts on all of them has seen."""
    return seen(one.glance() for alarm in alarms(desk) for one in alarm.deviations)


def recorded(desk: Desk, from_index: int) -> list[Entry]:
    """What was recorded since."""
    return [one.body.entry for one in desk.office.recorder.read(from_index) if isinstance(one.body, Opened)]


def clone(desk: Desk) -> None:
    """Two devices with one key report, each its number 1."""
    before = desk.device.chain
    first = desk.device.sign(departure(1), desk.seen)
    desk.device.chain = before
    second = desk.device.sign(departure(2), desk.seen)
    desk.intake.take([first])
    with pytest.raises(KeyCloned):
        desk.intake.take([second])


def test_a_cloned_key_is_an_alarm_with_an_owner(desk: Desk) -> None:
    """Critical, nobody's at first; taken on, handed over, resolved as any other; shown once, also after a restart."""
    clone(desk)
    (alarm,) = alarms(desk)
    (shown,) = alarm.deviations
    assert (alarm.state, alarm.severity, shown.clause, shown.rule) == (
        "unacknowledged",
        "critical",
        "author-keys",
        "clone",
    )
    assert shown.subject == f"{desk.device.public_key[:16]}/1"
    assert "is cloned" in shown.message
    assert f"safeconduct author revoke {desk.device.public_key}" in shown.message
    desk.office.perform(AcknowledgeAlarms(looked_at(desk), "A. Duty"))
    desk.office.perform(AssignAlarms(looked_at(desk), "B. Duty", "A. Duty"))
    assert [(one.state, one.owner) for one in alarms(desk)] == [("acknowledged", "B. Duty")]
    desk.close()
    desk.open()
    raise_on_keys(desk.office)
    desk.office.perform(ResolveAlarms(looked_at(desk), "B. Duty", "The other device was found."))
    assert [one.state for one in alarms(desk)] == ["resolved"]


def test_parties_are_told_of_the_clone_what_they_were_told_before(desk: Desk) -> None:
    """The proof; of the alarm nothing, not even that there is one."""
    size = desk.office.recorder.size()
    clone(desk)
    told = [
        type(entry)
        for entry in recorded(desk, size + 1)
        for party in ("RU", "UA")
        if tell(entry, Clearance("party", party)) is not None
    ]
    assert told == [AuthorCloned, AuthorCloned]


def test_a_gap_in_the_numbers_is_an_alarm_until_it_is_filled(desk: Desk) -> None:
    """Number 3 comes after number 1, twice: one alarm. With number 2 at hand it takes itself back."""
    first, second, third = (desk.device.sign(departure(number), desk.seen) for number in (1, 2, 3))
    desk.intake.take([first])
    for _ in range(2):
        with pytest.raises(NotTaken, match="it is number 3 of its author, after 1: take those between first"):
            desk.intake.take([third])
    (alarm,) = alarms(desk)
    (shown,) = alarm.deviations
    assert (alarm.state, alarm.severity, shown.rule) == ("unacknowledged", "serious", "gap")
    assert "its number 3 was handed in, and 2 not" in shown.message
    desk.close()
    desk.open()
    desk.intake.take([second, third])
    (alarm,) = alarms(desk)
    assert alarm.state == "withdrawn"
    assert alarm.deviations[0].message.startswith("Withdrawn, what was missing was handed in: ")


def test_nobody_else_can_make_a_gap(desk: Desk) -> None:
    """What the key did not sign leaves nothing in the record."""
    desk.device.sign(departure(1), desk.seen)
    made = desk.device.sign(departure(2), desk.seen)
    forged = bytearray(made.signed)
    forged[113] ^= 1
    size = desk.office.recorder.size()
    with pytest.raises(NotTaken, match="signature does not hold"):
        desk.intake.take([type(made)(bytes(forged), made.secret, made.text)])
    assert desk.office.recorder.size() == size


def test_the_watch_of_the_day_leaves_these_alarms_alone_and_escalates_them(desk: Desk) -> None:
    """No judgement finds them, and none takes them back; nobody having taken one on in time, others are called."""
    clone(desk)
    watched = WatchedDay(desk.office, "2025-07-04")
    assert watched.show(Standing((), ()), desk.clock.now_us()) == []
    desk.clock.at_us += 3_600_000_000
    assert len(watched.escalate(Escalation(), desk.clock.now_us())) == 1
    assert [one.escalated_us is not None for one in alarms(desk)] == [True]


def test_a_clone_that_an_earlier_version_recorded_gets_its_alarm(desk: Desk) -> None:
    """When the desk is opened next."""
    device = desk.device.public_key
    desk.office.record([AuthorCloned(occurred_at_us=5, public_key=device, author_seq=4, first="aa", second="bb")])
    size = desk.office.recorder.size()
    raise_on_keys(desk.office)
    raise_on_keys(desk.office)
    (entry,) = recorded(desk, size)
    assert isinstance(entry, ConfidentialAlarmShown)
    assert (entry.at_us, entry.own, entry.subject) == (5, (), f"{device[:16]}/4")
