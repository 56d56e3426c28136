"""`corridor`: a vehicle en route keeps to the planned route."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, on_the_way
from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.page import DURATION, METRES, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import MINUTE_US, format_duration
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import distance_to_route_m, route_through

GRACE_US = 2 * MINUTE_US
"""Unless the terms say otherwise: a single stray position of a receiver is no excursion."""

_Positioned = tuple[Event, float]
"""With its distance from the route in metres."""


@dataclass(frozen=True)
class Corridor:
    """En route on a planned leg with a `route`: `positioned` events of the vehicle farther than `buffer_m` from it,
    with none inside between, form an excursion (within one leg); if it has one at its start + grace or later:
    (`outside`, vehicle, start + grace)."""

    header: ClauseHeader
    buffer_m: float
    grace_us: int = GRACE_US

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"Every vehicle en route keeps within {self.buffer_m:,.10g} m of its planned route; "
            f"less than {format_duration(self.grace_us)} outside is let pass."
        )

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan does not say what is reported on the way."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every excursion on every leg."""
        for departure in day.journeys.departures:
            if departure.leg is None or not departure.leg.route:
                continue
            route = route_through(departure.leg.route)
            positioned = [(event, distance_to_route_m(point, route)) for event, point in day.positions(departure)]
            for outside, run in groupby(positioned, key=lambda one: one[1] > self.buffer_m):
                if outside:
                    yield from self.excursion(day, departure, departure.leg.id, list(run))

    def excursion(self, day: Phrasing, departure: Departure, leg: str, run: Sequence[_Positioned]) -> Iterator[Finding]:
        """A run of positions outside, if it is long enough."""
        start = run[0][0]
        until_us = start.at_us + self.grace_us
        shown = next((event for event, _ in run if event.at_us >= until_us), None)
        if shown is None:
            return
        farthest_m = max(distance_m for _, distance_m in run)
        yield Finding(
            "outside",
            departure.vehicle,
            until_us,
            expected=f"vehicle {departure.vehicle} within {self.buffer_m:,.10g} m of the route of leg {leg} by "
            f"{day.clock(until_us)}",
            seen=f"outside from {day.clock(start.at_us)} to {day.clock(run[-1][0].at_us)}, up to {farthest_m:,.0f} m "
            "from it",
            evidence=tuple(dict.fromkeys((start.id, shown.id))),
            # One position alone is enough without grace; else one inside, between the two, may not have come yet.
            awaited=None if shown is start else on_the_way(departure),
        )


def read_corridor(header: ClauseHeader, _: Agreement) -> Corridor:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Corridor(
        header,
        buffer_m=table.positive("buffer_m"),
        grace_us=table.duration_us("grace") if table.has("grace") else GRACE_US,
    )


CORRIDOR_PAGE = KindPage(
    kind="corridor",
    summary="a vehicle en route keeps to the planned route",
    judges=(RUN,),
    meaning=(
        "On a planned leg that has a `route`, positions of the vehicle farther than `buffer_m` from it, with none "
        "inside between them, are one excursion. It is a breach if it has a position at its start + `grace` or "
        "later: a stray fix of a receiver is none. Distances are geodesic (WGS 84) to the line, straight in "
        "longitude and latitude from point to point. A late position inside can withdraw the breach."
    ),
    formula=(
        "ALWAYS FORALL v. outside(v) IMPLIES NOT ((NOT back(v)) SINCE[grace,*] outside(v))\n"
        "with outside(v): a position of v, en route on a leg with a route, farther than buffer_m from it,\n"
        "  back(v): one that is not, or the end of the leg"
    ),
    source=(
        "Security protocols name the area, the roads and the hours. On 24 January 2024 an aircraft was lost and an "
        "exchange of 192 for 192 with it; whether its way had been notified is disputed. No article asks for a "
        "corridor, but for precautions that a transfer is safe (GC III, art. 46)."
    ),
    duty=(
        "Convoys keep to the agreed roads, within 500 metres: expected vehicle bus-1 within 500 m of the route of "
        "leg leg-1 by 09:13; outside from 09:10 to 09:13, up to 506 m from it."
    ),
    parameters=(
        Parameter("buffer_m", METRES, "How far from the route is still on it, the bound included.", required=True),
        Parameter(
            "grace", DURATION, "How long outside is let pass; 0s: one position outside is enough.", default='"2m"'
        ),
    ),
    rules=(Rule("outside", "the vehicle", "start of the excursion + `grace`", "off the route for that long"),),
    example="""
[[clause]]
id = "on-the-road"
kind = "corridor"
buffer_m = 500
grace = "3m"
text = "Convoys keep to the agreed roads, within 500 metres."
""",
)
"""What the kind says of itself."""
