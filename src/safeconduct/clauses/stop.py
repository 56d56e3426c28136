"""`stop`: a vehicle en route does not stand still for long, but where a stop is planned."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, on_the_way
from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.page import DURATION, METRES, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import format_duration
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within
from safeconduct.vocabulary.place import Point

Positioned = tuple[Event, Point]


@dataclass(frozen=True)
class Stop:
    """En route (planned or not): a run of consecutive `positioned` events within `radius_m` of the run's first (within
    one leg); from its first to its last longer than `longest`: (`stopped`, vehicle, first + longest), unless the first
    is within `radius_m` of a place of kind `stop`; the first one outside starts the next run.

    A place of kind `stop` without a position excuses nobody.
    """

    header: ClauseHeader
    longest_us: int
    radius_m: float

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"No vehicle en route stays within {self.radius_m:,.10g} m for longer than "
            f"{format_duration(self.longest_us)}, except at a planned stop."
        )

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan does not say what is reported on the way."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every halt on every leg."""
        stops = planned_stops(day.plan)
        for departure in day.journeys.departures:
            for run in self._runs(day.positions(departure)):
                yield from self.judge_run(day, departure, run[0], run[-1][0], stops)

    def judge_run(
        self, day: Phrasing, departure: Departure, start: Positioned, last: Event, stops: Iterable[Point]
    ) -> Iterator[Finding]:
        """One run of positions close together, if it is too long and begins at none of the planned stops."""
        first, point = start
        until_us = first.at_us + self.longest_us
        if last.at_us <= until_us or any(is_within(point, stop, self.radius_m) for stop in stops):
            return
        yield Finding(
            "stopped",
            departure.vehicle,
            until_us,
            expected=f"vehicle {departure.vehicle} to go on by {day.clock(until_us)}",
            seen=f"within {self.radius_m:,.10g} m from {day.clock(first.at_us)} to {day.clock(last.at_us)}, at "
            "no planned stop",
            evidence=(first.id, last.id),
            awaited=on_the_way(departure),
        )

    def _runs(self, positioned: list[Positioned]) -> Iterator[list[Positioned]]:
        run: list[Positioned] = []
        for event, point in positioned:
            if run and not is_within(run[0][1], point, self.radius_m):
                yield run
                run = []
            run.append((event, point))
        if run:
            yield run


def planned_stops(plan: Plan) -> list[Point]:
    """Where the plan has a place of kind `stop`."""
    return [place.position for place in plan.places if place.kind == "stop" and place.position is not None]


def read_stop(header: ClauseHeader, _: Agreement) -> Stop:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Stop(header, longest_us=table.duration_us("longest"), radius_m=table.positive("radius_m"))


STOP_PAGE = KindPage(
    kind="stop",
    summary="a vehicle en route does not stand still for long, but where a stop is planned",
    judges=(RUN,),
    meaning=(
        "En route, on a planned leg or not, a run of consecutive positions within `radius_m` of the run's first is a "
        "halt; from its first to its last longer than `longest` it is a breach, unless the first lies within "
        "`radius_m` of a place of kind `stop`. The first position outside begins the next run. Only positions count: "
        "of a vehicle that reports none, the clause says nothing (`reporting` does)."
    ),
    formula=(
        "ALWAYS FORALL v, x. (begins_run(v, x) AND NOT planned_stop(x)) IMPLIES\n"
        "  NOT ((NOT moved(v, x)) UNTIL(longest,*] near(v, x))\n"
        "with near(v, x), moved(v, x): a position of v within radius_m of x, or farther (or the end of the leg)"
    ),
    source=(
        "Practice: stops are agreed with their place, and one that is not is the first sign of a breakdown, a "
        "checkpoint or worse. Transfer is always humane, with food, water and medical attention on the way (GC III, "
        "art. 46): plan stops for it."
    ),
    duty=(
        "No vehicle halts for more than ten minutes, but at the agreed stops: expected vehicle bus-1 to go on by "
        "09:20; within 100 m from 09:10 to 09:20:01, at no planned stop."
    ),
    parameters=(
        Parameter("longest", DURATION, "How long a vehicle may stand, the bound included.", required=True),
        Parameter(
            "radius_m", METRES, "Within how many metres it counts as standing, the bound included.", required=True
        ),
    ),
    rules=(Rule("stopped", "the vehicle", "first position + `longest`", "it still stood there later"),),
    example="""
[[clause]]
id = "no-halts"
kind = "stop"
longest = "10m"
radius_m = 100
text = "No vehicle halts for more than ten minutes, but at the agreed stops."
""",
)
"""What the kind says of itself."""
