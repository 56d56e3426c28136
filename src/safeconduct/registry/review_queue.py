"""What waits for a reviewer, what matters most first; never with what another reviewer found on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from safeconduct.registry.earlier_findings import EarlierFinding, EarlierFindings
from safeconduct.registry.entries import ListReceived
from safeconduct.registry.linkage import Later, Pair, Weighing
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, REVIEWERS, Finding, PairKey, same_reviewer
from safeconduct.registry.state import RegistryState

URGENT = "seriously-wounded-or-sick"
"""The category of persons who go first (`vocabulary.categories`)."""


class Stage(IntEnum):
    """How far a pair has come, in the order in which pairs are shown."""

    DISPUTED = 0
    """Two reviewers disagree; a further one decides."""
    SECOND = 1
    """One reviewer has looked; a second decides."""
    FIRST = 2
    FOUND = 3
    """There is a finding, which may be replaced."""


@dataclass(frozen=True, slots=True)
class ListPair:
    """Two lists whose rows may be the same persons; the same list twice for persons who stand twice on it."""

    held: str
    sought: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that a reviewer may decide on."""

    key: PairKey
    pair: Pair
    weighing: Weighing
    stage: Stage
    reviewers: int
    """How many have looked at it so far."""
    plain: bool
    """Whether one look settles it: one reviewer is enough, and no person has looked at it, or at it as it was."""
    earlier: EarlierFinding | None = None
    """What was found before one of the rows became what it is."""

    @property
    def twice(self) -> bool:
        """Whether both rows stand on one list."""
        return self.key[0] == self.key[2]


def list_pairs(lists: Mapping[str, ListReceived]) -> list[ListPair]:
    """Whose lists are compared: each party's latest list of the held with each other party's latest of the sought,
    and each of these with itself."""
    latest = {(one.own, one.purpose): one.list_id for one in lists.values()}
    held = [(own, list_id) for (own, purpose), list_id in sorted(latest.items()) if purpose == "held"]
    sought = [(own, list_id) for (own, purpose), list_id in sorted(latest.items()) if purpose == "sought"]
    across = [ListPair(ours, theirs) for own, ours in held for other, theirs in sought if own != other]
    return across + [ListPair(list_id, list_id) for _, list_id in held]


def later_of(state: RegistryState, lists: ListPair) -> Later:
    """Which of two lists tells of the later time: a later version of the other; of one of the held and one of the
    sought, the sought.

    The side that holds a person says the rank at capture. Home says that rank, or a later one: it promotes people who
    are in captivity, and posthumously. Who hides a rank from the captor understates it, which looks the same.
    """
    if _is_version_of(state, lists.sought, lists.held):
        return "right"
    if _is_version_of(state, lists.held, lists.sought):
        return "left"
    purposes = tuple(state.lists[one].purpose for one in (lists.held, lists.sought))
    sides: Mapping[tuple[str, ...], Later] = {("held", "sought"): "right", ("sought", "held"): "left"}
    return sides.get(purposes, "")


def _is_version_of(state: RegistryState, later: str, earlier: str) -> bool:
    newer = state.replaced.get(earlier)
    while newer is not None and newer.list_id != later:
        newer = state.replaced.get(newer.list_id)
    return newer is not None


def excluded(state: RegistryState, lists: ListPair) -> frozenset[tuple[str, str]]:
    """The pairs of two lists that were found to be two persons: in their place the next best is proposed."""
    return frozenset(
        (pair[1], pair[3])
        for pair in state.pairs_found()
        if (pair[0], pair[2]) == (lists.held, lists.sought) and state.finding(pair).outcome == EXCLUSION
    )


def queue(
    weighings: Mapping[ListPair, Weighing], state: RegistryState, reviewer: str, *, again: bool = False
) -> list[Waiting]:
    """The pairs that wait for this reviewer; `again`: also those with a finding, and what they found themselves.

    Findings of programs that stood in for people count as findings, unless the programs disagree.
    """
    earlier = EarlierFindings(state)
    found = [one for pair, weighing in weighings.items() for one in _of(pair, weighing, state, earlier)]
    mine = same_reviewer(reviewer)
    asked = [one for one in found if again or (one.stage is not Stage.FOUND and mine not in state.opinions_on(one.key))]
    return sorted(asked, key=_matters)


def _of(lists: ListPair, weighing: Weighing, state: RegistryState, earlier: EarlierFindings) -> Iterator[Waiting]:
    proposed = {(one.left_ref, one.right_ref): one for one in weighing.pairs if one.right_ref}
    for pair in state.pairs_found():
        held_list, held, sought_list, sought = pair
        # Somebody looked at it, though it was not proposed (found by search, say), or is no more: it was excluded.
        on_these = (held_list, sought_list) == (lists.held, lists.sought)
        if on_these and held in weighing.left and sought in weighing.right:
            confirm = all(one.band == "confirm" for one in state.opinions_on(pair).values())
            proposed.setdefault((held, sought), weighing.unproposed(held, sought, "confirm" if confirm else "none"))
    for (left, right), one in proposed.items():
        key = lists.held, left, lists.sought, right
        opinions, before = state.opinions_on(key), earlier.on(key)
        finding = state.finding(key)
        untouched = not opinions or (finding.simulated and finding.outcome == IDENTIFICATION)
        plain = one.band == "confirm" and untouched and before is None
        yield Waiting(key, one, weighing, stage_of(finding, len(opinions)), len(opinions), plain, before)


def stage_of(finding: Finding, reviewers: int) -> Stage:
    """How far a pair has come."""
    if finding.disputed:
        return Stage.DISPUTED
    if finding.lacking == 0:
        return Stage.FOUND
    return Stage.SECOND if reviewers else Stage.FIRST


def _matters(one: Waiting) -> tuple[object, ...]:
    """Unfinished ones, then the seriously wounded and sick, then what two must look at, the likeliest first."""
    pair = one.pair
    rows = one.weighing.left[pair.left_ref], one.weighing.right[pair.right_ref]
    urgent = any(URGENT in row.categories for row in rows)
    return one.stage, not urgent, -REVIEWERS[pair.band], -pair.probability, one.key
