"""`deadline`, `reciprocity` and `concordance`: what was owed by a time, what all do, what is said of one thing."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from safeconduct.clauses.batch.columns import json_column, text_column
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.clauses.batch.matching import Tie, comparable, matches, same_columns, subject_of
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.times import format_duration

_NAMING = {"party": "by", "person": "person", "vehicle": "vehicle"}
"""Of each `per` but `total` the field that says for whom an event counts."""


def judge_deadline(clause: Deadline, day: Observed) -> Iterator[Found]:
    """Each who owed something by the deadline and for whom nothing had happened by then."""
    due_us = day.plan.start_us - clause.before_us if clause.by_us is None else clause.by_us
    whose = day.events.text(_NAMING[clause.per]) if clause.per in _NAMING else pl.lit(day.plan.exchange)
    matched = day.events.frame.filter(matches(day.events, clause.expect))
    matching = matched.select("at", whose.alias("whose"))
    if clause.per == "party":
        matching = pl.concat([matching, _by_several(matched.select("at", several=day.events.json(_NAMING["party"])))])
    done = set(matching.filter(pl.col("at") <= due_us)["whose"])
    for one in [one for one in _owing(clause, day, due_us) if one not in done]:
        late = matching.filter(pl.col("whose") == one)["at"].min()
        lacking = Tie(clause.expect).to({})
        yield Found(
            "missing",
            one,
            due_us,
            f"expected {any_of(clause.expect)} by {moment(due_us)}",
            "there was none" if late is None else "there was one only later",
            (),
            deadline=True,
            lacking=Lacking(frozenset([one]), lacking.places) if clause.per == "vehicle" else lacking,
        )


def _by_several(frame: pl.DataFrame) -> pl.DataFrame:
    """A row for each party that a report names in a list."""
    naming = frame.drop_nulls("several").iter_rows()
    rows = [
        (at_us, one)
        for at_us, several in naming
        if several.startswith("[")
        for one in json.loads(several)
        if isinstance(one, str)
    ]
    return pl.DataFrame(rows, {"at": pl.Int64, "whose": pl.String}, orient="row")


def _owing(clause: Deadline, day: Observed, due_us: int) -> list[str]:
    match clause.per:
        case "party":
            return list(day.agreement.parties)
        case "person":
            return [one for one in day.people.members if day.people.is_due(one, due_us)]
        case "vehicle":
            return sorted({leg.vehicle for leg in day.plan.legs})
        case _:
            return [day.plan.exchange]


def judge_reciprocity(clause: Reciprocity, day: Observed) -> Iterator[Found]:
    """Of events alike the first, where not every step was taken within the time after it."""
    events = day.events
    steps = [f"step {number}" for number in range(len(clause.each))]
    flags = [matches(events, (one,)).alias(name) for name, one in zip(steps, clause.each, strict=True)]
    frame = events.frame.select("id", "at", *same_columns(events, clause.same), *flags)
    frame = frame.filter(pl.any_horizontal(steps)).sort("at", "id")
    fields = comparable(frame.drop("id", "at", *steps))
    keys = [pl.Series(f"key {number}", column) for number, column in enumerate(fields.iter_columns())]
    # A column of its own, so that there is one to group by where `same` is empty.
    frame = frame.with_columns(pl.lit(0).alias("key"), *keys)
    grouped = frame.group_by("key", *(one.name for one in keys), maintain_order=True)
    taken = [pl.col("at").filter(pl.col(name)).min().alias(f"{name} at") for name in steps]
    for row in grouped.agg(pl.exclude("key", *(one.name for one in keys)).first(), *taken).iter_rows(named=True):
        due_us = row["at"] + clause.within_us
        times = [row[f"{name} at"] for name in steps]
        late = [one for one, at_us in zip(clause.each, times, strict=True) if at_us is None or at_us > due_us]
        if not late:
            continue
        yield Found(
            "one-sided",
            subject_of(row, clause.same),
            due_us,
            f"expected {' and '.join(any_of((one,)) for one in late)}{alike(clause.same)} by {moment(due_us)}",
            f"the first step was at {moment(row['at'])}, {format_duration(clause.within_us)} before",
            (row["id"],),
            deadline=True,
            lacking=Tie(late, clause.same).to(row),
        )


def judge_concordance(clause: Concordance, day: Observed) -> Iterator[Found]:
    """Each report that says otherwise than another of the same thing, at its moment or at the latest one before."""
    events = day.events
    fields = list(dict.fromkeys((*clause.same, *clause.equal)))
    frame = events.frame.select("id", "at", *same_columns(events, fields)).filter(matches(events, clause.of))
    if not all(_columns_of(frame, key) for key in clause.same):
        return
    frame = frame.filter(pl.all_horizontal(_is_there(frame, key) for key in clause.same))
    plain = comparable(frame)
    things = [name for key in clause.same for name in _columns_of(frame, key)]
    contradicted: dict[str, list[str]] = {}
    for key in clause.equal:
        names = _columns_of(plain, key)
        if not names:
            continue
        value = pl.concat_str([pl.lit(""), *(pl.lit(f"{name} ") + pl.col(name) for name in names)], ignore_nulls=True)
        said = plain.filter(_is_there(plain, key)).select("id", "at", *things, value.alias("value"))
        moments = said.group_by("at", *things).agg(pl.col("value").unique()).sort("at")
        before = pl.col("value").shift(1).over(things)
        both = pl.col("value").list.set_union(before.fill_null([]))
        moments = moments.filter(both.list.len() > 1)
        for one in said.join(moments, on=["at", *things], how="semi", nulls_equal=True)["id"]:
            contradicted.setdefault(one, []).append(key)
    rows: dict[str, dict[str, Any]] = {row["id"]: row for row in frame.iter_rows(named=True)}
    for one, keys in contradicted.items():
        row = rows[one]
        yield Found(
            "differs",
            subject_of(row, clause.same),
            row["at"],
            f"expected reports{alike(clause.same)} to agree in {', '.join(keys)}",
            f"the one of {moment(row['at'])} and another do not",
            (one,),
        )


def _columns_of(frame: pl.DataFrame, key: str) -> list[str]:
    return [name for name in (text_column(key), json_column(key)) if name in frame.columns]


def _is_there(frame: pl.DataFrame, key: str) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in _columns_of(frame, key)))
