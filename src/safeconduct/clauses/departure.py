"""`departure`: vehicles depart when planned."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.punctuality import Expected, Punctuality


@dataclass(frozen=True)
class DepartureClause(Punctuality):
    """For each leg, the k-th departure of its vehicle from its origin against the k-th planned one (in the order of
    `depart`): before planned - early (`early`, leg, at); none by planned + late (`late`, leg, planned + late)."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"Each vehicle departs {self.limits()} than planned."

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether departures are known."""
        return "departed" in types

    def expected(self, day: Day) -> Iterable[Expected]:
        """The beginning of every leg."""
        departed = {one.leg.id: one.event for one in day.journeys.departures if one.leg}
        for leg in day.plan.legs:
            yield Expected(leg, leg.origin, leg.depart_us, departed.get(leg.id))


def read_departure(header: ClauseHeader, agreement: Agreement) -> DepartureClause:
    """Read the parameters. Raises BadInput at line and column."""
    return DepartureClause.read(header, agreement)
