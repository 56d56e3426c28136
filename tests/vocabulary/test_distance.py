"""Nearness and distance to a route, against many geodesics: no shortcut may change an answer."""

import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safeconduct.vocabulary.distance import distance_to_route_m, is_within, route_through
from safeconduct.vocabulary.place import Point, distance_m

SAMPLES = 60


def point(longitude: float, latitude: float) -> Point:
    """From degrees."""
    return Point(round(longitude * 1e6), round(latitude * 1e6))


anywhere = st.builds(Point, st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
steps = st.one_of(st.integers(-300, 300), st.integers(-30_000, 30_000), st.integers(-1_500_000, 1_500_000))
inhabited = st.builds(Point, st.integers(-170_000_000, 170_000_000), st.integers(-75_000_000, 75_000_000))


def moved(one: Point, east: int, north: int) -> Point:
    """A few microdegrees further."""
    return Point(one.longitude_udeg + east, one.latitude_udeg + north)


@given(anywhere, anywhere, st.floats(0.9, 1.1))
def test_near_is_what_the_geodesic_says(one: Point, other: Point, factor: float) -> None:
    """With limits around the distance itself, where the bounds leave it open."""
    limit_m = distance_m(one, other) * factor
    assume(limit_m > 0.001)  # at a pole all longitudes are one point, give or take a rounding
    assert is_within(one, other, limit_m) == (distance_m(one, other) <= limit_m)


@given(inhabited, steps, steps, st.floats(0.5, 2), st.sampled_from([1.0, 1 - 1e-7, 1 + 1e-7]))
def test_near_is_exact_nearby(one: Point, east: int, north: int, factor: float, nearly: float) -> None:
    """In the field's distances, down to a hair's breadth from the limit."""
    other = moved(one, east, north)
    for limit_m in (distance_m(one, other) * factor, distance_m(one, other) * nearly):
        assert is_within(one, other, limit_m) == (distance_m(one, other) <= limit_m)


def test_a_limit_is_inclusive_and_the_date_line_is_no_edge() -> None:
    """One degree of the equator is 111 319.491 m."""
    assert is_within(point(0, 0), point(0, 0), 0.001)
    assert is_within(point(179.5, 0), point(-179.5, 0), 111_319.4908)
    assert not is_within(point(179.5, 0), point(-179.5, 0), 111_319.4907)
    assert is_within(point(10, 90), point(-170, 90), 0.001)


def sampled_m(position: Point, points: list[Point]) -> float:
    """The least of many geodesics to each segment, then of ever nearer ones around the nearest."""
    lon, lat = position.degrees()
    best = math.inf
    for one, other in zip(points, points[1:] or points, strict=False):
        (lon1, lat1), (lon2, lat2) = one.degrees(), other.degrees()

        def off(share: float, ends: tuple[float, ...] = (lon1, lat1, lon2, lat2)) -> float:
            lon_there, lat_there = ends[0] + (ends[2] - ends[0]) * share, ends[1] + (ends[3] - ends[1]) * share
            return float(Geodesic.WGS84.Inverse(lat, lon, lat_there, lon_there, Geodesic.DISTANCE)["s12"])

        nearest = min(range(SAMPLES + 1), key=lambda index: off(index / SAMPLES))
        low, high = max(0, nearest - 1) / SAMPLES, min(SAMPLES, nearest + 1) / SAMPLES
        for _ in range(50):
            third = (high - low) / 3
            low, high = (low, high - third) if off(low + third) <= off(high - third) else (low + third, high)
        best = min(best, off((low + high) / 2))
    return best


@settings(max_examples=60)
@given(
    inhabited,
    st.lists(st.tuples(steps, steps), min_size=1, max_size=5),
    st.tuples(steps, steps),
)
def test_distance_to_a_route_to_the_millimetre(
    start: Point, turns: list[tuple[int, int]], beside: tuple[int, int]
) -> None:
    """Positions metres to hundreds of kilometres beside routes of legs of metres to hundreds of kilometres."""
    points = [start]
    for east, north in turns[:-1]:
        points.append(moved(points[-1], east, north))
    position = moved(points[-1], *beside)
    found = distance_to_route_m(position, route_through(tuple(points)))
    assert found == pytest.approx(sampled_m(position, points), abs=0.001)


@pytest.mark.parametrize(
    ("position", "route", "metres"),
    [
        # On it, at an end of it, beside it: a degree of latitude at 52 N is 111 267 m long on average.
        (point(31.05, 52), [point(31, 52), point(31.1, 52)], 0.0),
        (point(31, 52.01), [point(31, 52)], 1112.73),
        (point(31.05, 52.01), [point(31, 52), point(31.1, 52)], 1112.73),
        (point(31.2, 52), [point(31, 52), point(31.1, 52)], 6867.8),
        # Straight in longitude and latitude: half way on a parallel, the geodesic between its ends is 15 km off.
        (point(35, 52), [point(30, 52), point(40, 52)], 0.0),
        # Across the date line the numbers go the long way round, but the distance from an end of it does not.
        (point(179.9, 0), [point(-179.9, 0), point(-179.9, 1)], 22_263.9),
    ],
)
def test_known_distances(position: Point, route: list[Point], metres: float) -> None:
    """Worked with the lengths of degrees."""
    assert distance_to_route_m(position, route_through(tuple(route))) == pytest.approx(metres, abs=0.1)


@given(anywhere, st.lists(anywhere, min_size=1, max_size=3))
@settings(max_examples=60)
def test_anywhere_on_the_globe_no_vertex_is_nearer(position: Point, route: list[Point]) -> None:
    """Poles and the far side included: never beyond what a vertex shows, nor below zero."""
    found = distance_to_route_m(position, route_through(tuple(route)))
    assert 0 <= found <= min(distance_m(position, vertex) for vertex in route) + 0.01
