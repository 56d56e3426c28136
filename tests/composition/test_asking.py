"""What is answered about a round: prices, why somebody is not in it, two proposals side by side, two aims against."""

from itertools import combinations
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.composition.brute_force import judge_all
from tests.composition.brute_force_amounts import needed
from tests.composition.rounds import CONCLUDED, Round
from tests.composition.test_brute_force import MINUTE_US, StoppedClock, composed
from tests.composition.test_composing import one
from tests.composition.test_conflicts import WOUNDED, hard, small_rounds

from safeconduct.clauses.asking import Asked
from safeconduct.kernel.errors import Refused


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
    names = {
        "release-all": ["left out"],
        "include": ["left out"],
        "exclude": ["let go"],
        "veto": ["let go"],
        "together": ["dropped"],
        "requires": ["dropped"],
    }
    bounds: list[str] = [name for name in ("min", "max") if name in clause]
    return bounds or names.get(clause["kind"], ["tolerance"])


@FEW
@given(small_rounds(2, 4))
def test_prices_equal_trying_every_amount(case: Round) -> None:
    """Each clause gives way by the least that gains anything, and gains what the best choice then reaches."""
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    assume(truth.allowed.any())
    prices, told = asked(case).prices(composed(case))
    soft = {one["id"]: one for one in case.clauses if one["kind"] not in ("prefer", "choice") and not hard(one)}
    assert len(told) == len(prices)
    assert not {"protected", *(one["id"] for one in case.clauses if hard(one))} & {one.clause for one in prices}
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
    aims: list[dict[str, Any]] = [
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


WOMEN_FIRST: list[dict[str, Any]] = [
    {"id": "room", "kind": "count", "max": 2},
    {"id": "veto", "kind": "exclude", "of": {"ref": "r4"}},
    {"id": "women", "kind": "prefer", "of": {"sex": "F"}},
    {"id": "all", "kind": "prefer", "largest": True},
]
PEOPLE = [
    one("r1", sex="F"),
    one("r2", captured_on="2025-06-01"),
    one("r3"),
    one("r4", sex="F"),
    one("r5", sex="F", protected=True),
    one("r6", sex="F", consent="unwilling"),
    one("u1", sex="F"),
]
SMALL = Round(["RU", "UA"], WOMEN_FIRST, PEOPLE)


def told(case: Round, ref: str) -> tuple[str, ...]:
    """Why a person is in the round or is not, in sentences."""
    return asked(case).explanation(composed(case), ref).sentences


def test_why_somebody_is_not_in_it() -> None:
    """Not allowed, by which clause and what would have to change; or allowed, at what cost."""
    assert told(SMALL, "r4") == (
        "r4 is not in the round, and in no allowed choice: with r4, clause veto cannot be kept.",
        "veto: Nobody listed as r4 is released.",
        "This would do:",
        "1. veto: 1 person of those it keeps back may go – 1 person in question.",
    )
    assert told(SMALL, "r2") == (
        "r2 is not in the round: allowed, but the best choice with r2 reaches women 1 instead of 2.",
        "What would have to change for r2 to go, and women be served no less?",
        "This would do:",
        "1. room: at most 3 instead of at most 2 (1 more) – 1 person in question.",
    )


def test_why_somebody_is_in_it() -> None:
    """Because the terms ask for it, or because another choice would be worse."""
    assert told(SMALL, "r1") == ("r1 is in the round: the best choice without r1 reaches women 1 instead of 2.",)
    named = Round(["RU", "UA"], [{"id": "named", "kind": "include", "of": {"ref": "r3"}}, *WOMEN_FIRST], PEOPLE)
    assert told(named, "r3") == (
        "r3 is in the round, as in every allowed choice: without r3, clause named cannot be kept.",
        "named: Everyone listed as r3 is released, without exception.",
    )


def test_of_the_protected_one_word_is_told() -> None:
    """The same for either ground, whatever else the terms say of the person."""
    for ref in ("r5", "r6"):
        answer = asked(SMALL).explanation(composed(SMALL), ref)
        assert msgspec.to_builtins(answer) == {
            "ref": ref,
            "chosen": False,
            "why": "protected",
            "moved": (),
            "conflicts": (),
            "relaxations": (),
            "sentences": (f"{ref} is not in the round: protected.",),
        }


def test_between_equals_the_rule_decides() -> None:
    """Whom the terms do not tell apart; and two choices of which the terms prefer none."""
    alike = Round(["RU", "UA"], [{"id": "room", "kind": "count", "max": 1}], [one("r1"), one("r2", captured_on="2024")])
    assert told(alike, "r1") == (
        "r1 is not in the round and 1 person is whom the terms do not tell apart from r1: the published rule chose "
        "between them. r1 has been held for 0 days.",
    )
    assert told(alike, "r2")[0].startswith("r2 is in the round and 1 person is not whom the terms do not tell apart")
    clauses: list[dict[str, Any]] = [
        {"id": "room", "kind": "count", "max": 2},
        {"id": "tied", "kind": "together", "refs": ["r1", "u1"]},
    ]
    tied = Round(["RU", "UA"], clauses, [one("r1"), one("r2"), one("u1"), one("u2")])
    going = {one.ref for one in composed(tied).chosen}
    inside, outside = ("r1", "r2") if "r1" in going else ("r2", "r1")
    assert told(tied, inside) == (
        f"{inside} is in the round, though a choice without {inside} would be as good: the terms do not say which of "
        "the two is better. A 'prefer' behind largest would.",
    )
    assert told(tied, outside)[0].startswith(f"{outside} is not in the round, though a choice with {outside} would be")


def test_prices_in_words() -> None:
    """What would be gained, by how much and whose persons; and what nothing would be gained by."""
    clauses: list[dict[str, Any]] = [
        {"id": "parity", "kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1"},
        {"id": "named", "kind": "include", "of": {"ref": "r1"}},
        {"id": "pair", "kind": "together", "refs": ["r1", "r2"]},
        {"id": "three", "kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1", "of": {"rank": "captain"}},
        {"id": "wounded", "kind": "release-all", "of": {"category": WOUNDED}},
    ]
    people = [one(f"r{number}") for number in range(1, 4)] + [one("u1"), one("u2", category=[WOUNDED])]
    _, lines = asked(Round(["RU", "UA"], clauses, people)).prices(composed(Round(["RU", "UA"], clauses, people)))
    assert lines == [
        "parity: give or take 1 of RU's instead of none: largest 5 instead of 4; 1 person more home to UA.",
        "pair: nothing would be gained by dropping it.",
        "named: nothing would be gained by giving way in 'left out', however far.",
    ]


def test_a_near_miss() -> None:
    """A captain counts 6: a tolerance wider by one to five changes nothing, by six it does."""
    parity = {"id": "parity", "kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1", "weights": {"captain": 6}}
    case = Round(["RU", "UA"], [parity], [one("r1", rank="captain")])
    prices, lines = asked(case).prices(composed(case))
    assert [one.by for one in prices] == [6]
    assert lines == [
        "parity: give or take 6 of RU's by rank instead of none, and nothing less would do: largest 1 instead of 0; "
        "1 person more home to UA."
    ]


def test_two_proposals() -> None:
    """Whose persons, of what category and rank, held for how long; who differs; what the other breaks."""
    compared, lines = asked(SMALL).comparison(("this round", "other.json"), composed(SMALL), ["r2", "r3", "u1"])
    assert compared.only == (("r1",), ("r2", "r3"))
    assert lines == [
        "                       this round  other.json",
        "released by RU                  1           2",
        "released by UA                  1           1",
        "home to RU                      1           1",
        "  days held, added up           0           0",
        "  rank private                  1           1",
        "home to UA                      1           2",
        "  days held, added up           0           1",
        "  rank private                  1           2",
        "objective women                 2           1",
        "objective all                   2           3",
        "other.json does not keep room: 3 released, asked: at most 2.",
        "Only in this round (1): r1.",
        "Only in other.json (2): r2, r3.",
    ]


def test_only_of_a_proven_round() -> None:
    """Where the proof is missing nobody can say why it is so."""
    unproven = msgspec.structs.replace(composed(SMALL), status="feasible")
    with pytest.raises(Refused, match="proven best"):
        asked(SMALL).prices(unproven)
