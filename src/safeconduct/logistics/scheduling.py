"""Make the movement plan: persons and sites in, a plan that everybody can be moved by out, or what is short.

Each side's vehicles drive the persons whom it holds to the exchange point and, from there, the persons who return to it
to its reception. A vehicle makes one such journey; it drives empty from where it stands to where it loads.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.kernel.times import MINUTE_US, format_duration
from safeconduct.logistics.manifests import write_out
from safeconduct.logistics.passengers import Passenger
from safeconduct.logistics.plan import Plan
from safeconduct.logistics.roads import RoadNetwork
from safeconduct.logistics.schedule import Approach, Demand, Level, Shortage, Task, VehicleClass
from safeconduct.logistics.schedule_model import NotFound, solve
from safeconduct.logistics.sites import Sites


@dataclass(frozen=True)
class MadePlan:
    """A plan and how good it is."""

    plan: Plan
    levels: tuple[Level, ...]
    """What was made least, in order; a level that is not proven is the best found, and none follows it."""
    estimated: tuple[tuple[str, str], ...]
    """Drives of the plan, from and to, that rest on no described road."""


@dataclass(frozen=True)
class NoPlan:
    """There is none: one sentence that says which resource is short."""

    reason: str


def make_plan(sites: Sites, passengers: Sequence[Passenger], agreement: str) -> MadePlan | NoPlan:
    """The plan for these passengers; the same bytes for the same input, in any order of the passengers.

    The last handover is made as early as can be, then the longest wait at the exchange point as short, then the
    vehicles as few.
    """
    roads = RoadNetwork(sites)
    passengers = sorted(passengers)
    task = _task(sites, passengers, roads)
    missing = _missing(sites, task)
    if missing:
        return NoPlan(missing)
    try:
        schedule = solve(task)
    except NotFound:
        return NoPlan("no plan was found within the work allowed, nor a proof that there is none; give more vehicles")
    if isinstance(schedule, Shortage):
        return NoPlan(_explain(schedule, sites, task))
    plan = write_out(sites, passengers, roads, task, schedule, agreement)
    drives = sorted({(leg.origin, leg.destination) for leg in plan.legs})
    return MadePlan(plan, schedule.levels, tuple(drive for drive in drives if roads.way(*drive).estimated))


def _task(sites: Sites, passengers: Sequence[Passenger], roads: RoadNetwork) -> Task:
    demands: dict[Demand, int] = dict(sorted(Counter((one.place, one.home, one.lying) for one in passengers).items()))
    held_by = {one.place: one.held_by for one in passengers}
    held = Counter(one.held_by for one in passengers)
    batches = -(-max(held.values()) // sites.batch_size)
    sizes = {
        side: tuple(held[side] * (slot + 1) // batches - held[side] * slot // batches for slot in range(batches))
        for side in sorted(held)
    }
    lasting = tuple(
        _minutes(max(size[slot] for size in sizes.values()) * sites.handover_per_person_us) for slot in range(batches)
    )
    homes = sorted({one.home for one in passengers})
    opens = {
        site.id: -((sites.start_us - site.opens_us) // MINUTE_US)
        for site in sites.places.values()
        if site.opens_us is not None
    }
    classes = _classes(sites, {*held, *homes})
    boarding = _minutes(sites.boarding_us)
    return Task(
        classes=classes,
        approaches=tuple(_approaches(sites, classes, demands, held_by, opens, boarding, roads)),
        demands=demands,
        held_by=held_by,
        sizes=sizes,
        lasting=lasting,
        search=_minutes(sites.search_us),
        boarding=boarding,
        exchange_point=sites.exchange_point,
        drives_home={home: roads.way(sites.exchange_point, sites.legs_end[home]).minutes for home in homes},
        legs_end={home: sites.legs_end[home] for home in homes},
        opens=opens,
        closes={
            site.id: (site.closes_us - sites.start_us) // MINUTE_US
            for site in sites.places.values()
            if site.closes_us is not None
        },
        end=(sites.end_us - sites.start_us) // MINUTE_US if sites.end_us is not None else None,
    )


def _classes(sites: Sites, sides: set[str]) -> tuple[VehicleClass, ...]:
    """Vehicles alike, in the order of the file."""
    alike: dict[tuple[str, int, int, str], list[str]] = {}
    for fleet in sites.fleets:
        if fleet.operator in sides:
            alike.setdefault((fleet.operator, fleet.seats, fleet.stretchers, fleet.at), []).extend(fleet.vehicles)
    return tuple(VehicleClass(*key, tuple(vehicles)) for key, vehicles in alike.items())


def _approaches(
    sites: Sites,
    classes: Sequence[VehicleClass],
    demands: dict[Demand, int],
    held_by: dict[str, str],
    opens: dict[str, int],
    boarding: int,
    roads: RoadNetwork,
) -> list[Approach]:
    approaches: list[Approach] = []
    for index, kind in enumerate(classes):
        drive = roads.way(kind.at, sites.exchange_point).minutes
        approaches.append(Approach(index, "", drive, drive, drive))
        for place in sorted({place for place, _, lying in demands if (kind.stretchers if lying else kind.seats)}):
            if held_by[place] == kind.operator:
                empty, drive = roads.way(kind.at, place).minutes, roads.way(place, sites.exchange_point).minutes
                earliest = max(empty, opens.get(place, 0)) + boarding + drive
                approaches.append(Approach(index, place, earliest, drive, empty))
    return approaches


def _missing(sites: Sites, task: Task) -> str:
    """What is short in plain sums, told before anything is searched; empty if nothing is."""
    for lying in (True, False):
        what, resource = ("on stretchers", "stretchers") if lying else ("sitting", "seats")
        rooms: Counter[str] = Counter()
        for kind in task.classes:
            rooms[kind.operator] += (kind.stretchers if lying else kind.seats) * len(kind.vehicles)
        going: Counter[str] = Counter()
        for (held_by, _, lies), number in task.groups.items():
            going[held_by] += number * (lies == lying)
        for side, number in going.items():
            if number > rooms[side]:
                return (
                    f"{resource} are short on the way to the exchange point: {side} holds {number} persons who travel "
                    f"{what}, and its vehicles have {rooms[side]} {resource}."
                )
        for (home, lies), number in task.returning.items():
            if lies == lying and number > rooms[home]:
                return (
                    f"{resource} are short on the way home: {number} persons return to {home} {what}, and its vehicles "
                    f"have {rooms[home]} {resource}."
                )
    for home in task.legs_end:
        facility = sites.receptions[home]
        capacity = sites.places[facility].capacity
        arriving = sum(number for (party, _), number in task.returning.items() if party == home)
        if capacity is not None and arriving > capacity:
            return f"{sites.places[facility].name} takes in {capacity} persons, but {arriving} return to {home}."
    return ""


def _explain(shortage: Shortage, sites: Sites, task: Task) -> str:
    """The greatest shortage, as one sentence."""
    if shortage.uncarried:
        (place, _, lying), number = max(shortage.uncarried.items(), key=lambda item: (item[1], item[0]))
        held = sum(count for (camp, _, lies), count in task.demands.items() if (camp, lies) == (place, lying))
        where = (
            f"at {sites.places[place].name}: for {number} of the {held} persons whom {task.held_by[place]} holds there"
        )
    elif shortage.left_behind:
        (home, lying), number = max(shortage.left_behind.items(), key=lambda item: (item[1], item[0]))
        where = f"on the way home: for {number} of the {task.returning[home, lying]} persons who return to {home}"
    else:
        place, minutes = max(shortage.too_late.items(), key=lambda item: (item[1], item[0]))
        late = format_duration(minutes * MINUTE_US)
        if place:
            return f"the opening hours of {sites.places[place].name} are too short: it closes {late} too early."
        return f"the time allowed is too short: the exchange would have to end {late} later."
    return f"{'stretchers' if lying else 'seats'} are short {where}."


def _minutes(duration_us: int) -> int:
    """Whole minutes, rounded up."""
    return -(-duration_us // MINUTE_US)
