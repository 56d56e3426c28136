"""What the field has reported so far: a set, so that order, repetition and batching of arrival make no difference.

And the alarms: what people were shown and did, one after the other.
"""

from dataclasses import dataclass, field

from safeconduct.tracking.alarm_book import AlarmBook, Waiver
from safeconduct.tracking.alarm_entries import Acknowledged, AlarmWaived, Assigned, Escalated, Resolved
from safeconduct.tracking.entries import Alarm, Report

AlarmKey = tuple[str, str, str, int]
"""Clause, rule, subject, moment: what a deviation is known by."""


@dataclass
class TrackingState:
    """Reports and alarms so far."""

    reports: dict[str, int | None] = field(default_factory=dict)
    """Each different report (JSON text without its arrival) to its earliest arrival, microseconds since 1970 UTC."""
    alarms: dict[AlarmKey, Alarm] = field(default_factory=dict)
    """What people were shown last of each deviation, withdrawn ones among them."""
    numbered: dict[int, Alarm] = field(default_factory=dict)
    """The same by number."""
    book: AlarmBook = field(default_factory=AlarmBook)
    """How each is dealt with."""

    def take_report(self, entry: Report) -> None:
        """Add a report; one that was there already only may turn out to have come earlier."""
        arrival = entry.received_at_us
        known = self.reports.setdefault(entry.report, arrival)
        if arrival is not None and (known is None or arrival < known):
            self.reports[entry.report] = arrival

    def show_alarm(self, entry: Alarm) -> None:
        """Remember what was shown last."""
        self.alarms[entry.clause, entry.rule, entry.subject, entry.at_us] = entry
        self.numbered[entry.number] = entry
        self.book.show(entry.number, entry.status, entry.occurred_at_us)

    def acknowledge(self, entry: Acknowledged) -> None:
        """Somebody took an alarm on."""
        self.book.acknowledge(entry.number, entry.occurred_at_us, entry.by)

    def assign(self, entry: Assigned) -> None:
        """An alarm was handed over to another owner."""
        self.book.assign(entry.number, entry.owner)

    def resolve(self, entry: Resolved) -> None:
        """What had to be done about an alarm is done."""
        self.book.resolve(entry.number, entry.occurred_at_us, entry.by, entry.note)

    def waive(self, entry: AlarmWaived) -> None:
        """A party makes nothing of a deviation."""
        self.book.waive(entry.number, entry.party, Waiver(entry.occurred_at_us, entry.by, entry.reason))

    def escalate(self, entry: Escalated) -> None:
        """Nobody took an alarm on in time."""
        self.book.escalate(entry.number, entry.occurred_at_us, entry.to)

    def standing(self) -> list[Alarm]:
        """The alarms not withdrawn, by moment, clause, rule and subject."""
        standing = [alarm for alarm in self.alarms.values() if alarm.status != "withdrawn"]
        return sorted(standing, key=lambda alarm: (alarm.at_us, alarm.clause, alarm.rule, alarm.subject))
