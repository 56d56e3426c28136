"""Intervals of hidden numbers, against everything that could have happened, written out one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disclosure.counted_worlds import World

from safeconduct.disclosure.counts import Facts, Known, Numbers, Text, timeline
from safeconduct.disclosure.facts import TOTAL, released_by
from safeconduct.disclosure.feasible import OPEN, Feasible, Row

MOST = {2: 5, 3: 3}
"""Persons at most, by the number of parties: so few that all tables can be written out."""


WORLDS = {count: World("ABC"[:count], most) for count, most in MOST.items()}


@st.composite
def histories(draw: st.DrawFn) -> tuple[World, list[Text]]:
    """Texts that tell some numbers of a day that only grows; the last one tells the total, so that all is bounded."""
    world = WORLDS[draw(st.sampled_from((2, 3)))]
    at, texts = 0, []
    length = draw(st.integers(1, 4))
    for number in range(length):
        after = np.flatnonzero(world.grows[at])
        at = int(after[draw(st.integers(0, len(after) - 1))])
        told = draw(st.sets(st.sampled_from(world.facts.ids), min_size=1, max_size=4))
        if number == length - 1:
            told.add(TOTAL)
        values = {fact: int(world.values[fact][at]) for fact in world.facts.ids}
        texts.append(Text({fact: value for fact, value in values.items() if fact in told}, values[TOTAL]))
    return world, texts


@settings(max_examples=150, deadline=None)
@given(histories())
def test_intervals_are_those_of_all_that_could_have_happened(history: tuple[World, list[Text]]) -> None:
    """Neither wider, which would let a leak pass, nor narrower, which would hold back a text without reason."""
    world, texts = history
    expected = world.spans(texts)
    found = timeline(texts)
    known = Known(world.facts, found.moments)
    assert known.possible
    for index, moment in enumerate(found.moments):
        for text in moment.texts:
            for fact, interval in expected[text].items():
                assert known.interval(index, fact) == interval, (texts, text, fact)
                quick = known.at_least(index, fact)
                assert interval.low <= quick.low <= quick.high <= interval.high
                assert known.value(index, fact) in (None, interval.low)


def test_texts_of_one_total_tell_of_one_moment() -> None:
    """Nobody came between, so what each of them tells holds of all, also if the text does not say so itself."""
    facts = Facts(("A", "B"))
    found = timeline([Text({TOTAL: 9}, 9), Text({}, 9), Text({released_by("A"): 4}, 9), Text({TOTAL: 12}, 12)])
    assert [moment.texts for moment in found.moments] == [[0, 2], [3]]
    assert Known(facts, found.moments).interval(0, released_by("B")) == (5, 5)


@pytest.mark.parametrize(
    "later",
    [{TOTAL: 9, released_by("A"): 3}, {TOTAL: 10, released_by("A"): 4, released_by("B"): 6}],
    ids=["a number is lower", "a number of one total is another"],
)
def test_where_a_number_fell_nothing_follows_across(later: Numbers) -> None:
    """A `voided` took somebody back: earlier moments bind no later ones, nor later ones earlier ones."""
    facts = Facts(("A", "B"))
    found = timeline(
        [Text({released_by("B"): 2}, 8), Text({TOTAL: 10, released_by("A"): 5}, 10), Text(later, later[TOTAL])]
    )
    known = Known(facts, found.moments)
    assert [moment.anew for moment in found.moments] == [False, False, True]
    assert known.interval(2, released_by("B")) == (6, 6)
    alone = timeline([Text({TOTAL: 9}, 9), Text({TOTAL: 8}, 8)])
    assert Known(facts, alone.moments).interval(1, released_by("A")) == (0, 8)


def test_what_contradicts_itself_tells_nothing() -> None:
    """More on one side than in all: something of it is wrong, nobody can say what."""
    known = Known(Facts(("A", "B")), timeline([Text({TOTAL: 3, released_by("A"): 4}, 3)]).moments)
    assert not known.possible
    assert known.interval(0, released_by("B")) == (0, OPEN)
    assert known.value(0, TOTAL) is None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.integers(0, 3), st.sampled_from((1, -1)), min_size=1),
            st.integers(-3, 3),
            st.integers(0, 4),
        ),
        max_size=5,
    )
)
def test_any_rows_are_solved_as_by_trying_everything(rows: list[tuple[dict[int, int], int, int]]) -> None:
    """Rows of any kind, corners that are no whole numbers among them."""
    cap = 4
    capped = [
        *(Row({variable: 1}, 0, cap) for variable in range(4)),
        *(Row(by, low, low + more) for by, low, more in rows),
    ]
    solutions = [
        values
        for values in product(range(cap + 1), repeat=4)
        if all(row.low <= sum(values[at] * by for at, by in row.terms.items()) <= row.high for row in capped)
    ]
    feasible = Feasible(4, capped, {})
    assert feasible.possible() == bool(solutions)
    for variable in range(4) if solutions else ():
        column = [values[variable] for values in solutions]
        assert feasible.interval(variable) == (min(column), max(column))
