"""Why a pair was not proposed: the answer agrees with the matching for every pair of rows, and names the rule."""

import re
from itertools import product
from math import isclose, log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.test_registry_linkage import LEFT, RIGHT, person

from safeconduct.registry.evidence import COMPARISONS
from safeconduct.registry.explaining import explain, weights
from safeconduct.registry.fold import surname_key
from safeconduct.registry.linkage import (
    REVIEW_AT,
    Pair,
    Weighing,
    weigh_duplicates,
    weigh_lists,
)
from safeconduct.registry.unproposed import keys_of, why
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def row(ref: str, family: str, given_name: str, patronymic: str = "", rank: str = "", unit: str = "") -> Person:
    """A row of a list."""
    return Person(ref=ref, family_name=family, given_name=given_name, patronymic=patronymic, rank=rank, unit=unit)


people = st.builds(
    Person,
    ref=st.just(""),
    family_name=st.sampled_from(("Шевчук", "Shevchuk", "Шевченко", "Мельник", "")),
    given_name=st.sampled_from(("Іван", "Ivan", "Петро", "")),
    patronymic=st.sampled_from(("Іванович", "Петрович", "")),
    birth_date=st.sampled_from(("1990-05-04", "1990-04-05", "1990", "1971-01-01", "")).map(
        lambda text: ImpreciseDate.parse(text) if text else None
    ),
)
lists = st.lists(people, min_size=2, max_size=4)
"""Few of them are tried: each matching takes a second, whatever its lists hold."""


def numbered(persons: list[Person], prefix: str) -> list[Person]:
    """The same with refs of their own."""
    return [
        Person(
            ref=f"{prefix}{number}",
            family_name=one.family_name,
            given_name=one.given_name,
            patronymic=one.patronymic,
            birth_date=one.birth_date,
        )
        for number, one in enumerate(persons)
    ]


def check_all(weighing: Weighing, proposed: set[tuple[str, str]], *, one_to_one: bool) -> None:
    """For every pair: proposed if and only if the matching proposed it, else the named reason holds."""
    for left in weighing.left:
        for right in weighing.right:
            if weighing.left is weighing.right and left >= right:
                continue
            found = why(weighing, left, right)
            assert (found.verdict == "proposed") == ((left, right) in proposed)
            assert (found.verdict == "no-key") == (not any(key.shared for key in found.keys))
            match found.verdict:
                case "no-key":
                    assert found.probability is None
                    assert weighing.found(left, right) is None
                case "unlikely":
                    assert found.probability is not None
                    assert found.probability < REVIEW_AT
                case "taken":
                    assert one_to_one
                    assert found.preferred
                    assert set(found.preferred) <= proposed
                    assert all(left == one or right == other for one, other in found.preferred)


@settings(max_examples=4)
@given(lists, lists)
def test_every_answer_agrees_with_the_matching(left: list[Person], right: list[Person]) -> None:
    """Of two lists."""
    weighing = weigh_lists(numbered(left, "u"), numbered(right, "r"))
    proposed = {(one.left_ref, one.right_ref) for one in weighing.pairs if one.right_ref}
    check_all(weighing, proposed, one_to_one=True)


def test_every_answer_agrees_within_one_list() -> None:
    """The same of persons who stand twice on a list."""
    twice = [*LEFT[:4], person("u90", "Шевчук Микола Іванович", "1990-04-05"), person("u91", "Шевченко Іван", "1990")]
    weighing = weigh_duplicates(twice)
    proposed = {(one.left_ref, one.right_ref) for one in weighing.pairs}
    assert proposed == {("u01", "u90")}
    check_all(weighing, proposed, one_to_one=False)


WEIGHING = weigh_lists(LEFT, RIGHT)


def test_a_pair_without_a_key_is_told_with_its_keys() -> None:
    """As the operator reads it: each key of either row."""
    found = why(WEIGHING, "u01", "r11")
    assert found.verdict == "no-key"
    assert f"keys in common (surname {surname_key('Шевчук')} / odinokov" in found.sentence


def test_a_namesake_born_elsewhere_is_too_unlikely() -> None:
    """The threshold, and what speaks against it most."""
    found = why(WEIGHING, "u04", "r15")
    assert (found.verdict, found.preferred) == ("unlikely", ())
    assert "0.5 is needed; most of all, birth dates differ (1995-03-07, 1971-05-05)" in found.sentence


def test_a_row_taken_by_a_better_partner_is_named() -> None:
    """One-to-one: both rows have somebody who fits them better."""
    ours = [person("a", "Шевчук Іван Іванович", "1990-05-04"), person("b", "Шевчук Іван Іванович", "1990-05-04")]
    found = why(weigh_lists(ours, [person("x", "Шевчук Иван Иванович", "1990-05-04")]), "b", "x")
    assert (found.verdict, found.preferred) == ("taken", (("a", "x"),))
    assert "x fits a (Шевчук Іван Іванович) better" in found.sentence


@pytest.mark.parametrize("pair", [one for one in WEIGHING.pairs if one.right_ref], ids=lambda one: one.left_ref)
def test_the_weights_of_the_comparisons_sum_up_to_the_score(pair: Pair) -> None:
    """What a reviewer is told of each comparison is what the probability was computed from."""
    scored = WEIGHING.found(pair.left_ref, pair.right_ref)
    assert scored is not None
    said = weights(WEIGHING, scored.levels, WEIGHING.left[pair.left_ref], WEIGHING.right[pair.right_ref])
    prior = log2(WEIGHING.prior / (1 - WEIGHING.prior))
    assert isclose(sum(one.bits for one in said) + prior, scored.bits, abs_tol=0.01)


def test_so_they_do_where_names_are_swapped_or_of_a_family_and_ranks_and_units_are_counted() -> None:
    """Whatever level a pair stands on, the frequency that was weighed is the one that is told."""
    left = [
        row("a1", "Шевчук", "Іван", rank="старший солдат", unit="А1234"),
        row("a2", "Шевчук", "Іван", "Петрович", rank="полковник"),
        row("a3", "Мельник", "Іван", rank="солдат", unit="А1234"),
        row("a4", "Олег", "Коваль", rank="солдат"),
    ]
    right = [
        row("b1", "Шевчук", "Іван", "Петрович", rank="старший солдат", unit="А1234"),
        row("b2", "Шевченко", "Іван", "Петрович", rank="солдат", unit="А4321"),
        row("b3", "Коваль", "Олег", rank="солдат", unit="А1234"),
    ]
    weighing = weigh_lists(left, right)
    prior, counted = log2(weighing.prior / (1 - weighing.prior)), set()
    for one, other in product(left, right):
        scored = weighing.found(one.ref, other.ref)
        if scored is None:
            continue
        said = weights(weighing, scored.levels, one, other)
        assert isclose(sum(weight.bits for weight in said) + prior, scored.bits, abs_tol=0.001)
        placed = ((comparison, scored.levels[comparison.name]) for comparison in COMPARISONS)
        counted |= {comparison.levels[place].frequency_of for comparison, place in placed if place >= 0}
    assert counted == {"", *(level.frequency_of for comparison in COMPARISONS for level in comparison.levels)}
    assert {"family", "given", "given_of_family", "patronymic_of_family", "rank", "unit"} <= counted


def test_a_pair_is_explained_field_by_field() -> None:
    """Original script on both sides, the key, what differs, and the rival with what speaks for it."""
    pair = next(one for one in WEIGHING.pairs if one.left_ref == "u04")
    found = explain(WEIGHING, pair)
    by_heading = {one.heading: one for one in found.fields}
    assert (by_heading["given name"].left, by_heading["given name"].right) == ("Олег", "Олег")
    assert by_heading["patronymic"].mark == "same"
    twin = next(one for one in found.rivals if one.ref == "r05")
    assert (twin.of, twin.name) == ("left", "Мельник Роман Игоревич")
    assert "given name differs (Олег, Роман)" in twin.against
    assert any("birth date the same" in words for words in twin.speaks)


def test_every_key_is_told_in_words_of_its_own() -> None:
    """No rule of the blocking is told in SQL, by the name of a column, or as another is."""
    one = person("a", "Шевчук Іван Іванович", "1990-05-04")
    told = [key.words for key in keys_of(one, one)]
    assert len(set(told)) == len(told)
    assert [] == []
    assert [words for words in told if re.search(r"_|=|<|\b[lr]\.", words) or not words] == []
