"""The built-in clause `plan`: a movement plan must fit together before anybody sets out on it.

Meaning (docs/formats, "Plan phase"): ids that are nowhere (`unknown`), more persons than seats and stretchers
(`capacity`), a vehicle in two places (`two-places`), a person on two legs at once (`twice`), a person whom no chain of
legs brings from a holding place to the exchange point by the handover (`stranded`), a planned custody that is absent or
does not lead from the detaining power to the home party (`custody`), and legs that nobody can drive (`too-fast`).
"""

from collections.abc import Iterator
from itertools import pairwise

from safeconduct.clauses.deviation import OPEN, Deviation
from safeconduct.clauses.library import Terms
from safeconduct.clauses.page import PLAN as PLAN_PHASE
from safeconduct.clauses.page import KindPage, Rule
from safeconduct.clauses.watching import follow_plan
from safeconduct.kernel.times import HOUR_US, format_duration, format_instant
from safeconduct.logistics.nominal_trace import nominal_trace
from safeconduct.logistics.plan import Leg, Plan, PlannedPerson
from safeconduct.vocabulary.breach import Breach
from safeconduct.vocabulary.place import distance_m

PLAN = "plan"
"""The id and the kind of the clause."""
SEVERITY = "serious"
SPEED_MAX_M_PER_HOUR = 110_000
"""In a straight line."""


def check_plan(terms: Terms, plan: Plan) -> list[Deviation]:
    """All that `plan check` finds: the run-phase verdicts over the nominal trace, and those of the clause `plan`.

    In the order of at, clause, rule, subject.
    """
    found = follow_plan(terms, plan, nominal_trace(plan)) + deviations(plan)
    return sorted(found, key=lambda one: one.breach())


def breaches(plan: Plan) -> list[Breach]:
    """Every breach of the clause `plan`, sorted, each once."""
    return [deviation.breach() for deviation in deviations(plan)]


def deviations(plan: Plan) -> list[Deviation]:
    """Every breach of the clause `plan` with its sentence, which never holds a person's name or reference.

    The evidence is of the nominal trace. In the order of `breaches`.
    """
    found: dict[Breach, Deviation] = {}
    for rule in (_unknown, _capacity, _two_places, _twice, _stranded, _custody, _too_fast):
        for deviation in rule(plan):
            found.setdefault(deviation.breach(), deviation)
    return [found[breach] for breach in sorted(found)]


def _unknown(plan: Plan) -> Iterator[Deviation]:
    places = {place.id for place in plan.places}
    persons = {person.id for person in plan.persons}
    vehicles = {vehicle.id for vehicle in plan.vehicles}
    batches = {batch.id for batch in plan.batches}
    named: list[tuple[str, str]] = []
    """What is nowhere, and who names it."""

    def require(known: set[str], name: str, by: str) -> None:
        if name and name not in known:
            named.append((name, by))

    require(places, plan.exchange_point, "the exchange point")
    for person in plan.persons:
        require(batches, person.batch, "the batch of a person")
    for leg in plan.legs:
        require(vehicles, leg.vehicle, f"the vehicle of leg {leg.id}")
        require(places, leg.origin, f"the origin of leg {leg.id}")
        require(places, leg.destination, f"the destination of leg {leg.id}")
    for device in plan.devices or ():
        for vehicle in device.vehicles:
            require(vehicles, vehicle, f"a vehicle of device {device.id}")
        for place in device.places:
            require(places, place, f"a place of device {device.id}")
    for name, by in named:
        yield _deviation(plan.start_us, "unknown", name, f"{name} is nowhere in the plan, but is named as {by}.")
    for leg in plan.legs:
        for rider in leg.persons:
            if rider not in persons:
                message = f"Leg {leg.id} carries somebody who is not among the persons of the plan."
                yield _deviation(plan.start_us, "unknown", rider, message)


def _capacity(plan: Plan) -> Iterator[Deviation]:
    vehicles = {vehicle.id: vehicle for vehicle in plan.vehicles}
    for leg in plan.legs:
        vehicle = vehicles.get(leg.vehicle)
        if vehicle is not None and len(leg.persons) > vehicle.seats + vehicle.stretchers:
            excess = len(leg.persons) - vehicle.seats - vehicle.stretchers
            message = (
                f"Leg {leg.id} from {leg.origin} to {leg.destination} puts {len(leg.persons)} persons on {vehicle.id}, "
                f"which has {vehicle.seats} seats and {vehicle.stretchers} stretchers: {excess} too many."
            )
            yield _deviation(leg.depart_us, "capacity", leg.id, message, f"departed/{leg.id}")


def _two_places(plan: Plan) -> Iterator[Deviation]:
    legs: dict[str, list[Leg]] = {}
    for leg in _by_departure(plan.legs):
        legs.setdefault(leg.vehicle, []).append(leg)
    for vehicle, run in legs.items():
        for before, leg in pairwise(run):
            if leg.depart_us < before.arrive_us or leg.origin != before.destination:
                message = (
                    f"{vehicle} is to leave {leg.origin} at {format_instant(leg.depart_us)} on leg {leg.id}, but leg "
                    f"{before.id} of it ends at {before.destination} at {format_instant(before.arrive_us)}."
                )
                yield _deviation(
                    leg.depart_us, "two-places", vehicle, message, f"arrived/{before.id}", f"departed/{leg.id}"
                )


def _twice(plan: Plan) -> Iterator[Deviation]:
    for person, run in _rides(plan).items():
        running: Leg | None = None
        for leg in run:
            if running is not None and leg.depart_us < running.arrive_us:
                message = (
                    f"A person of leg {running.id}, which runs until {format_instant(running.arrive_us)}, is also to "
                    f"ride leg {leg.id} from {format_instant(leg.depart_us)}."
                )
                yield _deviation(
                    leg.depart_us,
                    "twice",
                    person,
                    message,
                    f"boarded/{running.id}/{person}",
                    f"boarded/{leg.id}/{person}",
                )
            if running is None or leg.arrive_us > running.arrive_us:
                running = leg


def _stranded(plan: Plan) -> Iterator[Deviation]:
    handovers = {batch.id: batch.handover_us for batch in plan.batches}
    holding = {place.id for place in plan.places if place.kind == "holding"}
    rides = _rides(plan)
    for person in plan.persons:
        handover_us = handovers.get(person.batch)
        if handover_us is None:
            continue
        run = [leg for leg in rides.get(person.id, ()) if leg.depart_us < handover_us]
        reason = _why_stranded(plan, run, holding, handover_us)
        if reason:
            message = (
                f"A person of batch {person.batch} does not reach {plan.exchange_point or 'the exchange point'} by the "
                f"handover at {format_instant(handover_us)}: {reason}."
            )
            yield _deviation(
                handover_us, "stranded", person.id, message, *(f"boarded/{leg.id}/{person.id}" for leg in run)
            )


def _why_stranded(plan: Plan, run: list[Leg], holding: set[str], handover_us: int) -> str:
    """What breaks the chain of legs; empty if it holds."""
    if not run:
        return "no leg carries them before it"
    if run[0].origin not in holding:
        return f"their first leg {run[0].id} begins at {run[0].origin}, which is no holding place"
    for before, leg in pairwise(run):
        if leg.origin != before.destination:
            return f"leg {leg.id} begins at {leg.origin}, but leg {before.id} ended at {before.destination}"
    last = run[-1]
    if last.destination != plan.exchange_point:
        return f"their last leg {last.id} ends at {last.destination}"
    if last.arrive_us > handover_us:
        late = format_duration(last.arrive_us - handover_us)
        return f"leg {last.id} arrives {late} too late, at {format_instant(last.arrive_us)}"
    return ""


def _custody(plan: Plan) -> Iterator[Deviation]:
    for person in plan.persons:
        reason = _why_no_custody(person)
        if reason:
            message = (
                f"The planned custody of a person whom {person.held_by} holds and {person.home} receives {reason}."
            )
            yield _deviation(plan.start_us, "custody", person.id, message)


def _why_no_custody(person: PlannedPerson) -> str:
    if not person.custody:
        return "is absent"
    if person.custody[0] != person.held_by:
        return f"begins with {person.custody[0]}"
    if person.home not in person.custody:
        return f"never comes to {person.home}"
    return ""


def _too_fast(plan: Plan) -> Iterator[Deviation]:
    positions = {place.id: place.position for place in plan.places}
    for leg in plan.legs:
        origin, destination = positions.get(leg.origin), positions.get(leg.destination)
        if origin is None or destination is None:
            continue
        straight_m, duration_us = distance_m(origin, destination), leg.arrive_us - leg.depart_us
        if straight_m * HOUR_US > SPEED_MAX_M_PER_HOUR * duration_us:
            speed = f"{straight_m * HOUR_US / duration_us / 1000:.0f} km/h" if duration_us else "in no time"
            message = (
                f"Leg {leg.id} from {leg.origin} to {leg.destination} is {straight_m / 1000:.1f} km in a straight line "
                f"within {format_duration(duration_us)} ({speed}); at most {SPEED_MAX_M_PER_HOUR // 1000} km/h is "
                "believed."
            )
            yield _deviation(leg.depart_us, "too-fast", leg.id, message, f"departed/{leg.id}", f"arrived/{leg.id}")


def _by_departure(legs: tuple[Leg, ...]) -> list[Leg]:
    """In the order of departure, then of the file."""
    return sorted(legs, key=lambda leg: leg.depart_us)


def _rides(plan: Plan) -> dict[str, list[Leg]]:
    """The legs of each person who rides any, by departure."""
    rides: dict[str, list[Leg]] = {}
    for leg in _by_departure(plan.legs):
        for person in leg.persons:
            rides.setdefault(person, []).append(leg)
    return rides


def _deviation(at_us: int, rule: str, subject: str, message: str, *evidence: str) -> Deviation:
    return Deviation(
        clause=PLAN,
        kind=PLAN,
        rule=rule,
        subject=subject,
        at=format_instant(at_us),
        severity=SEVERITY,
        status=OPEN,
        message=message,
        evidence=evidence,
    )


PLAN_PAGE = KindPage(
    kind="plan",
    summary="a movement plan must fit together before anybody sets out on it",
    judges=(PLAN_PHASE,),
    meaning=(
        "It stands in every agreement, unwritten, and is judged by `plan check`, beside the terms' own clauses over "
        "what would be reported if all went as planned: nothing is named that is nowhere, nobody rides where there "
        "is no seat or in two vehicles at once, no vehicle is in two places, a chain of legs brings everyone from a "
        "place of kind `holding` to the exchange point by the handover, custody is planned from the detaining power "
        "to the home party, and nobody has to drive faster than 110 km/h in a straight line. In what would be "
        "reported, custody passes at the handover as far as the home party, and beyond it at the arrival of the "
        "person's last leg, if that is later. The last leg is the one that departs last (of one moment, the one that "
        "stands last in the plan), even if another arrives later; two that overlap are told as `twice`."
    ),
    formula=(
        "for each leg l: |persons(l)| <= seats + stretchers; distance(l) <= 110 km/h · duration(l);\n"
        "for consecutive legs k, l of one vehicle: arrive(k) <= depart(l) AND to(k) = from(l); and so on, rule by rule"
    ),
    source=(
        "Transfer is humane and safe, with a complete list before departure (GC III, art. 46); the plan of "
        "repatriation is the Powers' duty and is made known to the prisoners (art. 118). The limit of 110 km/h is "
        "ours."
    ),
    duty=("Leg leg-1 from camp to crossing puts 2 persons on bus-1, which has 1 seats and 0 stretchers: 1 too many."),
    rules=(
        Rule("unknown", "the missing id", "the plan's start", "named in the plan, and nowhere in it"),
        Rule("capacity", "the leg", "its departure", "more persons than seats and stretchers"),
        Rule("two-places", "the vehicle", "the leg's departure", "it is to leave while elsewhere, or still on the way"),
        Rule("twice", "the person", "the leg's departure", "on a leg that begins while an earlier one still runs"),
        Rule("stranded", "the person", "the batch's handover", "no chain of legs leads to the exchange point by then"),
        Rule("custody", "the person", "the plan's start", "custody absent, or not from the holder to the home party"),
        Rule("too-fast", "the leg", "its departure", "faster than 110 km/h in a straight line"),
    ),
)
"""What the clause says of itself."""
