"""`reporting`: a vehicle en route is heard of often enough."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, on_the_way
from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.page import DURATION, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event


@dataclass(frozen=True)
class Reporting:
    """En route (planned or not), no event naming the vehicle for longer than `every` since the last: (`silent`,
    vehicle, last + every); after the last one, last + every is a deadline."""

    header: ClauseHeader
    every_us: int

    def sentence(self) -> str:
        """What the clause asks."""
        return f"Every vehicle en route is reported at least every {format_duration(self.every_us)}."

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan does not say what is reported on the way."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every silence on every leg."""
        for departure in day.journeys.departures:
            heard = day.naming_vehicle(departure.vehicle, departure.at_us, departure.ended_us)
            for last, following in pairwise(heard):
                if following.at_us > last.at_us + self.every_us:
                    yield self.silent(day, departure, last, following)
            if departure.ended_us is None:
                yield self.silent(day, departure, heard[-1], None)

    def silent(self, day: Phrasing, departure: Departure, last: Event, following: Event | None) -> Finding:
        """A silence after one report, until the following one, if any."""
        until_us = last.at_us + self.every_us
        return Finding(
            "silent",
            departure.vehicle,
            until_us,
            expected=f"the next report of vehicle {departure.vehicle} by {day.clock(until_us)}; "
            f"last: {day.describe(last)}",
            seen=f"the next came {day.clock(following.at_us)}" if following else "",
            evidence=(last.id, following.id) if following else (last.id,),
            deadline=True,
            awaited=on_the_way(departure),
        )


def read_reporting(header: ClauseHeader, _: Agreement) -> Reporting:
    """Read the parameters. Raises BadInput at line and column."""
    return Reporting(header, every_us=header.table.duration_us("every"))


REPORTING_PAGE = KindPage(
    kind="reporting",
    summary="a vehicle en route is heard of often enough",
    judges=(RUN,),
    meaning=(
        "From a departure until the end of that leg, planned or not, no two reports that name the vehicle, of "
        "whatever type, lie farther apart than `every`; after the last one, `every` is a deadline. Every silence of "
        "a leg is told by itself. The arrival ends the leg and is itself a report."
    ),
    formula=(
        "ALWAYS FORALL v. (en_route(v) AND named(v)) IMPLIES EVENTUALLY(0,every] named(v)\n"
        "with en_route(v) from a departure until, not including, the arrival or departure that ends it"
    ),
    source=(
        "Practice of every convoy with a radio or a tracker. No article asks for it, but for precautions that a "
        "transfer is safe (GC III, art. 46)."
    ),
    duty=(
        "A vehicle on the road reports at least every twenty minutes: expected the next report of vehicle bus-1 by "
        "09:20; last: departed vehicle bus-1 at camp, 09:00; none by 09:21."
    ),
    parameters=(
        Parameter("every", DURATION, "The longest time between two reports, the bound included.", required=True),
    ),
    rules=(Rule("silent", "the vehicle", "last report + `every`", "nothing was heard of it by then"),),
    example="""
[[clause]]
id = "tracked"
kind = "reporting"
every = "20m"
text = "A vehicle on the road reports at least every twenty minutes."
""",
)
"""What the kind says of itself."""
