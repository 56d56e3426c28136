"""Times read as columns against the same times read one by one."""

import polars as pl
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


@given(st.one_of(st.lists(usual), st.lists(st.one_of(usual, fractions))))
def test_usual_times_are_all_read(texts: list[str]) -> None:
    """None is left to the exact reader, which would take long."""
    assert instants_us(pl.Series(texts, dtype=pl.String)).to_list() == [parse_instant(text) for text in texts]
