"""Canonical JSON: keys sorted, no spaces, UTF-8, no floats, integers below 2**53 in magnitude.

For the values that entries hold (text, integers, booleans, null, lists, objects with ASCII keys) this is byte for
byte what RFC 8785 prescribes. Stored bytes are hashed, never re-encoded; foreign bytes must be what we would have
written ourselves, so that no two texts mean one entry.
"""

import re
from typing import Any, TypeVar

import msgspec

from safeconduct.kernel.errors import SafeconductError

T = TypeVar("T")

MAX_INTEGER = 2**53 - 1

_DOUBTFUL = re.compile(rb"9[0-9]{15}|[1-9][0-9]{16}|[0-9][.eE]")
"""What every text with an integer beyond that or a float contains; texts that contain it may hold neither."""

_ENCODER = msgspec.json.Encoder(order="sorted")


class NotCanonical(SafeconductError):
    """Bytes that do not decode, or that are not the one canonical text of what they decode to."""


def encode(value: Any) -> bytes:
    """The canonical bytes of a value."""
    return _ENCODER.encode(value)


def decode(text: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Decode foreign bytes, refusing every text but the canonical one. Raises NotCanonical."""
    try:
        value = decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotCanonical(f"it does not decode: {error}") from None
    if _ENCODER.encode(value) != text:
        raise NotCanonical("it is not canonical: it does not encode back to the same bytes")
    if _DOUBTFUL.search(text) and not _exact(msgspec.to_builtins(value)):
        raise NotCanonical("it holds a number that not every JSON reader keeps exact")
    return value


def _exact(value: Any) -> bool:
    """Whether all numbers in it are integers below 2**53 in magnitude."""
    match value:
        case bool() | str() | None:
            return True
        case int():
            return abs(value) <= MAX_INTEGER
        case dict():
            return all(map(_exact, value.values()))
        case list() | tuple():
            return all(map(_exact, value))
        case _:
            return False
