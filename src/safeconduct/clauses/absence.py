"""`absence`: something never happens, or not in a time, or not near a place."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import FIELDS, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match, read_same, same_subject
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.wording import any_of
from safeconduct.kernel.documents import Table
from safeconduct.kernel.times import format_instant
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within
from safeconduct.vocabulary.pattern import read_patterns
from safeconduct.vocabulary.place import Point, parse_point


@dataclass(frozen=True)
class Near:
    """A circle around a place of the plan."""

    place: str
    radius_m: float


@dataclass(frozen=True)
class Absence:
    """Each event matching `never`, inside, is a breach (`occurred`, same, e.at).

    Near is judged by the event's `position`, else by the position of its `place`. What cannot be measured counts as
    inside: an event with neither; and, where the plan lacks the place of `near` or its position, every event. A person
    can look at an alarm too many and put it aside; one that is never raised for want of a position nobody misses. The
    message says that it was not measured.
    """

    header: ClauseHeader
    never: Patterns
    between_us: tuple[int, int] | None
    """From when until when, inclusive; None: always."""
    near: Near | None
    """None: anywhere."""
    same: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What the clause asks."""
        between = ""
        if self.between_us is not None:
            first, last = map(format_instant, self.between_us)
            between = f" between {first} and {last}"
        near = f" within {self.near.radius_m:,.10g} m of {self.near.place}" if self.near else ""
        return f"There must be no {any_of(self.never)}{between}{near}."

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.never

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether `never` can match one of these types."""
        return may_match(self.never, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every event that should not have been."""
        positions = {place.id: place.position for place in day.plan.places}
        for event in day.matching(self.never):
            yield from self.judge_event(day, event, positions)

    def judge_event(self, day: Phrasing, event: Event, positions: Mapping[str, Point | None]) -> Iterator[Finding]:
        """One event that matches `never`, if it is inside. `positions`: of the plan's places, by id."""
        if self.between_us is not None and not self.between_us[0] <= event.at_us <= self.between_us[1]:
            return
        where = _whereabouts(event, positions)
        centre = positions.get(self.near.place) if self.near else None
        measured = where is not None and centre is not None
        if self.near and where and centre and not is_within(where, centre, self.near.radius_m):
            return
        unmeasured = self.near and not measured and event.text("place") != self.near.place
        yield Finding(
            "occurred",
            same_subject(event, self.same),
            event.at_us,
            expected=f"no {any_of(self.never)}",
            seen=day.describe(event) + (", how far away is not known" if unmeasured else ""),
            evidence=(event.id,),
        )


def read_absence(header: ClauseHeader, _: Agreement) -> Absence:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Absence(
        header,
        never=read_patterns(table, "never"),
        between_us=_read_between(table) if table.has("between") else None,
        near=_read_near(table.table("near")) if table.has("near") else None,
        same=read_same(table, ()),
    )


def _read_between(table: Table) -> tuple[int, int]:
    moments = table.instants_us("between")
    if len(moments) != 2:
        table.refuse("between", f"'between' names {len(moments)} times", "name two: start and end")
    if moments[0] > moments[1]:
        table.refuse("between", "'between' ends before it starts", "swap the times")
    return moments[0], moments[1]


def _read_near(table: Table) -> Near:
    near = Near(table.text("place"), table.positive("radius_m"))
    table.finish()
    return near


def _whereabouts(event: Event, positions: Mapping[str, Point | None]) -> Point | None:
    """Where it happened; a position that is none counts as lacking."""
    try:
        return parse_point(event.fields.get("position"))
    except ValueError:
        return positions.get(event.text("place") or "")


ABSENCE_PAGE = KindPage(
    kind="absence",
    summary="something never happens, or not in a time, or not near a place",
    judges=(PLAN, RUN),
    meaning=(
        "Each event that matches `never` is a breach, if it is inside: at a moment of `between` (both ends included) "
        "and within `near`, judged by the event's `position`, else by that of its `place`; what cannot be measured "
        "counts as inside, and the message says so. Nothing is inferred from silence: what nobody reported, the "
        "clause does not see. A plan is judged where `never` can match what a plan says."
    ),
    formula="ALWAYS NOT EXISTS e. never(e) AND inside(e)",
    source=(
        "Prisoners are protected against insults and public curiosity (GC III, art. 13) and are never kept where "
        "they are exposed to the fire of the combat zone (art. 23); the ICRC gives out no footage of those released. "
        "Truces and exclusion zones with hours and a radius are practice: in Colombia in 2009 an aircraft over a "
        "release had the next one suspended."
    ),
    duty=(
        "From 06:00 to 14:00 UTC nothing flies and nobody shoots within five kilometres of the crossing: expected "
        "no incident (what drone or shelling or shots); incident, 06:00."
    ),
    parameters=(
        Parameter("never", PATTERNS, "What must not happen.", required=True),
        Parameter(
            "between", "list of two times with offset", "From when until when, both included; without it, always."
        ),
        Parameter(
            "near",
            "table { place, radius_m }",
            "A place of the plan and metres around it, the bound included; without it, anywhere.",
        ),
        Parameter(
            "same", FIELDS, "The fields by whose values a breach is named; if empty, by the event's id.", default="[]"
        ),
    ),
    rules=(Rule("occurred", "the `same` values, or the event's id", "the event", "it happened"),),
    example="""
[[clause]]
id = "no-drones"
kind = "absence"
never = { type = "incident", what = ["drone", "shelling", "shots"] }
between = [2025-07-04T06:00:00Z, 2025-07-04T14:00:00Z]
near = { place = "crossing", radius_m = 5000 }
text = "From 06:00 to 14:00 UTC nothing flies and nobody shoots within five kilometres of the crossing."
""",
)
"""What the kind says of itself."""
