"""What is recorded of lists and identities. Persons stand under handles; whoever may not know sees no entry at all."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)
_INTERMEDIARY = told_to(Audience.INTERMEDIARY)

PURPOSES = ("held", "sought")
"""Whom a party says that it holds; whom of its own it seeks."""

OUTCOMES = ("identification", "exclusion", "premature")
"""A reviewer's finding on a proposed pair, as in disaster victim identification (Interpol DVI guide)."""

WITHDRAWN = "withdrawn"
"""A reviewer takes their finding back."""


class ListReceived(Entry, frozen=True, kw_only=True, tag="registry.list-received/1"):
    """A party handed over a list."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _PARTIES]
    purpose: Annotated[str, _PARTIES]
    """Of PURPOSES."""
    file_sha256: Annotated[str, _OWN]
    rows: Annotated[int, _OWN]
    findings: Annotated[int, _OWN]
    """Cells that could not be read."""

    def sealed_under(self) -> str:
        return f"document:list/{self.list_id}"


class PersonListed(Entry, frozen=True, kw_only=True, tag="registry.person-listed/1"):
    """One row of a list, as the party wrote it; dates in the imprecise form `1998`, `1998-05`, `1998-05-17`."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _OWN]
    ref: Annotated[str, _OWN]
    family_name: Annotated[str, _OWN] = ""
    given_name: Annotated[str, _OWN] = ""
    patronymic: Annotated[str, _OWN] = ""
    sex: Annotated[str, _OWN] = ""
    birth_date: Annotated[str, _OWN] = ""
    rank: Annotated[str, _OWN] = ""
    service_number: Annotated[str, _OWN] = ""
    unit: Annotated[str, _OWN] = ""
    categories: Annotated[tuple[str, ...], _OWN] = ()
    health: Annotated[str, _OWN] = ""
    captured_on: Annotated[str, _OWN] = ""
    captured_at: Annotated[str, _OWN] = ""
    held_at: Annotated[str, _OWN] = ""
    held_by: Annotated[str, _OWN] = ""
    home: Annotated[str, _OWN] = ""
    consent_claimed: Annotated[str, _OWN] = ""
    protected_claimed: Annotated[bool, _OWN] = False
    note: Annotated[str, _OWN] = ""

    def sealed_under(self) -> str:
        return f"person:{self.list_id}/{self.ref}"


class Searched(Entry, frozen=True, kw_only=True, tag="registry.searched/1"):
    """Somebody looked for a person, and was told only once this was recorded. The key that signed it asked.

    It tells whose fate somebody wonders about. So nobody is told but the intermediary, and the party at whose clearance
    it was; and each stands under a key of its own, to be erased alone.
    """

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _OWN]
    """The party at whose clearance the search was; nobody where it was at another."""
    number: Annotated[int, _OWN]
    """Its place in the ledger, by which it is named."""
    clearance: Annotated[str, _OWN]
    text: Annotated[str, _OWN]
    born: Annotated[str, _OWN]
    unit: Annotated[str, _OWN]
    """What was asked, as it was typed."""
    rows: Annotated[int, _OWN]
    """How many rows were told."""

    def sealed_under(self) -> str:
        return f"document:search/{self.number}"


class MatchReviewed(Entry, frozen=True, kw_only=True, tag="registry.match-reviewed/1"):
    """Reviewers looked at a proposed pair and decided. By handles only.

    In records made before reviewers were recorded each by themselves (`MatchOpinion`); counts as one of each of them.
    """

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    held_list: Annotated[str, _INTERMEDIARY]
    held_ref: Annotated[str, _INTERMEDIARY]
    sought_list: Annotated[str, _INTERMEDIARY]
    sought_ref: Annotated[str, _INTERMEDIARY]
    probability_ppm: Annotated[int, _INTERMEDIARY]
    """Parts per million."""
    band: Annotated[str, _INTERMEDIARY]
    outcome: Annotated[str, _INTERMEDIARY]
    """Of OUTCOMES."""
    reason: Annotated[str, _INTERMEDIARY]
    reviewers: Annotated[tuple[str, ...], _INTERMEDIARY]
    simulated: Annotated[bool, _INTERMEDIARY]
    """Whether the reviewers were a program standing in for people, as in the demo."""

    def sealed_under(self) -> str:
        return f"person:{self.held_list}/{self.held_ref}"


class MatchOpinion(Entry, frozen=True, kw_only=True, tag="registry.match-opinion/1"):
    """What one reviewer finds on a proposed pair, or that they take it back. By handles only.

    Several of one pair give its finding (`registry.reviewing`); a reviewer's later one replaces their earlier one.
    """

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    held_list: Annotated[str, _INTERMEDIARY]
    held_ref: Annotated[str, _INTERMEDIARY]
    sought_list: Annotated[str, _INTERMEDIARY]
    """The same as `held_list` where a person may stand twice on one list."""
    sought_ref: Annotated[str, _INTERMEDIARY]
    probability_ppm: Annotated[int, _INTERMEDIARY]
    """Parts per million, as shown to the reviewer."""
    band: Annotated[str, _INTERMEDIARY]
    """As shown to the reviewer: confirm, review, or none for a pair that was not proposed."""
    outcome: Annotated[str, _INTERMEDIARY]
    """Of OUTCOMES, or WITHDRAWN."""
    reason: Annotated[str, _INTERMEDIARY]
    reviewer: Annotated[str, _INTERMEDIARY]
    """A name; of a key that is enrolled, its label."""
    public_key: Annotated[str, _INTERMEDIARY]
    """The reviewer's own key, with which this entry is signed; empty where the workspace's key attests the name."""
    simulated: Annotated[bool, _INTERMEDIARY]
    """Whether the reviewer was a program standing in for a person, as in the demo."""

    def sealed_under(self) -> str:
        return f"person:{self.held_list}/{self.held_ref}"


class CandidateReconciled(Entry, frozen=True, kw_only=True, tag="registry.candidate-reconciled/1"):
    """The intermediary's own view of one person who may be exchanged, from both lists and the private interview."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    person: Annotated[str, _INTERMEDIARY]
    held_by: Annotated[str, _INTERMEDIARY]
    home: Annotated[str, _INTERMEDIARY]
    held_list: Annotated[str, _INTERMEDIARY]
    held_ref: Annotated[str, _INTERMEDIARY]
    sought_refs: Annotated[tuple[str, ...], _INTERMEDIARY]
    sex: Annotated[str, _INTERMEDIARY]
    birth_date: Annotated[str, _INTERMEDIARY]
    rank: Annotated[str, _INTERMEDIARY]
    categories: Annotated[tuple[str, ...], _INTERMEDIARY]
    captured_on: Annotated[str, _INTERMEDIARY]
    held_at: Annotated[str, _INTERMEDIARY]
    consent: Annotated[str, _INTERMEDIARY]
    protected: Annotated[bool, _INTERMEDIARY]

    def sealed_under(self) -> str:
        return f"person:{self.held_list}/{self.held_ref}"


NOT_LISTED, MERGED, CONTRADICTED = WITHDRAWALS = ("not-listed", "same-person", "contradicted")
"""The row stands on no list any more; it was found to be another candidate's; the reviewers' findings contradict."""


class CandidateWithdrawn(Entry, frozen=True, kw_only=True, tag="registry.candidate-withdrawn/1"):
    """The intermediary counts a person among the candidates no more; a later reconciliation may bring them back."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    person: Annotated[str, _INTERMEDIARY]
    held_list: Annotated[str, _INTERMEDIARY]
    held_ref: Annotated[str, _INTERMEDIARY]
    reason: Annotated[str, _INTERMEDIARY]
    """Of WITHDRAWALS."""

    def sealed_under(self) -> str:
        return f"person:{self.held_list}/{self.held_ref}"
