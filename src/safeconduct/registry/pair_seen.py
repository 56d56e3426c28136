"""What a reviewer had before their eyes of a pair, so that a finding on what has become something else is refused."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.kernel import encoding
from safeconduct.registry.entries import MatchOpinion, PersonListed
from safeconduct.registry.list_entries import ListReplaced
from safeconduct.registry.reviewing import PairKey, finding_of, same_reviewer
from safeconduct.registry.state import RegistryState


@dataclass(frozen=True, slots=True)
class PairSeen:
    """A pair as one reviewer sees it."""

    rows: str
    """SHA-256 of what both rows say and by which lists theirs were replaced."""
    settled: str
    """What others than this reviewer have found together; empty while one of them lacks, which nobody is shown."""


class Sight:
    """What a reviewer is shown: the rows and findings as they stand at one moment, whatever comes in later."""

    def __init__(self, registry: RegistryState, reviewer: str) -> None:
        self._reviewer = reviewer
        self._persons = dict(registry.persons)
        self._replaced = dict(registry.replaced)
        self._opinions = {pair: registry.opinions_on(pair) for pair in registry.pairs_found()}

    def of(self, pair: PairKey) -> PairSeen:
        """A pair, as it stood then."""
        return _seen(self._persons, self._replaced, self._opinions.get(pair, {}), pair, self._reviewer)


def pair_seen(registry: RegistryState, pair: PairKey, reviewer: str) -> PairSeen:
    """A pair, as it stands now."""
    return _seen(registry.persons, registry.replaced, registry.opinions_on(pair), pair, reviewer)


def outdated(registry: RegistryState, pair: PairKey, reviewer: str, before: PairSeen) -> str:
    """Why what a reviewer finds on a pair as they saw it does not apply any more; empty if it does."""
    now, what = pair_seen(registry, pair, reviewer), f"{pair[1]} with {pair[3]}"
    for list_id, ref in (pair[:2], pair[2:]):
        if now.rows != before.rows and (list_id, ref) not in registry.persons:
            return f"{what}: {ref} stands on the list {list_id} no more"
    if now.rows != before.rows:
        newer = next((registry.replaced[one].list_id for one in (pair[0], pair[2]) if one in registry.replaced), "")
        why = f"one of the lists was replaced by {newer}" if newer else "a row has changed"
        return f"{what}: {why} since you looked at it: look again"
    if now.settled not in ("", before.settled):
        return f"{what}: others have found {now.settled} meanwhile: with --again it may be looked at anew"
    return ""


def _seen(
    persons: Mapping[tuple[str, str], PersonListed],
    replaced: Mapping[str, ListReplaced],
    opinions: Mapping[str, MatchOpinion],
    pair: PairKey,
    reviewer: str,
) -> PairSeen:
    mine = same_reviewer(reviewer)
    finding = finding_of(one for name, one in opinions.items() if name != mine)
    rows = hashlib.sha256()
    for part in _parts(persons, replaced, pair):
        rows.update(len(part).to_bytes(8, "big") + part)
    return PairSeen(rows.hexdigest(), "" if finding.lacking else finding.outcome)


def _parts(
    persons: Mapping[tuple[str, str], PersonListed], replaced: Mapping[str, ListReplaced], pair: PairKey
) -> Iterable[bytes]:
    for row in (pair[:2], pair[2:]):
        listed, newer = persons.get(row), replaced.get(row[0])
        yield b"" if listed is None else encoding.encode(listed)
        yield b"" if newer is None else newer.list_id.encode()
