"""`parity`: handovers go forward in step, neither side far ahead of the other."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.page import PARTIES, PLAN, RATIO, RUN, WHOLE, KindPage, Parameter, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.ratio import read_between, read_parts


@dataclass(frozen=True)
class Parity:
    """With n(X, t) the persons handed over by t whom X released, lead = |n(A)·b - n(B)·a|; at each instant where lead
    exceeds `max_lead` after not exceeding it: (`lead`, the party ahead, t), whose term of the two is the larger."""

    header: ClauseHeader
    between: tuple[str, str]
    """A and B."""
    ratio: tuple[int, int]
    """a and b: A releases a for every b of B."""
    max_lead: int

    def sentence(self) -> str:
        """What the clause asks."""
        (first, second), (a, b) = self.between, self.ratio
        if a == b == 1:
            return f"At no moment is {first} or {second} more than {self.max_lead:,} handed over ahead of the other."
        return (
            f"{first} releases {a:,} for every {b:,} that {second} releases, in step: at no moment is {b:,} times the "
            f"number of {first} more than {self.max_lead:,} off {a:,} times that of {second}."
        )

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether acceptances are known."""
        return "accepted" in types

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every instant at which one side got too far ahead."""
        released = dict.fromkeys(self.between, 0)
        handovers = sorted(
            (handed.at_us, handed.id, day.roster.members[person].held_by)
            for person, handed in day.handed_over.items()
            if day.roster.members[person].held_by in released
        )
        exceeded = False
        for at_us, instant in groupby(handovers, key=lambda one: one[0]):
            evidence = []
            for _, event, party in instant:
                released[party] += 1
                evidence.append(event)
            if self.exceeds(released) and not exceeded:
                yield self.lead(day, at_us, released, tuple(evidence))
            exceeded = self.exceeds(released)

    def exceeds(self, released: Mapping[str, int]) -> bool:
        """Whether one side is too far ahead, with so many handed over of each."""
        (first, second), (a, b) = self.between, self.ratio
        return abs(released[first] * b - released[second] * a) > self.max_lead

    def lead(self, day: Phrasing, at_us: int, released: Mapping[str, int], evidence: tuple[str, ...]) -> Finding:
        """One side too far ahead, since the handovers of one instant."""
        (first, second), (a, b) = self.between, self.ratio
        lead = released[first] * b - released[second] * a
        ahead = first if lead > 0 else second
        return Finding(
            "lead",
            ahead,
            at_us,
            expected=f"{first} and {second} in step at {a}:{b}, with a lead of at most {self.max_lead:,}",
            seen=f"handed over by {day.clock(at_us)}: {released[first]:,} of {first}, {released[second]:,} of "
            f"{second}; {ahead} leads by {abs(lead):,}",
            evidence=evidence,
            awaited=ANYTHING,
        )


def read_parity(header: ClauseHeader, agreement: Agreement) -> Parity:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Parity(
        header,
        between=read_between(table, agreement.parties),
        ratio=read_parts(table) if table.has("ratio") else (1, 1),
        max_lead=table.integer("max_lead", minimum=0),
    )


PARITY_PAGE = KindPage(
    kind="parity",
    summary="handovers go forward in step, neither side far ahead of the other",
    judges=(PLAN, RUN),
    meaning=(
        "With n(X) the persons whom X released and who have been handed over by a moment, and the ratio a:b of A to "
        "B, the lead is |n(A)·b - n(B)·a|. At each instant at which it comes to exceed `max_lead`, after not "
        "exceeding it, the clause is broken, by the party that is ahead. Handovers of one instant count together. A "
        "late report of the other side's handovers can withdraw the breach."
    ),
    formula=("ALWAYS |n(A)·b - n(B)·a| <= max_lead\nwith n(X) = |{p : released_by(p, X) AND ONCE handed_over(p)}|"),
    source=(
        "Man for man in stages, so that nobody gives all before having received: practice, as in the stages of 390, "
        "307 and 303 of 23-25 May 2025, or 1:1027, 30:1 and 50:1 around Gaza. No article asks for it."
    ),
    duty=(
        "Neither side is ever more than two persons ahead: expected RU and UA in step at 1:1, with a lead of at "
        "most 2; handed over by 09:00: 3 of RU, 0 of UA; RU leads by 3."
    ),
    parameters=(
        Parameter("between", PARTIES, "A and B, whose releases are held against each other.", required=True),
        Parameter("ratio", RATIO, "a:b: A releases a for every b of B.", default='"1:1"'),
        Parameter("max_lead", WHOLE, "The greatest lead allowed, in the terms of the formula.", required=True),
    ),
    rules=(Rule("lead", "the party ahead", "the handover", "one side got too far ahead"),),
    example="""
[[clause]]
id = "step-by-step"
kind = "parity"
between = ["RU", "UA"]
max_lead = 2
text = "Neither side is ever more than two persons ahead."
""",
)
"""What the kind says of itself."""
