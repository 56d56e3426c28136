"""All conflicts and all ways out equal trying every set of clauses and every subset of the candidates."""

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.composition.brute_force import judge_all
from tests.composition.brute_force_amounts import needed
from tests.composition.rounds import CONCLUDED, Round
from tests.composition.test_brute_force import composed
from tests.composition.test_composing import CountingClock, compose, one

from safeconduct.composition.report import Composition

WOUNDED = "seriously-wounded-or-sick"


def hard(clause: dict[str, Any]) -> bool:
    """What is never offered: what asks for the seriously wounded and sick (GC III, arts. 109-110)."""
    category = clause.get("of", {}).get("category", [])
    asks = clause["kind"] in ("release-all", "include") or (clause["kind"] == "count" and "min" in clause)
    return asks and WOUNDED in ([category] if isinstance(category, str) else category)


def _of(**keys: Any) -> dict[str, Any]:
    return {"of": keys}


POOL: list[dict[str, Any]] = [
    {"kind": "release-all", **_of(category=WOUNDED)},
    {"kind": "release-all", **_of(sex="F")},
    {"kind": "release-all", **_of(rank=["captain", "sergeant"])},
    {"kind": "include", **_of(ref=["p00", "p03"])},
    {"kind": "include", **_of(held_by="A", category=WOUNDED)},
    {"kind": "exclude", **_of(category=WOUNDED)},
    {"kind": "exclude", **_of(held_by="A")},
    {"kind": "exclude", **_of(rank="captain")},
    {"kind": "count", "max": 1},
    {"kind": "count", "min": 4},
    {"kind": "count", "per": "party", "min": 1, "max": 2},
    {"kind": "count", **_of(category=WOUNDED), "min": 2},
    {"kind": "ratio", "between": ["A", "B"], "ratio": "1:3"},
    {"kind": "ratio", "between": ["B", "A"], "ratio": "2:3", "tolerance": 0.5, "weights": {"captain": 5}},
    {"kind": "balance"},
    {"kind": "balance", "of": {"not": {"sex": "F"}}, "tolerance": 1},
    {"kind": "together", "refs": ["p01", "p02", "p03"]},
    {"kind": "requires", "if": "p00", "then": "p02"},
    {"kind": "like-for-like", "between": ["A", "B"], "by": "sex"},
    {"kind": "like-for-like", "between": ["B", "C"], "by": "category", "tolerance": 1},
    {"kind": "veto", "by": "B", "refs": ["p01", "p03"]},
    {"kind": "choice", "by": "A", "of": {"sex": "F"}, "count": 2},
    {"kind": "destination", "of": {"category": WOUNDED}, "to": "CH", "max": 1},
    {"kind": "count", "per": "rank", "min": 1, "max": 2},
    {"kind": "count", "per": "category", "of": {"home": "B"}, "max": 1},
    {"kind": "prefer", "largest": True},
    {"kind": "prefer", "of": {"sex": "F"}},
    {"kind": "prefer", "longest_captivity": True},
]


@st.composite
def small_rounds(draw: st.DrawFn, fewest: int = 4, most: int = 7) -> Round:
    """Four to eight candidates of three parties; under four to seven clauses, which mostly cannot hold together."""
    pairs = [("A", "B"), ("B", "A"), ("A", "C"), ("C", "B")]
    drawn = draw(st.lists(st.integers(0, 2**7 - 1), min_size=4, max_size=8))
    candidates = [
        {
            "ref": f"p{number:02}",
            "sex": "FM"[bits & 1],
            "rank": ("captain", "private")[bits >> 1 & 1],
            "category": [WOUNDED] * (bits >> 2 & 1),
            "birth_date": "",
            "unit": "",
            "held_at": "",
            "captured_on": ("2024", "2025-05-01", "")[number % 3],
            "consent": "unwilling" if bits >> 3 & 3 == 3 else "unknown",
            "protected": False,
            "held_by": pairs[bits >> 5][0],
            "home": pairs[bits >> 5][1],
        }
        for number, bits in enumerate(drawn)
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(POOL))), min_size=fewest, max_size=most, unique=True))
    return Round(["A", "B", "C"], [{"id": f"c{number}", **POOL[number]} for number in chosen], candidates)


@settings(max_examples=max(25, settings().max_examples // 4))
@given(small_rounds())
def test_equals_every_set_of_clauses_tried(case: Round) -> None:
    """Conflicts: minimal sets that cannot hold. Relaxations: minimal sets without which the rest can hold, and the
    least cost at which they could give way; the first of all is the cheapest there is."""
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    assume(not truth.allowed.any())
    composition = composed(case)
    ids = [*truth.kept]
    masks = np.array([truth.kept[one] for one in ids])
    can_hold = {
        some: bool(np.all(masks[list(some)], axis=0).any())
        for size in range(len(ids) + 1)
        for some in combinations(range(len(ids)), size)
    }
    clash = {some for some, holds in can_hold.items() if not holds}
    conflicts = {some for some in clash if all(less not in clash for less in combinations(some, len(some) - 1))}
    assert {frozenset(one) for one in composition.conflicts} == {frozenset(ids[n] for n in one) for one in conflicts}
    assert set(composition.conflict) in [set(one) for one in composition.conflicts]

    barred = {"protected", *(clause["id"] for clause in case.clauses if hard(clause))}
    rest = {frozenset(ids) - {ids[n] for n in some} for some, holds in can_hold.items() if holds}
    enough = {one for one in rest if not any(less < one for less in rest)}
    offered = {one for one in enough if not one & barred}
    assert {frozenset(one.clauses) for one in composition.relaxations if one.minimal} == offered
    assert composition.exhaustive
    event(f"{len(composition.conflicts)} conflicts, {len(offered)} ways out")

    by_id = {clause["id"]: clause for clause in case.clauses if clause["kind"] != "prefer"}
    soft = [one for one in by_id if one not in barred]
    for way in composition.relaxations:
        assert way.persons == least_cost(case, by_id, way.clauses, truth.kept)
        assert {one.clause for one in way.changes} == set(way.clauses)
    if composition.relaxations:
        assert composition.relaxations[0].persons == least_cost(case, by_id, soft, truth.kept)
        assert [one.persons for one in composition.relaxations] == sorted(
            one.persons or 0 for one in composition.relaxations
        )
    else:
        assert least_cost(case, by_id, soft, truth.kept) is None
    assert_amounts_do(case, composition, truth.kept)


def least_cost(
    case: Round, by_id: dict[str, dict[str, Any]], giving: Any, kept: dict[str, np.ndarray[Any, np.dtype[np.bool_]]]
) -> int | None:
    """The least sum of persons over all subsets that keep every clause not giving way; rounded up."""
    staying = np.all([mask for clause, mask in kept.items() if clause not in giving], axis=0)
    costs = [Fraction(0)] * len(staying)
    for clause in giving:
        each, units = needed(by_id[clause], case.candidates, case.parties, CONCLUDED)
        costs = [cost + each * int(unit) for cost, unit in zip(costs, units, strict=True)]
    possible = [cost for cost, stays in zip(costs, staying, strict=True) if stays]
    return -(-min(possible) // 1) if possible else None


def assert_amounts_do(
    case: Round, composition: Composition, kept: dict[str, np.ndarray[Any, np.dtype[np.bool_]]]
) -> None:
    """With each clause needing no more units than it is told to give, somebody's choice keeps all others."""
    by_id = {clause["id"]: clause for clause in case.clauses}
    for way in composition.relaxations:
        allowed = np.all([mask for clause, mask in kept.items() if clause not in way.clauses], axis=0)
        for change in way.changes:
            _, units = needed(by_id[change.clause], case.candidates, case.parties, CONCLUDED)
            allowed &= units <= sum(change.amounts.values())
        assert allowed.any()


def test_a_way_out_is_told_as_it_would_be_said() -> None:
    """Which terms collide, and by how little each way out gives way, in the units of the terms; RU and UA by number."""
    clauses: list[dict[str, Any]] = [
        {"id": "parity", "kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1"},
        {"id": "wounded", "kind": "release-all", "of": {"category": WOUNDED}},
        {"id": "veto-RU", "kind": "exclude", "of": {"held_by": "RU", "rank": "private"}},
    ]
    wounded = {"category": [WOUNDED]}
    candidates = [one("r1", rank="captain"), one("r2"), one("r3"), *(one(f"u{n}", **wounded) for n in range(3))]
    composition = compose(clauses, candidates)
    assert composition.explanation == (
        "No choice keeps every clause: clauses parity, wounded and veto-RU cannot hold together.",
        "parity: RU releases 1 for every 1 that UA releases, exactly.",
        "wounded: Everyone of the category seriously-wounded-or-sick is released, on all sides; whoever may not be "
        "exchanged does not count.",
        "veto-RU: Nobody of the rank private, held by RU is released.",
        "Without any one of them, the rest of them could hold.",
        "Any one of these would do:",
        "1. parity: give or take 2 of RU's instead of none – 2 persons in question.",
        "2. veto-RU: 2 persons of those it keeps back may go – 2 persons in question.",
    )


def test_nothing_is_offered_that_law_forbids() -> None:
    """Where only who is protected, wounded or sick could give way, no way out is told; `protected` never tells why."""
    clauses: list[dict[str, Any]] = [{"kind": "include", "of": {"category": WOUNDED}}]
    composition = compose(clauses, [one("r1", category=[WOUNDED], protected=True), one("u1")])
    assert (composition.conflicts, composition.relaxations) == ((("c0", "protected"),), ())
    assert composition.explanation[-1] == (
        "No clause that may give way would mend it: who is protected, wounded or sick is not bargained with."
    )


def test_many_ways_out_are_counted() -> None:
    """Sentences stop at five; the file has all."""
    clauses: list[dict[str, Any]] = [
        {"id": f"veto-{number}", "kind": "exclude", "of": {"ref": f"r{number}"}} for number in range(7)
    ]
    clauses.append({"id": "floor", "kind": "count", "of": {"held_by": "RU"}, "min": 1, "max": 7})
    composition = compose(clauses, [one(f"r{number}") for number in range(7)])
    assert len(composition.relaxations) == 8
    assert composition.explanation[-1] == "There are 3 further ways out."


def test_the_time_may_run_out() -> None:
    """What was found is told, and that it may not be all; nothing is claimed that was not shown."""
    clauses: list[dict[str, Any]] = [
        {"id": f"ratio-{number}", "kind": "ratio", "between": ["RU", "UA"], "ratio": f"{number}:{number + 1}"}
        for number in range(1, 5)
    ]
    clauses.append({"id": "floor", "kind": "count", "min": 1})
    candidates = [one(f"{side}{number}") for side in "ru" for number in range(9)]
    full = compose(clauses, candidates)
    assert full.exhaustive
    assert len(full.conflicts) > 1
    cut = compose(clauses, candidates, clock=CountingClock(runs_out_at=25))
    assert (cut.status, cut.exhaustive) == ("infeasible", False)
    assert set(cut.conflicts) < set(full.conflicts)
    assert {one.clauses for one in cut.relaxations} <= {one.clauses for one in full.relaxations}
    assert cut.explanation[-1].startswith("The time ran out: there may be further conflicts")


def test_a_tranche_gives_way_like_any_clause() -> None:
    """Its number, and for whom it is; a pick gives way in its number or in whom it named."""
    clauses: list[dict[str, Any]] = [
        {"id": "everyone", "kind": "include", "of": {"ref": ["r1", "r2", "u1"]}},
        {"id": "women", "kind": "tranche", "name": "women", "of": {"sex": "F"}},
        {"id": "two", "kind": "tranche", "name": "two", "max": 1, "after": ["women"]},
        {"id": "pick", "kind": "choice", "by": "RU", "count": 1, "refs": ["r2"]},
    ]
    composition = compose(clauses, [one("r1"), one("r2"), one("u1", sex="F")])
    ways = {way.clauses: (way.persons, [change.told for change in way.changes]) for way in composition.relaxations}
    assert set(composition.conflicts) == {("women", "two", "everyone"), ("pick", "everyone")}
    assert ways == {
        ("women", "pick"): (
            2,
            ["1 person for whom it is not may go in women", "between 1 and 2 instead of exactly 1"],
        ),
        ("two", "pick"): (
            2,
            ["at most 2 go in two instead of at most 1", "between 1 and 2 instead of exactly 1"],
        ),
        ("everyone",): (1, ["1 person of those it names may be left out"]),
    }
