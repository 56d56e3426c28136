"""`departure` and `arrival`, followed leg by leg."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.punctuality import Expected, Punctuality
from safeconduct.logistics.plan import Leg
from safeconduct.tracking.events import Event


class PunctualityMonitor:
    """One clause of either kind. Its units are the legs, by id."""

    def __init__(self, clause: Punctuality, course: Course, board: Board, movements: Movements, kind: str) -> None:
        """`kind`: `departed` or `arrived`."""
        self._clause = clause
        self._course = course
        self._movements = movements
        self._kind = kind
        self._legs: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        """Of each vehicle and place the legs from or to there, in the order in which they are planned."""
        self._number: dict[str, tuple[Leg, int]] = {}
        """Of each leg which departure or arrival belongs to it, from 0."""
        for leg in sorted(course.plan.legs, key=lambda one: one.arrive_us if kind == "arrived" else one.depart_us):
            legs = self._legs[leg.vehicle, self._place(leg)]
            self._number[leg.id] = leg, len(legs)
            legs.append(leg)
        self._units: Units[str] = Units(board, clause.header.id, self._judge)
        for leg_id in self._number:
            self._units.doubt(leg_id)
        movements.counters.append(self._counted)

    def forget(self, _: int) -> None:
        """Nothing is kept but what the plan and the list ask for."""

    def roles(self) -> Sequence[Role]:
        """Movements are followed where they are kept."""
        return ()

    def _place(self, leg: Leg) -> str:
        return leg.destination if self._kind == "arrived" else leg.origin

    def _counted(self, kind: str, vehicle: str, place: str) -> None:
        if kind == self._kind:
            for leg in self._legs.get((vehicle, place), ()):
                self._units.doubt(leg.id)

    def _judge(self, leg_id: str) -> Iterable[Finding]:
        leg, number = self._number[leg_id]
        reported = self._movements.at_place(self._kind, leg.vehicle, self._place(leg))
        one = reported[number] if number < len(reported) else None
        planned_us = leg.arrive_us if self._kind == "arrived" else leg.depart_us
        return self._clause.judge_leg(
            self._course, Expected(leg, self._place(leg), planned_us, one, self._evidence(leg, one))
        )

    def _evidence(self, leg: Leg, reported: Event | None) -> tuple[str, ...]:
        """The departure on the leg, where its arrival is lacking."""
        departed = self._movements.departure_on(leg) if self._kind == "arrived" and reported is None else None
        return (departed.id,) if departed else ()
