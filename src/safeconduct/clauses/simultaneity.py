"""`simultaneity`: in each batch the handovers to all sides begin together."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.page import DURATION, PLAN, RUN, KindPage, Parameter, Rule
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


SIMULTANEITY_PAGE = KindPage(
    kind="simultaneity",
    summary="in each batch the handovers to all sides begin together",
    judges=(PLAN, RUN),
    meaning=(
        "Of each batch, the first person handed over to any side starts the time: every other side to which a person "
        "of the batch is due by then must have its own first within `within`, the bound included. It asks that both "
        "sides begin together; whether the rest follow in step is the kind `parity`. The breach names the batch."
    ),
    formula=(
        "ALWAYS FORALL b. begins(b) IMPLIES FORALL s. (EVENTUALLY[within,within] due(b, s)) IMPLIES\n"
        "  EVENTUALLY[0,within] EXISTS p. handed_over(p, b, s)\n"
        "with begins(b) = (EXISTS p, s. handed_over(p, b, s)) AND NOT ONCE(0,*] EXISTS p, s. handed_over(p, b, s)"
    ),
    source=(
        "Practice of simultaneous releases: neither side is left with its half given and nothing received. On 22-23 "
        "February 2025 some 620 prisoners sat on buses for 13 hours, after the other side's part, and were taken "
        "back. No article asks for it: the seriously wounded and sick go home regardless of number (GC III, art. "
        "109)."
    ),
    duty=(
        "Both sides of a batch begin to be handed over within 45 minutes of each other: expected batch b1: first "
        "handover to UA 09:00, to RU due by 09:45; none by 09:46."
    ),
    parameters=(
        Parameter(
            "within", DURATION, "How soon after the first handover to any side, the bound included.", required=True
        ),
    ),
    rules=(Rule("one-sided", "the batch", "first handover + `within`", "one side had nobody handed over by then"),),
    example="""
[[clause]]
id = "in-step"
kind = "simultaneity"
within = "45m"
text = "Both sides of a batch begin to be handed over within 45 minutes of each other."
""",
)
"""What the kind says of itself."""
