"""`safeconduct plan` as a user runs it."""

import json
from pathlib import Path
from typing import Protocol

import pytest
from tests.clauses.days import HEADER
from tests.logistics.grounds import Ground
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError
from safeconduct.logistics.plan import read_plan

TERMS = (
    HEADER
    + """
[[clause]]
id = "done"
kind = "complete"
text = "All are handed over by {by}."
by = 2025-07-04T{by}:00Z
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Terms, sites, composition and candidates of two for one; the last handover can be at 04:00."""
    ground = Ground({"RU1": ("RU", 60), "UA1": ("UA", 90)}, [("RU", 1, 3, 1, "RU1"), ("UA", 1, 3, 1, "UA1")], {})
    (tmp_path / "terms.toml").write_text(TERMS.format(by="04:00"))
    (tmp_path / "sites.toml").write_text(ground.text())
    chosen = [
        {"ref": "p1", "held_by": "RU", "home": "UA"},
        {"ref": "p2", "held_by": "RU", "home": "UA"},
        {"ref": "p3", "held_by": "UA", "home": "RU"},
    ]
    (tmp_path / "composition.json").write_text(json.dumps({"status": "optimal", "chosen": chosen}))
    (tmp_path / "candidates.csv").write_text(
        "ref,family_name,held_at,category\np1,Koval,RU1,prisoner-of-war\n"
        "p2,Bondar,RU1,seriously-wounded-or-sick\np3,Orlov,UA1,prisoner-of-war\n"
    )
    return tmp_path


class Command(Protocol):
    """Runs `safeconduct plan` in the folder: exit code, standard output, standard error."""

    def __call__(self, *arguments: str) -> tuple[int, str, str]: ...


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """In this process; like the program itself it tells a SafeconductError on standard error and exits with 2."""
    monkeypatch.chdir(folder)

    def command(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["plan", *arguments])
        if isinstance(result.exception, SafeconductError):
            return 2, result.stdout, f"{result.stderr}{result.exception}\n"
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.stdout, result.stderr

    return command


MAKE = ("make", "terms.toml", "composition.json", "sites.toml")


def test_make_and_check(folder: Path, run: Command) -> None:
    """The plan is written, summed up in words, checked; and `plan check` says the same."""
    code, out, err = run(*MAKE, "--candidates", "candidates.csv", "-o", "plan.json")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Plan for x: 3 persons, 2 vehicles, 1 batch. Times are UTC."
    assert "Last handover: 2h after the start, proven the least." in out
    assert out.endswith("Checked against the terms: nothing found.\n")
    plan = read_plan("plan.json", (folder / "plan.json").read_bytes())
    assert {vehicle.id for vehicle in plan.vehicles} == {"v0-01", "v1-01"}
    assert run("check", "terms.toml", "plan.json") == (0, "", "")


def test_without_output_the_plan_goes_to_standard_output(folder: Path, run: Command) -> None:
    """The summary then stands on standard error; with --json there is none."""
    arguments = (*MAKE, "--candidates", "candidates.csv")
    code, out, err = run(*arguments)
    assert code == 0
    assert "Last handover" in err
    assert run(*arguments, "--json") == (0, out, "")
    assert run(*arguments, "--json", "-o", "plan.json") == (0, out, "")
    assert (folder / "plan.json").read_text() == out
    assert read_plan("plan.json", out.encode()).exchange == "x"


def test_what_is_assumed_is_said(run: Command) -> None:
    """Without the candidates nobody is known to lie, and all start from their side's first holding place."""
    code, _, err = run(*MAKE, "-o", "plan.json")
    assert code == 0
    assert err.splitlines() == [
        "nothing says where 3 of the chosen are held: taken to be at RU1 (RU), UA1 (UA); name the candidates with "
        "--candidates",
        "nothing says whether 3 of the chosen are seriously wounded or sick: taken to need no stretcher; name the "
        "candidates with --candidates",
    ]


def test_terms_that_the_plan_cannot_keep(folder: Path, run: Command) -> None:
    """A handover after the term's hour: the plan is written all the same, and every deviation told."""
    (folder / "terms.toml").write_text(TERMS.format(by="03:59"))
    code, out, _ = run(*MAKE, "--candidates", "candidates.csv", "-o", "plan.json")
    assert code == 1
    assert "Checked against the terms: 3 deviations." in out
    code, out, err = run("check", "terms.toml", "plan.json")
    assert (code, err) == (1, "")
    deviations = [json.loads(line) for line in out.splitlines()]
    assert [(one["clause"], one["rule"], one["subject"]) for one in deviations] == [
        ("done", "outstanding", ref) for ref in ("p1", "p2", "p3")
    ]
    assert run("check", "terms.toml", "plan.json", "--json") == (1, out, "")


def test_no_plan_is_one_sentence(folder: Path, run: Command) -> None:
    """Exit code 1, and nothing is written."""
    candidates = folder / "candidates.csv"
    candidates.write_text(candidates.read_text().replace("prisoner-of-war", "seriously-wounded-or-sick"))
    arguments = (*MAKE, "--candidates", "candidates.csv", "-o", "plan.json")
    sentence = (
        "stretchers are short on the way to the exchange point: RU holds 2 persons who travel on stretchers, and its "
        "vehicles have 1 stretchers."
    )
    assert run(*arguments) == (1, f"There is no plan: {sentence}\n", "")
    code, out, err = run(*arguments, "--json")
    assert (code, json.loads(out), err) == (1, {"status": "infeasible", "reason": sentence}, "")
    assert not (folder / "plan.json").exists()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("check", "terms.toml", "nowhere.json"), "nowhere.json:0:0: cannot be read: "),
        (("check", "terms.toml", "sites.toml"), "sites.toml:1:2: not JSON: "),
        (("check", "sites.toml", "composition.json"), "sites.toml:1:1: "),
        (("make", "terms.toml", "sites.toml", "sites.toml"), "sites.toml:1:2: not JSON: "),
        ((*MAKE[:3], "terms.toml"), "terms.toml:1:1: 'exchange' is missing"),
        ((*MAKE, "--candidates", "others.csv"), "others.csv:1:1: 3 of the 3 chosen are not on this list, 'p1' for one"),
        ((*MAKE, "-o", "no/such/plan.json"), "no/such/plan.json:0:0: cannot be written: "),
    ],
)
def test_bad_input(folder: Path, run: Command, arguments: tuple[str, ...], fault: str) -> None:
    """Exit code 2, a line on standard error, nothing on standard output, nothing written."""
    (folder / "others.csv").write_text("ref,family_name\nq1,Koval\n")
    before = sorted(folder.iterdir())
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert any(line.startswith(fault) for line in err.splitlines())
    assert sorted(folder.iterdir()) == before


def test_unreadable_cell_of_the_candidates_is_a_finding(folder: Path, run: Command) -> None:
    """It is told, and the exit code is 1, as when the list itself is read."""
    candidates = folder / "candidates.csv"
    candidates.write_text(candidates.read_text().replace("p3,Orlov,UA1,prisoner-of-war", "p3,Orlov,UA1,admiral"))
    code, _, err = run(*MAKE, "--candidates", "candidates.csv", "-o", "plan.json")
    assert code == 1
    assert err.startswith("candidates.csv:4:4: ")
    assert (folder / "plan.json").exists()
