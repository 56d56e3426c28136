"""What people ask to be recorded. A command carries the values that its author saw, to be refused if those changed."""

from dataclasses import dataclass

from safeconduct.reception.desk import CareBatch
from safeconduct.registry.entries import CandidateReconciled, CandidateWithdrawn, MatchOpinion
from safeconduct.tracking.alarm_book import Seen
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True, slots=True)
class RecordTerms:
    """Put a terms file on record, for the parties to sign."""

    name: str
    source: bytes


@dataclass(frozen=True, slots=True)
class AttestSignature:
    """The intermediary saw a party's signature under the terms."""

    party: str
    terms_sha256: str
    paper_sha256: str
    attested_by: str


@dataclass(frozen=True, slots=True)
class ReceiveList:
    """A party handed over a list, read already."""

    party: str
    purpose: str
    """Of `registry.entries.PURPOSES`."""
    list_id: str
    file_sha256: str
    persons: tuple[Person, ...]
    findings: int
    replaces: str = ""
    """The list of the same party and purpose whose place it takes."""
    as_written: tuple[tuple[int, str, dict[str, str]], ...] = ()
    """Line, ref, and by heading the cells that were written otherwise than in normal form."""


@dataclass(frozen=True, slots=True)
class RecordOpinions:
    """Reviewers said what they find on proposed pairs; attested, not signed by them."""

    opinions: tuple[MatchOpinion, ...]


@dataclass(frozen=True, slots=True)
class RecordCandidates:
    """The intermediary reconciled who may be exchanged."""

    candidates: tuple[CandidateReconciled, ...]
    withdrawn: tuple[CandidateWithdrawn, ...] = ()
    """Who is none any more."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One person of a round."""

    person: str
    held_by: str
    home: str


@dataclass(frozen=True, slots=True)
class RecordRound:
    """The choice that the solver proved, made under the terms with this digest."""

    exchange: str
    terms_sha256: str
    status: str
    chosen: tuple[Chosen, ...]
    released: dict[str, int]
    objectives: dict[str, int]
    conflict: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposePlan:
    """Put a plan file to the parties."""

    name: str
    source: bytes


@dataclass(frozen=True, slots=True)
class AttestApproval:
    """The intermediary saw a party's signature under a plan."""

    party: str
    exchange: str
    plan_sha256: str
    paper_sha256: str
    attested_by: str


@dataclass(frozen=True, slots=True)
class CloseRound:
    """End the round: what was handed over, what was kept and broken."""

    exchange: str
    plan_sha256: str
    released: dict[str, int]
    clauses_kept: tuple[str, ...]
    clauses_broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnrolFacility:
    """A party names a facility that receives its persons, and the public key to which its notes are sealed."""

    facility: str
    name: str
    home: str
    public_key: str
    """X25519, 64 hexadecimal digits."""
    attested_by: str


@dataclass(frozen=True, slots=True)
class EnrolAuthor:
    """A key signs entries for somebody from now on."""

    public_key: str
    """Ed25519, 64 hexadecimal digits."""
    actor: str
    """The party, intermediary or facility that it signs for."""
    kind: str
    """Of `agreement.authors.KINDS`."""
    label: str
    attested_by: str


@dataclass(frozen=True, slots=True)
class RevokeAuthor:
    """A key signs no more; what it signed up to a number counts."""

    public_key: str
    last_seq: int
    reason: str
    """Of `agreement.authors.REASONS`."""
    attested_by: str


@dataclass(frozen=True, slots=True)
class RecordCare:
    """A facility hands in sealed notes and its new counts (`reception.desk`)."""

    batch: CareBatch


@dataclass(frozen=True, slots=True)
class ClearFacts:
    """Facts of an exchange that may be told to anybody, as these parties agree."""

    exchange: str
    facts: tuple[str, ...]
    """Of `disclosure.facts.fact_ids`."""
    agreed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseCommunique:
    """Tell a text with `{fact-id}` placeholders to everybody."""

    exchange: str
    name: str
    """What the text is called where its faults are told."""
    text: str
    released_by: str
    size: int
    root: str
    """The record that the values come from, by its checkpoint (root in base64); refused if it has grown since."""


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarms:
    """Somebody has seen deviations and looks after them from now on."""

    seen: Seen
    by: str


@dataclass(frozen=True, slots=True)
class AssignAlarms:
    """Deviations go to another owner."""

    seen: Seen
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class ResolveAlarms:
    """What had to be done about deviations is done."""

    seen: Seen
    by: str
    note: str
    """What was done."""


@dataclass(frozen=True, slots=True)
class WaiveAlarms:
    """One party makes nothing of deviations."""

    seen: Seen
    party: str
    by: str
    """Who attests it."""
    reason: str


OnAlarms = AcknowledgeAlarms | AssignAlarms | ResolveAlarms | WaiveAlarms

Command = (
    RecordTerms
    | AttestSignature
    | ReceiveList
    | RecordOpinions
    | RecordCandidates
    | RecordRound
    | ProposePlan
    | AttestApproval
    | CloseRound
    | EnrolFacility
    | EnrolAuthor
    | RevokeAuthor
    | RecordCare
    | ClearFacts
    | ReleaseCommunique
    | AcknowledgeAlarms
    | AssignAlarms
    | ResolveAlarms
    | WaiveAlarms
)
