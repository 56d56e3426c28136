"""The day of an exchange under watch: reports are recorded as they come and judged; what changed is shown and recorded.

What was shown stands in the ledger, so a desk that stops and starts again shows neither less nor more than one that
never stopped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.app.alarms import AlarmAudience, alarm_entries, news
from safeconduct.app.handling import escalations
from safeconduct.app.intake import Concerns, recorded_event, report_entry
from safeconduct.app.office import Office
from safeconduct.app.releasing import release_command
from safeconduct.app.watched_terms import Standing, WatchedTerms
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import read_terms
from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.logistics.plan import read_plan
from safeconduct.tracking.entries import PublicMatterReported
from safeconduct.tracking.escalation import Escalation
from safeconduct.tracking.events import BadEvent, Event, read_event


@dataclass(frozen=True, slots=True)
class SetAside:
    """A report that is none, and why; it was not recorded."""

    line: Mapping[str, Any]
    why: str


class WatchedDay:
    """One exchange on its day. Raises Refused if its plan is not approved by every party."""

    def __init__(self, office: Office, exchange: str) -> None:
        self._office = office
        recorded, logistics = office.state.agreement.terms, office.state.logistics
        proposed = logistics.plans.get(exchange)
        if recorded is None or proposed is None:
            raise Refused(f"no plan is on record for {exchange}")
        in_force = logistics.in_force(exchange, recorded.parties)
        if in_force is None:
            approved = logistics.approvals.given(proposed.plan_sha256)
            missing = [party for party in recorded.parties if party not in approved]
            raise Refused(f"the plan is not approved by {', '.join(missing)}: nobody moves")
        self.terms = read_terms("terms", recorded.terms_text.encode())
        self.plan = read_plan("plan", in_force.proposed.plan_text.encode())
        self._in_force_since_us = in_force.since_us
        self._concerns = Concerns.of_plan(self.plan)
        self._audience = AlarmAudience(self.terms, self._concerns)
        self._watch = WatchedTerms(self.terms, self.plan)
        self.hear(office.state.tracking.reports)

    def take(self, lines: Iterable[Mapping[str, Any]]) -> list[SetAside]:
        """Record reports, in one group; give those that cannot be taken."""
        entries: list[Entry] = []
        events: list[Event] = []
        aside: list[SetAside] = []
        for line in lines:
            try:
                events.append(read_event(line))
            except BadEvent as error:
                aside.append(SetAside(line, str(error)))
            else:
                entries.append(report_entry(line, self._concerns))
        self._office.record(entries)
        self._hear(events)
        return aside

    def hear(self, reports: Mapping[str, int | None]) -> None:
        """Take in reports that are on record: when each came, where that is known, by its text."""
        self._hear([read_event(recorded_event(text, at_us)) for text, at_us in reports.items()])

    def _hear(self, events: Sequence[Event]) -> None:
        self._audience.hear(events)
        self._watch.arrive(events)

    def release(self, name: str, text: str, released_by: str) -> CommuniqueReleased:
        """Tell a communiqué on this exchange to everybody, now, and take in the report of it.

        Raises BadInput for what the text gives away, Refused while an embargo holds it; then nothing was published.
        """
        command = release_command(self._office.recorder, self.plan.exchange, name, text, released_by)
        released: CommuniqueReleased | None = None
        for entry in self._office.perform(command):
            if isinstance(entry, CommuniqueReleased):
                released = entry
            elif isinstance(entry, PublicMatterReported):
                self._watch.arrive([read_event(recorded_event(entry.report, entry.received_at_us))])
        if released is None:
            raise AssertionError("a release makes a communiqué")
        return released

    def judge(self, now_us: int) -> list[Deviation]:
        """Judge all reports as of now; record and give what the duty officer must be shown that was not shown before.

        New deviations, those that have become certain, and those withdrawn; in the order of at, clause, rule, subject.
        """
        self._watch.judge(now_us)
        return self.show(self._watch.standing(), now_us)

    def show(self, stands: Standing, now_us: int) -> list[Deviation]:
        """Record and give what the duty officer must be shown, where all of `stands` and nothing else stands now."""
        tracking = self._office.state.tracking
        found = news(stands, tracking, self._audience, self._in_force_since_us)
        openly = stands.openly_breached()
        self._office.record(alarm_entries(found, tracking, self._audience, now_us, openly))
        return found

    def escalate(self, settings: Escalation, now_us: int) -> Sequence[Entry]:
        """Record and give the escalation of what was shown and nobody took on in time."""
        entries = escalations(self._office.state, settings, now_us)
        self._office.record(entries)
        return entries

    def handed_over(self) -> frozenset[str]:
        """The persons handed over, at the last judgement."""
        return frozenset(self._watch.handed_over())

    def released(self) -> dict[str, int]:
        """Persons handed over at the last judgement, by the party that released them, for every party."""
        released = dict.fromkeys(self.terms.agreement.parties, 0)
        for person in self._watch.handed_over():
            released[self._watch.released_by(person)] += 1
        return released

    def size(self) -> int:
        """Entries of the ledger so far."""
        return self._office.recorder.size()

    def standing(self) -> list[Deviation]:
        """What stood at the last judgement, in the order of at, clause, rule, subject."""
        return self._watch.standing().all()
