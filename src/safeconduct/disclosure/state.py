"""What may be told and what was told, as the ledger tells it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from safeconduct.disclosure.entries import (
    ERASURE_AGREED_FOR_US,
    CommuniqueReleased,
    DataErased,
    ErasureAgreed,
    FactCleared,
)
from safeconduct.disclosure.releases import Releases


@dataclass
class ErasureAgreements:
    """The keys that agree to erasures which are not done yet."""

    _agreed: dict[tuple[str, str], dict[str, ErasureAgreed]] = field(default_factory=dict)
    """By subject and reason, what each key agreed to last."""

    def agree(self, entry: ErasureAgreed) -> None:
        """A key agrees."""
        self._agreed.setdefault((entry.subject, entry.reason), {})[entry.public_key] = entry

    def holding(self, subject: str, reason: str, now_us: int) -> dict[str, int]:
        """The keys whose agreement holds, in the order in which they first agreed, each with the moment of it."""
        agreed = self._agreed.get((subject, reason), {})
        moments = {key: one.occurred_at_us for key, one in agreed.items()}
        return {key: at_us for key, at_us in moments.items() if now_us <= at_us + ERASURE_AGREED_FOR_US}

    def reaching(self, subject: str, reason: str, handles: Collection[str]) -> set[str]:
        """The keys that agreed to erase all of these handles."""
        agreed = self._agreed.get((subject, reason), {})
        return {key for key, one in agreed.items() if set(handles) <= set(one.reaches)}

    def settle(self, entry: DataErased) -> None:
        """It is done: what is recorded of the same person later takes agreements of its own."""
        for subject, reason in list(self._agreed):
            if subject == entry.subject:
                del self._agreed[subject, reason]


@dataclass
class DisclosureState:
    """Cleared facts, released communiqués, erasures, and sealed fields that went to third persons."""

    cleared: dict[str, dict[str, FactCleared]] = field(default_factory=dict)
    """By exchange, then fact."""
    released: dict[str, list[CommuniqueReleased]] = field(default_factory=dict)
    """By exchange, in the order of their release. What was told is never taken back; a later text stands beside it."""
    erasures: list[DataErased] = field(default_factory=list)
    """In their order."""
    agreements: ErasureAgreements = field(default_factory=ErasureAgreements)
    """To erasures that are not done yet."""
    releases: Releases = field(default_factory=Releases)

    def clear(self, entry: FactCleared) -> None:
        """Every party agreed to tell a fact."""
        self.cleared.setdefault(entry.exchange, {})[entry.fact] = entry

    def release(self, entry: CommuniqueReleased) -> None:
        """A text went out."""
        self.released.setdefault(entry.exchange, []).append(entry)

    def erase(self, entry: DataErased) -> None:
        """Data are gone for good."""
        self.erasures.append(entry)
        self.agreements.settle(entry)
