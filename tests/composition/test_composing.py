"""Composing by hand: small rounds whose answer can be checked on paper."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.composition.rounds import Round

from safeconduct.clauses.composing import compose_round
from safeconduct.composition.candidates import hold_back
from safeconduct.composition.report import Composition
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.vocabulary.person import Person

MINUTE_US = 60_000_000


@dataclass
class CountingClock:
    """Every look at it takes a microsecond; from a given look on, the time has run out."""

    runs_out_at: int = 10**9
    looks: int = field(default=0)

    def now_us(self) -> int:
        """The number of looks, then long after."""
        self.looks += 1
        return self.looks if self.looks <= self.runs_out_at else 10**15


def one(ref: str, **fields: Any) -> dict[str, Any]:
    """A candidate held by RU at home in UA, or the other way round if the ref begins with u."""
    held_by, home = ("UA", "RU") if ref.startswith("u") else ("RU", "UA")
    plain = {"sex": "M", "rank": "private", "category": [], "birth_date": "", "captured_on": ""}
    return {**plain, "held_by": held_by, "home": home, "consent": "unknown", "protected": False, "ref": ref, **fields}


def compose(clauses: list[dict[str, Any]], candidates: list[dict[str, Any]], **more: Any) -> Composition:
    """The composition under these clauses; their ids are c0, c1, … unless they have one."""
    named = [{"id": f"c{number}", **clause} for number, clause in enumerate(clauses)]
    case = Round(more.pop("parties", ["RU", "UA"]), named, candidates)
    settings: dict[str, Any] = {"clock": CountingClock(), "time_limit_us": MINUTE_US, **more}
    return compose_round(case.terms(), "c.csv", case.persons(), range(2, len(candidates) + 2), **settings)


def refs(composition: Composition) -> list[str]:
    """Who is chosen."""
    return [person.ref for person in composition.chosen]


def test_the_file() -> None:
    """composition.json has the fields of the contract, in its order."""
    composition = compose(
        [{"kind": "balance"}, {"kind": "exclude", "of": {"ref": "r2"}}], [one("r1"), one("r2"), one("u1")]
    )
    value = json.loads(composition.to_json())
    assert list(value) == ["status", "chosen", "objectives", "released", "conflict", "explanation"]
    assert value["status"] == "optimal"
    assert value["chosen"] == [
        {"ref": "r1", "held_by": "RU", "home": "UA"},
        {"ref": "u1", "held_by": "UA", "home": "RU"},
    ]
    assert value["objectives"] == [{"clause": "largest", "value": 2, "bound": 2}]
    assert value["released"] == {"RU": 1, "UA": 1}
    assert value["conflict"] == []
    assert value["explanation"] == [
        "Every clause is kept, and it is proven that no allowed choice does better by largest.",
        "c0: RU releases 1 and receives 1; UA releases 1 and receives 1.",
        "c1: 0 released of those it leaves out.",
        "protected: nobody whom it covers is released.",
    ]


def test_release_all_leaves_nobody_but_the_protected() -> None:
    """Of four wounded, one is protected and one unwilling: the other two go, and the sides may be unequal."""
    wounded = {"category": ["seriously-wounded-or-sick"]}
    candidates = [one("r1", **wounded), one("r2", **wounded), one("r3", **wounded, protected=True)]
    candidates += [one("u1", **wounded, consent="unwilling"), one("u2")]
    clauses = [
        {"kind": "release-all", "of": {"category": "seriously-wounded-or-sick"}},
        {"kind": "exclude", "of": {"ref": "u2"}},
    ]
    assert refs(compose(clauses, candidates)) == ["r1", "r2"]


@pytest.mark.parametrize("ground", [{"protected": True}, {"consent": "unwilling"}])
def test_including_a_protected_person_is_infeasible(ground: dict[str, Any]) -> None:
    """The conflict names the include and `protected`, whatever the ground and whatever else clashes."""
    clauses: list[dict[str, Any]] = [
        {"kind": "include", "of": {"ref": ["r1", "r2"]}},
        {"kind": "count", "max": 1},
        {"kind": "exclude", "of": {"ref": "r2"}},
    ]
    composition = compose(clauses, [one("r1", **ground), one("r2")])
    assert composition.status == "infeasible"
    assert composition.conflict == ("c0", "protected")
    assert composition.released == {"RU": 0, "UA": 0}
    assert composition.explanation == (
        "No choice keeps every clause: clauses c0 and protected cannot hold together.",
        "c0: Everyone listed as r1 or r2 is released, without exception.",
        "protected: Nobody is released who may not be exchanged.",
        "Without any one of them, the rest of them could hold.",
        "Also, clauses c1 and c0 cannot hold together.",
        "Also, clauses c2 and c0 cannot hold together.",
        "This would do:",
        "1. c0: 2 persons of those it names may be left out – 2 persons in question.",
    )


def test_consent_unknown_or_empty_does_not_bar() -> None:
    """Only `unwilling` and `protected` bar."""
    composition = compose(
        [{"kind": "count", "max": 9}], [one("r1"), one("r2", consent=""), one("r3", consent="willing")]
    )
    assert refs(composition) == ["r1", "r2", "r3"]


def test_ratio_by_rank() -> None:
    """Dix and Hill: a general for 60, a captain for 6. Against one general, 54 privates and a captain."""
    privates = [one(f"u{number:02}") for number in range(60)]
    candidates = [one("r1", rank="general"), *privates[:54], one("ucaptain", rank="captain")]
    clause = {
        "kind": "ratio",
        "between": ["RU", "UA"],
        "ratio": "1:1",
        "weights": {"general": 60, "captain": 6},
    }
    everybody = compose([clause], candidates)
    assert (everybody.released, len(everybody.chosen)) == ({"RU": 1, "UA": 55}, 56)
    # One private fewer: nothing adds up to 60, so nobody goes.
    assert refs(compose([clause], candidates[:-2] + candidates[-1:])) == []
    # With a default of 2, thirty privates make 60, and are more persons than 27 and the captain.
    doubled = {**clause, "weights": {"general": 60, "captain": 6, "default": 2}}
    assert compose([doubled], candidates).released == {"RU": 1, "UA": 30}


@pytest.mark.parametrize(
    ("tolerance", "most"),
    [
        # 3 for 2, 7 on A's side at most and 4 on B's: |2·A - 3·B| ≤ 2·tolerance; 6:4 is exact, 7:4 is off by 1.
        (0, (6, 4)),
        (0.5, (6, 4)),
        (0.9, (6, 4)),
        (1, (7, 4)),
    ],
)
def test_ratio_tolerance_is_of_the_first_side(tolerance: float, most: tuple[int, int]) -> None:
    """A's side may be off by the tolerance, in decimals too."""
    candidates = [one(f"r{number}") for number in range(7)] + [one(f"u{number}") for number in range(4)]
    clause = {"kind": "ratio", "between": ["RU", "UA"], "ratio": "3:2", "tolerance": tolerance}
    released = compose([clause], candidates).released
    assert (released["RU"], released["UA"]) == most


def test_ratio_tolerance_is_decimal_and_exact() -> None:
    """0.1 means a tenth: with b = 10 it allows 1, where the float just below would allow 0."""
    candidates: list[dict[str, Any]] = [one("r1"), one("r2"), one("r3"), *(one(f"u{number}") for number in range(10))]
    clause = {"kind": "ratio", "between": ["RU", "UA"], "ratio": "3:10", "tolerance": 0.1}
    # |10·A - 3·B| ≤ 1: 3 and 10 is off by 0; without r3, 2 and 7 is off by 1.
    assert compose([clause], candidates).released == {"RU": 3, "UA": 10}
    assert compose([clause], candidates[:2] + candidates[3:]).released == {"RU": 2, "UA": 7}


def test_count_by_party_and_in_all() -> None:
    """`per = "party"` binds every party, `total` the sum; an unreachable floor is a conflict of one."""
    candidates = [one("r1"), one("r2"), one("r3"), one("u1")]
    assert compose([{"kind": "count", "per": "party", "max": 2}], candidates).released == {"RU": 2, "UA": 1}
    assert len(compose([{"kind": "count", "max": 2}], candidates).chosen) == 2
    short = compose([{"kind": "count", "per": "party", "min": 2}], candidates)
    assert (short.status, short.conflict) == ("infeasible", ("c0",))


def test_balance_of_three() -> None:
    """A gives to B, B to C, C to A: a ring in which everybody gives and takes one; the fourth finds no match."""
    ring = [("A", "B"), ("B", "C"), ("C", "A"), ("A", "C")]
    candidates = [one(f"p{number}", held_by=held, home=home) for number, (held, home) in enumerate(ring)]
    composition = compose([{"kind": "balance"}], candidates, parties=["A", "B", "C"])
    assert refs(composition) == ["p0", "p1", "p2"]
    assert composition.released == {"A": 1, "B": 1, "C": 1}
    loose = compose([{"kind": "balance", "tolerance": 1}], candidates, parties=["A", "B", "C"])
    assert len(loose.chosen) == 4


def test_balance_holds_for_who_receives_too() -> None:
    """A takes two and gives nobody: each giver is within the tolerance, A is not."""
    candidates = [one("p1", held_by="B", home="A"), one("p2", held_by="C", home="A")]
    composition = compose([{"kind": "balance", "tolerance": 1}], candidates, parties=["A", "B", "C"])
    assert len(composition.chosen) == 1


def test_together_or_not_at_all() -> None:
    """A family of three with room for two stays; where all have room, all go; nobody in it may be left behind."""
    family: dict[str, Any] = {"kind": "together", "refs": ["r3", "r1", "u1"]}
    candidates = [one("r1"), one("r2"), one("r3"), one("u1")]
    assert refs(compose([family, {"kind": "count", "max": 2}], candidates)) == ["r2"]
    assert refs(compose([family, {"kind": "count", "max": 3}], candidates)) == ["r1", "r3", "u1"]
    composition = compose([family, {"kind": "balance", "tolerance": 5}], candidates)
    assert composition.explanation[1] == "c0: 3 released of the 3 who go together."
    barred = compose([family], [one("r1", protected=True), *candidates[1:]])
    assert (refs(barred), barred.explanation[1]) == (["r2"], "c0: 0 released of the 3 who go together.")


def test_one_only_with_the_other() -> None:
    """The first not without the second; the second alone is nobody's breach."""
    condition: dict[str, Any] = {"kind": "requires", "if": "r1", "then": "u1"}
    candidates = [one("r1", sex="F"), one("r2"), one("u1"), one("u2")]
    women: list[dict[str, Any]] = [{"kind": "prefer", "of": {"sex": "F"}}, {"kind": "prefer", "largest": True}]
    assert refs(compose([condition, {"kind": "count", "max": 2}, *women], candidates)) == ["r1", "u1"]
    assert "r1" not in refs(compose([condition, {"kind": "count", "max": 1}, *women], candidates))
    without = compose([condition, {"kind": "exclude", "of": {"ref": "r1"}}], candidates)
    assert refs(without) == ["r2", "u1", "u2"]
    assert without.explanation[1] == "c0: the first that it names is not released, the second is released."


def test_who_goes_together_stands_in_the_conflict() -> None:
    """An include of one, an exclude of the other: the clause that ties them is named, one that does not is not."""
    clauses: list[dict[str, Any]] = [
        {"kind": "requires", "if": "u2", "then": "u1"},
        {"kind": "together", "refs": ["r1", "u1"]},
        {"kind": "include", "of": {"ref": "r1"}},
        {"kind": "exclude", "of": {"ref": "u1"}},
    ]
    candidates = [one("r1"), one("u1"), one("u2")]
    composition = compose(clauses, candidates)
    assert (composition.status, sorted(composition.conflict)) == ("infeasible", ["c1", "c2", "c3"])
    assert "c1: r1 and u1 are released together or not at all." in composition.explanation
    barred = compose(clauses[1:3], [one("r1"), one("u1", consent="unwilling"), one("u2")])
    assert barred.conflict == ("c0", "c1", "protected")
    include: dict[str, Any] = {"kind": "include", "of": {"ref": "u2"}}
    forced = compose([clauses[0], include, clauses[3]], candidates)
    assert sorted(forced.conflict) == ["c0", "c1", "c2"]


def test_objectives_rank_in_the_order_of_the_clauses() -> None:
    """With room for one, the woman goes before the one held longest, and the other way round."""
    candidates = [one("r1", captured_on="2022-03-01"), one("r2", sex="F", captured_on="2025-01-01")]
    room = {"kind": "count", "max": 1}
    woman, longest = {"kind": "prefer", "of": {"sex": "F"}}, {"kind": "prefer", "longest_captivity": True}
    first = compose([room, woman, longest], candidates)
    assert refs(first) == ["r2"]
    assert [(got.clause, got.value, got.bound) for got in first.objectives] == [("c1", 1, 1), ("c2", 152, 152)]
    second = compose([room, longest, woman], candidates)
    assert refs(second) == ["r1"]
    assert [(got.clause, got.value) for got in second.objectives] == [("c1", 1189), ("c2", 0)]


def test_days_in_captivity() -> None:
    """From the latest date that is meant to 2 June 2025; unknown and later dates count 0."""
    candidates = [
        one("r1", captured_on="2025-06-01"),
        one("r2", captured_on="2025-05"),
        one("r3", captured_on="2024"),
        one("r4"),
        one("r5", captured_on="2026"),
    ]
    # 1 + 2 (from 31 May) + 153 (from 31 December 2024) + 0 + 0.
    (days,) = compose([{"kind": "prefer", "longest_captivity": True}], candidates).objectives
    assert days.value == 156


def test_among_equals_the_longest_held_then_the_smaller_ref() -> None:
    """The rule inside a class, whatever the order of the rows."""
    candidates = [one("r3"), one("r1", captured_on="2024"), one("r2"), one("r4", captured_on="2023-12-30")]
    for limit, chosen in ((1, ["r4"]), (2, ["r1", "r4"]), (3, ["r1", "r2", "r4"])):
        for order in (candidates, candidates[::-1]):
            assert refs(compose([{"kind": "count", "max": limit}], order)) == chosen


def test_nobody_and_nothing() -> None:
    """A list without candidates is a round of nobody, or a conflict where somebody is asked for."""
    empty = compose([{"kind": "balance"}], [])
    assert (empty.status, empty.chosen, empty.released) == ("optimal", (), {"RU": 0, "UA": 0})
    assert compose([{"kind": "count", "min": 1}], []).conflict == ("c0",)


def test_time_runs_out_between_levels() -> None:
    """What was proven stays; the rest has a value and an honest bound, and the status says so."""
    candidates = [one("r1", sex="F", captured_on="2025-01-01"), one("r2", captured_on="2022-03-01")]
    clauses: list[dict[str, Any]] = [
        {"kind": "count", "max": 1},
        {"kind": "prefer", "of": {"sex": "F"}},
        {"kind": "prefer", "longest_captivity": True},
    ]
    # Looks: start, first search; all of the first level is given, so no second search; then the time is up.
    composition = compose(clauses, candidates, clock=CountingClock(runs_out_at=2))
    assert composition.status == "feasible"
    assert refs(composition) == ["r1"]
    assert [(got.clause, got.value, got.bound) for got in composition.objectives] == [("c1", 1, 1), ("c2", 152, 1341)]
    assert composition.explanation[0] == (
        "Every clause is kept, but the time ran out: proven best by c1, not yet by the rest of: c1, then c2."
    )


def test_time_runs_out_before_anything_is_known() -> None:
    """Then nothing is claimed: neither a choice nor that there is none."""
    candidates = [one(f"r{number}", captured_on=f"202{number % 5}-0{1 + number % 9}") for number in range(40)]
    clauses: list[dict[str, Any]] = [
        {"kind": "ratio", "between": ["RU", "UA"], "ratio": "7:5", "weights": {"private": 3}},
        {"kind": "count", "min": 3},
    ]
    with pytest.raises(Refused, match="no allowed choice was found in the time given"):
        compose(clauses, [*candidates, *(one(f"u{number}") for number in range(40))], clock=CountingClock(1))


def test_a_ref_that_is_no_candidate() -> None:
    """Each is a fault at its place in the terms, within `not` too; nearly right ones are suggested."""
    clauses: list[dict[str, Any]] = [
        {"kind": "include", "of": {"ref": ["r1", "r1x"]}},
        {"kind": "exclude", "of": {"not": {"ref": "nobody"}}},
        {"kind": "prefer", "of": {"ref": "u1"}},
        {"kind": "together", "refs": ["r1", "u1x"]},
        {"kind": "requires", "if": "r2", "then": "u1"},
        {"kind": "requires", "if": "u1", "then": "them"},
    ]
    with pytest.raises(BadInput) as refusal:
        compose(clauses, [one("r1"), one("u1")])
    assert [str(fault) for fault in refusal.value.faults] == [
        "terms.toml:9:23: no candidate has the ref 'r1x'; did you mean 'r1'?",
        "terms.toml:14:26: no candidate has the ref 'nobody'; add the person to the candidates or mend the terms",
        "terms.toml:24:15: no candidate has the ref 'u1x'; did you mean 'u1'?",
        "terms.toml:29:6: no candidate has the ref 'r2'; add the person to the candidates or mend the terms",
        "terms.toml:36:8: no candidate has the ref 'them'; add the person to the candidates or mend the terms",
    ]


def test_a_candidate_who_cannot_be_placed() -> None:
    """Without a detaining power or a home that is a party, a candidate is bad input at the row."""
    with pytest.raises(BadInput) as refusal:
        compose([{"kind": "balance"}], [one("r1", held_by=""), one("r2", home="UKR"), one("r3"), one("r4", home="RU")])
    assert [str(fault) for fault in refusal.value.faults] == [
        "c.csv:2:1: the candidate 'r1' has no held_by; write the party who releases them (RU, UA)",
        "c.csv:3:1: the candidate 'r2' has home 'UKR', no party of the agreement; allowed: RU, UA",
        "c.csv:5:1: the candidate 'r4' is held by 'RU', their own home party; write who holds them, or leave them out",
    ]


def test_unreadable_consent_holds_back() -> None:
    """A cell that may say that a person must not go is not taken to say that they may; others change nothing."""
    people = [Person(ref="a"), Person(ref="b"), Person(ref="c"), Person(ref="d", protected=True)]
    lost = [{"consent"}, {"protected", "sex"}, {"birth_date"}, set[str]()]
    assert [person.protected for person in hold_back(people, lost)] == [True, True, False, True]
