"""Lists, reviews and candidates as the ledger tells them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from safeconduct.registry.carrying import Carrying
from safeconduct.registry.entries import (
    WITHDRAWN,
    CandidateReconciled,
    CandidateWithdrawn,
    ListReceived,
    MatchOpinion,
    MatchReviewed,
    PersonListed,
    Searched,
)
from safeconduct.registry.list_changes import ListChanges
from safeconduct.registry.list_entries import (
    ListChangeAgreed,
    ListChangeDeclined,
    ListChangeProposed,
    ListReplaced,
    RowAsWritten,
)
from safeconduct.registry.reviewing import Finding, PairKey, finding_of, same_reviewer


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
    opinions: dict[PairKey, dict[str, MatchOpinion]] = field(default_factory=dict)
    """What each reviewer finds on a pair as things stand, by `same_reviewer`, the earliest first; of these versions of
    both lists alone (`opinions_on`)."""
    pairs_of: dict[tuple[str, str], dict[PairKey, None]] = field(default_factory=dict)
    """The pairs that somebody had an opinion on, by list and ref of either row; of this version (`pairs_with`)."""
    candidates: dict[str, CandidateReconciled] = field(default_factory=dict)
    """By person."""
    former_candidates: dict[str, CandidateReconciled] = field(default_factory=dict)
    """By person, what was last known of those who were withdrawn."""
    searches: dict[int, Searched] = field(default_factory=dict)
    """By number."""
    _carrying: Carrying = field(init=False)

    def __post_init__(self) -> None:
        self._carrying = Carrying(self.persons, self.changes.former, self.replaced, self.opinions)

    def receive_list(self, entry: ListReceived) -> None:
        """A list came in."""
        self.lists[entry.list_id] = entry

    def list_person(self, entry: PersonListed) -> None:
        """One row of it."""
        self.persons[entry.list_id, entry.ref] = entry

    def replace_list(self, entry: ListReplaced) -> None:
        """It takes the place of an earlier one."""
        self.replaced[entry.replaces] = entry
        self._carrying.replace(entry)

    def keep_as_written(self, entry: RowAsWritten) -> None:
        """How a row was written."""
        self.as_written[entry.list_id, entry.ref] = entry

    def propose_change(self, entry: ListChangeProposed) -> None:
        """A change of one row is proposed."""
        self.changes.propose(entry)

    def agree_change(self, entry: ListChangeAgreed, *, counts: bool = True) -> None:
        """The other side's key agrees to it. `counts`: whether the key that proposed it still does."""
        self.changes.agree(entry, self.persons, counts=counts)

    def decline_change(self, entry: ListChangeDeclined) -> None:
        """A key of either side ends a proposal."""
        self.changes.decline(entry)

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
        """A pair was decided by all its reviewers; what they or others found before is replaced."""
        pair = entry.held_list, entry.held_ref, entry.sought_list, entry.sought_ref
        self._recorded_on(pair).clear()
        self._carrying.begin_anew(pair)
        for reviewer in entry.reviewers:
            self.give_opinion(
                MatchOpinion(
                    occurred_at_us=entry.occurred_at_us,
                    held_list=entry.held_list,
                    held_ref=entry.held_ref,
                    sought_list=entry.sought_list,
                    sought_ref=entry.sought_ref,
                    probability_ppm=entry.probability_ppm,
                    band=entry.band,
                    outcome=entry.outcome,
                    reason=entry.reason,
                    reviewer=reviewer,
                    public_key="",
                    simulated=entry.simulated,
                )
            )

    def give_opinion(self, entry: MatchOpinion) -> None:
        """A reviewer found something on a pair, or takes it back."""
        pair = entry.held_list, entry.held_ref, entry.sought_list, entry.sought_ref
        opinions, reviewer = self._recorded_on(pair), same_reviewer(entry.reviewer)
        opinions.pop(reviewer, None)
        if entry.outcome != WITHDRAWN:
            opinions[reviewer] = entry
        self._carrying.say(pair, reviewer)

    def opinions_on(self, pair: PairKey) -> dict[str, MatchOpinion]:
        """What each reviewer finds on a pair, by `same_reviewer`; also what holds from earlier versions of the lists
        (`registry.carrying`)."""
        return self._carrying.on(pair)

    def pairs_found(self) -> list[PairKey]:
        """The pairs on which an opinion stands, as recorded and in the latest versions of both lists."""
        return self._carrying.pairs()

    def unchanged_before(self, row: tuple[str, str]) -> list[tuple[str, str]]:
        """The rows of earlier versions of its list from which findings hold for a row."""
        return self._carrying.before(row)

    def pairs_with(self, row: tuple[str, str]) -> list[PairKey]:
        """The pairs of a row that somebody had an opinion on, in this version of its list or an earlier one."""
        return self._carrying.with_row(row, self.pairs_of)

    def _recorded_on(self, pair: PairKey) -> dict[str, MatchOpinion]:
        self.pairs_of.setdefault(pair[:2], {})[pair] = None
        self.pairs_of.setdefault(pair[2:], {})[pair] = None
        return self.opinions.setdefault(pair, {})

    def finding(self, pair: PairKey) -> Finding:
        """What the reviewers of a pair find together."""
        return finding_of(self.opinions_on(pair).values())

    def search(self, entry: Searched) -> None:
        """Somebody looked for a person."""
        self.searches[entry.number] = entry

    def reconcile(self, entry: CandidateReconciled) -> None:
        """A candidate stands; a later entry on the same person replaces it."""
        self.candidates[entry.person] = entry
        self.former_candidates.pop(entry.person, None)

    def withdraw_candidate(self, entry: CandidateWithdrawn) -> None:
        """Somebody is a candidate no more."""
        if (known := self.candidates.pop(entry.person, None)) is not None:
            self.former_candidates[entry.person] = known

    def candidates_ever(self) -> dict[str, CandidateReconciled]:
        """The candidates, and those who were withdrawn, by person."""
        return self.former_candidates | self.candidates
