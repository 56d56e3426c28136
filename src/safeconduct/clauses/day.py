"""The day as a clause sees it: the events that count, with what the plan adds to them, and what they amount to.

Everything is a function of the set of events and the plan; parts that no clause asks for are never computed.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.aboard import Aboard
from safeconduct.clauses.journeys import Departure, Journeys
from safeconduct.clauses.patterns import Patterns, types_of
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.roster import Roster
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.place import Point, parse_point

_CHANGES = ("added", "substituted", "withdrawn", "died")


Enriched = dict[Event, tuple[tuple[str, str, str], Event]]
"""Of each event (this very object) what the list said of its person, and the event with that added."""


class Planned(Protocol):
    """Plan and agreement, who is on the list and who is handed over."""

    @property
    def agreement(self) -> Agreement:
        """The header of the terms."""
        ...

    @property
    def plan(self) -> Plan:
        """The movement plan."""
        ...

    @property
    def roster(self) -> Roster:
        """The list."""
        ...

    @property
    def handed_over(self) -> Mapping[str, Event]:
        """Of each person who is ever on the list the first `accepted` by the home party."""
        ...

    def clock(self, at_us: int, /) -> str:
        """A moment for a person to read."""
        ...

    def describe(self, event: Event, /) -> str:
        """What happened, where and when."""
        ...


class Day(Phrasing):
    """The events that remain after the sift, over one plan."""

    def __init__(
        self, agreement: Agreement, plan: Plan, events: Iterable[Event], enriched: Enriched | None = None
    ) -> None:
        """`events` in the order of `at`, then id. `enriched` remembers between days over the same events."""
        super().__init__(plan.start_us)
        self.agreement = agreement
        self.plan = plan
        reported = tuple(events)
        changes = (event for event in reported if event.type in _CHANGES)
        self.roster = Roster(plan, agreement.parties, changes)
        memory: Enriched = {} if enriched is None else enriched
        self.events: tuple[Event, ...] = tuple(_enriched(event, self.roster, memory) for event in reported)
        """In the order of `at`, then id; those with a person of the list carry what the list says of them."""
        self._of_type: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            self._of_type[event.type].append(event)

    def of_types(self, *types: str) -> list[Event]:
        """The events of these types, in the order of `at`, then id."""
        groups = [self._of_type[kind] for kind in types if kind in self._of_type]
        if len(groups) == 1:
            return groups[0]
        return sorted((event for group in groups for event in group), key=lambda one: (one.at_us, one.id))

    def matching(self, patterns: Patterns) -> list[Event]:
        """The events that match any of the patterns, in the order of `at`, then id."""
        types = types_of(patterns)
        candidates: Iterable[Event] = self.events if types is None else self.of_types(*sorted(types))
        return [event for event in candidates if any(one.matches(event.fields) for one in patterns)]

    @cached_property
    def journeys(self) -> Journeys:
        """Departures and arrivals."""
        return Journeys(self.plan, self.of_types("departed", "arrived"))

    @cached_property
    def handed_over(self) -> dict[str, Event]:
        """Of each person who is ever on the list the first `accepted` by the home party."""
        first: dict[str, Event] = {}
        for event in self.of_types("accepted"):
            person = event.fields["person"]
            if event.fields.get("handover") is True and person in self.roster.members:
                first.setdefault(person, event)
        return first

    @cached_property
    def _naming_vehicle(self) -> dict[str, list[Event]]:
        naming: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            vehicle = event.fields.get("vehicle")
            if isinstance(vehicle, str):
                naming[vehicle].append(event)
        return naming

    def naming_vehicle(self, vehicle: str, start_us: int, end_us: int | None) -> list[Event]:
        """The events that name the vehicle from one moment to another, both inclusive."""
        events = self._naming_vehicle.get(vehicle, [])
        first = bisect_left(events, start_us, key=lambda one: one.at_us)
        last = len(events) if end_us is None else bisect_right(events, end_us, key=lambda one: one.at_us)
        return events[first:last]

    def positions(self, departure: Departure) -> list[tuple[Event, Point]]:
        """Where the vehicle was reported while en route, in the order of `at`, then id."""
        return [
            (event, parse_point(event.fields["position"]))
            for event in self.naming_vehicle(departure.vehicle, departure.at_us, departure.ended_us)
            if event.type == "positioned"
        ]

    def aboard(self) -> Aboard:
        """Who is aboard, to be followed from the beginning of the day."""
        return Aboard(self.of_types("boarded", "alighted"))

    def departures_with_persons(self) -> Iterator[tuple[Departure, dict[str, Event]]]:
        """Each departure with who is aboard at that moment, each person with the `boarded` that brought them there.

        The table is the running one: read it before going on to the next departure.
        """
        aboard = self.aboard()
        for departure in self.journeys.departures:
            aboard.follow_until(departure.at_us)
            yield departure, aboard.on(departure.vehicle)


def _enriched(event: Event, roster: Roster, memory: Enriched) -> Event:
    """The event with `home`, `held_by`, `batch` and, on `accepted`, `handover` as the list has them."""
    person = event.fields.get("person")
    member = roster.members.get(person) if isinstance(person, str) else None
    if member is None:
        return event
    said = (member.home, member.held_by, member.batch)
    known = memory.get(event)
    if known is not None and known[0] == said:
        return known[1]
    fields = dict(event.fields)
    for key, value in (("home", member.home), ("held_by", member.held_by), ("batch", member.batch)):
        if value:
            fields[key] = value
        else:
            fields.pop(key, None)
    if event.type == "accepted":
        fields["handover"] = fields["to"] == member.home
    made = Event(event.id, event.type, event.at_us, fields, event.received_us)
    memory[event] = said, made
    return made
