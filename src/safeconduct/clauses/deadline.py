"""`deadline`: something has happened by a time: once, or for each party, person or vehicle."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import Awaited, Finding, awaited_match
from safeconduct.clauses.page import DURATION, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match
from safeconduct.clauses.wording import any_of
from safeconduct.kernel.documents import Table
from safeconduct.kernel.times import format_duration, format_instant
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import read_patterns

_FIELDS = {"total": "", "party": "by", "person": "person", "vehicle": "vehicle"}
"""Of each value of `per` the field of an event that names for whom it counts."""
_FOR_EACH = {
    "total": "",
    "party": " by each party",
    "person": " for every person on the list",
    "vehicle": " for every vehicle of the plan",
}


@dataclass(frozen=True)
class Deadline:
    """With D = `by`, or plan.start - `before`: an event matching `expect` at or before D; else (`missing`, exchange,
    D). `per` asks it for each: party of the agreement (an event whose `by` it is, or a list with it), person due at D
    (`person`), vehicle of a planned leg (`vehicle`); else (`missing`, party | person | vehicle, D)."""

    header: ClauseHeader
    expect: Patterns
    by_us: int | None
    """The time; None: it is counted from the plan's start."""
    before_us: int
    """How long before the plan's start, where no time is given."""
    per: str

    def sentence(self) -> str:
        """What the clause asks."""
        by = f"{format_duration(self.before_us)} before the start" if self.by_us is None else format_instant(self.by_us)
        return f"By {by} there must have been {any_of(self.expect)}{_FOR_EACH[self.per]}."

    @property
    def compared(self) -> tuple[str, ...]:
        """The field that names for whom it counts."""
        field = _FIELDS[self.per]
        return (field,) if field else ()

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.expect

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether `expect` can match one of these types."""
        return may_match(self.expect, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """A deadline for each for whom nothing happened in time."""
        happened: dict[str, list[Event]] = {}
        for event in day.matching(self.expect):
            for subject in self.whose(day.plan, event):
                happened.setdefault(subject, []).append(event)
        for subject in self.owing(day):
            yield from self.judge_one(day, subject, happened.get(subject, ()))

    def at_us(self, plan: Plan) -> int:
        """The deadline."""
        return plan.start_us - self.before_us if self.by_us is None else self.by_us

    def whose(self, plan: Plan, event: Event) -> Iterable[str]:
        """For whom an event counts: of what several parties did together, for each of them."""
        if self.per == "total":
            return (plan.exchange,)
        if self.per == "party":
            return dict.fromkeys(event.texts(_FIELDS[self.per]))
        one = event.text(_FIELDS[self.per])
        return () if one is None else (one,)

    def owing(self, day: Planned) -> Iterable[str]:
        """Everyone, or everything, for whom it may be owed."""
        match self.per:
            case "party":
                return day.agreement.parties
            case "person":
                return day.roster.members
            case "vehicle":
                return dict.fromkeys(leg.vehicle for leg in day.plan.legs)
            case _:
                return (day.plan.exchange,)

    def judge_one(self, day: Planned, subject: str, happened: Sequence[Event]) -> Iterable[Finding]:
        """A deadline, if nothing happened for this one by then. `happened` in the order of `at`, then id."""
        deadline_us = self.at_us(day.plan)
        if self.per == "person":
            member = day.roster.members.get(subject)
            if member is None or not day.roster.due(member, deadline_us):
                return
        first = happened[0] if happened else None
        if first is not None and first.at_us <= deadline_us:
            return
        whom = _FOR_EACH[self.per] if self.per == "person" else "" if self.per == "total" else f" of {subject}"
        yield Finding(
            "missing",
            subject,
            deadline_us,
            expected=f"{any_of(self.expect)}{whom} by {day.clock(deadline_us)}",
            seen=f"only later: {day.describe(first)}" if first else "",
            evidence=(first.id,) if first else (),
            deadline=True,
            awaited=self._awaited(subject),
        )

    def _awaited(self, subject: str) -> Awaited:
        match = awaited_match(self.expect)
        return Awaited(frozenset((subject,)), match.places) if self.per == "vehicle" else match


def read_deadline(header: ClauseHeader, _: Agreement) -> Deadline:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    expect = read_patterns(table, "expect")
    by_us, before_us = _read_time(table)
    return Deadline(header, expect, by_us, before_us, table.choice("per", _FIELDS) if table.has("per") else "total")


def _read_time(table: Table) -> tuple[int | None, int]:
    if table.has("by") == table.has("before"):
        both = table.has("by")
        table.refuse(
            "before",
            f"a 'deadline' needs exactly one of by, before; it names {'both' if both else 'none'}",
            "remove one of them" if both else "add one of them",
        )
    return (table.instant_us("by"), 0) if table.has("by") else (None, table.duration_us("before"))


DEADLINE_PAGE = KindPage(
    kind="deadline",
    summary="something has happened by a time: once, or for each party, person or vehicle",
    judges=(PLAN, RUN),
    meaning=(
        "With the deadline D = `by`, or the plan's start less `before`: an event that matches `expect` has happened at "
        "D or earlier. `per` asks for one for each party of the agreement (whose `by` it is, or a list with it), for "
        "each person who is due at D (on the list then, neither withdrawn nor dead; whose `person` it is), or for "
        "each vehicle of a planned leg (whose `vehicle` it is). How early it happened is not asked. It is missed only"
        " once observation has passed D. It is for what is owed without anything having to happen first; a `response`"
        " or a `precedence` raises no alarm where what should call for it never comes. A plan is judged where "
        "`expect` can match what a plan says."
    ),
    formula=(
        "ALWAYS now_is(D) IMPLIES FORALL x. owed(x) IMPLIES ONCE EXISTS e. expect(e, x)\n"
        "with owed(x): x is the exchange, or by `per` a party, a person due, a vehicle of the plan"
    ),
    source=(
        "A complete list before departure (GC III, art. 46), particulars within the shortest possible period (art. "
        "122), names of those held back (art. 119). In practice: on 19 January 2025 names that came late moved a "
        "truce by almost three hours; on 24 January 2024 an aircraft flew whose use had not been notified."
    ),
    duty=(
        "Each side hands over its list a day before the start: expected declared (what list) of UA by 2025-06-01 "
        "09:00; none by 2025-06-01 09:01."
    ),
    parameters=(
        Parameter("expect", PATTERNS, "What must have happened.", required=True),
        Parameter("by", "time with offset", "When it must have happened, the moment included."),
        Parameter("before", DURATION, "The same, counted back from the plan's start."),
        Parameter(
            "per",
            '"total", "party", "person" or "vehicle"',
            "For whom it is asked: once, or for each of these.",
            default='"total"',
        ),
    ),
    one_of=("by", "before"),
    exactly_one=True,
    rules=(
        Rule("missing", "the exchange, or the party, person or vehicle", "the deadline", "nothing happened in time"),
    ),
    example="""
[[clause]]
id = "lists-in-time"
kind = "deadline"
expect = { type = "declared", what = "list" }
before = "1d"
per = "party"
text = "Each side hands over its list a day before the start."
""",
)
"""What the kind says of itself."""
