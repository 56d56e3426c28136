"""What a text would tell beyond what it says: when that is too much, which fact does it, and what is remarked."""

import pytest

from safeconduct.disclosure.counts import Facts, Numbers, Text
from safeconduct.disclosure.facts import TOTAL, fact_ids, of_category, released_by, returned_to
from safeconduct.disclosure.feasible import Interval
from safeconduct.disclosure.inference import Pinned, numbers, pinned, remarks

TWO, THREE = Facts(("A", "B")), Facts(("A", "B", "C"))
A, B, C = map(released_by, "ABC")
WOUNDED = of_category("seriously-wounded-or-sick")


def text(told: Numbers, persons: int | None = None) -> Text:
    """A text, with the total that it tells."""
    return Text(told, told[TOTAL] if persons is None else persons)


def found(facts: Facts, released: list[Text], new: Text) -> tuple[Pinned, ...]:
    """What the new text would tell if just what was and would be told is cleared."""
    return pinned(facts, released, new, {fact for one in (*released, new) for fact in one.told})


def test_a_direct_difference_is_told_with_the_fact_that_does_it() -> None:
    """Of the facts without which it would not be plain the last one is named."""
    assert found(TWO, [], text({TOTAL: 205, A: 100})) == (Pinned(B, Interval(105, 105), A, None),)
    assert found(TWO, [], text({TOTAL: 205, returned_to("A"): 100})) == (
        Pinned(returned_to("B"), Interval(105, 105), returned_to("A"), None),
    )


def test_a_chain_of_texts_is_followed_to_its_end() -> None:
    """No two of these tell it: of three parties' numbers each stands in a text of its own, the total in a fourth."""
    released = [text({A: 40}, 120), text({WOUNDED: 7}, 120), text({B: 30}, 120)]
    assert found(THREE, released, text({TOTAL: 120})) == (Pinned(C, Interval(50, 50), TOTAL, None),)
    assert found(THREE, released[1:], text({TOTAL: 120})) == ()


def test_a_chain_over_growing_numbers_is_followed_too() -> None:
    """Numbers of different moments bound each other, until two of one moment give the third."""
    released = [text({TOTAL: 60}), text({A: 40}, 70)]
    assert found(TWO, released[:1], released[1]) == ()
    assert found(TWO, released, text({TOTAL: 90, B: 50})) == (), "all are cleared"
    told = pinned(TWO, released, text({TOTAL: 90, A: 40}), {TOTAL, A})
    assert told == (Pinned(B, Interval(50, 50), A, None),)


def test_what_a_later_text_tells_of_an_earlier_moment_says_of_which() -> None:
    """A's number was the same before and after that total, so it was that one when the total was told."""
    released = [text({A: 40}, 50), text({TOTAL: 60})]
    assert found(TWO, released[:1], released[1]) == ()
    assert found(TWO, released, text({A: 40}, 90)) == (Pinned(B, Interval(20, 20), A, 1),)


@pytest.mark.parametrize(("rest", "refused"), [(0, True), (1, True), (2, False)])
def test_an_interval_must_hold_three_values(rest: int, refused: bool) -> None:
    """Of four parties two are told; each of the others lies between nothing and the rest."""
    told = found(Facts(("A", "B", "C", "D")), [], text({TOTAL: 100, A: 60, B: 40 - rest}))
    assert [one.interval for one in told if one.fact == C] == [Interval(0, rest)] * refused


@pytest.mark.parametrize(("total", "refused"), [(500, True), (501, True), (502, False)])
def test_an_interval_must_be_a_tenth_wide(total: int, refused: bool) -> None:
    """What is known to lie between 451 and 500 is as good as told."""
    released = [text({TOTAL: 451, A: 0, C: 0})]
    told = pinned(THREE, released, text({TOTAL: total}), {TOTAL, A, C, *map(returned_to, "ABC")})
    assert [(one.fact, one.interval) for one in told] == [(B, Interval(451, total))] * refused


def test_what_one_fact_tells_by_itself_was_agreed_with_it() -> None:
    """A total of one leaves each side none or one, and a total of none everything at none."""
    for total in (0, 1, 2):
        assert found(TWO, [], text({TOTAL: total})) == ()
        assert found(THREE, [], text({TOTAL: total})) == ()
    assert found(TWO, [], text({TOTAL: 1, B: 1, A: 0})) == ()


def test_a_text_that_adds_nothing_passes() -> None:
    """Told before, or known before: not held against it."""
    out = [text({TOTAL: 205, A: 100})]
    assert pinned(TWO, out, text({TOTAL: 205, A: 100}), {TOTAL, A}) == ()
    assert pinned(TWO, out, text({TOTAL: 205, A: 100}, 205), {TOTAL, A}) == ()
    assert pinned(TWO, [*out, text({TOTAL: 205})], text({A: 100}, 205), {TOTAL, A}) == ()
    assert pinned(TWO, out, text({WOUNDED: 12}, 205), {TOTAL, A, WOUNDED}) == ()
    assert pinned(TWO, out, text({TOTAL: 206, A: 101}), {TOTAL, A}) == (Pinned(B, Interval(105, 105), TOTAL, None),)


def test_texts_that_contradict_each_other_do_not_hide_what_one_tells_alone() -> None:
    """A mistake on record, or an erasure: the new text is still judged by itself."""
    assert found(TWO, [text({A: 1}, 3)], text({returned_to("B"): 2, B: 1}, 3)) == (
        Pinned(TOTAL, Interval(3, 3), B, None),
    )


def test_only_numbers_of_persons_are_compared() -> None:
    """As they are written; a date, a place or the number of exchanges is none."""
    values = {TOTAL: "2,395", "date": "4 July 2025", "rounds": "3", "place": "7", A: "many"}
    assert numbers(values, TWO) == {TOTAL: 2395}
    assert set(TWO.ids) == set(fact_ids("AB")) - {"agreement", "date", "rounds", "place"}


REMARKS: dict[str, tuple[list[Text], Numbers, list[str]]] = {
    "many": ([], {TOTAL: 20, WOUNDED: 9}, []),
    "all": ([], {TOTAL: 20, WOUNDED: 20}, ["of those handed over, all 20 are"]),
    "none": ([], {TOTAL: 20, WOUNDED: 0}, ["of those handed over, none is"]),
    "few": ([], {TOTAL: 20, WOUNDED: 2}, ["of those handed over, only 2 are"]),
    "few of an unknown total": ([], {WOUNDED: 1}, ["of those handed over, only 1 is"]),
    "one more of one more": (
        [text({TOTAL: 20, WOUNDED: 9})],
        {TOTAL: 21, WOUNDED: 10},
        ["of those handed over since an earlier text, the only one is"],
    ),
    "none of those who came since": (
        [text({TOTAL: 20, WOUNDED: 9})],
        {TOTAL: 30, WOUNDED: 9},
        ["of those handed over since an earlier text, none is"],
    ),
    "a side that came alone": (
        [text({TOTAL: 20, WOUNDED: 9, A: 20, B: 0})],
        {TOTAL: 30, WOUNDED: 14, A: 20, B: 10},
        ["of those whom A released, 9 are", "of those whom B released, 5 are"],
    ),
    "nothing new": ([text({TOTAL: 20, WOUNDED: 2})], {WOUNDED: 2}, []),
}


@pytest.mark.parametrize(("released", "told", "expected"), REMARKS.values(), ids=REMARKS.keys())
def test_what_may_point_at_persons_is_remarked(released: list[Text], told: Numbers, expected: list[str]) -> None:
    """All, none or few of a category: of everybody, of those who came since, of a side."""
    said = [one.what for one in remarks(TWO, released, Text(told, told.get(TOTAL, 20)))]
    assert said == [f"{beginning} of category seriously-wounded-or-sick" for beginning in expected]
