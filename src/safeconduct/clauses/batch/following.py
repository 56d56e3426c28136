"""`response` and `precedence`: what must follow, what must have come before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.matching import Patterns, Tie, comparable, matches, same_columns, subject_of
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.ordering import Numbers, ordered
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.response import Response
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.times import format_duration

Flags = npt.NDArray[np.bool_]


def judge_response(clause: Response, day: Observed) -> Iterator[Found]:
    """Each event matching `after` without another in time, matching `expect` or `discharged_by`."""
    line = _Line(day.events, clause.same, {"after": clause.after, "answer": clause.expect + clause.discharged_by})
    events, answers = line.role("after"), line.role("answer")
    # The first answer at or after each event; where that is the event itself, the next.
    place = np.searchsorted(line.keys[answers], line.keys[events], "left")
    place += _taken(answers, place) == events
    answer = _taken(answers, place)
    waited_us = np.where(line.same_group(answer, events), line.at_us[answer] - line.at_us[events], -1)
    missing = (waited_us < 0) | (waited_us > clause.within_us)
    wanted = any_of(clause.expect) + alike(clause.same)
    tie = Tie(clause.expect + clause.discharged_by, clause.same)
    for event, waited in zip(line.rows(events[missing]), waited_us[missing].tolist(), strict=True):
        due_us = event["at"] + clause.within_us
        next_one = "none came" if waited < 0 else f"the next came after {format_duration(waited)}"
        yield Found(
            "missing",
            subject_of(event, clause.same),
            due_us,
            f"expected {wanted} by {moment(due_us)}",
            f"{next_one} from {moment(event['at'])}",
            (event["id"],),
            deadline=True,
            lacking=tie.to(event),
        )


def judge_precedence(clause: Precedence, day: Observed) -> Iterator[Found]:
    """Each event matching `before` without another, matching `expect`, before it and not voided since."""
    roles = {"before": clause.before, "expect": clause.expect, "void": clause.voided_by}
    line = _Line(day.events, clause.same, roles)
    events, expected = line.role("before"), line.role("expect")
    # The last one expected at or before each event; where that is the event itself, the one before.
    place = np.searchsorted(line.keys[expected], line.keys[events], "right") - 1
    place -= _taken(expected, place) == events
    last = _taken(expected, place)
    ago_us = np.where(line.same_group(last, events), line.at_us[events] - line.at_us[last], -1)
    missing = ago_us < 0
    if clause.within_us is not None:
        missing |= ago_us > clause.within_us
    if clause.voided_by:
        missing |= ~missing & _voided(line, events, last)
    wanted = any_of(clause.expect) + alike(clause.same)
    tie = Tie(clause.expect, clause.same)
    for event, ago in zip(line.rows(events[missing]), ago_us[missing].tolist(), strict=True):
        within = "" if clause.within_us is None else f" within {format_duration(clause.within_us)}"
        yield Found(
            "missing",
            subject_of(event, clause.same),
            event["at"],
            f"expected {wanted}{within} before {moment(event['at'])}",
            "there was none" if ago < 0 else f"the last one, {format_duration(ago)} before, does not count",
            (event["id"],),
            lacking=tie.to(event),
        )


def _voided(line: "_Line", events: Numbers, last: Numbers) -> Flags:
    """Whether something voiding stands between each event and the moment of the last one expected, inclusive.

    Neither the event itself nor the one expected counts. Of several expected at that moment, one that is voiding
    itself is then the best: if it is the only voiding one, there is none besides it.
    """
    voids, both = line.role("void"), line.role("expect", "void")
    since, until = line.keys[last], line.keys[events]
    between = _count(line.keys[voids], since, until) - line.plays(events, "void")
    own = line.plays(events, "expect", "void") & (since == until)
    voiding_expected = _count(line.keys[both], since, since) - own
    voided: Flags = (between > 1) | ((between == 1) & (voiding_expected == 0))
    return voided


def _count(keys: Numbers, since: Numbers, until: Numbers) -> Numbers:
    """How many of the sorted keys lie between, inclusive."""
    return np.searchsorted(keys, until, "right") - np.searchsorted(keys, since, "left")


def _taken(positions: Numbers, places: Numbers) -> Numbers:
    """The position at each place of a list; -1 where there is no such place."""
    inside = (places >= 0) & (places < len(positions))
    if not len(positions):
        return np.full(len(places), -1)
    return np.where(inside, positions[np.where(inside, places, 0)], -1)


class _Line:
    """The events that play a part in a clause, ordered by what they must be equal in, then by time."""

    def __init__(self, events: Columns, same: Sequence[str], roles: Mapping[str, Patterns]) -> None:
        flags = [matches(events, patterns).alias(f"is {name}") for name, patterns in roles.items()]
        frame = events.frame.select("id", "at", *same_columns(events, same), *flags)
        frame = frame.filter(pl.any_horizontal(f"is {name}" for name in roles))
        fields = comparable(frame.drop("id", "at", *(one.name for one in flags)))
        at_us = frame["at"].to_numpy()
        ordering = ordered(fields, at_us)
        self.keys = ordering.keys
        self.at_us: Numbers = at_us[ordering.rows]
        self._groups = ordering.groups
        self._rows = ordering.rows
        self._frame = frame.drop(one.name for one in flags)
        self._flags = {name: frame[f"is {name}"].to_numpy()[ordering.rows] for name in roles}

    def role(self, *names: str) -> Numbers:
        """The positions of the events that play all these parts, ascending."""
        return np.flatnonzero(_all([self._flags[name] for name in names]))

    def plays(self, positions: Numbers, *names: str) -> Flags:
        """Whether the events at these positions play all these parts."""
        return _all([self._flags[name][positions] for name in names])

    def same_group(self, some: Numbers, others: Numbers) -> Flags:
        """Whether both are there (not -1) and equal."""
        same: Flags = (some >= 0) & (self._groups[some] == self._groups[others])
        return same

    def rows(self, positions: Numbers) -> list[dict[str, Any]]:
        """The events at these positions."""
        return self._frame[self._rows[positions]].to_dicts()


def _all(flags: list[Flags]) -> Flags:
    found: Flags = np.logical_and.reduce(flags)
    return found
