"""Positions in integer microdegrees, and distances on the ellipsoid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.vocabulary.place import Point, distance_m, parse_point

UDEG = st.tuples(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))


@given(UDEG)
def test_degrees_and_back(udeg: tuple[int, int]) -> None:
    """Six decimals of a degree keep every microdegree."""
    point = Point(*udeg)
    assert parse_point(point.degrees()) == point


@pytest.mark.parametrize(
    ("value", "point"),
    [
        ([30.97, 52.08], Point(30_970_000, 52_080_000)),
        ([31, -52], Point(31_000_000, -52_000_000)),
        ([-180.0, 90.0], Point(-180_000_000, 90_000_000)),
    ],
)
def test_longitude_comes_first(value: list[float], point: Point) -> None:
    """[longitude, latitude], as GeoJSON has it."""
    assert parse_point(value) == point


@pytest.mark.parametrize(
    "value",
    [None, "30.97,52.08", [], [30.97], [30.97, 52.08, 0.0], ["30.97", "52.08"], [True, 1.0], {"lon": 1, "lat": 2}],
)
def test_not_a_position(value: Any) -> None:
    """What is no pair of numbers is refused."""
    with pytest.raises(ValueError, match="a position is"):
        parse_point(value)


@pytest.mark.parametrize("value", [[180.1, 0.0], [0.0, -90.000001], [52.0, 130.0], [float("nan"), 0.0]])
def test_off_the_globe(value: list[float]) -> None:
    """Out of range, as when longitude and latitude are swapped, is refused."""
    with pytest.raises(ValueError, match="outside the globe"):
        parse_point(value)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        # One degree of the equator is pi * 6378137 / 180 m; the quarter meridian of WGS 84 is 10 001 965.729 m.
        (Point(0, 0), Point(1_000_000, 0), 111_319.491),
        (Point(0, 0), Point(0, 90_000_000), 10_001_965.729),
        (Point(179_500_000, 0), Point(-179_500_000, 0), 111_319.491),
        (Point(0, 0), Point(0, 0), 0.0),
    ],
)
def test_distance(one: Point, other: Point, metres: float) -> None:
    """Known lengths on WGS 84, also across the date line."""
    assert distance_m(one, other) == pytest.approx(metres, abs=0.001)
    assert distance_m(other, one) == distance_m(one, other)
