"""Every word that lists head their columns with, or fill them with, is understood.

`list-terms.csv` holds the headings, categories, statuses and ranks met in lists that both sides published, 2022 to
2025, in English, Ukrainian and Russian.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.registry import values
from safeconduct.registry.lists import read_list
from safeconduct.registry.ranks import rank_level

_BESIDE = {"family_name": "birth_date", "full_name": "birth_date", "given_name": "family_name"}
"""A column that stands beside the one asked about, so that the row has a name."""
_CELLS = {
    "ref": "7",
    "full_name": "Шевчук Іван Петрович",
    "sex": "ж",
    "birth_date": "17.05.1998",
    "captured_on": "2022",
    "category": "полонений",
    "consent": "так",
    "home": "UA",
    "held_by": "RU",
}


def _words(kind: str) -> Iterator[tuple[str, str]]:
    """What a word means, and the word."""
    with (Path(__file__).parent / "list-terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == kind:
                for word in ";".join((row["en"], row["uk"], row["ru"])).split(";"):
                    if word.strip():
                        yield row["canonical"] if kind != "rank" else row["nato"], word.strip()


def _spellings(heading: str) -> tuple[str, ...]:
    return heading, heading.upper(), f" {heading.capitalize()} ", heading.replace("'", "’")


@pytest.mark.parametrize(("field", "heading"), sorted(set(_words("heading"))))
def test_every_heading_met_in_lists_is_read_into_its_field(field: str, heading: str) -> None:
    """Written small, in capitals or at the beginning of a sentence, with either apostrophe, in CSV."""
    cell = _CELLS.get(field, "Слово")
    for spelling in _spellings(heading):
        beside = _BESIDE.get(field, "family_name")
        ref = [] if field == "ref" else [("ref", "1")]
        columns = [*ref, (beside, "1990" if beside == "birth_date" else "Лис"), (spelling, cell)]
        source = "\n".join(";".join(f'"{part[side]}"' for part in columns) for side in (0, 1))
        read = read_list("l.csv", source.encode())
        person = read.persons[0]
        assert (read.findings, read.unknown_columns) == ((), ()), spelling
        assert read.originals[0][" ".join(spelling.split())] == cell
        if field == "full_name":
            assert (person.family_name, person.given_name, person.patronymic) == ("Шевчук", "Іван", "Петрович")
        elif field in ("birth_place", "call_sign", "missing_since"):
            assert person.note.endswith(": Слово")
        elif field == "category":
            assert person.categories == ("prisoner-of-war",)
        elif field == "consent":
            assert person.consent == ("unwilling" if re.match("refus|відмов|отказ", heading) else "willing")
        else:
            said = {"sex": "F", "birth_date": "1998-05-17", "captured_on": "2022"}.get(field, cell)
            assert str(getattr(person, field)) == said


@pytest.mark.parametrize(("category", "word"), sorted(set(_words("category"))))
def test_every_category_met_in_lists_is_read_or_asked_about(category: str, word: str) -> None:
    """A word wider than an agreed category is never taken for one; what to ask is said."""
    if category:
        assert values.read_categories(word) == (category,)
        return
    with pytest.raises(values.Unreadable) as caught:
        values.read_categories(word)
    assert re.search("ask whether the person|computed from birth_date", caught.value.mend)


@pytest.mark.parametrize("word", sorted({word for _, word in _words("status")}))
def test_what_is_known_of_a_person_is_no_category(word: str) -> None:
    """Confirmed by the ICRC, missing, sought, exchanged: it belongs into the note, and the finding says so."""
    with pytest.raises(values.Unreadable) as caught:
        values.read_categories(re.sub(r" \(.*\)", "", word))
    assert "put it into the note" in caught.value.mend


@pytest.mark.parametrize("word", sorted({word for code, word in _words("rank") if code and "(" not in word}))
def test_every_rank_met_in_lists_is_on_the_ladder(word: str) -> None:
    """Of both sides and of the navy, with what is added to it."""
    assert rank_level(word) > 0
    assert rank_level(f"гвардії {word} запасу") == rank_level(word)
