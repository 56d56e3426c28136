"""Lists of parties on record: every row in normal form and as written, versions, and who may know of them."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import TERMS

from safeconduct.app.commands import RecordTerms
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, create_workspace, open_workspace
from safeconduct.disclosure.clearance import PUBLIC, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.views.picture import Picture, picture

FIRST = "№;ПІБ;Дата рождения;Стать;Зріст\nU-1;ШЕВЧУК Іван;17.05.1985;ч;182\nU-2;Лис;1990;F;\n"
SECOND = FIRST.replace("17.05.1985", "18.05.1985") + "U-3;Бут Роман;?;;\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With terms on record."""
    made = create_workspace(tmp_path / "workspace", "istanbul-2025-06-02", "NI", Seeded(0))
    clock = StandingClock()
    recorder = made.open_recorder(clock, Seeded(1), DECODER)
    Office(recorder, clock).perform(RecordTerms("terms.toml", TERMS))
    recorder.close()
    return made


def command(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments, "--workspace", str(workspace.folder)]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


def entries(workspace: Workspace) -> list[Entry]:
    """All that is on record."""
    record = open_workspace(workspace.folder).open_record(DECODER)
    found = [one.body.entry for one in record.read() if isinstance(one.body, Opened)]
    record.close()
    return found


def seen_by(workspace: Workspace, clearance: Clearance) -> Picture:
    """The picture at a clearance."""
    return picture(entries(workspace), clearance)


def test_a_list_and_its_second_version(workspace: Workspace, tmp_path: Path) -> None:
    """In normal form, with what was written otherwise beside it; the second version says what it says otherwise."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(FIRST, "utf-8")
    second.write_text(SECOND, "utf-8")
    ended = command(workspace, "take", str(first), "--party", "RU", "--purpose", "held")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("recorded  RU-held: 2 persons, 0 findings\n")
    ended = command(workspace, "take", str(second), "--party", "RU", "--purpose", "held", "--replaces", "RU-held")
    assert ended.returncode == 1
    assert ended.stderr == (
        f"{second}:4:3: birth date ('Дата рождения'): '?' is no date; write dd.mm.yyyy, mm.yyyy or yyyy\n"
    )
    assert "replaces  RU-held: 1 added, 0 removed, 1 changed (birth date 1), 1 unchanged" in ended.stdout
    assert f"see       safeconduct registry compare RU-held RU-held-2 --workspace {workspace.folder}\n" in ended.stdout
    assert "U-1: birth date 17.05.1985 → 18.05.1985" in ended.stdout
    ended = command(workspace, "compare", "RU-held", "RU-held-2")
    assert (ended.returncode, ended.stdout.splitlines()[0][:8]) == (1, "1 added,")
    assert command(workspace, "compare", "RU-held", str(first)).returncode == 0
    ended = command(workspace, "compare", "RU-held", "RU-sought")
    assert (ended.returncode, "on record: RU-held, RU-held-2" in ended.stderr) == (2, True)

    told = seen_by(workspace, Clearance("party", "RU"))
    assert [(one["list_id"], one["rows"], one["findings"]) for one in told["lists"]] == [
        ("RU-held", 2, 0),
        ("RU-held-2", 3, 1),
    ]
    as_written = {(one["list_id"], one["ref"]): one["cells"] for one in told["listed_as_written"]}
    assert as_written["RU-held", "U-1"] == {
        "ПІБ": "ШЕВЧУК Іван",
        "Дата рождения": "17.05.1985",
        "Стать": "ч",
        "Зріст": "182",
    }
    assert ("RU-held", "U-2") not in as_written
    assert as_written["RU-held-2", "U-3"]["Дата рождения"] == "?"
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    assert told["lists"][0]["file_sha256"] == digest
    fsck = [sys.executable, "-m", "safeconduct.cli.main", "ledger", "fsck", "--workspace", str(workspace.folder)]
    assert subprocess.run(fsck, capture_output=True, check=False).returncode == 0


def test_other_parties_learn_that_there_is_a_list_and_nothing_of_its_rows(workspace: Workspace, tmp_path: Path) -> None:
    """Nor does the public learn anything."""
    file = tmp_path / "first.csv"
    file.write_text(FIRST, "utf-8")
    assert command(workspace, "take", str(file), "--party", "RU", "--purpose", "held").returncode == 0
    told = seen_by(workspace, Clearance("party", "UA"))
    assert (told["listed"], told["listed_as_written"]) == ([], [])
    assert "rows" not in told["lists"][0]
    assert "ШЕВЧУК" not in json.dumps(told, ensure_ascii=False)
    assert seen_by(workspace, PUBLIC)["lists"] == []


def test_what_is_refused_leaves_the_record_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    """One line each, exit code 2."""
    file, other, broken = (tmp_path / name for name in ("first.csv", "other.csv", "broken.csv"))
    file.write_text(FIRST, "utf-8")
    other.write_text(SECOND, "utf-8")
    broken.write_text(FIRST.replace("U-2", "U-1"), "utf-8")
    assert command(workspace, "take", str(file), "--party", "RU", "--purpose", "held").returncode == 0
    size = len(entries(workspace))
    for arguments, what in (
        ((str(file), "--party", "RU", "--purpose", "held"), "is on record already, byte for byte"),
        ((str(other), "--party", "RU", "--purpose", "held"), "add --replaces RU-held"),
        ((str(other), "--party", "XX", "--purpose", "held"), "'XX' is not a party of the agreement"),
        ((str(other), "--party", "UA", "--purpose", "lost"), "unknown purpose of a list 'lost'"),
        ((str(other), "--party", "UA", "--purpose", "held", "--replaces", "RU-held"), "of the same party and purpose"),
        ((str(other), "--party", "RU", "--purpose", "held", "--replaces", "RU-9"), "no list 'RU-9' is on record"),
        ((str(other), "--party", "RU", "--purpose", "held", "--id", "a/b"), "'a/b' is no id of a list"),
        ((str(broken), "--party", "UA", "--purpose", "held"), "ref 'U-1' stands twice, first on line 2"),
    ):
        ended = command(workspace, "take", *arguments)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
        assert what in ended.stderr
    assert len(entries(workspace)) == size
