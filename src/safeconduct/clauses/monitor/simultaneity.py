"""`simultaneity`, followed batch by batch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment
from safeconduct.clauses.roster import Member
from safeconduct.clauses.simultaneity import Simultaneity


class SimultaneityMonitor:
    """One clause of the kind. Its units are the batches."""

    def __init__(self, clause: Simultaneity, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._members: dict[str, dict[str, Member]] = defaultdict(dict)
        self._batch_of: dict[str, str] = {}
        self._first: dict[tuple[str, str], tuple[Moment, str]] = {}
        """Of each batch and home the first handover, as last judged, and whose it was."""
        self._units: Units[str] = Units(board, clause.header.id, self._judge)
        for person in course.roster.members:
            self._listed_anew(person)
        course.list_followers.append(self._listed_anew)
        course.handover_followers.append(self._handed_over)

    def forget(self, _: int) -> None:
        """Nothing is kept but what the plan and the list ask for."""

    def roles(self) -> Sequence[Role]:
        """List and handovers are followed where they are kept."""
        return ()

    def _listed_anew(self, person: str) -> None:
        known = self._batch_of.pop(person, None)
        if known is not None:
            del self._members[known][person]
            self._units.doubt(known)
        member = self._course.roster.members.get(person)
        if member is not None and member.batch and member.home:
            self._batch_of[person] = member.batch
            self._members[member.batch][person] = member
            self._units.doubt(member.batch)

    def _handed_over(self, person: str) -> None:
        batch = self._batch_of.get(person)
        if batch is None:
            return
        handed, first = (
            self._course.handed_over.get(person),
            self._first.get((batch, self._members[batch][person].home)),
        )
        if handed is None or first is None or first[1] == person or (handed.at_us, handed.id) <= first[0]:
            self._units.doubt(batch)

    def _judge(self, batch: str) -> Iterable[Finding]:
        members = self._members[batch].values()
        for member in members:
            self._first.pop((batch, member.home), None)
        for member in members:
            handed = self._course.handed_over.get(member.person)
            if handed is not None:
                key, one = (batch, member.home), ((handed.at_us, handed.id), member.person)
                self._first[key] = min(one, self._first.get(key, one))
        return self._clause.judge_batch(self._course, batch, members)
