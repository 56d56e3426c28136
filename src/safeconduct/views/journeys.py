"""Which planned leg each departure and arrival belongs to, as the clauses see them.

Views and clauses may not import each other; a test holds this against `clauses.journeys`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.tracking.movements import Moves
from safeconduct.views.planned import PlannedLeg


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
