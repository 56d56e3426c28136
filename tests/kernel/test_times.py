"""Instants and durations: integers of microseconds inside, RFC 3339 outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.times import format_duration, format_instant, parse_date, parse_duration, parse_instant


@pytest.mark.parametrize(
    ("text", "at_us", "written"),
    [
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
        ("2025-07-04T09:00:00+03:00", 1_751_608_800_000_000, "2025-07-04T06:00:00Z"),
        ("2025-07-04t06:00:00.000001z", 1_751_608_800_000_001, "2025-07-04T06:00:00.000001Z"),
        ("2025-07-04T06:00:00.5-00:00", 1_751_608_800_500_000, "2025-07-04T06:00:00.5Z"),
        ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"),
        ("0999-01-01T00:00:00Z", -30_641_760_000_000_000, "0999-01-01T00:00:00Z"),
    ],
)
def test_instants(text: str, at_us: int, written: str) -> None:
    """Any offset is read; UTC is written, the fraction only where there is one."""
    assert parse_instant(text) == at_us
    assert format_instant(at_us) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-07-04",
        "2025-07-04T09:00:00",
        "2025-07-04 09:00:00Z",
        "2025-07-04T09:00Z",
        "2025-07-04T09:00:00.1234567Z",
        "2025-02-29T09:00:00Z",
        "2025-07-04T24:00:00Z",
        "2025-07-04T09:00:00+24:00",
        "0001-01-01T00:00:00+12:00x",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "٢٠٢٥-07-04T09:00:00Z",
    ],
)
def test_no_instant(text: str) -> None:
    """What is no RFC 3339 time with offset is refused with a sentence."""
    with pytest.raises(ValueError, match=r"is not an RFC 3339 time|is no moment of the calendar"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "seconds", "written"),
    [
        ("45s", 45, "45s"),
        ("30m", 1800, "30m"),
        ("2h", 7200, "2h"),
        ("3d", 259_200, "3d"),
        ("1h30m", 5400, "1h30m"),
        ("90m", 5400, "1h30m"),
        ("1d1h1m1s", 90_061, "1d1h1m1s"),
        ("0s", 0, "0s"),
    ],
)
def test_durations(text: str, seconds: int, written: str) -> None:
    """Sums of days, hours, minutes and seconds."""
    assert parse_duration(text) == seconds * 1_000_000
    assert format_duration(parse_duration(text)) == written


@pytest.mark.parametrize("text", ["", "30", "m", "-30m", "30m1h", "1.5h", "1h 30m", "1w", "30M", "٣٠m"])
def test_no_duration(text: str) -> None:
    """Anything else is refused with a sentence."""
    with pytest.raises(ValueError, match="is not a duration like"):
        parse_duration(text)


@given(st.integers(0, 10**15))
def test_a_duration_written_is_read_again(seconds: int) -> None:
    """Whole seconds survive being written, up to 999,999 days."""
    duration_us = seconds % (10**6 * 86_400) * 1_000_000
    assert parse_duration(format_duration(duration_us)) == duration_us


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
def test_an_instant_written_is_read_again(at_us: int) -> None:
    """Every microsecond of the years 1 to 9999 survives being written."""
    assert parse_instant(format_instant(at_us)) == at_us


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-6-2", "02.06.2025", "2025-06-31"])
def test_no_whole_date(text: str) -> None:
    """A whole date is needed where terms are concluded."""
    with pytest.raises(ValueError, match=r"is not a date like|is no day of the calendar"):
        parse_date(text)
