"""Fairness: shares of groups against every subset tried, rounds waited, and what it costs in persons."""

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.composition.rounds import Round, terms_toml
from typer.testing import CliRunner

from safeconduct.clauses.asking import Asked
from safeconduct.clauses.composing import compose_round, constraints_of
from safeconduct.cli.main import app
from safeconduct.composition.report import Composition, Moved
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.vocabulary.person import Person

PARTIES = ["RU", "UA"]
MINUTE_US = 60_000_000


class Counting:
    """A clock that stands still for some time, and then has passed every limit."""

    def __init__(self, calls: int | None = None) -> None:
        self._calls = calls

    def now_us(self) -> int:
        """The start, or far beyond it."""
        if self._calls is None:
            return 0
        self._calls -= 1
        return 0 if self._calls >= 0 else 10**12


def candidate(ref: str, unit: str = "", **fields: Any) -> dict[str, Any]:
    """Somebody held by RU, at home in UA, unless said otherwise."""
    plain = {
        "ref": ref,
        "unit": unit,
        "sex": "M",
        "rank": "",
        "category": [],
        "birth_date": "",
        "captured_on": "",
        "held_by": "RU",
        "home": "UA",
        "consent": "willing",
        "protected": False,
        "rounds_waited": 0,
    }
    return plain | fields


def round_of(clauses: list[dict[str, Any]], candidates: list[dict[str, Any]]) -> Round:
    """Clauses get their ids from their kinds, where they have none."""
    named = [{"id": clause.get("id", f"{clause['kind']}-{number}")} | clause for number, clause in enumerate(clauses)]
    return Round(PARTIES, named, candidates)


def composed(case: Round, clock: Counting | None = None) -> Composition:
    """The product's answer."""
    persons = case.persons()
    lines = range(2, len(persons) + 2)
    return compose_round(case.terms(), "c.csv", persons, lines, clock=clock or Counting(), time_limit_us=MINUTE_US)


def shares(chosen: tuple[Person, ...], persons: list[Person], by: str) -> list[Fraction]:
    """Counted by hand: of every group the share chosen, the smallest first."""
    free = [one for one in persons if not one.protected and one.consent != "unwilling"]
    names = {str(getattr(one, by)) for one in free} - {""}
    return sorted(
        Fraction(
            sum(getattr(one, by) == name for one in chosen),
            sum(getattr(one, by) == name for one in free),
        )
        for name in names
    )


def random_round(seed: int, levels: int, by: str) -> Round:
    """Up to nine candidates of four units and three camps, with a limit in all, and often others."""
    random = Random(seed)
    candidates = []
    for number in range(random.randint(2, 9)):
        held_by, home = random.choice((PARTIES, PARTIES[::-1]))
        unit = random.choice(("", "a", "b", "b", "c", "c", "d"))
        held_at = random.choice(("", "north", "north", "south", "east"))
        candidates.append(
            candidate(
                f"p{number}",
                unit,
                held_at=held_at,
                held_by=held_by,
                home=home,
                sex=random.choice("FM"),
                consent=random.choice(("willing", "willing", "willing", "unwilling")),
                protected=random.random() < 0.1,
                rounds_waited=random.randint(0, 3),
            )
        )
    refs = [one["ref"] for one in candidates]
    others: list[dict[str, Any]] = [
        {"kind": "together", "refs": random.sample(refs, 2)},
        {"kind": "requires", "if": refs[0], "then": refs[1]},
        {"kind": "balance", "tolerance": 1},
        {"kind": "count", "per": "unit", "max": 1},
        {"kind": "prefer", "of": {"sex": "F"}},
    ]
    return round_of(
        [
            {"kind": "count", "max": random.randint(1, 5)},
            *random.sample(others, random.randint(0, 3)),
            {"id": "fair", "kind": "prefer", "fair": {"by": by, "levels": levels}},
            *random.choice(([], [{"kind": "prefer", "longest_wait": True}])),
        ],
        candidates,
    )


@pytest.mark.parametrize("seed", range(30))
def test_no_subset_is_fairer(seed: int) -> None:
    """Objective by objective, shares compared as fractions, no allowed subset is better; each level is proven."""
    by = ("unit", "held_at", "home", "held_by")[seed % 4]
    levels = seed % 5 + 1
    case = random_round(seed, levels, by)
    persons, clauses = case.persons(), [one for one in case.clauses if one["kind"] == "prefer"]
    constraints = constraints_of(case.terms())

    def score(chosen: tuple[Person, ...]) -> list[Any]:
        told: list[Any] = []
        for clause in clauses:
            if "fair" in clause:
                told.append(shares(chosen, persons, by)[:levels])
            elif "longest_wait" in clause:
                told.append(sum(one.rounds_waited for one in chosen))
            else:
                told.append(sum(one.sex == "F" for one in chosen))
        return told

    subsets = [some for size in range(len(persons) + 1) for some in combinations(persons, size)]
    allowed = [some for some in subsets if all(one.judge(persons, some).kept for one in constraints)]
    composition = composed(case)
    refs = {one.ref for one in composition.chosen}
    chosen = tuple(one for one in persons if one.ref in refs)
    assert composition.status == "optimal"
    assert chosen in allowed
    assert score(chosen) == max(map(score, allowed))
    (fair,) = (one for one in composition.objectives if one.clause == "fair")
    counted = [Fraction(one.chosen, one.of) for one in fair.shares]
    assert counted == shares(chosen, persons, by)
    assert fair.levels == min(levels, len(counted))
    assert fair.value == fair.bound == int(1_000_000 * min(counted, default=Fraction(1)))


UNITS = [*(candidate(f"a{number}", "a") for number in range(4)), candidate("b0", "b"), candidate("b1", "b")]
THREE: dict[str, Any] = {"kind": "count", "max": 3}


def test_levels_are_told_honestly() -> None:
    """What is said of the smallest shares, and that nothing is said of the rest."""
    fair = {"id": "fair", "kind": "prefer", "fair": {"by": "unit", "levels": 1}}
    composition = composed(round_of([THREE, fair], [*UNITS, candidate("c0", "c", protected=True)]))
    assert [one.group for one in composition.objectives[0].shares] == ["a", "b"]
    assert composition.objectives[0].value == 500_000
    assert (
        "fair: the smallest share is 2 of 4 (a), proven; it looks no further, so nothing is said of the other 1."
        in composition.explanation
    )


def test_time_that_runs_out_is_told_by_level() -> None:
    """Whatever is not proven is not called so, and the bound holds."""
    fair = {"id": "fair", "kind": "prefer", "fair": {"by": "unit", "levels": 3}}
    case = round_of([{"kind": "count", "max": 5}, fair], [*UNITS, *(candidate(f"c{n}", "c") for n in range(3))])
    whole = composed(case).objectives[0]
    seen = set()
    for calls in (*range(2, 12), 40):
        clock = Counting(calls)
        try:
            composition = composed(case, clock)
        except Refused:  # before anything was found
            continue
        (reached,) = composition.objectives
        assert reached.value <= whole.value <= reached.bound
        assert (composition.status == "optimal") == (reached.levels == 3)
        if reached.levels < 3:
            told = "not proven" if not reached.levels else f"the first {reached.levels} of them proven"
            assert any(told in sentence for sentence in composition.explanation)
        seen.add(reached.levels)
    assert 3 in seen
    assert seen & {0, 1, 2}


def test_whom_fairness_is_asked_of() -> None:
    """`of` within `fair` says whose shares count."""
    women = [candidate("w0", "a", sex="F"), candidate("w1", "b", sex="F")]
    fair = {"id": "fair", "kind": "prefer", "fair": {"by": "unit", "of": {"sex": "F"}}}
    composition = composed(round_of([{"kind": "count", "max": 2}, fair], [*UNITS, *women]))
    assert [one.ref for one in composition.chosen] == ["w0", "w1"]


def test_longest_wait_and_a_maximum_wait() -> None:
    """Who waited for most rounds goes first; who has waited for three must go."""
    waiting = [candidate(f"p{number}", rounds_waited=number) for number in range(5)]
    longest = {"kind": "prefer", "longest_wait": True}
    (one,) = composed(round_of([{"kind": "count", "max": 2}, longest], waiting)).objectives
    assert one.value == 7
    must = {"id": "no-longer", "kind": "release-all", "of": {"rounds_waited": "3.."}}
    composition = composed(round_of([{"kind": "count", "max": 1}, must], waiting))
    assert composition.status == "infeasible"
    assert "no-longer" in composition.conflict
    just = {"kind": "release-all", "of": {"rounds_waited": ["0..1", "4.."]}}
    least = {"kind": "count", "max": 3}
    assert [one.ref for one in composed(round_of([least, just], waiting)).chosen] == ["p0", "p1", "p4"]


COSTLY = round_of(
    [
        *({"kind": "count", "of": {"ref": ["a0", f"c{number}"]}, "max": 1} for number in range(3)),
        {"id": "fair", "kind": "prefer", "fair": {"by": "unit"}},
        {"id": "women", "kind": "prefer", "of": {"sex": "F"}},
    ],
    [candidate("a0", "a"), candidate("b0", "b"), *(candidate(f"c{number}", sex="F") for number in range(3))],
)
"""The one man of a unit can go only in place of three women."""


def test_the_price_of_fairness_in_persons() -> None:
    """What would be gained without it, the terms asking for no largest round."""
    asked = Asked(COSTLY.terms(), COSTLY.persons(), Counting(), MINUTE_US, lambda _: None)
    (price,), told = asked.prices_of_fairness(composed(COSTLY))
    assert (price.clause, price.now, price.then) == ("fair", 2, 4)
    assert price.moved == (Moved("women", 0, 3),)
    assert price.released == {"RU": 2, "UA": 0}
    assert told == ["fair costs 2 persons: without it, 4 released instead of 2; women 3 instead of 0."]


def test_what_other_clauses_cost_counts_fairness() -> None:
    """A clause that gives way by one may make the round fairer, and that is its price."""
    fair = {"id": "fair", "kind": "prefer", "fair": {"by": "unit", "levels": 2}}
    case = round_of([{"id": "seats", "kind": "count", "max": 2}, fair], UNITS)
    asked = Asked(case.terms(), case.persons(), Counting(), MINUTE_US, lambda _: None)
    (price,), _ = asked.prices(composed(case))
    assert (price.clause, price.by) == ("seats", 1)
    assert price.moved == (Moved("fair", 250_000, 500_000),)


@pytest.mark.parametrize(
    ("fair", "what"),
    [
        ({"by": "height"}, "'height'"),
        ({"levels": 2}, "'by'"),
        ({"by": "unit", "levels": 0}, "levels"),
        ({"by": "unit", "level": 2}, "level"),
        ({"by": "unit", "of": {"protected": True}}, "no term can select by 'protected'"),
    ],
)
def test_bad_input_is_told(fair: dict[str, Any], what: str) -> None:
    """One clear fault for a misspelt or impossible field."""
    with pytest.raises(BadInput, match=what):
        round_of([{"kind": "prefer", "fair": fair}], UNITS).terms()


@pytest.mark.parametrize("rounds", ["3", "..3", "3..1", 3, "-1.."])
def test_bad_ranges_of_rounds_are_told(rounds: Any) -> None:
    """The form is said."""
    with pytest.raises(BadInput, match="rounds_waited"):
        round_of([{"kind": "exclude", "of": {"rounds_waited": rounds}}], UNITS).terms()


def test_on_the_command_line(tmp_path: Path) -> None:
    """The shares, the price in persons, and that fairness is no axis of a front."""
    terms, candidates = tmp_path / "terms.toml", tmp_path / "candidates.csv"
    terms.write_text(terms_toml(PARTIES, COSTLY.clauses))
    rows = [f"{one['ref']},Name,{one['unit']},{one['sex']},RU,UA" for one in COSTLY.candidates]
    candidates.write_text("\n".join(["ref,family_name,unit,sex,held_by,home", *rows]) + "\n")
    done = CliRunner().invoke(app, ["compose", str(terms), str(candidates), "--prices", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["objectives"][0] == {
        "clause": "fair",
        "value": 1_000_000,
        "bound": 1_000_000,
        "shares": [{"group": "a", "chosen": 1, "of": 1}, {"group": "b", "chosen": 1, "of": 1}],
        "asked": 1,
        "levels": 1,
    }
    (price,) = told["fairness_prices"]
    assert (price["clause"], price["now"], price["then"]) == ("fair", 2, 4)
    composed_file = str(tmp_path / "whole.json")
    made = CliRunner().invoke(app, ["compose", str(terms), str(candidates), "-o", composed_file])
    assert made.exit_code == 0, made.output
    checked = CliRunner().invoke(app, ["round", "check", composed_file, str(terms), str(candidates)])
    assert checked.exit_code == 0, checked.output
    refused = CliRunner().invoke(app, ["compose", str(terms), str(candidates), "--pareto", "fair", "women"])
    assert refused.exit_code == 2
    assert "no single number" in refused.output
