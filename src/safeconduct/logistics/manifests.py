"""From counts to names: who rides on which vehicle, and the plan written out.

Persons alike are taken in the order of `ref` wherever some of them go first (loading, handover, departure home): a rule
that anybody can check and that favours nobody.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from safeconduct.kernel.times import MINUTE_US
from safeconduct.logistics.passengers import Passenger
from safeconduct.logistics.plan import Batch, Device, Leg, Place, Plan, PlannedPerson, Vehicle
from safeconduct.logistics.roads import RoadNetwork
from safeconduct.logistics.schedule import Group, Make, Schedule, Task
from safeconduct.logistics.sites import Sites


@dataclass
class _Journey:
    """One vehicle's way to the exchange point and, if it takes anybody there, home."""

    vehicle: str
    at: str
    origin: str
    """Where it loads; empty: it comes straight and empty."""
    arrival: int
    aboard: list[str] = field(default_factory=list)
    end: str = ""
    """Where those aboard on the way home leave it."""
    departure: int = 0
    aboard_home: list[str] = field(default_factory=list)


def write_out(
    sites: Sites, passengers: Sequence[Passenger], roads: RoadNetwork, task: Task, schedule: Schedule, agreement: str
) -> Plan:
    """The plan that a schedule for these passengers, sorted by ref, means."""
    journeys, batch_of = _assign(passengers, task, schedule)
    legs = [leg for one in journeys for leg in _legs(one, sites, roads, task.boarding)]
    legs.sort(key=lambda leg: (leg.depart_us, leg.id))
    used = {leg.vehicle for leg in legs}
    return Plan(
        exchange=sites.exchange,
        agreement=agreement,
        start_us=sites.start_us,
        exchange_point=sites.exchange_point,
        places=tuple(
            Place(id=one.id, kind=one.kind, name=one.name if one.name != one.id else "", position=one.position)
            for one in sites.places.values()
        ),
        persons=tuple(
            PlannedPerson(
                id=one.ref,
                held_by=one.held_by,
                home=one.home,
                batch=_batch_id(batch_of[one.ref], task),
                custody=(
                    one.held_by,
                    *([sites.custodian] if sites.custodian else []),
                    one.home,
                    sites.receptions[one.home],
                ),
            )
            for one in passengers
        ),
        vehicles=tuple(
            Vehicle(id=one, kind=fleet.kind, operator=fleet.operator, seats=fleet.seats, stretchers=fleet.stretchers)
            for fleet in sites.fleets
            for one in fleet.vehicles
            if one in used
        ),
        legs=tuple(legs),
        batches=tuple(
            Batch(id=_batch_id(slot, task), handover_us=_instant_us(sites, handover))
            for slot, handover in enumerate(schedule.handovers)
        ),
        devices=tuple(_devices(sites, task, used)),
        trust_silence_us=sites.trust_silence_us,
    )


def _assign(passengers: Sequence[Passenger], task: Task, schedule: Schedule) -> tuple[list[_Journey], dict[str, int]]:
    """Every vehicle's journey, and the batch of each person, as the counts have it."""
    standing = [deque(kind.vehicles) for kind in task.classes]
    arrived: dict[Make, deque[_Journey]] = {make: deque() for make in task.makes}
    held: dict[tuple[str, str, bool], deque[str]] = {key: deque() for key in task.demands}
    for one in passengers:
        held[one.place, one.home, one.lying].append(one.ref)
    before: dict[Group, deque[str]] = {group: deque() for group in task.groups}
    after: dict[tuple[str, bool], deque[str]] = {key: deque() for key in task.returning}
    journeys: list[_Journey] = []
    batch_of: dict[str, int] = {}
    for slot, arrival in enumerate(schedule.arrivals):
        came: dict[Group, list[str]] = {group: [] for group in task.groups}
        for index, approach in enumerate(task.approaches):
            kind, count = task.classes[approach.vehicles], schedule.coming.get((index, slot), 0)
            convoy = [
                _Journey(standing[approach.vehicles].popleft(), kind.at, approach.origin, arrival) for _ in range(count)
            ]
            for lying in (True, False):
                loaded: list[str] = []
                for place, home, lies in task.demands:
                    if place == approach.origin and lies == lying:
                        refs = _take(held[place, home, lying], schedule.brought.get((index, slot, home, lying), 0))
                        came[task.held_by[place], home, lying].extend(refs)
                        loaded.extend(refs)
                for journey, share in zip(convoy, _shares(sorted(loaded), count), strict=True):
                    journey.aboard.extend(share)
            journeys.extend(convoy)
            arrived[kind.make].extend(convoy)
        for group, queue in before.items():
            queue.extend(sorted(came[group]))
        for home, lying in task.returning:
            released = [
                ref
                for group, queue in before.items()
                if group[1:] == (home, lying)
                for ref in _take(queue, schedule.handed_over.get((group, slot), 0))
            ]
            batch_of.update(dict.fromkeys(released, slot))
            after[home, lying].extend(sorted(released))
        for make in task.makes:
            home, count = make[0], schedule.going.get((make, slot), 0)
            convoy = [arrived[make].popleft() for _ in range(count)]
            for journey in convoy:
                journey.end, journey.departure = task.legs_end[home], schedule.departures[home, slot]
            for lying in (True, False):
                number = schedule.taken.get((make, slot, lying), 0)
                refs = _take(after[home, lying], number) if number else []
                for journey, share in zip(convoy, _shares(refs, count), strict=True):
                    journey.aboard_home.extend(share)
    return journeys, batch_of


def _legs(journey: _Journey, sites: Sites, roads: RoadNetwork, boarding: int) -> Iterator[Leg]:
    """The rides of one vehicle; none of those that would serve nobody."""
    rides: list[tuple[str, str, int, list[str]]] = []
    """From, to, minute of departure, persons."""
    point = sites.exchange_point
    if journey.aboard:
        departure = journey.arrival - roads.way(journey.origin, point).minutes
        if journey.at != journey.origin:
            drive = roads.way(journey.at, journey.origin).minutes
            rides.append((journey.at, journey.origin, departure - boarding - drive, []))
        rides.append((journey.origin, point, departure, journey.aboard))
    elif journey.aboard_home and journey.at != point:
        rides.append((journey.at, point, journey.arrival - roads.way(journey.at, point).minutes, []))
    if journey.aboard_home:
        rides.append((point, journey.end, journey.departure, journey.aboard_home))
    for number, (origin, destination, departure, persons) in enumerate(rides, 1):
        way = roads.way(origin, destination)
        yield Leg(
            id=f"{journey.vehicle}-{number}",
            vehicle=journey.vehicle,
            origin=origin,
            destination=destination,
            depart_us=_instant_us(sites, departure),
            arrive_us=_instant_us(sites, departure + way.minutes),
            persons=tuple(sorted(persons)),
            route=way.route,
        )


def _devices(sites: Sites, task: Task, used: set[str]) -> Iterator[Device]:
    """As the sites say; else one in each vehicle, and one with the staff of each place where custody passes."""
    if sites.devices is not None:
        for device in sites.devices:
            vehicles = tuple(one for one in device.vehicles if one in used)
            yield Device(id=device.id, vehicles=vehicles, places=device.places)
        return
    for fleet in sites.fleets:
        for vehicle in fleet.vehicles:
            if vehicle in used:
                yield Device(id=f"d-{vehicle}", vehicles=(vehicle,))
    for place in (sites.exchange_point, *sorted({sites.receptions[home] for home in task.legs_end})):
        yield Device(id=f"d-{place}", places=(place,))


def _take(queue: deque[str], count: int) -> list[str]:
    return [queue.popleft() for _ in range(count)]


def _shares(refs: list[str], count: int) -> list[list[str]]:
    """The refs on `count` vehicles, in order and as evenly as can be."""
    cuts = [len(refs) * number // count for number in range(count + 1)] if count else [0]
    return [refs[start:end] for start, end in pairwise(cuts)]


def _batch_id(slot: int, task: Task) -> str:
    return f"b{slot + 1:0{len(str(len(task.lasting)))}d}"


def _instant_us(sites: Sites, minute: int) -> int:
    return sites.start_us + minute * MINUTE_US
