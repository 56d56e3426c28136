"""What may be told and what was told, as the ledger tells it."""

from dataclasses import dataclass, field

from safeconduct.disclosure.entries import CommuniqueReleased, DataErased, FactCleared
from safeconduct.disclosure.releases import Releases


@dataclass
class DisclosureState:
    """Cleared facts, released communiqués, erasures, and sealed fields that went to third persons."""

    cleared: dict[str, dict[str, FactCleared]] = field(default_factory=dict)
    """By exchange, then fact."""
    released: dict[str, list[CommuniqueReleased]] = field(default_factory=dict)
    """By exchange, in the order of their release. What was told is never taken back; a later text stands beside it."""
    erasures: list[DataErased] = field(default_factory=list)
    """In their order."""
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
