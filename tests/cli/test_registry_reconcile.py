"""From two lists to a round, from the terminal alone: take, review, reconcile, compose; and what reconcile refuses."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.recording import Seeded, StandingClock
from tests.app.reviewed import LISTS, TWO_NEEDED, open_office, workspace_with_lists
from tests.app.test_deciding import OPINION
from tests.cli.in_process import Done, run
from tests.registry.test_registry_linkage import TRUTH

from safeconduct.app.commands import RecordOpinions, RecordTerms
from safeconduct.app.office import Office
from safeconduct.app.workspace import create_workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.registry.entries import CandidateReconciled, MatchOpinion

pytestmark = pytest.mark.usefixtures("matching_once")


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which all but two were identified; of these one waits for a second reviewer, one is excluded."""
    folder = tmp_path_factory.mktemp("reviewed")
    workspace = workspace_with_lists(folder / "w")
    office = open_office(workspace)
    found = [
        msgspec.structs.replace(OPINION, held_ref=held, sought_ref=sought, band="confirm", simulated=False)
        for held, sought in TRUTH.items()
        if held not in TWO_NEEDED
    ]
    found += [two_people("u12", "r12", "premature", "one")]
    found += [two_people("u10", "r10", "exclusion", name) for name in ("one", "two")]
    office.perform(RecordOpinions(tuple(found)))
    office.recorder.close()
    return folder


def two_people(held: str, other: str, outcome: str, reviewer: str, other_list: str = LISTS.sought) -> MatchOpinion:
    """What one of two reviewers finds."""
    return msgspec.structs.replace(
        OPINION,
        held_ref=held,
        sought_list=other_list,
        sought_ref=other,
        outcome=outcome,
        reviewer=reviewer,
        reason="x",
        simulated=False,
    )


@pytest.fixture
def folder(reviewed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(reviewed, tmp_path, dirs_exist_ok=True)
    return tmp_path


def reconcile(folder: Path, *options: str) -> Done:
    """Run the command."""
    return run("registry", "reconcile", "--workspace", "w", *options, folder=folder)


def candidates(folder: Path) -> dict[str, CandidateReconciled]:
    """Those on record."""
    office = open_office(open_workspace(folder / "w"))
    office.recorder.close()
    return office.state.registry.candidates


def test_it_waits_for_the_reviewers_unless_told(folder: Path) -> None:
    """Nothing is recorded while a pair is open; with --leave-open that one is told as unreviewed."""
    refused = reconcile(folder)
    assert (refused.returncode, refused.stdout, candidates(folder)) == (2, "", {})
    assert re.search(r"^\d+ pairs? waits? for reviewers: .* --leave-open$", refused.stderr, re.MULTILINE)
    dry = reconcile(folder, "--leave-open", "--dry-run", "-o", "candidates.csv")
    assert "to record  14 new, 0 changed, 0 withdrawn, 0 unchanged" in dry.stdout
    assert (candidates(folder), (folder / "candidates.csv").exists()) == ({}, False)
    done = reconcile(folder, "--leave-open", "--json", "-o", "candidates.csv")
    told = json.loads(done.stdout)
    assert (done.returncode, told["new"], told["candidates"]) == (0, 14, 14)
    (lists,) = told["lists"]
    assert (lists["held"], lists["sought"], lists["persons"]) == ("RU-held", ["UA-sought"], 14)
    assert lists["standings"] == {"identified": 11, "unreviewed": 1, "excluded": 1, "not-proposed": 1}
    why = {one["refs"][0]: one["why"] for one in told["not_identified"]}
    assert why == {"u10": "excluded", "u11": "not-proposed", "u12": "unreviewed"}
    assert {ref: one.sought_refs for ref, one in candidates(folder).items()} == {
        ref: (TRUTH[ref],) if ref in TRUTH and ref not in TWO_NEEDED else () for ref in candidates(folder)
    }
    rows = list(csv.DictReader((folder / "candidates.csv").read_text("utf-8").splitlines()))
    assert {row["ref"]: row["family_name"] for row in rows}["u02"] == "Ковалёв"  # as the home party spells it
    assert (folder / "candidates.csv").stat().st_mode & 0o077 == 0
    again = reconcile(folder, "--leave-open")
    assert "recorded   nothing: 14 candidates on record already, as they are" in again.stdout


def test_later_findings_and_interviews_are_the_difference(folder: Path) -> None:
    """A finding taken back, a refusal in private: two changes; nothing tells which of protection and refusal it was."""
    reconcile(folder, "--leave-open", "-o", "candidates.csv")
    decide = ("--decide", "u01", "r01", "--outcome", "exclusion", "--reason", "other fathers")
    done = run("registry", "review", "--reviewer", "one", *decide, "--workspace", "w", folder=folder)
    assert "run safeconduct registry reconcile before the next round" in " ".join(done.stderr.split())
    listed = json.loads(run("registry", "worklists", "--json", "--workspace", "w", folder=folder).stdout)
    assert [one["ref"] for one in listed["to-reconcile"]] == ["u01"]
    heard = (folder / "candidates.csv").read_text("utf-8").splitlines()
    heard = [row.replace(",unknown,no", ",unwilling,no") if row.startswith("u02") else row for row in heard]
    heard = [row.replace(",unknown,no", ",,yes") if row.startswith("u03") else row for row in heard]
    (folder / "heard.csv").write_text("\n".join(heard) + "\n", "utf-8")
    told = json.loads(reconcile(folder, "--leave-open", "--interviews", "heard.csv", "--json").stdout)
    assert (told["new"], told["changed"], told["protected"]) == (0, 3, 2)
    assert "unwilling" not in json.dumps(told)
    now = candidates(folder)
    assert (now["u02"].consent, now["u03"].protected, now["u01"].sought_refs) == ("unwilling", True, ())
    assert json.loads(reconcile(folder, "--leave-open", "--json").stdout)["changed"] == 0, "what was said stands"


@pytest.mark.parametrize(
    ("cell", "exit_code", "told"),
    [("u99,Хто,,", 2, "heard.csv:2:1: 'u99' is no candidate"), ("u01,Шевчук,perhaps,", 1, "heard.csv:2:3: ")],
    ids=["nobody of that ref", "a cell that cannot be read"],
)
def test_interviews_that_cannot_be_used_are_told_at_their_place(
    folder: Path, cell: str, exit_code: int, told: str
) -> None:
    """Whose wish cannot be read is protected until it is mended."""
    (folder / "heard.csv").write_text(f"ref,family_name,consent,protected\n{cell}\n", "utf-8")
    done = reconcile(folder, "--leave-open", "--interviews", "heard.csv")
    assert (done.returncode, told in done.stderr) == (exit_code, True)
    assert [one.person for one in candidates(folder).values() if one.protected] == (["u01"] if exit_code == 1 else [])


PAGE = (Path(__file__).parents[2] / "docs" / "review.md").read_text("utf-8")
WAY = PAGE.partition("## The whole way")[2].partition("\n## ")[0]


def test_the_whole_way_of_the_page_goes_from_two_lists_to_a_round(tmp_path: Path) -> None:
    """docs/review.md as it stands, in a workspace with the terms alone; a person fills in the sheets, as it says."""
    blocks = re.findall(r"```sh\n(.*?)```", WAY, re.DOTALL)
    assert len(blocks) == 3
    run("simulate", "example", "--persons", "20", "--seed", "4", folder=tmp_path)
    workspace = create_workspace(tmp_path / "workspace", "istanbul-2025-06-02", "NI", Seeded(0))
    clock = StandingClock()
    office = Office(workspace.open_recorder(clock, Seeded(1), DECODER), clock)
    office.perform(RecordTerms("terms.toml", (tmp_path / "example" / "terms.toml").read_bytes()))
    office.recorder.close()
    told: list[str] = []
    for block in blocks:
        for name in ("first.csv", "second.csv"):
            if (tmp_path / name).exists():
                fill_in(tmp_path / name)
        for line in block.splitlines():
            command = re.findall(r"'[^']*'|\S+", line.partition("#")[0])
            assert command[0] == "safeconduct", line
            done = run(*(word.strip("'") for word in command[1:]), folder=tmp_path / ".")
            assert done.returncode in (0, 1), done.stderr
            told.append(done.stdout)
    assert any("recorded " in one and " new, 0 changed" in one for one in told)
    assert "A round is composed, and proven best." in told[-1]


def fill_in(sheet: Path) -> None:
    """What a person does who finds every proposed pair to be the same."""
    rows: list[dict[str, Any]] = list(csv.DictReader(sheet.read_text("utf-8").splitlines()))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"outcome": "identification", "reason": "nobody else fits"} for row in rows)
