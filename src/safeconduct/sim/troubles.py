"""What can go wrong on the simulated day, and the drawing of it.

A trouble changes the world (`sim.day`) or the way of the reports (`sim.delivery`). It knows no clause: what ought to be
raised is for the evaluator to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.plan import Leg, Plan
from safeconduct.sim.roadside import facility_of


@dataclass(frozen=True)
class Trouble:
    """One thing that goes wrong."""

    kind: str
    what: str
    """A sentence for people; it names no person."""
    place: str
    at_us: int
    """When it begins, as far as the plan can tell."""
    lasting_us: int = 0
    persons: tuple[str, ...] = ()
    legs: tuple[str, ...] = ()
    vehicle: str = ""
    batch: str = ""
    party: str = ""
    device: str = ""
    event: str = ""

    def touches(self, plan: Plan) -> frozenset[str]:
        """What a deviation due to it may have as subject. Nothing is due to a report that is only late."""
        return frozenset() if self.kind == "late-report" else self.concerns(plan)

    def concerns(self, plan: Plan) -> frozenset[str]:
        """Its persons, vehicles, batch and event, its legs, and the later legs of the same vehicles and persons."""
        legs = [leg for leg in plan.legs if leg.id in self.legs]
        vehicles = {leg.vehicle for leg in legs} | {self.vehicle}
        persons = {person for leg in legs for person in leg.persons}
        later = {leg.id for leg in plan.legs if leg.vehicle in vehicles or not persons.isdisjoint(leg.persons)}
        return frozenset({*self.persons, *vehicles, *later, self.batch, self.event} - {""})


class _Scene:
    """The plan, and what of it already has its trouble: a person or a vehicle has at most one."""

    def __init__(self, random: Random, plan: Plan) -> None:
        self.random = random
        self.plan = plan
        self.handovers = {batch.id: batch.handover_us for batch in plan.batches}
        self.home = {person.id: person.home for person in plan.persons}
        self.batch = {person.id: person.batch for person in plan.persons}
        self.legs: dict[str, list[Leg]] = {}
        for leg in sorted(plan.legs, key=lambda one: (one.depart_us, one.id)):
            for person in leg.persons:
                self.legs.setdefault(person, []).append(leg)
        self.facility = {person.id: facility_of(person, plan) for person in plan.persons}
        self.taken: set[str] = set()

    def receiving(self, person: str, leg: Leg) -> str:
        """Where a person who rides home on this leg is taken in."""
        return self.facility[person] or leg.destination

    def outward(self) -> list[Leg]:
        """Legs with persons to the exchange point, untouched so far."""
        return [leg for leg in self._free_legs() if leg.destination == self.plan.exchange_point]

    def homeward(self) -> list[Leg]:
        """Legs with persons from the exchange point, untouched so far."""
        return [leg for leg in self._free_legs() if leg.origin == self.plan.exchange_point]

    def take_leg(self, leg: Leg) -> None:
        """Nothing else shall happen to this leg and its vehicle."""
        self.taken.update((leg.id, leg.vehicle))

    def person(self, legs: list[Leg]) -> tuple[str, Leg] | None:
        """Somebody on one of the legs, with the leg; from now on spared."""
        pairs = [(person, leg) for leg in legs for person in leg.persons if person not in self.taken]
        if not pairs:
            return None
        person, leg = self.random.choice(pairs)
        self.taken.add(person)
        return person, leg

    def _free_legs(self) -> list[Leg]:
        return [
            leg for leg in self.plan.legs if leg.persons and leg.id not in self.taken and leg.vehicle not in self.taken
        ]


def _delayed_side(scene: _Scene) -> Trouble | None:
    """Everyone whom one side brings for a batch leaves much later than planned."""
    sides = sorted({(scene.batch[one], scene.home[one]) for leg in scene.outward() for one in leg.persons} - {("", "")})
    sides = [(batch, home) for batch, home in sides if batch in scene.handovers]
    if not sides:
        return None
    last_us = max(scene.handovers[batch] for batch, _ in sides)
    batch, home = scene.random.choice([side for side in sides if scene.handovers[side[0]] == last_us])
    legs = [
        leg
        for leg in scene.outward()
        if any((scene.batch[one], scene.home[one]) == (batch, home) for one in leg.persons)
    ]
    for leg in legs:
        scene.take_leg(leg)
    first = min(legs, key=lambda leg: (leg.depart_us, leg.id))
    return Trouble(
        kind="delayed-side",
        what=f"The convoy that brings those returning to {home} for batch {batch} leaves late.",
        place=first.origin,
        at_us=first.depart_us,
        lasting_us=scene.random.randint(75, 100) * MINUTE_US,
        persons=tuple(sorted(one for leg in legs for one in leg.persons)),
        legs=tuple(sorted(leg.id for leg in legs)),
        batch=batch,
        party=home,
    )


def _late_bus(scene: _Scene) -> Trouble | None:
    """One vehicle breaks down on the road."""
    legs = [leg for leg in scene.outward() if leg.arrive_us - leg.depart_us >= 40 * MINUTE_US]
    if not legs:
        return None
    leg = scene.random.choice(legs)
    scene.take_leg(leg)
    return Trouble(
        kind="late-bus",
        what=f"{leg.vehicle} breaks down on its way from {leg.origin} and goes on after repair.",
        place=leg.origin,
        at_us=(leg.depart_us + leg.arrive_us) // 2,
        lasting_us=scene.random.randint(60, 85) * MINUTE_US,
        persons=tuple(sorted(leg.persons)),
        legs=(leg.id,),
        vehicle=leg.vehicle,
    )


def _absent_person(scene: _Scene) -> Trouble | None:
    """Somebody on the manifest is not brought."""
    found = scene.person(scene.outward())
    if found is None:
        return None
    person, leg = found
    return Trouble(
        kind="absent-person",
        what=f"A person on the manifest of {leg.vehicle} stays behind at {leg.origin}.",
        place=leg.origin,
        at_us=leg.depart_us,
        persons=(person,),
    )


def _wrong_bus(scene: _Scene) -> Trouble | None:
    """Somebody boards another vehicle that goes the same way at about the same time."""
    legs = scene.outward()
    choices = [
        (leg, other)
        for leg in legs
        for other in legs
        if other.vehicle != leg.vehicle
        and (other.origin, other.destination) == (leg.origin, leg.destination)
        and abs(other.depart_us - leg.depart_us) <= 5 * MINUTE_US
    ]
    if not choices:
        return None
    leg, other = scene.random.choice(choices)
    found = scene.person([leg])
    if found is None:
        return None
    return Trouble(
        kind="wrong-bus",
        what=f"A person of {leg.vehicle} boards {other.vehicle} at {leg.origin}.",
        place=leg.origin,
        at_us=leg.depart_us,
        persons=(found[0],),
        legs=(leg.id, other.id),
        vehicle=other.vehicle,
    )


def _custody_gap(scene: _Scene) -> Trouble | None:
    """At the exchange point the home side takes somebody over whom nobody had offered."""
    found = scene.person(scene.homeward())
    if found is None:
        return None
    person, leg = found
    return Trouble(
        kind="custody-gap",
        what=f"At {leg.origin} the home side takes a person over before the intermediary offers.",
        place=leg.origin,
        at_us=scene.handovers.get(scene.batch[person], leg.depart_us),
        persons=(person,),
    )


def _unanswered_offer(scene: _Scene) -> Trouble | None:
    """At the facility nobody signs for somebody for most of an hour."""
    found = scene.person(scene.homeward())
    if found is None:
        return None
    person, leg = found
    facility = scene.receiving(person, leg)
    return Trouble(
        kind="unanswered-offer",
        what=f"At {facility} nobody takes responsibility for an arrived person for a while.",
        place=facility,
        at_us=leg.arrive_us,
        lasting_us=scene.random.randint(40, 70) * MINUTE_US,
        persons=(person,),
    )


def _silent_tracker(scene: _Scene) -> Trouble | None:
    """The device of a vehicle records nothing for a stretch of the road."""
    legs = [
        leg
        for leg in scene.outward() + scene.homeward()
        if leg.arrive_us - leg.depart_us >= 40 * MINUTE_US and _device_of(scene.plan, leg.vehicle)
    ]
    if not legs:
        return None
    leg = scene.random.choice(legs)
    scene.take_leg(leg)
    road_us = leg.arrive_us - leg.depart_us
    lasting_us = min(scene.random.randint(28, 50) * MINUTE_US, road_us - 10 * MINUTE_US)
    return Trouble(
        kind="silent-tracker",
        what=f"The device of {leg.vehicle} is off for a stretch of the road from {leg.origin}.",
        place=leg.origin,
        at_us=leg.depart_us + (road_us - lasting_us) // 2,
        lasting_us=lasting_us,
        legs=(leg.id,),
        vehicle=leg.vehicle,
        device=_device_of(scene.plan, leg.vehicle),
    )


def _late_report(scene: _Scene) -> Trouble | None:
    """A device on the road has no network for hours; what it recorded arrives afterwards and clears it."""
    legs = [
        leg
        for leg in scene.outward() + scene.homeward()
        if leg.arrive_us - leg.depart_us >= 40 * MINUTE_US and _device_of(scene.plan, leg.vehicle)
    ]
    if not legs:
        return None
    leg = scene.random.choice(legs)
    scene.take_leg(leg)
    return Trouble(
        kind="late-report",
        what=f"The device of {leg.vehicle} is without network for hours and reports afterwards.",
        place=leg.origin,
        at_us=leg.depart_us + 6 * MINUTE_US,
        lasting_us=2 * HOUR_US + scene.random.randint(30, 80) * MINUTE_US,
        legs=(leg.id,),
        vehicle=leg.vehicle,
        device=_device_of(scene.plan, leg.vehicle),
    )


def _early_publication(scene: _Scene) -> Trouble | None:
    """One side announces the exchange while families are still being told."""
    parties = sorted(set(scene.home.values()) - scene.taken)
    if not parties:
        return None
    party = scene.random.choice(parties)
    scene.taken.add(party)
    last_us = max(scene.handovers.values(), default=scene.plan.start_us)
    return Trouble(
        kind="early-publication",
        what="One side announces the exchange while families are still being told.",
        place=scene.plan.exchange_point,
        at_us=last_us + scene.random.randint(2, 8) * MINUTE_US,
        party=party,
        event=f"published/{party}",
    )


def _late_examination(scene: _Scene) -> Trouble | None:
    """A facility comes to some of the arrived only after hours."""
    legs = scene.homeward()
    if not legs:
        return None
    leg = scene.random.choice(legs)
    persons = sorted(person for person in leg.persons if person not in scene.taken)[:3]
    if not persons:
        return None
    scene.taken.update(persons)
    facility = scene.receiving(persons[0], leg)
    return Trouble(
        kind="late-examination",
        what=f"At {facility} some of the arrived wait for a doctor for hours.",
        place=facility,
        at_us=leg.arrive_us,
        lasting_us=scene.random.randint(185, 215) * MINUTE_US,
        persons=tuple(persons),
    )


def _missed_interview(scene: _Scene) -> Trouble | None:
    """Somebody was never asked in private."""
    found = scene.person(scene.outward())
    if found is None:
        return None
    person, leg = found
    return Trouble(
        kind="missed-interview",
        what=f"At {leg.origin} a person is put on {leg.vehicle} without a private interview.",
        place=leg.origin,
        at_us=leg.depart_us,
        persons=(person,),
    )


_DRAWERS: dict[str, Callable[[_Scene], Trouble | None]] = {
    "absent-person": _absent_person,
    "wrong-bus": _wrong_bus,
    "custody-gap": _custody_gap,
    "unanswered-offer": _unanswered_offer,
    "late-examination": _late_examination,
    "missed-interview": _missed_interview,
    "early-publication": _early_publication,
    "delayed-side": _delayed_side,
    "late-bus": _late_bus,
    "silent-tracker": _silent_tracker,
    "late-report": _late_report,
}
TROUBLES = tuple(_DRAWERS)
"""Every kind of trouble, in the order in which they are drawn: those of single persons first, then of vehicles."""


def draw_troubles(random: Random, plan: Plan, counts: Mapping[str, int]) -> tuple[Trouble, ...]:
    """So many troubles of each kind, by the moment at which they begin; never two on one person, nor two on one
    vehicle.

    A kind for which the plan leaves no room is drawn less often, perhaps not at all.
    """
    scene = _Scene(random, plan)
    drawn = []
    for kind, draw in _DRAWERS.items():
        for _ in range(counts.get(kind, 0)):
            trouble = draw(scene)
            if trouble is not None:
                drawn.append(trouble)
    return tuple(sorted(drawn, key=lambda one: (one.at_us, one.kind, one.what)))


def _device_of(plan: Plan, vehicle: str) -> str:
    """The device that speaks for the vehicle; empty if there is none or more than one."""
    devices = [device.id for device in plan.devices or () if vehicle in device.vehicles]
    return devices[0] if len(devices) == 1 else ""
