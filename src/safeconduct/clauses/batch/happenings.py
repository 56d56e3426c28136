"""`absence` and `embargo`: what must not happen at all, and what must not happen yet."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from safeconduct.clauses.absence import Absence
from safeconduct.clauses.batch.distances import distance_m
from safeconduct.clauses.batch.hearing import ANYTHING
from safeconduct.clauses.batch.matching import Patterns, Tie, matches, same_columns, subject_of
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import NEVER_US, Member
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.extent import Extent
from safeconduct.clauses.wording import any_of
from safeconduct.vocabulary.place import Point, parse_point


def judge_absence(clause: Absence, day: Observed) -> Iterator[Found]:
    """Each event matching `never`, inside."""
    for row, near in happenings_inside(day, clause.never, clause.inside, clause.same):
        expected = f"expected none of: {any_of(clause.never)}"
        seen = f"{row['type']} at {moment(row['at'])}{near}"
        yield Found("occurred", subject_of(row, clause.same), row["at"], expected, seen, (row["id"],))


def happenings_inside(
    day: Observed, patterns: Patterns, inside: Extent, fields: Sequence[str]
) -> Iterator[tuple[dict[str, Any], str]]:
    """The events matching any of the patterns, at the time and near the place: `id`, `type`, `at` and the columns of
    these fields; with words that say how near. What cannot be measured counts as near."""
    events = day.events
    where = events.json("position").alias("_position"), events.text("place").alias("_place")
    frame = events.frame.select("id", "type", "at", *same_columns(events, fields), *where)
    frame = frame.filter(matches(events, patterns))
    if inside.between_us is not None:
        frame = frame.filter(pl.col("at").is_between(*inside.between_us))
    places = {place.id: place.position for place in day.plan.places}
    for row in frame.to_dicts():
        near = ""
        if inside.near is not None:
            position = position_of(row["_position"]) or places.get(row["_place"])
            centre = places.get(inside.near.place)
            if position is None or centre is None:
                near = f", where, as seen from {inside.near.place}, could not be measured"
            elif distance_m(position, centre) <= inside.near.radius_m:
                near = f" within {inside.near.radius_m:g} m of {inside.near.place}"
            else:
                continue
        yield row, near


def position_of(text: str | None) -> Point | None:
    """A position as its JSON text has it; None: it is none."""
    try:
        return None if text is None else parse_point(json.loads(text))
    except ValueError:
        return None


def _is_concerned(clause: Embargo, member: Member) -> bool:
    """Whether the person has all that `of` asks for."""
    has = {"person": member.id, "home": member.home, "held_by": member.held_by, "batch": member.batch}
    for condition in clause.of.conditions:
        value = has[condition.key]
        fits = value not in condition.none_of if condition.none_of else value in condition.any_of
        if not value or not fits:
            return False
    return True


def judge_embargo(clause: Embargo, day: Observed) -> Iterator[Found]:
    """Each event matching `hold` while somebody lacks one of `until_all`."""
    events, people = day.events, day.people
    done_us: dict[str, int] = {}
    for number, pattern in enumerate(clause.until_all):
        named = events.frame.select(events.text("person").alias("person"), "at").filter(matches(events, [pattern]))
        first = dict(named.drop_nulls().group_by("person").agg(pl.col("at").min()).rows())
        before = done_us if number else dict.fromkeys(people.members, -NEVER_US)
        done_us = {person: max(before[person], first.get(person, NEVER_US)) for person in people.members}
    waits = [
        (member.since_us, min(member.until_us, people.withdrawn_us.get(person, NEVER_US), done_us[person]))
        for person, member in people.members.items()
        if _is_concerned(clause, member)
    ]
    waits = [(since, until) for since, until in waits if since < until]
    begun, over = (np.sort(np.array([one[side] for one in waits], np.int64)) for side in (0, 1))
    held = events.frame.select("id", "type", "at").filter(matches(events, clause.hold))
    moments = held["at"].to_numpy()
    waiting = np.searchsorted(begun, moments, "right") - np.searchsorted(over, moments, "right")
    wanted = " and ".join(any_of((pattern,)) for pattern in clause.until_all)
    lacking = Tie(clause.until_all).to({}) if len(clause.until_all) == 1 else ANYTHING
    for (one, kind, at_us), persons in zip(held.rows(), waiting.tolist(), strict=True):
        if persons:
            expected = f"expected for everybody on the list first: {wanted}"
            seen = f"{kind} at {moment(at_us)}, while {persons} still waited"
            yield Found("early", one, at_us, expected, seen, (one,), lacking=lacking)
