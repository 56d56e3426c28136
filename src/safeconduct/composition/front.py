"""What two objectives cost each other: the best of the one for every value of the other that is worth having.

A point of the front is a choice that no allowed choice betters in one of the two without serving the other less. Each
is proven: at least so much of the second is asked for, the most of the first found, and then the most of the second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from safeconduct.composition.model import Condition, Integers, lowest_terms, merged
from safeconduct.composition.solve import maximise
from safeconduct.kernel.errors import Refused


class Point(msgspec.Struct, frozen=True, order=True):
    """What a choice reaches of both objectives."""

    first: int
    second: int


class Front(msgspec.Struct, frozen=True):
    """The points worth choosing between, most of the first objective first."""

    clauses: tuple[str, str]
    points: tuple[Point, ...]
    complete: bool
    """Whether these are all; else they are points of the front, spread over it."""


def front_of(
    clauses: tuple[str, str],
    gains: tuple[Integers, Integers],
    rows: Sequence[Condition],
    most: int,
    left_us: Callable[[], int],
    progress: Callable[[str], None],
) -> Front | None:
    """The front of two objectives, of no more than `most` points (at least 2); None if no choice keeps the rows.

    Raises Refused if the time runs out before both ends are proven; where it runs out later, fewer points are told.
    """
    search = _Search(gains, rows, left_us)
    top = search.point(None)
    if top is None:
        return None
    end = search.point(None, turned=True)
    if end is None:
        raise AssertionError("what was allowed is not")
    points = [top]
    spread = end.second - top.second
    # Step by step if that cannot be too many; else so far apart that they are not.
    stepwise = min(spread, top.first - end.first) < most
    complete = True
    try:
        while points[-1].second < end.second:
            progress(f"{len(points):,} points of the front")
            last = points[-1].second
            step = 1 if stepwise else max(1, -(-(end.second - last) // max(1, most - len(points))))
            complete = complete and step == 1
            found = search.point(last + step)
            if found is None:
                raise AssertionError("what was reached cannot be reached again")
            points.append(found)
    except Refused:
        return Front(clauses, (*points, end) if points[-1] != end else tuple(points), False)
    return Front(clauses, tuple(points), complete)


@dataclass(frozen=True)
class _Search:
    gains: tuple[Integers, Integers]
    rows: Sequence[Condition]
    left_us: Callable[[], int]

    def point(self, least: int | None, *, turned: bool = False) -> Point | None:
        """The most of the first with at least so much of the second, then the most of the second; `turned`, the other
        way round."""
        first, second = reversed(self.gains) if turned else self.gains
        rows = list(self.rows)
        if least is not None:
            rows.append(lowest_terms(Condition("", second, least, None)))
        one = self._most(rows, first)
        if one is None:
            return None
        other = self._most([*rows, lowest_terms(Condition("", first, one, None))], second)
        if other is None:
            raise AssertionError("what was reached cannot be reached again")
        return Point(other, one) if turned else Point(one, other)

    def _most(self, rows: Sequence[Condition], gain: Integers) -> int | None:
        solved = maximise(rows, gain, merged, self.left_us)
        if solved.status == "infeasible":
            return None
        if solved.status != "optimal":
            raise Refused("the time ran out before the ends of the front were proven; allow more with --time-limit")
        return solved.value


def sentences(front: Front) -> list[str]:
    """The front as a table for people."""
    first, second = front.clauses
    widths = [max(len(name), 12) for name in front.clauses]
    lines = [f"{first:>{widths[0]}}  {second:>{widths[1]}}"]
    lines += [f"{one.first:>{widths[0]},}  {one.second:>{widths[1]},}" for one in front.points]
    if not front.complete:
        lines.append("There are further points between these.")
    return lines
