"""Lists, reviews and candidates as the ledger tells them."""

from dataclasses import dataclass, field

from safeconduct.registry.entries import CandidateReconciled, ListReceived, MatchReviewed, PersonListed, Searched


@dataclass
class RegistryState:
    """What the registry holds so far."""

    lists: dict[str, ListReceived] = field(default_factory=dict)
    persons: dict[tuple[str, str], PersonListed] = field(default_factory=dict)
    """By list and ref."""
    reviews: dict[tuple[str, str, str, str], MatchReviewed] = field(default_factory=dict)
    """The last review of each pair: held list, held ref, sought list, sought ref."""
    candidates: dict[str, CandidateReconciled] = field(default_factory=dict)
    """By person."""
    searches: dict[int, Searched] = field(default_factory=dict)
    """By number."""

    def receive_list(self, entry: ListReceived) -> None:
        """A list came in."""
        self.lists[entry.list_id] = entry

    def list_person(self, entry: PersonListed) -> None:
        """One row of it."""
        self.persons[entry.list_id, entry.ref] = entry

    def review_match(self, entry: MatchReviewed) -> None:
        """A pair was decided; a later review of the same pair replaces it."""
        self.reviews[entry.held_list, entry.held_ref, entry.sought_list, entry.sought_ref] = entry

    def search(self, entry: Searched) -> None:
        """Somebody looked for a person."""
        self.searches[entry.number] = entry

    def reconcile(self, entry: CandidateReconciled) -> None:
        """A candidate stands; a later entry on the same person replaces it."""
        self.candidates[entry.person] = entry
