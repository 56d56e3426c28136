"""`arrival`: vehicles arrive when planned."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.punctuality import Expected, Punctuality
from safeconduct.logistics.plan import Leg


@dataclass(frozen=True)
class Arrival(Punctuality):
    """For each leg, the k-th arrival of its vehicle at its destination against the k-th planned one (in the order of
    `arrive`): before planned - early (`early`, leg, at); none by planned + late (`late`, leg, planned + late)."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"Each vehicle arrives {self.limits()} than planned."

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether arrivals are known."""
        return "arrived" in types

    def expected(self, day: Day) -> Iterable[Expected]:
        """The end of every leg."""
        set_out = {one.leg.id: one.event.id for one in day.journeys.departures if one.leg}
        planned: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        for leg in sorted(day.plan.legs, key=lambda one: one.arrive_us):
            planned[leg.vehicle, leg.destination].append(leg)
        for goal, legs in planned.items():
            arrivals = day.journeys.arrivals.get(goal, [])
            for index, leg in enumerate(legs):
                arrived = arrivals[index] if index < len(arrivals) else None
                known = (set_out[leg.id],) if leg.id in set_out else ()
                yield Expected(leg, leg.destination, leg.arrive_us, arrived, known)


def read_arrival(header: ClauseHeader, agreement: Agreement) -> Arrival:
    """Read the parameters. Raises BadInput at line and column."""
    return Arrival.read(header, agreement)
