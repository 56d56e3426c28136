"""Selectors (`of`), read literally: every key must hold, for every day that an imprecise date may mean."""

from datetime import date
from typing import Any

from safeconduct.composition.independent.reading import Candidate, day


def matches(of: dict[str, Any], person: Candidate, concluded: date) -> bool:
    """Whether the person certainly satisfies every key. Raises ValueError for a key that is not known."""
    as_of = day(of["as_of"]) if "as_of" in of else concluded
    return all(_holds(key, asked, person, concluded, as_of) for key, asked in of.items() if key != "as_of")


def _holds(key: str, asked: Any, person: Candidate, concluded: date, as_of: date) -> bool:
    any_of = asked if isinstance(asked, list) else [asked]
    match key:
        case "home" | "held_by" | "sex" | "rank" | "ref":
            own = getattr(person, key)
            return own != "" and own in any_of
        case "category":
            return not person.categories.isdisjoint(any_of)
        case "age":
            return person.born is not None and _aged(person.born, any_of, as_of)
        case "captured_before":
            return person.captured is not None and any(person.captured[1] < day(limit) for limit in any_of)
        case "rounds_waited":
            bounds = [one.split("..") for one in any_of]
            return any(int(low) <= person.waited <= int(high or person.waited) for low, high in bounds)
        case "living":
            return ("remains" in person.categories) is not bool(asked)
        case "not":
            return not matches(asked, person, concluded)
    raise ValueError(f"the selector's key {key!r} is not known")


def _aged(born: tuple[date, date], ranges: list[str], as_of: date) -> bool:
    """Whether every age that the person may have lies in one of the ranges."""
    allowed = [tuple(int(part) for part in one.split("..")) for one in ranges]
    youngest, oldest = _age(born[1], as_of), _age(born[0], as_of)
    return all(any(low <= age <= high for low, high in allowed) for age in range(youngest, oldest + 1))


def _age(born: date, on: date) -> int:
    """Birthdays up to that day; of who was born on 29 February, on 1 March in years without one."""
    years = on.year - born.year
    try:
        birthday = born.replace(year=on.year)
    except ValueError:
        birthday = date(on.year, 3, 1)
    return years if birthday <= on else years - 1
