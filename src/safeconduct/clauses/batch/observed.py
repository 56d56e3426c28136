"""A day as the audit sees it: the events that count, and what follows from them for every clause."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.batch.columns import Columns, json_column, text_column
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.clauses.batch.instants import written
from safeconduct.clauses.batch.people import People, read_people
from safeconduct.clauses.batch.rides import Ride, read_rides
from safeconduct.clauses.batch.trips import Trips, read_trips
from safeconduct.logistics.plan import Plan

_LISTED = ("home", "held_by", "batch")
"""Fields that an event has from the list."""


@dataclass(frozen=True, slots=True)
class Found:
    """One breach, as far as events tell it."""

    rule: str
    subject: str
    at_us: int
    expected: str
    """What should have been, as part of a sentence that names no person."""
    seen: str
    """What was seen instead; empty: nothing was."""
    evidence: tuple[str, ...]
    deadline: bool = False
    """It is missed only once the end of observation is later than `at_us`."""
    lacking: Lacking | None = None
    """The report that is lacking; None if the breach rests on reports alone."""


@dataclass(frozen=True)
class Handover:
    """A person's first acceptance by the home party."""

    id: str
    at_us: int


class Observed:
    """Plan, list and events of one day."""

    def __init__(self, agreement: Agreement, plan: Plan, events: Columns, keys: Collection[str]) -> None:
        """`keys`: the fields that the clauses speak of."""
        self.agreement = agreement
        self.plan = plan
        self.people: People = read_people(plan, agreement.parties, events)
        self._sifted = events
        self.events: Columns = self._with_persons(keys)

    @cached_property
    def trips(self) -> Trips:
        """Departures, arrivals, stretches."""
        return read_trips(self.plan, self._sifted)

    @cached_property
    def rides(self) -> dict[str, list[Ride]]:
        """Who was aboard, by vehicle."""
        return read_rides(self._sifted)

    @cached_property
    def handovers(self) -> dict[str, Handover]:
        """By person."""
        found: dict[str, Handover] = {}
        rows = self._sifted.of_types("accepted").rows("person", "to")
        for one, _, at_us, person, to in sorted(rows, key=lambda row: (row[2], row[0])):
            member = self.people.members.get(person)
            if member is not None and member.home == to:
                found.setdefault(person, Handover(one, at_us))
        return found

    def _with_persons(self, keys: Collection[str]) -> Columns:
        """The events with what the list says of their persons, where a clause asks for it."""
        events, frame = self._sifted, self._sifted.frame
        if "at" in keys:
            frame = frame.with_columns(written(frame["at"]).alias(text_column("at")))
        if not events.has(text_column("person")) or not {*_LISTED, "handover"} & set(keys):
            return Columns(frame)
        members = pl.DataFrame(
            [(one.id, one.home, one.held_by, one.batch or None) for one in self.people.members.values()],
            schema={"member": pl.String, **{f"member {key}": pl.String for key in _LISTED}},
            orient="row",
        )
        frame = frame.join(members, left_on=text_column("person"), right_on="member", how="left")
        columns: list[pl.Expr] = []
        for key in _LISTED:
            theirs = pl.col(f"member {key}")
            columns.append(pl.coalesce(theirs, events.text(key)).alias(text_column(key)))
            columns.append(pl.when(theirs.is_null()).then(events.json(key)).alias(json_column(key)))
        taken = (pl.col("type") == "accepted") & pl.col("member home").is_not_null()
        is_home = pl.when(events.text("to") == pl.col("member home")).then(pl.lit("true")).otherwise(pl.lit("false"))
        columns.append(pl.when(~taken).then(events.text("handover")).alias(text_column("handover")))
        columns.append(pl.when(taken).then(is_home).otherwise(events.json("handover")).alias(json_column("handover")))
        return Columns(frame.with_columns(columns).drop(f"member {key}" for key in _LISTED))
