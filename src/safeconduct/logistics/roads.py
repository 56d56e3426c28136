"""How long the drive is: the quickest chain of described roads, else an estimate that says it is one."""

import heapq
import math
from dataclasses import dataclass

from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.sites import Road, Sites
from safeconduct.vocabulary.place import Point, distance_m

DETOUR = 1.3
"""Length of a road over its straight line, where nobody has described the road."""


@dataclass(frozen=True)
class Way:
    """A drive from one place to another."""

    minutes: int
    """Likely duration, rounded up to whole minutes."""
    route: tuple[Point, ...]
    """From end to end; empty where a stretch of it is not known."""
    estimated: bool
    """Nobody has described a road: great circle × 1.3 at the file's speed."""


class RoadNetwork:
    """The roads of a sites file; each question is answered once and kept."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._roads: dict[str, list[tuple[str, Road]]] = {place: [] for place in sites.places}
        for road in sites.roads:
            self._roads[road.origin].append((road.destination, road))
            if not road.one_way:
                self._roads[road.destination].append((road.origin, road))
        self._ways: dict[tuple[str, str], Way] = {}

    def way(self, origin: str, destination: str) -> Way:
        """The quickest way by likely minutes; of equal ones the same every time."""
        key = origin, destination
        if key not in self._ways:
            self._ways[key] = self._find(origin, destination)
        return self._ways[key]

    def _find(self, origin: str, destination: str) -> Way:
        """Dijkstra's algorithm; few dozen places, so no finer structure is needed."""
        done: set[str] = set()
        found = 0
        queue: list[tuple[int, int, tuple[str, ...], tuple[Road, ...]]] = [(0, found, (origin,), ())]
        while queue:
            duration_us, _, path, roads = heapq.heappop(queue)
            here = path[-1]
            if here in done:
                continue
            done.add(here)
            if here == destination:
                return Way(math.ceil(duration_us / MINUTE_US), self._route(path, roads), estimated=False)
            for there, road in self._roads[here]:
                if there not in done:
                    found += 1
                    heapq.heappush(queue, (duration_us + road.likely_us, found, (*path, there), (*roads, road)))
        return self._estimate(origin, destination)

    def _route(self, path: tuple[str, ...], roads: tuple[Road, ...]) -> tuple[Point, ...]:
        if not roads or any(not road.route for road in roads):
            return ()
        points = [self._sites.places[path[0]].position]
        for here, there, road in zip(path, path[1:], roads, strict=False):
            points.extend(road.route if road.origin == here else reversed(road.route))
            points.append(self._sites.places[there].position)
        return tuple(point for index, point in enumerate(points) if index == 0 or point != points[index - 1])

    def _estimate(self, origin: str, destination: str) -> Way:
        straight_m = distance_m(self._sites.places[origin].position, self._sites.places[destination].position)
        duration_us = straight_m * DETOUR / 1000 / self._sites.estimate_kmh * HOUR_US
        return Way(max(1, math.ceil(duration_us / MINUTE_US)), (), estimated=True)
