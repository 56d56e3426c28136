"""What one version of a list says otherwise than another."""

import subprocess
import sys
from pathlib import Path

import msgspec

from safeconduct.registry.comparing import compare
from safeconduct.registry.lists import read_list
from safeconduct.vocabulary.person import Person

HEAD = "№;Прізвище;Ім'я;Дата народження;Звання;Категорія\n"
FIRST = (
    HEAD + "UA-0123;Шевчук;Іван;1985;soldier;POW\n"
    "UA-0124;Лис;Ганна;02.03.1990;сержант;\n"
    "UA-0125;Вовк;Петро;1991;;civilian\n"
)
SECOND = (
    HEAD + "UA-0123;Shevchuk;Іван;17.05.1985;sergeant;POW\n"
    "UA-0124;Лис;Ганна;02.03.1990;сержант;\n"
    "UA-0130;Заєць;Марія;;;\n"
)


def persons(text: str) -> tuple[Person, ...]:
    """Of a list that has nothing unreadable."""
    read = read_list("l.csv", text.encode())
    assert read.findings == ()
    return read.persons


def numbered(*rows: str) -> tuple[Person, ...]:
    """A list whose refs are running numbers."""
    return persons(HEAD + "".join(f"{number};{row}\n" for number, row in enumerate(rows, start=1)))


ROWS = ("Вовк;Петро;1991;;", "Шевчук;Іван;1985;солдат;", "Шевчук;Петро;1972;майор;", "Лис;Ганна;02.03.1990;;")


def test_differences_in_words() -> None:
    """Who came, who went, and of each person the fields with both values; a name spelt otherwise is told as that."""
    found = compare(persons(FIRST), persons(SECOND))
    assert [one.ref for one in found.added] == ["UA-0130"]
    assert [one.ref for one in found.removed] == ["UA-0125"]
    assert [str(one) for one in found.changed] == [
        "UA-0123: family name Шевчук → Shevchuk (the same name, spelt otherwise); birth date 1985 → 17.05.1985; "
        "rank soldier → sergeant"
    ]
    assert found.summary() == ("1 added, 1 removed, 1 changed (family name 1, birth date 1, rank 1), 1 unchanged")


def test_the_same_list_does_not_differ() -> None:
    """In whatever order its rows stand, and however the file is written."""
    again = persons(FIRST)[::-1]
    assert compare(persons(FIRST), again).summary() == "no difference: 3 persons, every field the same"


def test_a_row_inserted_into_running_numbers_is_one_row() -> None:
    """All numbers after it move; the persons are found by what is said of them, namesakes too."""
    found = compare(numbered(*ROWS), numbered(ROWS[0], "Бут;Роман;1999;;", *ROWS[1:]))
    assert [one.family_name for one in found.added] == ["Бут"]
    assert found.removed == ()
    assert [str(one) for one in found.changed] == ["3: ref 2 → 3", "4: ref 3 → 4", "5: ref 4 → 5"]


def test_a_person_whose_ref_and_fields_changed_is_found_by_matching() -> None:
    """Another ref, another script, a date made precise: the same person, shown as changed."""
    before = persons("ref;surname;given name;patronymic;birth date\nA-1;Шевчук;Іван;Петрович;17.05.1985\n")
    after = persons("ref;surname;given name;patronymic;birth date\nB-9;Shevchuk;Ivan;Petrovych;17.05.1985\n")
    (changed,) = compare(before, after).changed
    assert (changed.before_ref, changed.ref) == ("A-1", "B-9")
    assert all(one.spelling_only for one in changed.fields)


def test_another_person_under_an_old_ref_is_no_change_of_the_first() -> None:
    """One went and one came."""
    before, after = persons(HEAD + "7;Лис;Ганна;1990;;\n"), persons(HEAD + "7;Бут;Роман;1971;;\n")
    found = compare(before, after)
    assert ([one.family_name for one in found.removed], [one.family_name for one in found.added]) == (["Лис"], ["Бут"])
    assert found.changed == ()


def test_lists_of_nobody_and_of_one() -> None:
    """Nothing is divided by, and nothing invented."""
    one = numbered(ROWS[0])
    assert compare((), ()).differs is False
    assert (len(compare((), one).added), len(compare(one, ()).removed)) == (1, 1)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_the_command(tmp_path: Path) -> None:
    """A summary first; exit code 1 for differences, 0 for none, 2 for a list that is not there."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(FIRST, "utf-8")
    second.write_text(SECOND, "utf-16")
    ended = command("compare", str(first), str(second))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.splitlines()[0] == (
        "1 added, 1 removed, 1 changed (family name 1, birth date 1, rank 1), 1 unchanged"
    )
    assert "  UA-0130: Заєць Марія" in ended.stdout
    told = msgspec.json.decode(command("compare", str(first), str(second), "--json").stdout)
    assert told["changed"][0]["fields"]["birth_date"] == {
        "before": "1985",
        "after": "1985-05-17",
        "spelling_only": False,
    }
    assert [one["ref"] for one in told["removed"]] == ["UA-0125"]
    assert command("compare", str(first), str(first)).returncode == 0
    ended = command("compare", str(first), str(tmp_path / "third.csv"))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert "is no file; check the path" in ended.stderr
