"""The map: where things stand, that names do not cover each other, and that it says in words what it shows."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.reading import Node, tree, with_class, words
from tests.web.showcase import AS_RU, BY_NAME, CLOCKS, CLOSED, POINT, ROSTOV, UNDER_WAY, at

from safeconduct.kernel.times import MINUTE_US
from safeconduct.views.operations_model import Operations, PlaceSeen
from safeconduct.web.geography import RIVERS, TOWNS
from safeconduct.web.labels import Layout, Wanted, wrapped
from safeconduct.web.map_drawing import HEIGHT, WIDTH, map_drawing
from safeconduct.web.page import SECTIONS
from safeconduct.web.projection import Box, at_the_edge, distance_km, far_away, fit

_MARGIN = Box(40, 40, 40, 40)


def _map(operations: Operations, now_us: int = CLOCKS.now_us) -> Node:
    return tree(map_drawing(operations, now_us))


def _where(node: Node) -> tuple[float, float]:
    found = re.fullmatch(r"translate\((-?[\d.]+) (-?[\d.]+)\)", node.get("transform", ""))
    assert found
    return float(found[1]), float(found[2])


def _text_boxes(root: Node, size: dict[str, float]) -> list[tuple[str, Box]]:
    """Where each name stands, at 0.55 of its letters' size to a letter (common sans-serif fonts have 0.50 to 0.55)."""
    boxes = []
    for node in root.iter("text"):
        kind = next((name for name in size if name in node.get("class", "").split()), "")
        if not kind:
            continue
        lines = [words(line) for line in node.iter("tspan")] or [words(node)]
        width, x, y = max(map(len, lines)) * size[kind] * 0.55, float(node.get("x", 0)), float(node.get("y", 0))
        left = {"start": x, "end": x - width, "middle": x - width / 2}[node.get("text-anchor", "start")]
        box = Box(left, y - size[kind] * 0.8, left + width, y + size[kind] * (0.2 + 1.16 * (len(lines) - 1)))
        boxes.append((" ".join(lines), box))
    return boxes


_WIDE = {
    "far-name": 11.0,
    "place-name": 12.5,
    "stop-name": 10.5,
    "town-name": 11.5,
    "range-name": 8.5,
    "vehicle-name": 10.5,
}
_NARROW = {"far-name": 16.0, "place-name": 17.0, "town-name-1": 16.0}
"""Sizes as the style sheet has them on a desk and on a phone, in units of the map."""


@pytest.mark.parametrize("name", ["under way", "as RU", "closed"])
@pytest.mark.parametrize("size", [_WIDE, _NARROW], ids=["desk", "phone"])
def test_names_do_not_cover_each_other(name: str, size: dict[str, float]) -> None:
    """No two names overlap, and every name lies on the map, on a desk and on a phone."""
    boxes = _text_boxes(_map(BY_NAME[name]), size)
    assert len(boxes) >= 6
    for place, (one, box) in enumerate(boxes):
        assert box.within(Box(0, 0, WIDTH, HEIGHT)), one
        assert not [other for other, its in boxes[place + 1 :] if box.overlaps(its)], one


def test_every_place_is_named_and_the_crossing_stands_out() -> None:
    """All camps, the crossing and the hospital have their names; kinds have shapes of their own."""
    root = _map(UNDER_WAY)
    said = words(root)
    for place in UNDER_WAY.places:
        assert place.name in said
    shapes = {kind: next(with_class(root, kind)) for kind in ("exchange-point", "holding", "hospital", "stop")}
    drawn = {kind: tuple((child.tag, child.get("class")) for child in node) for kind, node in shapes.items()}
    assert len(set(drawn.values())) == 4
    assert any(True for _ in with_class(root, "crossing-ring"))


def test_far_facility_is_an_arrow_and_does_not_shrink_the_map() -> None:
    """Rostov stands at the edge with its distance; the map is as close with it as without it."""
    root = _map(UNDER_WAY)
    arrow = next(with_class(root, "far"))
    # From 52.08 N 30.97 E to 47.22 N 39.71 E: 540 km south and about 628 km east, so some 830 km.
    assert "830 km away" in words(arrow)
    without = replace(UNDER_WAY, places=tuple(place for place in UNDER_WAY.places if place != ROSTOV))
    camps = [[_where(node) for node in with_class(one, "holding")] for one in (root, _map(without))]
    assert camps[0] == camps[1]


def test_places_are_true_to_scale() -> None:
    """The scale bar and two camps agree on the distance between them within 2 %."""
    root = _map(UNDER_WAY)
    at_place = {words(node).split(" (")[0].split(":")[0]: _where(node) for node in with_class(root, "place")}
    bar = next(with_class(root, "scale"))
    line = re.match(r"M([\d.]+) \d+V\d+H([\d.]+)", next(with_class(bar, "scale-line")).get("d", ""))
    assert line
    units_per_km = (float(line[2]) - float(line[1])) / float(words(bar).split()[0])
    drawn = math.dist(at_place["Sosnovka"], at_place["Lypove"]) / units_per_km
    assert drawn == pytest.approx(distance_km((33_940_000, 53_180_000), (31_220_000, 50_920_000)), rel=0.02)


def test_distance() -> None:
    """A degree of latitude is 111.2 km; the crossing to Gomel is 39 km (example-facts)."""
    assert distance_km((0, 0), (0, 1_000_000)) == pytest.approx(111.19, abs=0.01)
    assert distance_km(POINT, (30_980_000, 52_430_000)) == pytest.approx(39, abs=0.5)


def test_vehicles_show_side_and_state() -> None:
    """A shape a side, filled under way and hollow standing; an old report ringed; one with an alarm ringed and told."""
    root = _map(UNDER_WAY)
    vehicles = {words(node).split(" ")[0]: node for node in with_class(root, "vehicle")}
    assert len(vehicles) == len(UNDER_WAY.vehicles)
    uses = {name: next(node.iter("use")).get("href") for name, node in vehicles.items()}
    assert uses["sosnovka-bus-01"] == "#shape-a"
    assert uses["lypove-bus-01"] == "#shape-b"
    assert "underway" in vehicles["sosnovka-bus-01"].get("class", "").split()
    assert "standing" in vehicles["sosnovka-bus-04"].get("class", "").split()
    silent = [name for name, node in vehicles.items() if any(True for _ in with_class(node, "silent-ring"))]
    alarmed = [name for name, node in vehicles.items() if any(True for _ in with_class(node, "alarm-ring"))]
    assert silent == alarmed == ["lypove-bus-01"]
    assert "silent for 20 min or more, an alarm concerns it" in words(vehicles["lypove-bus-01"])


def test_a_vehicle_keeps_its_id_while_it_moves() -> None:
    """Only its transform changes, so that the browser can move it smoothly; all else stays as it is."""
    moved = tuple(
        replace(one, position=(31_400_000, 52_500_000)) if one.id == "sosnovka-bus-01" else one
        for one in UNDER_WAY.vehicles
    )
    before, after = (
        map_drawing(UNDER_WAY, CLOCKS.now_us),
        map_drawing(replace(UNDER_WAY, vehicles=moved), CLOCKS.now_us),
    )
    changed = [(a, b) for a, b in zip(before.split("<"), after.split("<"), strict=True) if a != b]
    assert len(changed) == 1
    assert 'id="vehicle-sosnovka_2d_bus_2d_01"' in changed[0][0]


def test_vehicles_do_not_hide_each_other() -> None:
    """However many stand or drive at one spot, each has a spot of its own on the map."""
    for crowd in (UNDER_WAY, CLOSED, _crowd(40)):
        spots = [_where(node) for node in with_class(_map(crowd), "vehicle")]
        assert all(math.dist(one, other) > 6 for place, one in enumerate(spots) for other in spots[place + 1 :])
        assert all(Box(0, 0, WIDTH, HEIGHT).holds(spot) for spot in spots)


def _crowd(count: int) -> Operations:
    vehicle = UNDER_WAY.vehicles[0]
    return replace(UNDER_WAY, vehicles=tuple(replace(vehicle, id=f"bus-{number}") for number in range(count)))


def test_reports_grow_old() -> None:
    """Twenty minutes after its last report a vehicle under way is ringed; one that stands is not."""
    one = replace(UNDER_WAY, vehicles=UNDER_WAY.vehicles[:1], alarms=())
    seen = one.vehicles[0].seen_at_us
    fresh, old = _map(one, seen + 20 * MINUTE_US - 1), _map(one, seen + 20 * MINUTE_US)
    assert [sum(1 for _ in with_class(root, "silent-ring")) for root in (fresh, old)] == [0, 1]
    parked = replace(one, vehicles=(replace(one.vehicles[0], underway=False),))
    assert not list(with_class(_map(parked, at("23:00:00")), "silent-ring"))


def test_the_same_in_words() -> None:
    """The picture has a title and a description; a table lists every vehicle."""
    root = tree(SECTIONS["map"](UNDER_WAY, CLOCKS))
    drawing = next(with_class(root, "map"))
    assert drawing.get("role") == "img"
    assert "RU: 5 vehicles under way, 7 standing." in words(drawing)
    rows = [words(row) for row in next(root.iter("tbody")).iter("tr")]
    assert len(rows) == len(UNDER_WAY.vehicles)
    assert rows[0] == "sosnovka-bus-01 RU under way 44 08:00"


def test_a_party_is_told_what_it_does_not_see() -> None:
    """RU's map says that of UA only the standing is told, and shows none of its roads or vehicles."""
    root = tree(SECTIONS["map"](AS_RU, CLOCKS))
    assert "Of UA: told only whether on time, late or held" in words(root)
    assert not list(with_class(root, "side-b"))


def test_each_stretch_of_road_is_drawn_once() -> None:
    """Three convoys share the road to the crossing; dashes drawn twice would no longer be dashes."""
    path = next(node for node in with_class(_map(UNDER_WAY), "road") if "side-b" in node.get("class", "")).get("d", "")
    spots = re.findall(r"([ML])([\d.]+ [\d.]+)", path)
    strokes = [frozenset((a, b)) for (_, a), (pen, b) in pairwise(spots) if pen == "L"]
    assert len(strokes) == len(set(strokes))


def test_no_borders() -> None:
    """Nothing on the map is a border: land is one rectangle, and rivers and towns carry no country."""
    root = _map(UNDER_WAY)
    assert [node.tag for node in with_class(root, "land")] == ["rect"]
    classes = {name for node in root.iter() for name in node.get("class", "").split()}
    assert not [name for name in classes if re.search("border|frontier|country", name)]
    assert {"Dnieper", "Desna", "Sozh", "Pripyat", "Seim", "Don", "Oka"} <= {river.name for river in RIVERS}
    assert len({town.name for town in TOWNS}) == len(TOWNS)


_SPOT = st.tuples(st.integers(-179_000_000, 179_000_000), st.integers(-70_000_000, 70_000_000))
_NEAR = st.tuples(st.integers(29_000_000, 36_000_000), st.integers(49_000_000, 54_000_000))


@given(st.lists(_NEAR, min_size=1, max_size=8))
def test_fit_shows_everything(positions: list[tuple[int, int]]) -> None:
    """Every position lies inside the margins, and they touch at least two of them unless all is within 40 km."""
    projection = fit(positions, WIDTH, HEIGHT, _MARGIN)
    inside = projection.frame.grown(-40 + 1e-6)
    assert all(inside.holds(projection.point(position)) for position in positions)


@given(st.lists(_SPOT, min_size=1, max_size=8))
def test_far_places_are_the_farthest(positions: list[tuple[int, int]]) -> None:
    """Whatever is left out is farther from the middle than whatever is shown; something is always shown."""
    middle = positions[0]
    far = far_away(positions, middle)
    near = set(positions) - far
    assert near
    assert max(distance_km(one, middle) for one in near) <= min((distance_km(one, middle) for one in far), default=1e9)


@given(st.floats(1, 99), st.floats(1, 99), st.floats(-500, 600), st.floats(-500, 600))
def test_edge_lies_on_the_way(x: float, y: float, end_x: float, end_y: float) -> None:
    """The point found is in the box, on the line, and is the end itself if that lies inside."""
    box = Box(0, 0, 100, 100)
    found = at_the_edge(box, (x, y), (end_x, end_y))
    assert box.grown(1e-6).holds(found)
    assert math.dist((x, y), found) + math.dist(found, (end_x, end_y)) == pytest.approx(
        math.dist((x, y), (end_x, end_y))
    )
    if box.holds((end_x, end_y)):
        assert found == pytest.approx((end_x, end_y))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300), st.text("abc ", min_size=1, max_size=12)), max_size=25))
def test_placed_names_never_overlap(wishes: list[tuple[float, float, str]]) -> None:
    """However crowded, names that need not be drawn are left out rather than laid over another."""
    layout = Layout(Box(0, 0, 300, 300))
    placed = layout.place_all([Wanted(str(n), (name,), (x, y), 10, 5, "EWNS") for n, (x, y, name) in enumerate(wishes)])
    for place, one in enumerate(placed):
        assert one.box.within(layout.frame)
        assert not any(one.box.overlaps(other.box) for other in placed[place + 1 :])


@given(st.text("ab ", max_size=40), st.integers(1, 20))
def test_wrapping_loses_no_word(name: str, longest: int) -> None:
    """The words come back in order; no line is longer than asked unless it is one word."""
    lines = wrapped(name, longest)
    assert " ".join(lines).split() == name.split()
    assert all(len(line) <= longest or " " not in line for line in lines)


def test_places_anywhere() -> None:
    """A plan of one place, and one on the other side of the world, are drawn too."""
    alone = replace(BY_NAME["empty"], places=(PlaceSeen("x", "X", "exchange-point", (-70_000_000, -33_000_000)),))
    assert "X" in words(_map(alone))
