"""The section `[alarms]` of `safeconduct.toml`: when others are called to an alarm, and whom (docs/alarms.md)."""

import re

from safeconduct.kernel.documents import Table
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.tracking.escalation import Escalation, QuietHours

EXAMPLE = (
    "\n# When nobody takes an alarm on (docs/alarms.md). These are the defaults; quiet hours are in UTC, for notices.\n"
    "# [alarms]\n"
    '# escalate_after = "10m"\n'
    '# escalate_to = ["everyone on duty"]\n'
    '# quiet_hours = []  # as ["22:00-06:00"]\n'
)
"""What a new workspace's file says of it."""

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def read_escalation(table: Table) -> Escalation:
    """Read the section; what it leaves out is as by default. Raises BadInput at the field's place."""
    default = Escalation()
    after_us, to, quiet = default.after_us, default.to, default.quiet
    if table.has("escalate_after"):
        after_us = table.duration_us("escalate_after")
        if after_us <= 0:
            table.refuse("escalate_after", "no time would be left to take an alarm on", 'write a duration as "10m"')
    if table.has("escalate_to"):
        to = table.texts("escalate_to", minimum=1)
    if table.has("quiet_hours"):
        quiet = tuple(_hours(table, text) for text in table.texts("quiet_hours"))
    table.finish()
    return Escalation(after_us, to, quiet)


def _hours(table: Table, text: str) -> QuietHours:
    found = _HOURS.fullmatch(text)
    if found is None:
        table.refuse("quiet_hours", f"{text!r} is no stretch of hours", 'write it in UTC as "22:00-06:00"')
    hour, minute, until_hour, until_minute = map(int, found.groups())
    from_us, until_us = hour * HOUR_US + minute * MINUTE_US, until_hour * HOUR_US + until_minute * MINUTE_US
    if from_us == until_us:
        table.refuse("quiet_hours", f"{text!r} ends where it begins", "write where it ends; all day is never quiet")
    return QuietHours(from_us, until_us)
