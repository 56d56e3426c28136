"""Departures and arrivals as reported, and which planned leg each belongs to, as the clauses see them.

Views and clauses may not import each other; a test holds this against `clauses.journeys`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.tracking.reports import Line
from safeconduct.views.planned import PlannedLeg


@dataclass
class Moves:
    """The departures and arrivals of one vehicle, a repetition counted once, in the order of time."""

    departures: dict[str, list[int]] = field(default_factory=dict)
    """Moments by place."""
    arrivals: dict[str, list[int]] = field(default_factory=dict)
    last: Line | None = None
    """The latest of either kind."""

    @property
    def underway(self) -> bool:
        """Whether it has departed and not arrived since."""
        return self.last is not None and self.last.type == "departed"


def moves_of(lines: Iterable[Line]) -> Moves:
    """What the `departed` and `arrived` of one vehicle amount to."""
    moves = Moves()
    for line in sorted(lines, key=lambda one: (one.at_us, one.type != "arrived", one.id)):
        last = moves.last
        if last is None or last.type != line.type or last.place != line.place:
            found = moves.departures if line.type == "departed" else moves.arrivals
            found.setdefault(line.place, []).append(line.at_us)
            moves.last = line
    return moves


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one leg is: when it was departed from and arrived at, by the reports; None: not reported."""

    leg: PlannedLeg
    departed_us: int | None
    arrived_us: int | None


def progress(legs: Iterable[PlannedLeg], moves: Moves) -> list[Progress]:
    """Each leg of one vehicle, in the order of departure, with the reports that belong to it."""
    legs = list(legs)
    departed: dict[int, int] = {}
    arrived: dict[int, int] = {}
    seen: dict[str, int] = {}
    for index, leg in enumerate(legs):
        number = seen.get(leg.origin, 0)
        moments = moves.departures.get(leg.origin, ())
        if number < len(moments):
            departed[index] = moments[number]
        seen[leg.origin] = number + 1
    seen.clear()
    for index, leg in sorted(enumerate(legs), key=lambda one: one[1].arrive_us):
        number = seen.get(leg.destination, 0)
        moments = moves.arrivals.get(leg.destination, ())
        if number < len(moments):
            arrived[index] = moments[number]
        seen[leg.destination] = number + 1
    return [Progress(leg, departed.get(index), arrived.get(index)) for index, leg in enumerate(legs)]
