"""Every kind documents itself, and what its page says is what the reader and the judging do."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from tests.clauses.days import HEADER, deviations, event, leg, person, plan, terms

from safeconduct.clauses import plan as plan_clause
from safeconduct.clauses.clause import Clause, RunClause
from safeconduct.clauses.compose_kinds import COMPOSE_KINDS
from safeconduct.clauses.handbook import BUILT_IN_PAGES, PAGES, example_terms, markdown
from safeconduct.clauses.judging import NOMINAL_TYPES
from safeconduct.clauses.library import read_terms
from safeconduct.clauses.page import COMPOSE, NOTATION, OPERATORS, PLAN, RUN, KindPage
from safeconduct.clauses.protected import Protected
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.clauses.traces.making import examples_of
from safeconduct.kernel.errors import BadInput

ROOT = Path(__file__).parents[2]

PATTERN = '{ type = "accepted" }'
VALUES = {
    **dict.fromkeys(("after", "expect", "before", "never", "hold", "until_all", "discharged_by", "voided_by"), PATTERN),
    **dict.fromkeys(("within", "early", "late", "grace", "every", "longest", "fresh"), '"5m"'),
    **dict.fromkeys(("buffer_m", "radius_m", "tolerance_m", "apart_m", "fastest_kmh"), "5"),
    **dict.fromkeys(("max_lead", "tolerance", "min", "max", "sources"), "5"),
    "same": '["vehicle"]',
    "between": '["RU", "UA"]',
    "each": f'[{PATTERN}, {{ type = "accepted", to = "UA" }}]',
    "equal": '["count"]',
    "near": '{ place = "X", radius_m = 5 }',
    "ratio": '"2:1"',
    "by": '"2025-07-04T19:00:00Z"',
    "of": '{ sex = "F" }',
    "per": '"party"',
    "weights": "{ general = 60 }",
    "refs": '["p1", "p2"]',
    "if": '"p1"',
    "then": '"p2"',
    "longest_captivity": "true",
    "longest_wait": "true",
    "fair": '{ by = "unit" }',
    "groups": '{ together = ["captain", "major"] }',
    "until": "2025-12-31",
    "limit": "5",
    "count": "5",
    "name": '"first"',
    "to": '"CH"',
    "carried": "{ RU = 2 }",
    "largest": "true",
}
"""A value for each parameter of the library; where kinds differ, in OTHERWISE."""
OTHERWISE = {
    ("like-for-like", "by"): '"rank"',
    **{(kind, "by"): '"RU"' for kind in ("veto", "choice", "tranche")},
    ("tranche", "after"): "[]",
    ("freeze", "before"): '"3d"',
    ("embargo", "of"): '{ batch = ["b1", "b2"] }',
    ("deadline", "before"): '"3d"',
    ("concordance", "of"): PATTERN,
    **{(kind, "between"): "[2025-07-04T06:00:00Z, 2025-07-04T14:00:00Z]" for kind in ("absence", "claim")},
    ("claim", "of"): PATTERN,
}
WRITTEN = {kind: page for kind, page in PAGES.items() if kind not in BUILT_IN_PAGES}
every_kind = pytest.mark.parametrize("page", WRITTEN.values(), ids=WRITTEN)


def read(page: KindPage, parameters: dict[str, str]) -> Clause:
    """A clause of the kind with these parameters. Raises BadInput."""
    body = "\n".join(f"{key} = {value}" for key, value in parameters.items())
    text = f'{HEADER}\n[[clause]]\nid = "it"\nkind = "{page.kind}"\n{body}\n'
    found = read_terms("terms.toml", text.encode())
    clauses: list[Clause] = [*found.composing, *found.running]
    return clauses[0]


def value(page: KindPage, name: str) -> str:
    """What the parameter may hold."""
    return OTHERWISE.get((page.kind, name), VALUES[name])


def least(page: KindPage) -> dict[str, str]:
    """The parameters without which there is no clause."""
    names = [one.name for one in page.parameters if one.required] + list(page.one_of[:1])
    return {name: value(page, name) for name in names}


def content(clause: Clause) -> dict[str, Any]:
    """What was read, but for the place it was read from."""
    return {one.name: getattr(clause, one.name) for one in fields(clause) if one.name != "header"}  # type: ignore[arg-type]


def test_every_registered_kind_has_a_page() -> None:
    """Under its own name, with something to say in every part."""
    assert {*COMPOSE_KINDS, *RUN_KINDS} == set(WRITTEN)
    assert set(BUILT_IN_PAGES) == {"protected", "plan", "integrity"}
    for kind, page in PAGES.items():
        assert page.kind == kind
        assert all((page.summary, page.judges, page.meaning, page.formula, page.source, page.duty)), kind
        assert all(one.meaning and one.type for one in page.parameters), kind


@every_kind
def test_the_example_is_a_clause_of_the_kind(page: KindPage) -> None:
    """It parses, alone, and in terms with all others."""
    (header,) = example_terms(page).text.clauses
    assert header.kind == page.kind
    assert header.text


def test_all_examples_stand_in_one_agreement() -> None:
    """Their ids differ, so that a reader may copy several."""
    text = HEADER + "".join(page.example for page in WRITTEN.values())
    assert len(read_terms("terms.toml", text.encode()).text.clauses) == len(WRITTEN)


@every_kind
def test_each_named_parameter_is_accepted(page: KindPage) -> None:
    """Alone beside the required ones, and all at once where they do not exclude each other."""
    base = least(page)
    read(page, base)
    for one in page.parameters:
        excluded = page.one_of if page.exactly_one and one.name in page.one_of else ()
        kept = {name: text for name, text in base.items() if name not in excluded}
        read(page, {**kept, one.name: value(page, one.name)})
    if not page.exactly_one:
        read(page, {one.name: value(page, one.name) for one in page.parameters})


@every_kind
def test_any_other_parameter_is_refused(page: KindPage) -> None:
    """Those of other kinds, too."""
    named = {one.name for one in page.parameters}
    for other in ({*VALUES, "frobnicate"} - named) | {name.upper() for name in named}:
        with pytest.raises(BadInput, match=f"unknown field '{other}'"):
            read(page, {**least(page), other: VALUES.get(other, "1")})


@every_kind
def test_required_ones_are_required(page: KindPage) -> None:
    """Without one of them, or without any of those of which one must stand, there is no clause."""
    base = least(page)
    for name in base:
        with pytest.raises(BadInput):
            read(page, {key: text for key, text in base.items() if key != name})
    if page.exactly_one:
        with pytest.raises(BadInput, match="exactly one of"):
            read(page, {**base, **{name: value(page, name) for name in page.one_of[:2]}})


@every_kind
def test_a_default_is_what_holds_without_it(page: KindPage) -> None:
    """Written out it changes nothing; and something else does."""
    base = least(page)
    for one in page.parameters:
        if one.default:
            assert content(read(page, {**base, one.name: one.default})) == content(read(page, base)), one.name
            assert content(read(page, {**base, one.name: value(page, one.name)})) != content(read(page, base)), one.name


@pytest.mark.parametrize("kind", RUN_KINDS)
def test_what_a_kind_judges(kind: str) -> None:
    """Those that a plan can break say so; with patterns it depends on these."""
    page = RUN_KINDS[kind].page
    clause = read(page, least(page))
    assert RUN in page.judges
    assert COMPOSE not in page.judges
    assert hasattr(clause, "judges_plan")
    assert (PLAN in page.judges) == clause.judges_plan(NOMINAL_TYPES)


def first_running(page: KindPage) -> RunClause:
    """The clause of the example."""
    (clause,) = example_terms(page).running
    return clause


@pytest.mark.parametrize("kind", RUN_KINDS)
def test_the_rules_are_those_that_are_broken(kind: str) -> None:
    """For each rule of the page, and for no other, a day that breaks the example by it; the page tells the first."""
    page = RUN_KINDS[kind].page
    found = examples_of(example_terms(page), first_running(page))
    assert {example.pair.rule for example in found} == {rule.name for rule in page.rules}
    assert found[0].deviations[0].message == page.duty


@pytest.mark.parametrize("kind", COMPOSE_KINDS)
def test_what_the_coordinator_reads(kind: str) -> None:
    """The clause as an infeasible round names it."""
    page = COMPOSE_KINDS[kind].page
    assert page.judges == (COMPOSE,)
    (clause,) = example_terms(page).composing
    assert page.duty == f"{clause.id}: {clause.sentence()}"


def test_what_the_built_in_ones_say() -> None:
    """Their sentences come from the product as well."""
    assert BUILT_IN_PAGES["protected"].duty == f"protected: {Protected().sentence()}"
    same = {"device": "d1", "device_seq": 1}
    reports = [event("e1", "clock", "09:00", **same), event("e2", "clock", "09:01", **same)]
    (cloned,) = deviations(terms(), plan(), reports)
    assert cloned.message == BUILT_IN_PAGES["integrity"].duty
    crowded = plan(
        persons=[person("p1"), person("p2")],
        places=[{"id": "camp", "kind": "holding"}, {"id": "crossing", "kind": "exchange-point"}],
        vehicles=[{"id": "bus-1", "seats": 1}],
        legs=[leg("leg-1", "bus-1", "camp", "crossing", "07:00", "08:00", "p1", "p2")],
    )
    (full,) = (one for one in plan_clause.deviations(crowded) if one.rule == "capacity")
    assert full.message == BUILT_IN_PAGES["plan"].duty


def test_the_book_is_up_to_date() -> None:
    """Else run `uv run safeconduct clauses --markdown > docs/clauses.md`."""
    assert (ROOT / "docs" / "clauses.md").read_text("utf-8") == markdown()


def test_formulas_use_operators_that_are_explained() -> None:
    """No word in capitals that the notation does not have."""
    explained = set(re.findall(r"\b[A-Z]{3,}\b", " ".join((*NOTATION, *OPERATORS))))
    for page in PAGES.values():
        assert set(re.findall(r"\b[A-Z]{3,}\b", page.formula)) <= explained, page.kind
