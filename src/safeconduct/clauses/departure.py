"""`departure`: vehicles depart when planned."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.page import DURATION, PLAN, RUN, KindPage, Parameter, Rule
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


DEPARTURE_PAGE = KindPage(
    kind="departure",
    summary="vehicles depart when planned",
    judges=(PLAN, RUN),
    meaning=(
        "For each leg of the plan, the k-th departure of its vehicle at its origin is held against the k-th planned "
        "there (in the order of `depart`): not before planned - `early`, and by planned + `late`, the bounds "
        "included. A side without its parameter is not judged. A repeated report of one departure counts once, the "
        "first. One that nobody reported is late, unconfirmed while a device that could report it has not been heard "
        "of since."
    ),
    formula=(
        "ALWAYS FORALL l. (departed(l) IMPLIES (ONCE planned(l)) OR EVENTUALLY[0,early] planned(l)) AND\n"
        "  (planned(l) IMPLIES (ONCE departed(l)) OR EVENTUALLY[0,late] departed(l))\n"
        "with planned(l) at the moment at which leg l is to depart"
    ),
    source=(
        "Departures at one hour on both sides, with a go or no-go from both ends, are the practice of simultaneous "
        "releases (Sana'a and Marib took off together in April 2023). The repatriation plan is made known to the "
        "prisoners (GC III, art. 118); the hours are for the parties to agree."
    ),
    duty=(
        "Vehicles depart at most a quarter of an hour before and three quarters after their time: expected vehicle "
        "bus-1 at camp (leg leg-1) planned for 09:00, due by 09:45; none by 09:46."
    ),
    parameters=(
        Parameter("early", DURATION, "How much before its time, the bound included."),
        Parameter("late", DURATION, "How much after its time, the bound included."),
    ),
    one_of=("early", "late"),
    rules=(
        Rule("early", "the leg", "the departure", "too long before its time"),
        Rule("late", "the leg", "planned + `late`", "none reported by then"),
    ),
    example="""
[[clause]]
id = "departs-on-time"
kind = "departure"
early = "15m"
late = "45m"
text = "Vehicles depart at most a quarter of an hour before and three quarters after their time."
""",
)
"""What the kind says of itself."""
