"""What `departure` and `arrival` share: what is reported of each leg against what is planned, early or late."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.kernel.times import format_duration
from safeconduct.logistics.plan import Leg
from safeconduct.tracking.events import Event


@dataclass(frozen=True, slots=True)
class Expected:
    """One end of a planned leg, and what was reported of it."""

    leg: Leg
    place: str
    planned_us: int
    reported: Event | None
    evidence: tuple[str, ...] = ()
    """What shows, if nothing was reported, that something was to be."""


@dataclass(frozen=True)
class Punctuality:
    """Before planned - early (`early`, leg, at); none by planned + late (`late`, leg, planned + late)."""

    header: ClauseHeader
    early_us: int | None
    """None: that side is not judged."""
    late_us: int | None

    @abstractmethod
    def expected(self, day: Day) -> Iterable[Expected]:
        """Of every leg what is judged."""

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every leg out of time."""
        for one in self.expected(day):
            yield from self.judge_leg(day, one)

    def judge_leg(self, day: Phrasing, one: Expected) -> Iterator[Finding]:
        """One leg, if it is out of time."""
        leg, reported = one.leg, one.reported
        when = f"vehicle {leg.vehicle} at {one.place} (leg {leg.id}) planned for {day.clock(one.planned_us)}"
        if reported and self.early_us is not None and reported.at_us < one.planned_us - self.early_us:
            yield Finding(
                "early",
                leg.id,
                reported.at_us,
                expected=f"{when}, not before {day.clock(one.planned_us - self.early_us)}",
                seen=day.describe(reported),
                evidence=(reported.id,),
            )
        if self.late_us is None:
            return
        deadline_us = one.planned_us + self.late_us
        if reported is None or reported.at_us > deadline_us:
            yield Finding(
                "late",
                leg.id,
                deadline_us,
                expected=f"{when}, due by {day.clock(deadline_us)}",
                seen=f"only later: {day.describe(reported)}" if reported else "",
                evidence=(reported.id,) if reported else one.evidence,
                deadline=True,
                awaited=Awaited(frozenset((leg.vehicle,)), frozenset((one.place,))),
            )

    def limits(self) -> str:
        """The sides judged, in words."""
        return " and ".join(
            f"at most {format_duration(limit_us)} {side}"
            for limit_us, side in ((self.early_us, "earlier"), (self.late_us, "later"))
            if limit_us is not None
        )

    @classmethod
    def read(cls, header: ClauseHeader, _: Agreement) -> Self:
        """Read the parameters. Raises BadInput at line and column."""
        table = header.table
        clause = cls(
            header,
            early_us=table.duration_us("early") if table.has("early") else None,
            late_us=table.duration_us("late") if table.has("late") else None,
        )
        if clause.early_us is None and clause.late_us is None:
            table.refuse(None, "neither 'early' nor 'late': the clause would judge nothing", "add one of them")
        return clause
