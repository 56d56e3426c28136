"""Which reports count: repeats, the future, clones, conflicts, voided reports, in the contract's order."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
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


def sift(reports: Columns, until_us: int | None) -> Sifted:
    """Sift the lines of a day; `until_us` is the end of observation, if one is given."""
    frame = _without_repeats(reports.frame)
    ahead = (frame["at"] > frame["received"] + _AHEAD_US).fill_null(False)
    flaws = [Flaw("future", one, at, (one,)) for one, at in frame.filter(ahead).select("id", "at").rows()]
    if flaws:
        frame = frame.filter(~ahead)
    if until_us is not None:
        frame = frame.filter(pl.col("at") <= until_us)
    several = repeated(frame, "id")
    conflicts = _by_id(frame.filter(several))
    standing = frame
    if conflicts:
        first = [min(versions, key=lambda one: (one["at"], _content(one))) for versions in conflicts.values()]
        standing = pl.concat([frame.filter(~several), pl.DataFrame(first, schema=frame.schema)])
    taken_back = _taken_back(Columns(standing))
    gone = sorted(taken_back)
    end_us = until_us
    if end_us is None:
        counting = frame.filter(~pl.col("id").is_in(gone)) if taken_back else frame
        end_us = counting["at"].max()  # type: ignore[assignment]
    flaws += _clones(Columns(frame), end_us)
    for one, versions in conflicts.items():
        if one not in taken_back:
            flaws.append(Flaw("conflict", one, max(version["at"] for version in versions), (one,)))
    voided = standing.filter(pl.col("id").is_in(gone)) if taken_back else standing.clear()
    if taken_back:
        standing = standing.filter(~pl.col("id").is_in(gone))
        if end_us is not None:
            voided = voided.filter(pl.col("at") <= end_us)
    return Sifted(Columns(standing), Columns(voided), end_us, tuple(flaws))


def repeated(frame: pl.DataFrame, *names: str) -> pl.Series:
    """Which rows are equal to another one in these columns, all of them there."""
    nothing = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    if frame.height < 2 or any(frame[name].null_count() == frame.height for name in names):
        return nothing
    there = frame.select(pl.all_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
    # Equal rows have equal hashes, which are compared faster; rows of equal hashes are compared themselves.
    hashes = np.zeros(frame.height, np.uint64)
    for seed, name in enumerate(names):
        hashes ^= frame[name].hash(seed).to_numpy()
    ordered = np.sort(hashes if there.all() else hashes[there.to_numpy()])
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return nothing
    alike = pl.Series(hashes).is_in(pl.Series(twice).unique().implode()) & there
    places = alike.arg_true()
    return nothing.scatter(places.filter(frame.select(names).filter(alike).is_duplicated()), True)


def _without_repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """Each id and content once, with the earliest receipt."""
    several = repeated(frame, "id")
    if not several.any():
        return frame
    content = [name for name in frame.columns if name != "received"]
    once = frame.filter(several).group_by(content).agg(pl.col("received").min()).select(frame.columns)
    return pl.concat([frame.filter(~several), once])


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


def _clones(lines: Columns, end_us: int | None) -> list[Flaw]:
    """Numbers that a device has given to more than one id."""
    device, number = text_column("device"), json_column("device_seq")
    if not (lines.has(device) and lines.has(number)):
        return []
    frame = lines.frame
    alike = frame.filter(repeated(frame, device, number)).filter(pl.col(number).str.contains(_INTEGER))
    if end_us is not None:
        alike = alike.filter(pl.col("at") <= end_us)
    shared = alike.group_by(device, number).agg(pl.col("id").unique().sort(), pl.col("at").max())
    return [Flaw("clone", f"{one}/{seq}", at, tuple(ids)) for one, seq, ids, at in shared.rows() if len(ids) > 1]
