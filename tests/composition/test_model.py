"""The integer model against every assignment tried: rows that tell tranches apart, and auxiliaries, mixed."""

from itertools import product

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st

from safeconduct.composition.constraint import Auxiliary, Row
from safeconduct.composition.model import apart, condition, merged
from safeconduct.composition.solve import maximise

NAMES = ("first", "second", "third")
FREE = (Auxiliary("slack", -1, 2), Auxiliary("level", 0, 1))
coefficient = st.integers(-2, 2)


@st.composite
def models(draw: st.DrawFn) -> tuple[list[Row], list[list[int]], dict[Auxiliary, int], int, int]:
    """Rows, the goal by person and tranche, by auxiliary, how many persons, how many tranches."""
    count, tranches = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    several = st.lists(coefficient, min_size=count, max_size=count)
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        low = draw(st.one_of(st.none(), st.integers(-3, 3)))
        high = draw(st.one_of(st.none(), st.integers(-3 if low is None else low, 4)))
        beside = draw(st.dictionaries(st.sampled_from(FREE), coefficient))
        by_tranche = draw(st.dictionaries(st.sampled_from(NAMES[:tranches]), several))
        rows.append(Row(draw(several), low, high, by_tranche, beside))
    gain = st.integers(0, 3)
    if draw(st.booleans()):
        goal = [[one] * tranches for one in draw(st.lists(gain, min_size=count, max_size=count))]
    else:
        goal = draw(st.lists(st.lists(gain, min_size=tranches, max_size=tranches), min_size=count, max_size=count))
    return rows, goal, draw(st.dictionaries(st.sampled_from(FREE), coefficient)), count, tranches


@given(models())
def test_equals_every_assignment_tried(
    model: tuple[list[Row], list[list[int]], dict[Auxiliary, int], int, int],
) -> None:
    """The best sum there is, or that there is none; and what is returned keeps every row."""
    rows, goal, beside, count, tranches = model
    best: int | None = None
    for where in product(range(-1, tranches), repeat=count):
        for values in product(*(range(one.low, one.high + 1) for one in FREE)):
            given_values = dict(zip(FREE, values, strict=True))
            if all(_holds(row, where, given_values) for row in rows):
                value = sum(goal[person][at] for person, at in enumerate(where) if at >= 0)
                value += sum(factor * given_values[one] for one, factor in beside.items())
                best = value if best is None else max(best, value)
    event("infeasible" if best is None else "optimal")
    read = [condition("", row, NAMES[:tranches]) for row in rows]
    alike = all(len(set(one)) == 1 for one in goal)
    objective = np.array([one[0] for one in goal] if alike else goal, dtype=np.int64)
    for grouping in (merged, apart):
        solved = maximise(read, objective, grouping, lambda: 60_000_000, beside)
        if best is None:
            assert solved.status == "infeasible"
            continue
        assert (solved.status, solved.value, solved.bound) == ("optimal", best, best)
        if grouping is apart and count:
            counts = solved.counts.reshape(count, -1)
            found = [int(row.argmax()) if row.any() else -1 for row in counts]
            values_found = {one: solved.auxiliaries.get(one, 0) for one in FREE}
            assert (counts.sum(axis=1) <= 1).all()
            assert all(_holds(row, found, values_found) for row in rows)


def _holds(row: Row, where: tuple[int, ...] | list[int], values: dict[Auxiliary, int]) -> bool:
    total = sum(factor * values[one] for one, factor in row.auxiliaries.items())
    for person, at in enumerate(where):
        if at >= 0:
            total += row.coefficients[person]
            if NAMES[at] in row.in_tranche:
                total += row.in_tranche[NAMES[at]][person]
    return (row.low is None or row.low <= total) and (row.high is None or total <= row.high)
