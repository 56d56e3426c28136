"""The parties' lists as the product reads them, and the truth about their rows."""

from collections import Counter

import pytest

from safeconduct.registry.lists import read_list
from safeconduct.sim.example import Example, make_example


@pytest.fixture(scope="module")
def example() -> Example:
    """A mid-sized example."""
    return make_example(11, 400)


@pytest.mark.parametrize(
    "name", ["lists/RU-held.csv", "lists/UA-held.xlsx", "lists/RU-sought.csv", "lists/UA-sought.xlsx"]
)
def test_the_product_reads_every_list(example: Example, name: str) -> None:
    """Every row and heading is understood; at most a few dates are left to a person."""
    read = read_list(name, example.files[name])
    assert [person.ref for person in read.persons] == [row.ref for row in example.lists[name]]
    assert not read.unknown_columns or set(read.unknown_columns) <= {"Пропал без вести с", "Зник безвісти з"}
    assert len(read.findings) <= 6
    assert all("birth_date" in finding.what or "." in finding.what for finding in read.findings)
    assert all(person.sex for person in read.persons)
    assert all(person.categories for person in read.persons)


def test_the_candidates_are_read_back_as_they_were(example: Example) -> None:
    """candidates.csv holds the very persons, each once, with wishes and protection."""
    read = read_list("candidates.csv", example.files["candidates.csv"])
    assert not read.findings
    assert read.persons == example.candidates
    assert len(example.candidates) == 800
    consents = Counter(person.consent for person in example.candidates)
    assert consents["willing"] > 760
    assert consents["unwilling"] == 2 * round(400 * 0.012)


def test_the_holder_of_ukrainians_mixes_scripts_and_the_other_does_not(example: Example) -> None:
    """RU's list holds Latin and Cyrillic names; UA's list Cyrillic alone."""
    latin = Counter(row.cells["family_name"].isascii() for row in example.lists["lists/RU-held.csv"])
    assert latin[True] > 80
    assert latin[False] > 80
    assert not any(row.cells["family_name"].isascii() for row in example.lists["lists/UA-held.xlsx"])


def test_lists_have_duplicates_swaps_and_imprecise_dates(example: Example) -> None:
    """What makes matching hard is there."""
    rows = example.lists["lists/RU-held.csv"]
    assert any(count == 2 for count in Counter(row.person for row in rows).values())
    assert any(len(row.cells["birth_date"]) == 4 for row in rows)
    assert any(not row.cells["patronymic"] for row in rows)
    surnames = {person.surname for person in example.people}
    sought = example.lists["lists/UA-sought.xlsx"]
    assert any(row.cells["given_name"].replace("’", "'").replace("ʼ", "'") in surnames for row in sought)


def test_truth_names_every_pair_once_and_only_true_ones(example: Example) -> None:
    """A pair is one person on both sides; whoever stands twice gives two pairs and a line of their own."""
    people = {row.ref: row.person for rows in example.lists.values() for row in rows}
    truth = list(example.same_persons())
    pairs = [line for line in truth if line["truth"] == "same-person"]
    assert len({(line["left_ref"], line["right_ref"]) for line in pairs}) == len(pairs)
    assert all(people[line["left_ref"]] == people[line["right_ref"]] == line["person"] for line in pairs)
    for left, right in (("lists/RU-held.csv", "lists/UA-sought.xlsx"), ("lists/UA-held.xlsx", "lists/RU-sought.csv")):
        sought = {row.person for row in example.lists[right]}
        assert sum(line["left"] == left for line in pairs) == sum(row.person in sought for row in example.lists[left])
    twice = [line for line in truth if line["truth"] == "listed-twice"]
    assert twice
    assert all(people[ref] == line["person"] for line in twice for ref in line["refs"])


def test_some_are_held_unsought_and_some_sought_unheld(example: Example) -> None:
    """The lists overlap, but neither holds the other."""
    held = {row.person for row in example.lists["lists/RU-held.csv"]}
    sought = {row.person for row in example.lists["lists/UA-sought.xlsx"]}
    assert len(held - sought) > 5
    assert len(sought - held) > 5
    assert len(held & sought) > 0.85 * len(held)


def test_interviews_speak_of_every_row_of_the_held_lists(example: Example) -> None:
    """Both rows of a person listed twice tell the same."""
    heard = example.interviews()
    rows = [row for name in ("lists/RU-held.csv", "lists/UA-held.xlsx") for row in example.lists[name]]
    people = {person.id: person for person in example.people}
    assert heard == {row.ref: (people[row.person].consent, people[row.person].protected) for row in rows}
