"""Which alarms are escalated when: nobody took them on in time, and it is not a notice in quiet hours."""

import pytest

from safeconduct.kernel.times import DAY_US, HOUR_US, MINUTE_US, parse_instant
from safeconduct.tracking.alarm_book import AlarmBook, Waiver
from safeconduct.tracking.escalation import Escalation, QuietHours, overdue

NIGHT = QuietHours(22 * HOUR_US, 6 * HOUR_US)
AFTER = Escalation(after_us=10 * MINUTE_US, to=("B",), quiet=(NIGHT,))


def at(clock: str) -> int:
    """On the day."""
    return parse_instant(f"2025-07-04T{clock}:00Z")


def escalated(clock: str, *, severity: str = "serious", shown: str = "09:00", act: str = "") -> bool:
    """Whether alarm 1 is escalated at that time, shown at nine if not else, with what was done in between."""
    book = AlarmBook()
    book.show(1, "open", at(shown))
    match act:
        case "acknowledge":
            book.acknowledge(1, at("09:01"), "A")
        case "assign":
            book.assign(1, "A")
        case "resolve":
            book.resolve(1, at("09:01"), "A", "done")
        case "waive":
            book.waive(1, "RU", Waiver(0, "", ""))
        case "waive by all":
            book.waive(1, "RU", Waiver(0, "", ""))
            book.waive(1, "UA", Waiver(0, "", ""))
        case "escalate":
            book.escalate(1, at("09:10"), ("B",))
        case "withdraw":
            book.show(1, "withdrawn", at("09:01"))
    return overdue([(1, severity, book[1])], ("RU", "UA"), AFTER, at(clock)) == [1]


def test_after_the_time_and_not_before() -> None:
    """The bound is inclusive."""
    assert [escalated(clock) for clock in ("09:00", "09:09", "09:10", "15:00")] == [False, False, True, True]


@pytest.mark.parametrize(
    ("act", "still"),
    [
        ("acknowledge", False),
        ("assign", True),
        ("resolve", False),
        ("waive", True),
        ("waive by all", False),
        ("escalate", False),
        ("withdraw", False),
    ],
)
def test_only_what_nobody_has_taken_on(act: str, still: bool) -> None:
    """To be given an alarm is not to have seen it; and nothing is escalated twice."""
    assert escalated("10:00", act=act) is still


def test_what_becomes_certain_asks_again_from_then_on() -> None:
    """The time begins anew, and so may the escalation."""
    book = AlarmBook()
    book.show(1, "unconfirmed", at("09:00"))
    book.escalate(1, at("09:10"), ("B",))
    book.acknowledge(1, at("09:11"), "A")
    book.show(1, "open", at("11:00"))
    found = [overdue([(1, "serious", book[1])], ("RU",), AFTER, at(clock)) for clock in ("11:09", "11:10")]
    assert found == [[], [1]]


@pytest.mark.parametrize(
    ("severity", "clock", "due"),
    [
        ("notice", "23:00", False),
        ("notice", "05:59", False),
        ("notice", "06:00", True),
        ("notice", "21:59", True),
        ("notice", "22:00", False),
        ("serious", "23:00", True),
        ("critical", "03:00", True),
    ],
)
def test_quiet_hours_hold_back_notices_alone(severity: str, clock: str, due: bool) -> None:
    """Over midnight; when they end, what nobody took on meanwhile is escalated."""
    assert escalated(clock, severity=severity, shown="00:00") is (due and clock >= "00:10")


def test_quiet_hours_within_a_day_and_before_1970() -> None:
    """Each day has them."""
    noon = QuietHours(12 * HOUR_US, 13 * HOUR_US)
    days = (-DAY_US, 0, 20_000 * DAY_US)
    assert all(noon.hold(day + 12 * HOUR_US) and not noon.hold(day + 13 * HOUR_US) for day in days)
