"""`claim`: what enough sources say."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from safeconduct.clauses.batch.columns import json_column, text_column
from safeconduct.clauses.batch.happenings import happenings_inside
from safeconduct.clauses.batch.matching import comparable, subject_of
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.wording import any_of

_Values = tuple[str | None, ...]
_SOURCES = (text_column("source"), json_column("source"))


def judge_claim(clause: Claim, day: Observed) -> Iterator[Found]:
    """Each claim that, with those of the same matter before it, has enough sources."""
    fields = tuple(dict.fromkeys((*clause.same, "source")))
    claims = sorted(happenings_inside(day, clause.of, clause.inside, fields), key=lambda one: one[0]["at"])
    matters: dict[_Values, list[tuple[int, _Values, dict[str, Any], str]]] = defaultdict(list)
    for (row, near), (matter, source) in zip(claims, _compared([row for row, _ in claims], clause.same), strict=True):
        matters[matter].append((row["at"], source, row, near))
    for alike in matters.values():
        for at_us, _, row, near in alike:
            since = bisect_left(alike, at_us - clause.within_us, key=lambda one: one[0])
            until = bisect_right(alike, at_us, key=lambda one: one[0])
            sources = len({source for _, source, _, _ in alike[since:until]})
            if sources >= clause.sources:
                yield Found(
                    "claimed",
                    subject_of(row, clause.same),
                    at_us,
                    f"expected none of: {any_of(clause.of)}",
                    f"{row['type']} at {moment(at_us)}{near}, as claimed, and not established, by {sources} source(s)",
                    (row["id"],),
                )


def _compared(rows: list[dict[str, Any]], same: tuple[str, ...]) -> Iterator[tuple[_Values, _Values]]:
    """Of each claim the matter and the source, so that equal ones are equal."""
    of_matter = [name for key in same for name in (text_column(key), json_column(key))]
    columns = {name: [row.get(name) for row in rows] for name in dict.fromkeys((*of_matter, *_SOURCES))}
    plain = comparable(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    for row in plain.iter_rows(named=True):
        yield tuple(row[name] for name in of_matter), tuple(row[name] for name in _SOURCES)
