"""The independent check refuses a wrong choice, clause by clause: a check that accepts everything checks nothing."""

from typing import Any

import pytest
from tests.composition.rounds import Round
from tests.composition.test_composing import one

from safeconduct.clauses.composing import constraints_of, objectives_of
from safeconduct.composition.checker import check_choice
from safeconduct.composition.report import Reached

CANDIDATES = [one("r1", sex="F"), one("r2"), one("u1", rank="captain"), one("u2", protected=True), one("u3")]


@pytest.mark.parametrize(
    ("clause", "chosen", "broken"),
    [
        ({"kind": "release-all", "of": {"held_by": "UA"}}, ["u1", "u3"], False),
        ({"kind": "release-all", "of": {"held_by": "UA"}}, ["r1", "u1"], True),
        ({"kind": "exclude", "of": {"sex": "F"}}, ["r2"], False),
        ({"kind": "exclude", "of": {"sex": "F"}}, ["r1"], True),
        ({"kind": "include", "of": {"ref": ["r1", "u1"]}}, ["r1", "u1", "u3"], False),
        ({"kind": "include", "of": {"ref": ["r1", "u1"]}}, ["r1"], True),
        ({"kind": "count", "min": 1, "max": 2}, ["r1", "r2"], False),
        ({"kind": "count", "min": 1, "max": 2}, [], True),
        ({"kind": "count", "min": 1, "max": 2}, ["r1", "r2", "u1"], True),
        ({"kind": "count", "per": "party", "min": 1}, ["r1", "u1"], False),
        ({"kind": "count", "per": "party", "min": 1}, ["r1", "r2"], True),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "2:1"}, ["r1", "r2", "u1"], False),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:2"}, ["r1", "r2", "u1"], True),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:2", "tolerance": 1.5}, ["r1", "r2", "u1"], False),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:2", "tolerance": 1.49}, ["r1", "r2", "u1"], True),
        (
            {"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1", "weights": {"captain": 2}},
            ["r1", "r2", "u1"],
            False,
        ),
        ({"kind": "balance"}, ["r1", "u3"], False),
        ({"kind": "balance"}, ["r1", "r2", "u3"], True),
        ({"kind": "balance", "tolerance": 1}, ["r1", "r2", "u3"], False),
        ({"kind": "together", "refs": ["r1", "u1", "u3"]}, ["u3", "r1", "u1", "r2"], False),
        ({"kind": "together", "refs": ["r1", "u1", "u3"]}, ["r2"], False),
        ({"kind": "together", "refs": ["r1", "u1", "u3"]}, ["r1", "u3"], True),
        ({"kind": "together", "refs": ["r1", "u1", "u3"]}, ["u1"], True),
        ({"kind": "requires", "if": "r1", "then": "u1"}, ["r1", "u1"], False),
        ({"kind": "requires", "if": "r1", "then": "u1"}, ["u1"], False),
        ({"kind": "requires", "if": "r1", "then": "u1"}, ["u3"], False),
        ({"kind": "requires", "if": "r1", "then": "u1"}, ["r1", "u3"], True),
        ({"kind": "prefer", "largest": True}, ["u2"], True),
        ({"kind": "count", "per": "rank", "max": 1}, ["r1", "u1"], False),
        ({"kind": "count", "per": "rank", "max": 1}, ["r1", "r2", "u1"], True),
        ({"kind": "count", "per": "rank", "min": 1}, ["r1", "r2"], True),
        ({"kind": "like-for-like", "between": ["RU", "UA"], "by": "rank"}, ["r1", "u3"], False),
        ({"kind": "like-for-like", "between": ["RU", "UA"], "by": "rank"}, ["r1", "u1"], True),
        ({"kind": "veto", "by": "UA", "refs": ["r1", "r2"]}, ["u1"], False),
        ({"kind": "veto", "by": "UA", "refs": ["r1", "r2"]}, ["r2"], True),
        ({"kind": "veto", "by": "UA", "refs": ["r1", "r2"], "until": "2025-06-02"}, ["r2"], False),
        ({"kind": "choice", "by": "UA", "count": 1, "refs": ["u3"]}, ["u3", "r1"], False),
        ({"kind": "choice", "by": "UA", "count": 1, "refs": ["u3"]}, ["u1"], True),
        ({"kind": "choice", "by": "UA", "count": 1}, ["u1", "u3"], True),
        ({"kind": "destination", "to": "CH", "max": 1}, ["u1"], False),
        ({"kind": "destination", "to": "CH", "max": 1}, ["u1", "r1"], True),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1", "carried": {"RU": 1}}, ["u1"], False),
        ({"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1", "carried": {"RU": 1}}, ["r1", "u1"], True),
        ({"kind": "balance", "carried": {"RU": 1}}, ["u1"], False),
        ({"kind": "balance", "carried": {"RU": 1}}, ["r1", "u1"], True),
    ],
)
def test_each_clause(clause: dict[str, Any], chosen: list[str], broken: bool) -> None:
    """A choice that keeps the clause passes, one that does not is refused; nobody protected ever passes."""
    case = Round(["RU", "UA"], [{"id": "it", **clause}], CANDIDATES)
    terms, persons = case.terms(), case.persons()
    people = [person for person in persons if person.ref in chosen]
    objectives = objectives_of(terms)
    reached = [Reached(objective.id, len(people), len(persons)) for objective in objectives]
    if not broken:
        assert all(judged.kept for judged in check_choice(persons, people, constraints_of(terms), objectives, reached))
        return
    with pytest.raises(AssertionError, match="does not keep"):
        check_choice(persons, people, constraints_of(terms), objectives, reached)


@pytest.mark.parametrize("claim", [Reached("largest", 1, 5), Reached("largest", 2, 1), Reached("other", 2, 2)])
def test_claimed_values_are_counted_anew(claim: Reached) -> None:
    """A value other than the count, a bound below it, or another clause's name is refused."""
    case = Round(["RU", "UA"], [{"id": "it", "kind": "balance"}], CANDIDATES)
    terms, persons = case.terms(), case.persons()
    people = [persons[0], persons[2]]
    with pytest.raises(AssertionError, match="claimed"):
        check_choice(persons, people, constraints_of(terms), objectives_of(terms), [claim])


def test_nobody_is_chosen_twice() -> None:
    """One person is one person."""
    case = Round(["RU", "UA"], [{"id": "it", "kind": "exclude", "of": {"ref": "r2"}}], CANDIDATES)
    terms, persons = case.terms(), case.persons()
    with pytest.raises(AssertionError, match="twice"):
        check_choice(persons, [persons[0]] * 2, constraints_of(terms), objectives_of(terms), [Reached("largest", 2, 2)])


@pytest.mark.parametrize(
    ("clauses", "tranches", "broken"),
    [
        ([], {"r1": "first", "r2": "second"}, ""),
        ([], {"r1": "first"}, "goes in none of the tranches"),
        ([], {"r1": "first", "r2": "third"}, "goes in none of the tranches"),
        ([], {"r1": "second", "r2": "second"}, "does not keep 'c1'"),
        ([], {"r1": "first", "r2": "first"}, "does not keep 'c0'"),
        ([{"kind": "count", "per": "tranche", "max": 1}], {"r1": "first", "r2": "second"}, ""),
        ([{"kind": "count", "per": "tranche", "min": 2}], {"r1": "first", "r2": "second"}, "does not keep 'c2'"),
    ],
)
def test_who_goes_in_which_tranche(clauses: list[dict[str, Any]], tranches: dict[str, str], broken: str) -> None:
    """Two who go: the women first, and one in each at most; whoever goes in none is refused."""
    first: dict[str, Any] = {"kind": "tranche", "name": "first", "of": {"sex": "F"}}
    second: dict[str, Any] = {"kind": "tranche", "name": "second", "after": ["first"], "by": "RU", "max": 1}
    named = [{"id": f"c{number}", **clause} for number, clause in enumerate([first, second, *clauses])]
    case = Round(["RU", "UA"], named, CANDIDATES)
    terms, persons = case.terms(), case.persons()
    claims = [Reached("largest", 2, 5)]
    constraints, objectives = constraints_of(terms), objectives_of(terms)
    if not broken:
        check_choice(persons, persons[:2], constraints, objectives, claims, tranches)
        return
    with pytest.raises(AssertionError, match=broken):
        check_choice(persons, persons[:2], constraints, objectives, claims, tranches)


def test_without_tranches_known_nothing_is_judged_of_them() -> None:
    """It is said that it is not, and no verdict is made up."""
    clauses = [
        {"id": "t", "kind": "tranche", "name": "first", "max": 0},
        {"id": "c", "kind": "count", "per": "tranche", "max": 0},
        {"id": "n", "kind": "count", "max": 0},
    ]
    case = Round(["RU", "UA"], clauses, CANDIDATES)
    persons = case.persons()
    found = {one.id: one.judge(persons, persons[:1]) for one in constraints_of(case.terms())}
    assert [(name, one.judged) for name, one in found.items()] == [
        ("t", False),
        ("c", False),
        ("n", True),
        ("protected", True),
    ]
    assert found["t"].told == "who went in which tranche is not known"
