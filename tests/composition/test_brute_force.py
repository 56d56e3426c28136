"""Composing equals trying every subset: feasibility, every lexicographic level, and the conflict's minimality.

More rounds than here, counted and with a bar: `uv run python -m benchmarks.composition_cases 1000`.
"""

from random import Random

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.composition.brute_force import judge_all, satisfies
from tests.composition.rounds import CONCLUDED, Round, rounds

from safeconduct.clauses.composing import compose_round, constraints_of, objectives_of
from safeconduct.composition.compose import compose
from safeconduct.composition.model import apart
from safeconduct.composition.report import Composition

MINUTE_US = 60_000_000


class StoppedClock:
    """The time limit never runs out."""

    def now_us(self) -> int:
        """Always the same moment."""
        return 0


def composed(case: Round) -> Composition:
    """The product's answer."""
    persons = case.persons()
    lines = range(2, len(persons) + 2)
    return compose_round(case.terms(), "c.csv", persons, lines, clock=StoppedClock(), time_limit_us=MINUTE_US)


@settings(max_examples=max(100, settings().max_examples))
@given(rounds())
def test_equals_every_subset_tried(case: Round) -> None:
    """Each level has the best value there is, the choice reaches it; an infeasible round names a minimal conflict."""
    event(agrees_with_every_subset(case))


def agrees_with_every_subset(case: Round) -> str:
    """Compare what is composed with every subset tried; `optimal`, or how many clauses clash."""
    truth = judge_all(case.clauses, case.candidates, case.parties, CONCLUDED)
    composition = composed(case)
    if truth.allowed.any():
        assert composition.status == "optimal"
        assert [one.value for one in composition.objectives] == truth.best
        assert [one.bound for one in composition.objectives] == truth.best
        subset = _index(case, {one.ref: one.tranche for one in composition.chosen})
        assert truth.allowed[subset]
        assert [int(value[subset]) for value in truth.values] == truth.best
        # Among the ways of placing those who go, none has them go earlier.
        same = truth.allowed & (truth.members == truth.members[subset]).all(axis=1)
        assert truth.steps[subset] == truth.steps[same].min()
        assert composition.conflict == ()
    else:
        assert composition.status == "infeasible"
        assert (composition.chosen, composition.objectives) == ((), ())
        conflict = [truth.kept[clause] for clause in composition.conflict]
        assert not np.all(conflict, axis=0).any()
        for dropped in range(len(conflict)):
            rest = conflict[:dropped] + conflict[dropped + 1 :]
            assert not rest or np.all(rest, axis=0).any()
    barred = [one for one in case.candidates if one["protected"] or one["consent"] == "unwilling"]
    includes = [clause.get("of", {}) for clause in case.clauses if clause["kind"] == "include"]
    if any(satisfies(of, one, CONCLUDED) for of in includes for one in barred):
        assert "protected" in composition.conflict
    return "optimal" if truth.allowed.any() else f"conflict of {len(composition.conflict)}"


def _index(case: Round, tranches: dict[str, str]) -> int:
    """The number of the subset: a digit for each candidate, 0 for who stays."""
    names = [clause["name"] for clause in case.clauses if clause["kind"] == "tranche"]
    base = 1 + max(1, len(names))
    digits = [
        1 + names.index(tranches[one["ref"]]) if names and one["ref"] in tranches else int(one["ref"] in tranches)
        for one in case.candidates
    ]
    return sum(digit * base**number for number, digit in enumerate(digits))


@settings(max_examples=max(25, settings().max_examples // 4))
@given(rounds(), st.randoms(use_true_random=False))
def test_any_row_order_gives_the_same_bytes(case: Round, random: Random) -> None:
    """Who is chosen among equal optima does not depend on the order of the rows."""
    shuffled = list(case.candidates)
    random.shuffle(shuffled)
    assert composed(Round(case.parties, case.clauses, shuffled)).to_json() == composed(case).to_json()


@settings(max_examples=max(25, settings().max_examples // 4))
@given(rounds(most_a_side=15))
def test_merging_changes_no_value(case: Round) -> None:
    """Integer classes give the same status and values as one variable for each person."""
    merging_changes_no_value(case)


def merging_changes_no_value(case: Round) -> None:
    """Compose with merged classes and person by person."""
    terms, persons = case.terms(), case.persons()
    merged = composed(case)
    alone = compose(
        persons,
        constraints_of(terms),
        objectives_of(terms),
        parties=terms.agreement.parties,
        concluded=terms.agreement.concluded,
        clock=StoppedClock(),
        time_limit_us=MINUTE_US,
        grouping=apart,
    )
    assert (merged.status, merged.objectives) == (alone.status, alone.objectives)


@settings(max_examples=max(25, settings().max_examples // 4))
@given(rounds())
def test_no_ground_of_protection_shows(case: Round) -> None:
    """Protected and unwilling persons are never chosen, and exchanging one ground for the other changes no byte."""
    barred = {one["ref"] for one in case.candidates if one["protected"] or one["consent"] == "unwilling"}
    composition = composed(case)
    assert not barred & {one.ref for one in composition.chosen}
    for ground in ({"protected": True, "consent": "willing"}, {"protected": False, "consent": "unwilling"}):
        other = [{**one, **ground} if one["ref"] in barred else one for one in case.candidates]
        assert composed(Round(case.parties, case.clauses, other)).to_json() == composition.to_json()
    text = composition.to_json().decode()
    assert not any(word in text for word in ("unwilling", "consent", "unfit", "judicial"))
