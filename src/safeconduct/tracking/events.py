"""One report from the field as it arrives: what a line must hold to count, and what its content is."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from safeconduct.kernel.encoding import MAX_INTEGER
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.vocabulary.place import parse_point

NEEDS: dict[str, tuple[str, ...]] = {
    "departed": ("vehicle", "place"),
    "arrived": ("vehicle", "place"),
    "boarded": ("person", "vehicle"),
    "alighted": ("person", "vehicle"),
    "positioned": ("vehicle", "position"),
    "counted": ("vehicle", "count"),
    "offered": ("person", "from", "to"),
    "accepted": ("person", "from", "to"),
    "refused": ("person", "from", "to"),
    "identified": ("person",),
    "consented": ("person",),
    "examined": ("person",),
    "added": ("person",),
    "substituted": ("person",),
    "withdrawn": ("person",),
    "died": ("person",),
    "retired": ("device",),
    "voided": ("event",),
}
"""What a line of each type cannot do without, besides `id`, `type` and `at`. Unknown types need nothing more."""

_NESTED_AT_MOST = 64
"""Levels of lists and objects in a field; far below what a reader's stack holds, as what is recorded is read often."""

_PLAIN_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{0,5}[1-9])?Z", re.ASCII)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class BadEvent(ValueError):
    """A line that cannot be taken as an event: the field at fault (None: the whole object), what, how to mend it."""

    def __init__(self, key: str | None, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.key = key
        self.what = what
        self.mend = mend


class Event(msgspec.Struct, frozen=True, eq=False):
    """One report. Two of them are the same report if `id` and `content` are equal."""

    id: str
    type: str
    at_us: int
    """When it happened, by the reporter's clock: microseconds since 1970 UTC."""
    fields: Mapping[str, Any]
    """The fields as in JSON without the lacking ones, without `received_at` and what transport added (`_…`)."""
    received_us: int | None = None
    """When it was taken in, if the line says so readably."""

    @property
    def content(self) -> str:
        """The fields as JSON: sorted keys, no spaces, no ASCII escapes, `at` as integer microseconds.

        Made anew each time: only reports with one id are ever compared.
        """
        return _canonical({**self.fields, "at": self.at_us})

    def text(self, key: str) -> str | None:
        """A field that is a text, else None."""
        value = self.fields.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a field that is a list, or a text alone."""
        value = self.fields.get(key)
        if isinstance(value, str):
            return (value,)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def read_event(line: Mapping[str, Any]) -> Event:
    """Take a JSON object as an event. Raises BadEvent if it lacks what an event of its type needs.

    A `received_at` that cannot be read counts as lacking: it says nothing of what happened.
    """
    fields = {
        key: value for key, value in line.items() if value is not None and key != "received_at" and key[:1] != "_"
    }
    event_id, kind = fields.get("id"), fields.get("type")
    if not isinstance(event_id, str):
        raise _lacking(fields, "id", "a text")
    if not isinstance(kind, str):
        raise _lacking(fields, "type", "a text")
    at = fields.get("at")
    if not isinstance(at, str):
        raise _lacking(fields, "at", "an RFC 3339 time with an offset")
    try:
        at_us = parse_instant(at)
    except ValueError as error:
        raise BadEvent("at", str(error), "write the time with Z or an offset") from None
    if not _PLAIN_INSTANT.fullmatch(at):
        # One moment, one text: patterns must not tell copies of one report apart by how it was written.
        fields["at"] = format_instant(at_us)
    check_needed(fields, kind)
    if any(_nested_deeper(value, _NESTED_AT_MOST) for value in fields.values()):
        raise BadEvent(None, "nested too deeply", "flatten it")
    try:
        _canonical(fields).encode()
    except UnicodeEncodeError:
        raise BadEvent(None, "half of a surrogate pair is no character", "write whole characters") from None
    except ValueError:
        raise BadEvent(None, "a number is too large for any reader", "write one below 1e308") from None
    return Event(event_id, kind, at_us, fields, received_us(line.get("received_at")))


def check_needed(fields: Mapping[str, Any], kind: str) -> None:
    """Raise BadEvent if the fields lack what an event of this type needs."""
    for key in NEEDS.get(kind, ()):
        if type(fields.get(key)) is not str or key in ("position", "count"):
            _check_needed(fields, kind, key)


def _check_needed(fields: Mapping[str, Any], kind: str, key: str) -> None:
    value = fields.get(key)
    if key == "position":
        if value is None:
            raise BadEvent(None, f"an event '{kind}' needs 'position'", "add it")
        try:
            parse_point(value)
        except ValueError as error:
            raise BadEvent(key, str(error), "write it as [30.97, 52.08]") from None
    elif key == "count":
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_INTEGER:
            raise _lacking(fields, key, "a number", kind)
    elif not isinstance(value, str):
        raise _lacking(fields, key, "a text", kind)


def _lacking(fields: Mapping[str, Any], key: str, wanted: str, kind: str = "") -> BadEvent:
    whose = f"an event '{kind}'" if kind else "an event"
    if key in fields:
        return BadEvent(key, f"'{key}' is not {wanted}", f"write '{key}' as {wanted}")
    return BadEvent(None, f"{whose} needs '{key}', {wanted}", "add it")


def _nested_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in each other deeper than so many levels."""
    if not isinstance(value, dict | list):
        return False
    if levels == 0:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return any(_nested_deeper(one, levels - 1) for one in inner)


def received_us(value: Any) -> int | None:
    """The moment of a receipt; None if it cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        return parse_instant(value)
    except ValueError:
        return None
