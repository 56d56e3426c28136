"""Selectors of the terms (`of = { … }`): which persons a clause speaks of.

All keys must hold; a list means any of. An imprecise date satisfies a key only if every date it may mean does. A value
that the person lacks does not match; `not` is plain negation of a selector.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeconduct.kernel.documents import Table, suggest
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import parse_date
from safeconduct.vocabulary.categories import CATEGORIES, REMAINS, SEXES
from safeconduct.vocabulary.imprecise_date import ImpreciseDate, completed_years
from safeconduct.vocabulary.person import Person

_AGE = re.compile(r"(\d{1,3})\.\.(\d{1,3})", re.ASCII)
_ROUNDS = re.compile(r"(\d{1,3})\.\.(\d{1,3})?", re.ASCII)
_FORBIDDEN = ("consent", "protected")


@dataclass(frozen=True)
class AgeRange:
    """Completed years, inclusive."""

    youngest: int
    oldest: int

    def __str__(self) -> str:
        return f"{self.youngest}..{self.oldest}"


@dataclass(frozen=True)
class RoundsRange:
    """Rounds waited, inclusive; no `most`: any number from `fewest` on."""

    fewest: int
    most: int | None

    def __str__(self) -> str:
        return f"{self.fewest}..{'' if self.most is None else self.most}"

    def has(self, rounds: int) -> bool:
        """Whether so many are within it."""
        return self.fewest <= rounds and (self.most is None or rounds <= self.most)


@dataclass(frozen=True)
class Selector:
    """A conjunction; an empty tuple or None leaves that key out. An empty selector means everyone."""

    as_of: date
    """The date on which ages are counted."""
    home: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    ref: tuple[str, ...] = ()
    age: tuple[AgeRange, ...] = ()
    captured_before: tuple[date, ...] = ()
    rounds_waited: tuple[RoundsRange, ...] = ()
    """In how many rounds the person was a candidate and not chosen; a list that does not say means none."""
    living: bool | None = None
    """False: remains alone; true: everyone who is not of the category `remains`; None: both."""
    excluding: "Selector | None" = None
    """The selector under `not`."""

    def matches(self, person: Person) -> bool:
        """Whether the person, as far as is known, certainly satisfies every key."""
        return (
            (not self.home or person.home in self.home)
            and (not self.held_by or person.held_by in self.held_by)
            and (not self.category or _any_in(person.categories, self.category))
            and (not self.sex or person.sex in self.sex)
            and (not self.rank or person.rank in self.rank)
            and (not self.ref or person.ref in self.ref)
            and (not self.age or _certainly_aged(person.birth_date, self.age, self.as_of))
            and (not self.captured_before or _certainly_before(person.captured_on, self.captured_before))
            and (not self.rounds_waited or any(one.has(person.rounds_waited) for one in self.rounds_waited))
            and (self.living is None or self.living == is_living(person))
            and (self.excluding is None or not self.excluding.matches(person))
        )

    def refs(self) -> tuple[str, ...]:
        """Every `ref` that the selector names, also within `not`."""
        return self.ref + (self.excluding.refs() if self.excluding else ())


def read_selector(table: Table, as_of: date, parties: tuple[str, ...]) -> Selector:
    """Read a selector; `as_of` is the date of the agreement, on which ages are counted, also under `not`, unless the
    selector itself names another. Raises BadInput at line and column."""
    for key in _FORBIDDEN:
        if key in table.values:
            table.refuse(
                key,
                f"no term can select by '{key}'",
                "remove it: such persons are left out as the built-in clause says",
            )
    selector = Selector(
        as_of=table.date("as_of") if table.has("as_of") else as_of,
        home=_words(table, "home", parties),
        held_by=_words(table, "held_by", parties),
        category=_words(table, "category", CATEGORIES),
        sex=_words(table, "sex", SEXES),
        rank=_words(table, "rank"),
        ref=_words(table, "ref"),
        age=_parsed(table, "age", _age_range),
        captured_before=_parsed(table, "captured_before", _day),
        rounds_waited=_parsed(table, "rounds_waited", _rounds_range),
        living=table.flag("living") if table.has("living") else None,
        excluding=read_selector(table.table("not"), as_of, parties) if table.has("not") else None,
    )
    table.finish()
    return selector


def is_living(person: Person) -> bool:
    """Whether it is not the remains of a person: who has no category counts as living."""
    return REMAINS not in person.categories


def everyone(as_of: date) -> Selector:
    """The selector of a clause without `of`."""
    return Selector(as_of=as_of)


def _words(table: Table, key: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    if not table.has(key):
        return ()
    words = table.texts(key, minimum=1) if isinstance(table.raw(key), list) else (table.text(key),)
    for index, word in enumerate(words):
        if allowed and word not in allowed:
            path = (*table.path, key, index) if isinstance(table.raw(key), list) else (*table.path, key)
            raise BadInput(table.document.fault(path, f"{word!r} is not a value of '{key}'", suggest(word, allowed)))
    return words


def _parsed(table: Table, key: str, parse: Callable[[Any], Any]) -> tuple[Any, ...]:
    if not table.has(key):
        return ()
    value = table.raw(key)
    items = value if isinstance(value, list) else [value]
    if not items:
        table.refuse(key, f"'{key}' is an empty list: nobody could match", "name a value or remove the key")
    try:
        return tuple(parse(item) for item in items)
    except ValueError as error:
        table.refuse(key, f"'{key}': {error}", "write it in that form")


def _age_range(value: Any) -> AgeRange:
    match = _AGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{value!r} is not a range of completed years like "18..25"')
    youngest, oldest = int(match[1]), int(match[2])
    if youngest > oldest:
        raise ValueError(f"the range {value} is empty")
    return AgeRange(youngest, oldest)


def _rounds_range(value: Any) -> RoundsRange:
    match = _ROUNDS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{value!r} is not a range of rounds like "2.." or "1..3"')
    fewest, most = int(match[1]), int(match[2]) if match[2] else None
    if most is not None and fewest > most:
        raise ValueError(f"the range {value} is empty")
    return RoundsRange(fewest, most)


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        return parse_date(value)
    raise ValueError(f"{value!r} is not a date like 2022-06-01")


def _any_in(values: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    for one in values:  # noqa: SIM110 - no generator: this is asked of every person by every clause
        if one in wanted:
            return True
    return False


def _certainly_aged(born: ImpreciseDate | None, ranges: tuple[AgeRange, ...], as_of: date) -> bool:
    """Whether every day of birth in the interval gives an age in one of the ranges.

    Ages fall step by step as the day of birth moves from the earliest to the latest, so it is enough to ask for every
    whole age between the two.
    """
    if born is None:
        return False
    oldest = completed_years(born.earliest, as_of)
    youngest = oldest if born.latest == born.earliest else completed_years(born.latest, as_of)
    if len(ranges) == 1:
        return ranges[0].youngest <= youngest and oldest <= ranges[0].oldest
    return all(any(one.youngest <= age <= one.oldest for one in ranges) for age in range(youngest, oldest + 1))


def _certainly_before(when: ImpreciseDate | None, limits: tuple[date, ...]) -> bool:
    """Strictly before the latest of the limits, whatever day is meant."""
    return when is not None and when.latest < max(limits)
