"""What the kinds with event patterns share: lists of patterns, equality in some fields, what a pattern fixes."""

import json
from collections.abc import Collection, Hashable
from typing import Any

from safeconduct.kernel.documents import Table
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import EventPattern

Patterns = tuple[EventPattern, ...]
"""Any of them."""

FROM_LIST = frozenset(("home", "held_by", "batch", "handover"))
"""The fields of an event that the list fills for its person."""

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def types_of(patterns: Patterns) -> set[str] | None:
    """The event types that could match, or None if one of the patterns leaves the type open."""
    types: set[str] = set()
    for pattern in patterns:
        fixed = fixed_values(pattern, "type")
        if fixed is None:
            return None
        types.update(fixed)
    return types


def fixed_values(pattern: EventPattern, key: str) -> set[str] | None:
    """The texts to which a pattern ties a field, or None if it leaves it open."""
    fixed: set[str] | None = None
    for condition in pattern.conditions:
        if condition.key == key and condition.any_of:
            fixed = {one for one in condition.any_of if isinstance(one, str)}
    return fixed


def may_match(patterns: Patterns, types: Collection[str]) -> bool:
    """Whether an event of one of the types could match any of the patterns."""
    return any(pattern.may_match_type(types) for pattern in patterns)


def read_same(table: Table, default: tuple[str, ...] = ("person",)) -> tuple[str, ...]:
    """The parameter `same`: the fields that must be equal; `["person"]` unless given or another default holds."""
    return table.texts("same") if table.has("same") else default


def same_key(event: Event, same: tuple[str, ...]) -> Hashable:
    """Two events are equal in `same` exactly if this is equal. A lacking field equals a lacking one."""
    return tuple(comparable(event.fields.get(key)) for key in same)


def pattern_key(pattern: EventPattern) -> Hashable:
    """Two patterns ask the same of every field, in whatever order, exactly if this is equal."""
    return frozenset(
        (
            one.key,
            frozenset(comparable(value) for value in one.any_of),
            frozenset(comparable(value) for value in one.none_of),
            one.minimum,
            one.maximum,
        )
        for one in pattern.conditions
    )


def same_subject(event: Event, same: tuple[str, ...]) -> str:
    """The values joined by `/`, a lacking one empty, one that is no text as JSON; the event's id if `same` is empty."""
    if not same:
        return event.id
    return "/".join(_shown(event.fields.get(key)) for key in same)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _canonical(value)


def comparable(value: Any) -> Hashable:
    """What is equal for values that are equal in JSON: 1 and 1.0 are one number, true is none, the text "1" is another
    thing."""
    match value:
        case None | str():
            return value
        case bool():
            return ("flag", value)
        case int() | float():
            return ("number", value)
        case list():
            return ("list", tuple(comparable(one) for one in value))
        case dict():
            return ("table", tuple(sorted((key, comparable(one)) for key, one in value.items())))
        case _:
            raise AssertionError(f"not a JSON value: {value!r}")
