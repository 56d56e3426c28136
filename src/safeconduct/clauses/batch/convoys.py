"""`convoy`: who is away from those with whom they set out."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from safeconduct.clauses.batch.distances import distance_m
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.roads import Position, positions_on_the_road
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.convoy import Convoy
from safeconduct.vocabulary.place import Point

_Planned = tuple[str, str, int]
"""From where, to where, when."""


@dataclass(frozen=True)
class _Driven:
    vehicle: str
    positions: list[Position]


def judge_convoy(clause: Convoy, day: Observed) -> Iterator[Found]:
    """Each time that a vehicle is away for too long."""
    vehicles: dict[_Planned, set[str]] = defaultdict(set)
    for one in day.plan.legs:
        vehicles[one.origin, one.destination, one.depart_us].add(one.vehicle)
    driven: dict[_Planned, list[_Driven]] = defaultdict(list)
    for stretch, positions in positions_on_the_road(day):
        leg = stretch.leg
        if leg is not None and len(vehicles[leg.origin, leg.destination, leg.depart_us]) > 1:
            there = _Driven(stretch.departure.vehicle, positions)
            driven[leg.origin, leg.destination, leg.depart_us].append(there)
    for planned, convoy in driven.items():
        lacking = Lacking(frozenset(vehicles[planned]), frozenset({planned[1]}))
        for each in convoy:
            yield from _away(clause, each, convoy, lacking)


def _away(clause: Convoy, one: _Driven, convoy: list[_Driven], lacking: Lacking) -> Iterator[Found]:
    away: list[Position] = []
    told = False
    for position in one.positions:
        others = _elsewhere(clause, one, convoy, position)
        if not others:
            continue  # says nothing
        if one.vehicle in _most(clause, {one.vehicle: position.point} | others):
            away, told = [], False
            continue
        away.append(position)
        at_us = away[0].at_us + clause.grace_us
        if position.at_us >= at_us and not told:
            told = True
            expected = f"expected {one.vehicle} within {clause.apart_m:g} m of another of its convoy"
            evidence = tuple(dict.fromkeys((away[0].id, position.id)))
            seen = f"away from it since {moment(away[0].at_us)}"
            yield Found("apart", one.vehicle, at_us, expected, seen, evidence, lacking=lacking)


def _elsewhere(clause: Convoy, one: _Driven, convoy: list[_Driven], now: Position) -> dict[str, Point]:
    """The last place of each other vehicle that is known well enough."""
    last: dict[str, Position] = {}
    for other in convoy:
        number = bisect_right(other.positions, now.at_us, key=lambda position: position.at_us)
        if other.vehicle == one.vehicle or not number:
            continue
        position = other.positions[number - 1]
        known = last.get(other.vehicle)
        if known is None or (known.at_us, known.id) < (position.at_us, position.id):
            last[other.vehicle] = position
    return {vehicle: at.point for vehicle, at in last.items() if now.at_us - at.at_us <= clause.fresh_us}


def _most(clause: Convoy, points: dict[str, Point]) -> set[str]:
    """The vehicles that hang together in the largest number; of equal numbers, with the first of all ids."""
    groups: list[set[str]] = []
    for vehicle, point in points.items():
        near = {other for other, there in points.items() if distance_m(point, there) <= clause.apart_m}
        joined = [group for group in groups if group & near]
        groups = [group for group in groups if not group & near]
        groups.append({vehicle}.union(near, *joined))
    return min(groups, key=lambda group: (-len(group), min(group)))
