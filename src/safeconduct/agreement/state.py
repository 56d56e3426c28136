"""The agreement as the ledger tells it."""

from dataclasses import dataclass, field

from safeconduct.agreement.authors import Authors
from safeconduct.agreement.entries import RoundClosed, TermsRecorded, TermsSigned


@dataclass
class AgreementState:
    """Terms, signatures, closed rounds and keys so far."""

    terms: TermsRecorded | None = None
    signed_by: dict[str, str] = field(default_factory=dict)
    """Party to the hex digest of the terms that it signed."""
    closed: dict[str, RoundClosed] = field(default_factory=dict)
    """Closed rounds by exchange."""
    authors: Authors = field(default_factory=Authors)

    def record_terms(self, entry: TermsRecorded) -> None:
        """New terms void the signatures under old ones, since each signature names what it signed."""
        self.terms = entry

    def record_signature(self, entry: TermsSigned) -> None:
        """A party signed."""
        self.signed_by[entry.party] = entry.terms_sha256

    def record_closing(self, entry: RoundClosed) -> None:
        """A round closed."""
        self.closed[entry.exchange] = entry

    def in_force(self) -> bool:
        """Whether every party has signed the terms that stand."""
        terms = self.terms
        return terms is not None and all(self.signed_by.get(party) == terms.terms_sha256 for party in terms.parties)
