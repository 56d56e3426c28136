"""`disclosed.jsonl` of a copy: a heading, then one line for each entry of which the copy may show something.

    {"clearance":"party:RU","entries":2,"origin":"safeconduct/…","size":9,"version":1}
    {"count":4,"fields":[[0,"type","agreement.terms-signed/1","SALT"],[1,"occurred_at_us",5,"SALT"]],"index":3,"nodes":["…"]}

A field is its place in schema order, its slot, its value exactly as the body writes it, and its salt; salts and nodes
are base64. What they mean: `commitment.Disclosure`. One text for one meaning: a line that would be written otherwise
than it stands there is refused.
"""

from typing import TypeVar

import msgspec

from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.commitment import Disclosure, Shown

T = TypeVar("T")

VERSION = 1


class LineError(SafeconductError):
    """A line that is none of ours."""


class Heading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the first line says. Nobody signed it: all that follows is checked without believing it."""

    version: int
    """Version of this format."""
    clearance: str
    """For whom the copy is: `party:ID`, `intermediary` or `public`."""
    origin: str
    size: int
    """Entries of the ledger."""
    entries: int
    """Lines that follow."""


_Field = tuple[int, str, msgspec.Raw, bytes]


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    index: int
    count: int
    fields: list[_Field]
    nodes: list[bytes]


class _Index(msgspec.Struct):
    index: int


_ENCODER = msgspec.json.Encoder(order="sorted")
_HEADING = msgspec.json.Decoder(Heading)
_LINE = msgspec.json.Decoder(_Line)
_INDEX = msgspec.json.Decoder(_Index)


def encode_heading(heading: Heading) -> bytes:
    """The first line, without its end."""
    return _ENCODER.encode(heading)


def decode_heading(line: bytes) -> Heading:
    """Read the first line. Raises LineError."""
    heading = _decode(line, _HEADING)
    if _ENCODER.encode(heading) != line:
        raise LineError("it is not written as it must be")
    return heading


def encode_line(index: int, disclosure: Disclosure) -> bytes:
    """The line of one entry, without its end."""
    fields: list[_Field] = [(place, slot, msgspec.Raw(value), salt) for place, slot, value, salt in disclosure.shown]
    return _ENCODER.encode(_Line(index=index, count=disclosure.count, fields=fields, nodes=list(disclosure.nodes)))


def index_of(line: bytes) -> int:
    """Which entry a line is of; all else of it is yet to be read. Raises LineError."""
    return _decode(line, _INDEX).index


def decode_line(line: bytes) -> Disclosure:
    """What a line shows of its entry. Raises LineError."""
    found = _decode(line, _LINE)
    if _ENCODER.encode(found) != line:
        raise LineError("it is not written as it must be")
    shown = tuple(Shown(place, slot, bytes(value), salt) for place, slot, value, salt in found.fields)
    return Disclosure(found.count, shown, tuple(found.nodes))


def _decode(line: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LineError(f"it cannot be read: {error}") from None
