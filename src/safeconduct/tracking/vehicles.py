"""What is reported of one vehicle: where it is, how far it has come, and how many were counted aboard."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.tracking.conflicts import Conflict, by_kind, conflicts_among
from safeconduct.tracking.movements import Moves, moves_of
from safeconduct.tracking.reports import Line
from safeconduct.vocabulary.place import parse_point

_MOVES = frozenset(("departed", "arrived"))
_AT_A_PLACE = frozenset(("departed", "arrived", "boarded", "alighted", "counted"))
KINDS = _AT_A_PLACE | {"positioned"}
"""The reports that are looked at: all of them say where the vehicle is."""
_PRISONERS = "prisoners"
"""What is counted where a report does not say."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """What was counted last."""

    at_us: int
    counts: tuple[float, ...]
    """One; several, from the lowest, where the counts of that moment differ."""


@dataclass(frozen=True)
class VehicleReported:
    """One vehicle, by the reports that count."""

    moves: Moves = field(default_factory=Moves)
    latest: tuple[Line, ...] = ()
    """The reports, the latest first: where it is, is where the first says whose place is known."""
    counted: tuple[tuple[str, Headcount], ...] = ()
    """By what was counted (prisoners, escorts, …), sorted."""
    conflicts: tuple[Conflict, ...] = ()


def vehicle_reported(vehicle: str, lines: Iterable[Line]) -> VehicleReported:
    """What the reports of KINDS on one vehicle amount to, in whatever order they are given."""
    ordered = sorted(lines, key=lambda one: (one.at_us, one.type != "departed", one.id))
    counted = by_kind((one for one in ordered if one.type == "counted"), _what)
    return VehicleReported(
        moves=moves_of(one for one in ordered if one.type in _MOVES and isinstance(one.place, str)),
        latest=tuple(reversed(ordered)),
        counted=tuple(
            (str(what), headcount)
            for what, told in sorted(counted.items(), key=str)
            if (headcount := _headcount(told)) is not None
        ),
        conflicts=tuple(sorted(_conflicts(vehicle, ordered, counted.values()))),
    )


def _what(line: Line) -> str:
    return line.what if isinstance(line.what, str) else _PRISONERS


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _headcount(lines: Iterable[Line]) -> Headcount | None:
    told = [(line.at_us, count) for line in lines if (count := _number(line.count)) is not None]
    if not told:
        return None
    last_us = max(at_us for at_us, _ in told)
    return Headcount(last_us, tuple(sorted({count for at_us, count in told if at_us == last_us})))


def _conflicts(vehicle: str, lines: list[Line], counted: Iterable[list[Line]]) -> list[Conflict]:
    if len({line.at_us for line in lines}) == len(lines):
        return []  # nothing was said of one moment twice
    found = conflicts_among(
        (one for one in lines if one.type in _AT_A_PLACE),
        "place",
        vehicle,
        lambda one: one.place if isinstance(one.place, str) else None,
    )
    found += conflicts_among((one for one in lines if one.type == "positioned"), "position", vehicle, _position)
    for told in counted:
        found += conflicts_among(told, "count", vehicle, _count, _what(told[0]))
    return found


def _count(line: Line) -> str | None:
    count = _number(line.count)
    return None if count is None else f"{count:g}"


def _position(line: Line) -> str | None:
    try:
        point = parse_point(line.position)
    except ValueError:
        return None
    return f"{point.longitude_udeg / 1e6:g}, {point.latitude_udeg / 1e6:g}"
