"""The map: where the convoys are, on land without borders. An SVG that the server draws and the style sheet colours."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, product

from safeconduct.views.operations_model import Operations, PlaceSeen, Position, RouteSeen
from safeconduct.web.geography import RIVERS, SEAS, TOWNS
from safeconduct.web.labels import LINE, Layout, Placed, Wanted, text_width, wrapped
from safeconduct.web.map_vehicles import Ground, vehicle_marks
from safeconduct.web.markup import NOTHING, Markup, element, identifier, joined
from safeconduct.web.projection import Box, Point, Projection, at_the_edge, distance_km, far_away, fit, smooth_path
from safeconduct.web.symbols import party_letter

WIDTH, HEIGHT = 640.0, 600.0
"""Of the map, in its units."""

_MARGINS = Box(92, 46, 92, 52)
_NAME, _NAME_WHERE_NARROW = 12.5, 20.0
"""Size of a place's name, and what the style sheet makes of it on a phone; room is kept for the larger."""
_TOWN = 10.5
_REGION: tuple[Position, ...] = ((29_600_000, 50_600_000), (34_400_000, 53_400_000))
"""Shown while there is no plan."""
_MAJOR = ("exchange-point", "holding", "hospital", "facility")
"""The kinds of place that are named whatever it takes, in this order."""
_SCALES_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def map_drawing(operations: Operations, now_us: int) -> Markup:
    """The map as one SVG element. It changes when something moves, not when time passes, but for reports grown old."""
    ground = _ground(operations.places, operations.routes, operations.parties)
    moving, told = vehicle_marks(operations, ground, now_us)
    return element(
        "svg",
        element("title", "Map of the operation", id="map-title"),
        element("desc", _description(operations, told), id="map-description"),
        ground.backdrop,
        moving,
        class_="map",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        role="img",
        aria_labelledby="map-title",
        aria_describedby="map-description",
    )


def _description(operations: Operations, vehicles: str) -> str:
    places = ", ".join(place.name for place in operations.places)
    return f"Land and rivers without borders. Places: {places or 'none yet'}. {vehicles}"


@lru_cache(maxsize=32)
def _ground(places: tuple[PlaceSeen, ...], routes: tuple[RouteSeen, ...], parties: tuple[str, ...]) -> Ground:
    """Everything that stands still: drawn once for a plan at a clearance, however often the vehicles move."""
    middle = next((place.position for place in places if place.kind == "exchange-point"), None)
    far: frozenset[Position] = frozenset()
    if middle is None and places:
        middle = places[0].position
    if middle is not None:
        far = far_away([place.position for place in places], middle)
    near = [place for place in places if place.position not in far]
    projection = fit([place.position for place in near] or _REGION, WIDTH, HEIGHT, _MARGINS)
    layout = Layout(projection.frame.grown(-4))
    roads = _roads(routes, projection, parties)
    layout.lines.extend(point for _, _, points in roads for point in points)
    scale, scale_box = _scale_bar(projection)
    layout.taken.append(scale_box)
    graticule = _graticule(projection, layout)
    layout.taken.extend(_marker_box(projection.point(place.position)) for place in near)
    majors = sorted((place for place in near if place.kind in _MAJOR), key=lambda one: _MAJOR.index(one.kind))
    names = layout.place_all([_name_wanted(place, projection) for place in majors])
    arrows = joined(_arrow(place, middle, projection, layout) for place in places if place.position in far)
    stops = [place for place in near if place.kind not in _MAJOR]
    names += layout.place_all([_name_wanted(place, projection) for place in stops])
    towns = _towns(near, projection, layout)
    rings = _rings(middle, projection, layout) if near else NOTHING
    rivers = _rivers(projection, layout)
    backdrop = element(
        "g",
        element("rect", class_="land", width=WIDTH, height=HEIGHT),
        _seas(projection),
        graticule,
        rivers,
        rings,
        joined(element("path", class_=f"corridor side-{letter}", d=path) for letter, path, _ in roads),
        joined(element("path", class_=f"road side-{letter}", d=path) for letter, path, _ in roads),
        towns,
        joined(_place_mark(place, projection) for place in near),
        joined(_name(placed) for placed in names),
        arrows,
        scale,
        class_="ground",
    )
    slots = {placed.wanted.key: placed for placed in names}
    standing = {place.id: (projection.point(place.position), slots.get(place.id)) for place in near}
    return Ground(projection, backdrop, standing, tuple(layout.taken), tuple(layout.lines))


def _marker_box(point: Point) -> Box:
    return Box(point[0] - 8, point[1] - 8, point[0] + 8, point[1] + 8)


def _name_wanted(place: PlaceSeen, projection: Projection) -> Wanted:
    crossing, major = place.kind == "exchange-point", place.kind in _MAJOR
    # What stands in brackets is in the list below the map.
    lines = wrapped(place.name.partition(" (")[0], 17 if crossing else 15)
    single = len(lines) == 1
    return Wanted(
        place.id,
        lines,
        projection.point(place.position),
        _NAME_WHERE_NARROW * 0.9 if crossing else _NAME_WHERE_NARROW * 0.85 if major else _TOWN,
        16 if crossing else 12,
        "EWSN",
        above=0 if single else 26 if crossing else 14,
        below=14 if single else 0,
        wide=112 if crossing else 76 if place.kind == "holding" else 0,
        roads_crossed=2,
        must=major,
    )


def _name(placed: Placed) -> Markup:
    kind = "place-name" if placed.wanted.size > _TOWN else "stop-name"
    return _lines(placed, kind)


def _lines(placed: Placed, class_: str) -> Markup:
    x, y = placed.at
    first, *rest = placed.wanted.lines
    following = joined(element("tspan", line, x=x, dy=f"{LINE}em") for line in rest)
    return element("text", element("tspan", first), following, class_=class_, x=x, y=y, text_anchor=placed.anchor)


def _place_mark(place: PlaceSeen, projection: Projection) -> Markup:
    x, y = projection.point(place.position)
    if place.kind == "exchange-point":
        drawing = joined(
            element("circle", class_=f"crossing-{part}", r=r) for part, r in (("glow", 21), ("ring", 10.5), ("dot", 4))
        )
    elif place.kind == "holding":
        walls = element("path", class_="holding-mark", d="M-5.5-5.5H5.5V5.5H-5.5Z")
        drawing = joined((walls, element("path", class_="holding-bars", d="M-1.9-5.5V5.5M1.9-5.5V5.5")))
    elif place.kind in ("hospital", "facility"):
        house = element("rect", class_="care-mark", x=-6.5, y=-6.5, width=13, height=13, rx=3.5)
        drawing = joined((house, element("path", class_="care-letter", d="M-2.4-3.4V3.4M2.4-3.4V3.4M-2.4 0H2.4")))
    else:
        drawing = element("circle", class_="stop-mark", r=3)
    return element(
        "g",
        element("title", f"{place.name}: {place.kind.replace('-', ' ')}"),
        drawing,
        class_=f"place {place.kind if place.kind.replace('-', '').isalpha() else 'stop'}",
        transform=f"translate({x:.1f} {y:.1f})",
    )


def _roads(
    routes: Sequence[RouteSeen], projection: Projection, parties: tuple[str, ...]
) -> list[tuple[str, str, list[Point]]]:
    """Per operator: letter of the side, path, points along it. Each stretch once: dashes drawn twice would fill up."""
    paths: dict[str, list[str]] = {}
    points: dict[str, list[Point]] = {}
    drawn: set[tuple[str, Position, Position]] = set()
    for route in routes:
        letter = party_letter(parties, route.operator)
        pen: Position | None = None
        for start, end in pairwise(route.points):
            if (letter, start, end) in drawn or (letter, end, start) in drawn:
                continue
            drawn.add((letter, start, end))
            a, b = projection.point(start), projection.point(end)
            path = paths.setdefault(letter, [])
            if pen != start:
                path.append(f"M{a[0]:.1f} {a[1]:.1f}")
            path.append(f"L{b[0]:.1f} {b[1]:.1f}")
            pen = end
            pieces = 1 + int((abs(b[0] - a[0]) + abs(b[1] - a[1])) / 7)
            points.setdefault(letter, []).extend(
                (a[0] + (b[0] - a[0]) * step / pieces, a[1] + (b[1] - a[1]) * step / pieces)
                for step in range(pieces + 1)
            )
    return [(letter, "".join(path), points[letter]) for letter, path in sorted(paths.items())]


def _arrow(place: PlaceSeen, middle: Position | None, projection: Projection, layout: Layout) -> Markup:
    """A place beyond the map: an arrow at its edge, with name and distance from the crossing."""
    if middle is None:
        return NOTHING
    start, end = projection.point(middle), projection.point(place.position)
    tip = at_the_edge(projection.frame.grown(-12), start, end)
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    tail = (tip[0] - along[0] * 30, tip[1] - along[1] * 30)
    across = (-along[1] * 5, along[0] * 5)
    neck = (tip[0] - along[0] * 10, tip[1] - along[1] * 10)
    corners = (tip, (neck[0] + across[0], neck[1] + across[1]), (neck[0] - across[0], neck[1] - across[1]))
    head = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"
    kilometres = round(distance_km(middle, place.position), -1)
    arrow = Box(min(tip[0], tail[0]) - 4, min(tip[1], tail[1]) - 4, max(tip[0], tail[0]) + 4, max(tip[1], tail[1]) + 4)
    layout.taken.append(arrow)
    placed = _beside_arrow(place, f"{kilometres:,.0f} km away", tail, "WESN" if along[0] > 0 else "EWSN", layout)
    return element(
        "g",
        element("title", f"{place.name}: {place.kind}, beyond this map"),
        element("path", class_="far-line", d=f"M{tail[0]:.1f} {tail[1]:.1f}L{neck[0]:.1f} {neck[1]:.1f}"),
        element("path", class_="far-head", d=head),
        _lines(placed, "place-name far-name") if placed else None,
        class_="far",
    )


def _beside_arrow(place: PlaceSeen, distance: str, tail: Point, sides: str, layout: Layout) -> Placed | None:
    """The name beside the arrow's tail or a little off it, in long lines or short ones; over another if it must."""
    name = place.name.partition(" (")[0]
    size = _NAME_WHERE_NARROW * 0.8
    steps = (0.0, -35.0, 35.0, -70.0, 70.0)
    for off_x, off_y in sorted(product(steps, steps), key=lambda off: abs(off[0]) + abs(off[1])):
        for longest in (20, 13):
            at = (tail[0] + off_x, tail[1] + off_y)
            lines = (*wrapped(name, longest), distance)
            placed = layout.place(Wanted(place.id, lines, at, size, 8, sides, roads_crossed=2))
            if placed is not None:
                return placed
    return layout.place(Wanted(place.id, (*wrapped(name, 13), distance), tail, size, 8, sides, must=True))


def _towns(places: Iterable[PlaceSeen], projection: Projection, layout: Layout) -> Markup:
    """The towns that fit between what matters more; none that a place of the plan is named after."""
    drawn: list[Markup] = []
    named = [(place.name, projection.point(place.position)) for place in places]
    for town in sorted(TOWNS, key=lambda one: one.size):
        x, y = projection.degrees(*town.position)
        if not projection.frame.grown(-10).holds((x, y)):
            continue
        beside = [name for name, at in named if abs(at[0] - x) + abs(at[1] - y) < 44]
        if any(town.name in name for name in beside) or any(box.holds((x, y)) for box in layout.taken):
            continue
        size = _TOWN + 1.5 if town.size == 1 else _TOWN
        placed = layout.place(Wanted(town.name, (town.name,), (x, y), size, 6, "EWSN"))
        if placed is None:
            continue
        layout.taken.append(Box(x - 4, y - 4, x + 4, y + 4))
        drawn.append(element("circle", class_=f"town town-{town.size}", cx=x, cy=y, r=3 if town.size == 1 else 2))
        drawn.append(_lines(placed, f"town-name town-name-{town.size}"))
    return element("g", *drawn, class_="towns")


def _rivers(projection: Projection, layout: Layout) -> Markup:
    frame = projection.frame
    lines, names = [], []
    for river in sorted(RIVERS, key=lambda one: one.size):
        points = [projection.degrees(*point) for point in river.points]
        if not any(frame.grown(60).holds(point) for point in points):
            continue
        lines.append(element("path", class_=f"river river-{river.size}", d=smooth_path(points)))
        stretch = _quiet_stretch(points, text_width((river.name,), 12), layout)
        if stretch:
            key = f"along-{identifier(river.name)}"
            lines.append(element("path", class_="along", id=key, d=smooth_path(stretch)))
            name = element("textPath", river.name, href=f"#{key}", startOffset="50%", text_anchor="middle")
            names.append(element("text", name, class_="river-name", dy=-4))
    return element("g", *lines, *names, class_="rivers", aria_hidden="true")


def _quiet_stretch(points: Sequence[Point], length: float, layout: Layout) -> list[Point] | None:
    """Three points of the river, left to right, along which a name of that length covers nothing; None without any."""
    fine = [
        (a[0] + (b[0] - a[0]) * step / 6, a[1] + (b[1] - a[1]) * step / 6)
        for a, b in pairwise(points)
        for step in range(6)
    ]
    for start in range(len(fine)):
        reach = 0.0
        for end in range(start + 1, len(fine)):
            reach += ((fine[end][0] - fine[end - 1][0]) ** 2 + (fine[end][1] - fine[end - 1][1]) ** 2) ** 0.5
            if reach >= length * 1.5:
                break
        else:
            return None
        part = fine[start : end + 1]
        straight = ((part[-1][0] - part[0][0]) ** 2 + (part[-1][1] - part[0][1]) ** 2) ** 0.5
        boxes = [Box(x - 9, y - 15, x + 9, y + 6) for x, y in part]
        free = all(box.within(layout.frame) for box in boxes) and not any(
            box.overlaps(taken) for box in boxes for taken in layout.taken
        )
        roads = sum(box.holds(point) for box in boxes for point in layout.lines)
        if free and not roads and straight > 0.95 * reach and abs(part[-1][0] - part[0][0]) > 0.12 * reach:
            layout.taken.extend(boxes)
            chosen = part if part[0][0] < part[-1][0] else part[::-1]
            return [chosen[0], chosen[len(chosen) // 2], chosen[-1]]
    return None


def _seas(projection: Projection) -> Markup:
    outlines = []
    for name, outline in SEAS:
        points = [projection.degrees(*point) for point in outline]
        if any(projection.frame.grown(80).holds(point) for point in points):
            closed = smooth_path([*points, points[0]]) + "Z"
            outlines.append(element("path", element("title", name), class_="sea", d=closed))
    return joined(outlines)


def _graticule(projection: Projection, layout: Layout) -> Markup:
    """A thin line at every whole degree, with its number at the edge."""
    west, south, east, north = projection.corners()
    step = 1 if north - south < 8 else 2 if north - south < 16 else 5
    parts: list[Markup] = []
    for longitude in range(-180, 181, step):
        if west < longitude < east:
            x, _ = projection.degrees(longitude, projection.latitude)
            parts.append(element("path", d=f"M{x:.1f} 0V{HEIGHT:.0f}"))
            if 14 < x < WIDTH - 30:
                parts.append(element("text", f"{abs(longitude)}° {'E' if longitude >= 0 else 'W'}", x=x + 4, y=12))
                layout.taken.append(Box(x, 2, x + 30, 15))
    for latitude in range(-90, 91, step):
        if south < latitude < north:
            _, y = projection.degrees(projection.longitude, latitude)
            parts.append(element("path", d=f"M0 {y:.1f}H{WIDTH:.0f}"))
            if 24 < y < HEIGHT - 20:
                parts.append(element("text", f"{abs(latitude)}° {'N' if latitude >= 0 else 'S'}", x=5, y=y - 4))
                layout.taken.append(Box(3, y - 13, 34, y - 1))
    return element("g", *parts, class_="graticule", aria_hidden="true")


def _rings(middle: Position | None, projection: Projection, layout: Layout) -> Markup:
    """How far from the crossing: circles at two round distances, each with its kilometres where there is room."""
    if middle is None:
        return NOTHING
    x, y = projection.point(middle)
    reach = WIDTH / 2 / projection.units_per_km
    step = max((scale for scale in _SCALES_KM if scale <= reach / 2.4), default=1)
    parts: list[Markup] = []
    for kilometres in (step, 2 * step):
        radius = kilometres * projection.units_per_km
        parts.append(element("circle", class_="range", cx=x, cy=y, r=radius))
        name = f"{kilometres} km"
        for degrees in (20, 35, 50, -20, -35, 70, 110, 130, 160, 200):
            at = (x + radius * math.cos(math.radians(degrees)), y + radius * math.sin(math.radians(degrees)))
            box = Box(at[0] - 17, at[1] - 8, at[0] + 17, at[1] + 6)
            if box.within(layout.frame) and not any(box.overlaps(taken) for taken in layout.taken):
                layout.taken.append(box)
                parts.append(element("text", name, class_="range-name", x=at[0], y=at[1] + 3, text_anchor="middle"))
                break
    return element("g", *parts, class_="ranges", aria_hidden="true")


def _scale_bar(projection: Projection) -> tuple[Markup, Box]:
    kilometres = max(scale for scale in _SCALES_KM if scale * projection.units_per_km <= 130 or scale == 1)
    length = kilometres * projection.units_per_km
    right, y = WIDTH - 18, HEIGHT - 18
    left = right - length
    drawing = element(
        "g",
        element("path", class_="scale-line", d=f"M{left:.1f} {y - 6:.0f}V{y:.0f}H{right:.0f}V{y - 6:.0f}"),
        element("path", class_="scale-line", d=f"M{(left + right) / 2:.1f} {y - 4:.0f}V{y:.0f}"),
        element("text", f"{kilometres} km", x=(left + right) / 2, y=y - 10, text_anchor="middle"),
        class_="scale",
    )
    return drawing, Box(left - 6, y - 30, right + 6, y + 8)
