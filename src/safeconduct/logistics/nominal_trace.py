"""The nominal trace of a plan: what would be reported if all went exactly as planned."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from safeconduct.kernel.times import format_instant
from safeconduct.logistics.plan import Leg, Plan

# Of one instant: vehicles come in and empty, custody passes, vehicles fill and leave. No verdict depends on it.
_ORDER = ("arrived", "alighted", "offered", "accepted", "boarded", "departed")

_Report = tuple[int, dict[str, Any]]
"""The moment in microseconds, and the event."""


def nominal_trace(plan: Plan) -> list[dict[str, Any]]:
    """The events of a plan that goes as planned, as the events file writes them, in the order of `at`.

    For each leg, at its departure, its persons `boarded` and the vehicle `departed`; at its arrival the vehicle
    `arrived` and its persons `alighted`. At a batch's handover, at the exchange point, `offered` and `accepted` along
    each person's custody up to the home party; the rest of the custody at the later of the handover and the arrival of
    the person's last leg, where the person then is. Legs stand in the order of their departure, then of the file: of
    several the last is the one that departs last, whichever arrives last. Who has no batch of the plan passes into
    nobody's custody.

    `at` is RFC 3339 text. Ids: `departed/LEG`, `arrived/LEG`, `boarded/LEG/PERSON`, `alighted/LEG/PERSON`,
    `offered/PERSON/N`, `accepted/PERSON/N`, N from 0. No event names a device.
    """
    reports = [*_movements(plan), *_custody(plan)]
    reports.sort(key=lambda report: (report[0], _ORDER.index(report[1]["type"]), report[1]["id"]))
    return [event for _, event in reports]


def _movements(plan: Plan) -> Iterator[_Report]:
    for leg in plan.legs:
        origin = {"vehicle": leg.vehicle, "place": leg.origin}
        destination = {"vehicle": leg.vehicle, "place": leg.destination}
        yield _report("departed", leg.id, leg.depart_us, origin)
        yield _report("arrived", leg.id, leg.arrive_us, destination)
        for person in leg.persons:
            yield _report("boarded", f"{leg.id}/{person}", leg.depart_us, {"person": person, **origin})
            yield _report("alighted", f"{leg.id}/{person}", leg.arrive_us, {"person": person, **destination})


def _custody(plan: Plan) -> Iterator[_Report]:
    handovers = {batch.id: batch.handover_us for batch in plan.batches}
    last_legs: dict[str, Leg] = {}
    for leg in sorted(plan.legs, key=lambda leg: leg.depart_us):
        last_legs.update(dict.fromkeys(leg.persons, leg))
    for person in plan.persons:
        handover_us = handovers.get(person.batch)
        if handover_us is None:
            continue
        rest_us, rest_at = handover_us, plan.exchange_point
        last = last_legs.get(person.id)
        if last is not None and last.arrive_us > handover_us:
            rest_us, rest_at = last.arrive_us, last.destination
        custody = person.custody
        steps_to_home = custody.index(person.home) if person.home in custody else len(custody)
        for step, (giver, taker) in enumerate(pairwise(custody)):
            at_us, place = (handover_us, plan.exchange_point) if step < steps_to_home else (rest_us, rest_at)
            fields = {"person": person.id, "from": giver, "to": taker, "place": place}
            yield _report("offered", f"{person.id}/{step}", at_us, fields)
            yield _report("accepted", f"{person.id}/{step}", at_us, fields)


def _report(kind: str, subject: str, at_us: int, fields: dict[str, str]) -> _Report:
    return at_us, {"id": f"{kind}/{subject}", "type": kind, "at": format_instant(at_us), **fields}
