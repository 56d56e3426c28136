"""`listed`, followed: only reports of persons whom the plan does not name can be at fault."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event

_Unit = tuple[str, Moment]
"""A person and one report of them."""


class ListedMonitor:
    """One clause of the kind. Its units are the reports."""

    def __init__(self, clause: Listed, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._planned = frozenset(one.id for one in course.plan.persons)
        self._reports: dict[str, Timeline] = defaultdict(Timeline)
        self._units: Units[_Unit] = Units(board, clause.header.id, self._judge)
        course.list_followers.append(self._listed_anew)

    def roles(self) -> Sequence[Role]:
        """Everything that names a person."""
        return (Role(None, None, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """Reports before are not looked at again."""
        for reports in self._reports.values():
            del reports[: reports.first_at(before_us)]

    def _insert(self, event: Event) -> None:
        person = event.fields.get("person")
        if type(person) is str and person not in self._planned:
            self._reports[person].put(event)
            self._units.doubt((person, (event.at_us, event.id)))

    def _remove(self, event: Event) -> None:
        person = event.fields.get("person")
        if type(person) is str and person not in self._planned:
            self._reports[person].discard(event)
            self._units.doubt((person, (event.at_us, event.id)))

    def _listed_anew(self, person: str) -> None:
        for at_us, event_id, _ in self._reports.get(person, ()):
            self._units.doubt((person, (at_us, event_id)))

    def _judge(self, unit: _Unit) -> Iterable[Finding]:
        person, moment = unit
        event = self._reports[person].get(moment)
        return self._clause.judge_event(self._course, event) if event else ()
