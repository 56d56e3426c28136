"""`headcount`: who counts the prisoners in a vehicle counts as many as were reported aboard."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import ANYTHING, Awaited, Finding
from safeconduct.clauses.page import RUN, KindPage, Rule
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.tracking.events import Event


@dataclass(frozen=True)
class Headcount:
    """Each `counted` of prisoners in v equals the number aboard just before that instant or at it; else (`differs`, v,
    at)."""

    header: ClauseHeader

    def sentence(self) -> str:
        """What the clause asks."""
        return "Every count of the prisoners in a vehicle equals the number reported aboard it."

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: nobody counts in a plan."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every count that differs."""
        aboard = day.aboard()
        prisoners = (one for one in day.of_types("counted") if one.fields.get("what", "prisoners") == "prisoners")
        for at_us, instant in groupby(prisoners, key=lambda one: one.at_us):
            counts = list(instant)
            aboard.follow_until(at_us - 1)
            before = {one.fields["vehicle"]: len(aboard.on(one.fields["vehicle"])) for one in counts}
            aboard.follow_until(at_us)
            for counted in counts:
                vehicle = counted.fields["vehicle"]
                numbers = sorted({before[vehicle], len(aboard.on(vehicle))})
                if counted.fields["count"] not in numbers:
                    yield differs(day, counted, numbers)


def read_headcount(header: ClauseHeader, _: Agreement) -> Headcount:
    """There are no parameters."""
    return Headcount(header)


def differs(day: Phrasing, counted: Event, numbers: list[int]) -> Finding:
    """A count that is none of the numbers aboard (in order)."""
    vehicle = counted.fields["vehicle"]
    count = counted.fields["count"]
    # Too many: a boarding of this vehicle is lacking. Too few: an alighting from it, or the boarding of any other.
    more = count > numbers[-1]
    return Finding(
        "differs",
        vehicle,
        counted.at_us,
        expected=f"{' or '.join(map(str, numbers))} in vehicle {vehicle}, as reported aboard",
        seen=f"{day.describe(counted)}: {count}",
        evidence=(counted.id,),
        awaited=Awaited(vehicles=frozenset((vehicle,))) if more else ANYTHING,
    )


HEADCOUNT_PAGE = KindPage(
    kind="headcount",
    summary="who counts the prisoners in a vehicle counts as many as were reported aboard",
    judges=(RUN,),
    meaning=(
        "Each `counted` of prisoners (its `what` is `prisoners` or absent) in a vehicle gives the number reported "
        "aboard just before that instant or at it, so that a count while somebody steps in is right either way. "
        "Counts of escorts, weapons and the like are not judged. A late report of a boarding or an alighting can "
        "withdraw the breach."
    ),
    formula=(
        "ALWAYS FORALL v, n. counted(v, n) IMPLIES n = |{p : aboard(p, v)}| OR n = |{p : aboard(p, v) just before}|\n"
        "with aboard as in `manifest`"
    ),
    source=(
        "Follows from the complete list before departure (GC III, art. 46, third paragraph): counting heads at every "
        "checkpoint is how escorts and intermediaries hold it against the vehicle. No article asks for it."
    ),
    duty=(
        "Whoever counts the prisoners in a vehicle counts as many as were reported aboard: expected 0 in vehicle "
        "bus-1, as reported aboard; counted vehicle bus-1, 09:00: 1."
    ),
    rules=(Rule("differs", "the vehicle", "the count", "more or fewer were counted than reported aboard"),),
    example="""
[[clause]]
id = "counts-agree"
kind = "headcount"
text = "Whoever counts the prisoners in a vehicle counts as many as were reported aboard."
""",
)
"""What the kind says of itself."""
