"""`convoy`: vehicles that set out together stay together."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.corridor import GRACE_US
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.page import DURATION, METRES, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import MINUTE_US, format_duration
from safeconduct.logistics.plan import Leg, Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within
from safeconduct.vocabulary.place import Point, distance_m, parse_point

FRESH_US = MINUTE_US
"""Unless the terms say otherwise: a minute on, a vehicle may be a kilometre and a half farther."""

Others = Mapping[str, Point]
"""Where the other vehicles of a convoy are, by id."""
_Ride = tuple[Departure, list[tuple[Event, Point]]]
"""A departure and the positions until its end, in order."""


@dataclass(frozen=True, slots=True)
class PlannedConvoy:
    """The vehicles of planned legs with the same `from`, `to` and `depart`: two at least."""

    origin: str
    destination: str
    depart_us: int
    vehicles: frozenset[str]


@dataclass(frozen=True)
class Convoy:
    """The vehicles of planned legs with the same `from`, `to` and `depart` are a convoy. At each `positioned` of one of
    them en route on its leg, those of them that were reported en route on theirs at most `fresh` before, each where it
    was last reported, form groups: each of a group is at most `apart_m` from another of it. The position is together if
    its vehicle is in the largest group (of equally large ones, in that of the vehicle whose id comes first), else
    apart; with no other vehicle so reported it is neither. Positions apart with none together between form an excursion
    (within one leg); if it has one at its start + grace or later: (`apart`, vehicle, start + grace)."""

    header: ClauseHeader
    apart_m: float
    fresh_us: int = FRESH_US
    grace_us: int = GRACE_US

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"Vehicles that set out together stay within {self.apart_m:,.10g} m of one another, each of the next, by "
            f"reports at most {format_duration(self.fresh_us)} old; less than {format_duration(self.grace_us)} apart "
            "is let pass."
        )

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan does not say what is reported on the way."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every vehicle that was away from its convoy."""
        convoys = convoys_of(day.plan)
        rides: list[tuple[PlannedConvoy, _Ride]] = [
            (convoys[departure.leg.id], (departure, day.positions(departure)))
            for departure in day.journeys.departures
            if departure.leg is not None and departure.leg.id in convoys
        ]
        together: dict[PlannedConvoy, list[_Ride]] = defaultdict(list)
        for convoy, ride in rides:
            together[convoy].append(ride)
        for convoy, (departure, positions) in rides:
            others_at = partial(self._others_at, together[convoy], departure.vehicle)
            marked = [(event, self.is_apart(departure.vehicle, point, others_at(event))) for event, point in positions]
            telling = (one for one in marked if one[1] is not None)
            for apart, run in groupby(telling, key=lambda one: one[1]):
                if apart:
                    yield from self.excursion(day, convoy, departure.vehicle, [event for event, _ in run], others_at)

    def is_apart(self, vehicle: str, point: Point, others: Others) -> bool | None:
        """Whether a vehicle at a point is away from its convoy, the others being where they are. None: where no other
        is known to be, nobody can say."""
        if not others:
            return None
        return vehicle not in self._main_group({**others, vehicle: point})

    def excursion(
        self,
        day: Phrasing,
        convoy: PlannedConvoy,
        vehicle: str,
        run: Sequence[Event],
        others_at: Callable[[Event], Others],
    ) -> Iterator[Finding]:
        """A run of positions apart, if it is long enough."""
        start = run[0]
        until_us = start.at_us + self.grace_us
        shown = next((event for event in run if event.at_us >= until_us), None)
        if shown is None:
            return
        point, others = parse_point(shown.fields["position"]), others_at(shown)
        group = self._main_group({**others, vehicle: point})
        away_m = min(distance_m(point, others[one]) for one in group)
        yield Finding(
            "apart",
            vehicle,
            until_us,
            expected=f"vehicle {vehicle} with its convoy by {day.clock(until_us)}",
            seen=f"apart from {day.clock(start.at_us)} to {day.clock(run[-1].at_us)}, at {day.clock(shown.at_us)} "
            f"{away_m:,.0f} m from the nearest of the others",
            evidence=tuple(dict.fromkeys((start.id, shown.id))),
            awaited=Awaited(convoy.vehicles, frozenset((convoy.destination,))),
        )

    def _others_at(self, rides: Sequence[_Ride], vehicle: str, event: Event) -> Others:
        """Where the others are when a vehicle is reported."""
        latest: dict[str, tuple[int, str, Point]] = {}
        for departure, positioned in rides:
            last = bisect_right(positioned, event.at_us, key=lambda one: one[0].at_us) - 1
            if departure.vehicle == vehicle or last < 0 or positioned[last][0].at_us < event.at_us - self.fresh_us:
                continue
            one, point = positioned[last]
            known = latest.get(departure.vehicle)
            if known is None or known[:2] < (one.at_us, one.id):
                latest[departure.vehicle] = one.at_us, one.id, point
        return {other: point for other, (_, _, point) in latest.items()}

    def _main_group(self, points: Mapping[str, Point]) -> set[str]:
        groups: list[set[str]] = []
        left = sorted(points)
        while left:
            group, reached = set[str](), [left.pop(0)]
            while reached:
                one = reached.pop()
                group.add(one)
                near = {other for other in left if is_within(points[one], points[other], self.apart_m)}
                reached += near
                left = [other for other in left if other not in near]
            groups.append(group)
        return max(groups, key=len)


def convoys_of(plan: Plan) -> dict[str, PlannedConvoy]:
    """Of each planned leg, by id, the convoy in which it is driven; those driven alone are left out."""
    together: dict[tuple[str, str, int], list[Leg]] = defaultdict(list)
    for leg in plan.legs:
        together[leg.origin, leg.destination, leg.depart_us].append(leg)
    convoys: dict[str, PlannedConvoy] = {}
    for begins, legs in together.items():
        vehicles = frozenset(leg.vehicle for leg in legs)
        if len(vehicles) > 1:
            convoys.update((leg.id, PlannedConvoy(*begins, vehicles)) for leg in legs)
    return convoys


def read_convoy(header: ClauseHeader, _: Agreement) -> Convoy:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Convoy(
        header,
        apart_m=table.positive("apart_m"),
        fresh_us=table.duration_us("fresh") if table.has("fresh") else FRESH_US,
        grace_us=table.duration_us("grace") if table.has("grace") else GRACE_US,
    )


CONVOY_PAGE = KindPage(
    kind="convoy",
    summary="vehicles that set out together stay together",
    judges=(RUN,),
    meaning=(
        "The vehicles of planned legs with the same `from`, `to` and `depart` are a convoy. At each position of one of "
        "them en route on its leg, those that were reported en route on theirs at most `fresh` before, each where it "
        "was last reported, form groups: each of a group is at most `apart_m` from another of it. The position is "
        "together if its vehicle is in the largest group (of equally large ones, in that of the vehicle whose id "
        "comes first), else apart. With no other so reported it is neither: it begins, continues and ends nothing. "
        "Positions apart with none together between them, on one leg, are one excursion. It is a breach if it has a "
        "position apart at its start + `grace` or later. One that stays behind is so told alone, and of a convoy that "
        "breaks in two the smaller part. Trackers that report more seldom than `fresh` leave little to judge, and of "
        "the only one that reports nothing is said: that the others are silent `reporting` tells."
    ),
    formula=(
        "ALWAYS FORALL v. apart(v) IMPLIES NOT ((NOT back(v)) SINCE[grace,*] apart(v))\n"
        "with apart(v): a position of v, en route in a convoy, outside the largest group of those reported within\n"
        "  fresh; back(v): one in it, with another so reported, or the end of the leg"
    ),
    source=(
        "Practice: prisoners are moved in conditions of safety (GC III, art. 46) in convoys under one escort; a "
        "vehicle alone has neither witness nor help."
    ),
    duty=(
        "A convoy stays together, each vehicle within 1,500 metres of the next: expected vehicle bus-2 with its convoy "
        "by 09:13; apart from 09:10 to 09:13, at 09:13 1,516 m from the nearest of the others."
    ),
    parameters=(
        Parameter(
            "apart_m",
            METRES,
            "How far each may be from the next, in a straight line, the bound included.",
            required=True,
        ),
        Parameter("fresh", DURATION, "How old the last position of another may be to count.", default='"1m"'),
        Parameter("grace", DURATION, "How long apart is let pass; 0s: one position apart is enough.", default='"2m"'),
    ),
    rules=(Rule("apart", "the vehicle", "start of the excursion + `grace`", "away from the convoy for that long"),),
    example="""
[[clause]]
id = "stay-together"
kind = "convoy"
apart_m = 1500
grace = "3m"
text = "A convoy stays together, each vehicle within 1,500 metres of the next."
""",
)
"""What the kind says of itself."""
