"""What a run-phase clause says of a day: a breach, what was expected and seen, and what it waits to hear."""

from dataclasses import dataclass

from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.patterns import Patterns, fixed_values
from safeconduct.tracking.events import Event


@dataclass(frozen=True, slots=True)
class Awaited:
    """A report that would undo a breach: of one of these vehicles, at one of these places; None: of any, at any."""

    vehicles: frozenset[str] | None = None
    places: frozenset[str] | None = None


ANYTHING = Awaited()
"""A report that any device could make."""


def on_the_way(departure: Departure) -> Awaited:
    """A report of a vehicle en route: of that vehicle, or at the leg's destination, where its arrival would be seen."""
    places = frozenset((departure.leg.destination,)) if departure.leg else frozenset[str]()
    return Awaited(frozenset((departure.vehicle,)), places)


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
    also_awaited: tuple[Awaited, ...] = ()
    """Of a breach that is shown in several ways, each lacking another report: what the others lack."""

    @property
    def lacking(self) -> tuple[Awaited, ...]:
        """What each way in which it is shown lacks: it is certain as soon as one of them is. Empty: nothing."""
        return () if self.awaited is None else (self.awaited, *self.also_awaited)


def awaited_match(patterns: Patterns, same: tuple[str, ...] = (), trigger: Event | None = None) -> Awaited:
    """The report that would match one of the patterns and be equal to `trigger` in `same`."""
    return Awaited(_fixed(patterns, same, trigger, "vehicle"), _fixed(patterns, same, trigger, "place"))


def _fixed(patterns: Patterns, same: tuple[str, ...], trigger: Event | None, key: str) -> frozenset[str] | None:
    """The values that the field must have; None if one of the patterns and `same` leave it open."""
    alike = trigger.text(key) if trigger is not None and key in same else None
    values: set[str] = set()
    for pattern in patterns:
        fixed = fixed_values(pattern, key) or ({alike} if alike else None)
        if not fixed:
            return None
        values |= fixed
    return frozenset(values)
