"""`listed`, `freeze` and `complete`: the list of persons, changes to it, and who was not handed over in time."""

from collections.abc import Iterator

import polars as pl

from safeconduct.clauses.batch.hearing import ANYTHING
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import list_changes
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.complete import Complete
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.listed import Listed
from safeconduct.kernel.times import format_duration


def judge_listed(_: Listed, day: Observed) -> Iterator[Found]:
    """Each event naming somebody who was not on the list by then."""
    events = day.events
    members = pl.DataFrame(
        [(one.id, one.since_us) for one in day.people.members.values()],
        schema={"person": pl.String, "since": pl.Int64},
        orient="row",
    )
    naming = events.frame.select("id", "type", "at", events.text("person").alias("person")).drop_nulls("person")
    naming = naming.filter(~pl.col("type").is_in(["added", "substituted", "held", "resumed", "aborted"])).join(
        members, on="person", how="left"
    )
    unknown = naming.filter(pl.col("since").is_null() | (pl.col("since") > pl.col("at")))
    for one, kind, at_us, person in unknown.select("id", "type", "at", "person").rows():
        expected = "expected reports on persons of the list only"
        seen = f"{kind} at {moment(at_us)} names somebody who was not on it"
        yield Found("unlisted", person, at_us, expected, seen, (one,), lacking=ANYTHING)


def judge_freeze(clause: Freeze, day: Observed) -> Iterator[Found]:
    """Each late change to the list that not every party agreed to."""
    frozen_us = day.plan.start_us - clause.before_us
    parties, intermediaries = set(day.agreement.parties), set(day.agreement.intermediaries)
    for change in list_changes(day.events, "added", "substituted", "withdrawn"):
        protected = change.type == "withdrawn" and change.ground == "protected" and change.by in intermediaries
        if change.at_us < frozen_us or parties <= change.agreed_by or protected:
            continue
        expected = f"expected no change to the list from {moment(frozen_us)}"
        expected += f" ({format_duration(clause.before_us)} before the start) unless every party agreed"
        seen = f"one was reported at {moment(change.at_us)}"
        yield Found("one-sided", change.person, change.at_us, expected, seen, (change.id,))


def judge_complete(clause: Complete, day: Observed) -> Iterator[Found]:
    """Each person due and not handed over in time."""
    for person in day.people.members:
        handover = day.handovers.get(person)
        if not day.people.is_due(person, clause.by_us) or (handover is not None and handover.at_us <= clause.by_us):
            continue
        expected = f"expected everybody due to be handed over by {moment(clause.by_us)}"
        seen = "one person was not" if handover is None else f"one person was only at {moment(handover.at_us)}"
        evidence = () if handover is None else (handover.id,)
        yield Found("outstanding", person, clause.by_us, expected, seen, evidence, deadline=True, lacking=ANYTHING)
