"""Releases of sealed fields as the ledger tells them: what was asked, by whose keys, and what was given by which key.

What does not fit (an agreement of the proposer's own key, too late, or to another proposal; a review by who broke the
glass) has no effect here, whoever wrote it.
"""

import hashlib
from dataclasses import dataclass, replace

from safeconduct.disclosure.release_entries import PROPOSAL_HOLDS_US, Asked, GlassBroken, GlassReviewed, ReleaseAgreed
from safeconduct.kernel.encoding import encode


@dataclass(frozen=True, slots=True)
class Release:
    """One release, as far as it has come."""

    asked: Asked
    agreed: ReleaseAgreed | None = None
    reviewed: GlassReviewed | None = None

    @property
    def alone(self) -> bool:
        """Whether one key released it: break-glass."""
        return isinstance(self.asked, GlassBroken)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that released it; none yet where a second one must agree."""
        if self.alone:
            return (self.asked.public_key,)
        return () if self.agreed is None else (self.asked.public_key, self.agreed.public_key)

    @property
    def until_us(self) -> int:
        """So long a second key can agree to a proposal."""
        return self.asked.occurred_at_us + PROPOSAL_HOLDS_US

    @property
    def released_us(self) -> int:
        """When that was, of one that is released."""
        return self.asked.occurred_at_us if self.agreed is None else self.agreed.occurred_at_us


class Releases(dict[int, Release]):
    """Every release by its number."""

    def ask(self, entry: Asked) -> None:
        """One is proposed, or released at once; the first of a number stands."""
        self.setdefault(entry.number, Release(entry))

    def agree(self, entry: ReleaseAgreed) -> None:
        """A second key agrees; the first to do so counts."""
        known = self.get(entry.number)
        if known is None or known.alone or known.agreed is not None or entry.public_key == known.asked.public_key:
            return
        if entry.proposal_sha256 == proposal_sha256(known.asked) and entry.occurred_at_us <= known.until_us:
            self[entry.number] = replace(known, agreed=entry)

    def review(self, entry: GlassReviewed) -> None:
        """A release under break-glass was looked at; the first review stands."""
        known = self.get(entry.number)
        if known is not None and known.alone and known.reviewed is None and entry.public_key != known.asked.public_key:
            self[entry.number] = replace(known, reviewed=entry)

    def fields_by(self, public_key: str, after_us: int) -> int:
        """How many fields a key released, alone or as one of two, later than a moment."""
        found = (one for one in self.values() if public_key in one.keys and one.released_us > after_us)
        return sum(len(one.asked.slots) for one in found)


def proposal_sha256(asked: Asked) -> str:
    """What an agreement names a proposal by."""
    return hashlib.sha256(encode(asked)).hexdigest()
