"""A day under watch on which something is only claimed: what of it reaches the ledger, and whom."""

from pathlib import Path
from typing import Any

from tests.app.recording import StandingClock
from tests.app.small_exchange import EXCHANGE, at, moment, office_of

from safeconduct.app.office import Office
from safeconduct.app.watched_day import WatchedDay
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.tracking.entries import Alarm, AlarmShown, ConfidentialAlarmShown


def published(name: str, clock: str, **fields: Any) -> dict[str, Any]:
    """A statement, before the families are told at ten."""
    return {"id": name, "type": "published", "at": moment(clock), "by": "a channel", "subject": EXCHANGE, **fields}


def recorded(office: Office) -> list[Entry]:
    """Everything on the ledger."""
    return [one.body.entry for one in office.recorder.read() if isinstance(one.body, Opened)]


def told_to_others(entry: Entry) -> bool:
    """Whether a party or the public is told that there is such an entry."""
    return any(tell(entry, who) is not None for who in (Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC))


def test_an_alarm_on_a_claim_is_recorded_for_the_intermediary_alone_also_after_a_restart(tmp_path: Path) -> None:
    """Of two statements published too early one is only claimed: of that no side is told, neither report nor alarm."""
    office = office_of(tmp_path, StandingClock(at("09:40")))
    before = len(recorded(office))
    watched = WatchedDay(office, EXCHANGE)
    claim = published("claimed", "09:31", source="media-watch", confidence="medium")
    assert watched.take([published("plain", "09:30"), claim]) == []
    watched.judge(at("09:40"))
    WatchedDay(office, EXCHANGE).judge(at("09:45"))  # begun anew: it must not be told again, nor to anybody else
    new = recorded(office)[before:]
    alarms = {one.evidence[0]: one for one in new if isinstance(one, Alarm)}
    assert {name: type(one) for name, one in alarms.items()} == {
        "plain": AlarmShown,
        "claimed": ConfidentialAlarmShown,
    }
    assert "(a claim, confidence medium)" in alarms["claimed"].message
    assert "media-watch" not in alarms["claimed"].message
    assert [told_to_others(one) for one in new] == [True, False, True, False]
    assert all(tell(one, INTERMEDIARY) is not None for one in new)


def test_a_claim_taken_before_a_restart_is_still_one_after_it(tmp_path: Path) -> None:
    """Judged for the first time by a watch that read it off the ledger."""
    office = office_of(tmp_path, StandingClock(at("09:40")))
    WatchedDay(office, EXCHANGE).take([published("claimed", "09:31", source="media-watch")])
    before = len(recorded(office))
    WatchedDay(office, EXCHANGE).judge(at("09:40"))
    (alarm,) = recorded(office)[before:]
    assert isinstance(alarm, ConfidentialAlarmShown)
    assert not told_to_others(alarm)
