"""`complete`: everyone is handed over by an agreed time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.page import PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.roster import Member
from safeconduct.kernel.times import format_instant


@dataclass(frozen=True)
class Complete:
    """Each person due at `by` and not handed over by then: (`outstanding`, person, by)."""

    header: ClauseHeader
    by_us: int

    def sentence(self) -> str:
        """What the clause asks."""
        return f"Everyone on the list is handed over by {format_instant(self.by_us)}."

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether acceptances are known."""
        return "accepted" in types

    def judge(self, day: Day) -> Iterable[Finding]:
        """A deadline for every person still outstanding."""
        for member in day.roster.members.values():
            yield from self.judge_member(day, member)

    def judge_member(self, day: Planned, member: Member) -> Iterator[Finding]:
        """A deadline, if this person was not handed over by then."""
        handed = day.handed_over.get(member.person)
        if day.roster.due(member, self.by_us) and (handed is None or handed.at_us > self.by_us):
            yield Finding(
                "outstanding",
                member.person,
                self.by_us,
                expected=f"everyone on the list handed over by {day.clock(self.by_us)}",
                seen=f"handed over only later: {day.describe(handed)}" if handed else "",
                evidence=(handed.id,) if handed else (),
                deadline=True,
                awaited=ANYTHING,
            )


def read_complete(header: ClauseHeader, _: Agreement) -> Complete:
    """Read the parameters. Raises BadInput at line and column."""
    return Complete(header, by_us=header.table.instant_us("by"))


COMPLETE_PAGE = KindPage(
    kind="complete",
    summary="everyone is handed over by an agreed time",
    judges=(PLAN, RUN),
    meaning=(
        "Each person who is due at `by` (on the list then, neither withdrawn nor dead) has been handed over by then, "
        "the moment included: accepted by the home party, once and for good. It is missed only once observation has "
        "passed `by`; one breach for each person outstanding."
    ),
    formula=("ALWAYS now_is(by) IMPLIES FORALL p. due(p) IMPLIES ONCE handed_over(p)"),
    source=(
        "Release and repatriation without delay after the cessation of active hostilities (GC III, art. 118); of the "
        "seriously wounded and sick, once fit to travel (art. 109). The date of a round is for the parties to agree."
    ),
    duty=(
        "Everyone of the round is handed over by the evening of 4 July 2025: expected everyone on the list handed "
        "over by 19:00; none by 19:01."
    ),
    parameters=(
        Parameter(
            "by", "time with offset", "When everyone must have been handed over, the moment included.", required=True
        ),
    ),
    rules=(Rule("outstanding", "the person", "`by`", "due and not handed over"),),
    example="""
[[clause]]
id = "all-home"
kind = "complete"
by = "2025-07-04T19:00:00Z"
text = "Everyone of the round is handed over by the evening of 4 July 2025."
""",
)
"""What the kind says of itself."""
