"""Instants and durations as integers of microseconds; RFC 3339 text only at the edges.

An instant is the number of microseconds since 1970-01-01T00:00:00Z (names end in `_us`), which stays below 2**53
until the year 2255, so that JSON readers everywhere keep it exact.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,7})h)?(?:(\d{1,9})m)?(?:(\d{1,10})s)?", re.ASCII)

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


def instant_us(moment: datetime) -> int:
    """The instant of an aware datetime, in microseconds since 1970 UTC."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(at_us: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=at_us)


def parse_instant(text: str) -> int:
    """Read an RFC 3339 time with offset, microseconds at most, as microseconds since 1970 UTC.

    Raises ValueError with a sentence for the operator.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError(f"{text!r} is not an RFC 3339 time with an offset, like 2025-07-04T09:00:00Z")
    try:
        # In UTC first: an offset can lead beyond the years that can be written.
        return instant_us(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no moment of the calendar ({error})") from None


def format_instant(at_us: int) -> str:
    """RFC 3339 in UTC; the fraction only where there is one."""
    minute, rest_us = divmod(at_us, MINUTE_US)
    second, fraction_us = divmod(rest_us, SECOND_US)
    fraction = f".{fraction_us:06d}".rstrip("0") if fraction_us else ""
    return f"{_minute(minute)}{second:02d}{fraction}Z"


@lru_cache(maxsize=4096)
def _minute(minute: int) -> str:
    """`2025-07-04T09:41:`, so many minutes since 1970."""
    return to_datetime(minute * MINUTE_US).isoformat(timespec="minutes")[:16] + ":"


def parse_duration(text: str) -> int:
    """Read a duration (`45s`, `30m`, `2h`, `3d`, or a sum of them in falling order such as `1h30m`) in microseconds.

    Raises ValueError with a sentence for the operator.
    """
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"{text!r} is not a duration like 45s, 30m, 2h, 3d or 1h30m")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * DAY_US + hours * HOUR_US + minutes * MINUTE_US + seconds * SECOND_US


def format_duration(duration_us: int) -> str:
    """The duration in the largest units that express it exactly (`1h30m`); below a second in microseconds."""
    if duration_us == 0:
        return "0s"
    sign, rest = ("-", -duration_us) if duration_us < 0 else ("", duration_us)
    parts = []
    for unit_us, letter in ((DAY_US, "d"), (HOUR_US, "h"), (MINUTE_US, "m"), (SECOND_US, "s")):
        count, rest = divmod(rest, unit_us)
        if count:
            parts.append(f"{count}{letter}")
    if rest:
        parts.append(f"{rest}us")
    return sign + "".join(parts)


def parse_date(text: str) -> date:
    """Read a whole ISO 8601 date (`1998-05-17`). Raises ValueError with a sentence for the operator."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"{text!r} is not a date like 1998-05-17")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar ({error})") from None
