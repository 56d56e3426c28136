"""Pairs of lists with known truth: the same from the same seed, true in every flag, and wrong as often as they say."""

import re
from collections import Counter
from functools import cache

import pytest

from safeconduct.registry.lists import read_list
from safeconduct.sim.hands import PROFILES, Hand
from safeconduct.sim.list_pairs import ListPair, PairRow, as_person, draw_list_pair, strata_of, write_csv

ROWS = 3000
WRONG_DATES = {"year off by one", "day and month swapped", "wrong digit in the birth date", "first of January"}


@cache
def drawn(profile: str) -> ListPair:
    """One pair of lists of each profile."""
    return draw_list_pair(5, ROWS, profile)


@pytest.fixture(params=PROFILES)
def lists(request: pytest.FixtureRequest) -> ListPair:
    """Each profile in turn."""
    return drawn(request.param)


def test_one_seed_gives_one_pair_of_lists(lists: ListPair) -> None:
    """Rows, truth and bytes; another seed gives others."""
    again = draw_list_pair(5, ROWS, lists.profile.name)
    assert again == lists
    assert write_csv(again.right, lists.profile.right) == write_csv(lists.right, lists.profile.right)
    assert draw_list_pair(6, ROWS, lists.profile.name).left != lists.left


def test_truth_is_who_is_who(lists: ListPair) -> None:
    """The two rows of a true pair are of one person, each person who stands in both lists is a true pair, and nobody
    stands twice in one list."""
    left, right = ({row.person: row.ref for row in rows} for rows in (lists.left, lists.right))
    assert len(left) == len(right) == ROWS
    assert {(pair.left, pair.right) for pair in lists.pairs} == {
        (left[person], right[person]) for person in left.keys() & right.keys()
    }
    assert len(lists.pairs) == ROWS // 2


def test_the_product_reads_both_lists_as_they_are(lists: ListPair) -> None:
    """Reading the bytes gives the very persons that the benchmark matches, and nothing to complain of."""
    for rows, hand in ((lists.left, lists.profile.left), (lists.right, lists.profile.right)):
        read = read_list("list.csv", write_csv(rows, hand))
        assert not read.findings
        assert read.persons == tuple(as_person(row) for row in rows)


def test_an_arab_list_is_read_too() -> None:
    """With Arabic names asked for, some stand in Arabic script, and both lists read without a finding."""
    lists = draw_list_pair(3, 600, "press", arabic=True)
    assert "Arabic" in {row.script for row in lists.right}
    read = read_list("list.csv", write_csv(lists.right, lists.profile.right))
    assert not read.findings
    assert read.persons == tuple(as_person(row) for row in lists.right)


def test_every_flag_is_true_of_the_cells(lists: ListPair) -> None:
    """What a row is said to lack or to have wrong is so, against the person; what is not said is right."""
    for row in (*lists.left, *lists.right):
        person = lists.people[row.person]
        flags, cells, born = row.flags, row.cells, person.born
        text = cells["birth_date"]
        assert ("no patronymic" in flags) == (cells["patronymic"] == "")
        assert ("no birth date" in flags) == (text == "")
        assert ("year only" in flags) == bool(re.fullmatch(r"\d{4}", text))
        assert ("month and year only" in flags) == bool(re.fullmatch(r"\d\d\.\d{4}", text))
        assert ("initials" in flags) == (cells["given_name"].endswith(".") or cells["family_name"].endswith("."))
        forms = {
            10: f"{born.day:02d}.{born.month:02d}.{born.year}",
            7: f"{born.month:02d}.{born.year}",
            4: f"{born.year}",
            0: "",
        }
        assert (text == forms[len(text)]) == (not WRONG_DATES & flags)
        if "year off by one" in flags:
            assert abs(int(text[-4:]) - born.year) == 1
        if "day and month swapped" in flags and len(text) == 10:
            assert text[:5] == f"{born.month:02d}.{born.day:02d}"
        number = re.sub(r"\W|№", "", cells["service_number"])
        same = number == person.service_number.replace("-", "")
        assert not number or same == (not {"another service number", "slip in the service number"} & flags)


def test_names_are_those_of_the_person_unless_flagged(lists: ListPair) -> None:
    """In the home language and without flags, the cells are the papers' own forms, ё or not."""
    checked = 0
    for row in (*lists.left, *lists.right):
        person = lists.people[row.person]
        if person.kind not in ("ukrainian", "russian") or row.way != {"ukrainian": "uk", "russian": "ru"}[person.kind]:
            continue
        names = [person.family, person.given, person.patronymic]
        own = [name.ukrainian if person.kind == "ukrainian" else name.russian for name in names]
        if "swapped columns" in row.flags:
            own[:2] = own[1::-1]
        columns = ("family_name", "given_name", "patronymic")
        touched = {"slip in the surname", "slip in the given name", "slip in the patronymic"}
        touched |= {"initials", "diminutive", "another surname", "another patronymic", "no patronymic"}
        if not row.flags & touched:
            checked += 1
            written = [row.cells[column].replace("ё", "е") for column in columns]
            assert written == [name.replace("ё", "е") for name in own]
    assert checked > 50 or lists.profile.name == "press"


@pytest.mark.parametrize("side", ["left", "right"])
def test_rates_are_those_stated(lists: ListPair, side: str) -> None:
    """Within five standard deviations of the rates of the hand."""
    hand: Hand = getattr(lists.profile, side)
    rows: tuple[PairRow, ...] = getattr(lists, side)
    found = Counter(flag for row in rows for flag in row.flags)
    stated = {
        "no patronymic": hand.no_patronymic,
        "initials": hand.initials,
        "swapped columns": hand.swapped_columns * (1 - hand.initials),
        "year only": hand.year_only,
        "no birth date": hand.no_birth_date,
        "month and year only": hand.month_and_year,
        "another service number": hand.number_known * hand.other_number,
        "another unit": hand.unit_known * hand.other_unit,
    }
    for flag, share in stated.items():
        spread = (ROWS * share * (1 - share)) ** 0.5
        assert abs(found[flag] - ROWS * share) <= 5 * spread + 1, flag
    # A slip may leave a short or empty name as it was, so it is rarer than stated, and not by much.
    assert 0.75 * hand.family_slip - 0.02 <= found["slip in the surname"] / ROWS <= hand.family_slip + 0.02


def test_scripts_and_schemes_are_told_of_the_pair(lists: ListPair) -> None:
    """Strata of a true pair hold those of its two rows; the script is that of the letters."""
    left, right = ({row.ref: row for row in rows} for rows in (lists.left, lists.right))
    for pair in lists.pairs:
        assert strata_of(left[pair.left], right[pair.right]) <= pair.strata
    for row in (*lists.left, *lists.right):
        letters = "".join(row.cells[column] for column in ("family_name", "given_name", "patronymic"))
        cyrillic = any("Ѐ" <= letter <= "ӿ" for letter in letters)
        assert cyrillic == (row.script != "Latin")


def test_families_and_namesakes_stand_near(lists: ListPair) -> None:
    """Both lists hold brothers and namesakes of persons who stand in the other."""
    strata = Counter(one for pair in lists.pairs for one in pair.strata)
    assert strata["namesake in the other list"] > 20
    assert strata["same surname and patronymic in the other list"] > 40
