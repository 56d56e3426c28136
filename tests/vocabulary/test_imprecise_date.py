"""Imprecise dates: what they may mean, how they are read and written, and ages counted from them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.vocabulary.imprecise_date import ImpreciseDate, completed_years


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1998", date(1998, 1, 1), date(1998, 12, 31)),
        ("1998-05", date(1998, 5, 1), date(1998, 5, 31)),
        ("1998-05-17", date(1998, 5, 17), date(1998, 5, 17)),
        ("2000-02", date(2000, 2, 1), date(2000, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("0998-05", date(998, 5, 1), date(998, 5, 31)),
    ],
)
def test_interval(text: str, earliest: date, latest: date) -> None:
    """A year, a month and a day each mean all of their days, and are written as they were read."""
    assert ImpreciseDate.parse(text) == ImpreciseDate(earliest, latest)
    assert str(ImpreciseDate.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "98", "1998-5", "1998-13", "1998-00", "1999-02-29", "0000", "17.05.1998", "1998-05-17T00:00", "1998 ", "١٩٩٨"],
)
def test_refused(text: str) -> None:
    """Anything else is refused with a sentence that quotes it."""
    with pytest.raises(ValueError, match=r"is not a date like|is no day of the calendar") as refusal:
        ImpreciseDate.parse(text)
    assert repr(text) in str(refusal.value)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_written_and_read_again(day: date, length: int) -> None:
    """Every imprecise date survives being written."""
    text = day.isoformat()[:length]
    assert str(ImpreciseDate.parse(text)) == text
    assert ImpreciseDate.parse(text).earliest <= day <= ImpreciseDate.parse(text).latest


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2000, 6, 2), date(2025, 6, 1), 24),
        (date(2000, 6, 2), date(2025, 6, 2), 25),
        # 29 February: a year is completed on 1 March where there is no 29th, else on the day itself.
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2004, 2, 28), date(2024, 2, 28), 20),
        (date(2025, 6, 2), date(2025, 6, 2), 0),
        (date(2025, 6, 3), date(2025, 6, 2), -1),
    ],
)
def test_completed_years(born: date, on: date, age: int) -> None:
    """Ages on and around birthdays."""
    assert completed_years(born, on) == age


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_age_counts_birthdays(born: date, on: date) -> None:
    """The age is the number of birthdays passed, the day of birth aside."""
    if on < born:
        born, on = on, born

    def is_birthday(day: date) -> bool:
        if (born.month, born.day) == (2, 29) and (day.month, day.day) == (3, 1):
            return (day - timedelta(days=1)).day == 28
        return (day.month, day.day) == (born.month, born.day)

    years = range(born.year + 1, on.year + 1)
    near = [date(year, month, 1) + timedelta(days=n) for year in years for month in (born.month, 3) for n in range(31)]
    assert completed_years(born, on) == len({day for day in near if is_birthday(day) and day <= on})
