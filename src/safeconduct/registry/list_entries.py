"""What is recorded of a list beside its rows: how they were written, which list takes the place of which, and changes
of single rows, which two keys make: one of the list's party and one of the intermediary."""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)


class ListReplaced(Entry, frozen=True, kw_only=True, tag="registry.list-replaced/1"):
    """A party's list takes the place of one that it handed over before; the old one stays on record."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _PARTIES]
    replaces: Annotated[str, _PARTIES]
    version: Annotated[int, _PARTIES]
    """Of the new list; the first that a party hands over for a purpose is 1."""

    def sealed_under(self) -> str:
        return f"document:list/{self.list_id}"


class RowAsWritten(Entry, frozen=True, kw_only=True, tag="registry.row-as-written/1"):
    """The cells of one row whose text is not their normal form, which `PersonListed` keeps, exactly as written."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _OWN]
    ref: Annotated[str, _OWN]
    line: Annotated[int, _OWN]
    """Of the file, or the row of the sheet, on which the row begins."""
    cells: Annotated[dict[str, str], _OWN]
    """By heading."""

    def sealed_under(self) -> str:
        return f"person:{self.list_id}/{self.ref}"


CORRECT, WITHDRAW, ADD = CHANGES = ("correct", "withdraw", "add")
"""Other values in a row; a row taken off the list; a row put on it."""


class ListChangeProposed(Entry, frozen=True, kw_only=True, tag="registry.list-change-proposed/1"):
    """One key proposes to change one row of a list on record. It changes nothing yet."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _OWN]
    ref: Annotated[str, _OWN]
    change: Annotated[str, _OWN]
    """Of CHANGES."""
    before: Annotated[dict[str, str], _OWN]
    """By field, in canonical form: what the proposer saw. The fields to correct, the whole row to withdraw."""
    after: Annotated[dict[str, str], _OWN]
    reason: Annotated[str, _OWN]
    side: Annotated[str, _OWN]
    """The party or intermediary whose key it is."""
    public_key: Annotated[str, _OWN]
    """The key that signed this entry: Ed25519, 64 hexadecimal digits."""

    def sealed_under(self) -> str:
        return f"person:{self.list_id}/{self.ref}"


class ListChangeAgreed(Entry, frozen=True, kw_only=True, tag="registry.list-change-agreed/1"):
    """The other side's key agrees: the change takes effect if the row is still what the proposer saw."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _OWN]
    ref: Annotated[str, _OWN]
    proposal_sha256: Annotated[str, _OWN]
    """Of the canonical bytes of the proposal."""
    side: Annotated[str, _OWN]
    public_key: Annotated[str, _OWN]
    """The key that signed this entry."""

    def sealed_under(self) -> str:
        return f"person:{self.list_id}/{self.ref}"


class ListChangeDeclined(Entry, frozen=True, kw_only=True, tag="registry.list-change-declined/1"):
    """A key of the other side declines a change, or one of the proposer's own takes it back: it never takes effect."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    list_id: Annotated[str, _OWN]
    ref: Annotated[str, _OWN]
    proposal_sha256: Annotated[str, _OWN]
    """Of the canonical bytes of the proposal."""
    reason: Annotated[str, _OWN]
    side: Annotated[str, _OWN]
    public_key: Annotated[str, _OWN]
    """The key that signed this entry."""

    def sealed_under(self) -> str:
        return f"person:{self.list_id}/{self.ref}"
