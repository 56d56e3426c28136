"""The oracle's reading of the kinds on vehicles: `departure`, `headcount`, `corridor`, `stop`, `speed`, `convoy`."""

from functools import cache
from typing import Any

from geographiclib.geodesic import Geodesic
from tests.clauses.oracle import Breaches, Day, Line, at

from safeconduct.kernel.times import parse_instant

Position = tuple[float, float]
SAMPLES = 100


def metres(one: Position, other: Position) -> float:
    """Geodesic distance of two `[longitude, latitude]`."""
    return float(Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"])


@cache
def off_segment(p: Position, a: Position, b: Position) -> float:
    """By looking at many points of the segment, then ever more closely around the nearest of them."""

    def off(s: float) -> float:
        return metres(p, (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s))

    nearest = min(range(SAMPLES + 1), key=lambda i: off(i / SAMPLES))
    low, high = max(0, nearest - 1) / SAMPLES, min(SAMPLES, nearest + 1) / SAMPLES
    for _ in range(60):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        if off(one) <= off(other):
            high = other
        else:
            low = one
    return off((low + high) / 2)


def off_route(p: list[float], route: list[list[float]]) -> float:
    """The least distance from any of its segments."""
    points = [(x[0], x[1]) for x in route]
    position = (p[0], p[1])
    if len(points) == 1:
        return metres(position, points[0])
    return min(off_segment(position, points[i], points[i + 1]) for i in range(len(points) - 1))


def departure(day: Day, early: int | None, late: int | None) -> Breaches:
    """Kind `departure`."""
    found: Breaches = set()
    for leg in day.plan["legs"]:
        k = [x["id"] for x in day.planned(leg["vehicle"], leg["from"], "departed")].index(leg["id"])
        went = [at(x) for x in day.movements(leg["vehicle"]) if x["type"] == "departed" and x["place"] == leg["from"]]
        planned = parse_instant(leg["depart"])
        if early is not None and k < len(went) and went[k] < planned - early:
            found.add(("departure", "early", leg["id"], went[k]))
        if late is not None and not (k < len(went) and went[k] <= planned + late):
            found.add(("departure", "late", leg["id"], planned + late))
    return found


def headcount(day: Day) -> Breaches:
    """Kind `headcount`."""
    found: Breaches = set()
    for x in day.events:
        if x["type"] == "counted" and x.get("what", "prisoners") == "prisoners":
            v, t = x["vehicle"], at(x)
            if x["count"] != len(day.aboard(v, t - 1)) and x["count"] != len(day.aboard(v, t)):
                found.add(("headcount", "differs", v, t))
    return found


def positioned(day: Day, v: str, start: int, end: int | None) -> list[Line]:
    """Positions of a vehicle in a time."""
    return sorted(
        (
            x
            for x in day.events
            if x["type"] == "positioned" and x["vehicle"] == v and start <= at(x) and (end is None or at(x) <= end)
        ),
        key=lambda x: (at(x), x["id"]),
    )


def corridor(day: Day, buffer_m: float, grace: int) -> Breaches:
    """Kind `corridor`."""
    found: Breaches = set()
    for v, d, end, leg in day.rides():
        if leg is None or not leg.get("route"):
            continue
        where = positioned(day, v, at(d), end)
        outside = [off_route(x["position"], leg["route"]) > buffer_m for x in where]
        for i in range(len(where)):
            if not outside[i] or (i > 0 and outside[i - 1]):
                continue  # not where an excursion starts
            due = at(where[i]) + grace
            if any(all(outside[i : j + 1]) and at(where[j]) >= due for j in range(i, len(where))):
                found.add(("corridor", "outside", v, due))
    return found


def stop(day: Day, longest: int, radius_m: float) -> Breaches:
    """Kind `stop`."""
    found: Breaches = set()
    allowed = [x["position"] for x in day.plan.get("places", []) if x["kind"] == "stop" and "position" in x]
    for v, d, end, _ in day.rides():
        left = positioned(day, v, at(d), end)
        while left:
            first = left[0]
            run = []
            while left and metres(first["position"], left[0]["position"]) <= radius_m:
                run.append(left.pop(0))
            if at(run[-1]) - at(first) > longest and all(metres(first["position"], x) > radius_m for x in allowed):
                found.add(("stop", "stopped", v, at(first) + longest))
    return found


def speed(day: Day, fastest_kmh: float, tolerance_m: float) -> Breaches:
    """Kind `speed`."""
    places = {x["id"]: x.get("position") for x in day.plan.get("places", [])}
    kinds = ("positioned", "departed", "arrived", "boarded", "alighted", "counted")
    seen = [
        (x, where)
        for x in day.events
        if x["type"] in kinds and (where := x.get("position") or places.get(x.get("place", "")))
    ]
    found: Breaches = set()
    for e, here in seen:
        others = [(f, there) for f, there in seen if f["vehicle"] == e["vehicle"] and f["id"] != e["id"]]
        before = max((at(f) for f, _ in others if at(f) < at(e)), default=at(e))
        for f, there in others:
            hours = (at(e) - at(f)) / 3_600_000_000
            if at(f) in (before, at(e)) and metres(here, there) > tolerance_m + fastest_kmh * 1000 * hours:
                found.add(("speed", "too-fast", e["vehicle"], at(e)))
    return found


def convoy(day: Day, apart_m: float, fresh: int, grace: int) -> Breaches:
    """Kind `convoy`."""
    found: Breaches = set()

    def planned(leg: Line) -> tuple[str, str, int]:
        return leg["from"], leg["to"], parse_instant(leg["depart"])

    rides = [(v, d, end, leg) for v, d, end, leg in day.rides() if leg is not None]
    for v, d, end, leg in rides:
        vehicles = {x["vehicle"] for x in day.plan["legs"] if planned(x) == planned(leg)}
        if len(vehicles) < 2:
            continue
        where: list[Line] = []
        apart: list[bool] = []
        for p in positioned(day, v, at(d), end):
            points = {v: p["position"]}
            for w in vehicles - {v}:
                known = [
                    q
                    for u, begun, over, other in rides
                    if u == w and planned(other) == planned(leg)
                    for q in positioned(day, w, at(begun), over)
                    if at(q) <= at(p)
                ]
                last = max(known, key=lambda q: (at(q), q["id"]), default=None)
                if last is not None and at(last) >= at(p) - fresh:
                    points[w] = last["position"]
            if len(points) > 1:  # who is known alone is neither apart nor together
                where.append(p)
                apart.append(v not in largest_group(points, apart_m))
        for i in range(len(where)):
            if not apart[i] or (i > 0 and apart[i - 1]):
                continue  # not where an excursion starts
            due = at(where[i]) + grace
            if any(all(apart[i : j + 1]) and at(where[j]) >= due for j in range(i, len(where))):
                found.add(("convoy", "apart", v, due))
    return found


def largest_group(points: dict[str, Any], apart_m: float) -> set[str]:
    """Whoever is reached from a vehicle, step by step; the largest, of several that of the first id."""
    groups = []
    for v in sorted(points):
        group = {v}
        for _ in points:
            group |= {w for w in points if any(metres(points[w], points[u]) <= apart_m for u in group)}
        groups.append(group)
    return next(group for group in groups if len(group) == max(map(len, groups)))
