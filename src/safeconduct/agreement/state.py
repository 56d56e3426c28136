"""The agreement as the ledger tells it."""

from dataclasses import dataclass, field

from safeconduct.agreement.authors import Authors
from safeconduct.agreement.entries import RoundClosed, StepCosigned, TermsRecorded, TermsSigned, UncosignedStepAgreed


@dataclass
class AgreementState:
    """Terms, signatures, closed rounds and keys so far."""

    terms: TermsRecorded | None = None
    signed_by: dict[str, str] = field(default_factory=dict)
    """Party to the hex digest of the terms that it signed."""
    closed: dict[str, RoundClosed] = field(default_factory=dict)
    """Closed rounds by exchange."""
    authors: Authors = field(default_factory=Authors)
    steps: list[StepCosigned] = field(default_factory=list)
    """The irreversible steps taken, and whose cosignatures they rest on."""
    uncosigned: dict[tuple[str, str], dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Of a step of an exchange, the keys that agree to go on, each with the sides without whose cosignature."""

    def record_terms(self, entry: TermsRecorded) -> None:
        """New terms void the signatures under old ones, since each signature names what it signed."""
        self.terms = entry

    def record_signature(self, entry: TermsSigned) -> None:
        """A party signed."""
        self.signed_by[entry.party] = entry.terms_sha256

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

    def in_force(self) -> bool:
        """Whether every party has signed the terms that stand."""
        terms = self.terms
        return terms is not None and all(self.signed_by.get(party) == terms.terms_sha256 for party in terms.parties)
