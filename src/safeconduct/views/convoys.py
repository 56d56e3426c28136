"""How far each operator's convoy is: what every party is told of the other side's in place of positions and routes."""

from typing import Any

from safeconduct.kernel.times import MINUTE_US
from safeconduct.tracking.movements import Moves, moves_of
from safeconduct.tracking.reports import Line, Reports
from safeconduct.tracking.taken_back import TakenBack
from safeconduct.views.journeys import progress
from safeconduct.views.planned import PlannedLeg, read_legs

LATE_AFTER_US = 15 * MINUTE_US
"""A leg counts as late a quarter of an hour after its planned moment."""

_NO_MOVES = Moves()


class Convoys:
    """Plans and movements of every side, whoever asks; only `status` is told. Kept up to date entry by entry."""

    def __init__(self, taken_back: TakenBack) -> None:
        self._taken_back = taken_back
        self._plans: dict[str, str] = {}
        """Exchange to the digest of the plan put forward last."""
        self._legs: dict[str, dict[str, dict[str, list[PlannedLeg]]]] = {}
        """By plan, operator and vehicle."""
        self._reports = Reports()
        self._lines: dict[str, list[Line]] = {}
        self._moves: dict[str, Moves] = {}

    def propose(self, exchange: str, plan_sha256: str) -> None:
        """A plan was put forward."""
        self._plans[exchange] = plan_sha256

    def plan_convoy(self, plan_sha256: str, own: tuple[str, ...], legs_text: str) -> None:
        """One operator's part of a plan."""
        operator = "/".join(own)
        vehicles: dict[str, list[PlannedLeg]] = {}
        for leg in read_legs(legs_text, operator):
            vehicles.setdefault(leg.vehicle, []).append(leg)
        self._legs.setdefault(plan_sha256, {})[operator] = vehicles

    def report(self, text: str, at_us: int, received_us: int | None) -> None:
        """A movement was reported."""
        if '"departed"' in text or '"arrived"' in text:
            self._reports.add(text, at_us, received_us)

    def status(self, now_us: int | None = None) -> dict[str, Any]:
        """Per exchange and operator: legs planned, departed, arrived, arrived late, overdue at `now_us`.

        An arrival is late a quarter of an hour after its planned moment; a leg is overdue if it has not departed, or
        not arrived, a quarter of an hour after its time. Without `now_us` every report counts and nothing is overdue.
        """
        self._look(now_us)
        return {
            exchange: {
                operator: self._count(vehicles, now_us)
                for operator, vehicles in sorted(self._legs.get(plan_sha256, {}).items())
            }
            for exchange, plan_sha256 in sorted(self._plans.items())
        }

    def _look(self, now_us: int | None) -> None:
        changed = set()
        for line in self._reports.look(now_us, self._taken_back.ids(now_us)):
            if line.type in ("departed", "arrived") and isinstance(line.vehicle, str) and isinstance(line.place, str):
                lines = self._lines.setdefault(line.vehicle, [])
                lines.append(line) if line.counts else lines.remove(line)
                changed.add(line.vehicle)
        for vehicle in changed:
            self._moves[vehicle] = moves_of(self._lines[vehicle])

    def _count(self, vehicles: dict[str, list[PlannedLeg]], now_us: int | None) -> dict[str, int]:
        legs = departed = arrived = late = overdue = 0
        for vehicle, planned in vehicles.items():
            for one in progress(planned, self._moves.get(vehicle, _NO_MOVES)):
                due_us = one.leg.arrive_us
                if one.departed_us is None and one.arrived_us is None:
                    due_us = one.leg.depart_us
                legs += 1
                departed += one.departed_us is not None
                if one.arrived_us is not None:
                    arrived += 1
                    late += one.arrived_us > due_us + LATE_AFTER_US
                else:
                    overdue += now_us is not None and now_us > due_us + LATE_AFTER_US
        return {"legs": legs, "departed": departed, "arrived": arrived, "late": late, "overdue": overdue}
