"""Who was aboard which vehicle, from when until when."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.people import NEVER_US


@dataclass(frozen=True)
class Ride:
    """A person aboard a vehicle at every t with since <= t < until."""

    person: str
    boarding: str
    """The id of the report."""
    since_us: int
    until_us: int


def read_rides(events: Columns) -> dict[str, list[Ride]]:
    """The rides in each vehicle."""
    rows = events.of_types("boarded", "alighted").rows("person", "vehicle")
    rides: dict[str, list[Ride]] = defaultdict(list)
    by_person: dict[str, list[tuple[str, str, int, str]]] = defaultdict(list)
    # Of one instant, "alighted" stands before "boarded", as it happens, in the alphabet too.
    for one, kind, at_us, person, vehicle in sorted(rows, key=lambda row: (row[2], row[1], row[0])):
        by_person[person].append((one, kind, at_us, vehicle))
    for person, own in by_person.items():
        for vehicle, ride in _follow(person, own):
            if ride.since_us < ride.until_us:
                rides[vehicle].append(ride)
    return rides


def _follow(person: str, reports: Iterable[tuple[str, str, int, str]]) -> Iterator[tuple[str, Ride]]:
    aboard: tuple[str, str, int] | None = None
    for one, kind, at_us, vehicle in reports:
        if kind == "boarded":
            if aboard is not None and aboard[0] == vehicle:
                continue
            if aboard is not None:
                yield aboard[0], Ride(person, aboard[1], aboard[2], at_us)
            aboard = vehicle, one, at_us
        elif aboard is not None and aboard[0] == vehicle:
            yield vehicle, Ride(person, aboard[1], aboard[2], at_us)
            aboard = None
    if aboard is not None:
        yield aboard[0], Ride(person, aboard[1], aboard[2], NEVER_US)


def aboard_at(rides: list[Ride], moments: Iterable[int]) -> Iterator[dict[str, Ride]]:
    """The rides that last at each moment, by person; the moments in rising order."""
    beginning = deque(sorted(rides, key=lambda one: one.since_us))
    ending = deque(sorted(rides, key=lambda one: one.until_us))
    aboard: dict[tuple[str, int], Ride] = {}
    for at_us in moments:
        while beginning and beginning[0].since_us <= at_us:
            ride = beginning.popleft()
            aboard[ride.person, ride.since_us] = ride
        while ending and ending[0].until_us <= at_us:
            ride = ending.popleft()
            del aboard[ride.person, ride.since_us]
        yield {ride.person: ride for ride in aboard.values()}
