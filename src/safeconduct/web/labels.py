"""Where names stand on the map, so that none covers another: greedy, the most important first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from safeconduct.web.projection import Box, Point

GLYPH = 0.56
"""Mean width of a letter in parts of its size, measured generously over common sans-serif fonts."""
LINE = 1.16
"""Distance of two lines in parts of the letters' size."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that asks for a place beside its point."""

    key: str
    lines: tuple[str, ...]
    at: Point
    size: float
    """Of the letters at their largest, in units of the map."""
    gap: float
    """From the point to the nearest edge of the text."""
    sides: str
    """Which sides may be tried, in this order: E, W, N, S."""
    above: float = 0
    """Room kept free above the text, for what stands there."""
    below: float = 0
    """The same under the text."""
    wide: float = 0
    """Least width of the block, for the same."""
    roads_crossed: int = 40
    """How much of the roads it may cover, in points of `Layout.lines`."""
    must: bool = False
    """Whether it is drawn even if no side is free."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A name with its place: the first line's baseline stands at `at`."""

    wanted: Wanted
    side: str
    at: Point
    anchor: str
    """SVG text-anchor: start, end or middle."""
    box: Box


@dataclass
class Layout:
    """What is taken on the map so far."""

    frame: Box
    taken: list[Box] = field(default_factory=list)
    lines: list[Point] = field(default_factory=list)
    """Points along roads: better not covered, but no hindrance."""

    def place(self, wanted: Wanted) -> Placed | None:
        """The first side that is free and covers least of the roads; None if none is free and it need not be drawn."""
        best: tuple[float, Placed] | None = None
        for order, side in enumerate(wanted.sides):
            found = _beside(wanted, side)
            hindered = sum(found.box.overlaps(box) for box in self.taken) + 2 * (not found.box.within(self.frame))
            if hindered and not wanted.must:
                continue
            crossed = sum(found.box.holds(point) for point in self.lines)
            if crossed > wanted.roads_crossed and not wanted.must:
                continue
            cost = order * 0.5 + (3 if side in "NS" else 0) + min(crossed, 40) + 100 * hindered
            if best is None or cost < best[0]:
                best = cost, found
        if best is None:
            return None
        self.taken.append(best[1].box)
        return best[1]

    def place_all(self, wishes: Sequence[Wanted]) -> list[Placed]:
        """Those of the names that found a place, in the order given."""
        return [placed for placed in map(self.place, wishes) if placed is not None]


def text_width(lines: Sequence[str], size: float) -> float:
    """How wide the longest line will be at most, roughly."""
    return max((len(line) for line in lines), default=0) * size * GLYPH


def wrapped(name: str, longest: int) -> tuple[str, ...]:
    """The name in lines of about so many characters, broken between words."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _beside(wanted: Wanted, side: str) -> Placed:
    x, y = wanted.at
    width = max(text_width(wanted.lines, wanted.size), wanted.wide)
    height = len(wanted.lines) * wanted.size * LINE
    if side in "EW":
        baseline = y + wanted.size * 0.34
        top = baseline - wanted.size * 0.86
        left = x + wanted.gap if side == "E" else x - wanted.gap - width
        box = Box(left, top - wanted.above, left + width, top + height + wanted.below)
        anchored = left if side == "E" else left + width
        return Placed(wanted, side, (anchored, baseline), "start" if side == "E" else "end", box)
    top = y + wanted.gap if side == "S" else y - wanted.gap - height
    box = Box(x - width / 2, top - wanted.above, x + width / 2, top + height + wanted.below)
    return Placed(wanted, side, (x, top + wanted.size * 0.86), "middle", box)
