"""`arrival`: vehicles arrive when planned."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.page import DURATION, PLAN, RUN, KindPage, Parameter, Rule
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


ARRIVAL_PAGE = KindPage(
    kind="arrival",
    summary="vehicles arrive when planned",
    judges=(PLAN, RUN),
    meaning=(
        "For each leg of the plan, the k-th arrival of its vehicle at its destination is held against the k-th "
        "planned there (in the order of `arrive`): not before planned - `early`, and by planned + `late`, the bounds "
        "included. A side without its parameter is not judged. A repeated report of one arrival counts once, the "
        "first. One that nobody reported is late, unconfirmed while a device that could report it has not been heard "
        "of since."
    ),
    formula=(
        "ALWAYS FORALL l. (arrived(l) IMPLIES (ONCE planned(l)) OR EVENTUALLY[0,early] planned(l)) AND\n"
        "  (planned(l) IMPLIES (ONCE arrived(l)) OR EVENTUALLY[0,late] arrived(l))\n"
        "with planned(l) at the moment at which leg l is to arrive"
    ),
    source=(
        "Windows agreed in a security protocol: in Colombia in 2012 operations were suspended from 18:00 on one day "
        "to 06:00 on the third, and names sent late moved the beginning of the truce of 19 January 2025 from 08:30 "
        "to 11:15. The plan is made known to the prisoners (GC III, art. 118); the hours are for the parties to "
        "agree."
    ),
    duty=(
        "Vehicles arrive at most a quarter of an hour before and three quarters after their time: expected vehicle "
        "bus-1 at crossing (leg leg-1) planned for 09:00, due by 09:45; none by 09:46."
    ),
    parameters=(
        Parameter("early", DURATION, "How much before its time, the bound included."),
        Parameter("late", DURATION, "How much after its time, the bound included."),
    ),
    one_of=("early", "late"),
    rules=(
        Rule("early", "the leg", "the arrival", "too long before its time"),
        Rule("late", "the leg", "planned + `late`", "none reported by then"),
    ),
    example="""
[[clause]]
id = "arrives-on-time"
kind = "arrival"
early = "15m"
late = "45m"
text = "Vehicles arrive at most a quarter of an hour before and three quarters after their time."
""",
)
"""What the kind says of itself."""
