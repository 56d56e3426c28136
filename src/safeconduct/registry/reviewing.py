"""What the reviewers of a proposed pair find together: how many are needed, and what becomes of it if they disagree."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.entries import OUTCOMES, MatchOpinion

IDENTIFICATION, EXCLUSION, PREMATURE = OUTCOMES

PairKey = tuple[str, str, str, str]
"""Held list, ref on it, sought list, ref on it."""

REVIEWERS: Final = {"confirm": 1, "review": 2, "none": 2}
"""How many reviewers a pair of each band needs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands of a pair."""

    outcome: str
    """Of OUTCOMES; empty as long as a reviewer lacks. Premature where they disagree."""
    lacking: int
    """How many further reviewers it waits for, at least."""
    disputed: bool
    """Whether reviewers disagree, and a further one is asked."""
    simulated: bool
    """Whether programs alone stood in for its reviewers."""


def same_reviewer(name: str) -> str:
    """One text for one reviewer, however the name is typed."""
    return " ".join(name.split()).casefold()


def finding_of(opinions: Iterable[MatchOpinion]) -> Finding:
    """What stands of a pair by its reviewers' latest opinions, one of each.

    A person's opinion counts for more than those of programs that stood in for people: once there is one, theirs do
    not count. One reviewer is enough in the band `confirm`, two who agree elsewhere. If two disagree, the pair is
    disputed and counts as premature until more reviewers find one outcome than any other, and at least two.
    """
    everyone = list(opinions)
    people = [one for one in everyone if not one.simulated]
    counted = people or everyone
    found = Counter(one.outcome for one in counted).most_common(2)
    simulated = bool(everyone) and not people
    if not found:
        return Finding("", 1, disputed=False, simulated=False)
    (outcome, times), *others = found
    enough = 2 if others else max(REVIEWERS.get(one.band, 2) for one in counted)
    if times >= enough and (not others or times > others[0][1]):
        return Finding(outcome, 0, disputed=False, simulated=simulated)
    if others:
        return Finding(PREMATURE, 1, disputed=True, simulated=simulated)
    return Finding("", enough - times, disputed=False, simulated=simulated)
