"""From longitude and latitude to a place on the map: equirectangular, true to scale at the map's middle latitude."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeconduct.views.operations_model import Position

EARTH_KM_PER_DEGREE = 111.195
"""Of latitude, on a sphere of 6,371 km."""

Point = tuple[float, float]
"""On the map, in its units: x to the right, y down."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def grown(self, by: float) -> "Box":
        """Larger by that much on every side; smaller if it is negative."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def within(self, other: "Box") -> bool:
        """Whether it lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Projection:
    """Where on a map of `width` by `height` units a position stands."""

    width: float
    height: float
    longitude: float
    """Of the middle, in degrees."""
    latitude: float
    per_degree: float
    """Units to a degree of latitude."""

    @property
    def units_per_km(self) -> float:
        """How long a kilometre is on the map."""
        return self.per_degree / EARTH_KM_PER_DEGREE

    @property
    def frame(self) -> Box:
        """The whole map."""
        return Box(0, 0, self.width, self.height)

    def degrees(self, longitude: float, latitude: float) -> Point:
        """The point of a position in degrees."""
        squeeze = math.cos(math.radians(self.latitude))
        x = self.width / 2 + (longitude - self.longitude) * squeeze * self.per_degree
        y = self.height / 2 - (latitude - self.latitude) * self.per_degree
        return x, y

    def point(self, position: Position) -> Point:
        """The point of a position in microdegrees."""
        return self.degrees(position[0] / 1e6, position[1] / 1e6)

    def corners(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of the map in degrees."""
        squeeze = math.cos(math.radians(self.latitude))
        wide, high = self.width / 2 / self.per_degree / squeeze, self.height / 2 / self.per_degree
        return self.longitude - wide, self.latitude - high, self.longitude + wide, self.latitude + high


def fit(positions: Iterable[Position], width: float, height: float, margins: Box) -> Projection:
    """The closest view of all the positions that leaves the margins (their four widths) free.

    Never closer than 40 km across, so that a single place still shows where it lies.
    """
    seen = [(longitude / 1e6, latitude / 1e6) for longitude, latitude in positions]
    west, east = min(one[0] for one in seen), max(one[0] for one in seen)
    south, north = min(one[1] for one in seen), max(one[1] for one in seen)
    latitude = (south + north) / 2
    squeeze = math.cos(math.radians(latitude))
    free_width, free_height = width - margins.left - margins.right, height - margins.top - margins.bottom
    least = 40 / EARTH_KM_PER_DEGREE
    per_degree = min(free_width / max((east - west) * squeeze, least), free_height / max(north - south, least))
    # The middle of what is free is not the middle of the map.
    shift_x, shift_y = (margins.left - margins.right) / 2, (margins.top - margins.bottom) / 2
    return Projection(
        width,
        height,
        (west + east) / 2 - shift_x / per_degree / squeeze,
        latitude + shift_y / per_degree,
        per_degree,
    )


def distance_km(a: Position, b: Position) -> float:
    """The great-circle distance (haversine, sphere of 6,371 km)."""
    west, south, east, north = (math.radians(value / 1e6) for value in (*a, *b))
    chord = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * 6371 * math.asin(min(1, math.sqrt(chord)))


def far_away(positions: Sequence[Position], middle: Position) -> frozenset[Position]:
    """Those that would shrink the map for all others.

    Sorted by their distance from the middle, everything behind the first jump to more than twice the distance before,
    where that is beyond 150 km.
    """
    ordered = sorted(set(positions), key=lambda position: (distance_km(position, middle), position))
    before = 0.0
    for index, position in enumerate(ordered):
        distance = distance_km(position, middle)
        if before > 0 and distance > max(150, 2 * before):
            return frozenset(ordered[index:])
        before = max(before, distance)
    return frozenset()


def at_the_edge(box: Box, inside: Point, outside: Point) -> Point:
    """Where the line from a point inside the box to one outside leaves it."""
    along = 1.0
    for start, end, low, high in (
        (inside[0], outside[0], box.left, box.right),
        (inside[1], outside[1], box.top, box.bottom),
    ):
        if end > high:
            along = min(along, (high - start) / (end - start))
        elif end < low:
            along = min(along, (low - start) / (end - start))
    return inside[0] + (outside[0] - inside[0]) * along, inside[1] + (outside[1] - inside[1]) * along


def smooth_path(points: Sequence[Point]) -> str:
    """An SVG path through the points without corners (Catmull-Rom as cubic Béziers)."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for index in range(len(points) - 1):
        a, b = points[index], points[index + 1]
        before = points[index - 1] if index else a
        after = points[index + 2] if index + 2 < len(points) else b
        handles = (
            a[0] + (b[0] - before[0]) / 6,
            a[1] + (b[1] - before[1]) / 6,
            b[0] - (after[0] - a[0]) / 6,
            b[1] - (after[1] - a[1]) / 6,
            *b,
        )
        parts.append("C" + " ".join(f"{value:.1f}" for value in handles))
    return "".join(parts)
