"""What the field has reported so far: a set, so that order, repetition and batching of arrival make no difference."""

from dataclasses import dataclass, field

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

    def take_report(self, entry: Report) -> None:
        """Add a report; one that was there already only may turn out to have come earlier."""
        arrival = entry.received_at_us
        known = self.reports.setdefault(entry.report, arrival)
        if arrival is not None and (known is None or arrival < known):
            self.reports[entry.report] = arrival

    def show_alarm(self, entry: Alarm) -> None:
        """Remember what was shown last."""
        self.alarms[entry.clause, entry.rule, entry.subject, entry.at_us] = entry

    def standing(self) -> list[Alarm]:
        """The alarms not withdrawn, by moment, clause, rule and subject."""
        standing = [alarm for alarm in self.alarms.values() if alarm.status != "withdrawn"]
        return sorted(standing, key=lambda alarm: (alarm.at_us, alarm.clause, alarm.rule, alarm.subject))
