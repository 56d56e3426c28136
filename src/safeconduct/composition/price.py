"""What each clause costs: what would be gained, and by whom, if it gave way by as little as changes anything.

Mostly that is by one. Where one changes nothing, the near miss is told: the least that would.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.composition.compose import Levels, solve_levels
from safeconduct.composition.composed import Composed
from safeconduct.composition.constraint import DROPPED
from safeconduct.composition.goal import Goal, Sum
from safeconduct.composition.model import Condition, merged
from safeconduct.composition.relaxation import Eased, furthest, least_amount
from safeconduct.composition.report import FairnessPrice, Moved, Price
from safeconduct.composition.shares import score_of, value_of
from safeconduct.composition.words import numbered
from safeconduct.kernel.errors import Refused


@dataclass(frozen=True)
class Prices:
    """Of every clause that may give way, each of its amounts."""

    prices: tuple[Price, ...]
    complete: bool
    """Whether every amount was priced, by proof; false only if the time ran out."""


def prices_of(composed: Composed) -> Prices:
    """The price of every clause. Never that of `protected`, nor of what asks for the seriously wounded and sick."""
    found: list[Price] = []
    soft = [one for one in composed.constraints if not one.hard]
    try:
        for number, constraint in enumerate(soft, 1):
            composed.progress(f"what clause {number:,} of {len(soft):,} costs")
            rows = composed.dispute.eased[constraint.id]
            names = dict.fromkeys(give.amount for one in rows for give in one.gives)
            found.extend(_price(composed, constraint.id, rows, name) for name in names if furthest(rows, name))
    except Refused:
        return Prices(tuple(found), False)
    return Prices(tuple(found), True)


def prices_of_fairness(composed: Composed, clauses: Sequence[str]) -> tuple[FairnessPrice, ...]:
    """What each of these objectives costs in persons. Raises Refused if the time runs out before it is proven.

    With it and without it, the other objectives are served first, in their order, and then the round is the largest
    that they allow: so the two numbers do not hang on which of several equal choices was taken.
    """
    largest = Sum(np.ones(len(composed.candidates), dtype=np.int64))
    now = None
    found = []
    for clause in clauses:
        composed.progress(f"what {clause} costs in persons")
        now = now or _proven(composed, [*composed.goals, largest])
        place = [one.id for one in composed.objectives].index(clause)
        goals = list(composed.goals)
        others = [one for one in composed.objectives if one.id != clause]
        del goals[place]
        then = _proven(composed, [*goals, largest])
        found.append(
            FairnessPrice(
                clause,
                len(now.chosen),
                len(then.chosen),
                tuple(
                    Moved(one.id, *(value_of(one, composed.candidates, levels.chosen) for levels in (now, then)))
                    for one in others
                    if len({score_of(one, composed.candidates, levels.chosen) for levels in (now, then)}) > 1
                ),
                _difference(
                    composed.composition.released,
                    (one.held_by for one in now.chosen),
                    (one.held_by for one in then.chosen),
                ),
            )
        )
    return tuple(found)


def sentences_of_fairness(prices: Iterable[FairnessPrice]) -> list[str]:
    """A line for each, for people."""
    lines = []
    for one in prices:
        cost = one.then - one.now
        persons = numbered(abs(cost), "person")
        told = f"costs {persons}" if cost > 0 else f"brings {persons} more" if cost < 0 else "costs nobody"
        moved = "".join(f"; {other.clause} {other.then:,} instead of {other.now:,}" for other in one.moved)
        lines.append(f"{one.clause} {told}: without it, {one.then:,} released instead of {one.now:,}{moved}.")
    return lines


def _proven(composed: Composed, goals: Sequence[Goal]) -> Levels:
    levels = solve_levels(
        composed.candidates,
        composed.dispute.conditions,
        goals,
        composed.ranking,
        merged,
        composed.budget,
        lambda _: None,
    )
    if levels is None:
        raise AssertionError("what was allowed is not")
    if levels.proven < len(goals):
        raise Refused("the time ran out before it was known what fairness costs; allow more with --time-limit")
    return levels


def sentences(prices: Prices, composed: Composed) -> list[str]:
    """A line for each price, for people."""
    by_id = {one.id: one for one in composed.constraints}
    lines = [_told(one, by_id[one.clause].giving_way({one.amount: one.by}) if one.by else "") for one in prices.prices]
    if not prices.complete:
        lines.append("The time ran out before every clause was priced.")
    return lines


def _told(price: Price, way: str) -> str:
    if not price.by:
        what = "dropping it" if price.amount == DROPPED else f"giving way in '{price.amount}', however far"
        return f"{price.clause}: nothing would be gained by {what}."
    gains = ", ".join(f"{one.clause} {one.then:,} instead of {one.now:,}" for one in price.moved)
    near = "" if price.by == 1 else ", and nothing less would do"
    return f"{price.clause}: {way}{near}: {gains}; {_sides(price.home)}."


def _sides(home: Mapping[str, int]) -> str:
    parts = [
        f"{numbered(abs(more), 'person')} {'more' if more > 0 else 'fewer'} home to {party}"
        for party, more in home.items()
        if more
    ]
    return ", ".join(parts) or "as many go home to each party"


def _price(composed: Composed, clause: str, rows: Sequence[Eased], amount: str) -> Price:
    others = [row for row in composed.dispute.conditions if row.clause != clause]
    by, levels = 1, _better(composed, others, rows, {amount: 1})
    if levels is None:
        if _better(composed, others, rows, {amount: furthest(rows, amount)}) is None:
            return Price(clause, amount, 0, (), {}, {})
        by = _least_that_gains(composed, clause, others, rows, amount)
        levels = _better(composed, others, rows, {amount: by})
    if levels is None:
        raise AssertionError("what was shown to gain does not")
    before = composed.chosen
    parties = composed.composition.released
    return Price(
        clause,
        amount,
        by,
        composed.moved(levels.chosen),
        _difference(parties, (one.held_by for one in before), (one.held_by for one in levels.chosen)),
        _difference(parties, (one.home for one in before), (one.home for one in levels.chosen)),
    )


def _better(
    composed: Composed, others: Sequence[Condition], rows: Sequence[Eased], amounts: Mapping[str, int]
) -> Levels | None:
    """The best choice when the clause gives way so; None if it is no better than what was chosen."""
    levels = composed.best([*others, *(one.by(amounts) for one in rows)])
    if levels is None:
        raise AssertionError("a clause that gives way leaves no choice")
    if levels.proven < len(composed.goals):
        raise Refused("the time ran out")
    return levels if composed.scores(levels.chosen) > composed.scores(composed.chosen) else None


def _least_that_gains(
    composed: Composed, clause: str, others: Sequence[Condition], rows: Sequence[Eased], amount: str
) -> int:
    """The least by which the clause must give way before an objective gains and none before it loses; some does."""
    least = 0
    for place, (goal, score) in enumerate(zip(composed.goals, composed.scores(composed.chosen), strict=True)):
        for better in goal.more(score):
            by = least_amount(
                clause,
                rows,
                amount,
                [*others, *composed.locks(place), *better],
                len(composed.candidates),
                composed.budget.left_us,
            )
            least = min(filter(None, (least, by)), default=0)
    return least


def _difference(parties: Iterable[str], before: Iterable[str], then: Iterable[str]) -> dict[str, int]:
    """By how many more each party counts, fewer below 0."""
    numbers, others = Counter(then), Counter(before)
    return {party: numbers[party] - others[party] for party in parties}
