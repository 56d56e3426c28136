"""Events in order for the clauses on what must follow: the same groups and times, however they are numbered."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.clauses.batch.ordering import ordered
from safeconduct.kernel.times import DAY_US, SECOND_US

names = st.one_of(st.none(), st.integers(0, 9999).map(lambda number: f"v{number}"), st.sampled_from(["a", "b"]))
# From days of whole seconds to as far as times go: the more bits they take, the more often numbers of names collide.
units = st.sampled_from([(SECOND_US, DAY_US // SECOND_US), (1, DAY_US), (1, 2**48), (1, 2**51), (1, 2**58), (1, 2**62)])


@st.composite
def named_moments(draw: st.DrawFn) -> tuple[list[tuple[str | None, ...]], list[int]]:
    """Names, none, one or two of each event, and its time."""
    unit, most = draw(units)
    width = draw(st.integers(0, 2))
    height = draw(st.integers(0, 40))
    rows = draw(st.lists(st.tuples(*[names] * width), min_size=height, max_size=height))
    times = st.integers(-most // 4, most).map(lambda number: number * unit)
    return rows, draw(st.lists(times, min_size=height, max_size=height))


@settings(max_examples=500)
@given(named_moments())
def test_groups_are_those_of_equal_names_each_in_the_order_of_time(
    drawn: tuple[list[tuple[str | None, ...]], list[int]],
) -> None:
    """Also where the numbers of different names would be the same."""
    rows, times = drawn
    columns = [pl.Series(f"{place}", column, pl.String) for place, column in enumerate(zip(*rows, strict=True))]
    fields = pl.DataFrame(columns) if columns else pl.DataFrame(height=len(rows))
    ordering = ordered(fields, np.array(times, np.int64))
    order = ordering.rows.tolist()
    assert sorted(order) == list(range(len(rows)))
    placed = [(rows[row], times[row]) for row in order]
    groups, keys = ordering.groups.tolist(), ordering.keys.tolist()
    for (name, at), (other, later), group, following, key, next_key in zip(
        placed, placed[1:], groups, groups[1:], keys, keys[1:], strict=False
    ):
        assert (group == following) == (name == other)
        assert key <= next_key
        assert (key == next_key) == ((name, at) == (other, later))
        assert at <= later or name != other
    assert len({*groups}) == len({*rows})
