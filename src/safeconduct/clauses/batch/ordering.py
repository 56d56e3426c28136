"""Rows in the order of what they are equal in, then of their time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from safeconduct.clauses.batch.sifting import hashed
from safeconduct.kernel.times import SECOND_US

Numbers = npt.NDArray[np.int64]

_BITS = 63
"""Of a number that is not negative."""


@dataclass(frozen=True)
class Ordering:
    """Rows in order."""

    rows: Numbers
    """Which row stands at each place."""
    keys: Numbers
    """A number for each place, ascending, that orders by group, then by time."""
    groups: Numbers
    """A number for each place: the same where the rows are equal."""


def ordered(fields: pl.DataFrame, at_us: Numbers) -> Ordering:
    """Put rows in order that are equal where all `fields` are (null being equal to null), each at its moment."""
    moments, bits = _moments(at_us)
    different = fields.n_unique() if fields.width else 1
    for numbers in _groupings(fields, _BITS - bits):
        unordered = numbers << bits | moments
        rows = pl.Series(unordered).arg_sort().to_numpy().astype(np.int64)
        keys = unordered[rows]
        groups = keys >> bits
        if np.count_nonzero(groups[1:] != groups[:-1]) + 1 >= different:
            break
    return Ordering(rows, keys, groups)


def _moments(at_us: Numbers) -> tuple[Numbers, int]:
    """The times as numbers in as few bits as need be, and in how many."""
    moments = at_us - (at_us.min() if len(at_us) else 0)
    if not (moments % SECOND_US).any():
        moments //= SECOND_US
    if _bits(moments) + len(at_us).bit_length() > _BITS:
        moments = np.unique(at_us, return_inverse=True)[1]
    return moments, _bits(moments)


def _bits(numbers: Numbers) -> int:
    return int(numbers.max(initial=0)).bit_length()


def _groupings(fields: pl.DataFrame, room: int) -> Iterator[Numbers]:
    """Numbers, the first of so many bits at most, the same where rows are equal; the last ones surely only there."""
    if not fields.width or not fields.height:
        yield np.zeros(fields.height, np.int64)
        return
    hashes = hashed(fields)
    if 2 * fields.height.bit_length() <= room:
        yield (hashes.to_numpy() >> np.uint64(64 - room)).astype(np.int64)
    yield hashes.rank("dense").to_numpy().astype(np.int64) - 1
    numbered = fields.unique().with_row_index("group")
    joined = fields.join(numbered, on=fields.columns, how="left", nulls_equal=True, maintain_order="left")
    yield joined["group"].to_numpy().astype(np.int64)
