"""`safeconduct registry worklists` after an exchange, as the next one is prepared: each list, in words and as JSON."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.app.authoring import Device
from tests.app.recording import StandingClock, erase
from tests.app.small_exchange import at, office_of
from tests.cli.in_process import run

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import EnrolAuthor
from safeconduct.app.list_changing import Proposing, own_at_desk
from safeconduct.app.office import Office
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.app.workspace import open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.registry.list_changes import WantedChange, agreement
from safeconduct.registry.list_entries import WITHDRAW
from safeconduct.registry.worklists import WORKLISTS

pytestmark = pytest.mark.usefixtures("matching_once")
HELD = """\
ref,family_name,given_name,patronymic,birth_date,home
u1,Іваненко,Олена,,,UA
u7,Шевчук,Микола,Іванович,1990-05-04,UA
u8,Шевчук,Микола,Іванович,1990-05-04,UA
u9,Самотній,Ян,Якович,1970-01-01,UA
"""
"""The next version of RU's list: u1 was handed over, and still stands there; u7 and u8 are one man."""
SOUGHT = """\
ref,family_name,given_name,patronymic,birth_date
s1,Шевчук,Микола,Іванович,1990-05-04
s2,Гнатюк,Юлія,Сергіївна,2001-02-03
s3,Бондаренко,Іван,Степанович,1999-01-02
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """After the small exchange, in which u1, u2 and r1 were handed over, and with the lists for the next one."""
    office_of(tmp_path / "w", StandingClock(at("12:00"))).recorder.close()
    (tmp_path / "held.csv").write_text(HELD, "utf-8")
    (tmp_path / "sought.csv").write_text(SOUGHT, "utf-8")
    take = ("registry", "take", "--workspace", "w")
    for options in (
        ("held.csv", "--party", "RU", "--purpose", "held", "--replaces", "RU-held"),
        ("sought.csv", "--party", "UA", "--purpose", "sought"),
    ):
        done = run(*take, *options, folder=tmp_path)
        assert done.returncode == 0, done.stderr
    return tmp_path


def worklists(folder: Path) -> dict[str, set[str]]:
    """Whom each names, as JSON tells it."""
    told: dict[str, list[dict[str, Any]]] = json.loads(command(folder, "--json"))
    assert list(told) == list(WORKLISTS)
    return {name: {f"{one['list']} {one['ref']}" for one in tasks} for name, tasks in told.items()}


def command(folder: Path, *options: str) -> str:
    """What it prints."""
    done = run("registry", "worklists", "--workspace", "w", *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def decide(folder: Path, held: str, sought: str, outcome: str) -> None:
    """Two reviewers find the same, which two so alike need."""
    what = ("--decide", held, sought, "--outcome", outcome, "--reason", "as both lists have it")
    for reviewer in ("A. Marti", "B. Keller"):
        done = run("registry", "review", "--reviewer", reviewer, *what, "--workspace", "w", folder=folder)
        assert done.returncode == 0, done.stderr


def office(folder: Path) -> Office:
    """Its desk."""
    clock = SystemClock()  # as that of the commands
    return Office(open_workspace(folder / "w").open_recorder(clock, SystemRandomness(), DECODER), clock)


def take_off(folder: Path, ref: str) -> None:
    """A row of UA's list of the sought, by both keys."""
    desk, delegate = office(folder), Device(7)
    desk.perform(EnrolAuthor(delegate.public_key, "UA", PERSON, "delegate", "NI"))
    own, registry = desk.recorder.author.hex(), desk.state.registry
    wanted = WantedChange("UA-sought", ref, WITHDRAW, {}, "came home by themselves")
    desk.record([Proposing(wanted).entry(registry, own_at_desk(desk.state, own), own, desk.clock.now_us())])
    (change,) = registry.changes.by_digest.values()
    agreed = agreement(change, registry.persons, "UA", delegate.public_key, desk.clock.now_us())
    SignedIntake(desk).take([delegate.sign(agreed, (desk.recorder.size(), desk.recorder.root()))])
    desk.recorder.close()


def test_each_worklist_follows_what_happens_to_lists_and_findings(folder: Path) -> None:
    """By hand, step after step: found, found to be two after all, a row taken off, a person erased, reconciled."""
    gone = {"RU-held-2 u1", "UA-held r1"}
    decide(folder, "u7", "s1", "identification")
    found = worklists(folder)
    assert found == {
        "sought-not-held": {"UA-sought s2", "UA-sought s3"},
        "held-not-sought": {"RU-held-2 u8", "RU-held-2 u9"},
        "held-by-nobody": {"UA-sought s2", "UA-sought s3"},
        "already-exchanged": gone,
        "twice-on-one-list": {"RU-held-2 u7"},
        "to-reconcile": set(),
    }
    decide(folder, "u7", "u8", "identification")
    assert worklists(folder)["held-not-sought"] == {"RU-held-2 u9"}
    decide(folder, "u7", "s1", "exclusion")
    reversed_ = worklists(folder)
    assert reversed_["sought-not-held"] == {"UA-sought s1", "UA-sought s2", "UA-sought s3"}
    assert reversed_["held-by-nobody"] == {"UA-sought s2", "UA-sought s3"}
    assert reversed_["held-not-sought"] == {"RU-held-2 u7", "RU-held-2 u8", "RU-held-2 u9"}
    take_off(folder, "s2")
    desk = office(folder)
    erase(desk.recorder, "person:RU-held-2/u9")
    desk.recorder.close()
    left = worklists(folder)
    assert left["sought-not-held"] == {"UA-sought s1", "UA-sought s3"}
    assert left["held-not-sought"] == {"RU-held-2 u7", "RU-held-2 u8"}
    assert left["already-exchanged"] == gone
    done = run("registry", "reconcile", "--leave-open", "--json", "--workspace", "w", folder=folder)
    told = json.loads(done.stdout)
    assert {one["held"]: one["standings"] for one in told["lists"]} == {
        "RU-held-2": {"already-exchanged": 1, "unreviewed": 1},  # the next best partner is proposed
        "UA-held": {"already-exchanged": 1},
    }
    assert (told["new"], told["changed"], told["withdrawn"]) == (1, 0, [])


def test_in_words_and_as_a_table(folder: Path) -> None:
    """With names and what to do next; `-o` and `--only` give all rows."""
    told = command(folder)
    assert "held-by-nobody: 2, sought, and no side lists anybody likely" in told
    assert "  RU-held-2 u1 Іваненко Олена: handed over as u1 → leave out of the next lists" in told
    assert "RU-held-2 u9 Самотній Ян Якович: nobody seeks them → tell the home party" in told
    only = command(folder, "--only", "twice-on-one-list")
    assert only.splitlines()[1:] == [
        "  RU-held-2 u7 Шевчук Микола Іванович: may be the same person as u8 → safeconduct registry review"
    ]
    command(folder, "-o", "left.csv")
    rows = list(csv.DictReader((folder / "left.csv").read_text("utf-8").splitlines()))
    assert {row["worklist"] for row in rows} == set(WORKLISTS) - {"to-reconcile"}
    refused = run("registry", "worklists", "--only", "everybody", "--workspace", "w", folder=folder)
    assert (refused.returncode, refused.stderr.startswith("no worklist 'everybody'; there are: ")) == (2, True)
