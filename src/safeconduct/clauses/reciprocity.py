"""`reciprocity`: what one does the others do as well, within a time."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, awaited_match
from safeconduct.clauses.page import DURATION, EACH_PATTERN, FIELDS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match, pattern_key, read_same, same_key, same_subject
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.documents import Table
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import EventPattern, read_patterns


@dataclass(frozen=True)
class Reciprocity:
    """Of the events that match any pattern of `each` and are equal in `same`, let e be the first (by at, then id): for
    every pattern of `each` there must be one, equal in `same`, at or before e.at + within; else (`one-sided`, same,
    e.at + within), of which e's id is the subject if `same` is empty."""

    header: ClauseHeader
    each: Patterns
    within_us: int
    same: tuple[str, ...]

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"Within {format_duration(self.within_us)} of the first of them there is each of: "
            f"{'; '.join(any_of((one,)) for one in self.each)}{alike(self.same)}."
        )

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields of `same`."""
        return self.same

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.each

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether every pattern of `each` can match one of these types."""
        return all(may_match((one,), types) for one in self.each)

    def judge(self, day: Day) -> Iterable[Finding]:
        """A deadline for everything that one began and not all took up."""
        steps: dict[Hashable, list[Event]] = {}
        for event in day.matching(self.each):
            steps.setdefault(same_key(event, self.same), []).append(event)
        for taken in steps.values():
            firsts = [next((one for one in taken if pattern.matches(one.fields)), None) for pattern in self.each]
            yield from self.judge_steps(day, taken[0], firsts)

    def judge_steps(self, day: Phrasing, first: Event, firsts: Sequence[Event | None]) -> Iterable[Finding]:
        """A deadline for steps equal in `same`: the first of all, and of each pattern the first that matches it."""
        deadline_us = first.at_us + self.within_us
        lacking: list[EventPattern] = []
        late: list[Event] = []
        for pattern, own in zip(self.each, firsts, strict=True):
            if own is None or own.at_us > deadline_us:
                lacking.append(pattern)
                late += [own] if own else []
        if not lacking:
            return
        patterns = tuple(lacking)
        yield Finding(
            "one-sided",
            same_subject(first, self.same),
            deadline_us,
            expected=f"after {day.describe(first)}: {' and '.join(any_of((one,)) for one in patterns)} by "
            f"{day.clock(deadline_us)}",
            seen="only later: " + " and ".join(day.describe(one) for one in late) if late else "",
            evidence=tuple(dict.fromkeys((first.id, *(one.id for one in late)))),
            deadline=True,
            awaited=awaited_match(patterns, self.same, first),
        )


def read_reciprocity(header: ClauseHeader, _: Agreement) -> Reciprocity:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    each = read_patterns(table, "each")
    if len(each) < 2:
        table.refuse("each", "'each' names one step alone", "list at least two patterns, one for each who takes it")
    within_us, same = table.duration_us("within"), read_same(table, ())
    _refuse_twice(table, each)
    return Reciprocity(header, each, within_us, same)


def _refuse_twice(table: Table, each: Patterns) -> None:
    """A pattern given twice is met by one step: it asks nothing of a second."""
    seen: set[Hashable] = set()
    for index, pattern in enumerate(each):
        asked = pattern_key(pattern)
        if asked in seen:
            path = (*table.path, "each", index)
            mend = "remove it, or say in it what sets the two steps apart"
            raise BadInput(table.document.fault(path, "'each' gives one pattern twice, which one step meets", mend))
        seen.add(asked)


RECIPROCITY_PAGE = KindPage(
    kind="reciprocity",
    summary="what one does the others do as well, within a time",
    judges=(PLAN, RUN),
    meaning=(
        "Of the events that match any pattern of `each` and are equal in the fields of `same`, let e be the first (by "
        "time, then id): for every pattern of `each` there is one of them that matches it, at most `within` after e, "
        "the bound included. Who goes first does not matter, which sets it apart from `response`. It is for steps "
        "that nobody takes alone: convoys that set out or arrive together, a paper that all sign; for handovers there "
        "is `simultaneity`. Of what is equal in `same` only the first round is judged: let `same` tell rounds apart. "
        "A plan is judged where every pattern of `each` can match what a plan says."
    ),
    formula=(
        "ALWAYS FORALL s. step(s) AND NOT ONCE(0,*] step(s) IMPLIES\n"
        "  (EVENTUALLY[0,within] EXISTS e. each_1(e, s)) AND ... AND (EVENTUALLY[0,within] EXISTS e. each_n(e, s))\n"
        "with step(s) = EXISTS e. each_1(e, s) OR ... OR each_n(e, s)"
    ),
    source=(
        "Reciprocity is what these agreements rest on; the law asks each side by itself and lets no delay follow from "
        "the other's (GC III, arts. 109 and 118), so a breach is a fact for the duty officer and no excuse. In "
        "practice: aircraft of both sides took off together (Yemen, April 2023); on 7 June 2025 one side came alone."
    ),
    duty=(
        "Both convoys reach the crossing within an hour of each other: expected after arrived vehicle bus-1 at "
        "crossing, 09:00: arrived (place crossing, vehicle bus-2) by 10:00; none by 10:01."
    ),
    parameters=(
        Parameter("each", EACH_PATTERN, "The steps, two at least, none of them twice.", required=True),
        Parameter("within", DURATION, "How long after the first, the bound included.", required=True),
        Parameter(
            "same",
            FIELDS,
            "In which fields the events must be equal; both lacking one counts as equal.",
            default="[]",
        ),
    ),
    rules=(
        Rule("one-sided", "the `same` values, or the first event's id", "the deadline", "not every step was taken"),
    ),
    example="""
[[clause]]
id = "both-arrive"
kind = "reciprocity"
each = [
  { type = "arrived", place = "crossing", vehicle = "bus-1" },
  { type = "arrived", place = "crossing", vehicle = "bus-2" },
]
within = "1h"
text = "Both convoys reach the crossing within an hour of each other."
""",
)
"""What the kind says of itself."""
