"""Made plans move everybody, as a simulator that knows nothing of the model sees it, and end as early as can be."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import product
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.logistics.grounds import OTHER, Ground, grounds, minute

from safeconduct.clauses.plan import breaches
from safeconduct.logistics.passengers import Passenger
from safeconduct.logistics.plan import Batch, Leg, Plan, read_plan, write_plan
from safeconduct.logistics.scheduling import MadePlan, NoPlan, make_plan
from safeconduct.logistics.sites import Sites


def made(ground: Ground) -> MadePlan:
    """The plan that there must be."""
    outcome = make_plan(ground.sites(), ground.persons(), "a1")
    assert isinstance(outcome, MadePlan), outcome
    return outcome


def refused(ground: Ground) -> str:
    """Why there is no plan."""
    outcome = make_plan(ground.sites(), ground.persons(), "a1")
    assert isinstance(outcome, NoPlan)
    return outcome.reason


def live_through(plan: Plan, sites: Sites, persons: list[Passenger]) -> None:
    """Play the plan moment by moment; assert that nobody and nothing is ever where it cannot be."""
    known = {one.ref: one for one in persons}
    assert {one.id for one in plan.persons} == set(known)
    batch_of = {one.id: one.batch for one in plan.persons}
    makes = {one.id: one for one in plan.vehicles}
    stands = {one: fleet.at for fleet in sites.fleets for one in fleet.vehicles}
    is_at = {one.ref: one.place for one in persons}
    reached: dict[str, int] = {}
    handed_over: dict[str, int] = {}

    def depart(leg: Leg) -> None:
        assert leg.depart_us >= sites.start_us
        assert stands[leg.vehicle] == leg.origin
        make = makes[leg.vehicle]
        lying = sum(known[ref].lying for ref in leg.persons)
        assert lying <= make.stretchers
        assert len(leg.persons) - lying <= make.seats
        stands[leg.vehicle] = ""
        homeward = leg.origin == sites.exchange_point
        for ref in leg.persons:
            assert is_at[ref] == leg.origin
            assert make.operator == (known[ref].home if homeward else known[ref].held_by)
            assert (ref in handed_over) == homeward
            is_at[ref] = ""

    def arrive(leg: Leg) -> None:
        stands[leg.vehicle] = leg.destination
        for ref in leg.persons:
            is_at[ref] = leg.destination
            reached.setdefault(ref, leg.arrive_us)

    def hand_over(batch: Batch) -> None:
        for ref in (ref for ref, of in batch_of.items() if of == batch.id):
            assert is_at[ref] == sites.exchange_point
            assert batch.handover_us - reached[ref] >= sites.search_us
            assert ref not in handed_over
            handed_over[ref] = batch.handover_us

    moments: list[tuple[int, int, Callable[[], None]]] = [
        *((leg.arrive_us, 0, partial(arrive, leg)) for leg in plan.legs),
        *((batch.handover_us, 1, partial(hand_over, batch)) for batch in plan.batches),
        *((leg.depart_us, 2, partial(depart, leg)) for leg in plan.legs),
    ]
    for _, _, happen in sorted(moments, key=lambda one: one[:2]):
        happen()
    assert set(handed_over) == set(known)
    assert is_at == {one.ref: sites.legs_end[one.home] for one in persons}
    rides = Counter(ref for leg in plan.legs for ref in leg.persons)
    assert set(rides.values()) == {2}


def assert_batches_are_even(plan: Plan, batch_size: int) -> None:
    """Each side's persons are spread over the batches, none of which is too large or begins before the last is done."""
    for side in OTHER:
        sizes = Counter({batch.id: 0 for batch in plan.batches})
        sizes.update(one.batch for one in plan.persons if one.held_by == side)
        assert max(sizes.values()) <= batch_size
        assert max(sizes.values()) - min(sizes.values()) <= 1


def assert_arrivals_are_together(plan: Plan, sites: Sites) -> None:
    """Vehicles come at no more moments than there are batches, both sides at the same ones."""
    arrivals = {leg.arrive_us for leg in plan.legs if leg.destination == sites.exchange_point and leg.persons}
    assert len(arrivals) <= len(plan.batches)


@settings(max_examples=20)
@given(grounds(), st.randoms(use_true_random=False))
def test_made_plans_can_be_lived(ground: Ground, random: Random) -> None:
    """Everybody is moved, within seats and stretchers, both sides there before each batch; in any order of input."""
    sites, persons = ground.sites(), ground.persons()
    outcome = make_plan(sites, persons, "a1")
    if isinstance(outcome, NoPlan):
        event("no plan")
        assert outcome.reason.endswith(".")
        return
    event(f"{len(outcome.plan.batches)} batches")
    live_through(outcome.plan, sites, persons)
    assert_batches_are_even(outcome.plan, ground.batch_size)
    assert_arrivals_are_together(outcome.plan, sites)
    assert breaches(outcome.plan) == []
    source = write_plan(outcome.plan)
    assert read_plan("plan.json", source) == outcome.plan
    random.shuffle(persons)
    again = make_plan(sites, persons, "a1")
    assert isinstance(again, MadePlan)
    assert write_plan(again.plan) == source


def earliest_last_handover(ground: Ground) -> int | None:
    """The first level by trying every way for every vehicle to come; for at most two batches, with nobody lying."""
    sizes: dict[str, list[int]] = {}
    total = {side: sum(n for (camp, _), n in ground.held.items() if ground.camps[camp][0] == side) for side in OTHER}
    batches = -(-max(total.values()) // ground.batch_size)
    for side, number in total.items():
        sizes[side] = [number * (slot + 1) // batches - number * slot // batches for slot in range(batches)]
    lasting = [-(-max(sizes[side][slot] for side in OTHER) * ground.seconds_a_person // 60) for slot in range(batches)]
    options = [_arrivals(ground, side, sizes[side], total[OTHER[side]]) for side in OTHER]
    best = None
    for chosen in product(*options):
        ready, handover = 0, 0
        for slot in range(batches):
            ready = max([ready, *(arrivals[slot] for arrivals in chosen)])
            handover = max(ready + ground.search, handover + lasting[slot - 1] if slot else 0)
        best = handover if best is None else min(best, handover)
    return best


def _arrivals(ground: Ground, side: str, sizes: list[int], returning: int) -> set[tuple[int, ...]]:
    """For each way for this side's vehicles to bring everybody and to take everybody home: when each slot is there."""
    camps = {camp: minutes for camp, (of, minutes) in ground.camps.items() if of == side}
    to_point = {**camps, "X": 0}
    vehicles = [
        (seats, at) for operator, count, seats, _, at in ground.fleets if operator == side for _ in range(count)
    ]
    ways = [(origin, slot) for origin in [*camps, ""] for slot in range(len(sizes))]
    found: set[tuple[int, ...]] = set()
    for plan in product([None, *ways], repeat=len(vehicles)):
        moments = [0] * len(sizes)
        room = Counter[tuple[str, int]]()
        for (seats, at), way in zip(vehicles, plan, strict=True):
            if way is not None:
                origin, slot = way
                # Every road goes by way of X, so an empty drive between places is the sum of the two.
                empty = 0 if at == origin else to_point[at] + (to_point[origin] if origin else 0)
                arrival = empty + ground.boarding + to_point[origin] if origin else empty
                moments[slot] = max(moments[slot], arrival)
                room[origin, slot] += seats
        if sum(room.values()) < returning:
            continue
        brought = [
            sum(
                min(ground.held.get((camp, False), 0), sum(room[camp, one] for one in range(slot + 1)))
                for camp in camps
            )
            for slot in range(len(sizes))
        ]
        if all(brought[slot] >= sum(sizes[: slot + 1]) for slot in range(len(sizes))):
            found.add(tuple(moments))
    return found


@st.composite
def tiny_grounds(draw: st.DrawFn) -> Ground:
    """At most three vehicles a side and two batches, nobody lying: small enough to try everything."""
    camps: dict[str, tuple[str, int]] = {}
    fleets = []
    held = {}
    for side in OTHER:
        names = [f"{side}{number}" for number in range(draw(st.integers(1, 2)))]
        for name in names:
            camps[name] = side, draw(st.integers(5, 90))
            held[name, False] = draw(st.integers(1, 3))
        places = draw(st.lists(st.sampled_from([*names, "X"]), min_size=1, max_size=3))
        fleets += [(side, 1, draw(st.integers(1, 6)), 0, place) for place in places]
    most = max(
        sum(count for (camp, _), count in held.items() if ground_side == camps[camp][0]) for ground_side in OTHER
    )
    return Ground(
        camps,
        fleets,
        held,
        batch_size=draw(st.integers(-(-most // 2), 6)),
        search=draw(st.integers(0, 30)),
        seconds_a_person=draw(st.integers(0, 600)),
        boarding=draw(st.integers(0, 15)),
    )


@settings(max_examples=30)
@given(tiny_grounds())
def test_last_handover_is_the_earliest_of_all(ground: Ground) -> None:
    """No way of sending the vehicles hands the last batch over earlier, and none is overlooked."""
    expected = earliest_last_handover(ground)
    outcome = make_plan(ground.sites(), ground.persons(), "a1")
    event("a plan" if expected is not None else "no plan")
    if expected is None:
        assert isinstance(outcome, NoPlan)
        return
    assert isinstance(outcome, MadePlan), outcome
    assert outcome.levels[0].proven
    assert outcome.levels[0].value == expected
    assert minute(ground.sites(), outcome.plan.batches[-1].handover_us) == expected


def small() -> Ground:
    """Six for four: two buses a side stand where they load; 60 minutes from RU1, 90 from UA1."""
    return Ground(
        camps={"RU1": ("RU", 60), "UA1": ("UA", 90)},
        fleets=[("RU", 2, 3, 0, "RU1"), ("UA", 2, 3, 0, "UA1")],
        held={("RU1", False): 6, ("UA1", False): 4},
        batch_size=3,
    )


def test_times_of_a_small_plan() -> None:
    """Worked out by hand.

    UA1's buses board 10 minutes and drive 90: at X after 100. Search 20: handover at 120. Three persons take 3 minutes:
    the second batch at 123, so its buses may come at 103 and nobody waits longer than the search. Departures home 10
    minutes after a batch is done: 133 and 136.
    """
    ground = small()
    sites, outcome = ground.sites(), made(ground)
    assert [minute(sites, batch.handover_us) for batch in outcome.plan.batches] == [120, 123]
    assert [(level.name, level.value, level.proven) for level in outcome.levels] == [
        ("last handover", 123, True),
        ("longest wait at the exchange point", 20, True),
        ("vehicles", 4, True),
    ]
    inward = [leg for leg in outcome.plan.legs if leg.destination == "X"]
    assert {minute(sites, leg.depart_us) for leg in inward if leg.origin == "RU1"} == {40, 43}
    assert {minute(sites, leg.depart_us) for leg in inward if leg.origin == "UA1"} == {10, 13}
    homeward = [leg for leg in outcome.plan.legs if leg.origin == "X"]
    assert {minute(sites, leg.depart_us) for leg in homeward} == {133, 136}
    assert outcome.estimated == ()


def test_default_devices_cover_what_is_reported() -> None:
    """One in each vehicle used, one with the staff of the exchange point and of each reception."""
    plan = made(small()).plan
    assert plan.devices is not None
    assert {device.id for device in plan.devices} == {
        *(f"d-{vehicle.id}" for vehicle in plan.vehicles),
        "d-X",
        "d-home-RU",
        "d-home-UA",
    }


def test_unequal_sides_are_spread_in_proportion() -> None:
    """Six against four in two batches: three and three, two and two."""
    plan = made(small()).plan
    counts = Counter((one.batch, one.held_by) for one in plan.persons)
    assert counts == {("b1", "RU"): 3, ("b2", "RU"): 3, ("b1", "UA"): 2, ("b2", "UA"): 2}


def test_one_side_alone() -> None:
    """Persons of one side only: the other side's vehicles come empty to take them home."""
    ground = small()
    del ground.held["UA1", False]
    plan = made(ground).plan
    live_through(plan, ground.sites(), ground.persons())
    empty = [leg for leg in plan.legs if leg.vehicle.startswith("v1") and leg.destination == "X"]
    assert empty
    assert all(not leg.persons for leg in empty)


def test_opening_hours_are_kept() -> None:
    """RU1 opens at 04:00 (minute 120): boarding 10, drive 60, search 20: the first handover at minute 210."""
    ground = small()
    ground.hours["RU1"] = "opens = 2025-07-04T04:00:00Z"
    sites = ground.sites()
    assert minute(sites, made(ground).plan.batches[0].handover_us) == 210


def test_reception_that_opens_late_delays_the_departure_home() -> None:
    """home-UA, 45 minutes away, opens at minute 300: nobody leaves for it before 255."""
    ground = small()
    ground.hours["home-UA"] = "opens = 2025-07-04T07:00:00Z"
    sites = ground.sites()
    home = [leg for leg in made(ground).plan.legs if leg.destination == "home-UA"]
    assert min(minute(sites, leg.depart_us) for leg in home) == 255


def _without(fleet: int) -> Ground:
    ground = small()
    ground.fleets[fleet] = (*ground.fleets[fleet][:1], 1, *ground.fleets[fleet][2:])
    return ground


def _few_buses_home() -> Ground:
    ground = _without(1)
    ground.held["UA1", False] = 3
    return ground


def _lying() -> Ground:
    ground = small()
    ground.held["UA1", True] = 2
    return ground


def _closing(place: str, closes: str) -> Ground:
    ground = small()
    ground.hours[place] = f"closes = {closes}"
    return ground


def _scattered() -> Ground:
    ground = small()
    ground.camps["RU2"] = ("RU", 30)
    ground.held = {("RU1", False): 4, ("RU2", False): 1, ("UA1", False): 4}
    return ground


def _full() -> Ground:
    ground = small()
    ground.hours["home-UA"] = "capacity = 5"
    return ground


def _ending(end: str) -> Ground:
    ground = small()
    ground.exchange = f"end = {end}"
    return ground


@pytest.mark.parametrize(
    ("ground", "reason"),
    [
        (
            _without(0),
            "seats are short on the way to the exchange point: RU holds 6 persons who travel sitting, and its vehicles "
            "have 3 seats.",
        ),
        (
            _few_buses_home(),
            "seats are short on the way home: 6 persons return to UA sitting, and its vehicles have 3 seats.",
        ),
        (
            _lying(),
            "stretchers are short on the way to the exchange point: UA holds 2 persons who travel on stretchers, and "
            "its vehicles have 0 stretchers.",
        ),
        # Two buses, three seats each: both are needed at RU1 for four, or one there and one at RU2.
        (_scattered(), "seats are short at RU1: for 1 of the 4 persons whom RU holds there."),
        # The earliest end of the last batch is minute 123 + 3, and the buses leave ten minutes later: 136, 04:16.
        (_closing("X", "2025-07-04T04:06:00Z"), "the opening hours of X are too short: it closes 10m too early."),
        (_closing("X", "2025-07-04T04:15:00Z"), "the opening hours of X are too short: it closes 1m too early."),
        # The last to come home does so at minute 136 + 60: 05:16.
        (
            _ending("2025-07-04T05:15:00Z"),
            "the time allowed is too short: the exchange would have to end 1m later.",
        ),
        (_full(), "home-UA takes in 5 persons, but 6 return to UA."),
    ],
)
def test_no_plan_names_what_is_short(ground: Ground, reason: str) -> None:
    """One sentence, of the resource that is short and by how much."""
    assert refused(ground) == reason


@pytest.mark.parametrize("ground", [_closing("X", "2025-07-04T04:16:00Z"), _ending("2025-07-04T05:16:00Z")])
def test_hours_that_just_suffice(ground: Ground) -> None:
    """The last minute is still inside."""
    made(ground)
