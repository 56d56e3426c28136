"""`response` and `precedence`: an event alone, and the same with its answer at the last moment, or the first."""

from collections.abc import Iterator
from itertools import islice, product, zip_longest

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.response import Response
from safeconduct.clauses.traces.example import Pair, Scene, Trace, passed, scene_of
from safeconduct.clauses.traces.solving import (
    PROPOSED_AT_MOST,
    Made,
    Wanted,
    make_events,
    moment_of,
    tied_moment,
    usual_seats,
)
from safeconduct.kernel.times import DAY_US, HOUR_US
from safeconduct.vocabulary.pattern import EventPattern

_SHOWN_AT_MOST_US = 3650 * DAY_US
"""A bound farther back than that is not shown by an example."""
_NEVER_EQUAL = "no report found that matches it is equal in 'same' to one that matches"


def response(clause: Response, agreement: Agreement) -> Iterator[Pair]:
    """What calls for an answer, without one; the answer at the deadline."""
    scene = scene_of(agreement, after_us=clause.within_us)
    expected = clause.expect + clause.discharged_by
    answers = _by_turns(
        _pairs(scene, clause.after, expected, clause.same, clause.within_us),
        _twins(scene, clause.after, expected, clause.same) if clause.within_us == 0 else iter(()),
    )
    flaw: tuple[str, str] | None = "expect", f"{_NEVER_EQUAL} 'after'"
    for at_us, made in islice(answers, PROPOSED_AT_MOST):
        event, answer = made.lines
        flaw, end_us = None, passed(at_us + clause.within_us, at_us)
        plan = scene.plan(*made.persons, start_us=at_us)
        yield Pair("missing", plan, Trace((event,), end_us), Trace((event, answer), end_us), "no answer")
    for at_us, made in _alone(scene, clause.after):
        end_us = passed(at_us + clause.within_us, at_us)
        plan = scene.plan(*made.persons, start_us=at_us)
        yield Pair("missing", plan, Trace(made.lines, end_us), Trace((), end_us), "no answer", flaw=flaw)


def precedence(clause: Precedence, agreement: Agreement) -> Iterator[Pair]:
    """What must be preceded, and nothing before; the same with the earliest that counts, or one at the same moment."""
    within_us = clause.within_us
    before_us = HOUR_US if within_us is None or within_us > _SHOWN_AT_MOST_US else within_us
    scene = scene_of(agreement, before_us=before_us)
    # Where what comes before must itself be preceded, only two of one moment can do it for each other.
    earliest, together = (_pairs(scene, clause.before, clause.expect, clause.same, -ago) for ago in (before_us, 0))
    proposed = _by_turns(earliest, together, _twins(scene, clause.before, clause.expect, clause.same))
    flaw: tuple[str, str] | None = "expect", f"{_NEVER_EQUAL} 'before'"
    for at_us, made in islice(proposed, PROPOSED_AT_MOST):
        event, earlier = made.lines
        flaw = None
        plan = scene.plan(*made.persons, start_us=at_us)
        yield Pair("missing", plan, Trace((event,), at_us), Trace((earlier, event), at_us), "nothing before")
    for at_us, made in _alone(scene, clause.before):
        plan = scene.plan(*made.persons, start_us=at_us)
        yield Pair("missing", plan, Trace(made.lines, at_us), Trace((), at_us), "nothing before", flaw=flaw)


def _pairs(
    scene: Scene,
    first: tuple[EventPattern, ...],
    second: tuple[EventPattern, ...],
    same: tuple[str, ...],
    later_us: int,
) -> Iterator[tuple[int, Made]]:
    """An event of the first patterns, and when, with one of the second, so much later, equal in `same`."""
    for one, other in product(first, second):
        other_tied_us = tied_moment(other)
        at_us = moment_of(one, scene.at_us if other_tied_us is None else other_tied_us - later_us)
        wanted = (Wanted("e1", one, at_us), Wanted("e2", other, moment_of(other, at_us + later_us)))
        for made in make_events(scene, wanted, usual_seats(wanted), same):
            yield at_us, made


def _twins(
    scene: Scene, first: tuple[EventPattern, ...], second: tuple[EventPattern, ...], same: tuple[str, ...]
) -> Iterator[tuple[int, Made]]:
    """Two events of one moment each of which matches both, and so answers the other."""
    for one, other in product(first, second):
        both = (EventPattern(one.conditions + other.conditions),)
        yield from _pairs(scene, both, both, same, 0)


def _by_turns(*several: Iterator[tuple[int, Made]]) -> Iterator[tuple[int, Made]]:
    for turn in zip_longest(*several):
        yield from (one for one in turn if one is not None)


def _alone(scene: Scene, patterns: tuple[EventPattern, ...]) -> Iterator[tuple[int, Made]]:
    for pattern in patterns:
        at_us = moment_of(pattern, scene.at_us)
        wanted = (Wanted("e1", pattern, at_us),)
        for made in make_events(scene, wanted, usual_seats(wanted)):
            yield at_us, made
