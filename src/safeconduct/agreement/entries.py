"""What is recorded of the agreement: its text, who signed it, and that a round is closed."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)


class TermsRecorded(Entry, frozen=True, kw_only=True, tag="agreement.terms-recorded/1"):
    """The terms as they will be signed, byte for byte."""

    existence: ClassVar[Audience] = Audience.PARTIES

    agreement: Annotated[str, _PARTIES]
    title: Annotated[str, _PARTIES]
    parties: Annotated[tuple[str, ...], _PARTIES]
    intermediaries: Annotated[tuple[str, ...], _PARTIES]
    terms_sha256: Annotated[str, _PARTIES]
    """Hex digest of `terms_text` as UTF-8."""
    terms_text: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:terms/{self.terms_sha256}"


class TermsSigned(Entry, frozen=True, kw_only=True, tag="agreement.terms-signed/1"):
    """The intermediary attests that a party signed the terms on paper. Never shown as the party's own signature."""

    existence: ClassVar[Audience] = Audience.PARTIES

    party: Annotated[str, _PARTIES]
    terms_sha256: Annotated[str, _PARTIES]
    paper_sha256: Annotated[str, _PARTIES]
    """Hex digest of the signed paper as it was scanned."""
    attested_by: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:terms/{self.terms_sha256}"


class RoundClosed(Entry, frozen=True, kw_only=True, tag="agreement.round-closed/1"):
    """The exchange of the day is over; what was released and what stands is now final."""

    existence: ClassVar[Audience] = Audience.PARTIES

    exchange: Annotated[str, _PARTIES]
    released: Annotated[dict[str, int], _PARTIES]
    """Persons handed over, by the party that released them."""
    clauses_kept: Annotated[tuple[str, ...], _PARTIES]
    clauses_broken: Annotated[tuple[str, ...], _PARTIES]

    def sealed_under(self) -> str:
        return f"document:exchange/{self.exchange}"
