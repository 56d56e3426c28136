"""`concordance`, followed: each report with those of its moment and of the latest before it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.concordance import Concordance, Topic
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.clauses.patterns import types_of
from safeconduct.tracking.events import Event


class ConcordanceMonitor:
    """One clause of the kind. Its units are the reports."""

    def __init__(self, clause: Concordance, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._reports: dict[Moment, Event] = {}
        self._saying: dict[Topic, Timeline] = defaultdict(Timeline)
        self._units: Units[Moment] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """The reports compared."""
        return (Role(types_of(self._clause.of), self._clause.of, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """On each topic what was said at the last moment before is kept."""
        for saying in self._saying.values():
            last = saying.first_at(before_us) - 1
            if last > 0:
                del saying[: saying.first_at(saying[last][0])]
        self._reports = {moment: event for moment, event in self._reports.items() if moment[0] >= before_us}

    def _insert(self, event: Event) -> None:
        self._reports[event.at_us, event.id] = event
        for topic in self._clause.topics(event):
            self._saying[topic].put(event)
            self._doubt_around(self._saying[topic], event)

    def _remove(self, event: Event) -> None:
        self._reports.pop((event.at_us, event.id), None)
        self._units.doubt((event.at_us, event.id))
        for topic in self._clause.topics(event):
            self._saying[topic].discard(event)
            self._doubt_around(self._saying[topic], event)

    def _doubt_around(self, saying: Timeline, event: Event) -> None:
        """The reports of its moment, and those of the next moment at which there are any."""
        following = saying.first_after(event.at_us)
        last_us = saying[following][0] if following < len(saying) else event.at_us
        for moment in saying.moments(event.at_us, last_us):
            self._units.doubt(moment)

    def _judge(self, unit: Moment) -> Iterable[Finding]:
        event = self._reports.get(unit)
        return self._clause.compare(self._course, event, lambda topic: self._up_to(topic, event)) if event else ()

    def _up_to(self, topic: Topic, event: Event) -> list[Event]:
        saying = self._saying[topic]
        first = saying.first_at(event.at_us)
        return saying.between(saying[first - 1][0] if first else event.at_us, event.at_us)
