"""What spreadsheet programs make of numbers, refs and years that were typed into them."""

import datetime
import re
from functools import cache
from typing import Final

from safeconduct.registry.values import Doubtful, Unreadable, shown, word_key
from safeconduct.vocabulary.imprecise_date import ImpreciseDate

_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eе][+-]?\d{2,3}", re.IGNORECASE)  # also with a Cyrillic е
_POINT_ZERO: Final = re.compile(r"(\d+)[.,]0")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?)?|\d{1,2}\.\d{1,2}\.\d{4}")
_TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d+)?")
_DAY_AND_MONTH: Final = re.compile(r"\d{1,2}[-. ]([^\W\d_]{3,4})\.?|([^\W\d_]{3,4})\.?[-. ]\d{2}")
_SUSPECT: Final = re.compile(
    "|".join(f"(?:{one.pattern})" for one in (_SCIENTIFIC, _POINT_ZERO, _DAY, _TIME, _DAY_AND_MONTH)), re.IGNORECASE
)
"""All of them at once: nearly every number is none of them."""
_MONTHS: Final = (
    "jan feb mar apr may jun jul aug sep oct nov dec"
    " січ лют бер кві квіт тра трав чер черв лип сер серп вер вер жов жовт лис лист гру груд"
    " янв фев мар апр май мая июн июл авг сен сент окт ноя нояб дек"
    " janv févr mars avr mai juin juil août sept déc"
)
_COUNT_FROM: Final = datetime.date(1899, 12, 30)
_FILLED_IN: Final = (ImpreciseDate.parse("1900-01-01"), ImpreciseDate.parse("1899-12-30"))


@cache
def _months() -> frozenset[str]:
    return frozenset(map(word_key, _MONTHS.split()))


def read_number(text: str) -> str:
    """A service number or unit as it stands.

    Raises Unreadable where a spreadsheet rounded it or made a date of it, Doubtful where it only added `.0`.
    """
    if not _SUSPECT.fullmatch(text):
        return text
    damage = _damage(text)
    if damage:
        raise Unreadable(damage, "format the column as text, and write it again")
    return _without_point_zero(text)


def read_ref(text: str) -> str:
    """A ref as it stands. Raises Doubtful where a spreadsheet has changed it: it still tells the row from others."""
    if not _SUSPECT.fullmatch(text):
        return text
    damage = _damage(text)
    if damage:
        raise Doubtful(text, damage, "format the column as text, and write it again")
    return _without_point_zero(text)


def require_plausible(date: ImpreciseDate, text: str) -> None:
    """Raises Unreadable for dates that are no statement of anybody: a year typed into a cell that shows dates (1990
    becomes 12 June 1905), and the day with which programs fill an empty field."""
    if date in _FILLED_IN:
        raise Unreadable(f"{shown(text)} is what programs write for no date", "leave the cell empty, or write the date")
    count = (date.earliest - _COUNT_FROM).days
    if date.earliest == date.latest and 1900 <= count <= 2100:
        what = f"{shown(text)} is what a spreadsheet makes of the year {count} in a cell for dates"
        raise Unreadable(what, "format the cell as text, and write the year")


def as_count_of_days(text: str) -> str:
    """The day that a bare number is to a spreadsheet, as dd.mm.yyyy; empty if it is no likely one."""
    if not (text.isascii() and text.isdecimal() and 10_000 <= int(text) <= 60_000):
        return ""
    return (_COUNT_FROM + datetime.timedelta(days=int(text))).strftime("%d.%m.%Y")


def _damage(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        return f"{shown(text)} is a long number that a spreadsheet rounded: its last digits are lost"
    if _DAY.fullmatch(text) or _TIME.fullmatch(text):
        return f"{shown(text)} is a date or time, likely a spreadsheet's reading of something else"
    found = _DAY_AND_MONTH.fullmatch(text)
    if found and word_key(found[1] or found[2]) in _months():
        return f"{shown(text)} is a date, likely a spreadsheet's reading of something else"
    return ""


def _without_point_zero(text: str) -> str:
    found = _POINT_ZERO.fullmatch(text)
    if found is None:
        return text
    raise Doubtful(
        found[1], f"{shown(text)} was read as {found[1]}: programs write whole numbers so", "write it as text"
    )
