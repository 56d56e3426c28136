"""`absence`, `claim` and `embargo`: an event that should not have been, and the same elsewhere, later, from one source
fewer, or after what must come first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from geographiclib.geodesic import Geodesic

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.absence import Absence
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.extent import Extent, Near
from safeconduct.clauses.patterns import Patterns
from safeconduct.clauses.phrasing import LAST_US
from safeconduct.clauses.traces.candidates import UNKNOWN_TYPE
from safeconduct.clauses.traces.example import JUST_US, Line, Pair, Scene, Trace, scene_of
from safeconduct.clauses.traces.solving import (
    PROPOSED_AT_MOST,
    Made,
    Seats,
    Wanted,
    make_events,
    moment_of,
    usual_seats,
)
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.plan import Place, PlannedPerson
from safeconduct.vocabulary.pattern import Condition, EventPattern
from safeconduct.vocabulary.place import Point, distance_m, parse_point


def absence(clause: Absence, agreement: Agreement) -> Iterator[Pair]:
    """What must not happen, where and when it first must not; the same farther away, or later, or not at all."""
    return _kept_outside("occurred", clause.never, clause.inside, agreement)


def _kept_outside(
    rule: str, patterns: Patterns, inside: Extent, agreement: Agreement, with_fields: tuple[str, ...] = ()
) -> Iterator[Pair]:
    scene = _scene_inside(inside, agreement)
    for pattern in patterns:
        scene = replace(scene, at_us=moment_of(pattern, scene.at_us))
        if inside.near:
            for made in _one(scene, pattern, (*with_fields, "position")):
                yield from _moved_away(rule, inside.near, scene, made)
        for made in _one(scene, pattern, with_fields):
            yield from _later_or_never(rule, inside, scene, made)


def _scene_inside(inside: Extent, agreement: Agreement) -> Scene:
    return Scene(agreement, inside.between_us[0]) if inside.between_us else scene_of(agreement)


def _one(scene: Scene, pattern: EventPattern, with_fields: tuple[str, ...]) -> Iterator[Made]:
    """An event of the pattern, at the scene's moment, with these fields beside those that the pattern asks for."""
    asked = {condition.key for condition in pattern.conditions}
    wanted = (Wanted("e1", pattern, scene.at_us, tuple(key for key in with_fields if key not in asked)),)
    return islice(make_events(scene, wanted, usual_seats(wanted)), PROPOSED_AT_MOST)


def _moved_away(rule: str, near: Near, scene: Scene, made: Made) -> Iterator[Pair]:
    (event,) = made.lines
    centre = parse_point(event["position"])
    outside = point_away(centre, near.radius_m)
    if outside is not None:
        plan = scene.plan(*made.persons, places=(Place(id=near.place, kind="exchange-point", position=centre),))
        moved = {**event, "position": outside.degrees()}
        away = {event["id"]: f"{distance_m(centre, outside):,.0f} m from {near.place}"}
        inside = {event["id"]: f"at {near.place}"}
        yield Pair(rule, plan, Trace((event,), scene.at_us, inside), Trace((moved,), scene.at_us, away))


def _later_or_never(rule: str, inside: Extent, scene: Scene, made: Made) -> Iterator[Pair]:
    (event,) = made.lines
    plan = scene.plan(*made.persons)
    if inside.between_us and inside.between_us[1] < LAST_US - JUST_US:
        after_us = inside.between_us[1] + JUST_US
        later = {**event, "at": format_instant(after_us)}
        yield Pair(rule, plan, Trace((event,), after_us), Trace((later,), after_us))
    yield Pair(rule, plan, Trace((event,), scene.at_us), Trace((), scene.at_us))


def claim(clause: Claim, agreement: Agreement) -> Iterator[Pair]:
    """Claims of as many sources as it takes, the last as late as it may be; the last of them farther away, or by a
    source that claimed it before. One source is enough: as for `absence`."""
    if clause.sources == 1:
        yield from _kept_outside("claimed", clause.of, clause.inside, agreement, _CLAIMED)
        return
    between_us, near = clause.inside.between_us, clause.inside.near
    scene = scene_of(agreement, after_us=clause.within_us) if between_us is None else Scene(agreement, between_us[0])
    for pattern in clause.of:
        first_us = moment_of(pattern, scene.at_us)
        last_us = first_us + clause.within_us
        last_us = moment_of(pattern, last_us if between_us is None else min(last_us, between_us[1]))
        for made in _one(scene, pattern, (*_CLAIMED, *(("position",) if near else ()))):
            claims = _claims(made.lines[0], [first_us] * (clause.sources - 1) + [last_us])
            before, last = claims[:-1], claims[-1]
            for pair in _moved_away("claimed", near, scene, replace(made, lines=(last,))) if near else ():
                where = {one["id"]: pair.breaks.where[last["id"]] for one in claims}
                keeps = Trace((*before, *pair.keeps.lines), last_us, {**where, **pair.keeps.where})
                yield replace(pair, breaks=Trace(tuple(claims), last_us, where), keeps=keeps)
            again = Trace((*before, {**last, "source": before[0]["source"]}), last_us)
            yield Pair("claimed", scene.plan(*made.persons), Trace(tuple(claims), last_us), again)


_CLAIMED = ("source", "confidence")


def _claims(event: Line, moments_us: Sequence[int]) -> list[Line]:
    """The same claimed by as many sources."""
    return [
        {**event, "id": f"e{number}", "at": format_instant(at_us), "source": f"observer-{number}"}
        for number, at_us in enumerate(moments_us, 1)
    ]


def point_away(centre: Point, distance_m: float, azimuth: float = 180.0) -> Point | None:
    """A position a little farther away than that; None if the globe has none."""
    longitude, latitude = centre.degrees()
    found = Geodesic.WGS84.Direct(latitude, longitude, azimuth, distance_m * 1.01 + 1)
    position = [round(found["lon2"], 6), round(found["lat2"], 6)]
    if Geodesic.WGS84.Inverse(latitude, longitude, position[1], position[0])["s12"] <= distance_m:
        return None
    return parse_point(position)


def embargo(clause: Embargo, agreement: Agreement) -> Iterator[Pair]:
    """What is held back, with one person on the list who still lacks everything; the same once nothing is lacking."""
    for pattern in clause.hold:
        scene = scene_of(agreement)
        scene = replace(scene, at_us=moment_of(pattern, scene.at_us))
        needed = [
            # What happens to a person on the list has what the list says of that person.
            Wanted(f"e{number}", both(one, clause.of), moment_of(one, scene.at_us), ("person",))
            for number, one in enumerate(clause.until_all, 2)
        ]
        held = Wanted("e1", pattern, scene.at_us)
        seats: list[Seats] = [(seat, *(0 for _ in needed)) for seat in (None, 0, 1)]
        flaw: tuple[str, str] | None = "until_all", "no report found that matches it can be one of a person on the list"
        for made in islice(make_events(scene, (held, *needed), seats), PROPOSED_AT_MOST):
            event, *before = made.lines
            flaw = None
            yield _embargo_pair(scene, made, event, (*before, event), None)
        for alone in islice(make_events(scene, (held,), [(None,), (0,)]), PROPOSED_AT_MOST):
            persons = {one.id: one for one in (*alone.persons, *_somebody(clause.of, scene))}
            yield _embargo_pair(scene, Made(tuple(persons.values()), alone.lines), alone.lines[0], (), flaw)


def both(one: EventPattern, other: EventPattern) -> EventPattern:
    """What matches both."""
    return EventPattern(one.conditions + other.conditions)


def _somebody(of: EventPattern, scene: Scene) -> tuple[PlannedPerson, ...]:
    """A person of the list for whom it must be so."""
    report = both(EventPattern((Condition("type", any_of=(UNKNOWN_TYPE,)),)), of)
    made = next(make_events(scene, (Wanted("e9", report, scene.at_us, ("person",)),), [(0,)]), None)
    return made.persons if made else ()


def _embargo_pair(scene: Scene, made: Made, event: Line, keeps: tuple[Line, ...], flaw: tuple[str, str] | None) -> Pair:
    return Pair(
        "early",
        scene.plan(*made.persons),
        Trace((event,), scene.at_us),
        Trace(keeps, scene.at_us),
        "not yet so for everyone on the list",
        flaw=flaw,
    )
