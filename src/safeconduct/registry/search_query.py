"""What somebody asks the registry: words of a name in any order and script, initials, a birth date, a number."""

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry.fold import fold
from safeconduct.registry.values import Unreadable, clean, read_date, word_key
from safeconduct.vocabulary.imprecise_date import ImpreciseDate

MOST_WORDS: Final = 4
MOST_INITIALS: Final = 2
LONGEST: Final = 200
"""Of a text, in characters."""

_EXAMPLE = 'write it like "Іваненко Петро 1985"'
_MEANT_AS_DATE = re.compile(r"[\d?]+[./][\d?./]*")


@dataclass(frozen=True, slots=True)
class Query:
    """One question; nothing in it is in any order."""

    words: tuple[str, ...] = ()
    """Of the name."""
    initials: tuple[str, ...] = ()
    """A letter each."""
    numbers: tuple[str, ...] = ()
    """Service numbers or refs, by `values.word_key`."""
    born: ImpreciseDate | None = None
    unit: str = ""
    """By `unit_key`."""


def parse_query(text: str, born: str = "", unit: str = "") -> Query:
    """Read `Іваненко П. М. 17.05.1985`, with `born` and `unit` apart from it. Raises BadInput."""
    if len(text) > LONGEST:
        _refuse("TEXT", f"is longer than {LONGEST} characters", _EXAMPLE)
    try:
        tokens = [token for token in re.split(r"[\s,;]+", clean(text)) if token]
    except Unreadable as error:
        _refuse("TEXT", error.what, error.mend)
    dates = [_date("--born", born)] if born.strip() else []
    words: list[str] = []
    initials: list[str] = []
    numbers: list[str] = []
    while tokens:
        date, taken = _date_at_start(tokens)
        token, tokens = tokens[0], tokens[taken:]
        if date is not None:
            dates.append(date)
        elif _MEANT_AS_DATE.fullmatch(token):
            _date("TEXT", token)
        elif any(letter.isdigit() for letter in token):
            numbers.append(word_key(token))
        else:
            for part in token.split("."):
                if fold(part):
                    (initials if len(word_key(part)) == 1 else words).append(part)
    if len(dates) > 1:
        _refuse("TEXT", "names more than one birth date", "keep the one that is meant")
    if not words and not numbers:
        what = "holds a birth date and no name" if dates else "holds no name" if initials else "is empty"
        _refuse("TEXT", what, f"{_EXAMPLE}, or a service number")
    for what, found, most in (("words of a name", words, MOST_WORDS), ("initials", initials, MOST_INITIALS)):
        if len(found) > most:
            _refuse("TEXT", f"holds {len(found)} {what}, more than {most}", "leave out what is no name")
    return Query(tuple(words), tuple(initials), tuple(numbers), dates[0] if dates else None, unit_key(unit))


def unit_key(unit: str) -> str:
    """The number of a unit (в/ч А1234 is 1234), or its words where it has none."""
    return "-".join(re.findall(r"\d+", unit)) or fold(unit)


def _date_at_start(tokens: list[str]) -> tuple[ImpreciseDate | None, int]:
    """The date with which these begin, and of how many it is made: `17 травня 1985 р. н.`, `05.1985`."""
    for taken in (5, 4, 3, 2, 1):
        part = " ".join(tokens[:taken])
        if taken <= len(tokens) and any(letter.isdigit() for letter in part):
            try:
                return read_date(part), taken
            except Unreadable:
                continue
    return None, 1


def _date(where: str, text: str) -> ImpreciseDate:
    try:
        return read_date(text)
    except Unreadable as error:
        raise BadInput(Fault(where, 1, 1, error.what, error.mend)) from None


def _refuse(where: str, what: str, mend: str) -> NoReturn:
    raise BadInput(Fault(where, 1, 1, what, mend))
