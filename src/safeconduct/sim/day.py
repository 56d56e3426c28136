"""What really happens on the day of the exchange, and what the devices record of it.

The world follows the plan with small natural variation, and with the troubles drawn for it. It knows no clause. Each
vehicle, batch and person draws from a stream of its own, so that a trouble changes what it touches and nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant
from safeconduct.logistics.plan import Batch, Leg, Plan, PlannedPerson
from safeconduct.sim.roadside import Road, devices_by_subject, facility_of
from safeconduct.sim.seeds import stream
from safeconduct.sim.troubles import Trouble

INTERMEDIARY = "NI"
POSITION_EVERY_US = 9 * MINUTE_US
CLOCK_EVERY_US = 30 * MINUTE_US
HANDOVER_STEP_US = 6 * SECOND_US
"""From one person of a side to the next at the exchange point."""


@dataclass(frozen=True)
class Report:
    """One event as recorded: its moment by the device's clock, and the event of the events file."""

    at_us: int
    event: dict[str, Any]

    @property
    def device(self) -> str:
        """The device that recorded it; empty for the intermediary's office."""
        return str(self.event.get("device", ""))


def live_day(
    plan: Plan, troubles: Sequence[Trouble], seed: int, *, until_us: int, clock_error_us: int = 0
) -> list[Report]:
    """The reports of a whole day, with nothing lost or delayed, by `at` then id; without `device_seq` so far.

    Until `until_us` every device tells the time every half hour and at the end. Each device's clock is off by up to
    `clock_error_us`. The same for the same arguments.
    """
    world = _World(plan, troubles, seed)
    world.interviews()
    turns: list[tuple[int, int, str, Leg | Batch]] = [(leg.depart_us, 1, leg.id, leg) for leg in plan.legs]
    turns += [(batch.handover_us, 0, batch.id, batch) for batch in plan.batches]
    for _, _, _, turn in sorted(turns, key=lambda one: one[:3]):
        if isinstance(turn, Leg):
            world.drive(turn)
        else:
            world.hand_over(turn)
    world.tell_families()
    world.publish()
    world.tell_time(until_us)
    return sorted(world.reports(clock_error_us), key=lambda report: (report.at_us, report.event["id"]))


class _World:
    def __init__(self, plan: Plan, troubles: Sequence[Trouble], seed: int) -> None:
        self.plan = plan
        self.seed = seed
        self.troubles = troubles
        self.by_vehicle, self.by_place = devices_by_subject(plan)
        self.happened: list[tuple[int, str, dict[str, Any]]] = []
        """Moment, device, event."""
        self.persons = {person.id: person for person in plan.persons}
        self.where: dict[str, tuple[str, int]] = {}
        """Where a person stands, and from when; nowhere while never moved."""
        self.standing: dict[str, int] = {}
        """From when a vehicle stands ready after its last leg."""
        self.handed_over: dict[str, int] = {}
        self.told: dict[str, int] = {}
        legs = sorted(plan.legs, key=lambda leg: (leg.depart_us, leg.id))
        self.last_leg = {person: leg.id for leg in legs for person in leg.persons}
        self.first_leg = {person: leg for leg in reversed(legs) for person in leg.persons}
        self.silent = [
            (one.device, one.at_us, one.at_us + one.lasting_us) for one in troubles if one.kind == "silent-tracker"
        ]

    def random(self, purpose: str) -> Random:
        """The stream of one thing in the world."""
        return stream(self.seed, f"day/{purpose}")

    def happens(self, at_us: int, kind: str, name: str, device: str, /, **fields: Any) -> None:
        """Something happens and is recorded, to the second, unless the device is off."""
        at_us -= at_us % SECOND_US
        if not any(device == off and start <= at_us <= end for off, start, end in self.silent):
            self.happened.append((at_us, device, {"id": f"{kind}/{name}", "type": kind, **fields}))

    def trouble(self, kind: str, subject: str) -> Trouble | None:
        """The trouble of this kind that concerns a person or leg."""
        for one in self.troubles:
            if one.kind == kind and (subject in one.persons or subject in one.legs):
                return one
        return None

    def interviews(self) -> None:
        """In the two days before, everyone is asked in private and examined."""
        for person in self.plan.persons:
            leg = self.first_leg.get(person.id)
            random = self.random(f"before/{person.id}")
            if leg is None:
                continue
            device = self.by_place.get(leg.origin, "")
            asked_us = self.plan.start_us - random.randint(14 * HOUR_US, 40 * HOUR_US)
            seen_us = self.plan.start_us - random.randint(2 * HOUR_US, 12 * HOUR_US)
            if self.trouble("missed-interview", person.id) is None:
                answer = {"person": person.id, "by": INTERMEDIARY, "result": "willing", "place": leg.origin}
                self.happens(asked_us, "consented", person.id, device, **answer)
            fit = {"person": person.id, "what": "fit-to-travel", "result": "fit", "place": leg.origin}
            self.happens(seen_us, "examined", f"{person.id}/fit-to-travel", device, **fit)

    def drive(self, leg: Leg) -> None:
        """Board, count, depart, travel, arrive, alight."""
        random = self.random(f"leg/{leg.id}")
        riders = self.riders(leg)
        ready_us = max((self.where[rider][1] for rider in riders if rider in self.where), default=0)
        standing_us = self.standing.get(leg.vehicle, 0)
        departs_us = max(leg.depart_us + random.randint(0, 90) * SECOND_US, ready_us, standing_us) + 2 * MINUTE_US
        delayed = self.trouble("delayed-side", leg.id)
        if delayed is not None:
            departs_us += delayed.lasting_us
        device = self.by_vehicle.get(leg.vehicle, "")
        for rider in riders:
            earliest_us = max(self.where.get(rider, ("", 0))[1], standing_us, departs_us - 15 * MINUTE_US)
            at_us = self.random(f"boarding/{leg.id}/{rider}").randint(earliest_us, departs_us - MINUTE_US)
            self.happens(
                at_us, "boarded", f"{leg.id}/{rider}", device, person=rider, vehicle=leg.vehicle, place=leg.origin
            )
        here = {"vehicle": leg.vehicle, "place": leg.origin}
        counted_us = departs_us - 30 * SECOND_US
        self.happens(counted_us, "counted", leg.id, device, count=len(riders), what="prisoners", **here)
        self.happens(departs_us, "departed", leg.id, device, **here)
        arrives_us = self.travel(leg, random, departs_us, device)
        there = {"vehicle": leg.vehicle, "place": leg.destination}
        self.happens(arrives_us, "arrived", leg.id, device, **there)
        for index, rider in enumerate(riders):
            at_us = arrives_us + (30 + 5 * index) * SECOND_US
            self.happens(at_us, "alighted", f"{leg.id}/{rider}", device, person=rider, **there)
            self.where[rider] = (leg.destination, at_us)
            if self.last_leg[rider] == leg.id or rider not in leg.persons:
                self.receive(rider, leg.destination, at_us)
        self.standing[leg.vehicle] = arrives_us + (30 + 5 * len(riders)) * SECOND_US

    def riders(self, leg: Leg) -> list[str]:
        """Who really gets on: those of the manifest who are there, less or more whoever takes the wrong vehicle."""
        riders = [person for person in leg.persons if self.is_here(person, leg)]
        for one in self.troubles:
            if one.kind == "wrong-bus" and leg.id in one.legs:
                right, _ = one.legs
                riders = (
                    [person for person in riders if person not in one.persons]
                    if leg.id == right
                    else [*riders, *one.persons]
                )
        return riders

    def is_here(self, person: str, leg: Leg) -> bool:
        """Whether the person stands where the leg begins."""
        if self.trouble("absent-person", person) is not None:
            return False
        if person in self.where:
            return self.where[person][0] == leg.origin
        return self.first_leg[person].id == leg.id

    def travel(self, leg: Leg, random: Random, departs_us: int, device: str) -> int:
        """Report positions on the way; when the vehicle arrives."""
        planned_us = leg.arrive_us - leg.depart_us
        driving_us = round(planned_us * (1 + max(-0.03, min(0.03, random.gauss(0, 0.012)))))
        breakdown = self.trouble("late-bus", leg.id)
        stopped_us = breakdown.lasting_us if breakdown is not None else 0
        stops_at_us = driving_us // 2
        road = Road(leg, self.plan)
        number, passed_us = 1, random.randint(MINUTE_US, POSITION_EVERY_US)
        while passed_us < driving_us + stopped_us:
            driven_us = min(passed_us, stops_at_us) + max(0, passed_us - stops_at_us - stopped_us)
            point = road.after(driven_us / driving_us)
            if point is not None:
                self.happens(
                    departs_us + passed_us,
                    "positioned",
                    f"{leg.id}/{number}",
                    device,
                    vehicle=leg.vehicle,
                    position=point.degrees(),
                )
            number += 1
            passed_us += POSITION_EVERY_US + random.randint(-MINUTE_US, MINUTE_US)
        return departs_us + driving_us + stopped_us

    def hand_over(self, batch: Batch) -> None:
        """At the exchange point, both sides at once, one person after the other; who comes late, later."""
        queues: dict[str, list[PlannedPerson]] = {}
        for person in self.plan.persons:
            if person.batch == batch.id and self.where.get(person.id, ("", 0))[0] == self.plan.exchange_point:
                queues.setdefault(person.home, []).append(person)
        for home, queue in sorted(queues.items()):
            random = self.random(f"handover/{batch.id}/{home}")
            at_us = batch.handover_us + random.randint(5, 60) * SECOND_US
            for person in sorted(queue, key=lambda one: (self.where[one.id][1], one.id)):
                at_us = max(at_us, self.where[person.id][1] + MINUTE_US) + HANDOVER_STEP_US
                self.pass_to_home(person, at_us)

    def pass_to_home(self, person: PlannedPerson, at_us: int) -> None:
        """Identify the person, then offer and accept along the custody up to the home party."""
        random = self.random(f"person/{person.id}")
        point = self.plan.exchange_point
        device = self.by_place.get(point, "")
        known = {"person": person.id, "by": INTERMEDIARY, "result": "confirmed", "place": point}
        self.happens(at_us, "identified", person.id, device, **known)
        for step, (giver, taker) in enumerate(self.steps(person, to_home=True)):
            hands = {"person": person.id, "from": giver, "to": taker, "place": point}
            at_us += random.randint(6, 14) * SECOND_US
            if taker != person.home or self.trouble("custody-gap", person.id) is None:
                self.happens(at_us, "offered", f"{person.id}/{step}", device, **hands)
            at_us += random.randint(6, 20) * SECOND_US
            self.happens(at_us, "accepted", f"{person.id}/{step}", device, **hands)
        self.where[person.id] = (point, at_us)
        self.handed_over[person.id] = at_us
        if person.id not in self.last_leg:
            self.receive(person.id, point, at_us)

    def receive(self, rider: str, place: str, at_us: int) -> None:
        """The rest of the custody, where the person's journey ends, and the doctor."""
        person = self.persons.get(rider)
        if person is None or rider not in self.handed_over:
            return
        facility = facility_of(person, self.plan)
        if facility not in ("", place):
            at_us += self.onward_us(self.last_leg.get(rider, place))
            place = facility
            self.where[rider] = (place, at_us)
        random = self.random(f"arrival/{rider}")
        device = self.by_place.get(place, "")
        done = len(self.steps(person, to_home=True))
        for step, (giver, taker) in enumerate(self.steps(person, to_home=False), start=done):
            hands = {"person": rider, "from": giver, "to": taker, "place": place}
            at_us += random.randint(60, 480) * SECOND_US
            self.happens(at_us, "offered", f"{rider}/{step}", device, **hands)
            unanswered = self.trouble("unanswered-offer", rider)
            at_us += unanswered.lasting_us if unanswered is not None else random.randint(15, 90) * SECOND_US
            self.happens(at_us, "accepted", f"{rider}/{step}", device, **hands)
        late = self.trouble("late-examination", rider)
        at_us += late.lasting_us if late is not None else random.randint(15, 140) * MINUTE_US
        seen = {"person": rider, "what": "medical", "result": "done", "place": place}
        self.happens(at_us, "examined", f"{rider}/medical", device, **seen)

    def onward_us(self, leg: str) -> int:
        """From where the plan's legs end to a facility beyond: to wait, board and fly, together with all of one leg."""
        random = self.random(f"onward/{leg}")
        return random.randint(40, 75) * MINUTE_US + random.randint(110, 130) * MINUTE_US

    def steps(self, person: PlannedPerson, *, to_home: bool) -> list[tuple[str, str]]:
        """The pairs of custodians up to the home party, or after it."""
        at_home = person.custody.index(person.home) if person.home in person.custody else len(person.custody) - 1
        pairs = list(pairwise(person.custody))
        return pairs[:at_home] if to_home else pairs[at_home:]

    def tell_families(self) -> None:
        """The intermediary's office tells every family, also those whose person did not come."""
        handovers = {batch.id: batch.handover_us for batch in self.plan.batches}
        for person in self.plan.persons:
            random = self.random(f"family/{person.id}")
            known_us = self.handed_over.get(person.id)
            if known_us is None:
                known_us = handovers.get(person.batch, self.plan.start_us) + HOUR_US
            at_us = known_us + random.randint(12, 45) * MINUTE_US
            self.told[person.id] = at_us
            self.happens(at_us, "notified", f"family/{person.id}", "", person=person.id, who="family")

    def publish(self) -> None:
        """The intermediary announces the exchange when all families know; the parties follow, unless one is early."""
        random = self.random("publication")
        exchange = self.plan.exchange
        at_us = max(self.told.values(), default=self.plan.start_us) + random.randint(15, 30) * MINUTE_US
        self.happens(at_us, "notified", "icrc", "", who="icrc", subject=exchange)
        self.happens(at_us + MINUTE_US, "published", INTERMEDIARY, "", by=INTERMEDIARY, subject=exchange)
        early = {one.party: one.at_us for one in self.troubles if one.kind == "early-publication"}
        for party in sorted({person.home for person in self.plan.persons}):
            follows_us = at_us + random.randint(3, 25) * MINUTE_US
            self.happens(early.get(party, follows_us), "published", party, "", by=party, subject=exchange)

    def tell_time(self, until_us: int) -> None:
        """Each device says that it is there."""
        for device in sorted({*self.by_vehicle.values(), *self.by_place.values()}):
            offset_us = self.random(f"clock/{device}").randrange(CLOCK_EVERY_US)
            moments = [*range(self.plan.start_us + offset_us, until_us, CLOCK_EVERY_US), until_us]
            for number, at_us in enumerate(moments, start=1):
                self.happens(at_us, "clock", f"{device}/{number}", device)

    def reports(self, clock_error_us: int) -> Iterator[Report]:
        """What was recorded, by each device's own clock."""
        devices = sorted({device for _, device, _ in self.happened})
        seconds = clock_error_us // SECOND_US
        errors = {
            device: self.random(f"clock-error/{device}").randint(-seconds, seconds) * SECOND_US if device else 0
            for device in devices
        }
        for at_us, device, event in self.happened:
            recorded_us = at_us + errors[device]
            known = {"device": device} if device else {}
            head = {"id": event["id"], "type": event["type"], "at": format_instant(recorded_us), **known}
            yield Report(recorded_us, head | event)


def undelayed(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """The events as they would stand had each arrived the moment it happened: the measure of every delivery."""
    return [report.event | {"received_at": report.event["at"]} for report in reports]
