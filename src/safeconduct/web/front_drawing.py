"""The front of two objectives as a drawing, for negotiators to lay on the table: one SVG that needs nothing else."""

import math
from collections.abc import Iterator

from safeconduct.composition.front import Front, Point
from safeconduct.composition.words import numbered
from safeconduct.web.markup import Markup, element, joined

WIDTH, HEIGHT = 720.0, 480.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 96.0, 28.0, 64.0, 72.0
_INK, _FAINT, _MARK = "#1c2530", "#c9ccd1", "#1f6f8b"
_FONT = "Helvetica, Arial, sans-serif"
_TICKS = 6


def front_drawing(front: Front, reached: Point | None) -> str:
    """The whole file. `reached` is what the composed round reaches of the two, if it is told."""
    scene = _Scene(front, reached)
    first, second = front.clauses
    all_told = "every choice worth having" if front.complete else "some of the choices worth having"
    drawing = element(
        "svg",
        element("title", f"What {first} and {second} cost each other"),
        element("desc", f"{numbered(len(front.points), 'point')}, {all_told}: {_in_words(front)}."),
        element("rect", width=WIDTH, height=HEIGHT, fill="#ffffff"),
        _words(_LEFT, 28.0, f"What {first} and {second} cost each other", size=17.0),
        _words(_LEFT, 48.0, f"Each point is proven: {all_told}.", size=12.0),
        joined(scene.axes()),
        scene.steps(),
        joined(scene.marks()),
        _words((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 20.0, first, anchor="middle"),
        element(
            "text",
            second,
            x=0,
            y=0,
            transform=f"translate(22 {(_TOP + HEIGHT - _BOTTOM) / 2:.0f}) rotate(-90)",
            fill=_INK,
            font_family=_FONT,
            font_size=13,
            text_anchor="middle",
        ),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
    )
    return f"{drawing}\n"


def ticks(least: int, most: int) -> list[int]:
    """Round numbers that span the two, a handful of them."""
    raw = max(1.0, (most - least) / _TICKS)
    magnitude = 10 ** math.floor(math.log10(raw))
    step = max(1, next(int(factor * magnitude) for factor in (1, 2, 5, 10) if factor * magnitude >= raw))
    first = least // step * step
    return list(range(first, max(first + step, -(-most // step) * step) + 1, step))


class _Scene:
    def __init__(self, front: Front, reached: Point | None) -> None:
        self._front = front
        self._reached = reached
        points = [*front.points, *([reached] if reached else [])]
        self._across = ticks(min(one.first for one in points), max(one.first for one in points))
        self._up = ticks(min(one.second for one in points), max(one.second for one in points))

    def axes(self) -> Iterator[Markup]:
        for tick in self._across:
            x, _ = self._at(Point(tick, self._up[0]))
            yield _line(x, _TOP, x, HEIGHT - _BOTTOM)
            yield _words(x, HEIGHT - _BOTTOM + 18, f"{tick:,}", size=11.0, anchor="middle")
        for tick in self._up:
            _, y = self._at(Point(self._across[0], tick))
            yield _line(_LEFT, y, WIDTH - _RIGHT, y)
            yield _words(_LEFT - 8, y + 4, f"{tick:,}", size=11.0, anchor="end")

    def steps(self) -> Markup:
        """The border of what the points reach; dashed where there may be more between them."""
        path = ""
        for one in self._front.points:
            x, y = self._at(one)
            path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
        dashes = None if self._front.complete else "5 4"
        return element("path", d=path, fill="none", stroke=_MARK, stroke_width=1.5, stroke_dasharray=dashes)

    def marks(self) -> Iterator[Markup]:
        for one in self._front.points:
            x, y = self._at(one)
            yield element("circle", element("title", self._told(one)), cx=x, cy=y, r=4.5, fill=_MARK)
        if self._reached is not None:
            x, y = self._at(self._reached)
            told = element("title", f"The round as composed: {self._told(self._reached)}")
            yield element("circle", told, cx=x, cy=y, r=9.0, fill="none", stroke=_INK, stroke_width=2)
            right = x < (_LEFT + WIDTH - _RIGHT) / 2
            yield _words(
                x + (14 if right else -14), y - 10, "as composed", size=12.0, anchor="start" if right else "end"
            )

    def _told(self, one: Point) -> str:
        first, second = self._front.clauses
        return f"{first} {one.first:,}, {second} {one.second:,}"

    def _at(self, one: Point) -> tuple[float, float]:
        across = (one.first - self._across[0]) / (self._across[-1] - self._across[0])
        up = (one.second - self._up[0]) / (self._up[-1] - self._up[0])
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM)


def _in_words(front: Front) -> str:
    return "; ".join(f"{one.first:,} and {one.second:,}" for one in front.points)


def _line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=_FAINT, stroke_width=1)


def _words(x: float, y: float, words: str, *, size: float = 13.0, anchor: str = "start") -> Markup:
    return element("text", words, x=x, y=y, fill=_INK, font_family=_FONT, font_size=size, text_anchor=anchor)
