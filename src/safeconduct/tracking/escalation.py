"""Which alarms nobody has taken on for too long: a pure function of what was shown and done, settings and time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.kernel.times import DAY_US, MINUTE_US
from safeconduct.tracking.alarm_book import UNACKNOWLEDGED, Handling
from safeconduct.vocabulary.severity import NOTICE


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A stretch of every day, in UTC, over midnight where it ends before it begins."""

    from_us: int
    """Since midnight; inclusive."""
    until_us: int
    """Since midnight; exclusive."""

    def hold(self, at_us: int) -> bool:
        """Whether the moment lies in them."""
        since_midnight_us = at_us % DAY_US
        if self.from_us < self.until_us:
            return self.from_us <= since_midnight_us < self.until_us
        return since_midnight_us >= self.from_us or since_midnight_us < self.until_us


@dataclass(frozen=True, slots=True)
class Escalation:
    """When others are called, and whom: the section `[alarms]` of a workspace's settings."""

    after_us: int = 10 * MINUTE_US
    to: tuple[str, ...] = ("everyone on duty",)
    """Roles or names; told to people, not called by this program."""
    quiet: tuple[QuietHours, ...] = ()
    """When alarms of severity notice wait; graver ones never do."""

    def is_quiet(self, severity: str, at_us: int) -> bool:
        """Whether an alarm of that severity waits at that moment."""
        return severity == NOTICE and any(hours.hold(at_us) for hours in self.quiet)


def overdue(
    alarms: Iterable[tuple[int, str, Handling]], parties: Collection[str], settings: Escalation, now_us: int
) -> list[int]:
    """The numbers of the alarms to escalate now, given each one's number, severity and handling.

    Those that have been asking for somebody for `after_us` or longer, and were not escalated since they began to ask. A
    notice is not escalated in quiet hours; if nobody has taken it on by their end, it is then.
    """
    return [
        number
        for number, severity, handling in alarms
        if handling.escalated_us is None
        and handling.asking_us + settings.after_us <= now_us
        and handling.state(parties) == UNACKNOWLEDGED
        and not settings.is_quiet(severity, now_us)
    ]
