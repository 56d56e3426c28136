"""What time it is on the page: the record's clock, each side's local time, and moments in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from safeconduct.kernel.times import DAY_US, SECOND_US, format_instant, to_datetime
from safeconduct.web.markup import NOTHING, Markup, element, joined


@dataclass(frozen=True, slots=True)
class Clocks:
    """The moment a page is drawn at."""

    now_us: int
    """By the record's clock, which in a demonstration is not the wall's."""
    zones: Mapping[str, str] = field(default_factory=dict)
    """IANA time zone of each party, as `Europe/Kyiv`."""
    speed: float = 1.0
    """Seconds of the record's clock in a second of the wall's."""
    paused: bool = False


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(at_us: int, clocks: Clocks, *, seconds: bool = False) -> Markup:
    """A moment in UTC as a `time` element; with its day where that is not today."""
    return _moment(at_us // SECOND_US * SECOND_US, at_us // DAY_US == clocks.now_us // DAY_US, seconds)


@lru_cache(maxsize=2048)
def _moment(at_us: int, today: bool, seconds: bool) -> Markup:
    at = to_datetime(at_us)
    words = at.strftime("%H:%M:%S" if seconds else "%H:%M")
    return element("time", words if today else f"{day(at)} {words}", datetime=format_instant(at_us))


def day(at: datetime) -> str:
    """A date in words that no side reads differently: 4 Jul."""
    return f"{at.day} {_MONTHS[at.month - 1]}"


def relative(at_us: int) -> Markup:
    """An empty place that the page's script fills with "in 12 min" or "3 min ago", so that it need not be sent anew."""
    return element("span", class_="relative", data_at=at_us)


def minutes_words(duration_us: int) -> str:
    """A length of time in words: 45 s, 12 min, 1 h 05 min, 3 days."""
    seconds = max(0, duration_us) // 1_000_000
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} days"


def clock_faces(parties: tuple[str, ...], clocks: Clocks) -> Markup:
    """UTC large, each party's local time beside it. The script moves them; nothing of it is announced."""
    now = to_datetime(clocks.now_us)
    return element(
        "div",
        element(
            "p",
            element("span", "UTC", class_="clock-name"),
            element("span", now.strftime("%H:%M:%S"), class_="clock-time", data_zone="UTC", data_seconds=True),
            element("span", f"{day(now)} {now.year}", class_="clock-day", data_day="UTC"),
            class_="clock clock-utc",
        ),
        joined(_local(party, clocks.zones.get(party, ""), now) for party in parties),
        id="clocks",
        class_="clocks",
        role="group",
        aria_label="Clocks",
    )


def _local(party: str, zone: str, now: datetime) -> Markup:
    if not zone:
        return NOTHING
    local = now.astimezone(ZoneInfo(zone))
    minutes = round((local.utcoffset() or (now - now)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
    return element(
        "p",
        element("span", party, class_="clock-name"),
        element("span", local.strftime("%H:%M"), class_="clock-time", data_zone=zone),
        element("span", offset, class_="clock-day", title=zone),
        class_="clock",
    )
