"""Which reports count: repeats, the future, clones, conflicts, voided reports, in the contract's order."""

import json
import operator
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from safeconduct.clauses.batch.columns import OTHERS, Columns, json_column, text_column, write_json
from safeconduct.kernel.times import MINUTE_US

_AHEAD_US = 5 * MINUTE_US
"""So much later than its receipt may a report say that it happened."""

_INTEGER = r"^-?[0-9]+$"


@dataclass(frozen=True)
class Flaw:
    """Lines that cannot be right as they stand."""

    rule: str
    subject: str
    at_us: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Sifted:
    """The events that remain, and what was found on the way."""

    events: Columns
    voided: Columns
    """The standing lines that were taken back: they say nothing of what happened, but their numbers are not missing."""
    end_us: int | None
    """The end of observation; None if nothing was observed and none was given."""
    flaws: tuple[Flaw, ...]
    clones: bool
    """Whether some events share a device's number."""


def sift(reports: Columns, until_us: int | None) -> Sifted:
    """Sift the lines of a day; `until_us` is the end of observation, if one is given."""
    frame = reports.frame
    # Few ids stand on more than one line; the others need no comparing.
    alone, several = _split(frame, repeated(frame, "id"))
    content = [name for name in frame.columns if name != "received"]
    several = several.group_by(content).agg(pl.col("received").min()).select(frame.columns)
    (alone, ahead), (several, more) = _without_future(alone), _without_future(several)
    flaws = [Flaw("future", one, at, (one,)) for one, at in pl.concat([ahead, more]).select("id", "at").rows()]
    if until_us is not None:
        alone, several = (part.filter(pl.col("at") <= until_us) for part in (alone, several))
    once, differing = _split(several, several["id"].is_duplicated())
    versions = _by_id(differing)
    first = [min(rows, key=lambda one: (one["at"], _content(one))) for rows in versions.values()]
    standing = pl.concat([alone, once, pl.DataFrame(first, schema=frame.schema)])
    taken_back = _taken_back(Columns(standing))
    counts = ~pl.col("id").is_in(sorted(taken_back))
    end_us = until_us
    if end_us is None:
        moments = [part.filter(counts)["at"].max() if taken_back else part["at"].max() for part in (alone, several)]
        end_us = max((one for one in moments if isinstance(one, int)), default=None)
    clones = _clones((alone, several), end_us)
    conflicts = [
        Flaw("conflict", one, max(row["at"] for row in rows), (one,))
        for one, rows in versions.items()
        if one not in taken_back
    ]
    voided = standing.clear()
    if taken_back:
        voided, standing = standing.filter(~counts), standing.filter(counts)
        if end_us is not None:
            voided = voided.filter(pl.col("at") <= end_us)
    return Sifted(
        Columns(standing), Columns(voided), end_us, tuple(dict.fromkeys(flaws + clones + conflicts)), bool(clones)
    )


def _split(frame: pl.DataFrame, apart: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are not marked, and those that are."""
    return (frame.filter(~apart), frame.filter(apart)) if apart.any() else (frame, frame.clear())


def _without_future(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines, without those from the future; and those."""
    return _split(frame, (frame["at"] > frame["received"] + _AHEAD_US).fill_null(False))


def repeated(frame: pl.DataFrame, *names: str) -> pl.Series:
    """Which rows are equal to another one in these columns, all of them there."""
    nothing = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    if frame.height < 2 or any(frame[name].null_count() == frame.height for name in names):
        return nothing
    there = frame.select(pl.all_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
    # Equal rows have equal hashes, which are compared faster; rows of equal hashes are compared themselves.
    hashes = hashed(frame.select(names))
    ordered = (hashes if there.all() else hashes.filter(there)).sort().to_numpy()
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return nothing
    alike = hashes.is_in(pl.Series(twice).unique().implode()) & there
    places = alike.arg_true()
    return nothing.scatter(places.filter(frame.select(names).filter(alike).is_duplicated()), True)


def hashed(frame: pl.DataFrame) -> pl.Series:
    """A number for each row: equal rows have equal ones, others almost never."""
    first, *others = (column.hash(seed) for seed, column in enumerate(frame))
    return reduce(operator.xor, others, first)


def _by_id(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["id"]].append(row)
    return found


def _content(row: dict[str, Any]) -> str:
    """A line's content as JSON."""
    fields: dict[str, Any] = json.loads(row.get(OTHERS) or "{}")
    for name, cell in row.items():
        key = name.partition(" ")[2]
        if cell is not None and key:
            fields[key] = cell if name == text_column(key) else json.loads(cell)
    return write_json({**fields, "id": row["id"], "type": row["type"], "at": row["at"]})


def _taken_back(standing: Columns) -> set[str]:
    """The ids that a working `voided` names: one that no working `voided` names in turn; a circle works nothing."""
    naming = standing.of_types("voided").frame.select("id", standing.text("event").alias("event"))
    names: dict[str, str] = {one: other for one, other in naming.rows() if other is not None}
    named_by: dict[str, set[str]] = defaultdict(set)
    for one, other in names.items():
        named_by[other].add(one)
    gone: set[str] = set()
    decided: set[str] = set()
    ready = [one for one in names if not named_by[one]]
    while ready:
        one = ready.pop()
        if one in decided:
            continue
        decided.add(one)
        other = names[one]
        if one not in gone:
            gone.add(other)
        if other in names and (other in gone or named_by[other] <= decided):
            ready.append(other)
    return gone


def _clones(lines: Iterable[pl.DataFrame], end_us: int | None) -> list[Flaw]:
    """Numbers that a device has given to more than one id."""
    columns = ["id", "at", text_column("device"), json_column("device_seq")]
    device, number = columns[2:]
    parts = [part.select(columns) for part in lines if part.height and not {device, number} - {*part.columns}]
    if not parts:
        return []
    frame = pl.concat(parts)
    alike = frame.filter(repeated(frame, device, number)).filter(pl.col(number).str.contains(_INTEGER))
    if end_us is not None:
        alike = alike.filter(pl.col("at") <= end_us)
    shared = alike.group_by(device, number).agg(pl.col("id").unique().sort(), pl.col("at").max())
    return [Flaw("clone", f"{one}/{seq}", at, tuple(ids)) for one, seq, ids, at in shared.rows() if len(ids) > 1]
