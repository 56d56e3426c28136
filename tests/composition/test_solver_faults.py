"""Rounds on which HiGHS 1.12 errs by itself; what is told of them is right all the same."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import OptimizeResult, milp

from safeconduct.composition import solve
from safeconduct.composition.constraint import Row
from safeconduct.composition.model import Condition, apart, condition, merged
from safeconduct.composition.solve import maximise

MAN_FOR_MAN = [-1, -1, 1, -1, -1, 1, 1, -1, 1, -1, 1, 1, -1, 1, 1]
DAYS = [290, 290, 508, 1055, 1055, 394, 394, 216, 41, 962, 106, 106, 403, 999, 999]

WEIGHTED = [-10450, 10919, -3520, 20227, -4180, 10919, -3355, 13604, -6215]
WEIGHTED_DAYS = [921, 562, 281, 706, 807, 264, 878, 564, 184]


def test_man_for_man_of_two_or_three_is_possible() -> None:
    """One for one, at most three persons: the best pair is 1055 + 999 days. HiGHS with presolve says infeasible."""
    rows = [
        condition("parity", Row(MAN_FOR_MAN, 0, 0)),
        condition("some", Row([1] * 15, 1)),
        condition("few", Row([1] * 15, 1, 3)),
    ]
    for grouping in (merged, apart):
        solved = maximise(rows, np.array(DAYS), grouping, lambda: 60_000_000)
        assert (solved.status, solved.value, solved.bound) == ("optimal", 2054, 2054)


def test_a_second_search_finds_what_the_first_one_missed() -> None:
    """Of the 512 choices the best has 4461 days; HiGHS by itself stops at 4341, with that for its bound."""
    limit = 12_530
    choices = (np.arange(512)[:, None] >> np.arange(9)) & 1
    allowed = np.abs(choices @ WEIGHTED) <= limit
    assert (choices[allowed] @ WEIGHTED_DAYS).max() == 4461
    # As it stands, not in lowest terms: the fault lies in the numbers.
    rows = [
        Condition("ratio", np.array(WEIGHTED), -limit, limit),
        Condition("some", np.ones(9, dtype=np.int64), 1, 1_000_000),
    ]
    for grouping in (merged, apart):
        solved = maximise(rows, np.array(WEIGHTED_DAYS), grouping, lambda: 60_000_000)
        assert (solved.status, solved.value, solved.bound) == ("optimal", 4461, 4461)


def test_one_verdict_of_infeasible_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search without presolve errs, the one with it is heard before anything is told."""

    def wrong_without_presolve(**model: Any) -> OptimizeResult:
        if model["options"]["presolve"]:
            return milp(**model)
        wrong = OptimizeResult()
        wrong.update({"status": 2, "message": "The problem is infeasible.", "x": None})
        return wrong

    monkeypatch.setattr(solve, "milp", wrong_without_presolve)
    rows = [condition("some", Row([1, 1, 1], 1, 2))]
    solved = maximise(rows, np.array([3, 2, 1]), merged, lambda: 60_000_000)
    assert (solved.status, solved.value) == ("optimal", 5)


def test_large_rounds_are_searched_again_in_reverse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where presolve would take long, the second search has the variables in reverse, and its answer is read so."""
    orders: list[list[float]] = []

    def wrong_at_first(**model: Any) -> OptimizeResult:
        assert not model["options"]["presolve"]
        orders.append(model["c"].tolist())
        if len(orders) > 1:
            return milp(**model)
        wrong = OptimizeResult()
        wrong.update({"status": 2, "message": "The problem is infeasible.", "x": None})
        return wrong

    monkeypatch.setattr(solve, "milp", wrong_at_first)
    monkeypatch.setattr(solve, "_PRESOLVED", 0)
    rows = [condition("some", Row([1, 1, 1], 1, 2)), condition("either", Row([1, 1, 0], high=1))]
    solved = maximise(rows, np.array([3, 2, 1]), apart, lambda: 60_000_000)
    assert (solved.status, solved.value, solved.counts.tolist()) == ("optimal", 4, [1, 0, 1])
    assert orders[:2] == [[-3.0, -2.0, -1.0], [-1.0, -2.0, -3.0]]
