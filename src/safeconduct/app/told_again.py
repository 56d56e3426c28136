"""What was told of an entry, from the fields that a copy shows: as `disclosure.telling` gives it, without the entry."""

from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Any, get_type_hints

import msgspec

from safeconduct.app.record import schema_of
from safeconduct.disclosure.telling import Told
from safeconduct.exchange.entries import DECODER, ENTRY_TYPES
from safeconduct.kernel.encoding import NotCanonical, decode
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.ledger.commitment import Disclosure

_TYPES = {type_tag(one): one for one in ENTRY_TYPES}
_SCHEMA = schema_of(DECODER)
_TEXT = msgspec.json.Decoder(str)
_TYPE = "type"


@dataclass(frozen=True, slots=True)
class ToldAs:
    """What was told, and the entry type that it was told of."""

    entry_type: type[Entry]
    told: Told


def told_of(disclosure: Disclosure) -> ToldAs:
    """The fields that are shown, as values of their entry type. Raises NotCanonical.

    Whether the entry holds them is for `commitment.verify_disclosure` to say.
    """
    if not disclosure.shown or disclosure.shown[0][:2] != (0, _TYPE):
        raise NotCanonical("it does not show of which type the entry is")
    tag = _field(_TYPE, disclosure.shown[0].value, _TEXT)
    slots = _SCHEMA(tag)
    if slots is None:
        raise NotCanonical(f"it is of the unknown type {tag!r}")
    if disclosure.count != len(slots) + 1:
        raise NotCanonical(f"it is said to have {disclosure.count} fields; {tag} has {len(slots) + 1}")
    if any(not 0 < one.place <= len(slots) or slots[one.place - 1] != one.slot for one in disclosure.shown[1:]):
        raise NotCanonical(f"its fields do not stand where {tag} has them")
    shown = {one.slot: one.value for one in disclosure.shown[1:]}
    return ToldAs(_TYPES[tag], Told(tag, _values(_TYPES[tag], shown)))


def _values(entry_type: type[Entry], shown: dict[str, bytes]) -> dict[str, Any]:
    """The values of these fields. Raises NotCanonical."""
    # All at once, as one list: each is one JSON value, or the line that shows it could not have been read.
    try:
        values = decode(b"[%b]" % b",".join(shown.values()), _decoder(entry_type, tuple(shown)))
    except NotCanonical:
        for slot, value in shown.items():
            _field(slot, b"[%b]" % value, _decoder(entry_type, (slot,)))
        raise
    return dict(zip(shown, values, strict=True))


def _field(slot: str, value: bytes, decoder: "msgspec.json.Decoder[Any]") -> Any:
    try:
        return decode(value, decoder)
    except NotCanonical as error:
        raise NotCanonical(f"its field {slot!r} is not as an entry holds it: {error}") from None


@cache
def _decoder(entry_type: type[Entry], slots: tuple[str, ...]) -> "msgspec.json.Decoder[Any]":
    """Reads the values of these slots, in this order, as one list."""
    hints = get_type_hints(entry_type)
    return msgspec.json.Decoder(GenericAlias(tuple, tuple(hints[slot] for slot in slots)))
