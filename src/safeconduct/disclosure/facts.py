"""The facts that a communiqué may state of an exchange once every party has cleared them; there are no others.

Each has an id and a value, written as it will be read ("2,395", "4 July 2025"). A value is computed from what is on
record, never typed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from safeconduct.vocabulary.categories import CATEGORIES

AGREEMENT, DATE, PLACE, ROUNDS, TOTAL = "agreement", "date", "place", "rounds", "handed-over.total"

_RELEASED, _RETURNED = "handed-over.from.", "returned.to."

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def released_by(party: str) -> str:
    """The id of the number of persons whom a party released."""
    return _RELEASED + party


def returned_to(party: str) -> str:
    """The id of the number of persons who returned to a party."""
    return _RETURNED + party


def side_of(fact: str) -> tuple[str, Literal["released", "returned"]] | None:
    """Of a fact on one side the party, and whether it tells whom that party released or who returned to it."""
    if fact.startswith(_RELEASED):
        return fact.removeprefix(_RELEASED), "released"
    if fact.startswith(_RETURNED):
        return fact.removeprefix(_RETURNED), "returned"
    return None


def of_category(category: str) -> str:
    """The id of the number of persons of a category among those handed over."""
    return f"handed-over.of.{category}"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One person handed over, as far as numbers go."""

    held_by: str
    home: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What the record tells of one exchange at one moment."""

    agreement: str
    """Its title."""
    parties: tuple[str, ...]
    place: str
    """The exchange point as people call it; empty if the plan names none."""
    rounds: int
    """Exchanges carried out under the agreement, this one among them."""
    first_handover: date | None
    """The day in UTC on which the first person was handed over; None before."""
    handed_over: tuple[HandedOver, ...]


def fact_ids(parties: Iterable[str]) -> tuple[str, ...]:
    """Every fact that there is of an exchange between these parties."""
    names = tuple(parties)
    sides = (*map(released_by, names), *map(returned_to, names))
    return (AGREEMENT, DATE, ROUNDS, TOTAL, *sides, *map(of_category, CATEGORIES), PLACE)


def of_persons(parties: Iterable[str]) -> frozenset[str]:
    """The facts that follow from who was handed over, and when."""
    return frozenset(fact_ids(parties)) - {AGREEMENT, ROUNDS, PLACE}


def facts_of(account: Account) -> dict[str, str]:
    """The value of every fact that has one by now."""
    home = account.handed_over
    values = {
        AGREEMENT: account.agreement,
        DATE: "" if account.first_handover is None else _written(account.first_handover),
        ROUNDS: _number(account.rounds),
        TOTAL: _number(len(home)),
        PLACE: account.place,
    }
    for party in account.parties:
        values[released_by(party)] = _number(sum(one.held_by == party for one in home))
        values[returned_to(party)] = _number(sum(one.home == party for one in home))
    for category in CATEGORIES:
        values[of_category(category)] = _number(sum(category in one.categories for one in home))
    return {fact: value for fact, value in values.items() if value}


def unknown(facts: Iterable[str], parties: Collection[str]) -> list[str]:
    """Those that are no facts of an exchange between these parties."""
    known = fact_ids(parties)
    return [fact for fact in facts if fact not in known]


def _number(count: int) -> str:
    return f"{count:,}"


def _written(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
