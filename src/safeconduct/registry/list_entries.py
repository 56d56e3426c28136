"""What is recorded of a list beside its rows: how they were written, and which list takes the place of which."""

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
