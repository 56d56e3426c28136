"""The movement plan and its JSON file. Ids that are nowhere are for `plan check` to find, not for the reader."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from safeconduct.kernel.documents import Faults, Table, parse_json
from safeconduct.kernel.times import HOUR_US, format_duration, format_instant
from safeconduct.vocabulary.place import PLACE_KINDS, Point, parse_point

TRUST_SILENCE_US = 2 * HOUR_US


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere that persons or vehicles can be."""

    id: str
    kind: str
    """Of `vocabulary.place.PLACE_KINDS`."""
    name: str = ""
    """As people call it; empty: they call it by its id."""
    position: Point | None = None


class PlannedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be moved and handed over."""

    id: str
    held_by: str
    home: str
    batch: str = ""
    custody: tuple[str, ...] = ()
    """The planned order of custodians; empty if the plan gives none."""


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle and how many it carries."""

    id: str
    kind: str = ""
    operator: str = ""
    seats: int
    stretchers: int = 0


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One ride of one vehicle from one place to another."""

    id: str
    vehicle: str
    origin: str
    destination: str
    depart_us: int
    arrive_us: int
    persons: tuple[str, ...] = ()
    route: tuple[Point, ...] = ()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The people released together, and when."""

    id: str
    handover_us: int


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """Who can report what: a device hears of these vehicles and places."""

    id: str
    vehicles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The movement plan of one exchange."""

    exchange: str
    agreement: str
    start_us: int
    exchange_point: str
    places: tuple[Place, ...] = ()
    persons: tuple[PlannedPerson, ...]
    vehicles: tuple[Vehicle, ...] = ()
    legs: tuple[Leg, ...] = ()
    batches: tuple[Batch, ...] = ()
    devices: tuple[Device, ...] | None = None
    """None: every device may report anything."""
    trust_silence_us: int = TRUST_SILENCE_US
    """How long a device may be silent before a breach that rests on it is taken as open."""


def read_plan(name: str, source: bytes) -> Plan:
    """Read a plan file. Raises BadInput at line and column for what is malformed, unknown or repeated."""
    root = parse_json(name, source).root()
    faults = Faults()
    plan: Plan | None = None
    with faults.gather():
        plan = Plan(
            exchange=root.text("exchange"),
            agreement=root.text("agreement"),
            start_us=root.instant_us("start"),
            exchange_point=root.text("exchange_point") if root.has("exchange_point") else "",
            places=tuple(_places(root, faults)),
            persons=tuple(_persons(root, faults)),
            vehicles=tuple(_vehicles(root, faults)),
            legs=tuple(_legs(root, faults)),
            batches=tuple(_batches(root, faults)),
            devices=tuple(_devices(root, faults)) if root.has("devices") else None,
            trust_silence_us=root.duration_us("trust_silence") if root.has("trust_silence") else TRUST_SILENCE_US,
        )
        root.finish()
    faults.settle()
    if plan is None:
        raise AssertionError("a plan that cannot be read is a fault")
    return plan


def write_plan(plan: Plan) -> bytes:
    """The plan as its JSON file, the same bytes for the same plan."""
    document: dict[str, Any] = {
        "exchange": plan.exchange,
        "agreement": plan.agreement,
        "start": format_instant(plan.start_us),
        **_unless_empty(exchange_point=plan.exchange_point),
        "places": [
            {"id": place.id, **_unless_empty(name=place.name), "kind": place.kind}
            | ({"position": place.position.degrees()} if place.position is not None else {})
            for place in plan.places
        ],
        "vehicles": [
            {
                "id": one.id,
                **_unless_empty(kind=one.kind, operator=one.operator),
                "seats": one.seats,
                "stretchers": one.stretchers,
            }
            for one in plan.vehicles
        ],
        "batches": [{"id": batch.id, "handover": format_instant(batch.handover_us)} for batch in plan.batches],
        "legs": [
            {
                "id": leg.id,
                "vehicle": leg.vehicle,
                "from": leg.origin,
                "to": leg.destination,
                "depart": format_instant(leg.depart_us),
                "arrive": format_instant(leg.arrive_us),
                "persons": list(leg.persons),
            }
            | ({"route": [point.degrees() for point in leg.route]} if leg.route else {})
            for leg in plan.legs
        ],
        "persons": [
            {
                "id": one.id,
                "held_by": one.held_by,
                "home": one.home,
                **_unless_empty(batch=one.batch),
                "custody": list(one.custody),
            }
            for one in plan.persons
        ],
        "trust_silence": format_duration(plan.trust_silence_us),
    }
    if plan.devices is not None:
        document["devices"] = [
            {"id": one.id, "vehicles": list(one.vehicles), "places": list(one.places)} for one in plan.devices
        ]
    lines = []
    for key, value in document.items():
        if isinstance(value, list):
            items = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f" {json.dumps(key)}: [\n{items}\n ]" if items else f" {json.dumps(key)}: []")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _unless_empty(**fields: str) -> dict[str, str]:
    """The optional texts that are there: a reader refuses an empty one."""
    return {key: value for key, value in fields.items() if value}


def _rows(root: Table, key: str, faults: Faults) -> Iterator[Table]:
    """The tables of a list, refusing an id that stands twice."""
    seen: set[str] = set()
    for table in root.tables(key) if root.has(key) else ():
        with faults.gather():
            row = table.text("id")
            if row in seen:
                table.refuse("id", f"the id {row!r} stands twice in '{key}'", "give each its own id")
            seen.add(row)
            yield table


def _places(root: Table, faults: Faults) -> Iterator[Place]:
    for row in _rows(root, "places", faults):
        with faults.gather():
            position = _point(row, "position", row.raw("position")) if row.has("position") else None
            place = Place(
                id=row.text("id"),
                kind=row.choice("kind", PLACE_KINDS),
                name=row.text("name") if row.has("name") else "",
                position=position,
            )
            row.finish()
            yield place


def _persons(root: Table, faults: Faults) -> Iterator[PlannedPerson]:
    root.raw("persons")
    for row in _rows(root, "persons", faults):
        with faults.gather():
            person = PlannedPerson(
                id=row.text("id"),
                held_by=row.text("held_by"),
                home=row.text("home"),
                batch=row.text("batch") if row.has("batch") else "",
                custody=_custody(row),
            )
            row.finish()
            yield person


def _custody(row: Table) -> tuple[str, ...]:
    """Custodians in order; one may hold a person twice."""
    if not row.has("custody"):
        return ()
    custody = row.items("custody")
    if any(not isinstance(one, str) or not one for one in custody):
        row.refuse("custody", "'custody' must hold custodians' names", "put each in quotes")
    return tuple(custody)


def _vehicles(root: Table, faults: Faults) -> Iterator[Vehicle]:
    for row in _rows(root, "vehicles", faults):
        with faults.gather():
            vehicle = Vehicle(
                id=row.text("id"),
                kind=row.text("kind") if row.has("kind") else "",
                operator=row.text("operator") if row.has("operator") else "",
                seats=row.integer("seats", 0),
                stretchers=row.integer("stretchers", 0) if row.has("stretchers") else 0,
            )
            row.finish()
            yield vehicle


def _legs(root: Table, faults: Faults) -> Iterator[Leg]:
    for row in _rows(root, "legs", faults):
        with faults.gather():
            leg = Leg(
                id=row.text("id"),
                vehicle=row.text("vehicle"),
                origin=row.text("from"),
                destination=row.text("to"),
                depart_us=row.instant_us("depart"),
                arrive_us=row.instant_us("arrive"),
                persons=row.texts("persons") if row.has("persons") else (),
                route=_route(row) if row.has("route") else (),
            )
            if leg.arrive_us < leg.depart_us:
                row.refuse("arrive", f"leg {leg.id!r} arrives before it departs", "swap or mend the times")
            row.finish()
            yield leg


def _route(row: Table) -> tuple[Point, ...]:
    return tuple(_point(row, "route", point) for point in row.items("route"))


def _point(row: Table, key: str, value: Any) -> Point:
    try:
        return parse_point(value)
    except ValueError as error:
        row.refuse(key, str(error), "write it as [30.97, 52.08]")


def _batches(root: Table, faults: Faults) -> Iterator[Batch]:
    for row in _rows(root, "batches", faults):
        with faults.gather():
            batch = Batch(id=row.text("id"), handover_us=row.instant_us("handover"))
            row.finish()
            yield batch


def _devices(root: Table, faults: Faults) -> Iterator[Device]:
    for row in _rows(root, "devices", faults):
        with faults.gather():
            device = Device(
                id=row.text("id"),
                vehicles=row.texts("vehicles") if row.has("vehicles") else (),
                places=row.texts("places") if row.has("places") else (),
            )
            row.finish()
            yield device
