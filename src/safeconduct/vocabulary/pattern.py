"""Event patterns of the terms: which events a clause speaks of.

A pattern is a table; all its keys must hold. A scalar is equality, a list any of, `{ not = … }` neither,
`{ min = …, max = … }` an inclusive range of numbers. Where the event's own value is a list, one of its items must match
(with `not`, none may). A key that the event lacks does not match, not even a `not`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.documents import Table

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Condition:
    """What one key of an event must hold."""

    key: str
    any_of: tuple[Scalar, ...] = ()
    none_of: tuple[Scalar, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def admits(self, value: Any) -> bool:
        """Whether the event's value (never null) satisfies the condition."""
        if isinstance(value, str):  # by far the most common
            return value not in self.none_of if self.none_of else value in self.any_of
        items = value if isinstance(value, list) else [value]
        if self.none_of:
            return not any(_equal_any(item, self.none_of) for item in items)
        if self.any_of:
            return any(_equal_any(item, self.any_of) for item in items)
        return any(self._in_range(item) for item in items)

    def _in_range(self, item: Any) -> bool:
        if isinstance(item, bool) or not isinstance(item, int | float):
            return False
        return (self.minimum is None or item >= self.minimum) and (self.maximum is None or item <= self.maximum)


@dataclass(frozen=True)
class EventPattern:
    """A conjunction of conditions on an event's fields. No conditions at all match every event."""

    conditions: tuple[Condition, ...]

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the event (its fields as in JSON) has every key and every condition holds."""
        for condition in self.conditions:
            value = event.get(condition.key)
            if value is None or not condition.admits(value):
                return False
        return True

    def may_match_type(self, types: Collection[str]) -> bool:
        """Whether an event of one of these types could match, as far as the pattern speaks of the type."""
        return any(
            all(condition.admits(kind) for condition in self.conditions if condition.key == "type") for kind in types
        )


def read_pattern(table: Table) -> EventPattern:
    """Read a pattern. Raises BadInput at line and column."""
    return EventPattern(tuple(_condition(table, key) for key in table.values))


def read_patterns(table: Table, key: str) -> tuple[EventPattern, ...]:
    """Read one pattern or a list of them. Raises BadInput at line and column."""
    if isinstance(table.raw(key), list):
        patterns = tuple(read_pattern(item) for item in table.tables(key))
        if not patterns:
            table.refuse(key, f"'{key}' lists no pattern", "write at least one")
        return patterns
    return (read_pattern(table.table(key)),)


def _condition(table: Table, key: str) -> Condition:
    value = table.raw(key)
    if not isinstance(value, dict):
        return Condition(key, any_of=_scalars(table, key, value))
    inner = table.table(key)
    if inner.has("not"):
        condition = Condition(key, none_of=_scalars(inner, "not", inner.raw("not")))
    elif inner.has("min") or inner.has("max"):
        minimum = inner.number("min") if inner.has("min") else None
        maximum = inner.number("max") if inner.has("max") else None
        if minimum is not None and maximum is not None and minimum > maximum:
            inner.refuse("min", "the range is empty: min is above max", "swap them")
        condition = Condition(key, minimum=minimum, maximum=maximum)
    else:
        table.refuse(key, f"'{key}' holds a table that is no condition", "write { not = … } or { min = …, max = … }")
    inner.finish()
    return condition


def _scalars(table: Table, key: str, value: Any) -> tuple[Scalar, ...]:
    items = value if isinstance(value, list) else [value]
    if not items:
        table.refuse(key, f"'{key}' is an empty list: nothing could match", "name a value or remove the key")
    for item in items:
        if not isinstance(item, str | int | float):
            table.refuse(key, f"'{key}' must hold texts, numbers or true/false", "put times and dates in quotes")
    return tuple(items)


def _equal_any(item: Any, wanted: tuple[Scalar, ...]) -> bool:
    """Equality as in JSON: true is not 1."""
    return any(item == one and isinstance(item, bool) == isinstance(one, bool) for one in wanted)
