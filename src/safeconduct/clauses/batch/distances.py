"""Geodesic distances on WGS 84: between positions, and to a route straight in longitude and latitude."""

import math
from collections.abc import Callable
from itertools import pairwise

from geographiclib.geodesic import Geodesic

from safeconduct.vocabulary.place import Point

_GOLDEN = (math.sqrt(5) - 1) / 2
_RELATIVE = 1e-9
"""Of a segment's length: where the search for its nearest point may stop."""


def distance_m(one: Point, other: Point) -> float:
    """Metres along the shortest geodesic."""
    if one == other:
        return 0.0
    return _degrees_apart_m(*one.degrees(), *other.degrees())


def distance_to_route_m(position: Point, route: tuple[Point, ...]) -> float:
    """Metres along the shortest geodesic to any point of the route."""
    if len(route) == 1:
        return distance_m(position, route[0])
    return min(_to_segment_m(position, *ends) for ends in pairwise(route))


def _to_segment_m(position: Point, begin: Point, end: Point) -> float:
    longitude, latitude = position.degrees()
    (begin_lon, begin_lat), (end_lon, end_lat) = begin.degrees(), end.degrees()

    def at(share: float) -> float:
        lon, lat = begin_lon + share * (end_lon - begin_lon), begin_lat + share * (end_lat - begin_lat)
        return _degrees_apart_m(longitude, latitude, lon, lat)

    return _least(at)


def _least(value: Callable[[float], float]) -> float:
    """The least of a function on 0..1 that falls, then rises: by golden sections."""
    low, high = 0.0, 1.0
    left, right = high - _GOLDEN, low + _GOLDEN
    at_left, at_right = value(left), value(right)
    while high - low > _RELATIVE:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = value(right)
    return min(at_left, at_right, value(0.0), value(1.0))


def _degrees_apart_m(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    inverse = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude, Geodesic.DISTANCE)
    return float(inverse["s12"])
