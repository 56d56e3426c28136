"""`speed`: no vehicle is reported where it cannot have come from where it was reported before."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.extent import positions_of, whereabouts
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import METRES, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within
from safeconduct.vocabulary.place import Point, distance_m

TOLERANCE_M = 500.0
"""Unless the terms say otherwise: places are areas, and receivers err."""

SIGHTING_TYPES = ("positioned", "departed", "arrived", "boarded", "alighted", "counted")
"""The types of event that say where a vehicle was."""

_US_PER_HOUR_AND_KM = 3_600_000
"""So many microseconds are needed for a metre at one kilometre an hour."""

Sighting = tuple[Event, Point]
"""A report of a vehicle, and where it was."""


@dataclass(frozen=True)
class Speed:
    """A sighting of a vehicle is an event of `SIGHTING_TYPES` that names it and has a `position`, else a `place` whose
    position the plan gives. Each sighting e lies, from every other of the latest moment before e.at and of e.at itself,
    f, at most `tolerance_m` + `fastest_kmh` * (e.at - f.at) away, in a straight line; else (`too-fast`, vehicle, e.at).
    """

    header: ClauseHeader
    fastest_kmh: float
    tolerance_m: float = TOLERANCE_M

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"No vehicle is reported farther from where it was last than {self.fastest_kmh:,.10g} km/h can bring it, "
            f"give or take {self.tolerance_m:,.10g} m."
        )

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether anything is known of where vehicles are."""
        return not set(SIGHTING_TYPES).isdisjoint(types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every sighting of a vehicle where it cannot be."""
        positions = positions_of(day.plan)
        seen: dict[str, list[Sighting]] = defaultdict(list)
        for event in day.of_types(*SIGHTING_TYPES):
            point = whereabouts(event, positions)
            if point is not None:
                seen[event.fields["vehicle"]].append((event, point))
        for sightings in seen.values():
            moments = [event.at_us for event, _ in sightings]
            for sighting in sightings:
                first, last = (bisect(moments, sighting[0].at_us) for bisect in (bisect_left, bisect_right))
                since = bisect_left(moments, moments[first - 1]) if first else 0
                yield from self.judge_sighting(day, sighting, sightings[since:last])

    def judge_sighting(self, day: Phrasing, sighting: Sighting, others: Sequence[Sighting]) -> Iterator[Finding]:
        """One sighting, among those of its moment and of the latest before it, in order."""
        event, point = sighting
        far = [
            (other, where)
            for other, where in others
            if other.id != event.id and not is_within(point, where, self._reach_m(other, event))
        ]
        if far:
            other, where = far[0]
            yield Finding(
                "too-fast",
                event.fields["vehicle"],
                event.at_us,
                expected=f"at most {self._reach_m(other, event):,.0f} m from {day.describe(other)}",
                seen=f"{day.describe(event)}, {distance_m(point, where):,.0f} m away",
                evidence=(event.id, *(one.id for one, _ in far)),
            )

    def _reach_m(self, before: Event, event: Event) -> float:
        return self.tolerance_m + self.fastest_kmh * (event.at_us - before.at_us) / _US_PER_HOUR_AND_KM


def read_speed(header: ClauseHeader, _: Agreement) -> Speed:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Speed(
        header,
        fastest_kmh=table.positive("fastest_kmh"),
        tolerance_m=table.number("tolerance_m", minimum=0) if table.has("tolerance_m") else TOLERANCE_M,
    )


SPEED_PAGE = KindPage(
    kind="speed",
    summary="no vehicle is reported where it cannot have come from where it was reported before",
    judges=(PLAN, RUN),
    meaning=(
        "A sighting of a vehicle is a report (positioned, departed, arrived, boarded, alighted, counted) that names it "
        "and has a `position`, else a `place` whose position the plan gives. It must lie, from each other sighting of "
        "the latest moment before it and of its own moment, at most `tolerance_m` + `fastest_kmh` × the time between "
        "away, in a straight line (geodesic, WGS 84). It finds a tracker that jumps, one that was left behind (the "
        "vehicle arrives, its tracker did not), one that two vehicles share, and a vehicle that drives faster than "
        "agreed. A single stray position is told twice: on the way out and on the way back. A tracker that freezes is "
        "found by `stop` within a metre, one that falls silent by `reporting`."
    ),
    formula=(
        "ALWAYS FORALL v, x, y, d. at(v, x) AND (d = 0 AND at(v, y) OR last(v, y, d)) IMPLIES\n"
        "  distance(x, y) <= tolerance + fastest * d\n"
        "with at(v, x): a report says that v is at x; last(v, y, d): one said y, d ago, at the latest moment before\n"
        "  now at which one said anything"
    ),
    source=(
        "Practice of tracking: a report is held against what is possible before it is believed. Transfers are to be "
        "safe (GC III, art. 46), for which agreements set a highest speed."
    ),
    duty=(
        "No vehicle drives faster than 90 km/h, nor does its tracker: expected at most 2,000 m from positioned vehicle "
        "bus-1, 09:00; positioned vehicle bus-1, 09:01, 2,021 m away."
    ),
    parameters=(
        Parameter("fastest_kmh", "kilometres an hour", "How fast a vehicle can be, in a straight line.", required=True),
        Parameter(
            "tolerance_m", METRES, "How far reports may err, or places reach; the bound included.", default="500"
        ),
    ),
    rules=(Rule("too-fast", "the vehicle", "the sighting", "it cannot have come there in the time"),),
    example="""
[[clause]]
id = "no-jump"
kind = "speed"
fastest_kmh = 90
text = "No vehicle drives faster than 90 km/h, nor does its tracker."
""",
)
"""What the kind says of itself."""
