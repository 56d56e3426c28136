"""`absence`: something never happens, or not in a time, or not near a place."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.extent import BETWEEN, NEAR, Extent, Positions, positions_of, read_extent
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import FIELDS, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match, read_same, same_subject
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.wording import any_of
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import read_patterns


@dataclass(frozen=True)
class Absence:
    """Each event matching `never`, inside, is a breach (`occurred`, same, e.at)."""

    header: ClauseHeader
    never: Patterns
    inside: Extent
    same: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What the clause asks."""
        return f"There must be no {any_of(self.never)}{self.inside.words()}."

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields of `same`."""
        return self.same

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.never

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether `never` can match one of these types."""
        return may_match(self.never, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every event that should not have been."""
        positions = positions_of(day.plan)
        for event in day.matching(self.never):
            yield from self.judge_event(day, event, positions)

    def judge_event(self, day: Phrasing, event: Event, positions: Positions) -> Iterator[Finding]:
        """One event that matches `never`, if it is inside. `positions`: of the plan's places, by id."""
        if not self.inside.holds(event, positions):
            return
        yield Finding(
            "occurred",
            same_subject(event, self.same),
            event.at_us,
            expected=f"no {any_of(self.never)}",
            seen=day.describe(event) + self.inside.unmeasured(event, positions),
            evidence=(event.id,),
        )


def read_absence(header: ClauseHeader, _: Agreement) -> Absence:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Absence(header, read_patterns(table, "never"), read_extent(table), read_same(table, ()))


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
        BETWEEN,
        NEAR,
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
