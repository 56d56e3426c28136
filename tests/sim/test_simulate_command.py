"""`safeconduct simulate`: what it writes, what it refuses, what it prints."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.clauses.library import read_terms
from safeconduct.clauses.watching import Watch
from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError
from safeconduct.logistics.plan import read_plan
from safeconduct.tracking.lines import read_line

SMALL = ("--persons", "20", "--seed", "3")
FILES = {
    "terms.toml",
    "sites.toml",
    "lists/RU-held.csv",
    "lists/UA-held.xlsx",
    "lists/RU-sought.csv",
    "lists/UA-sought.xlsx",
    "candidates.csv",
    "composition.json",
    "plan.json",
    "events.jsonl",
    "truth.jsonl",
}


@pytest.fixture
def simulate() -> "Simulate":
    """The command, run in this process."""
    return Simulate()


class Simulate:
    """Runs `safeconduct simulate` and remembers what it printed."""

    def __init__(self) -> None:
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        """The exit code; the program tells a SafeconductError on standard error and exits with 2."""
        result = CliRunner().invoke(app, ["simulate", *arguments])
        self.out, self.err = result.stdout, result.stderr
        if isinstance(result.exception, SafeconductError):
            self.err += f"{result.exception}\n"
            return 2
        return result.exit_code


def test_it_writes_a_folder_whose_truth_is_what_the_watch_finds(simulate: Simulate, tmp_path: Path) -> None:
    """Read from disk by the product's readers, the day raises exactly the deviations of truth.jsonl."""
    folder = tmp_path / "new" / "example"
    assert simulate(str(folder), *SMALL) == 0
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == FILES
    assert "safeconduct watch" in simulate.out
    terms = read_terms("terms.toml", (folder / "terms.toml").read_bytes())
    watch = Watch(terms, read_plan("plan.json", (folder / "plan.json").read_bytes()))
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    events = [read_line("events.jsonl", number, line) for number, line in enumerate(lines, start=1)]
    watch.arrive(event for event in events if event is not None)
    watch.judge()
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    expected = [(one["clause"], one["rule"], one["subject"], one["at"]) for one in truth if one["truth"] == "deviation"]
    assert expected
    assert [(one.clause, one.rule, one.subject, one.at) for one in watch.standing()] == expected
    troubles = [one for one in truth if one["truth"] == "trouble"]
    assert len(troubles) == 5
    assert all(set(one["troubles"]) <= {trouble["id"] for trouble in troubles} for one in truth if "troubles" in one)
    assert sum(bool(trouble["deviations"]) for trouble in troubles) == 4  # the late report clears itself
    assert truth[0]["truth"] == "example"
    assert truth[0]["seed"] == 3


def test_json_is_one_object_and_nothing_else(simulate: Simulate, tmp_path: Path) -> None:
    """For programs."""
    assert simulate(str(tmp_path / "x"), *SMALL, "--faults", "none", "--json") == 0
    told = json.loads(simulate.out)
    assert simulate.err == ""
    assert set(told["files"]) == FILES
    assert told["troubles"] == []
    assert told["deviations"] == 0
    assert told["released"].keys() == {"RU", "UA"}


def test_a_folder_that_is_not_empty_is_refused(simulate: Simulate, tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "mine.txt").write_text("mine")
    assert simulate(str(tmp_path), *SMALL) == 2
    assert simulate.err.startswith(f"{tmp_path}:0:0: the folder is not empty; ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_force_replaces_an_earlier_run_and_nothing_else(simulate: Simulate, tmp_path: Path) -> None:
    """Other files stay; a file of ours that somebody changed is not overwritten."""
    assert simulate(str(tmp_path), *SMALL) == 0
    (tmp_path / "mine.txt").write_text("mine")
    before = (tmp_path / "candidates.csv").read_bytes()
    assert simulate(str(tmp_path), "--persons", "20", "--seed", "4", "--force") == 0
    assert (tmp_path / "candidates.csv").read_bytes() != before
    assert (tmp_path / "mine.txt").read_text() == "mine"
    (tmp_path / "terms.toml").write_text("changed")
    assert simulate(str(tmp_path), *SMALL, "--force") == 2
    assert simulate.err == (
        f"{tmp_path / 'terms.toml'}:0:0: was not written by simulate, or was changed since; "
        "move it away, or name another folder\n"
    )
    assert (tmp_path / "terms.toml").read_text() == "changed"


def test_force_does_not_take_a_foreign_folder(simulate: Simulate, tmp_path: Path) -> None:
    """Files with our names that no run of ours wrote are left alone, whatever truth.jsonl holds."""
    (tmp_path / "plan.json").write_text("{}")
    (tmp_path / "truth.jsonl").write_bytes(b"\xff\xfe not ours")
    assert simulate(str(tmp_path), *SMALL, "--force") == 2
    assert len(simulate.err.splitlines()) == 2
    assert (tmp_path / "plan.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--faults", "lihgt"), "--faults:1:1: 'lihgt' is no trouble; did you mean 'light'?"),
        (("--faults", ""), "--faults:1:1: '' is no trouble; allowed: none, light, heavy, "),
        (("--faults", "late-bus=0"), "--faults:1:1: '0' is no number of troubles; write 1 to 99"),
        (("--faults", "late-bus=x"), "--faults:1:1: 'x' is no number of troubles; write 1 to 99"),
        (("--faults", "late-bus,,"), "--faults:1:1: '' is no trouble"),
        (("--persons", "3"), "--persons"),
        (("--persons", "many"), "--persons"),
        (("--seed", "1.5"), "--seed"),
    ],
)
def test_bad_usage_is_told_and_nothing_written(
    simulate: Simulate, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    """Exit code 2 and one precise sentence."""
    assert simulate(str(tmp_path / "x"), *arguments) == 2
    assert told in simulate.err
    assert "Traceback" not in simulate.err
    assert not (tmp_path / "x").exists()


def test_a_file_in_the_place_of_the_folder_is_told(simulate: Simulate, tmp_path: Path) -> None:
    """Not a traceback."""
    (tmp_path / "x").write_text("")
    assert simulate(str(tmp_path / "x"), *SMALL) == 2
    assert simulate.err.startswith(f"{tmp_path / 'x'}:0:0: cannot be written: Not a directory; ")


def test_troubles_can_be_asked_for_by_name(simulate: Simulate, tmp_path: Path) -> None:
    """As many as are asked for."""
    assert simulate(str(tmp_path / "x"), *SMALL, "--faults", "late-bus, missed-interview=2", "--json") == 0
    assert sorted(json.loads(simulate.out)["troubles"]) == ["late-bus", "missed-interview", "missed-interview"]
