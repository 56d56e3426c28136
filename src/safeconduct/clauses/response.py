"""`response`: what happens must be answered within a time."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding, awaited_match
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

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields of `same`."""
        return self.same

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
