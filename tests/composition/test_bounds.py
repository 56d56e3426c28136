"""What exact arithmetic shows is true of every allowed choice."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.composition.bounds import narrow

BOUNDS = st.one_of(st.just(np.inf), st.integers(-6, 9).map(float))


@given(st.lists(st.tuples(st.lists(st.integers(-4, 4), min_size=3, max_size=3), BOUNDS, BOUNDS), max_size=3))
def test_no_allowed_numbers_are_lost(rows: list[tuple[list[int], float, float]]) -> None:
    """Every choice within the bounds lies within what is left; "none" is said only where there is none."""
    sizes = np.array([1, 2, 3])
    matrix = np.array([row for row, _, _ in rows], dtype=np.int64).reshape(len(rows), 3)
    low = np.array([-bound for _, bound, _ in rows])
    high = np.array([bound for _, _, bound in rows])
    allowed = [
        numbers
        for numbers in product(range(2), range(3), range(4))
        if all(bool(one >= 0) for one in (matrix @ numbers - low))
        and all(bool(x >= 0) for x in high - matrix @ numbers)
    ]
    left = narrow(matrix, low, high, np.zeros_like(sizes), sizes)
    if left is None:
        assert not allowed
        return
    fewest, most = left
    assert all((fewest <= numbers).all() and (numbers <= most).all() for numbers in allowed)


def test_what_must_be_is_seen() -> None:
    """All of the first class, so only one of the second, so none is left for a floor on the third."""
    rows = np.array([[1, 0, 0], [1, 1, 1], [0, 0, 1]])
    low, high = np.array([3.0, -np.inf, 1.0]), np.array([np.inf, 3.0, np.inf])
    assert narrow(rows, low, high, np.zeros(3, dtype=np.int64), np.array([3, 3, 3])) is None
