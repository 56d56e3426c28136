"""`precedence`: what happens must have been preceded by something."""

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

_Index = dict[Hashable, list[Event]]


@dataclass(frozen=True)
class Precedence:
    """Each e matching `before` needs another, f, matching `expect`, equal in `same`, e.at - within <= f.at <= e.at, and
    no g, neither e nor f, matching `voided_by`, equal in `same`, f.at <= g.at <= e.at; else (`missing`, same, e.at)."""

    header: ClauseHeader
    before: Patterns
    expect: Patterns
    within_us: int | None
    """None: however long before."""
    same: tuple[str, ...]
    voided_by: Patterns

    def sentence(self) -> str:
        """What the clause asks."""
        within = f", at most {format_duration(self.within_us)} before" if self.within_us is not None else ""
        voided = f", with no {any_of(self.voided_by)} since" if self.voided_by else ""
        return (
            f"Before {any_of(self.before)} there must have been "
            f"{any_of(self.expect)}{alike(self.same)}{within}{voided}."
        )

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.before + self.expect + self.voided_by

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether both required patterns can match one of these types."""
        return may_match(self.before, types) and may_match(self.expect, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every event that nothing valid preceded."""
        expected, voiding = _index(day, self.expect, self.same), _index(day, self.voided_by, self.same)
        for event in day.matching(self.before):
            key = same_key(event, self.same)
            finding = self.look(day, event, expected.get(key, []), voiding.get(key, []))
            if finding is not None:
                yield finding

    def look(self, day: Phrasing, event: Event, expected: list[Event], voiding: list[Event]) -> Finding | None:
        """The breach that an event is, among the events equal in `same`, in the order of `at`; None: it is none."""
        candidates = _latest_before(expected, event)
        first_us = candidates[0].at_us if candidates else event.at_us
        in_time = self.within_us is None or event.at_us - self.within_us <= first_us
        voids = voiding[bisect_left(voiding, first_us, key=_at) : bisect_right(voiding, event.at_us, key=_at)]
        if in_time and any(all(g.id in (event.id, f.id) for g in voids) for f in candidates):
            return None
        return self._missing(day, event, candidates, voids if in_time else [])

    @cached_property
    def _expected(self) -> str:
        return any_of(self.expect)

    def _missing(self, day: Phrasing, event: Event, candidates: list[Event], voids: list[Event]) -> Finding:
        nearest = candidates[-1] if candidates else None
        voided = next((one for one in reversed(voids) if one.id != event.id), None) if nearest else None
        if nearest is None:
            seen = "nothing of the kind was reported before"
        elif voided is not None:
            seen = f"{day.describe(nearest)} no longer held after {day.describe(voided)}"
        else:
            seen = f"the last was too long before: {day.describe(nearest)}"
        return Finding(
            "missing",
            same_subject(event, self.same),
            event.at_us,
            expected=f"{self._expected} before {day.describe(event)}",
            seen=seen,
            evidence=tuple(one.id for one in (event, nearest, voided) if one is not None),
            awaited=awaited_match(self.expect, self.same, event),
        )


def read_precedence(header: ClauseHeader, _: Agreement) -> Precedence:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Precedence(
        header,
        before=read_patterns(table, "before"),
        expect=read_patterns(table, "expect"),
        within_us=table.duration_us("within") if table.has("within") else None,
        same=read_same(table),
        voided_by=read_patterns(table, "voided_by") if table.has("voided_by") else (),
    )


def _index(day: Day, patterns: Patterns, same: tuple[str, ...]) -> _Index:
    index: _Index = defaultdict(list)
    for event in day.matching(patterns) if patterns else ():
        index[same_key(event, same)].append(event)
    return index


def _latest_before(events: list[Event], event: Event) -> list[Event]:
    """The events of the latest moment at or before the event, itself left out.

    No earlier one need be asked: whatever voids all of these lies at or after it, too.
    """
    end = bisect_right(events, event.at_us, key=_at)
    latest = next((one for one in reversed(events[max(0, end - 2) : end]) if one.id != event.id), None)
    if latest is None:
        return []
    return [one for one in events[bisect_left(events, latest.at_us, hi=end, key=_at) : end] if one.id != event.id]


def _at(event: Event) -> int:
    return event.at_us


PRECEDENCE_PAGE = KindPage(
    kind="precedence",
    summary="what happens must have been preceded by something",
    judges=(PLAN, RUN),
    meaning=(
        "Each event e that matches `before` needs another event f that matches `expect`, is equal to e in the fields "
        "of `same`, and happened at e or earlier, at most `within` before it (the bound included; without `within` "
        "however long before), with no third event matching `voided_by`, equal in `same`, from f to e: of one "
        "instant, the voiding one wins. The breach is told at once, at e; a late report can withdraw it. A plan is "
        "judged where both `before` and `expect` can match what a plan says."
    ),
    formula=(
        "ALWAYS FORALL e, s. before(e, s) IMPLIES EXISTS f. NOT f = e AND\n"
        "  (unvoided(e, f, s) SINCE[0,within] (expect(f, s) AND unvoided(e, f, s)))\n"
        "with unvoided(e, f, s) = NOT EXISTS g. voided_by(g, s) AND NOT g = e AND NOT g = f"
    ),
    source=(
        "Nobody sick or wounded who is to be repatriated may be sent against their will during hostilities (GC III, "
        "art. 109, third paragraph); the ICRC meets each person in private before a return, to be sure that he or "
        "she wants it, and assesses fitness to travel (ICRC, Somalia 2019; Gaza 2025). No one is moved to the "
        "prejudice of their health (GC III, art. 46)."
    ),
    duty=(
        "Nobody boards who has not told the intermediary in private that he or she wishes to return: expected "
        "consented (by NI, result willing) before boarded vehicle bus-1, 09:00; nothing of the kind was reported "
        "before."
    ),
    parameters=(
        Parameter("before", PATTERNS, "What must have been preceded.", required=True),
        Parameter("expect", PATTERNS, "What must have come before.", required=True),
        Parameter("within", DURATION, "At most how long before, the bound included; without it, however long."),
        Parameter(
            "same",
            FIELDS,
            "In which fields the events must be equal; both lacking one counts as equal.",
            default='["person"]',
        ),
        Parameter("voided_by", PATTERNS, "What makes the earlier event count no more."),
    ),
    rules=(Rule("missing", "the `same` values", "the event", "nothing valid came before"),),
    example="""
[[clause]]
id = "private-interview"
kind = "precedence"
before = { type = "boarded" }
expect = { type = "consented", by = "NI", result = "willing" }
within = "7d"
voided_by = { type = "consented", by = "NI", result = "unwilling" }
text = "Nobody boards who has not told the intermediary in private that he or she wishes to return."
""",
)
"""What the kind says of itself."""
