"""`departure` and `arrival`: each planned leg against what its vehicle did."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from safeconduct.clauses.arrival import Arrival
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.trips import Movement
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.departure import DepartureClause
from safeconduct.logistics.plan import Leg


def judge_departure(clause: DepartureClause, day: Observed) -> Iterator[Found]:
    """Each leg's departure from its origin."""
    at = _Moments("departure from", lambda leg: leg.origin, lambda leg: leg.depart_us, day.trips.departures)
    return at.judge(day.plan.legs, clause.early_us, clause.late_us)


def judge_arrival(clause: Arrival, day: Observed) -> Iterator[Found]:
    """Each leg's arrival at its destination."""
    at = _Moments("arrival at", lambda leg: leg.destination, lambda leg: leg.arrive_us, day.trips.arrivals)
    return at.judge(day.plan.legs, clause.early_us, clause.late_us)


class _Moments:
    """One end of the legs."""

    def __init__(
        self,
        what: str,
        place: Callable[[Leg], str],
        planned_us: Callable[[Leg], int],
        seen: dict[tuple[str, str], list[Movement]],
    ) -> None:
        self._what = what
        self._place = place
        self._planned_us = planned_us
        self._seen = seen

    def judge(self, legs: tuple[Leg, ...], early_us: int | None, late_us: int | None) -> Iterator[Found]:
        """The k-th planned one of each vehicle and place against the k-th that was reported."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for leg in sorted(legs, key=self._planned_us):
            where = leg.vehicle, self._place(leg)
            seen = self._seen.get(where, [])[counts[where] : counts[where] + 1]
            counts[where] += 1
            yield from self._judge_leg(leg, seen[0] if seen else None, early_us, late_us)

    def _judge_leg(self, leg: Leg, seen: Movement | None, early_us: int | None, late_us: int | None) -> Iterator[Found]:
        place, planned_us = self._place(leg), self._planned_us(leg)
        what = f"the {self._what} {place} of {leg.vehicle} on leg {leg.id}"
        told = "it was not reported" if seen is None else f"it was at {moment(seen.at_us)}"
        evidence = () if seen is None else (seen.id,)
        if seen is not None and early_us is not None and seen.at_us < planned_us - early_us:
            expected = f"expected {what} not before {moment(planned_us - early_us)}"
            yield Found("early", leg.id, seen.at_us, expected, told, evidence)
        if late_us is not None and (seen is None or seen.at_us > planned_us + late_us):
            due_us = planned_us + late_us
            expected = f"expected {what} by {moment(due_us)}"
            lacking = Lacking(frozenset({leg.vehicle}), frozenset({place}))
            yield Found("late", leg.id, due_us, expected, told, evidence, deadline=True, lacking=lacking)
