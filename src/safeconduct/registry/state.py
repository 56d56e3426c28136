"""Lists, reviews and candidates as the ledger tells them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from safeconduct.registry.entries import CandidateReconciled, ListReceived, MatchReviewed, PersonListed
from safeconduct.registry.list_changes import ListChanges
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeProposed, ListReplaced, RowAsWritten


@dataclass
class RegistryState:
    """What the registry holds so far."""

    lists: dict[str, ListReceived] = field(default_factory=dict)
    persons: dict[tuple[str, str], PersonListed] = field(default_factory=dict)
    """By list and ref, as they stand with all changes that are in effect."""
    changes: ListChanges = field(default_factory=ListChanges)
    as_written: dict[tuple[str, str], RowAsWritten] = field(default_factory=dict)
    """By list and ref, where the cells were written otherwise than in normal form."""
    replaced: dict[str, ListReplaced] = field(default_factory=dict)
    """By the list that was replaced."""
    reviews: dict[tuple[str, str, str, str], MatchReviewed] = field(default_factory=dict)
    """The last review of each pair: held list, held ref, sought list, sought ref."""
    candidates: dict[str, CandidateReconciled] = field(default_factory=dict)
    """By person."""

    def receive_list(self, entry: ListReceived) -> None:
        """A list came in."""
        self.lists[entry.list_id] = entry

    def list_person(self, entry: PersonListed) -> None:
        """One row of it."""
        self.persons[entry.list_id, entry.ref] = entry

    def replace_list(self, entry: ListReplaced) -> None:
        """It takes the place of an earlier one."""
        self.replaced[entry.replaces] = entry

    def keep_as_written(self, entry: RowAsWritten) -> None:
        """How a row was written."""
        self.as_written[entry.list_id, entry.ref] = entry

    def propose_change(self, entry: ListChangeProposed) -> None:
        """A change of one row is proposed."""
        self.changes.propose(entry)

    def agree_change(self, entry: ListChangeAgreed, *, counts: bool = True) -> None:
        """The other side's key agrees to it. `counts`: whether the key that proposed it still does."""
        self.changes.agree(entry, self.persons, counts=counts)

    def knows(self, list_id: str, ref: str) -> bool:
        """Whether a row stands on a list, or once stood there."""
        return (list_id, ref) in self.persons or (list_id, ref) in self.changes.former

    def rows_ever(self) -> Iterator[PersonListed]:
        """Every row as it stands, and as it was before it was changed or taken off its list."""
        yield from self.persons.values()
        for rows in self.changes.former.values():
            yield from rows

    def version_of(self, list_id: str) -> int:
        """1, or what the list says that it is where it replaced another."""
        return next((one.version for one in self.replaced.values() if one.list_id == list_id), 1)

    def rows_of(self, list_id: str) -> list[PersonListed]:
        """The rows of a list as they stand, in the order in which they were listed."""
        return [row for (listed, _), row in self.persons.items() if listed == list_id]

    def review_match(self, entry: MatchReviewed) -> None:
        """A pair was decided; a later review of the same pair replaces it."""
        self.reviews[entry.held_list, entry.held_ref, entry.sought_list, entry.sought_ref] = entry

    def reconcile(self, entry: CandidateReconciled) -> None:
        """A candidate stands; a later entry on the same person replaces it."""
        self.candidates[entry.person] = entry
