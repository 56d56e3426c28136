"""Two proposals side by side: whose persons, of what categories and ranks, held for how long, and who differs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from safeconduct.composition.candidates import captivity_days
from safeconduct.composition.constraint import Aim, Constraint
from safeconduct.composition.shares import value_of
from safeconduct.vocabulary.person import Person

Pair = tuple[int, int]
"""Of the first proposal and of the second."""


class Side(msgspec.Struct, frozen=True):
    """The persons who go home to one party."""

    persons: Pair
    captivity_days: Pair
    """Added up, until the agreement was concluded."""
    categories: dict[str, Pair]
    """Who has several counts in each."""
    ranks: dict[str, Pair]
    """An empty rank is one that the list does not say."""


class Broken(msgspec.Struct, frozen=True):
    """A clause that a proposal does not keep."""

    clause: str
    told: str


class Comparison(msgspec.Struct, frozen=True):
    """Two proposals for one round."""

    names: tuple[str, str]
    released: dict[str, Pair]
    """By the party that releases."""
    home: dict[str, Side]
    """By the party to which they go home."""
    objectives: dict[str, Pair]
    """What each reaches under these terms."""
    broken: tuple[tuple[Broken, ...], tuple[Broken, ...]]
    """Which of these terms each does not keep."""
    only: tuple[tuple[str, ...], tuple[str, ...]]
    """By `ref`, who is in the one and not in the other."""


def compare(
    names: tuple[str, str],
    candidates: Sequence[Person],
    first: Sequence[Person],
    second: Sequence[Person],
    constraints: Sequence[Constraint],
    objectives: Sequence[Aim],
    parties: Sequence[str],
    concluded: date,
) -> Comparison:
    """Set two choices from the same candidates side by side, both judged by the same terms."""

    def released(party: str) -> Pair:
        one, other = (sum(person.held_by == party for person in chosen) for chosen in (first, second))
        return one, other

    def reached(objective: Aim) -> Pair:
        one, other = (value_of(objective, candidates, chosen) for chosen in (first, second))
        return one, other

    def side(party: str) -> Side:
        one, other = ([person for person in chosen if person.home == party] for chosen in (first, second))
        return Side(
            (len(one), len(other)),
            (_days(one, concluded), _days(other, concluded)),
            _counted(*((name for person in some for name in person.categories) for some in (one, other))),
            _counted(*((person.rank for person in some) for some in (one, other))),
        )

    refs = [{person.ref for person in chosen} for chosen in (first, second)]
    return Comparison(
        names,
        {party: released(party) for party in parties},
        {party: side(party) for party in parties},
        {one.id: reached(one) for one in objectives},
        (_broken(candidates, first, constraints), _broken(candidates, second, constraints)),
        (tuple(sorted(refs[0] - refs[1])), tuple(sorted(refs[1] - refs[0]))),
    )


def sentences(comparison: Comparison) -> list[str]:
    """The two proposals for people: a table, the terms that one breaks, and who differs."""
    rows = [("", *comparison.names)]
    rows += [(f"released by {party}", *_numbers(pair)) for party, pair in comparison.released.items()]
    for party, side in comparison.home.items():
        rows.append((f"home to {party}", *_numbers(side.persons)))
        rows.append(("  days held, added up", *_numbers(side.captivity_days)))
        rows += [(f"  {name}", *_numbers(pair)) for name, pair in side.categories.items()]
        rows += [(f"  rank {name or 'not said'}", *_numbers(pair)) for name, pair in side.ranks.items()]
    rows += [(f"objective {name}", *_numbers(pair)) for name, pair in comparison.objectives.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in rows]
    for name, broken in zip(comparison.names, comparison.broken, strict=True):
        lines += [f"{name} does not keep {one.clause}: {one.told}." for one in broken]
    for name, only in zip(comparison.names, comparison.only, strict=True):
        lines.append(f"Only in {name} ({len(only):,}): {', '.join(only) or 'nobody'}.")
    return lines


def _numbers(pair: Pair) -> tuple[str, str]:
    return f"{pair[0]:,}", f"{pair[1]:,}"


def _days(persons: Sequence[Person], concluded: date) -> int:
    return sum(captivity_days(person, concluded) for person in persons)


def _counted(first: Iterable[str], second: Iterable[str]) -> dict[str, Pair]:
    one, other = Counter(first), Counter(second)
    return {name: (one[name], other[name]) for name in sorted({*one, *other})}


def _broken(
    candidates: Sequence[Person], chosen: Sequence[Person], constraints: Sequence[Constraint]
) -> tuple[Broken, ...]:
    judged = ((one.id, one.judge(candidates, chosen)) for one in constraints)
    return tuple(Broken(clause, found.told) for clause, found in judged if not found.kept)
