"""Event patterns over columns, and the values by which two events are the same."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from safeconduct.clauses.batch.columns import Columns, json_column, text_column, write_json
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.vocabulary.pattern import Condition, EventPattern, Scalar

Patterns = Sequence[EventPattern]


def matches(events: Columns, patterns: Patterns) -> pl.Series:
    """Which events match any of the patterns."""
    each = [
        pl.all_horizontal(pl.lit(True), *(_holds(events, one) for one in pattern.conditions)) for pattern in patterns
    ]
    found = events.frame.select(pl.any_horizontal(pl.lit(False), *each).fill_null(False).alias("matches"))
    column = found.to_series()
    return column if len(column) == events.frame.height else column.new_from_index(0, events.frame.height)


def _holds(events: Columns, condition: Condition) -> pl.Expr:
    """Whether the field is there and as the condition has it."""
    texts = events.text(condition.key)
    holds = pl.lit(False)
    if condition.none_of:
        holds = texts.is_not_null() & ~texts.is_in(_texts(condition.none_of))
    elif condition.any_of:
        wanted = _texts(condition.any_of)
        # One text alone is compared far faster.
        holds = (texts == wanted[0] if len(wanted) == 1 else texts.is_in(wanted)).fill_null(False)
    if events.has(json_column(condition.key)):
        column = events.frame[json_column(condition.key)].drop_nulls().unique()
        fitting = [one for one in column if _value_fits(json.loads(one), condition)]
        holds |= events.json(condition.key).is_in(fitting).fill_null(False)
    return holds


def _texts(values: Iterable[Scalar]) -> list[str]:
    return [one for one in values if isinstance(one, str)]


def _value_fits(value: Any, condition: Condition) -> bool:
    """Whether a value other than a text alone fits: of a list one item must, with `not` none may."""
    items = value if isinstance(value, list) else [value]
    if condition.none_of:
        return not any(_equal(item, one) for item in items for one in condition.none_of)
    if condition.any_of:
        return any(_equal(item, one) for item in items for one in condition.any_of)
    numbers = [item for item in items if isinstance(item, int | float) and not isinstance(item, bool)]
    return any(
        (condition.minimum is None or one >= condition.minimum)
        and (condition.maximum is None or one <= condition.maximum)
        for one in numbers
    )


def _equal(one: Any, other: Scalar) -> bool:
    """As in JSON: a number is never true or false."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def same_columns(events: Columns, same: Sequence[str]) -> list[pl.Expr]:
    """The columns of these fields."""
    columns = []
    for key in same:
        if key in ("id", "type") or events.has(text_column(key)):
            columns.append(events.text(key).alias(text_column(key)))
        if events.has(json_column(key)):
            columns.append(events.json(key).alias(json_column(key)))
    return columns


def comparable(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of fields so that equal texts are equal values: 1 and 1.0 are one number, true is none."""
    jsons = [name for name in frame.columns if name == json_column(name.removeprefix(json_column("")))]
    changed = []
    for name in jsons:
        values = frame[name].drop_nulls().unique().to_list()
        plain = [write_json(_plain_numbers(json.loads(value))) for value in values]
        if plain != values:
            changed.append(pl.col(name).replace(values, plain))
    return frame.with_columns(changed) if changed else frame


def _plain_numbers(value: Any) -> Any:
    """Whole numbers as integers, wherever they stand."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    return {key: _plain_numbers(item) for key, item in value.items()} if isinstance(value, dict) else value


def subject_of(row: dict[str, Any], same: Sequence[str]) -> str:
    """The values joined by `/`, lacking ones empty, others than texts as JSON; the event's id if `same` is empty."""
    if not same:
        return str(row["id"])
    return "/".join([row.get(f"text {key}") or row.get(f"json {key}") or "" for key in same])


class Tie:
    """What a report tells that would match one of some patterns and, in the fields `same`, be equal to a trigger."""

    def __init__(self, patterns: Patterns, same: Sequence[str] = ()) -> None:
        self._sides = [(_own_values(patterns, key), text_column(key) if key in same else None) for key in _ABILITIES]
        self._known: dict[tuple[str, ...], Lacking] = {}

    def to(self, trigger: dict[str, Any]) -> Lacking:
        """The report that the trigger lacks."""
        alike = tuple((column and trigger.get(column)) or "" for _, column in self._sides)
        if alike not in self._known:
            sides = zip(self._sides, alike, strict=True)
            self._known[alike] = Lacking(*(_values(own, value) for (own, _), value in sides))
        return self._known[alike]


_ABILITIES = ("vehicle", "place")
"""The fields by which it is known which devices are able to report something."""


def _own_values(patterns: Patterns, key: str) -> list[frozenset[str]]:
    """For each pattern the texts that a field must have one of; empty: it says nothing of it."""
    return [
        frozenset(text for one in pattern.conditions if one.key == key for text in _texts(one.any_of))
        for pattern in patterns
    ]


def _values(own: Iterable[frozenset[str]], alike: str) -> frozenset[str] | None:
    """The texts that the field must have one of; None if any pattern leaves it open."""
    values: set[str] = set()
    for texts in own:
        if not texts and not alike:
            return None
        values |= texts or {alike}
    return frozenset(values)
