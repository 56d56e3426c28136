"""`complete`: everyone is handed over by an agreed time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
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
