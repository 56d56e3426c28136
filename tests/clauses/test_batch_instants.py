"""Times read as columns against the same times read one by one."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.clauses.batch.instants import instants_us
from safeconduct.kernel.times import format_instant, parse_instant

usual = st.integers(-(2**50), 2**53).map(format_instant)
fractions = st.tuples(usual, st.from_regex(r"\.[0-9]{1,6}", fullmatch=True)).map(
    lambda two: two[0][:19] + two[1] + "Z" if two[0][19] == "Z" else two[0]
)
zoned = st.tuples(usual, st.sampled_from(["+03:00", "-00:30", "+14:00"])).map(lambda two: two[0][:-1] + two[1])


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A time with one character changed, gone or too many."""
    text = draw(st.one_of(usual, fractions, zoned))
    place = draw(st.integers(0, len(text) - 1))
    other = draw(st.sampled_from(["0", "9", "3", ":", "-", ".", "T", "t", "Z", "z", " ", "/", "é", "٣", "+", ""]))
    return text[:place] + other + text[place + draw(st.integers(0, 1)) :]


@settings(max_examples=600)
@given(st.lists(st.one_of(usual, fractions, zoned, damaged()), max_size=8))
def test_no_time_is_read_otherwise_than_one_by_one(texts: list[str]) -> None:
    """What is no time is never read as one; what is one is read right or, if unusual, left to the exact reader."""
    for text, found in zip(texts, instants_us(pl.Series(texts, dtype=pl.String)), strict=True):
        if found is not None:
            assert found == parse_instant(text)


# Only times of three centuries are usual in other zones.
near = st.integers(-(2**50), 7 * 10**15).map(format_instant)
elsewhere = st.tuples(near, st.sampled_from(["+03:00", "-00:30", "+14:00"])).map(lambda two: two[0][:-1] + two[1])


@given(st.one_of(st.lists(usual), st.lists(st.one_of(usual, fractions)), st.lists(st.one_of(near, elsewhere))))
def test_usual_times_are_all_read(texts: list[str]) -> None:
    """None is left to the exact reader, which would take long."""
    assert instants_us(pl.Series(texts, dtype=pl.String)).to_list() == [parse_instant(text) for text in texts]


NO_TIMES = [
    "0000-07-04T09:00:00", "2025-00-04T09:00:00", "2025-13-04T09:00:00", "2025-07-00T09:00:00", "2025-07-32T09:00:00",
    "2025-02-29T09:00:00", "1900-02-29T09:00:00", "2025-04-31T09:00:00", "2025-07-04T24:00:00", "2025-07-04T09:60:00",
    "2025-07-04T09:00:60", "2025:07-04T09:00:00", "2025-07:04T09:00:00", "2025-07-04-09:00:00", "2025-07-04T09-00:00",
    "2025-07-04T09:00-00",
]  # fmt: skip


@pytest.mark.parametrize("end", ["Z", ".25Z", ".999999Z", "+03:00", ".5-00:30"])
def test_what_the_calendar_or_the_clock_does_not_have_is_no_time(end: str) -> None:
    """Whatever the other times are; the first and the last of each is one."""
    times = [
        "1970-01-01T00:00:00", "2024-02-29T23:59:59", "2000-02-29T00:00:00", "2025-12-31T09:59:00",
        "2025-01-01T23:00:59",
    ]  # fmt: skip
    found = instants_us(pl.Series([one + end for one in (*NO_TIMES, *times)]))
    assert found.to_list() == [None] * len(NO_TIMES) + [parse_instant(one + end) for one in times]
