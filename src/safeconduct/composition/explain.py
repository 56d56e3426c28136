"""Why is this person not in the round, or why is this one: and what would have to change.

The answer is that of a second computation in which the person is in it (or, if chosen, is not). Of whoever may not be
exchanged it is one word, whatever the cause and whatever else holds.
"""

from dataclasses import replace

import numpy as np

from safeconduct.composition.candidates import captivity_days, may_be_exchanged
from safeconduct.composition.composed import Composed
from safeconduct.composition.infeasible import Settlement, sentences, settle, ways, why
from safeconduct.composition.model import Condition
from safeconduct.composition.report import Explanation
from safeconduct.composition.words import listed
from safeconduct.kernel.errors import Refused


def explain(composed: Composed, ref: str) -> Explanation:
    """Why the candidate `ref` is in the proven round or is not.

    Raises Refused if the time runs out before that is known.
    """
    place = next(number for number, one in enumerate(composed.candidates) if one.ref == ref)
    chosen = any(one.ref == ref for one in composed.composition.chosen)
    if not may_be_exchanged(composed.candidates[place]):
        only = (f"{ref} is not in the round: protected.",)
        return Explanation(ref=ref, chosen=False, why="protected", sentences=only)
    forced = _forced(composed, place, chosen)
    levels = composed.best([*composed.dispute.conditions, forced])
    if levels is None:
        settlement = _settle(composed, [forced])
        opening = (
            f"{ref} is in the round, as in every allowed choice: without {ref}, "
            if chosen
            else f"{ref} is not in the round, and in no allowed choice: with {ref}, "
        )
        told: tuple[str, ...] = tuple((why if chosen else sentences)(settlement, composed.constraints, opening))
        return Explanation(
            ref=ref,
            chosen=chosen,
            why="no-choice",
            conflicts=settlement.conflicts.conflicts,
            relaxations=settlement.relaxations,
            sentences=told,
        )
    if levels.proven < len(composed.goals):
        raise Refused("the time ran out before it was known what another choice would reach; allow more (--time-limit)")
    moved = composed.moved(levels.chosen)
    if not moved:
        return Explanation(ref=ref, chosen=chosen, why="equal", sentences=_equal(composed, place, chosen))
    first = moved[0]
    reached = f"{first.clause} {first.then:,} instead of {first.now:,}"
    if chosen:
        told = (f"{ref} is in the round: the best choice without {ref} reaches {reached}.",)
        return Explanation(ref=ref, chosen=True, why="costs", moved=moved, sentences=told)
    told = (f"{ref} is not in the round: allowed, but the best choice with {ref} reaches {reached}.",)
    # What comes behind in rank may suffer: asking the same of it would name changes that are far larger.
    ids = [one.id for one in composed.objectives]
    ranking = ids[: ids.index(first.clause) + 1]
    settlement = _settle(composed, [forced, *composed.locks(len(ranking))])
    return Explanation(
        ref=ref,
        chosen=False,
        why="costs",
        moved=moved,
        conflicts=settlement.conflicts.conflicts,
        relaxations=settlement.relaxations,
        sentences=(
            *told,
            f"What would have to change for {ref} to go, and {listed(ranking)} be served no less?",
            *ways(settlement),
        ),
    )


def _forced(composed: Composed, place: int, chosen: bool) -> Condition:
    """That the person is in it who is not, or the other way round."""
    who = np.zeros(len(composed.candidates), dtype=np.int64)
    who[place] = 1
    return Condition("", who, None, 0) if chosen else Condition("", who, 1, None)


def _settle(composed: Composed, rows: list[Condition]) -> Settlement:
    dispute = replace(composed.dispute, conditions=[*composed.dispute.conditions, *rows])
    return settle(dispute, composed.budget.left_us, composed.progress)


def _equal(composed: Composed, place: int, chosen: bool) -> tuple[str, ...]:
    """Whom the terms do not tell apart, the published rule does; between other choices as good, only a further term."""
    person = composed.candidates[place]
    going = {one.ref for one in composed.composition.chosen}
    alike = sum(
        (one.ref in going) != chosen
        for one, same in zip(composed.candidates, _alike(composed, place), strict=True)
        if same
    )
    others = f"{alike:,} {'person is' if alike == 1 else 'persons are'}"
    days = captivity_days(person, composed.concluded)
    if not alike:
        in_round = f"{person.ref} is {'' if chosen else 'not '}in the round, though a choice {{}} would be as good:"
        words = in_round.format(f"without {person.ref}" if chosen else f"with {person.ref}")
        names = listed([one.id for one in composed.objectives])
        return (f"{words} the terms do not say which of the two is better. A 'prefer' behind {names} would.",)
    if chosen:
        return (
            f"{person.ref} is in the round and {others} not whom the terms do not tell apart from {person.ref}: the "
            f"published rule chose between them. {person.ref} has been held for {days:,} days.",
        )
    return (
        f"{person.ref} is not in the round and {others} whom the terms do not tell apart from {person.ref}: the "
        f"published rule chose between them. {person.ref} has been held for {days:,} days.",
    )


def _alike(composed: Composed, place: int) -> list[bool]:
    """Of each candidate, whether no clause and no objective tells him or her apart from the one at a place."""
    same = np.ones(len(composed.candidates), dtype=bool)
    wanted = (vector for goal in composed.goals for vector in goal.vectors)
    for vector in (*(row.coefficients for row in composed.dispute.conditions), *wanted):
        differs = vector != vector[place]
        same &= ~(differs if differs.ndim == 1 else differs.any(axis=1))
    return [bool(one) for one in same]
