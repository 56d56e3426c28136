"""`corridor`, `reporting`, `stop`, `speed` and `convoy`: what a vehicle does on the way."""

from collections.abc import Iterator

import msgspec

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.convoy import Convoy
from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.reporting import Reporting
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop
from safeconduct.clauses.traces.example import (
    CAMP,
    CROSSING,
    JUST_US,
    VEHICLE,
    Line,
    Pair,
    Trace,
    line,
    passed,
    scene_of,
)
from safeconduct.clauses.traces.holding_back import point_away
from safeconduct.clauses.traces.riding import planned_leg
from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US
from safeconduct.vocabulary.place import Point, distance_m

_START = Point(30_000_000, 52_000_000)
_END = Point(30_000_000, 52_100_000)
_ON_THE_WAY_US = 10 * MINUTE_US


def corridor(clause: Corridor, agreement: Agreement) -> Iterator[Pair]:
    """Two positions off the route, so far apart in time; one inside between them."""
    away = point_away(_START, clause.buffer_m)
    if away is None:
        return
    scene = scene_of(agreement, after_us=clause.grace_us + HOUR_US)
    first_us = scene.at_us + _ON_THE_WAY_US
    last_us = first_us + clause.grace_us
    plan = scene.plan(legs=(planned_leg(scene.at_us, last_us + HOUR_US, route=(_START, _END)),))
    departed = _departed(scene.at_us)
    outside = _at("e2", first_us, away)
    off = f"{distance_m(_START, away):,.0f} m off the route"
    where = {"e2": off, "e3": "on the route", "e4": off}
    if clause.grace_us == 0:
        inside = _at("e2", first_us, _START)
        yield Pair(
            "outside",
            plan,
            Trace((departed, outside), last_us, where),
            Trace((departed, inside), last_us, {"e2": where["e3"]}),
        )
        return
    still = _at("e4", last_us, away)
    back = _at("e3", last_us - JUST_US if clause.grace_us > JUST_US else first_us, _START)
    yield Pair(
        "outside",
        plan,
        Trace((departed, outside, still), last_us, where),
        Trace((departed, outside, back, still), last_us, where),
    )


def reporting(clause: Reporting, agreement: Agreement) -> Iterator[Pair]:
    """A bus that leaves and is heard of no more; the same arriving at the last moment."""
    scene = scene_of(agreement, after_us=clause.every_us)
    last_us = scene.at_us + clause.every_us
    until_us = passed(last_us, scene.at_us)
    arrived = line("e2", "arrived", last_us, vehicle=VEHICLE, place=CROSSING)
    departed = _departed(scene.at_us)
    yield Pair(
        "silent",
        scene.plan(),
        Trace((departed,), until_us),
        Trace((departed, arrived), until_us),
        f"nothing of {VEHICLE}",
    )


def stop(clause: Stop, agreement: Agreement) -> Iterator[Pair]:
    """Two positions at one spot, just too far apart in time; at the bound."""
    scene = scene_of(agreement, after_us=clause.longest_us + HOUR_US)
    first_us = scene.at_us + _ON_THE_WAY_US
    last_us = first_us + clause.longest_us
    where = {"e2": "somewhere", "e3": "still there"}
    departed, first = _departed(scene.at_us), _at("e2", first_us, _START)
    yield Pair(
        "stopped",
        scene.plan(),
        Trace((departed, first, _at("e3", last_us + JUST_US, _START)), last_us + JUST_US, where),
        Trace((departed, first, _at("e3", last_us, _START)), last_us + JUST_US, where),
    )


def speed(clause: Speed, agreement: Agreement) -> Iterator[Pair]:
    """Two positions, a minute apart (less where that is enough to reach any place), the second too far away; at one
    spot."""
    scene = scene_of(agreement, after_us=HOUR_US)
    for later_us in (MINUTE_US, SECOND_US, JUST_US):
        reach_m = clause.tolerance_m + clause.fastest_kmh * later_us / HOUR_US * 1000
        away = point_away(_START, reach_m) if reach_m < _HALF_ROUND_M else None
        if away is None:
            continue
        last_us = scene.at_us + later_us
        first = _at("e1", scene.at_us, _START)
        where = {"e1": "somewhere", "e2": f"{distance_m(_START, away):,.0f} m from there"}
        yield Pair(
            "too-fast",
            scene.plan(),
            Trace((first, _at("e2", last_us, away)), last_us, where),
            Trace((first, _at("e2", last_us, _START)), last_us, where | {"e2": "still there"}),
        )


def convoy(clause: Convoy, agreement: Agreement) -> Iterator[Pair]:
    """Two buses that set out together, the second too far away, so far apart in time; at last beside the first."""
    away = point_away(_START, clause.apart_m)
    if away is None:
        return
    scene = scene_of(agreement, after_us=clause.grace_us + HOUR_US)
    first_us = scene.at_us + _ON_THE_WAY_US
    last_us = first_us + clause.grace_us
    leg = planned_leg(scene.at_us, last_us + HOUR_US)
    plan = scene.plan(legs=(leg, msgspec.structs.replace(leg, id=f"{leg.id}b", vehicle=_SECOND)))
    begun = (_departed(scene.at_us), line("e2", "departed", scene.at_us, vehicle=_SECOND, place=CAMP))
    beside, behind = _at("e3", first_us, _START), _at("e4", first_us, away, _SECOND)
    still = [] if clause.grace_us <= clause.fresh_us else [_at("e5", last_us, _START)]
    where = {"e3": "somewhere", "e4": f"{distance_m(_START, away):,.0f} m from there", "e5": "there"}
    where["e6"] = where["e4"]
    # Without grace one position apart is enough.
    last_id, before = ("e4", [*begun, beside]) if clause.grace_us == 0 else ("e6", [*begun, beside, behind, *still])
    breaks, keeps = ((*before, _at(last_id, last_us, point, _SECOND)) for point in (away, _START))
    rejoined = where | {last_id: f"beside {VEHICLE}"}
    yield Pair("apart", plan, Trace(breaks, last_us, where), Trace(keeps, last_us, rejoined))


_SECOND = "bus-2"
_HALF_ROUND_M = 20_000_000
"""No two places are farther apart, about."""


def _departed(at_us: int) -> Line:
    return line("e1", "departed", at_us, vehicle=VEHICLE, place=CAMP)


def _at(line_id: str, at_us: int, point: Point, vehicle: str = VEHICLE) -> Line:
    return line(line_id, "positioned", at_us, vehicle=vehicle, position=point.degrees())
