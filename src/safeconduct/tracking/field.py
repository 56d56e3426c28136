"""The field at a moment, kept up to date report by report: persons, vehicles, who is aboard what, incidents, conflicts.

Every answer is a function of the set of reports that count (`tracking.reports`), whatever the order, repetition and
batching of their arrival. Where reports contradict each other the answer follows a rule, and the conflict is told too.
"""

from dataclasses import dataclass

from safeconduct.tracking import persons, vehicles
from safeconduct.tracking.conflicts import Conflict
from safeconduct.tracking.persons import PersonFound, PersonReported, person_found, person_reported
from safeconduct.tracking.reports import Line
from safeconduct.tracking.vehicles import VehicleReported, vehicle_reported

_NOBODY = PersonReported()
_NOTHING = VehicleReported()


@dataclass(frozen=True, slots=True, order=True)
class Incident:
    """Something that happened on the way."""

    at_us: int
    event: str
    """The report's id."""
    what: str
    """shelling, drone, crowd, …; empty if the report does not say."""
    place: str
    claimed: bool = False
    """Somebody says so: the report names its source."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Of whom and what something else is said than before."""

    persons: frozenset[str]
    vehicles: frozenset[str]


class Field:
    """What the reports that count amount to. `take` every change, then `settle`."""

    def __init__(self) -> None:
        self._of_person: dict[str, list[Line]] = {}
        self._of_vehicle: dict[str, list[Line]] = {}
        self._persons: dict[str, PersonReported] = {}
        self._vehicles: dict[str, VehicleReported] = {}
        self._aboard: dict[str, set[str]] = {}
        self._incidents: dict[int, Incident] = {}
        self._contradicted: dict[tuple[str, str], tuple[Conflict, ...]] = {}
        """By kind of subject and subject; only where there are any."""
        self._changed_persons: set[str] = set()
        self._changed_vehicles: set[str] = set()

    def take(self, line: Line) -> None:
        """A report counts now and did not, or the other way round."""
        if line.type in persons.KINDS and isinstance(line.person, str):
            _keep(self._of_person.setdefault(line.person, []), line)
            self._changed_persons.add(line.person)
        if line.type in vehicles.KINDS and isinstance(line.vehicle, str):
            _keep(self._of_vehicle.setdefault(line.vehicle, []), line)
            self._changed_vehicles.add(line.vehicle)
        if line.type == "incident":
            if line.counts:
                what, place, claimed = _word(line.what), _word(line.place), line.source is not None
                self._incidents[id(line)] = Incident(line.at_us, line.id, what, place, claimed)
            else:
                self._incidents.pop(id(line), None)

    def settle(self) -> Changed:
        """Work out what the changes come to, and give of whom and what something else is said now."""
        changed_persons, self._changed_persons = self._changed_persons, set()
        changed_vehicles, self._changed_vehicles = self._changed_vehicles, set()
        for person in changed_persons:
            old, new = self.person(person), person_reported(person, self._of_person[person])
            self._persons[person] = new
            if old.vehicle != new.vehicle:
                if old.vehicle:
                    self._aboard[old.vehicle].discard(person)
                if new.vehicle:
                    self._aboard.setdefault(new.vehicle, set()).add(person)
            self._contradict("person", person, new.conflicts)
        for vehicle in changed_vehicles:
            reported = self._vehicles[vehicle] = vehicle_reported(vehicle, self._of_vehicle[vehicle])
            self._contradict("vehicle", vehicle, reported.conflicts)
        return Changed(frozenset(changed_persons), frozenset(changed_vehicles))

    def person(self, person: str) -> PersonReported:
        """Where a person is reported to be, and in whose custody."""
        return self._persons.get(person, _NOBODY)

    def found(self, person: str) -> PersonFound:
        """How a person's examinations, interview and identification ended."""
        return person_found(self._of_person.get(person, ()))

    def vehicle(self, vehicle: str) -> VehicleReported:
        """What is reported of a vehicle."""
        return self._vehicles.get(vehicle, _NOTHING)

    def aboard(self, vehicle: str) -> frozenset[str]:
        """Who is aboard a vehicle."""
        return frozenset(self._aboard.get(vehicle, ()))

    def incidents(self) -> tuple[Incident, ...]:
        """In the order of time."""
        return tuple(sorted(self._incidents.values()))

    def conflicts(self) -> tuple[Conflict, ...]:
        """Of persons and vehicles, in the order of time."""
        return tuple(sorted(one for conflicts in self._contradicted.values() for one in conflicts))

    def _contradict(self, kind: str, subject: str, conflicts: tuple[Conflict, ...]) -> None:
        if conflicts:
            self._contradicted[kind, subject] = conflicts
        else:
            self._contradicted.pop((kind, subject), None)


def _keep(lines: list[Line], line: Line) -> None:
    lines.append(line) if line.counts else lines.remove(line)


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
