"""`freeze`: from some time before the start on, the list changes only by agreement of all."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import DURATION, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.selection import listed
from safeconduct.kernel.times import format_duration
from safeconduct.tracking.events import Event


@dataclass(frozen=True)
class Freeze:
    """`added`, `withdrawn` or `substituted` at or after plan.start - before, unless `agreed_by` holds every party, or
    it is a `withdrawn` with `ground = "protected"` whose `by` is an intermediary: (`one-sided`, person, at).

    Nothing that it says tells a ground, nor that there is none.
    """

    header: ClauseHeader
    before_us: int

    def sentence(self) -> str:
        """What the clause asks."""
        return (
            f"From {format_duration(self.before_us)} before the start on, the list changes only by agreement of all "
            "parties, or where an intermediary withdraws somebody protected."
        )

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan changes no list."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every change that not all parties agreed to."""
        for event in day.of_types("added", "substituted", "withdrawn"):
            yield from self.judge_event(day, event)

    def judge_event(self, day: Planned, event: Event) -> Iterator[Finding]:
        """One change, if not all parties agreed to it."""
        frozen_us = day.plan.start_us - self.before_us
        if event.at_us < frozen_us or day.roster.agreed_by_all(event) or _protecting(event, day.agreement):
            return
        agreed = [party for party in day.agreement.parties if party in event.texts("agreed_by")]
        yield Finding(
            "one-sided",
            event.fields["person"],
            event.at_us,
            expected=f"agreement of {listed(day.agreement.parties)} from {day.clock(frozen_us)} on",
            seen=f"{day.describe(event)}, agreed by {listed(agreed) if agreed else 'none of them'}",
            evidence=(event.id,),
        )


def read_freeze(header: ClauseHeader, _: Agreement) -> Freeze:
    """Read the parameters. Raises BadInput at line and column."""
    return Freeze(header, before_us=header.table.duration_us("before"))


def _protecting(event: Event, agreement: Agreement) -> bool:
    return (
        event.type == "withdrawn"
        and event.text("ground") == "protected"
        and event.text("by") in agreement.intermediaries
    )


FREEZE_PAGE = KindPage(
    kind="freeze",
    summary="from some time before the start on, the list changes only by agreement of all",
    judges=(RUN,),
    meaning=(
        "From the plan's start - `before` on, the moment included, every `added`, `withdrawn` and `substituted` has "
        "all parties of the agreement in `agreed_by`; or it is a `withdrawn` with the ground `protected` by an "
        "intermediary of the agreement, who need ask nobody. The breach says who agreed, never why somebody was "
        "withdrawn, nor that there was no such reason."
    ),
    formula=(
        "ALWAYS FORALL e. (changes_list(e) AND frozen) IMPLIES\n"
        "  (FORALL party. agreed(e, party)) OR (withdrawn(e) AND ground(e, protected) AND by_intermediary(e))"
    ),
    source=(
        "Practice: names are fixed some time before the day, and changed only by the signatures of all; the names of "
        "those kept back for a judicial procedure are communicated (GC III, arts. 115 and 119). That a refusal to go "
        "is honoured at any moment, without its ground being shown, is the practice of the ICRC."
    ),
    duty=(
        "From three days before the exchange, the list changes only by agreement of all parties: expected "
        "agreement of RU and UA from 2025-05-30 09:00 on; withdrawn, 2025-05-30 09:00, agreed by RU."
    ),
    parameters=(Parameter("before", DURATION, "How long before the plan's start the list is fixed.", required=True),),
    rules=(Rule("one-sided", "the person", "the change", "a change to which not all parties agreed"),),
    example="""
[[clause]]
id = "list-frozen"
kind = "freeze"
before = "3d"
text = "From three days before the exchange, the list changes only by agreement of all parties."
""",
)
"""What the kind says of itself."""
