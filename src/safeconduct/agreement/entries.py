"""What is recorded of the agreement: its text, who signed it, whose keys sign entries, and that a round is closed."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)

AUTHORS = "document:authors"
"""What the entries on keys are sealed under."""


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


class TermsSignedByParty(Entry, frozen=True, kw_only=True, tag="agreement.terms-signed-by-party/1"):
    """A party's delegate signs the terms on a device of their own. Only an enrolled key of that party may author it."""

    existence: ClassVar[Audience] = Audience.PARTIES

    party: Annotated[str, _PARTIES]
    terms_sha256: Annotated[str, _PARTIES]
    public_key: Annotated[str, _PARTIES]
    """The key of this entry's author, and its number, as they stand in its header: what is shown of the entry says so
    itself."""
    author_seq: Annotated[int, _PARTIES]

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


class AuthorEnrolled(Entry, frozen=True, kw_only=True, tag="agreement.author-enrolled/1"):
    """From here on a key may sign entries for somebody. Every party must know the keys, to check who signed what."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    """The party that the actor is or, for a facility, belongs to; nobody for the intermediary."""
    public_key: Annotated[str, _PARTIES]
    """Ed25519, 64 lower-case hexadecimal digits: the author that stands in the headers of its entries."""
    actor: Annotated[str, _PARTIES]
    """The party, intermediary or facility that it signs for."""
    kind: Annotated[str, _PARTIES]
    """Of `authors.KINDS`."""
    label: Annotated[str, _OWN]
    """Which person, by office and not by name (`duty officer 2`); of a device, the name by which it reports."""
    attested_by: Annotated[str, _PARTIES]
    """The intermediary that made sure whose key it is."""

    def sealed_under(self) -> str:
        return AUTHORS


class AuthorRevoked(Entry, frozen=True, kw_only=True, tag="agreement.author-revoked/1"):
    """A key signs no more. What it signed up to a number still counts, also if it arrives later; nothing else does."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    public_key: Annotated[str, _PARTIES]
    last_seq: Annotated[int, _PARTIES]
    """The author's own number of the last entry that counts; 0: none does."""
    reason: Annotated[str, _OWN]
    """Of `authors.REASONS`."""
    attested_by: Annotated[str, _PARTIES]

    def sealed_under(self) -> str:
        return AUTHORS


class AuthorCloned(Entry, frozen=True, kw_only=True, tag="agreement.author-cloned/1"):
    """One key signed two entries of one number: it is in two hands. Both signed headers are the proof."""

    existence: ClassVar[Audience] = Audience.PARTIES

    public_key: Annotated[str, _PARTIES]
    author_seq: Annotated[int, _PARTIES]
    first: Annotated[str, _PARTIES]
    """Header and signature of the entry that came first, 418 hexadecimal digits."""
    second: Annotated[str, _PARTIES]
    """Those of the other one, which was not taken."""

    def sealed_under(self) -> str:
        return AUTHORS


class StepCosigned(Entry, frozen=True, kw_only=True, tag="agreement.step-cosigned/1"):
    """An irreversible step rests on a record that the witnesses of the sides have cosigned.

    Where some had not in the time agreed, two keys of the intermediary went on without: who lacks, since when, and
    whose keys these are is shown to every party.
    """

    existence: ClassVar[Audience] = Audience.PARTIES

    step: Annotated[str, _PARTIES]
    """Of `witnesses.STEPS`."""
    exchange: Annotated[str, _PARTIES]
    size: Annotated[int, _PARTIES]
    """Entries of the record when the step was taken."""
    root: Annotated[str, _PARTIES]
    """Its root, in base64."""
    cosigned_by: Annotated[tuple[str, ...], _PARTIES]
    """The sides of which a witness had cosigned that many entries."""
    lacking: Annotated[tuple[str, ...], _PARTIES]
    lacking_since_us: Annotated[int | None, _PARTIES]
    """When the first entry was recorded that a side which lacks has not cosigned."""
    agreed_by: Annotated[tuple[str, ...], _PARTIES]
    """The public keys of the intermediary that went on without; none where nobody lacks."""

    def sealed_under(self) -> str:
        return f"document:exchange/{self.exchange}"


class UncosignedStepAgreed(Entry, frozen=True, kw_only=True, tag="agreement.uncosigned-step-agreed/1"):
    """One key of the intermediary agrees to take a step without the cosignatures of some sides. It takes two."""

    existence: ClassVar[Audience] = Audience.PARTIES

    step: Annotated[str, _PARTIES]
    """Of `witnesses.STEPS`."""
    exchange: Annotated[str, _PARTIES]
    lacking: Annotated[tuple[str, ...], _PARTIES]
    """The sides without whose cosignature it is agreed to go on."""
    public_key: Annotated[str, _PARTIES]
    """The key that signed this entry, in hexadecimal digits."""

    def sealed_under(self) -> str:
        return f"document:exchange/{self.exchange}"


class RecordRecovered(Entry, frozen=True, kw_only=True, tag="agreement.record-recovered/1"):
    """The record had lost its end, and took it back from somebody's copy, without what the entries say.

    A copy holds every leaf, which is what was signed and cosigned, and no bodies: those are lost to everybody but for
    what each was told of them.
    """

    existence: ClassVar[Audience] = Audience.PARTIES

    first: Annotated[int, _PARTIES]
    """Index of the first entry that was taken back."""
    size: Annotated[int, _PARTIES]
    """Entries of the record with those taken back."""
    root: Annotated[str, _PARTIES]
    """Its root then, in base64, as it had been signed before."""
    copy_of: Annotated[str, _PARTIES]
    """Whose copy it was: a clearance, such as party:UA."""

    def sealed_under(self) -> str:
        return f"document:record-recovered/{self.first}"
