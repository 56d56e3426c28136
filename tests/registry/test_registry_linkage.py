"""Who on one list may be who on another: a small exchange with known truth, and the promises that hold for any
lists."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.registry.linkage import Pair, _one_to_one, find_duplicates, match_lists
from safeconduct.registry.scoring import Scored
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def person(ref: str, name: str, born: str = "", sex: str = "") -> Person:
    """`name` is surname, given name, patronymic, in columns as written; `_` is an empty column."""
    family, given_name, patronymic = (*("" if part == "_" else part for part in name.split()), "", "")[:3]
    date = ImpreciseDate.parse(born) if born else None
    return Person(ref=ref, family_name=family, given_name=given_name, patronymic=patronymic, birth_date=date, sex=sex)


LEFT = [
    person("u01", "Шевчук Микола Іванович", "1990-05-04"),
    person("u02", "Ковальов Андрій Петрович", "1988"),
    person("u03", "Бондаренко Іван _", "1999-01-02"),
    person("u04", "Мельник Олег Ігорович", "1995-03-07", sex="M"),
    person("u05", "Мельник Роман Ігорович", "1995-03-07", sex="M"),
    person("u06", "Мельник Олексій Ігорович", "1992-08-21", sex="M"),
    person("u07", "Коваленко Сергій Олександрович", "1985-06-30"),
    person("u08", "Коваленко Сергій Олександрович", "1991-11-12"),
    person("u09", "Гнатюк Юлія Сергіївна", "2001-02-03"),
    person("u10", "Лисенко Євген Павлович", "1979-09-19"),
    person("u11", "Самотній Ян Якович", "1970-01-01"),
    person("u12", "Щербак Дмитро Юрійович", ""),
    person("u13", "Чайка Тарас Богданович", "1996-10-10"),
    person("u14", "Яковенко Петро Ілліч", "1983-04-05"),
]
RIGHT = [
    person("r01", "SHEVCHUK Nikolay _", "1990-04-05"),  # day and month swapped, no patronymic
    person("r02", "Ковалёв Андрей Петрович", "1988-02-03"),
    person("r03", "Иван Бондаренко Степанович", "1999-01-02"),  # swapped columns
    person("r04", "Мельник Олег Игоревич", "1995-03-07", sex="M"),  # twins
    person("r05", "Мельник Роман Игоревич", "1995-03-07", sex="M"),
    person("r06", "Melnik Aleksei Igorevich", "1992-08-21", sex="M"),  # their brother
    person("r07", "Коваленко Сергей Александрович", "1985-06-30"),  # namesakes
    person("r08", "Kovalenko Sergei Aleksandrovich", "1991-11-12"),
    person("r09", "Гнатюк Юлия Сергеевна", "2001-02-08"),  # a slip in the day
    person("r10", "Лысенко Евгений Петрович", "1979-09-19"),  # another patronymic: contradicts
    person("r11", "Одиноков Пётр Ильич", "1964-12-31"),
    person("r12", "Щербак Дмитрий Юрьевич", "1994-07-07"),
    person("r13", "Чайга Тарас Богданович", "1996-10-10"),  # a slip in the surname
    person("r14", "Iakovenko Piotr Ilich", "1983-04-05"),
    person("r15", "Мельник Олег Петрович", "1971-05-05"),
    person("r16", "Бондаренко Иван Иванович", "1975-06-06"),
]
TRUTH = {f"u{n:02}": f"r{n:02}" for n in range(1, 15) if n != 11}


def by_left(pairs: Sequence[Pair]) -> dict[str, Pair]:
    return {pair.left_ref: pair for pair in pairs}


def test_the_small_exchange() -> None:
    """Everyone is found, nobody is mistaken; what contradicts or cannot be dated goes to two reviewers."""
    pairs = by_left(match_lists(LEFT, RIGHT))
    assert {left: pair.right_ref for left, pair in pairs.items() if pair.right_ref} == TRUTH
    assert {left for left, pair in pairs.items() if pair.band == "review"} == {"u10", "u12"}
    assert pairs["u11"] == Pair("u11", "", pairs["u11"].probability, "none", ("no row of the other list is likely",))
    assert all(pair.probability >= 0.99 for pair in pairs.values() if pair.band == "confirm")
    assert all(0 <= pair.probability < 1 for pair in pairs.values())


def test_reasons_are_plain_words_contradictions_first() -> None:
    """As a reviewer reads them."""
    pairs = by_left(match_lists(LEFT, RIGHT))
    assert pairs["u01"].reasons == (
        "surname the same after transliteration, borne by nobody else on these lists",
        "given name the same in another form (Микола, Nikolay), borne by nobody else on these lists",
        "birth dates differ by swapped day and month (1990-05-04, 1990-04-05)",
        "no patronymic to compare",
    )
    assert pairs["u10"].reasons[0] == "patronymic differs (Павлович, Петрович)"
    assert pairs["u03"].reasons[0] == "surname and given name stand in each other's column"
    assert "birth date the same as far as known (year)" in pairs["u02"].reasons


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    """Shuffled lists give the very same pairs."""
    shuffled = random.Random(seed)
    left, right = list(LEFT), list(RIGHT)
    shuffled.shuffle(left)
    shuffled.shuffle(right)
    assert match_lists(left, right) == match_lists(LEFT, RIGHT)


def test_rivals_go_to_two_reviewers() -> None:
    """Two rows that fit equally well: the pair is named, and so is the rival; one-to-one holds."""
    twice = [person("a", "Шевчук Іван Іванович", "1990-05-04"), person("b", "Шевчук Іван Іванович", "1990-05-04")]
    one = [person("x", "Шевчук Иван Иванович", "1990-05-04")]
    first, second = match_lists(twice, one)
    assert (first.right_ref, first.band, first.reasons[0]) == ("x", "review", "fits about as well: b")
    assert (second.right_ref, second.band, second.reasons) == (
        "",
        "none",
        ("the likely rows fit other persons better",),
    )


def test_lists_too_small_or_strange_to_learn_from() -> None:
    """Lists of one, of nobody, without a name in common, with nothing but a surname."""
    one = [person("a", "Шевчук Іван", "1990-05-04")]
    assert match_lists(one, [person("x", "Shevchuk Ivan", "1990-05-04")])[0].band == "confirm"
    assert match_lists(one, [person("x", "Лис Тарас", "1971")])[0].band == "none"
    assert match_lists(one, [])[0].right_ref == ""
    assert match_lists([], one) == []
    assert match_lists([person("a", "Шевчук")], [person("x", "Шевчук")])[0].band != "confirm"
    assert match_lists([person("a", "_")], [person("x", "_")])[0].band == "none"
    assert match_lists([person("'; drop", 'О\'Ніл "Х"', "1990")], one)[0].band == "none"


def test_duplicates_within_one_list() -> None:
    """The same person twice; twins are not sure to be one."""
    again = [*LEFT, person("u99", "Шевчук Николай Иванович", "1990-05-04")]
    found = {(pair.left_ref, pair.right_ref): pair for pair in find_duplicates(again)}
    assert found["u01", "u99"].band == "confirm"
    assert {pair.band for pair in found.values() if pair.left_ref != "u01"} <= {"review"}
    assert find_duplicates(again[:1]) == []


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(0, 5), max_size=16))
def test_one_to_one_against_an_oracle(bits: dict[tuple[str, str], int]) -> None:
    """Again and again the weightiest pair of rows still free, ties by ref."""
    scored = [Scored(left, right, 0.9 if weight else 0.1, weight, {}) for (left, right), weight in bits.items()]
    scored.sort(key=lambda pair: (-pair.bits, pair.left, pair.right))
    expected: dict[str, str] = {}
    while free := [
        (-weight, left, right)
        for (left, right), weight in bits.items()
        if weight and left not in expected and right not in expected.values()
    ]:
        _, left, right = min(free)
        expected[left] = right
    assert {left: pair.right for left, pair in _one_to_one(scored).items()} == expected


_NAMES = ["Шевчук", "Шевчук", "Лис", "Ковальов", "Ковалёв", "Kovalev", "Лисенко", ""]
_GIVEN = ["Іван", "Иван", "Ivan", "Микола", "Николай", ""]
_PERSONS = st.builds(
    lambda family, given_name, born: (family, given_name, born),
    st.sampled_from(_NAMES),
    st.sampled_from(_GIVEN),
    st.sampled_from(["", "1990", "1990-05-04", "1990-04-05", "1971-01-01"]),
)


@settings(max_examples=5)
@given(st.lists(_PERSONS, max_size=6), st.lists(_PERSONS, max_size=6), st.randoms(use_true_random=False))
def test_promises_for_any_lists(
    left: list[tuple[str, ...]], right: list[tuple[str, ...]], shuffle: random.Random
) -> None:
    """Every left row once, each right row at most once, bands as promised, whatever the order."""

    def listed(rows: list[tuple[str, ...]], side: str) -> list[Person]:
        return [person(f"{side}{i}", f"{f or '_'} {g or '_'}", born) for i, (f, g, born) in enumerate(rows)]

    lefts, rights = listed(left, "l"), listed(right, "r")
    pairs = match_lists(lefts, rights)
    assert [pair.left_ref for pair in pairs] == sorted(p.ref for p in lefts)
    partners = [pair.right_ref for pair in pairs if pair.right_ref]
    assert len(partners) == len(set(partners))
    for pair in pairs:
        assert (pair.band == "none") == (pair.right_ref == "")
        assert pair.band != "confirm" or pair.probability >= 0.99
        assert pair.band == "none" or pair.probability >= 0.5
    shuffle.shuffle(lefts)
    shuffle.shuffle(rights)
    assert match_lists(lefts, rights) == pairs


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_headings_that_do_not_say_are_named_for_why_as_for_match(tmp_path: Path) -> None:
    """A pair that --columns let match can be asked about."""
    left, right = tmp_path / "l.csv", tmp_path / "r.csv"
    left.write_text("code,Прізвище,Ім'я,д.н.\n1,Шевчук,Іван,17.05.1998\n", "utf-8")
    right.write_text("ref,Q1,Имя,Дата рождения\nx,Shevchuk,Ivan,17.05.1998\n", "utf-8")
    columns = "--columns-left", "code=ref", "--columns-right", "Q1=family_name"
    ended = command("why", str(left), str(right), "--left-ref", "1", "--right-ref", "x", *columns)
    assert ended.stdout.startswith("1 with x: proposed to one reviewer"), ended.stderr
    refused = command("why", str(left), str(right), "--left-ref", "1", "--right-ref", "x", *columns[2:])
    assert (refused.returncode, "no column holds a ref" in refused.stderr) == (2, True), refused.stderr


def test_the_command(tmp_path: Path) -> None:
    """CSV to a file or JSON on standard output and nothing else there; an unreadable cell is 1; Spark is refused."""
    left, right, out = (tmp_path / name for name in ("l.csv", "r.csv", "m.csv"))
    left.write_text("№,ПІБ,д.н.\n1,Шевчук Іван Петрович,17.05.1998\n2,Лис Тарас,1990\n", "utf-8")
    right.write_text("ref,Фамилия,Имя,Дата рождения\nx,Shevchuk,Ivan,17.05.1998\n", "utf-8")
    ended = command("match", str(left), str(right), "-o", str(out))
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.splitlines()[-1] == "1 for one reviewer, 0 for two, 1 without a likely partner"
    lines = out.read_text("utf-8").splitlines()
    assert lines[0] == "left_ref,right_ref,probability,band,reasons"
    assert lines[1].startswith("1,x,0.99")
    assert lines[2].startswith("2,,0")
    right.write_text("ref,Фамилия,Имя,Дата рождения\nx,Shevchuk,Ivan,17.05.98\n", "utf-8")
    ended = command("match", str(left), str(right), "--json")
    assert (ended.returncode, [row["right_ref"] for row in msgspec.json.decode(ended.stdout)]) == (1, ["x", ""])
    assert ended.stderr.startswith(f"{right}:2:4: ")
    ended = command("match", str(left), str(right), "--engine", "spark")
    assert (ended.returncode, ended.stderr.splitlines()) == (
        2,
        ["--engine spark is not in this version; leave the option out to use duckdb"],
    )
