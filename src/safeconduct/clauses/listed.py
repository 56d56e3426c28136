"""`listed`: nobody is dealt with who is not on the agreed list."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import ANYTHING, Finding
from safeconduct.clauses.page import PLAN, RUN, KindPage, Rule
from safeconduct.tracking.events import Event

_CHANGES = ("added", "substituted")
_OF_ALL = ("held", "resumed", "aborted")
"""They speak of the operation as a whole and change no verdict, whatever else they name."""
_NOT_JUDGED = frozenset(_CHANGES + _OF_ALL)


@dataclass(frozen=True)
class Listed:
    """An event naming a `person` who was not on the list at that moment or before: (`unlisted`, person, at).

    `added` and `substituted` themselves are not judged, nor `held`, `resumed` and `aborted`, which change no verdict.
    """

    header: ClauseHeader

    def sentence(self) -> str:
        """What the clause asks."""
        return "Whatever is reported of a person is reported of one who is, or was, on the list."

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Always: a plan names persons."""
        return True

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every report of somebody who had not come onto the list."""
        for event in day.events:
            yield from self.judge_event(day, event)

    def judge_event(self, day: Planned, event: Event) -> Iterator[Finding]:
        """One event, if it names somebody who had not come onto the list."""
        person = event.text("person")
        if person is None or event.type in _NOT_JUDGED:
            return
        member = day.roster.members.get(person)
        if member is None or member.since_us > event.at_us:
            yield Finding(
                "unlisted",
                person,
                event.at_us,
                expected=f"somebody on the list: {day.describe(event)}",
                seen=f"on it only from {day.clock(member.since_us)}" if member else "never on it",
                evidence=(event.id,),
                awaited=ANYTHING,
            )


def read_listed(header: ClauseHeader, _: Agreement) -> Listed:
    """There are no parameters."""
    return Listed(header)


LISTED_PAGE = KindPage(
    kind="listed",
    summary="nobody is dealt with who is not on the agreed list",
    judges=(PLAN, RUN),
    meaning=(
        "Every event that names a `person` names one who is on the list at that moment, or was before: a person of "
        "the plan, or one whom all parties agreed to add or to put in somebody's place. `added` and `substituted` "
        "themselves are not judged; without the agreement of every party they put nobody on the list. Nor are `held`, "
        "`resumed` and `aborted`, which change no verdict."
    ),
    formula="ALWAYS FORALL e, p. names(e, p) AND NOT changes_list(e) IMPLIES ONCE on_list(p)",
    source=(
        "Lists are exchanged and each side verifies the names before a release; the bureaux hold the particulars "
        "that identify a prisoner (GC III, art. 122). That other persons were brought than those agreed, or that "
        "some on a list had been exchanged before, has been claimed of exchanges in 2024 and 2025."
    ),
    duty=(
        "Only persons on the agreed list are moved, examined or handed over: expected somebody on the list: "
        "boarded vehicle bus-1, 09:00; never on it."
    ),
    rules=(Rule("unlisted", "the person", "the event", "named, and not on the list by then"),),
    example="""
[[clause]]
id = "only-the-agreed"
kind = "listed"
text = "Only persons on the agreed list are moved, examined or handed over."
""",
)
"""What the kind says of itself."""
