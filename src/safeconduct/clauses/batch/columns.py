"""Reports as columns: of each field one column for texts and one for every other value, as its JSON text.

A field is lacking where both are null. JSON texts are written in one way only (sorted keys, no spaces, no ASCII
escapes), so that equal texts are equal values and equal rows are equal contents.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

FIELDS = (
    "device", "device_seq", "place", "position", "vehicle", "person", "count", "what", "from", "to", "by", "result",
    "who", "subject", "agreed_by", "held_by", "home", "batch", "legs", "custody", "reason_sealed", "replaces", "ground",
    "event", "reason",
)  # fmt: skip
"""The fields that the contract names, besides `id`, `type` and `at`; each has columns of its own."""

BASE = {"id": pl.String, "type": pl.String, "at": pl.Int64, "received": pl.Int64}
"""Columns of every report: `at` and `received` are instants in microseconds, the latter null if nothing says it."""

OTHERS = "others"
"""The column of all fields that nobody asks for: one JSON object, null if there is none."""

_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def text_column(key: str) -> str:
    """The column of a field's texts."""
    return f"text {key}"


def json_column(key: str) -> str:
    """The column of a field's values that are no texts, as JSON."""
    return f"json {key}"


def write_json(value: Any) -> str:
    """The one JSON text of a value."""
    return _write(value)


@dataclass(frozen=True)
class Columns:
    """Reports, a row each, in no particular order."""

    frame: pl.DataFrame

    def text(self, key: str) -> pl.Expr:
        """The field where it is a text, else null."""
        if key in ("id", "type"):
            return pl.col(key)
        return self._column(text_column(key))

    def json(self, key: str) -> pl.Expr:
        """The JSON text of the field where it is there and no text, else null."""
        return self._column(json_column(key))

    def has(self, name: str) -> bool:
        """Whether any report may have a value in a column."""
        return name in self.frame.columns

    def of_types(self, *types: str) -> "Columns":
        """The reports of these types."""
        wanted = pl.col("type") == types[0] if len(types) == 1 else pl.col("type").is_in(types)
        return Columns(self.frame.filter(wanted))

    def rows(self, *keys: str) -> list[tuple[Any, ...]]:
        """`id`, `type`, `at` and the texts of these fields, a tuple each."""
        return self.frame.select("id", "type", "at", *(self.text(key).alias(f"_{key}") for key in keys)).rows()

    def _column(self, name: str) -> pl.Expr:
        return pl.col(name) if name in self.frame.columns else pl.lit(None, pl.String)


def empty_frame() -> pl.DataFrame:
    """No reports."""
    return pl.DataFrame(schema=BASE)


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rows, with all columns."""
    return pl.concat([empty_frame(), *frames], how="diagonal").rechunk()
