"""The next steps of the plan that have not been reported yet."""

from collections.abc import Callable, Iterable, Mapping

from safeconduct.views.journeys import Progress
from safeconduct.views.operations_model import DueStep

AT_MOST = 8

_ONE = {"leave": "leaves", "reach": "reaches"}


def due_steps(
    legs: Iterable[Progress],
    handovers_us: Mapping[str, int],
    begun: set[str],
    name: Callable[[object], str],
    now_us: int,
) -> tuple[DueStep, ...]:
    """The next departure or arrival of each leg and the handovers not begun, overdue ones first, then by moment.

    A handover is begun once each receiving side has received somebody of the batch. Vehicles of one operator that do
    the same at the same moment are one step.
    """
    rides: dict[tuple[int, str, str, str], list[str]] = {}
    for one in legs:
        leg = one.leg
        if one.arrived_us is None:
            if one.departed_us is None:
                key = (leg.depart_us, "leave", leg.origin, leg.operator)
            else:
                key = (leg.arrive_us, "reach", leg.destination, leg.operator)
            rides.setdefault(key, []).append(leg.vehicle)
    steps = [
        DueStep(at_us, _ride(vehicles, verb, name(place)), operator, at_us < now_us)
        for (at_us, verb, place, operator), vehicles in rides.items()
    ]
    steps += [
        DueStep(at_us, f"batch {batch} is handed over", "", at_us < now_us)
        for batch, at_us in handovers_us.items()
        if batch not in begun
    ]
    steps.sort(key=lambda step: (not step.overdue, step.at_us, step.what, step.operator))
    return tuple(steps[:AT_MOST])


def _ride(vehicles: list[str], verb: str, place: str) -> str:
    if len(vehicles) == 1:
        return f"{vehicles[0]} {_ONE[verb]} {place}"
    return f"{len(vehicles)} vehicles {verb} {place}"
