"""A party renews its list: who was reviewed stays reviewed, and only whose row changed is asked about again."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.reviewed import LISTS, open_office, workspace_with_lists
from tests.cli.in_process import run
from tests.registry.test_registry_linkage import LEFT, TRUTH

from safeconduct.app.commands import ReceiveList, RecordOpinions
from safeconduct.app.erasing import subjects_of
from safeconduct.app.workspace import open_workspace
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import MatchOpinion
from safeconduct.vocabulary.imprecise_date import ImpreciseDate

pytestmark = pytest.mark.usefixtures("matching_once")
REVIEW = ("registry", "review", "--workspace", "w")
RENEWED = "RU-held-2"
EARLIER = "found on an earlier version: identification; since then: RU-held-2, u04: birth date 07.03.1995 → 08.03.1995"


def opinion(pair: tuple[str, str, str, str], reviewer: str, outcome: str = "identification") -> MatchOpinion:
    """Of a pair that two must look at."""
    held_list, held_ref, sought_list, sought_ref = pair
    return MatchOpinion(
        occurred_at_us=10,
        held_list=held_list,
        held_ref=held_ref,
        sought_list=sought_list,
        sought_ref=sought_ref,
        probability_ppm=990_000,
        band="review",
        outcome=outcome,
        reason="looked at",
        reviewer=reviewer,
        public_key="",
        simulated=False,
    )


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All true pairs were found by two; then row u04 came with another birth date, all others elsewhere than before."""
    folder = tmp_path_factory.mktemp("renewed")
    office = open_office(workspace_with_lists(folder / "w"))
    pairs = [(LISTS.held, held, LISTS.sought, sought) for held, sought in TRUTH.items()]
    for reviewer in ("A. Marti", "B. Keller"):
        one_left = [pair for pair in pairs if (pair[1], reviewer) != ("u12", "B. Keller")]
        office.perform(RecordOpinions(tuple(opinion(pair, reviewer) for pair in one_left)))
    renewed = [msgspec.structs.replace(one, held_at="another camp") for one in LEFT]
    renewed[3] = msgspec.structs.replace(renewed[3], birth_date=ImpreciseDate.parse("1995-03-08"))
    office.perform(ReceiveList("RU", "held", RENEWED, "fe", tuple(renewed), 0, LISTS.held))
    office.recorder.close()
    return folder


@pytest.fixture
def folder(given: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    return tmp_path


def waiting(folder: Path, *options: str) -> dict[str, Any]:
    """What `--list` tells of pairs of the two lists, by the ref of the held."""
    done = run(*REVIEW, "--list", "--json", *options, folder=folder)
    return {one["held_ref"]: one for one in json.loads(done.stdout) if one["held_list"] != one["sought_list"]}


def test_only_the_changed_row_and_what_was_half_done_waits(folder: Path) -> None:
    """The changed one with what was found before; the half done for the second reviewer alone, who is told nothing."""
    found = waiting(folder)
    assert {ref: (one["held_list"], one["stage"], one["reviewers_so_far"]) for ref, one in found.items()} == {
        "u04": (RENEWED, "first", 0),
        "u12": (RENEWED, "second", 1),
    }
    assert found["u04"]["earlier"] == {
        "outcome": "identification",
        "since": ["RU-held-2, u04: birth date 07.03.1995 → 08.03.1995"],
    }
    assert found["u12"]["earlier"] is None
    assert waiting(folder, "--reviewer", "A. Marti").keys() == {"u04"}
    assert EARLIER in run(*REVIEW, "--list", folder=folder).stdout


def test_whoever_decides_anew_sees_what_was_found_before(folder: Path) -> None:
    """At the terminal and on the sheet; the pair is on no sheet that one look settles."""
    run(*REVIEW, "--list", "-o", "sheet.csv", folder=folder)
    assert f",{EARLIER}; " in (folder / "sheet.csv").read_text("utf-8-sig").replace('"', "")
    session = run(*REVIEW, "--reviewer", "C. Weber", folder=folder, typed="s\ns\ns\nq\n")
    told = " ".join(session.stdout.split())
    assert f"! {EARLIER}" in told
    decided = run(
        *REVIEW, "--reviewer", "C. Weber", "--decide", "u04", "r04", "--outcome", "exclusion",
        "--reason", "born on other days", folder=folder,
    )  # fmt: skip
    assert decided.returncode == 0, decided.stderr


def test_candidates_and_worklists_follow(folder: Path) -> None:
    """Who is identified still is, on the new version; whose row changed waits."""
    told = json.loads(
        run("registry", "reconcile", "--leave-open", "--dry-run", "--json", "--workspace", "w", folder=folder).stdout
    )
    assert {one["refs"][0]: one["why"] for one in told["not_identified"]} == {
        "u04": "unreviewed",
        "u11": "not-proposed",
        "u12": "unreviewed",
    }
    lists = json.loads(run("registry", "worklists", "--json", "--workspace", "w", folder=folder).stdout)
    held = {one["ref"] for one in lists["held-not-sought"]}
    assert held == {"u04", "u11", "u12"}


def test_nobody_is_found_to_be_a_second_person_on_the_new_version(folder: Path) -> None:
    """What holds from before counts: u01 is r01; and its reviewer can take that back."""
    office = open_office(open_workspace(folder / "w"))
    pair = (RENEWED, "u01", LISTS.sought, "r01")
    with pytest.raises(Refused, match="u01 with r01 was identified already"):
        office.perform(RecordOpinions((opinion((RENEWED, "u01", LISTS.sought, "r15"), "C. Weber"),)))
    office.perform(RecordOpinions((opinion(pair, "A. Marti", "withdrawn"),)))
    assert office.state.registry.finding(pair).lacking == 1
    with pytest.raises(Refused, match="Weber has found nothing on u01 with r01"):
        office.perform(RecordOpinions((opinion(pair, "C. Weber", "withdrawn"),)))
    office.recorder.close()


def test_erasing_somebody_reaches_their_row_in_every_version(folder: Path) -> None:
    """Also in one between, on which nobody found anything; the changed row was found to be of nobody yet."""
    office = open_office(open_workspace(folder / "w"), now_us=20)
    office.perform(ReceiveList("RU", "held", "RU-held-3", "fd", tuple(LEFT[:2]), 0, RENEWED))
    rows = [f"person:{one}/u01" for one in (LISTS.held, RENEWED, "RU-held-3")]
    for row in (*rows, "person:UA-sought/r01"):
        assert subjects_of(office.state, row) == sorted([*rows, "person:UA-sought/r01"])
    assert subjects_of(office.state, f"person:{RENEWED}/u04") == [f"person:{RENEWED}/u04"]
    office.recorder.close()
