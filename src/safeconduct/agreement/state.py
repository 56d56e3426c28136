"""The agreement as the ledger tells it."""

from dataclasses import dataclass, field

from safeconduct.agreement.authors import Authors
from safeconduct.agreement.entries import (
    AuthorRevoked,
    RecordRecovered,
    RoundClosed,
    StepCosigned,
    TermsRecorded,
    TermsSigned,
    TermsSignedByParty,
    UncosignedStepAgreed,
)
from safeconduct.vocabulary.assents import Assents, KeySignature


@dataclass
class AgreementState:
    """Terms, signatures, closed rounds and keys so far."""

    terms: TermsRecorded | None = None
    recorded: set[str] = field(default_factory=set)
    """Hex digests of all terms that were ever put on record."""
    signatures: Assents = field(default_factory=Assents)
    """Under the terms that stand."""
    closed: dict[str, RoundClosed] = field(default_factory=dict)
    """Closed rounds by exchange."""
    authors: Authors = field(default_factory=Authors)
    steps: list[StepCosigned] = field(default_factory=list)
    """The irreversible steps taken, and whose cosignatures they rest on."""
    uncosigned: dict[tuple[str, str], dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Of a step of an exchange, the keys that agree to go on, each with the sides without whose cosignature."""

    recovered: list[RecordRecovered] = field(default_factory=list)
    """What was taken back from somebody's copy after it was lost here."""

    def record_terms(self, entry: TermsRecorded) -> None:
        """New terms void the signatures under old ones."""
        if self.terms is None or self.terms.terms_sha256 != entry.terms_sha256:
            self.signatures = Assents()
        self.terms = entry
        self.recorded.add(entry.terms_sha256)

    def record_signature(self, entry: TermsSigned) -> None:
        """A party signed on paper."""
        self.signatures.attest(entry.terms_sha256, entry.party, entry.occurred_at_us)

    def record_own_signature(self, entry: TermsSignedByParty) -> None:
        """A party signed with its own key."""
        signature = KeySignature(entry.public_key, entry.author_seq, entry.occurred_at_us)
        self.signatures.sign(entry.terms_sha256, entry.party, signature)

    def record_closing(self, entry: RoundClosed) -> None:
        """A round closed."""
        self.closed[entry.exchange] = entry

    def record_step(self, entry: StepCosigned) -> None:
        """A step was taken; whoever agreed to go on without somebody agreed to this one alone."""
        self.steps.append(entry)
        self.uncosigned.pop((entry.step, entry.exchange), None)

    def agree_uncosigned(self, entry: UncosignedStepAgreed) -> None:
        """A key agrees to go on."""
        self.uncosigned.setdefault((entry.step, entry.exchange), {})[entry.public_key] = entry.lacking

    def recover(self, entry: RecordRecovered) -> None:
        """Entries were taken back from a copy, without what they say."""
        self.recovered.append(entry)

    def revoke(self, entry: AuthorRevoked) -> None:
        """A key is revoked, and with it what it signed after the cut."""
        self.authors.revoke(entry)
        self.signatures.void(entry.public_key, entry.last_seq)

    def unsigned(self) -> tuple[str, ...]:
        """The parties that have not signed the terms that stand."""
        terms = self.terms
        signed = self.signatures.given(terms.terms_sha256) if terms is not None else set()
        return tuple(party for party in (terms.parties if terms is not None else ()) if party not in signed)

    def in_force(self) -> bool:
        """Whether every party has signed the terms that stand."""
        return self.terms is not None and not self.unsigned()
