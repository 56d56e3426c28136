"""`arrival`: vehicles arrive when planned."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.kernel.times import format_duration
from safeconduct.logistics.plan import Leg


@dataclass(frozen=True)
class Arrival:
    """For each leg, the k-th arrival of its vehicle at its destination against the k-th planned one (in the order of
    `arrive`): before planned - early (`early`, leg, at); none by planned + late (`late`, leg, planned + late)."""

    header: ClauseHeader
    early_us: int | None
    """None: that side is not judged."""
    late_us: int | None

    def sentence(self) -> str:
        """What the clause asks."""
        sides = [
            f"at most {format_duration(limit_us)} {side}"
            for limit_us, side in ((self.early_us, "earlier"), (self.late_us, "later"))
            if limit_us is not None
        ]
        return f"Each vehicle arrives {' and '.join(sides)} than planned."

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether arrivals are known."""
        return "arrived" in types

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every leg that ended out of time."""
        planned: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        for leg in sorted(day.plan.legs, key=lambda one: one.arrive_us):
            planned[leg.vehicle, leg.destination].append(leg)
        for (vehicle, place), legs in planned.items():
            arrivals = day.journeys.arrivals.get((vehicle, place), [])
            for index, leg in enumerate(legs):
                arrived = arrivals[index] if index < len(arrivals) else None
                when = f"vehicle {vehicle} at {place} (leg {leg.id}) planned for {day.clock(leg.arrive_us)}"
                if arrived and self.early_us is not None and arrived.at_us < leg.arrive_us - self.early_us:
                    yield Finding(
                        "early",
                        leg.id,
                        arrived.at_us,
                        expected=f"{when}, not before {day.clock(leg.arrive_us - self.early_us)}",
                        seen=day.describe(arrived),
                        evidence=(arrived.id,),
                    )
                if self.late_us is None:
                    continue
                deadline_us = leg.arrive_us + self.late_us
                if arrived is None or arrived.at_us > deadline_us:
                    yield Finding(
                        "late",
                        leg.id,
                        deadline_us,
                        expected=f"{when}, due by {day.clock(deadline_us)}",
                        seen=f"only later: {day.describe(arrived)}" if arrived else "",
                        evidence=(arrived.id,) if arrived else _setting_out(day, leg),
                        deadline=True,
                        awaited=Awaited(frozenset((vehicle,)), frozenset((place,))),
                    )


def read_arrival(header: ClauseHeader, _: Agreement) -> Arrival:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    clause = Arrival(
        header,
        early_us=table.duration_us("early") if table.has("early") else None,
        late_us=table.duration_us("late") if table.has("late") else None,
    )
    if clause.early_us is None and clause.late_us is None:
        table.refuse(None, "neither 'early' nor 'late': the clause would judge nothing", "add one of them")
    return clause


def _setting_out(day: Day, leg: Leg) -> tuple[str, ...]:
    """The departure on the leg, if it is known: all that was heard of it."""
    return tuple(one.event.id for one in day.journeys.departures if one.leg is leg)
