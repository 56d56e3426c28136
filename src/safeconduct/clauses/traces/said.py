"""`deadline`, `reciprocity` and `concordance`: what is lacking of several, or said otherwise than before."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import islice, product

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.traces.example import CAMP, CROSSING, LEG, Line, Pair, Scene, Trace, passed, scene_of
from safeconduct.clauses.traces.solving import (
    PROPOSED_AT_MOST,
    Made,
    Seats,
    Wanted,
    asks_of_the_list,
    make_events,
    moment_of,
    of_persons_alone,
    seen_by_day,
    tied_moment,
    usual_seats,
)
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.logistics.plan import Leg
from safeconduct.vocabulary.pattern import Condition, EventPattern


def deadline(clause: Deadline, agreement: Agreement) -> Iterator[Pair]:
    """Nothing by the deadline, of parties nothing of one; the same at the last moment."""
    scene = _scene_of_deadline(clause, agreement)
    due_us = scene.at_us - clause.before_us
    until_us = passed(due_us, due_us - MINUTE_US)
    given = f"the plan starts at {format_instant(scene.at_us)}" if clause.by_us is None else ""
    owing = agreement.parties if clause.per == "party" else ("",)
    met = [next(_in_time(clause, scene, due_us, f"e{number}", one), None) for number, one in enumerate(owing, 1)]
    made = [one for one in met if one is not None]
    if len(made) < len(owing):
        return
    persons = {person.id: person for one in made for person in one.persons}
    *others, event = (one.lines[0] for one in made)
    plan = scene.plan(*persons.values(), legs=_legs(clause, scene, event))
    breaks, keeps = Trace(tuple(others), until_us), Trace((*others, event), until_us)
    yield Pair("missing", plan, breaks, keeps, _lacking(clause, owing[-1]), given)


def never_in_time(clause: Deadline, agreement: Agreement) -> str | None:
    """For whom no report found can keep the clause: a party, `a person on the list`, …, or, where it is asked once, an
    empty text; None: there is one for all."""
    scene = _scene_of_deadline(clause, agreement)
    due_us = scene.at_us - clause.before_us
    for one in agreement.parties if clause.per == "party" else (_OWED[clause.per],):
        if next(_in_time(clause, scene, due_us, "e1", one), None) is None:
            return one
    return None


_OWED = {"total": "", "person": "a person on the list", "vehicle": "a vehicle of the plan"}


def _scene_of_deadline(clause: Deadline, agreement: Agreement) -> Scene:
    return scene_of(agreement, before_us=clause.before_us) if clause.by_us is None else Scene(agreement, clause.by_us)


def _in_time(clause: Deadline, scene: Scene, due_us: int, line_id: str, party: str) -> Iterator[Made]:
    """A report that keeps the clause for a party, or for the one who is asked about."""
    for pattern in clause.expect:
        at_us = moment_of(pattern, due_us)
        if at_us > due_us:
            continue
        if clause.per == "party":
            pattern = EventPattern((*pattern.conditions, Condition("by", any_of=(party,))))
        wanted = (Wanted(line_id, pattern, at_us, clause.compared),)
        seats: list[Seats] = [(0,)] if clause.per == "person" else usual_seats(wanted)
        yield from islice(make_events(scene, wanted, seats), PROPOSED_AT_MOST)


def _legs(clause: Deadline, scene: Scene, event: Line) -> tuple[Leg, ...]:
    if clause.per != "vehicle":
        return ()
    return (
        Leg(
            id=LEG,
            vehicle=event["vehicle"],
            origin=CAMP,
            destination=CROSSING,
            depart_us=scene.at_us,
            arrive_us=scene.at_us + MINUTE_US,
        ),
    )


def _lacking(clause: Deadline, party: str) -> str:
    whom = {"total": "", "party": f" of {party}", "person": " of one person", "vehicle": " of one vehicle"}[clause.per]
    return f"nothing{whom}"


def reciprocity(clause: Reciprocity, agreement: Agreement) -> Iterator[Pair]:
    """The first step, and no other; the others at the last moment."""
    flaw: tuple[str, str] | None = "each", "no reports found that match its patterns, one each, are equal in 'same'"
    for at_us, made in islice(_steps(clause, agreement), PROPOSED_AT_MOST):
        flaw = None
        yield _steps_pair(clause, agreement, at_us, made, None)
    for at_us, made in first_steps(clause, agreement):
        yield _steps_pair(clause, agreement, at_us, made, flaw)


def _steps_pair(
    clause: Reciprocity, agreement: Agreement, at_us: int, made: Made, flaw: tuple[str, str] | None
) -> Pair:
    scene = scene_of(agreement, after_us=clause.within_us)
    first, *others = made.lines
    until_us = passed(at_us + clause.within_us, at_us)
    keeps = Trace((first, *others) if others else (), until_us)
    return Pair(
        "one-sided",
        scene.plan(*made.persons, start_us=at_us),
        Trace((first,), until_us),
        keeps,
        "no other step",
        flaw=flaw,
    )


def _steps(clause: Reciprocity, agreement: Agreement) -> Iterator[tuple[int, Made]]:
    """A step for each pattern, in turn the first of all and when that was, the others as late as they may be."""
    scene = scene_of(agreement, after_us=clause.within_us)
    for begun in range(len(clause.each)):
        first, *others = (*clause.each[begun:], *clause.each[:begun])
        tied = [tied_us for one in others if (tied_us := tied_moment(one)) is not None]
        at_us = moment_of(first, max(tied) - clause.within_us if tied else scene.at_us)
        wanted = [Wanted("e1", first, at_us)]
        for number, one in enumerate(others, 2):
            wanted.append(Wanted(f"e{number}", one, moment_of(one, at_us + clause.within_us)))
        for made in islice(make_events(scene, wanted, _seats(wanted), clause.same), PROPOSED_AT_MOST):
            if not _is_every_step(clause, scene, made):
                yield at_us, made


def first_steps(clause: Reciprocity, agreement: Agreement) -> Iterator[tuple[int, Made]]:
    """A step alone, and when, that is not every step at once."""
    scene = scene_of(agreement, after_us=clause.within_us)
    for pattern in clause.each:
        at_us = moment_of(pattern, scene.at_us)
        wanted = (Wanted("e1", pattern, at_us),)
        for made in islice(make_events(scene, wanted, usual_seats(wanted)), PROPOSED_AT_MOST):
            if not _is_every_step(clause, scene, made):
                yield at_us, made


def _is_every_step(clause: Reciprocity, scene: Scene, made: Made) -> bool:
    """Whether the first event is all that is asked at once."""
    first = made.lines[0]
    event = seen_by_day(scene, scene.plan(*made.persons), (first,))[first["id"]]
    return all(one.matches(event.fields) for one in clause.each)


def _seats(wanted: Sequence[Wanted]) -> list[Seats]:
    """As usual for two; of more, those on the list where their patterns ask for it, all one person or each another."""
    if len(wanted) == 2:
        return usual_seats(wanted)
    asks = [asks_of_the_list(one.pattern) for one in wanted]
    must = [one_asks and of_persons_alone(one.pattern) for one, one_asks in zip(wanted, asks, strict=True)]
    seats: dict[Seats, None] = {
        tuple(0 if one else None for one in asks): None,
        tuple(sum(asks[:index]) if one else None for index, one in enumerate(asks)): None,
        tuple(0 for _ in asks): None,
        tuple(None for _ in asks): None,
    }
    return [one for one in seats if not any(a and b is None for a, b in zip(must, one, strict=True))]


def concordance(clause: Concordance, agreement: Agreement) -> Iterator[Pair]:
    """Two reports of one thing that differ; the same agreeing, or the first of them alone."""
    for scene, made in contradicting(clause, agreement):
        first, second = made.lines
        plan, until_us = scene.plan(*made.persons), _moment_us(second)
        breaks = Trace((first, second), until_us)
        said = {key: value for key, value in first.items() if key in clause.equal and key not in _TELLING_APART}
        kept = {key: value for key, value in second.items() if key not in clause.equal or key in _TELLING_APART}
        agreeing = {**kept, **{key: value for key, value in said.items() if key in second}}
        yield Pair("differs", plan, breaks, Trace((first, agreeing), until_us))
    for scene, made in contradicting(clause, agreement):
        first, second = made.lines
        yield Pair(
            "differs",
            scene.plan(*made.persons),
            Trace((first, second), _moment_us(second)),
            Trace((first,), _moment_us(second)),
        )


_TELLING_APART = ("id", "type", "at")


def contradicting(clause: Concordance, agreement: Agreement) -> Iterator[tuple[Scene, Made]]:
    """Two reports of one thing that say otherwise of it, one after the other."""
    scene = scene_of(agreement, after_us=MINUTE_US)
    for field, one, other in product(clause.equal, clause.of, clause.of):
        if field not in clause.same:
            for made in islice(_otherwise(clause, scene, field, one, other), PROPOSED_AT_MOST):
                yield replace(scene, at_us=_moment_us(made.lines[0])), made


def _otherwise(clause: Concordance, scene: Scene, field: str, one: EventPattern, other: EventPattern) -> Iterator[Made]:
    """Reports, of one pattern each, that differ in a field."""
    asked, asked_other = ({condition.key for condition in pattern.conditions} for pattern in (one, other))
    needed = [key for key in clause.same if key not in asked | asked_other]
    fields, other_fields = (_with_fields((*needed, field), keys) for keys in (asked, asked_other))
    first_us = moment_of(one, scene.at_us)
    later_us = moment_of(other, first_us + MINUTE_US)
    first = Wanted("e1", one, first_us, fields)
    seats = usual_seats((first, Wanted("e2", other, later_us, other_fields)))
    for alone in islice(make_events(scene, (first,), usual_seats((first,))), _VALUES_AT_MOST):
        (event,) = seen_by_day(scene, scene.plan(*alone.persons), alone.lines).values()
        value = event.fields.get(field)
        scalars = tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, _SCALARS))
        if scalars:
            so = EventPattern((*one.conditions, Condition(field, any_of=scalars)))
            otherwise = EventPattern((*other.conditions, Condition(field, none_of=scalars)))
            wanted = Wanted("e1", so, first_us, fields), Wanted("e2", otherwise, later_us, other_fields)
            yield from make_events(scene, wanted, seats, clause.same)


_VALUES_AT_MOST = 3
_SCALARS = (str, int, float, bool)


def _with_fields(keys: Iterable[str], asked: Set[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key not in asked and key not in _TELLING_APART)


def _moment_us(event: Line) -> int:
    """When a report says that it happened."""
    return parse_instant(event["at"])
