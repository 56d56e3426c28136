"""Distances of the audit, by a search of its own, against those of the watch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.clauses.batch.distances import distance_to_route_m
from safeconduct.vocabulary.distance import distance_to_route_m as distance_by_the_watch_m
from safeconduct.vocabulary.distance import route_through
from safeconduct.vocabulary.place import Point

points = st.builds(Point, st.integers(30_000_000, 31_000_000), st.integers(51_500_000, 52_500_000))


@given(points, st.lists(points, min_size=1, max_size=4))
def test_a_route_is_as_far_for_both(position: Point, route: list[Point]) -> None:
    """Beside it, beyond its ends, at its corners: to the metre, over some hundred kilometres."""
    route_m = distance_to_route_m(position, tuple(route))
    assert route_m == pytest.approx(distance_by_the_watch_m(position, route_through(tuple(route))), abs=0.5)
