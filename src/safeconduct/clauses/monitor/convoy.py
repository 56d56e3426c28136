"""`convoy`, followed: of each way in a convoy the positions together with the others, and apart from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from safeconduct.clauses.convoy import Convoy, Others, PlannedConvoy, convoys_of
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.en_route import Way, point_of
from safeconduct.clauses.monitor.excursions import Excursions
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event

_WayKey = tuple[str, Moment]
"""A vehicle and its departure."""


class _Driven:
    __slots__ = ("convoy", "excursions", "way")

    def __init__(self, way: Way, convoy: PlannedConvoy) -> None:
        self.way = way
        self.convoy = convoy
        self.excursions = Excursions()
        """Those positions are outside that are apart, inside that are together; others are not in it."""


class ConvoyMonitor:
    """One clause of the kind. Its units are positions with which an excursion may begin, by way."""

    def __init__(self, clause: Convoy, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._convoys = convoys_of(course.plan)
        self._ways: dict[_WayKey, _Driven] = {}
        self._together: dict[PlannedConvoy, dict[_WayKey, _Driven]] = defaultdict(dict)
        self._over: dict[PlannedConvoy, dict[str, Timeline]] = defaultdict(lambda: defaultdict(Timeline))
        """Of each vehicle its positions on ways that are over, as long as others are still on the road."""
        self._doubtful: set[tuple[_WayKey, Moment]] = set()
        """Positions that may be apart, or not be, otherwise than before."""
        self._units: Units[tuple[_WayKey, Moment]] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """Ways are followed where they are kept."""
        return ()

    def forget(self, before_us: int) -> None:
        """Where the others were is kept from when those set out that are still on the road."""
        for convoy, vehicles in list(self._over.items()):
            begun = [driven.way.departure.at_us for driven in self._together[convoy].values()]
            since_us = min([*begun, before_us]) - self._clause.fresh_us
            for vehicle, positions in list(vehicles.items()):
                del positions[: positions.first_at(since_us)]
                if not positions:
                    del vehicles[vehicle]
            if not vehicles:
                del self._over[convoy]

    def begin(self, way: Way) -> None:
        """A way, with all positions so far."""
        self.end(way)
        leg = way.departure.leg
        convoy = self._convoys.get(leg.id) if leg is not None else None
        if convoy is None:
            return
        key = _key(way)
        self._ways[key] = self._together[convoy][key] = _Driven(way, convoy)
        for at_us, event_id, event in way.positions:
            self._doubt(key, (at_us, event_id))
            self._doubt_others(self._ways[key], event)

    def end(self, way: Way) -> None:
        """There is no such way any more."""
        driven = self._drop(_key(way))
        if driven is not None:
            for at_us, event_id, event in driven.way.positions:
                self._units.doubt((_key(way), (at_us, event_id)))
                self._doubt_others(driven, event)

    def forget_way(self, way: Way) -> None:
        """A way that is over."""
        driven = self._drop(_key(way))
        if driven is not None:
            for event in driven.way.positions.events():
                self._over[driven.convoy][way.departure.vehicle].put(event)

    def put(self, way: Way, event: Event) -> None:
        """A position came."""
        driven = self._ways.get(_key(way))
        if driven is not None:
            self._doubt(_key(way), (event.at_us, event.id))
            self._doubt_others(driven, event)

    def discard(self, way: Way, event: Event) -> None:
        """A position is gone."""
        driven = self._ways.get(_key(way))
        if driven is not None:
            self._doubt(_key(way), (event.at_us, event.id))
            self._doubt_others(driven, event)

    def _drop(self, key: _WayKey) -> _Driven | None:
        driven = self._ways.pop(key, None)
        if driven is not None:
            del self._together[driven.convoy][key]
        return driven

    def _doubt_others(self, changed: _Driven, event: Event) -> None:
        """Where the others are reported as long as this position is fresh, and its vehicle is not reported anew."""
        positions = changed.way.positions
        following = positions.first_after(event.at_us)
        until_us = event.at_us + self._clause.fresh_us
        if following < len(positions):
            until_us = min(until_us, positions[following][0])
        for key, driven in self._together[changed.convoy].items():
            if key[0] != changed.way.departure.vehicle:
                for moment in driven.way.positions.moments(event.at_us, until_us):
                    self._doubt(key, moment)

    def _doubt(self, key: _WayKey, moment: Moment) -> None:
        if not self._doubtful:
            self._board.unsettle(self._settle)
        self._doubtful.add((key, moment))

    def _settle(self) -> None:
        """Sort anew what was doubted."""
        doubtful, self._doubtful = self._doubtful, set()
        for key, moment in doubtful:
            driven = self._ways.get(key)
            if driven is None:
                continue
            excursions, event = driven.excursions, driven.way.positions.get(moment)
            known = excursions.outside.get(moment) or excursions.inside.get(moment)
            if known is not None:
                excursions.discard(known)
            apart = self._is_apart(driven, event) if event is not None else None
            if event is not None and apart is not None:
                excursions.put(event, apart)
            for beginning in excursions.around(moment):
                self._units.doubt((key, beginning))

    def _is_apart(self, driven: _Driven, event: Event) -> bool | None:
        return self._clause.is_apart(driven.way.departure.vehicle, point_of(event), self._others_at(driven, event))

    def _others_at(self, driven: _Driven, event: Event) -> Others:
        latest: dict[str, tuple[int, str, Event]] = {}
        for vehicle, positions in self._of_others(driven):
            last = positions.first_after(event.at_us) - 1
            if last >= 0 and positions[last][0] >= event.at_us - self._clause.fresh_us:
                known = latest.get(vehicle)
                if known is None or known[:2] < positions[last][:2]:
                    latest[vehicle] = positions[last]
        return {vehicle: point_of(one) for vehicle, (_, _, one) in latest.items()}

    def _of_others(self, driven: _Driven) -> Iterator[tuple[str, Timeline]]:
        own = driven.way.departure.vehicle
        for (vehicle, _), other in self._together[driven.convoy].items():
            if vehicle != own:
                yield vehicle, other.way.positions
        for vehicle, positions in self._over.get(driven.convoy, {}).items():
            if vehicle != own:
                yield vehicle, positions

    def _judge(self, unit: tuple[_WayKey, Moment]) -> Iterable[Finding]:
        key, start = unit
        driven = self._ways.get(key)
        run = driven.excursions.run(start) if driven is not None else []
        if driven is None or not run:
            return ()
        others_at = partial(self._others_at, driven)
        return self._clause.excursion(self._course, driven.convoy, key[0], run, others_at)


def _key(way: Way) -> _WayKey:
    return way.departure.vehicle, way.key
