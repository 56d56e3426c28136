"""The fast way to read a line of the usual kind. Whatever might be read differently is left to the exact reader.

A line is usual if it holds texts without escapes, numbers, flags and lists of numbers, no key twice and none that
transport added, and times as we write them.
"""

from functools import lru_cache
from typing import Any

import msgspec

from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.events import BadEvent, Event, check_needed, received_us

_decode = msgspec.json.Decoder().decode
_LONGEST = 4000
"""Bytes. A longer line may hold a number with more digits than readers agree on."""
_PLAIN = frozenset((int, float, bool))
_SECONDS_US = {f"{second:02}Z": second * 1_000_000 for second in range(60)}


def read_plain_line(raw: bytes) -> Event | None:
    """The event of a line, the same as the exact reader gives; None: let that one read it."""
    try:
        line: Any = _decode(raw)
    except (ValueError, RecursionError):
        return None
    if type(line) is not dict or b"\\" in raw or len(raw) > _LONGEST:
        return None
    texts = len(line)
    for key, value in line.items():
        if type(value) is str:
            texts += 1
        elif not _is_plain(value):
            return None
        if key[:1] == "_":
            return None
    if raw.count(b'"') != 2 * texts:
        return None  # a key stands twice
    event_id, kind, at = line.get("id"), line.get("type"), line.get("at")
    if type(event_id) is not str or type(kind) is not str or type(at) is not str:
        return None
    at_us = _plain_instant_us(at)
    if at_us is None:
        return None
    received = line.pop("received_at", None)
    arrival = None
    if received is not None:
        arrival = _plain_instant_us(received) if type(received) is str else None
        if arrival is None:
            arrival = received_us(received)
    try:
        check_needed(line, kind)
    except BadEvent:
        return None
    return Event(event_id, kind, at_us, line, arrival)


def _is_plain(value: Any) -> bool:
    """Whether it is a number, true or false, or a list of such."""
    return type(value) in _PLAIN or (type(value) is list and all(type(one) in _PLAIN for one in value))


def _plain_instant_us(text: str) -> int | None:
    """The moment of `2025-07-04T09:41:07Z`; None if it is written otherwise or is none."""
    second_us = _SECONDS_US.get(text[17:])
    if second_us is None:
        return None
    minute_us = _minute_us(text[:17])
    return None if minute_us is None else minute_us + second_us


@lru_cache(maxsize=4096)
def _minute_us(text: str) -> int | None:
    """The moment at which the minute `2025-07-04T09:41:` begins."""
    if text[10:11] != "T":
        return None
    try:
        return parse_instant(f"{text}00Z")
    except ValueError:
        return None
