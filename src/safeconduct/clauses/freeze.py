"""`freeze`: from some time before the start on, the list changes only by agreement of all."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day, Planned
from safeconduct.clauses.finding import Finding
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
