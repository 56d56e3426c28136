"""What clerks make of a date of birth."""

from dataclasses import dataclass
from datetime import date
from random import Random

from safeconduct.sim.hands import Hand


@dataclass(frozen=True)
class WrittenDate:
    """A cell (dd.mm.yyyy, mm.yyyy, yyyy or empty) and what is amiss with it."""

    text: str
    flags: frozenset[str]


def written_birth_date(random: Random, born: date, hand: Hand) -> WrittenDate:
    """The cell as this hand writes it: at most one thing wrong, and then perhaps less of it."""
    told, wrong = born, ""
    drawn = random.random()
    for name, share in (
        ("year off by one", hand.year_off_by_one),
        ("day and month swapped", hand.swapped_day_and_month),
        ("wrong digit in the birth date", hand.digit_slip),
        ("first of January", hand.first_of_january),
    ):
        if drawn < share:
            told, wrong = _wrong(random, born, name), name
            break
        drawn -= share
    drawn = random.random()
    if drawn < hand.no_birth_date:
        return WrittenDate("", frozenset({"no birth date"}))
    if drawn < hand.no_birth_date + hand.year_only:
        form, flags = "{0.year}", {"year only"}
    elif drawn < hand.no_birth_date + hand.year_only + hand.month_and_year:
        form, flags = "{0.month:02d}.{0.year}", {"month and year only"}
    else:
        form, flags = "{0.day:02d}.{0.month:02d}.{0.year}", set()
    text = form.format(told)
    # What is wrong in a part that is not written is not wrong.
    return WrittenDate(text, frozenset(flags | {wrong} if text != form.format(born) else flags))


def _wrong(random: Random, born: date, how: str) -> date:
    if how == "year off by one":
        return born.replace(year=born.year + random.choice((-1, 1)), day=min(born.day, 28))
    if how == "day and month swapped":
        return born.replace(month=born.day, day=born.month) if born.day <= 12 else born
    if how == "first of January":
        return date(born.year, 1, 1)
    text = f"{born:%Y%m%d}"
    for _ in range(50):
        index = random.randrange(2, 8)
        other = text[:index] + str(random.randrange(10)) + text[index + 1 :]
        try:
            found = date(int(other[:4]), int(other[4:6]), int(other[6:]))
        except ValueError:
            continue
        if found != born and 1935 <= found.year <= 2008:
            return found
    return born
