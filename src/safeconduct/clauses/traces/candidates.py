"""Which values a field can have under conditions, which types an event under a pattern, and why none can."""

from collections.abc import Iterable, Iterator, Sequence, Set
from enum import Enum
from typing import Any

from safeconduct.kernel.encoding import MAX_INTEGER
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.tracking.events import NEEDS
from safeconduct.vocabulary.pattern import Condition, EventPattern
from safeconduct.vocabulary.place import parse_point


class Need(Enum):
    """What an event of some type must hold in a field to be one."""

    TEXT = "a text"
    NAME = "a name"
    NUMBER = "a number"
    POSITION = "a position"


_NEEDS = {"position": Need.POSITION, "count": Need.NUMBER}

FIELDS: dict[str, tuple[str, ...]] = {
    "departed": ("vehicle", "place"),
    "arrived": ("vehicle", "place"),
    "boarded": ("person", "vehicle", "place"),
    "alighted": ("person", "vehicle", "place"),
    "positioned": ("vehicle", "position"),
    "counted": ("vehicle", "count", "what"),
    "offered": ("person", "from", "to", "place"),
    "accepted": ("person", "from", "to", "place", "handover"),
    "refused": ("person", "from", "to", "place"),
    "identified": ("person", "by", "result"),
    "consented": ("person", "by", "result"),
    "examined": ("person", "what", "result"),
    "notified": ("who", "person", "subject"),
    "published": ("by", "subject"),
    "incident": ("what", "position", "place"),
    "added": ("person", "agreed_by", "held_by", "home", "batch", "legs", "custody", "reason_sealed"),
    "substituted": ("person", "replaces", "agreed_by", "reason_sealed"),
    "withdrawn": ("person", "agreed_by", "by", "ground", "reason_sealed"),
    "died": ("person",),
    "clock": (),
    "retired": ("device",),
    "voided": ("event", "by", "reason"),
    "held": ("by", "agreed_by"),
    "resumed": ("by", "agreed_by"),
    "aborted": ("by", "agreed_by"),
}
"""What reports of each type usually say (formats, Events)."""
UNKNOWN_TYPE = "report"
"""A type that needs no field at all."""
_NO_TEXT = "no text lies in a range of numbers"
_TYPES_AT_MOST = 4
_FRESH = 3


def needs_of(kind: str) -> dict[str, Need]:
    """What an event of this type cannot do without."""
    return {key: usual_need(key) for key in NEEDS.get(kind, ())}


def usual_need(key: str) -> Need:
    """What a field of this name holds where nothing else is said."""
    return _NEEDS.get(key, Need.TEXT)


def may_have(key: str) -> bool:
    """Whether a pattern can see this field of an event at all."""
    return key != "received_at" and not key.startswith("_")


def named_types(pattern: EventPattern) -> list[str]:
    """The types that a pattern names."""
    return [
        one
        for condition in pattern.conditions
        if condition.key == "type"
        for one in condition.any_of
        if isinstance(one, str)
    ]


def possible_types(pattern: EventPattern, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Types that an event under the pattern may have: those it names, else a few of which it is natural, and those
    of `others`."""
    named = named_types(pattern)
    if not named:
        asked = {condition.key for condition in pattern.conditions} - {"type", "id", "at", "device"}
        natural = [kind for kind, fields in FIELDS.items() if asked <= {*fields, "home", "held_by", "batch"}]
        plain = [UNKNOWN_TYPE, f"{UNKNOWN_TYPE}-2", f"{UNKNOWN_TYPE}-3"]
        named = list(dict.fromkeys((*natural[:_TYPES_AT_MOST], *plain, *others)))
    conditions = [condition for condition in pattern.conditions if condition.key == "type"]
    return tuple(kind for kind in named if all(condition.admits(kind) for condition in conditions))


def candidate_values(first: Iterable[Any], conditions: Sequence[Condition], needs: Set[Need]) -> list[Any]:
    """Values that every condition admits and that an event may have there, those of `first` before others."""
    found: list[Any] = []
    for value in _pool(list(first), conditions, needs):
        if value not in found and _is(value, needs) and all(condition.admits(value) for condition in conditions):
            found.append(value)
    return found


def why_impossible(pattern: EventPattern) -> tuple[str, str] | None:
    """Why no event whatever can match the pattern: the key at fault and the reason; None if one can."""
    kinds = possible_types(pattern)
    if not kinds:
        return "type", "the type of an event is always a text"
    reasons = [_why_not_of(kind, pattern) for kind in kinds]
    return reasons[0] if all(reasons) else None


def _why_not_of(kind: str, pattern: EventPattern) -> tuple[str, str] | None:
    needs = needs_of(kind)
    for condition in pattern.conditions:
        key = condition.key
        if not may_have(key):
            return key, f"'{key}' is no part of what happened, and no pattern sees it"
        if key == "at" and condition.any_of and not any(is_moment(value) for value in condition.any_of):
            return key, "'at' is compared as text in UTC, like 2025-07-04T09:00:00Z"
        need = Need.TEXT if key == "id" else needs.get(key)
        ranged = not condition.any_of and not condition.none_of and need is not Need.NUMBER
        if need is not None and not candidate_values([], [condition], {need}):
            whose = f"'{key}' of an event '{kind}'" if key in needs else f"'{key}'"
            return key, f"{whose} is always {need.value}, and {_NO_TEXT if ranged else 'nothing asked for here is one'}"
        if key == "at" and ranged:
            return key, f"'at' is always a text, and {_NO_TEXT}"
    return None


def is_moment(value: Any) -> bool:
    """Whether a moment is written as events have it."""
    try:
        return isinstance(value, str) and format_instant(parse_instant(value)) == value
    except ValueError:
        return False


def _pool(first: list[Any], conditions: Sequence[Condition], needs: Set[Need]) -> Iterator[Any]:
    numbers = list(_numbers(conditions))
    yield from first
    for condition in conditions:
        yield from condition.any_of
    yield from numbers
    for number in range(2, 2 + _FRESH + sum(len(condition.none_of) for condition in conditions)):
        yield from (f"{value}-{number}" for value in first[:1] if isinstance(value, str))
        yield f"x-{number}"
        yield number
    yield from (True, False)
    if Need.POSITION in needs:
        parts = [30.0, 52.0, *numbers, *(value for condition in conditions for value in condition.any_of)]
        for part in parts:
            yield [part, 52.0]
            yield [30.0, part]
        yield from ([31.0 + part, 53.0] for part in range(_FRESH + len(conditions)))
    elif not needs:
        yield [condition.any_of[0] for condition in conditions if condition.any_of]


def _numbers(conditions: Sequence[Condition]) -> Iterator[int | float]:
    """Numbers that a range may ask for."""
    lows = [condition.minimum for condition in conditions if condition.minimum is not None]
    highs = [condition.maximum for condition in conditions if condition.maximum is not None]
    bounds = [*([max(lows)] if lows else []), *([min(highs)] if highs else [])]
    if lows and highs:
        bounds.append((max(lows) + min(highs)) / 2)
    for bound in bounds:
        yield int(bound) if float(bound).is_integer() and abs(bound) <= MAX_INTEGER else bound


def _is(value: Any, needs: Set[Need]) -> bool:
    if (Need.TEXT in needs or Need.NAME in needs) and not isinstance(value, str):
        return False
    if Need.NAME in needs and not value:
        return False
    if Need.NUMBER in needs and (
        isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MAX_INTEGER
    ):
        return False
    if Need.POSITION in needs:
        try:
            parse_point(value)
        except ValueError:
            return False
    return True
