"""The monitor of each kind, and what of the day it looks at."""

from safeconduct.clauses.absence import Absence
from safeconduct.clauses.arrival import Arrival
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.complete import Complete
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.convoy import Convoy
from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.custody import Custody
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.departure import DepartureClause
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.headcount import Headcount
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.claim import ClaimMonitor
from safeconduct.clauses.monitor.complete import CompleteMonitor
from safeconduct.clauses.monitor.concordance import ConcordanceMonitor
from safeconduct.clauses.monitor.convoy import ConvoyMonitor
from safeconduct.clauses.monitor.corridor import CorridorMonitor
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.custody import CustodyMonitor
from safeconduct.clauses.monitor.deadline import DeadlineMonitor
from safeconduct.clauses.monitor.embargo import EmbargoMonitor
from safeconduct.clauses.monitor.en_route import EnRoute
from safeconduct.clauses.monitor.headcount import HeadcountMonitor
from safeconduct.clauses.monitor.kind import KindMonitor, Role
from safeconduct.clauses.monitor.listed import ListedMonitor
from safeconduct.clauses.monitor.manifest import ManifestMonitor
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.monitor.parity import ParityMonitor
from safeconduct.clauses.monitor.precedence import PrecedenceMonitor
from safeconduct.clauses.monitor.punctuality import PunctualityMonitor
from safeconduct.clauses.monitor.reciprocity import ReciprocityMonitor
from safeconduct.clauses.monitor.reporting import ReportingMonitor
from safeconduct.clauses.monitor.response import ResponseMonitor
from safeconduct.clauses.monitor.rides import Rides
from safeconduct.clauses.monitor.simultaneity import SimultaneityMonitor
from safeconduct.clauses.monitor.single_events import absence_monitor, freeze_monitor
from safeconduct.clauses.monitor.speed import SpeedMonitor
from safeconduct.clauses.monitor.stop import StopMonitor
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.reporting import Reporting
from safeconduct.clauses.response import Response
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop


class Field:
    """What the monitors look at together. Movements and rides are followed only if one of them asks."""

    def __init__(self, course: Course, board: Board) -> None:
        self.course = course
        self.board = board
        self.movements = Movements(course.plan)
        self.rides = Rides()
        self.en_route = EnRoute(self.movements)

    def roles(self) -> list[Role]:
        """The events that they must be told of, before any monitor is."""
        movements, rides, en_route = self.movements, self.rides, self.en_route
        roles: list[Role] = []
        if en_route.followers:
            movements.followers.append(en_route.moved)
            roles.append(Role(("positioned",), None, en_route.insert, en_route.remove))
        if movements.followers or movements.counters:
            roles.append(Role(("departed", "arrived"), None, movements.insert, movements.remove))
        if rides.followers:
            roles.append(Role(("boarded", "alighted"), None, rides.insert, rides.remove))
        return roles


def monitor_of(clause: RunClause, field: Field) -> KindMonitor:
    """The monitor of one clause."""
    course, board, movements, rides = field.course, field.board, field.movements, field.rides
    match clause:
        case Response():
            return ResponseMonitor(clause, course, board)
        case Precedence():
            return PrecedenceMonitor(clause, course, board)
        case Absence():
            return absence_monitor(clause, course, board)
        case Claim():
            return ClaimMonitor(clause, course, board)
        case Concordance():
            return ConcordanceMonitor(clause, course, board)
        case Deadline():
            return DeadlineMonitor(clause, course, board)
        case Reciprocity():
            return ReciprocityMonitor(clause, course, board)
        case Embargo():
            return EmbargoMonitor(clause, course, board)
        case Custody():
            return CustodyMonitor(clause, course, board)
        case Manifest():
            return ManifestMonitor(clause, course, board, movements, rides)
        case Headcount():
            return HeadcountMonitor(clause, course, board, rides)
        case Listed():
            return ListedMonitor(clause, course, board)
        case DepartureClause():
            return PunctualityMonitor(clause, course, board, movements, "departed")
        case Arrival():
            return PunctualityMonitor(clause, course, board, movements, "arrived")
        case Simultaneity():
            return SimultaneityMonitor(clause, course, board)
        case Parity():
            return ParityMonitor(clause, course, board)
        case Reporting():
            return ReportingMonitor(clause, course, board, movements)
        case Speed():
            return SpeedMonitor(clause, course, board)
        case Complete():
            return CompleteMonitor(clause, course, board)
        case Freeze():
            return freeze_monitor(clause, course, board)
        case Corridor():
            corridor = CorridorMonitor(clause, course, board)
            field.en_route.followers.append(corridor)
            return corridor
        case Convoy():
            convoy = ConvoyMonitor(clause, course, board)
            field.en_route.followers.append(convoy)
            return convoy
        case Stop():
            stop = StopMonitor(clause, course, board)
            field.en_route.followers.append(stop)
            return stop
        case _:
            raise AssertionError(f"no monitor follows the kind {clause.header.kind!r}")
