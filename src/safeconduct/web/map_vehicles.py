"""The vehicles on the map: in rows beside the place where they stand, or on the road where they were last reported."""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.kernel.times import MINUTE_US
from safeconduct.tracking.alarm_book import ASKING
from safeconduct.views.operations_model import AlarmSeen, Operations, VehicleSeen
from safeconduct.web.clocks import minutes_words
from safeconduct.web.labels import Layout, Placed, Wanted
from safeconduct.web.markup import Markup, element, identifier
from safeconduct.web.projection import Box, Point, Projection, at_the_edge
from safeconduct.web.symbols import side

SILENT_AFTER_US = 20 * MINUTE_US
"""A vehicle under way that has not reported for so long is drawn as silent."""
_NAMED = 4
"""Vehicles that are named on the map at most."""
_STEP = 11.0
"""Between two vehicles in a row."""
_APART = 8.5
"""Between two vehicles on the road that were reported at one spot."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The still part of the map, and where vehicles may stand on it."""

    projection: Projection
    backdrop: Markup
    places: Mapping[str, tuple[Point, Placed | None]]
    """By place: its point and its name's place."""
    taken: tuple[Box, ...] = ()
    roads: tuple[Point, ...] = ()


def silent(vehicle: VehicleSeen, now_us: int) -> bool:
    """Whether a vehicle under way has not been heard of for twenty minutes."""
    return vehicle.underway and now_us - vehicle.seen_at_us >= SILENT_AFTER_US


def concerned(vehicle: VehicleSeen, alarms: tuple[AlarmSeen, ...]) -> bool:
    """Whether a standing alarm is about the vehicle or one of its legs."""
    return any(
        one.subject == vehicle.id or one.subject.startswith(f"{vehicle.id}-")
        for alarm in alarms
        if alarm.state in ASKING
        for one in alarm.deviations
    )


def vehicle_marks(operations: Operations, ground: Ground, now_us: int) -> tuple[Markup, str]:
    """The marks of all vehicles, and a sentence that says how many of whom are where."""
    points = _points(operations, ground)
    marks = []
    for vehicle in sorted(operations.vehicles, key=lambda one: one.id):
        x, y = points[vehicle.id]
        letter = side(operations, vehicle.operator)
        quiet, marked = silent(vehicle, now_us), concerned(vehicle, operations.alarms)
        classes = ["vehicle", f"side-{letter}", "underway" if vehicle.underway else "standing"]
        marks.append(
            element(
                "g",
                element("title", told(vehicle, operations, now_us)),
                element("circle", class_="alarm-ring", r=8.6) if marked else None,
                element("circle", class_="silent-ring", r=7.4) if quiet else None,
                element("use", href=f"#shape-{letter}", class_="body"),
                element("circle", class_="care-dot", r=1.6) if "ambulance" in vehicle.kind else None,
                id=identifier("vehicle", vehicle.id),
                class_=" ".join(classes),
                transform=f"translate({x:.1f} {y:.1f})",
            )
        )
    names = _names(operations, ground, points)
    return element("g", *marks, *names, class_="vehicles"), _sentence(operations)


def _names(operations: Operations, ground: Ground, points: dict[str, Point]) -> list[Markup]:
    """The names of the first few vehicles that an alarm concerns, where there is room."""
    layout = Layout(ground.projection.frame.grown(-4), list(ground.taken), list(ground.roads))
    layout.taken += [Box(x - 6, y - 6, x + 6, y + 6) for x, y in points.values()]
    wishes = [
        Wanted(vehicle.id, (vehicle.id,), points[vehicle.id], 11, 11, "EWNS", roads_crossed=6)
        for vehicle in operations.vehicles
        if concerned(vehicle, operations.alarms)
    ]
    return [
        element(
            *("text", placed.wanted.lines[0]),
            id=identifier("vehicle-name", placed.wanted.key),
            class_="vehicle-name",
            x=placed.at[0],
            y=placed.at[1],
            text_anchor=placed.anchor,
        )
        for placed in layout.place_all(wishes[:_NAMED])
    ]


def told(vehicle: VehicleSeen, operations: Operations, now_us: int) -> str:
    """A vehicle in words: the same that its mark shows."""
    names = {place.id: place.name for place in operations.places}
    where = "under way" if vehicle.underway else f"standing at {names.get(vehicle.place, vehicle.place) or 'the road'}"
    aboard = "" if vehicle.aboard is None else f", {vehicle.aboard} aboard"
    quiet = f", silent for {minutes_words(SILENT_AFTER_US)} or more" if silent(vehicle, now_us) else ""
    alarmed = ", an alarm concerns it" if concerned(vehicle, operations.alarms) else ""
    return f"{vehicle.id} ({vehicle.kind} of {vehicle.operator}): {where}{aboard}{quiet}{alarmed}"


def _sentence(operations: Operations) -> str:
    parts = []
    for operator in sorted({vehicle.operator for vehicle in operations.vehicles}):
        own = [vehicle for vehicle in operations.vehicles if vehicle.operator == operator]
        moving = sum(vehicle.underway for vehicle in own)
        parts.append(f"{operator}: {moving} vehicles under way, {len(own) - moving} standing.")
    return " ".join(parts) or "No vehicle has been reported."


def _points(operations: Operations, ground: Ground) -> dict[str, Point]:
    points: dict[str, Point] = {}
    standing: dict[str, list[VehicleSeen]] = {}
    road: list[VehicleSeen] = []
    for vehicle in sorted(operations.vehicles, key=lambda one: (side(operations, one.operator), one.id)):
        place = "" if vehicle.underway else _standing_at(vehicle, ground)
        if place:
            standing.setdefault(place, []).append(vehicle)
        else:
            road.append(vehicle)
    for place, vehicles in standing.items():
        points |= _rows(vehicles, *ground.places[place])
    inside = ground.projection.frame.grown(-10)
    middle = (ground.projection.width / 2, ground.projection.height / 2)
    taken: list[Point] = []
    for vehicle in road:
        spot = ground.projection.point(vehicle.position)
        if not inside.holds(spot):
            spot = at_the_edge(inside, middle, spot)
        spot = _free(spot, taken)
        taken.append(spot)
        points[vehicle.id] = spot
    return points


def _standing_at(vehicle: VehicleSeen, ground: Ground) -> str:
    """The place it stands at, as reported or because it stands on its mark; else empty."""
    if vehicle.place in ground.places:
        return vehicle.place
    x, y = ground.projection.point(vehicle.position)
    near = [place for place, (at, _) in ground.places.items() if abs(at[0] - x) + abs(at[1] - y) < 10]
    return near[0] if near else ""


def _rows(vehicles: list[VehicleSeen], at: Point, name: Placed | None) -> dict[str, Point]:
    """Rows on the side of the name, under a short one and above a long one; each operator's in rows of their own."""
    single = name is None or len(name.wanted.lines) == 1
    west = name is not None and name.side == "W"
    # A name under its mark leaves the room above it, and the other way round.
    upward = not single if name is None or name.side in "EW" else name.side == "S"
    gap = name.wanted.gap if name is not None else 12
    across = 12 if len(vehicles) > 14 else 7
    points, row = {}, 0
    for operator in dict.fromkeys(vehicle.operator for vehicle in vehicles):
        own = [vehicle for vehicle in vehicles if vehicle.operator == operator]
        for index, vehicle in enumerate(own):
            along = gap + 5 + index % across * _STEP
            down = 16 + (row + index // across) * _STEP
            y = at[1] - down + 3 if upward else at[1] + down
            points[vehicle.id] = (at[0] - along if west else at[0] + along, y)
        row += -(-len(own) // across)
    return points


def _free(spot: Point, taken: list[Point]) -> Point:
    """The spot, or the nearest of a few around it that no other vehicle has taken."""
    for ring in range(5):
        for step in range(6 * ring or 1):
            column, row = _HEXAGON[ring][step]
            point = (spot[0] + column * _APART, spot[1] + row * _APART)
            if all(abs(point[0] - x) + abs(point[1] - y) >= _APART * 0.95 for x, y in taken):
                return point
    return spot


def _hexagons(rings: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Rings of cells around the middle, in steps of one: 1, 6, 12, 18, … cells."""
    found: list[tuple[tuple[float, float], ...]] = [((0.0, 0.0),)]
    ways = ((-1.0, 0.0), (-0.5, 0.866), (0.5, 0.866), (1.0, 0.0), (0.5, -0.866), (-0.5, -0.866))
    for ring in range(1, rings):
        column, row = ring * 0.5, ring * -0.866
        cells = []
        for across, down in ways:
            for _ in range(ring):
                cells.append((column, row))
                column, row = column + across, row + down
        found.append(tuple(cells))
    return tuple(found)


_HEXAGON = _hexagons(5)
