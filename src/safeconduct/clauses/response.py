"""`response`: what happens must be answered within a time."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, awaited_match
from safeconduct.clauses.page import DURATION, FIELDS, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match, read_same, same_key, same_subject
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import read_patterns


@dataclass(frozen=True)
class Response:
    """Each event e matching `after` needs another, f, matching `expect` or `discharged_by`, equal in `same`, with
    e.at <= f.at <= e.at + within; else (`missing`, same, e.at + within)."""

    header: ClauseHeader
    after: Patterns
    expect: Patterns
    within_us: int
    same: tuple[str, ...]
    discharged_by: Patterns

    def sentence(self) -> str:
        """What the clause asks."""
        discharged = f", unless {any_of(self.discharged_by)} lifts that" if self.discharged_by else ""
        return (
            f"After {any_of(self.after)} there must be {any_of(self.expect)}{alike(self.same)} "
            f"within {format_duration(self.within_us)}{discharged}."
        )

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.after + self.expect + self.discharged_by

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether both required patterns can match one of these types."""
        return may_match(self.after, types) and may_match(self.expect, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """A deadline for every event without its answer."""
        answers: dict[Hashable, list[Event]] = defaultdict(list)
        for answer in day.matching(self.expect + self.discharged_by):
            answers[same_key(answer, self.same)].append(answer)
        for event in day.matching(self.after):
            candidates = answers.get(same_key(event, self.same), [])
            deadline_us = event.at_us + self.within_us
            first = bisect_left(candidates, event.at_us, key=lambda one: one.at_us)
            last = bisect_right(candidates, deadline_us, key=lambda one: one.at_us)
            if last - first > 1 or (last - first == 1 and candidates[first].id != event.id):
                continue
            yield self.missing(day, event, candidates[last] if last < len(candidates) else None)

    @cached_property
    def _expected(self) -> str:
        return any_of(self.expect)

    def missing(self, day: Phrasing, event: Event, late: Event | None) -> Finding:
        """An event without its answer in time; `late` is the first one after that."""
        deadline_us = event.at_us + self.within_us
        return Finding(
            "missing",
            same_subject(event, self.same),
            deadline_us,
            expected=f"{day.describe(event)}; {self._expected} due by {day.clock(deadline_us)}",
            seen=f"only later: {day.describe(late)}" if late else "",
            evidence=(event.id, late.id) if late else (event.id,),
            deadline=True,
            awaited=awaited_match(self.expect + self.discharged_by, self.same, event),
        )


def read_response(header: ClauseHeader, _: Agreement) -> Response:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Response(
        header,
        after=read_patterns(table, "after"),
        expect=read_patterns(table, "expect"),
        within_us=table.duration_us("within"),
        same=read_same(table),
        discharged_by=read_patterns(table, "discharged_by") if table.has("discharged_by") else (),
    )


RESPONSE_PAGE = KindPage(
    kind="response",
    summary="what happens must be answered within a time",
    judges=(PLAN, RUN),
    meaning=(
        "Each event e that matches `after` needs another event f that matches `expect` or `discharged_by`, is equal "
        "to e in the fields of `same`, and happens at e or later, at most `within` after it, the bound included. One "
        "answer may serve several events. The clause is missed only once the time of observation has passed the "
        "deadline, and while a device that could report the answer has not been heard of since, the breach is "
        "unconfirmed. A plan is judged where both `after` and `expect` can match what a plan says."
    ),
    formula=(
        "ALWAYS FORALL e, s. after(e, s) IMPLIES\n"
        "  EVENTUALLY[0,within] EXISTS f. NOT f = e AND (expect(f, s) OR discharged_by(f, s))"
    ),
    source=(
        "The form of every time limit: a prisoner writes home within one week of arriving at a camp, and likewise "
        "after transfer to a hospital or another camp (GC III, art. 70). That an examination, a call to the family "
        "or an acknowledgement follows within hours is practice and for the parties to agree."
    ),
    duty=(
        "Everyone who has come home is examined by a doctor within three hours: expected accepted NI to UA, 09:00; "
        "examined (what medical) due by 12:00; none by 12:01."
    ),
    parameters=(
        Parameter("after", PATTERNS, "What calls for an answer.", required=True),
        Parameter("expect", PATTERNS, "The answer.", required=True),
        Parameter("within", DURATION, "How long the answer may take, the bound included.", required=True),
        Parameter(
            "same",
            FIELDS,
            "In which fields the two must be equal; both lacking one counts as equal.",
            default='["person"]',
        ),
        Parameter("discharged_by", PATTERNS, "What lifts the duty as an answer does."),
    ),
    rules=(Rule("missing", "the `same` values", "the deadline", "no answer came in time"),),
    example="""
[[clause]]
id = "examined"
kind = "response"
after = { type = "accepted", handover = true }
expect = { type = "examined", what = "medical" }
within = "3h"
discharged_by = { type = "died" }
text = "Everyone who has come home is examined by a doctor within three hours."
""",
)
"""What the kind says of itself."""
