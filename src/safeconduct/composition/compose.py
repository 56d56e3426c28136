"""Composing a round: solve the objectives one after the other, lock what is proven, choose, check, explain."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from safeconduct.composition.checker import check_choice
from safeconduct.composition.choice import Ranking, place_members
from safeconduct.composition.constraint import Aim, Constraint, Fairness
from safeconduct.composition.goal import Goal, Score, goal_of
from safeconduct.composition.infeasible import Dispute, sentences, settle
from safeconduct.composition.model import (
    Condition,
    Grouping,
    merged,
    tranches_in_order,
)
from safeconduct.composition.placing import place
from safeconduct.composition.report import Chosen, Composition, Reached, Tranche
from safeconduct.composition.shares import shares_of, value_of
from safeconduct.composition.solve import Solved
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Budget:
    """The time that solving may take in all."""

    clock: Clock
    until_us: int

    def left_us(self) -> int:
        """Microseconds left, never below 0."""
        return max(0, self.until_us - self.clock.now_us())


def compose(
    persons: Sequence[Person],
    constraints: Sequence[Constraint],
    objectives: Sequence[Aim],
    *,
    parties: tuple[str, ...],
    concluded: date,
    clock: Clock,
    time_limit_us: int,
    seed: str = "",
    progress: Callable[[str], None] = lambda _: None,
    grouping: Grouping = merged,
) -> Composition:
    """Choose who is exchanged: keep every constraint, then serve the objectives in their order.

    The persons have different `ref`s; the result is the same in any order of them. A later objective never costs an
    earlier one anything: a level is locked only when proven optimal, and where the time runs out the choice is only
    `feasible`. `seed`, in hex, orders those whom the terms do not tell apart and who have been held equally long;
    empty: the smaller `ref` goes first. Where several conflicts exist, constraints named last are the likeliest to be
    told. Raises Refused if the time runs out before any allowed choice, or the proof that there is none, was found.
    """
    candidates = sorted(persons, key=lambda person: person.ref)
    budget = Budget(clock, clock.now_us() + time_limit_us)
    dispute = Dispute.of(constraints, candidates)
    rows = dispute.conditions
    goals = [goal_of(one, candidates) for one in objectives]
    ranking = Ranking(concluded, seed)
    levels = solve_levels(candidates, rows, goals, ranking, grouping, budget, progress)
    if levels is None:
        return _infeasible(dispute, parties, budget, progress)
    reached = tuple(
        _reached(one, candidates, levels.chosen, bound, number)
        for one, bound, number in zip(objectives, levels.bounds, levels.numbers, strict=True)
    )
    order = tranches_in_order(constraints)
    chosen = [(number, one) for number, one in enumerate(candidates) if one.ref in levels.placed]
    tranches = place(
        [one for _, one in chosen],
        levels.placed,
        rows,
        [number for number, _ in chosen],
        order,
        ranking,
        grouping,
        budget.left_us,
    )
    judgements = check_choice(candidates, levels.chosen, constraints, objectives, reached, tranches)
    told = [f"{one.id}: {judgement.told}." for one, judgement in zip(constraints, judgements, strict=True)]
    numbers = Counter(tranches.values())
    return Composition(
        status="optimal" if levels.proven == len(objectives) else "feasible",
        chosen=tuple(Chosen(one.ref, one.held_by, one.home, tranches.get(one.ref, "")) for one in levels.chosen),
        objectives=reached,
        released={party: sum(one.held_by == party for one in levels.chosen) for party in parties},
        conflict=(),
        explanation=(
            _proof(levels.proven, reached),
            *told,
            *(_fair(aim, one) for aim, one in zip(objectives, reached, strict=True) if isinstance(aim, Fairness)),
        ),
        tranches=tuple(Tranche(one.name, one.by, one.after, numbers[one.name]) for one in order),
    )


@dataclass(frozen=True)
class Levels:
    """The objectives solved one after the other."""

    chosen: tuple[Person, ...]
    placed: Mapping[str, int]
    """Of each person chosen, by `ref`, the number of the tranche."""
    bounds: tuple[int, ...]
    """Of every objective, also of those that the time did not reach."""
    proven: int
    """How many of the objectives, from the first on, are proven."""
    numbers: tuple[int, ...]
    """Of every objective, how many numbers of what it reaches are proven: of fairness, how many shares."""


def solve_levels(
    candidates: Sequence[Person],
    rows: Sequence[Condition],
    goals: Sequence[Goal],
    ranking: Ranking,
    grouping: Grouping,
    budget: Budget,
    progress: Callable[[str], None],
) -> Levels | None:
    """The best choice that keeps the rows, by the first of the `goals`, then the next; None if there is none.

    Raises Refused if the time runs out before any is found.
    """
    best: Solved | None = None
    locked = list(rows)
    bounds: list[int] = []
    numbers: list[int] = []
    proven = 0
    for goal in goals:
        if best is not None and not budget.left_us():
            break
        progress(f"objective {len(bounds) + 1} of {len(goals)}")
        attempt = goal.solve(locked, grouping, budget.left_us)
        solved = attempt.solved
        if solved.status == "infeasible":
            if best is not None:
                raise AssertionError("what was proven reachable cannot be reached again")
            return None
        if solved.status == "unknown":
            break
        bounds.append(attempt.bound)
        numbers.append(attempt.proven)
        if solved.status == "feasible":
            # Not proven, so not locked; the choice of the level before may even be the better one.
            if best is None or attempt.score > _score(goal, candidates, best, ranking):
                best = solved
            break
        best = solved
        proven += 1
        locked.extend(goal.locks(attempt.score))
    if best is None:
        raise Refused(
            "no allowed choice was found in the time given; allow more with --time-limit, or use smaller weights"
        )
    placed = place_members(candidates, best.of, best.counts, ranking)
    chosen = tuple(person for person in candidates if person.ref in placed)
    unreached = goals[len(bounds) :]
    return Levels(
        chosen, placed, (*bounds, *(goal.unbound for goal in unreached)), proven, (*numbers, *(0 for _ in unreached))
    )


def _score(goal: Goal, candidates: Sequence[Person], solved: Solved, ranking: Ranking) -> Score:
    placed = place_members(candidates, solved.of, solved.counts, ranking)
    return goal.score(np.array([person.ref in placed for person in candidates], dtype=np.int64))


def _reached(aim: Aim, candidates: Sequence[Person], chosen: Sequence[Person], bound: int, proven: int) -> Reached:
    value = value_of(aim, candidates, chosen)
    if not isinstance(aim, Fairness):
        return Reached(aim.id, value, bound)
    shares = shares_of(aim, candidates, chosen)
    return Reached(aim.id, value, bound, shares, min(aim.levels, len(shares)), proven)


def _fair(aim: Fairness, reached: Reached) -> str:
    if not reached.shares:
        return f"{aim.id}: the list names no group of anybody who may be exchanged, so every choice is as fair."
    counted = reached.asked
    shares = ", ".join(f"{one.chosen:,} of {one.of:,} ({one.group})" for one in reached.shares[:counted])
    smallest = "the smallest share is" if counted == 1 else f"the {counted:,} smallest shares are"
    proof = "proven"
    if reached.levels < counted:
        proof = f"the time ran out: the first {reached.levels:,} of them proven" if reached.levels else "not proven"
    rest = len(reached.shares) - counted
    beyond = f"; it looks no further, so nothing is said of the other {rest:,}" if rest else ""
    return f"{aim.id}: {smallest} {shares}, {proof}{beyond}."


def _proof(proven: int, reached: Sequence[Reached]) -> str:
    order = ", then ".join(one.clause for one in reached)
    if proven == len(reached):
        return f"Every clause is kept, and it is proven that no allowed choice does better by {order}."
    known = ", then ".join(one.clause for one in reached[:proven]) or "no objective"
    return f"Every clause is kept, but the time ran out: proven best by {known}, not yet by the rest of: {order}."


def _infeasible(
    dispute: Dispute, parties: tuple[str, ...], budget: Budget, progress: Callable[[str], None]
) -> Composition:
    settlement = settle(dispute, budget.left_us, progress)
    return Composition(
        status="infeasible",
        chosen=(),
        objectives=(),
        released=dict.fromkeys(parties, 0),
        conflict=settlement.conflicts.first,
        explanation=tuple(sentences(settlement, dispute.constraints, "No choice keeps every clause: ")),
        conflicts=settlement.conflicts.conflicts,
        relaxations=settlement.relaxations,
        exhaustive=settlement.exhaustive,
    )
