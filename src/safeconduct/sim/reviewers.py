"""Reviewers of proposed pairs, simulated: they see both rows, probability and reasons, and never the truth.

Whatever they decide is recorded as decided by simulated reviewers. One goes by dates, the other by names, as two people
who do not consult each other might.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.fold import fold, given_key
from safeconduct.registry.linkage import Pair
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, PREMATURE, REVIEWERS
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

_ALIKE = 80.0
"""How alike folded names must be to pass for one name with a slip, of 100."""

Reviewer = Callable[[Pair, Person, Person], str]


@dataclass(frozen=True)
class Lists:
    """The two lists that pairs are drawn from; the same list twice for persons listed twice."""

    left_id: str
    left: Mapping[str, Person]
    right_id: str
    right: Mapping[str, Person]


def review(pairs: Sequence[Pair], lists: Lists, at_us: int) -> tuple[MatchOpinion, ...]:
    """What simulated reviewers find on every proposed pair: one where one is enough, else two, each by themselves."""
    found = []
    for pair in pairs:
        if pair.band == "none":
            continue
        left, right = lists.left[pair.left_ref], lists.right[pair.right_ref]
        for name, (reviewer, reason) in [*_REVIEWERS.items()][: REVIEWERS[pair.band]]:
            found.append(
                MatchOpinion(
                    occurred_at_us=at_us,
                    held_list=lists.left_id,
                    held_ref=pair.left_ref,
                    sought_list=lists.right_id,
                    sought_ref=pair.right_ref,
                    probability_ppm=round(pair.probability * 1_000_000),
                    band=pair.band,
                    outcome=reviewer(pair, left, right),
                    reason=reason,
                    reviewer=name,
                    public_key="",
                    simulated=True,
                )
            )
    return tuple(found)


def by_dates(pair: Pair, left: Person, right: Person) -> str:
    """Goes by the dates of birth: the same days possible, or what one slip of the pen explains."""
    one, other = left.birth_date, right.birth_date
    if one is None or other is None:
        return IDENTIFICATION if pair.probability >= 0.9 else PREMATURE
    if one.earliest <= other.latest and other.earliest <= one.latest:
        return IDENTIFICATION
    return IDENTIFICATION if _one_slip(one, other) else EXCLUSION


def by_names(pair: Pair, left: Person, right: Person) -> str:
    """Goes by the names, in either order of the columns: alike after the fold, and no patronymic of another father."""
    straight = min(_alike(left.family_name, right.family_name), _alike_given(left.given_name, right.given_name))
    crossed = min(_alike(left.family_name, right.given_name), _alike(left.given_name, right.family_name))
    if max(straight, crossed) < _ALIKE:
        return EXCLUSION
    fathers = left.patronymic and right.patronymic
    if fathers and ratio(fold(left.patronymic)[:4], fold(right.patronymic)[:4]) < _ALIKE / 2:
        return EXCLUSION
    return IDENTIFICATION if pair.probability >= 0.6 else PREMATURE


_REVIEWERS: dict[str, tuple[Reviewer, str]] = {
    "simulated reviewer 1": (by_dates, "judged by the dates of birth"),
    "simulated reviewer 2": (by_names, "judged by the names"),
}


def _one_slip(one: ImpreciseDate, other: ImpreciseDate) -> bool:
    """Whether one of year, month and day differs, or day and month stand swapped, or only the year is known."""
    a, b = one.earliest, other.earliest
    if one.earliest != one.latest or other.earliest != other.latest:
        return abs(a.year - b.year) <= 1
    differing = (a.year != b.year) + (a.month != b.month) + (a.day != b.day)
    return differing == 1 or (a.year == b.year and (a.month, a.day) == (b.day, b.month))


def _alike(one: str, other: str) -> float:
    return float(ratio(fold(one), fold(other)))


def _alike_given(one: str, other: str) -> float:
    return 100.0 if given_key(one) == given_key(other) else _alike(one, other)
