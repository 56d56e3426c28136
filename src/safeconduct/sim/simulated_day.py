"""A whole simulated day over a plan: what went wrong, what happened, how it was told, and what should be raised."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.plan import Plan
from safeconduct.sim.day import Report, live_day, undelayed
from safeconduct.sim.delivery import Line, batches, deliver, number
from safeconduct.sim.faults import FaultPlan
from safeconduct.sim.seeds import stream
from safeconduct.sim.terms_text import OBSERVED_UNTIL
from safeconduct.sim.troubles import Trouble, draw_troubles


@dataclass(frozen=True)
class SimulatedDay:
    """One day in memory."""

    plan: Plan
    troubles: tuple[Trouble, ...]
    """What was drawn, by the moment at which it begins."""
    reports: tuple[Report, ...]
    """All that was recorded, by `at`."""
    lines: tuple[Line, ...]
    """The same as it arrives, with repetitions and with mis-scans and their withdrawals."""

    def true_events(self) -> list[dict[str, Any]]:
        """The events as if each had arrived at once: over these the truth is judged."""
        return undelayed(number(self.reports))

    def arrivals(self, every_us: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """The lines in steps of simulated time: (now in microseconds since 1970 UTC, the events since the last)."""
        return batches(self.lines, every_us)


def simulate_day(
    plan: Plan, seed: int, faults: FaultPlan, until_us: int = parse_instant(OBSERVED_UNTIL)
) -> SimulatedDay:
    """Draw the troubles of a seed, live the day over the plan until `until_us` and deliver its reports."""
    troubles = draw_troubles(stream(seed, "troubles"), plan, faults.counts)
    reports = live_day(plan, troubles, seed, until_us=until_us, clock_error_us=faults.disorder.clock_error_us)
    return SimulatedDay(plan, troubles, tuple(reports), tuple(deliver(reports, troubles, faults.disorder, seed)))
