"""What choice breaks a clause on who is exchanged, and what keeps it: against every subset, judged by the oracle."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.composition.brute_force import Candidate, judge_all, satisfies
from tests.composition.rounds import CAPTURED, CATEGORIES, CONCLUDED, DATES, RANKS, like_for_like, selectors, terms_toml

from safeconduct.clauses.compose_kinds import COMPOSE_KINDS, ComposeClause
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.traces.choices import Choice, choices_of
from safeconduct.clauses.traces.contradictions import contradictions
from safeconduct.clauses.traces.told import told_choice
from safeconduct.vocabulary.person import Person

PARTIES = ["RU", "UA"]
Parameters = dict[str, Any]

of = st.fixed_dictionaries({}, optional={"of": selectors(PARTIES, ["p1", "p2"])})
bounds = st.one_of(
    st.fixed_dictionaries({"min": st.integers(1, 3)}),
    st.fixed_dictionaries({"max": st.integers(0, 3)}),
    st.integers(0, 2).flatmap(lambda low: st.fixed_dictionaries({"min": st.just(low), "max": st.integers(low, 3)})),
)
more = st.fixed_dictionaries(
    {}, optional={"per": st.sampled_from(["total", "party", "home", "category", "rank", "unit", "held_at"])}
)
weighing = st.fixed_dictionaries(
    {},
    optional={
        "tolerance": st.sampled_from([0, 1, 0.5, 2.0]),
        "weights": st.dictionaries(
            st.sampled_from(["general", "captain", "default"]), st.sampled_from([1, 2, 3]), max_size=3
        ),
    },
)
several = st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), min_size=2, max_size=4, unique=True)


def joined(*parts: st.SearchStrategy[Parameters]) -> st.SearchStrategy[Parameters]:
    """The parameters of all parts."""
    return st.tuples(*parts).map(lambda drawn: {key: value for part in drawn for key, value in part.items()})


KINDS: dict[str, st.SearchStrategy[Parameters]] = {
    "release-all": of,
    "include": of,
    "exclude": of,
    "count": joined(of, bounds, more),
    "ratio": joined(
        of,
        st.fixed_dictionaries(
            {"between": st.permutations(PARTIES).map(list), "ratio": st.sampled_from(["1:1", "2:1", "1:3", "2:3"])}
        ),
        weighing,
    ),
    "like-for-like": joined(of, like_for_like(PARTIES)),
    "balance": joined(of, st.fixed_dictionaries({}, optional={"tolerance": st.integers(0, 2)})),
    "together": several.map(lambda refs: {"refs": refs}),
    "requires": several.map(lambda refs: {"if": refs[0], "then": refs[1]}),
    "veto": several.map(lambda refs: {"by": "RU", "refs": refs[:2], "until": date(2026, 1, 1)}),
    "choice": joined(
        of, st.integers(1, 3).map(lambda number: {"by": "UA", "count": number, "refs": ["p7"] if number == 2 else []})
    ),
    "tranche": joined(
        of,
        st.one_of(bounds, st.just({"name": "first"})),
        st.fixed_dictionaries({"name": st.just("first")}, optional={"by": st.sampled_from(PARTIES)}),
    ),
    "destination": joined(of, st.integers(0, 3).map(lambda most: {"to": "CH", "max": most})),
    "prefer": st.one_of(
        selectors(PARTIES, ["p1"]).map(lambda one: {"of": one}),
        st.just({"longest_captivity": True}),
        st.just({"largest": True}),
    ),
}


def read(kind: str, parameters: Parameters) -> tuple[Terms, ComposeClause, Parameters]:
    """Terms of one clause, and the clause as the oracle takes it."""
    clause = {"id": "it", "kind": kind, **parameters}
    terms = read_terms("terms.toml", terms_toml(PARTIES, [clause]).encode())
    return terms, terms.composing[0], clause


def raw(person: Person) -> Candidate:
    """The candidate as the oracle takes it."""
    return {
        "ref": person.ref,
        "sex": person.sex,
        "rank": person.rank,
        "unit": person.unit,
        "held_at": person.held_at,
        "category": list(person.categories),
        "birth_date": str(person.birth_date or ""),
        "captured_on": str(person.captured_on or ""),
        "held_by": person.held_by,
        "home": person.home,
        "consent": person.consent,
        "protected": person.protected,
    }


def test_every_kind_is_tried() -> None:
    """A new kind needs its line above."""
    assert set(KINDS) == set(COMPOSE_KINDS)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_choices(kind: str, data: st.DataObject) -> None:
    """The one breaks, the other keeps; no smaller choice breaks so, none between the two keeps."""
    terms, clause, written = read(kind, data.draw(KINDS[kind]))
    found = choices_of(clause, terms.agreement)
    warnings = contradictions(terms)
    event(f"{len(found)} choices, {len(warnings)} warnings")
    for choice in found:
        assume(len(choice.pair.candidates) <= 12)
        check(choice, written)
        assert [name for name, _ in told_choice(choice, clause)] in (["breaks", "keeps"], ["less", "more"])
    if not warnings and kind not in ("count", "ratio", "like-for-like", "balance", "choice", "tranche", "destination"):
        assert found


def check(choice: Choice, written: Parameters) -> None:
    """By the oracle, over every subset of the candidates."""
    candidates = choice.pair.candidates
    assert len({person.ref for person in candidates}) == len(candidates)
    verdict = judge_all([written], [raw(person) for person in candidates], PARTIES, CONCLUDED)
    breaks, keeps = ({person.ref for person in chosen} for chosen in (choice.pair.breaks, choice.pair.keeps))

    def index(refs: set[str]) -> int:
        return sum(1 << number for number, person in enumerate(candidates) if person.ref in refs)

    assert verdict.kept["protected"].any()
    if written["kind"] == "prefer":
        (values,) = verdict.values
        assert values[index(breaks)] < values[index(keeps)]
        return
    kept = verdict.kept["it"]
    assert not kept[index(breaks)]
    assert kept[index(keeps)]
    if (
        written["kind"] in ("exclude", "count", "ratio", "like-for-like", "balance", "together", "requires", "veto")
        and "min" not in written
    ):
        for size in range(len(breaks)):
            assert all(kept[index(set(some))] for some in combinations(sorted(breaks), size))
    told_apart = sorted(breaks ^ keeps)
    for size in range(1, len(told_apart)):
        for some in combinations(told_apart, size):
            assert not kept[index(breaks ^ set(some))], some


def test_numbers_as_they_are_agreed() -> None:
    """Bounds of a thousand are shown as bounds of a thousand, said in one line."""
    terms, clause, _ = read("count", {"per": "party", "min": 1000, "max": 1200})
    few, many = choices_of(clause, terms.agreement)
    everybody = "1,000 of RU to UA and 1,000 of UA to RU"
    asked = "released, asked: between 1,000 and 1,200"
    assert told_choice(few, clause) == [
        ("breaks", f"chosen nobody; left {everybody} → RU 0, UA 0 {asked}"),
        ("keeps", f"chosen {everybody} → RU 1,000, UA 1,000 {asked}"),
    ]
    assert told_choice(many, clause) == [
        ("breaks", f"chosen 1,201 of RU to UA and 1,000 of UA to RU → RU 1,201, UA 1,000 {asked}"),
        ("keeps", f"chosen 1,200 of RU to UA and 1,000 of UA to RU; left 1 of RU to UA → RU 1,200, UA 1,000 {asked}"),
    ]


anybody = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(["p1", "p2"]),
        "sex": st.sampled_from(["F", "M", ""]),
        "rank": st.sampled_from(RANKS),
        "category": st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True),
        "birth_date": st.sampled_from(DATES),
        "captured_on": st.sampled_from(CAPTURED),
        "held_by": st.sampled_from(PARTIES),
        "home": st.sampled_from(PARTIES),
    }
)


@given(selector=selectors(PARTIES, ["p1", "p2"]), person=anybody)
def test_whom_a_selector_matches_it_is_not_said_to_match_nobody(selector: Parameters, person: Candidate) -> None:
    """No warning where some candidate matches."""
    assume(satisfies(selector, person, CONCLUDED))
    terms, _, _ = read("exclude", {"of": selector})
    assert contradictions(terms) == []


@pytest.mark.parametrize(
    ("parameters", "place", "what"),
    [
        (
            {"of": {"sex": "F", "not": {"sex": ["F", "M"]}}, "min": 1},
            "9:6",
            "no person can match this: its keys exclude each other",
        ),
        (
            {"of": {"age": "18..25", "not": {"age": "10..30"}}, "min": 1},
            "9:6",
            "no person can match this: its keys exclude each other",
        ),
        (
            {"of": {"held_by": "RU"}, "per": "party", "min": 5},
            "9:6",
            "no person whom UA holds can match this, and UA must release 5",
        ),
    ],
)
def test_what_nobody_can_meet_is_told_at_its_place(parameters: Parameters, place: str, what: str) -> None:
    """Line and column of the selector, and why."""
    terms, clause, _ = read("count", parameters)
    (fault,) = contradictions(terms)
    assert (f"{fault.line}:{fault.column}", fault.what) == (place, what)
    assert choices_of(clause, terms.agreement) == ()


@pytest.mark.parametrize("kind", [kind for kind in COMPOSE_KINDS if kind != "ratio"])
def test_among_three_parties(kind: str) -> None:
    """Each page's own example has its choices there too."""
    header = '[agreement]\nid = "three"\nconcluded = 2025-06-02\nparties = ["RU", "UA", "XX"]\n'
    terms = read_terms("terms.toml", (header + COMPOSE_KINDS[kind].page.example).encode())
    (clause,) = terms.composing
    for choice in choices_of(clause, terms.agreement):
        assert [name for name, _ in told_choice(choice, clause)] in (["breaks", "keeps"], ["less", "more"])
    assert choices_of(clause, terms.agreement)
