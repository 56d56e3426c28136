"""Whether two positions are near, and how far a position is from a route: geodesic on WGS 84, asked thousands of times.

A geodesic costs far more than a product, so bounds that leave no doubt answer first. They rest on two facts. A degree
of latitude is never shorter than at the equator and never longer than at the poles. A degree of longitude shrinks with
latitude, and a line shorter than some limit cannot leave its start's latitude by more than that limit allows. What the
bounds leave open the geodesic decides, so no verdict depends on them.
"""

import math
from functools import lru_cache
from itertools import pairwise

from geographiclib.geodesic import Geodesic

from safeconduct.vocabulary.place import Point, distance_m

_RADIUS_M: float = Geodesic.WGS84.a
_SQUARED_ECCENTRICITY: float = Geodesic.WGS84.f * (2 - Geodesic.WGS84.f)
_DEGREE_NORTH_LEAST_M = math.radians(_RADIUS_M) * (1 - _SQUARED_ECCENTRICITY)
_DEGREE_NORTH_MOST_M = math.radians(_RADIUS_M) / math.sqrt(1 - _SQUARED_ECCENTRICITY)

_ROUNDING = 1e-9
"""Far above what floating point loses in a bound, relative."""
_PIECE_M = 100_000
"""Routes are searched in pieces no longer than this."""
_STEP_M = 0.001
_STEPS_AT_MOST = 50

_Piece = tuple[float, float, float, float]
"""Longitude and latitude of one end and of the other, in degrees."""


def is_within(one: Point, other: Point, limit_m: float) -> bool:
    """Whether the geodesic between two positions is at most `limit_m` metres long."""
    (lon1, lat1), (lon2, lat2) = one.degrees(), other.degrees()
    north, east = abs(lat1 - lat2), abs(lon1 - lon2)
    east = min(east, 360 - east)
    if _least_m(east, north, _narrowest_m(lat1, limit_m)) > limit_m:
        return False
    nearest_the_equator = 0.0 if lat1 * lat2 < 0 else min(abs(lat1), abs(lat2))
    most_m = math.hypot(north * _DEGREE_NORTH_MOST_M, east * _degree_east_m(nearest_the_equator)) * (1 + _ROUNDING)
    return most_m <= limit_m or distance_m(one, other) <= limit_m


class Route:
    """A line through points, straight in longitude and latitude from each to the next (not the short way round the
    globe, should two of them lie more than 180 degrees of longitude apart)."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        """At least one point."""
        self.pieces = tuple(_pieces(points))


@lru_cache(maxsize=1024)
def route_through(points: tuple[Point, ...]) -> Route:
    """The route through these points, the same object again for the same points."""
    return Route(points)


@lru_cache(maxsize=1 << 17)
def distance_to_route_m(position: Point, route: Route) -> float:
    """The length in metres of the shortest geodesic from the position to any point of the route.

    Exact to a millimetre for positions up to 500 km from a route below 80 degrees of latitude: there the distance has
    one minimum on every piece searched. Elsewhere it may be too great, never too small: it is that of a point of the
    route. Remembered, since a day is judged again with every report.
    """
    lon, lat = position.degrees()
    beside = [(lon1 - lon, lat1 - lat, lon2 - lon, lat2 - lat) for lon1, lat1, lon2, lat2 in route.pieces]
    east_m, north_m = _degree_east_m(lat), _degree_north_m(lat)
    first = min(range(len(beside)), key=lambda index: _foot(beside[index], east_m, north_m)[1])
    best_m = _distance_to_piece_m(position, route.pieces[first], _foot(beside[first], east_m, north_m)[0])
    narrowest_m = _narrowest_m(lat, best_m)
    for index, piece in enumerate(beside):
        # Beyond half the globe the other way round is shorter: then only the latitude is a bound.
        narrow_m = narrowest_m if max(abs(piece[0]), abs(piece[2])) <= 180 else 0.0
        foot, least_m = _foot(piece, narrow_m, _DEGREE_NORTH_LEAST_M)
        if index != first and least_m * (1 - _ROUNDING) < best_m:
            best_m = min(best_m, _distance_to_piece_m(position, route.pieces[index], foot))
    return best_m


def is_beyond(position: Point, route: Route, limit_m: float) -> bool:
    """Whether `distance_to_route_m` is more than a limit; seldom does it take a geodesic to tell."""
    lon, lat = position.degrees()
    beside = [(lon1 - lon, lat1 - lat, lon2 - lon, lat2 - lat) for lon1, lat1, lon2, lat2 in route.pieces]
    if max(max(abs(piece[0]), abs(piece[2])) for piece in beside) <= 180:
        narrowest_m = _narrowest_m(lat, limit_m)
        least_m = min(_foot(piece, narrowest_m, _DEGREE_NORTH_LEAST_M)[1] for piece in beside)
        if least_m * (1 - _ROUNDING) > limit_m:
            return True
        widest_m = math.radians(_RADIUS_M)
        if abs(lat) > 1 and max(abs(piece[1]) for piece in beside) < 0.5:
            widest_m = _degree_east_m(abs(lat) - 0.5)
        most_m = min(_foot(piece, widest_m, _DEGREE_NORTH_MOST_M)[1] for piece in beside)
        if most_m * (1 + _ROUNDING) <= limit_m:
            return False
    return distance_to_route_m(position, route) > limit_m


def _pieces(points: tuple[Point, ...]) -> list[_Piece]:
    ends = [tuple(point.degrees()) for point in points]
    pieces: list[_Piece] = []
    for (lon1, lat1), (lon2, lat2) in pairwise(ends) if len(ends) > 1 else [(ends[0], ends[0])]:
        longest_m = math.hypot((lon2 - lon1) * math.radians(_RADIUS_M), (lat2 - lat1) * _DEGREE_NORTH_MOST_M)
        count = max(1, math.ceil(longest_m / _PIECE_M))
        cuts = [
            (lon1 + (lon2 - lon1) * index / count, lat1 + (lat2 - lat1) * index / count) for index in range(count + 1)
        ]
        pieces += [(*one, *other) for one, other in pairwise(cuts)]
    return pieces


def _distance_to_piece_m(position: Point, piece: _Piece, share: float) -> float:
    """Go along the piece, from a share of its length on, to where the geodesic to the position meets it squarely."""
    (lon, lat), (lon1, lat1, lon2, lat2) = position.degrees(), piece
    best_m = math.inf
    for _ in range(_STEPS_AT_MOST):
        lon_here, lat_here = lon1 + (lon2 - lon1) * share, lat1 + (lat2 - lat1) * share
        found = Geodesic.WGS84.Inverse(lat_here, lon_here, lat, lon, Geodesic.DISTANCE | Geodesic.AZIMUTH)
        best_m = min(best_m, float(found["s12"]))
        east_m, north_m = (lon2 - lon1) * _degree_east_m(lat_here), (lat2 - lat1) * _degree_north_m(lat_here)
        squared = east_m**2 + north_m**2
        if squared < _STEP_M**2:
            break
        azimuth = math.radians(found["azi1"])
        ahead = found["s12"] * (east_m * math.sin(azimuth) + north_m * math.cos(azimuth)) / squared
        onward = min(1.0, max(0.0, share + ahead))
        if abs(onward - share) * math.sqrt(squared) < _STEP_M:
            break
        share = onward
    return best_m


def _foot(piece: _Piece, east_m: float, north_m: float) -> tuple[float, float]:
    """On a flat map with the position at its origin: the share of the piece where it comes nearest, and how near."""
    x1, y1, x2, y2 = piece[0] * east_m, piece[1] * north_m, piece[2] * east_m, piece[3] * north_m
    x, y = x2 - x1, y2 - y1
    squared = x * x + y * y
    share = min(1.0, max(0.0, -(x1 * x + y1 * y) / squared)) if squared else 0.0
    return share, math.hypot(x1 + share * x, y1 + share * y)


def _least_m(east: float, north: float, degree_east_m: float) -> float:
    return math.hypot(north * _DEGREE_NORTH_LEAST_M, east * degree_east_m) * (1 - _ROUNDING)


def _narrowest_m(latitude: float, limit_m: float) -> float:
    """The shortest degree of longitude that a line no longer than the limit can cross, beginning at a latitude."""
    return _degree_east_m(min(90.0, abs(latitude) + limit_m / _DEGREE_NORTH_LEAST_M))


def _degree_east_m(latitude: float) -> float:
    sine = math.sin(math.radians(latitude))
    cosine = math.cos(math.radians(latitude))
    return math.radians(_RADIUS_M) * cosine / math.sqrt(1 - _SQUARED_ECCENTRICITY * sine * sine)


def _degree_north_m(latitude: float) -> float:
    sine = math.sin(math.radians(latitude))
    return _DEGREE_NORTH_LEAST_M / math.pow(1 - _SQUARED_ECCENTRICITY * sine * sine, 1.5)
