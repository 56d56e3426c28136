"""Observations into entries: always taken, whenever they come; who may know each follows from the plan."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.entries import (
    REPORTED_AS,
    CareReported,
    CustodyReported,
    InterviewReported,
    ListChangeReported,
    MovementReported,
    PublicMatterReported,
    Report,
    TechnicalReported,
)
from safeconduct.tracking.events import Event as TrackedEvent

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Concerns:
    """Whom vehicles, legs and persons of a plan concern."""

    operators: Mapping[str, str]
    """Of each vehicle and of each leg, the side that operates it."""
    persons: Mapping[str, tuple[str, ...]]
    """Of each person, the detaining power and the home party."""
    homes: Mapping[str, str]
    devices: Mapping[str, frozenset[str]]
    """Of each device, the sides that operate the vehicles which it hears of."""
    holding: frozenset[str]
    """The places of detention: where they are is told to nobody by a report on a person."""
    mixed: frozenset[str]
    """The vehicles that are to set out together with vehicles of another side."""

    @classmethod
    def of_plan(cls, plan: Plan) -> "Concerns":
        """Read them off a plan."""
        vehicles = {vehicle.id: vehicle.operator for vehicle in plan.vehicles}
        legs = {leg.id: vehicles[leg.vehicle] for leg in plan.legs if leg.vehicle in vehicles}
        return cls(
            operators=legs | vehicles,
            persons={person.id: tuple(sorted({person.held_by, person.home})) for person in plan.persons},
            homes={person.id: person.home for person in plan.persons},
            devices={
                device.id: frozenset(vehicles[vehicle] for vehicle in device.vehicles if vehicle in vehicles)
                for device in plan.devices or ()
            },
            holding=frozenset(place.id for place in plan.places if place.kind == "holding"),
            mixed=frozenset(
                one.vehicle
                for one in plan.legs
                for other in plan.legs
                if (one.origin, one.destination, one.depart_us) == (other.origin, other.destination, other.depart_us)
                and vehicles.get(one.vehicle) != vehicles.get(other.vehicle)
            ),
        )

    def operator(self, vehicle: Any) -> tuple[str, ...]:
        """The side that operates a vehicle or leg; nobody for one that the plan lacks."""
        return (self.operators[vehicle],) if isinstance(vehicle, str) and vehicle in self.operators else ()

    def told(self, event: TrackedEvent) -> tuple[str, ...] | None:
        """The parties that are told what a report says; None: every party."""
        kind = recorded_as(event.fields)
        if kind is MovementReported:
            return self.operator(event.fields.get("vehicle"))
        if kind is CustodyReported:
            return self.persons.get(event.text("person") or "", ())
        if kind is CareReported:
            home = self.homes.get(event.text("person") or "")
            return (home,) if home and event.fields.get("place") not in self.holding else ()
        return None if kind in (ListChangeReported, PublicMatterReported) else ()

    def parties(self, subject: str) -> tuple[str, ...]:
        """Whom an alarm's subject concerns: a person's two parties, the operator of a vehicle or leg, else nobody."""
        return self.persons.get(subject) or self.operator(subject)


def report_entry(event: Event, concerns: Concerns) -> Entry:
    """One event as it came, a sound line of formats.md, as the entry that its type is recorded as."""
    content = {key: value for key, value in event.items() if key != "received_at"}
    received = event.get("received_at")
    common: dict[str, Any] = {
        "occurred_at_us": parse_instant(event["at"]),
        "event": event["id"],
        "report": json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "received_at_us": parse_instant(received) if isinstance(received, str) else None,
    }
    person = event.get("person")
    name = person if isinstance(person, str) else ""
    kind = recorded_as(event)
    if kind is MovementReported:
        return MovementReported(own=concerns.operator(event.get("vehicle")), person=name, **common)
    if kind is CustodyReported:
        return CustodyReported(own=concerns.persons.get(name, ()), person=name, **common)
    if kind is InterviewReported:
        return InterviewReported(person=name, **common)
    if kind is CareReported:
        # What was examined where a person is held is the intermediary's to know: it names the place of detention.
        home = None if event.get("place") in concerns.holding else concerns.homes.get(name)
        return CareReported(own=(home,) if home else (), person=name, **common)
    if kind is ListChangeReported:
        agreed_by = event.get("agreed_by")
        return ListChangeReported(
            change=event["type"],
            person=name,
            replaces=str(event.get("replaces") or ""),
            agreed_by=tuple(map(str, agreed_by)) if isinstance(agreed_by, list) else (),
            **common,
        )
    if kind is PublicMatterReported:
        return PublicMatterReported(**common)
    return TechnicalReported(**common)


def recorded_as(event: Event) -> type[Report]:
    """The entry that a report is recorded as.

    Somebody's claim is the intermediary's alone, whatever it is of: no side is told what is not established, nor who
    says so.
    """
    return TechnicalReported if is_claim(event) else REPORTED_AS.get(event["type"], TechnicalReported)


def is_claim(event: Event) -> bool:
    """Whether somebody says so: the report names its `source`."""
    return event.get("source") is not None


def recorded_event(report: str, received_at_us: int | None) -> dict[str, Any]:
    """The event that a report on record is, as it came."""
    event: dict[str, Any] = json.loads(report)
    return event if received_at_us is None else event | {"received_at": format_instant(received_at_us)}
