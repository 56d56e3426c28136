"""Departures and arrivals of one vehicle as reported, a repetition counted once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.tracking.reports import Line


@dataclass
class Moves:
    """The departures and arrivals of one vehicle, in the order of time."""

    departures: dict[str, list[int]] = field(default_factory=dict)
    """Moments by place."""
    arrivals: dict[str, list[int]] = field(default_factory=dict)
    last: Line | None = None
    """The latest of either kind."""

    @property
    def underway(self) -> bool:
        """Whether it has departed and not arrived since."""
        return self.last is not None and self.last.type == "departed"


def moves_of(lines: Iterable[Line]) -> Moves:
    """What the `departed` and `arrived` of one vehicle amount to."""
    moves = Moves()
    for line in sorted(lines, key=lambda one: (one.at_us, one.type != "arrived", one.id)):
        last = moves.last
        if last is None or last.type != line.type or last.place != line.place:
            found = moves.departures if line.type == "departed" else moves.arrivals
            found.setdefault(line.place, []).append(line.at_us)
            moves.last = line
    return moves
