"""Two simulated duty officers, one after the other: they take alarms on, hand them over, and see them closed.

What they do follows from what the page shows at that moment and from nothing else. They take the gravest on first; what
is less grave waits for the next look, and is escalated if that is too late.
"""

from collections.abc import Iterable, Sequence

from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, ResolveAlarms, WaiveAlarms
from safeconduct.app.duty_view import DutyView
from safeconduct.kernel.times import HOUR_US, MINUTE_US, parse_instant
from safeconduct.sim.desk import Desk
from safeconduct.sim.narrator import Narrator
from safeconduct.tracking.alarm_book import ACKNOWLEDGED, ASKING, UNACKNOWLEDGED, Seen, seen
from safeconduct.views.operations_model import AlarmSeen, DeviationSeen, Operations

FIRST, SECOND = "first duty officer (simulated)", "second duty officer (simulated)"
SHIFT_US = parse_instant("2025-07-04T12:00:00Z")
WAIVING_US = parse_instant("2025-07-04T15:00:00Z")
"""When the first party waives what was late; each of the others two hours after the one before."""
_WAIVED_EVERY_US = 2 * HOUR_US
_RESOLVED_AFTER_US = 90 * MINUTE_US

_WAIVED_KIND = "arrival"
_STANDING_KIND = "complete"
"""Somebody is still to be handed over: that is not settled with the day."""
_NOTES = {
    "manifest": "Both delegations told; the list of who rides corrected by hand and signed.",
    "custody": "Custody confirmed by both delegations face to face; noted in the protocol.",
    "reporting": "The driver was reached by telephone; the vehicle is in order.",
}
_REASON = "The delay was agreed by telephone while it lasted."
_OTHERWISE = "Both delegations told; noted in the protocol."


class DutyOfficers:
    """Whoever is on duty, at a desk with the page before them."""

    def __init__(self, desk: Desk, parties: Sequence[str], narrator: Narrator) -> None:
        self._desk = desk
        self._parties = parties
        self._narrator = narrator
        self._view = DutyView()

    def look(self, now_us: int) -> Operations:
        """What the page shows now."""
        return self._view.look(self._desk.office.recorder, now_us)

    def act(self, now_us: int, *, closing: bool = False) -> None:
        """Do what is to be done now; before the round is closed, all that is left but for who is still to come."""
        officer = FIRST if now_us < SHIFT_US else SECOND
        for alarm in self.look(now_us).alarms:
            if alarm.escalated_us == now_us:
                called = ", ".join(alarm.escalated_to)
                self._narrator.act(now_us, f"alarm {alarm.number} not acknowledged in time: escalated to {called}")
        if officer == SECOND:
            self._take_over(now_us)
        new = [alarm for alarm in self.look(now_us).alarms if alarm.state == UNACKNOWLEDGED]
        for alarm in new if closing else [one for one in new if one.severity == new[0].severity]:
            asking = [one for one in alarm.deviations if one.state == UNACKNOWLEDGED]
            self._desk.office.perform(AcknowledgeAlarms(_seen(asking), officer))
            self._narrator.act(now_us, f"alarm {alarm.number} acknowledged by the {officer}")
        operations = self.look(now_us)
        kinds = {clause.id: clause.kind for clause in operations.clauses}
        for alarm in operations.alarms:
            certain = alarm.state == ACKNOWLEDGED and alarm.counted("unconfirmed") == 0
            if not certain and not (closing and alarm.state in ASKING):
                continue
            kind = kinds.get(alarm.deviations[0].clause, "")
            if kind == _STANDING_KIND:
                continue
            if kind == _WAIVED_KIND and alarm.cause != "vehicle" and not closing:
                self._waive(now_us, alarm, officer)
            elif closing or alarm.shown_at_us + _RESOLVED_AFTER_US <= now_us:
                note = _NOTES.get(kind, _OTHERWISE)
                self._desk.office.perform(ResolveAlarms(_seen(alarm.deviations), officer, note))
                self._narrator.act(now_us, f"alarm {alarm.number} resolved by the {officer}: {note}")

    def _take_over(self, now_us: int) -> None:
        asking = [alarm for alarm in self.look(now_us).alarms if alarm.state in ASKING]
        theirs = [one for alarm in asking for one in alarm.deviations if one.owner == FIRST]
        if theirs:
            self._desk.office.perform(AssignAlarms(_seen(theirs), SECOND, FIRST))
            numbers = ", ".join(str(alarm.number) for alarm in asking if FIRST in alarm.owner)
            self._narrator.act(now_us, f"alarm {numbers} handed over to the {SECOND}")

    def _waive(self, now_us: int, alarm: AlarmSeen, officer: str) -> None:
        """Each party waives what was late when its hour has come; the last one's word makes it waived."""
        for number, party in enumerate(self._parties):
            if party not in alarm.waived_by and now_us >= WAIVING_US + number * _WAIVED_EVERY_US:
                now = {one.number: one for each in self.look(now_us).alarms for one in each.deviations}
                waived = [now[one.number] for one in alarm.deviations]
                self._desk.office.perform(WaiveAlarms(_seen(waived), party, officer, _REASON))
                self._narrator.act(now_us, f"alarm {alarm.number} waived by {party}: {_REASON}")


def _seen(deviations: Iterable[DeviationSeen]) -> Seen:
    return seen(one.glance() for one in deviations)
