"""Places and positions. Positions are integer microdegrees inside, `[longitude, latitude]` in degrees outside."""

from typing import Any, NamedTuple

from geographiclib.geodesic import Geodesic

PLACE_KINDS = ("holding", "exchange-point", "stop", "hospital", "facility")

MICRODEGREES = 1_000_000


class Point(NamedTuple):
    """A position in integer microdegrees, WGS 84."""

    longitude_udeg: int
    latitude_udeg: int

    def degrees(self) -> list[float]:
        """`[longitude, latitude]` in degrees, six decimals at most."""
        return [self.longitude_udeg / MICRODEGREES, self.latitude_udeg / MICRODEGREES]


def parse_point(value: Any) -> Point:
    """Read `[longitude, latitude]` in degrees with at most six decimals. Raises ValueError with a sentence."""
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(isinstance(part, bool) or not isinstance(part, int | float) for part in value)
    ):
        raise ValueError("a position is [longitude, latitude] in degrees")
    longitude, latitude = value
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(f"the position {value} is outside the globe (longitude -180..180, then latitude -90..90)")
    return Point(round(longitude * MICRODEGREES), round(latitude * MICRODEGREES))


def distance_m(one: Point, other: Point) -> float:
    """Geodesic distance on WGS 84, in metres (Karney, Algorithms for geodesics, 2013)."""
    if one == other:
        return 0.0
    (lon1, lat1), (lon2, lat2) = one.degrees(), other.degrees()
    inverse = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)
    return float(inverse["s12"])
