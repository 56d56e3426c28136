"""`embargo`: something is held back until something else has happened for everyone on the list, or for some of them."""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import ANYTHING, Finding, awaited_match
from safeconduct.clauses.page import EACH_PATTERN, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, may_match
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.roster import FOREVER_US, Member
from safeconduct.clauses.wording import any_of, with_what
from safeconduct.kernel.documents import Table
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import EventPattern, read_pattern, read_patterns

PERSON_FIELDS = ("person", "home", "held_by", "batch")
"""What a pattern over persons of the list may ask for."""

EVERYONE = EventPattern(())


@dataclass(frozen=True)
class Embargo:
    """Each event matching `hold` at t, while some person on the list at t whom `of` matches (the dead included, those
    withdrawn at or before t left out) lacks, for some pattern of `until_all`, an event at or before t: (`early`, event
    id, t)."""

    header: ClauseHeader
    hold: Patterns
    until_all: Patterns
    of: EventPattern = EVERYONE
    """For whom it must be so: over `PERSON_FIELDS`, as the list has them."""

    def sentence(self) -> str:
        """What the clause asks."""
        needed = " and ".join(any_of((pattern,)) for pattern in self.until_all)
        return f"No {any_of(self.hold)} until there has been {needed} for every person on the list{with_what(self.of)}."

    def concerns(self, person: Member) -> bool:
        """Whether it must be so for this person."""
        known = {"person": person.person, "home": person.home, "held_by": person.held_by, "batch": person.batch}
        return self.of.matches({key: value for key, value in known.items() if value})

    @property
    def compared(self) -> tuple[str, ...]:
        """No field need be equal."""
        return ()

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.hold + self.until_all

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether `hold` and each pattern of `until_all` can match one of these types."""
        return may_match(self.hold, types) and all(may_match((one,), types) for one in self.until_all)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every event that came too early."""
        held = day.matching(self.hold)
        if not held:
            return
        starts, ends = self._lacking(day)
        for event in held:
            lacking = bisect_right(starts, event.at_us) - bisect_right(ends, event.at_us)
            if lacking:
                yield self.early(day, event, lacking)

    def early(self, day: Phrasing, event: Event, lacking: int) -> Finding:
        """An event that came while so many persons lacked something."""
        return Finding(
            "early",
            event.id,
            event.at_us,
            expected=f"{day.describe(event)}, to be held back until it was so for everyone on the list"
            f"{with_what(self.of)}",
            seen=f"{lacking} on the list still lacked what must come before",
            evidence=(event.id,),
            awaited=awaited_match(self.until_all) if len(self.until_all) == 1 else ANYTHING,
        )

    def count_lacking(self, day: Day, at_us: int) -> tuple[int, int]:
        """How many of those for whom it must be so still lack something at a moment, and how many these are in all."""
        starts, ends = self._lacking(day)
        withdrawn_us = day.roster.withdrawn_us
        needed = sum(
            member.since_us <= at_us < min(member.until_us, withdrawn_us.get(person, FOREVER_US))
            for person, member in day.roster.members.items()
            if self.concerns(member)
        )
        return bisect_right(starts, at_us) - bisect_right(ends, at_us), needed

    def _lacking(self, day: Day) -> tuple[list[int], list[int]]:
        """From when (inclusive) and until when (exclusive) persons on the list lack something; each list sorted."""
        ready: dict[str, int] = {}
        for index, pattern in enumerate(self.until_all):
            first: dict[str, int] = {}
            for event in day.matching((pattern,)):
                person = event.text("person")
                if person is not None:
                    first.setdefault(person, event.at_us)
            ready = {
                person: max(at_us, ready.get(person, at_us))
                for person, at_us in first.items()
                if index == 0 or person in ready
            }
        starts, ends = [], []
        for person, member in day.roster.members.items():
            until_us = min(
                member.until_us, day.roster.withdrawn_us.get(person, FOREVER_US), ready.get(person, FOREVER_US)
            )
            if member.since_us < until_us and self.concerns(member):
                starts.append(member.since_us)
                ends.append(until_us)
        return sorted(starts), sorted(ends)


def read_embargo(header: ClauseHeader, _: Agreement) -> Embargo:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Embargo(
        header,
        hold=read_patterns(table, "hold"),
        until_all=read_patterns(table, "until_all"),
        of=_read_of(table.table("of")) if table.has("of") else EVERYONE,
    )


def _read_of(table: Table) -> EventPattern:
    table.allow(*PERSON_FIELDS)
    table.finish()
    pattern = read_pattern(table)
    for one in pattern.conditions:
        if not all(isinstance(value, str) for value in one.any_of or one.none_of or (0,)):
            table.refuse(one.key, f"'{one.key}' of a person of the list is always a text", "write texts")
    return pattern


EMBARGO_PAGE = KindPage(
    kind="embargo",
    summary="something is held back until something else has happened for everyone on the list",
    judges=(PLAN, RUN),
    meaning=(
        "Each event that matches `hold` is a breach if at its moment some person on the list, the dead included, "
        "those withdrawn by then left out, lacks an event, at that moment or before, for one of the patterns of "
        "`until_all`: each of these must have been so for each person. The message tells how many were lacking, "
        "never who. With `of` it must be so only for those whom `of` matches, as the list has them: a table of "
        "`person`, `home`, `held_by` and `batch`, written like an event pattern, of texts. The same count holds back a "
        "communiqué before it is released. A plan is judged where all the patterns can match what a plan says."
    ),
    formula=(
        "ALWAYS FORALL e. hold(e) IMPLIES FORALL p. (on_list(p) AND of(p) AND NOT ONCE withdrawn(p)) IMPLIES\n"
        "  (ONCE EXISTS f. until_1(f, p)) AND ... AND (ONCE EXISTS f. until_n(f, p))"
    ),
    source=(
        "That families hear before the public does is practice. The law protects prisoners from public curiosity (GC "
        "III, art. 13) and has what is known of them passed on to the Power on which they depend and to their next "
        "of kin (art. 122). Lists published too early put at risk whoever is not yet across."
    ),
    duty=(
        "Nothing is published before every family has been told: expected published, 09:00, to be held back until "
        "it was so for everyone on the list; 1 on the list still lacked what must come before."
    ),
    parameters=(
        Parameter("hold", PATTERNS, "What is held back.", required=True),
        Parameter("until_all", EACH_PATTERN, "What each person on the list must have had before.", required=True),
        Parameter(
            "of",
            "table { person, home, held_by, batch }",
            "For whom of the list; all its keys must hold, a list means any of; without it, for everyone.",
        ),
    ),
    rules=(Rule("early", "the event's id", "the event", "somebody on the list still lacked something"),),
    example="""
[[clause]]
id = "families-first"
kind = "embargo"
hold = { type = "published" }
until_all = [{ type = "notified", who = "family" }]
text = "Nothing is published before every family has been told."
""",
)
"""What the kind says of itself."""
