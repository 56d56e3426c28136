"""What a run-phase clause says of a day: a breach, what was expected and seen, and what it waits to hear."""

from dataclasses import dataclass

from safeconduct.clauses.patterns import Patterns, fixed_values
from safeconduct.tracking.events import Event


@dataclass(frozen=True, slots=True)
class Awaited:
    """A report that would undo a breach: of one of these vehicles or at one of these places; neither: of anything."""

    vehicles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


ANYTHING = Awaited()
"""A report that any device could make."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one clause, as far as events alone can tell it."""

    rule: str
    subject: str
    at_us: int
    expected: str
    """What should have been, as part of a sentence, without naming a person."""
    seen: str
    """What was seen instead, the nearest miss; empty: nothing was."""
    evidence: tuple[str, ...]
    """Ids of the events that it rests on."""
    deadline: bool = False
    """`at_us` is a deadline: the breach stands only once the end of observation is later."""
    awaited: Awaited | None = None
    """The report that is lacking; None if the breach rests on reports alone."""


def awaited_match(patterns: Patterns, same: tuple[str, ...] = (), trigger: Event | None = None) -> Awaited:
    """The report that would match one of the patterns and be equal to `trigger` in `same`."""
    vehicles: set[str] = set()
    places: set[str] = set()
    for pattern in patterns:
        of_vehicles = fixed_values(pattern, "vehicle") or _fixed_by(trigger, same, "vehicle")
        at_places = fixed_values(pattern, "place") or _fixed_by(trigger, same, "place")
        if not of_vehicles and not at_places:
            return ANYTHING
        vehicles |= of_vehicles or set()
        places |= at_places or set()
    return Awaited(frozenset(vehicles), frozenset(places))


def _fixed_by(trigger: Event | None, same: tuple[str, ...], key: str) -> set[str] | None:
    value = trigger.text(key) if trigger is not None and key in same else None
    return {value} if value else None
