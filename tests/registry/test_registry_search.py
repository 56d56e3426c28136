"""Finding a person: any script, two typing errors, words in any order; the likeliest first, and nobody else."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.entries import PersonListed
from safeconduct.registry.fold import fold, given_key, likely_given_key, likely_patronymic_key, patronymic_key
from safeconduct.registry.placings import Fitting
from safeconduct.registry.search_index import Found, Rows, SearchIndex
from safeconduct.registry.search_query import Query, parse_query
from safeconduct.registry.values import word_key
from safeconduct.sim.names import MEN, SURNAMES_RUSSIAN, SURNAMES_UKRAINIAN
from safeconduct.sim.romanisation import FROM_RUSSIAN, FROM_UKRAINIAN, as_typed
from safeconduct.vocabulary.imprecise_date import ImpreciseDate

ALL = 10_000


def listed(ref: str, family: str = "", given_name: str = "", patronymic: str = "", **more: str) -> PersonListed:
    """A row of a list."""
    return PersonListed(
        occurred_at_us=1,
        own=("UA",),
        list_id="UA-held",
        ref=ref,
        family_name=family,
        given_name=given_name,
        patronymic=patronymic,
        **more,  # type: ignore[arg-type]
    )


PETRO = listed("a1", "Іваненко", "Петро", "Миколайович", birth_date="1985-05-17", service_number="АБ-123456")
ROWS = [
    PETRO,
    listed("a2", "Іваненко", "Сергій", "Петрович", birth_date="1985"),
    listed("a3", "Шевчук", "Микола", unit="в/ч А1234"),
    listed("a4", "Шевчук", "Николай", unit="в/ч А9999"),
    listed("a5", "Тарас", "Кравченко", birth_date="1990-12"),
    listed("a6", "Мельник", "О.", "І."),
    listed("a7", "Бондар"),
    listed("a9", "Нечуй-Левицький", "Іван", "Семенович"),
    listed("a8", "Ткаченко", "Юрій", "Олегович"),
]
INDEX = SearchIndex(ROWS)


def refs(text: str, **more: str) -> list[str]:
    """Who is found, in the order told."""
    return [one.row.ref for one in INDEX.search(parse_query(text, **more), ALL)]


@pytest.mark.parametrize(
    "text",
    [
        "Іваненко Петро 1985",
        "petro ivanenko 17.05.1985",
        "IVANENKO P.",
        "Иваненко П.М.",
        "Пётр Николаевич Иваненко",
        "Iwanenko Petro",
        "17 травня 1985 р.н., Іваненко, Петро",
        "Ivanenko Pyotr 1985-05-17",
        "Iavnenko Petto",
        "Иваннеко 1985-05-17",
        "Іваненко П. М. 05.1985",
        "аб123456 іваненко",
        "АБ-123456",
        "A1",
        "Петренко Петро Миколайович",
    ],
)
def test_one_person_is_found_by_what_people_type(text: str) -> None:
    """Cyrillic of both languages, Latin, initials, dates in any form, a service number, a ref, another surname."""
    assert refs(text)[0] == "a1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Шевчук Николай", ["a4", "a3"]),
        ("Шевчук Никалай", ["a4", "a3"]),
        ("Іваненко Петро О.", ["a1", "a2"]),
        ("Кравченко Тарас", ["a5"]),
        ("Тарас Кравченко", ["a5"]),
        ("Кравченко Т.", ["a5"]),
        ("Мельник Олена Іванівна", ["a6"]),
        ("Мельник Сергій", []),
        ("Бондар Степан Іванович", ["a7"]),
        ("Іваненко Юрій", []),
        ("Ткаченко Юрій Петрович", ["a8"]),
        ("Ткаченко Юрій Петрович 1980", ["a8"]),
        ("Іваненко", ["a1", "a2"]),
        ("Сергій", ["a2"]),
        ("Сергій Петрович", ["a2"]),
        ("Олегович", ["a8"]),
        ("Левицький", ["a9"]),
        ("Nechui Levytsky Ivan", ["a9"]),
        ("Нечуй-Левицький І.", ["a9"]),
    ],
)
def test_who_fits_and_who_does_not(text: str, expected: list[str]) -> None:
    """Swapped columns, initials in the list, what the list leaves out, one word in three that fits nothing."""
    assert refs(text) == expected


def test_a_unit_puts_its_own_first() -> None:
    """It excludes nobody."""
    assert refs("Шевчук М.", unit="А1234") == ["a3", "a4"]
    assert refs("Шевчук М.", unit="9999") == ["a4", "a3"]


def test_another_birth_date_is_told_and_excludes_nobody() -> None:
    """Whoever fits it comes first, then those of whom the date is less known."""
    found = INDEX.search(parse_query("Іваненко 1985-05-17"), ALL)
    assert [one.row.ref for one in found] == ["a1", "a2"]
    assert [one.for_it for one in found] == [
        ("surname the same", "birth date the same"),
        ("surname the same", "birth date the same as far as known"),
    ]
    [first, second] = INDEX.search(parse_query("Ivanenko", born="1986"), ALL)
    assert (first.against, second.against) == (
        ("birth years differ by one (1985-05-17)",),
        ("birth years differ by one (1985)",),
    )
    found = INDEX.search(parse_query("Іваненко Петро 01.05.1985"), ALL)
    assert found[0].against == ("birth dates differ, the year is the same (1985-05-17)",)


def test_reasons_say_what_differs() -> None:
    """In plain words, with what was asked and what is listed."""
    [found] = INDEX.search(parse_query("Iavnenko Pjotr Миколайович"), 1)
    assert (found.errors, found.against) == (1, ())
    assert found.for_it == (
        "surname differs by a letter (Iavnenko, Іваненко)",
        "given name in another form (Петро)",
        "patronymic the same",
    )
    [found] = INDEX.search(parse_query("Ткаченко Юрій Петрович АБ-1", unit="A7"), 1)
    assert found.against == ("Петрович fits nothing here",)
    assert "no service number to compare" in found.for_it


def test_fewer_errors_come_first() -> None:
    """Whichever was listed first, and whichever of the names they are in."""
    index = SearchIndex(
        listed(name + given_name, name, given_name)
        for name in ("Кобалець", "Комалець", "Ковалець")
        for given_name in ("Степам", "Степан")
    )
    found = index.search(parse_query("Степан Ковалець"), 10)
    assert [one.errors for one in found] == [0, 1, 1, 1, 2, 2]
    assert (found[0].row.family_name, found[0].row.given_name) == ("Ковалець", "Степан")


def test_of_equals_the_first_listed_comes_first_and_the_limit_holds() -> None:
    """Many of one name."""
    index = SearchIndex(listed(f"r{number}", "Коваль", "Іван") for number in range(50))
    found = index.search(parse_query("Коваль Іван"), 7)
    assert [one.row.ref for one in found] == [f"r{number}" for number in range(7)]


def test_a_row_that_was_listed_again_stands_as_it_was_listed_last() -> None:
    """By list and ref; one that is taken in after a search is found by the next."""
    index = SearchIndex([listed("x", "Коваль")])
    assert [one.row.ref for one in index.search(parse_query("Коваль"), 5)] == ["x"]
    index.add(listed("x", "Сорока"))
    index.add(listed("y", "Сорока"))
    assert index.search(parse_query("Коваль"), 5) == []
    assert [one.row.ref for one in index.search(parse_query("Сорока"), 5)] == ["x", "y"]
    assert (len(index), index.search(parse_query("Сорока"), 0)) == (2, [])


BAD = {
    "": "TEXT:1:1: is empty; write it like",
    "  .,; ": "TEXT:1:1: is empty;",
    "1985": "TEXT:1:1: holds a birth date and no name;",
    "17.05.1985": "TEXT:1:1: holds a birth date and no name;",
    "П. М.": "TEXT:1:1: holds no name;",
    "Коваль 32.05.1985": "TEXT:1:1: '32.05.1985' is no day of the calendar; write the day first: dd.mm.yyyy",
    "Коваль 17.05.85": "TEXT:1:1: '17.05.85' has a year of two digits;",
    "Коваль 1985 1986": "TEXT:1:1: names more than one birth date; keep the one that is meant",
    "а б в Коваль": "TEXT:1:1: holds 3 initials, more than 2;",
    "ой та що за люди": "TEXT:1:1: holds 5 words of a name, more than 4;",
    "Коваль\x00": "TEXT:1:1: the cell holds control characters;",
    "К" * 201: "TEXT:1:1: is longer than 200 characters;",
}


@pytest.mark.parametrize("text", BAD)
def test_what_nobody_can_look_for_is_refused_in_a_line(text: str) -> None:
    """What, where, how to mend it."""
    with pytest.raises(BadInput) as refused:
        parse_query(text)
    assert str(refused.value).startswith(BAD[text])
    assert "\n" not in str(refused.value)


def test_a_birth_date_apart_must_be_one() -> None:
    """And there may be but one."""
    with pytest.raises(BadInput, match=r"--born:1:1: 'soon' is no date"):
        parse_query("Коваль", born="soon")
    with pytest.raises(BadInput, match="more than one birth date"):
        parse_query("Коваль 1985", born="1985")


# Against a search letter by letter through all rows.


@lru_cache(None)
def distance(one: str, other: str) -> int:
    """Damerau and Levenshtein's, as in the textbook: unrestricted, so that ca is two from abc."""
    last: dict[str, int] = {}
    most = len(one) + len(other)
    table = {(-1, -1): most}
    for i in range(len(one) + 1):
        table[i, -1], table[i, 0] = most, i
    for j in range(len(other) + 1):
        table[-1, j], table[0, j] = most, j
    for i in range(1, len(one) + 1):
        here = 0
        for j in range(1, len(other) + 1):
            k, m = last.get(other[j - 1], 0), here
            same = one[i - 1] == other[j - 1]
            here = j if same else here
            table[i, j] = min(
                table[i - 1, j - 1] + (not same),
                table[i, j - 1] + 1,
                table[i - 1, j] + 1,
                table[k - 1, m - 1] + (i - k - 1) + 1 + (j - m - 1),
            )
        last[one[i - 1]] = i
    return table[len(one), len(other)]


def errors_between(word: str, name: str, column: int) -> int | None:
    """The typing errors that lie between a word and a name in a column, from the definition in docs/search.md."""
    ways = []
    same, likely = (patronymic_key, likely_patronymic_key) if column == 2 else (given_key, likely_given_key)
    for part in {name, *name.split("-")}:
        for one, other in ((word_key(word), word_key(part)), (fold(word), fold(part))):
            errors = distance(one, other)
            if errors <= min(2, max(len(one), len(other)) // 2):
                ways.append(errors)
        if same(word) == same(part):
            ways.append(0)
        if column and likely(word) == same(part):
            ways.append(1)
    return min(ways, default=None)


def errors_in(words: Sequence[str], names: tuple[str, str, str]) -> tuple[int, int] | None:
    """Of a row the words that stand nowhere, and the errors in the others; None if it does not fit."""
    ways = []
    for columns in set(permutations((0, 1, 2, *[None] * len(words)), len(words))):
        nowhere = columns.count(None)
        if nowhere > max(0, len(words) - 2):
            continue
        total: int | None = 0
        for word, column in zip(words, columns, strict=True):
            if column is None or total is None:
                continue
            if names[column]:
                errors = errors_between(word, names[column], column)
            else:
                accounted = {1: {0}, 2: {0, 1}}.get(column, {3})
                errors = 0 if not nowhere and accounted <= set(columns) else None
            total = None if errors is None else total + errors
        if total is not None and total <= 2:
            ways.append((nowhere, total))
    return min(ways, default=None)


NAMES = (
    "Іван-Лев",
    "Іван",
    "Иванов",
    "Ivanov",
    "Іванко",
    "Бут",
    "But",
    "Буц",
    "Коваль",
    "Kovall",
    "Koval",
    "Лев",
    "Левко",
    "Петро",
)
names = st.sampled_from(NAMES) | st.text("абвиlo", min_size=2, max_size=6)
columns = st.tuples(names, st.just("") | names, st.just("") | st.sampled_from(("Іванович", "Львович", "Петрович")))


@settings(max_examples=300)
@given(st.lists(columns, max_size=8), st.data())
def test_exactly_the_rows_within_two_errors_are_found(rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """None is missed and none is too many, whatever the index leaves out; if a word fits nothing, it comes last."""
    near = st.sampled_from([name for row in rows for name in row if name] or ["Коваль"])
    mistyped = st.tuples(near, st.integers(0, 6), st.sampled_from("абlo")).map(
        lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + 1 :]
    )
    words = tuple(data.draw(st.lists(names | near | mistyped, min_size=1, max_size=3)))
    index = SearchIndex(listed(str(place), *row) for place, row in enumerate(rows))
    found = index.search(Query(words), ALL)
    expected = {str(place): errors for place, row in enumerate(rows) if (errors := errors_in(words, row)) is not None}
    assert {one.row.ref: one.errors for one in found} == {ref: errors for ref, (_, errors) in expected.items()}
    nowhere = [expected[one.row.ref][0] for one in found]
    assert nowhere == sorted(nowhere)


class Unhurried(SearchIndex):
    """Leaves nobody out before it looks at all of a row."""

    def _candidates(self, words: Sequence[Fitting], numbered: Sequence[int]) -> Rows:
        del words, numbered
        return np.arange(len(self._rows), dtype=np.int64)


@given(st.lists(columns, max_size=8), st.data())
def test_whom_the_index_leaves_out_early_does_not_fit(rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """Whatever words, initials and numbers are asked for together: the same rows, order and reasons."""
    listing = [listed(f"n{place}", *row, unit=f"{place % 2}") for place, row in enumerate(rows)]
    query = Query(
        tuple(data.draw(st.lists(names, min_size=1, max_size=4))),
        tuple(data.draw(st.lists(st.sampled_from("іИлПKЛ"), max_size=2))),
        tuple(data.draw(st.lists(st.sampled_from(("n0", "n3")), max_size=1))),
        data.draw(st.sampled_from((None, ImpreciseDate.parse("1985")))),
        data.draw(st.sampled_from(("", "1"))),
    )
    assert SearchIndex(listing).search(query, ALL) == Unhurried(listing).search(query, ALL)


# Every class of error on invented names, in a registry of many.


def registry(random: Random) -> list[PersonListed]:
    """Rows in four scripts and schemes."""
    rows = []
    for number in range(3_000):
        ukrainian = bool(number % 2)
        surname = random.choice(SURNAMES_UKRAINIAN if ukrainian else SURNAMES_RUSSIAN)
        first, father = random.choice(MEN), random.choice(MEN)
        name = (
            (surname, first.ukrainian, father.patronymics_ukrainian[0])
            if ukrainian
            else (surname, first.russian, father.patronymics_russian[0])
        )
        if number % 3 == 0:
            scheme = random.choice(FROM_UKRAINIAN if ukrainian else FROM_RUSSIAN)
            name = (as_typed(scheme(name[0]), False), as_typed(scheme(name[1]), False), "")
        if number % 50 == 0:
            name = (name[1], name[0], name[2])
        born = f"{random.randint(1960, 2005)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
        rows.append(listed(f"r{number}", *name, birth_date=born[:4] if number % 20 == 0 else born))
    return rows


MANY = registry(Random(7))
MANY_INDEX = SearchIndex(MANY)


@st.composite
def slips(draw: st.DrawFn, word: str) -> str:
    """One typing error of any class."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("абеиklmo"))
    return draw(
        st.sampled_from(
            (
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
            )
        )
    )


@given(st.sampled_from([row for row in MANY if min(len(row.family_name), len(row.given_name)) > 4]), st.data())
def test_with_two_errors_in_all_the_right_row_is_among_the_first(row: PersonListed, data: st.DataObject) -> None:
    """Of 3,000, among the first ten; in any order of the words; with the year or without."""
    family, given_name = row.family_name, row.given_name
    for in_family in data.draw(st.lists(st.booleans(), max_size=2)):
        if in_family:
            family = data.draw(slips(family))
        else:
            given_name = data.draw(slips(given_name))
    words = data.draw(st.permutations([family, given_name]))
    year = data.draw(st.sampled_from(("", row.birth_date[:4])))
    found: list[Found] = MANY_INDEX.search(parse_query(" ".join([*words, year])), 10)
    assert row in [one.row for one in found]


@given(st.sampled_from(MANY), st.sampled_from((0, 1)))
def test_case_and_a_lost_patronymic_make_no_difference(row: PersonListed, upper: int) -> None:
    """The full name and date as listed come first."""
    text = f"{row.given_name} {row.family_name} {row.birth_date}"
    found = MANY_INDEX.search(parse_query(text.upper() if upper else text.lower()), 1)
    assert (found[0].row.family_name, found[0].row.given_name) == (row.family_name, row.given_name)
