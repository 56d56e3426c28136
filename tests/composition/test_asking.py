"""What is answered about a round: prices, why somebody is not in it, two proposals side by side, the front of two aims."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.composition.brute_force import judge_all, needed
from tests.composition.rounds import CONCLUDED, Round
from tests.composition.test_brute_force import MINUTE_US, StoppedClock, composed
from tests.composition.test_conflicts import hard, small_rounds

from safeconduct.clauses.asking import Asked


def asked(case: Round) -> Asked:
    """Questions without a time limit."""
    return Asked(case.terms(), case.persons(), StoppedClock(), MINUTE_US, lambda _: None)


FEW = settings(max_examples=max(20, settings().max_examples // 5))


def best(values: list[np.ndarray[Any, np.dtype[np.int64]]], allowed: np.ndarray[Any, np.dtype[np.bool_]]) -> list[int]:
    """The lexicographic optimum over the subsets allowed; empty if there is none."""
    reached: list[int] = []
    for value in values if allowed.any() else []:
        reached.append(int(value[allowed].max()))
        allowed = allowed & (value == reached[-1])
    return reached


def amounts_of(clause: dict[str, Any]) -> list[str]:
    """In what each kind can give way."""
    names = {"ratio": ["tolerance"], "balance": ["tolerance"], "release-all": ["left out"], "include": ["left out"]}
    bounds = [name for name in ("min", "max") if name in clause]
    return bounds or names.get(clause["kind"], ["let go" if clause["kind"] == "exclude" else "dropped"])


@FEW
@given(small_rounds(2, 4))
def test_prices_equal_trying_every_amount(case: Round) -> None:
    """Each clause gives way by the least that gains anything, and gains what the best choice then reaches."""
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    assume(truth.allowed.any())
    prices, told = asked(case).prices(composed(case))
    soft = {one["id"]: one for one in case.clauses if one["kind"] != "prefer" and not hard(one)}
    assert {one.clause for one in prices} <= set(soft)
    assert len(told) == len(prices)
    found = {(one.clause, one.amount): one for one in prices}
    for clause, raw in soft.items():
        others = np.all([mask for other, mask in truth.kept.items() if other != clause], axis=0)
        for amount in amounts_of(raw):
            bare = {key: value for key, value in raw.items() if key not in {"min", "max"} - {amount}}
            _, units = needed(bare, case.candidates, case.parties, CONCLUDED)
            beside = np.ones_like(others)
            for other in {"min", "max"} & set(raw) - {amount}:
                bound = {key: value for key, value in raw.items() if key not in {"min", "max"} - {other}}
                beside &= needed(bound, case.candidates, case.parties, CONCLUDED)[1] == 0
            reached = {by: best(truth.values, others & beside & (units <= by)) for by in range(int(units.max()) + 1)}
            least = next((by for by, values in reached.items() if values > truth.best), 0)
            price = found.get((clause, amount))
            event(f"least {min(least, 2)}")
            assert (price.by if price else 0) == least
            if price and least:
                moved = {one.clause: (one.now, one.then) for one in price.moved}
                ids = [one["id"] for one in case.clauses if one["kind"] == "prefer"] or ["largest"]
                pairs = zip(ids, truth.best, reached[least], strict=True)
                assert moved == {name: (now, then) for name, now, then in pairs if now != then}
                assert sum(price.released.values()) == sum(price.home.values())


@FEW
@given(small_rounds(2, 5), st.integers(0, 7))
def test_explanations_equal_trying_every_subset(case: Round, number: int) -> None:
    """The other way is impossible, costs or is as good, exactly as every subset with (or without) the person says."""
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    assume(truth.allowed.any())
    number %= len(case.candidates)
    person = case.candidates[number]
    composition = composed(case)
    told = asked(case).explanation(composition, person["ref"])
    chosen = any(one.ref == person["ref"] for one in composition.chosen)
    other_way = (np.arange(len(truth.allowed)) >> number & 1) == (not chosen)
    reached = best(truth.values, truth.allowed & other_way)
    assert told.chosen == chosen
    event(told.why)
    if person["protected"] or person["consent"] == "unwilling":
        assert (told.why, told.conflicts, told.relaxations) == ("protected", (), ())
        assert told.sentences == (f"{person['ref']} is not in the round: protected.",)
    elif not reached:
        assert told.why == "no-choice"
        ids = [*truth.kept]
        clash = {
            some
            for size in range(len(ids) + 1)
            for some in combinations(ids, size)
            if not np.all([other_way, *(truth.kept[one] for one in some)], axis=0).any()
        }
        least = {some for some in clash if all(less not in clash for less in combinations(some, len(some) - 1))}
        assert {frozenset(some) for some in told.conflicts} == {frozenset(some) for some in least}
    else:
        assert told.why == ("equal" if reached == truth.best else "costs")
        assert [one.then for one in told.moved] == [
            then for now, then in zip(truth.best, reached, strict=True) if now != then
        ]


@FEW
@given(small_rounds(3, 5), st.integers(2, 9))
def test_the_front_equals_every_choice_worth_having(case: Round, most: int) -> None:
    """All points of the front where they may be few; else points of it, both ends among them."""
    aims = [
        {"id": "days", "kind": "prefer", "longest_captivity": True},
        {"id": "women", "kind": "prefer", "of": {"sex": "F"}},
    ]
    case = Round(case.parties, [*(one for one in case.clauses if one["kind"] != "prefer"), *aims], case.candidates)
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    front = asked(case).front(("days", "women"), most)
    if not truth.allowed.any():
        assert front is None
        return
    reached = {tuple(map(int, pair)) for pair in np.array(truth.values).T[truth.allowed]}
    worth = sorted(
        (one for one in reached if not any(a >= one[0] and b >= one[1] and (a, b) != one for a, b in reached)),
        reverse=True,
    )
    assert front is not None
    points = [(one.first, one.second) for one in front.points]
    event(f"{len(points)} points")
    assert (points[0], points[-1]) == (worth[0], worth[-1])
    assert len(points) <= max(most, 2)
    assert [one for one in worth if one in points] == points
    assert not front.complete or points == worth
