"""A review sheet that was filled in elsewhere: recorded as one group, or not at all."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from tests.app.reviewed import LISTS, TWO_NEEDED, open_office, workspace_with_lists
from tests.cli.in_process import Done, run
from tests.registry.test_registry_linkage import TRUTH

from safeconduct.app.workspace import open_workspace
from safeconduct.registry.state import RegistryState

pytestmark = pytest.mark.usefixtures("matching_once")


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two lists, and the sheet of what waits."""
    folder = tmp_path_factory.mktemp("sheet")
    workspace_with_lists(folder / "w")
    done = run("registry", "review", "--list", "-o", "sheet.csv", "--workspace", "w", folder=folder)
    assert (done.returncode, done.stdout.startswith("written   sheet.csv: ")) == (0, True)
    return folder


@pytest.fixture
def folder(given: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    return tmp_path


def rows(folder: Path) -> list[dict[str, str]]:
    """Of the sheet."""
    return list(csv.DictReader((folder / "sheet.csv").read_text("utf-8-sig").splitlines()))


def fill_in(folder: Path, filled: list[dict[str, str]], delimiter: str = ",") -> None:
    """Save it as a spreadsheet program does."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(filled[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(filled)
    (folder / "sheet.csv").write_text(out.getvalue(), "utf-8-sig")


def record(folder: Path, *options: str) -> Done:
    """Hand it back."""
    who = ("--reviewer", "A. Marti", "--sheet", "sheet.csv", "--workspace", "w")
    return run("registry", "review", *who, *options, folder=folder)


def registry(folder: Path) -> RegistryState:
    """What the record says."""
    office = open_office(open_workspace(folder / "w"))
    office.recorder.close()
    return office.state.registry


def same(row: dict[str, str]) -> dict[str, str]:
    """The row, found to be one person."""
    return row | {"outcome": "Identification", "reason": "nobody else fits"}


def test_what_was_filled_in_is_recorded_and_the_rest_stays_open(folder: Path) -> None:
    """Of two lists all that needs one reviewer, as a program with semicolons saved it; the others still wait."""
    sheet = rows(folder)
    assert {row["held_ref"]: row["held_as"] for row in sheet}["u01"] == "Шевчук Микола Іванович"
    done_by = [same(row) if row["band"] == "confirm" else row for row in sheet]
    fill_in(folder, done_by, ";")
    told = json.loads(record(folder, "--json").stdout)
    plain = {row["held_ref"] for row in sheet if row["band"] == "confirm"}
    assert (told["recorded"], told["outcomes"], told["reviewer"]) == (
        len(plain),
        {"identification": len(plain)},
        "A. Marti",
    )
    found = registry(folder)
    outcomes = {pair[1]: found.finding(pair).outcome for pair in found.opinions}
    assert outcomes == dict.fromkeys(TRUTH.keys() - TWO_NEEDED, "identification")
    again = run("registry", "review", "--list", "--json", "--workspace", "w", folder=folder)
    assert {(one["held_list"], one["held_ref"]) for one in json.loads(again.stdout)} == {
        (row["held_list"], row["held_ref"]) for row in sheet if row["band"] != "confirm"
    }


BAD = {
    "an outcome that is none": ({"outcome": "perhaps", "reason": "x"}, "sheet.csv:3:5: unknown outcome 'perhaps'"),
    "no reason": ({"outcome": "premature"}, "sheet.csv:3:6: an outcome without a reason"),
    "no such row": ({"outcome": "premature", "reason": "x", "held_ref": "u77"}, "sheet.csv:3:1: u77 of RU-held"),
    "a name in the reason": ({"outcome": "exclusion", "reason": "not Kovalyov"}, "leave names out"),
    "two at once": (
        {"outcome": "identification", "reason": "x", "sought_ref": "r01", "as_seen": ""},
        "r01 is found to be both u01 and u02: nobody is two persons",
    ),
    "changed since": (
        {"outcome": "exclusion", "reason": "x", "as_seen": "v0"},
        "sheet.csv:3:13: u02 or r02 has changed since this sheet was written",
    ),
    "a pair twice": (
        {"outcome": "exclusion", "reason": "x", "held_ref": "u01", "sought_ref": "r01"},
        "sheet.csv:3:1: the pair stands on line 2 already",
    ),
}


@pytest.mark.parametrize(("changes", "told"), BAD.values(), ids=BAD.keys())
def test_one_bad_row_and_nothing_is_recorded(folder: Path, changes: dict[str, str], told: str) -> None:
    """One line for each, at its place, and no finding of the sheet on record."""
    first = next(row for row in rows(folder) if row["held_ref"] == "u01")
    second = next(row for row in rows(folder) if row["held_ref"] == "u02")
    fill_in(folder, [same(first), second | changes])
    done = record(folder)
    assert (done.returncode, done.stdout, told in done.stderr) == (2, "", True), done.stderr
    assert registry(folder).opinions == {}


def test_a_sheet_of_rows_that_changed_meanwhile_is_refused(folder: Path) -> None:
    """The list was replaced while the reviewer had the sheet: what they saw may not be so any more."""
    fill_in(folder, [same(row) for row in rows(folder) if row["held_ref"] == "u01"])
    (folder / "next.csv").write_text("ref,family_name\nu01,Шевчук\n", "utf-8")
    replace = ("registry", "take", "next.csv", "--party", "RU", "--purpose", "held", "--replaces", LISTS.held)
    assert run(*replace, "--workspace", "w", folder=folder).returncode == 0
    done = record(folder)
    assert (done.returncode, "are no two rows of lists that are compared" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "sheet.csv:1:1: the sheet is empty"),
        (b"ref,name\n1,2\n", "sheet.csv:1:1: no review sheet: it has no column held_list"),
        ("рядок".encode("cp1251"), "sheet.csv:1:1: the sheet is not in UTF-8"),
        (b"held_list,held_ref,sought_list,sought_ref,outcome,reason,as_seen\n", "sheet.csv:1:5: no row has an outcome"),
    ],
    ids=["empty", "another table", "another encoding", "nothing filled in"],
)
def test_what_is_no_filled_in_sheet_is_refused(folder: Path, source: bytes, told: str) -> None:
    """With what to begin with."""
    (folder / "sheet.csv").write_bytes(source)
    done = record(folder)
    assert (done.returncode, done.stderr.splitlines()[-1].startswith(told)) == (2, True), done.stderr
    assert LISTS.held in registry(folder).lists
