"""What a choice reaches of its aims, counted from the persons themselves: sums, and the shares of groups."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from safeconduct.composition.candidates import may_be_exchanged
from safeconduct.composition.constraint import Aim, Fairness
from safeconduct.composition.report import Share
from safeconduct.vocabulary.person import Person

MILLION = 1_000_000
"""In `composition.json` a share is a whole number: millionths, rounded down."""


def groups_of(fairness: Fairness, candidates: Sequence[Person]) -> dict[str, int]:
    """How many of each group may be exchanged, by its name; groups of whom nobody may are left out."""
    names = (fairness.group(person) for person in candidates if may_be_exchanged(person))
    return dict(sorted(Counter(name for name in names if name).items()))


def shares_of(fairness: Fairness, candidates: Sequence[Person], chosen: Sequence[Person]) -> tuple[Share, ...]:
    """The share of every group, the smallest first; equal ones by name."""
    numbers = Counter(fairness.group(person) for person in chosen)
    shares = [Share(name, numbers[name], of) for name, of in groups_of(fairness, candidates).items()]
    return tuple(sorted(shares, key=lambda one: (Fraction(one.chosen, one.of), one.group)))


def score_of(aim: Aim, candidates: Sequence[Person], chosen: Sequence[Person]) -> tuple[Fraction, ...]:
    """What a choice reaches, to be compared number by number: the sum of its gains, or its smallest shares."""
    if isinstance(aim, Fairness):
        shares = shares_of(aim, candidates, chosen)[: aim.levels]
        return tuple(Fraction(one.chosen, one.of) for one in shares)
    return (Fraction(sum(aim.gain(person) for person in chosen)),)


def value_of(aim: Aim, candidates: Sequence[Person], chosen: Sequence[Person]) -> int:
    """What a choice reaches, as one whole number: the sum of its gains, or millionths of the smallest share, rounded
    down (all of them if there is no group)."""
    score = score_of(aim, candidates, chosen)
    return in_millionths(min(score, default=Fraction(1))) if isinstance(aim, Fairness) else int(score[0])


def in_millionths(share: Fraction) -> int:
    """A share as a whole number, rounded down."""
    return share.numerator * MILLION // share.denominator
