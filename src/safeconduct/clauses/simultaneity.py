"""`simultaneity`: in each batch the handovers to all sides begin together."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.roster import Member
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event


@dataclass(frozen=True)
class Simultaneity:
    """For each batch: t(s) the first moment at which one of its persons going home to s was handed over, m the least of
    them; every s with a person of the batch due at m + within must have t(s) <= m + within, else (`one-sided`, batch,
    m + within)."""

    header: ClauseHeader
    within_us: int

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"In each batch the first handover to every side comes within {format_duration(self.within_us)} "
            "of the first handover to any."
        )

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether acceptances are known."""
        return "accepted" in types

    def judge(self, day: Day) -> Iterable[Finding]:
        """A deadline for every batch of which one side got nobody in time."""
        batches: dict[str, list[Member]] = defaultdict(list)
        for member in day.roster.members.values():
            if member.batch and member.home:
                batches[member.batch].append(member)
        for batch, members in batches.items():
            yield from self.judge_batch(day, batch, members)

    def judge_batch(self, day: Planned, batch: str, members: Collection[Member]) -> Iterable[Finding]:
        """A deadline for one batch, if a side got nobody in time. `members`: all who are ever in it, with a home."""
        first: dict[str, Event] = {}
        for member in members:
            handed = day.handed_over.get(member.person)
            known = first.get(member.home)
            if handed and (known is None or (handed.at_us, handed.id) < (known.at_us, known.id)):
                first[member.home] = handed
        if not first:
            return
        opening_home, opening = min(first.items(), key=lambda item: (item[1].at_us, item[1].id))
        deadline_us = opening.at_us + self.within_us
        waiting = sorted({member.home for member in members if day.roster.due(member, deadline_us)})
        for home in waiting:
            late = first.get(home)
            if late is None or late.at_us > deadline_us:
                yield Finding(
                    "one-sided",
                    batch,
                    deadline_us,
                    expected=(
                        f"batch {batch}: first handover to {opening_home} {day.clock(opening.at_us)}, "
                        f"to {home} due by {day.clock(deadline_us)}"
                    ),
                    seen=f"the first to {home} came only {day.clock(late.at_us)}" if late else "",
                    evidence=(opening.id, late.id) if late else (opening.id,),
                    deadline=True,
                    awaited=ANYTHING,
                )


def read_simultaneity(header: ClauseHeader, _: Agreement) -> Simultaneity:
    """Read the parameters. Raises BadInput at line and column."""
    return Simultaneity(header, within_us=header.table.duration_us("within"))
