"""Erasing a person: nothing of it is in any file, the record says so and verifies, nobody else's data are touched."""

import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import PEOPLE, at, office_of

from safeconduct.app.erasing import erase, subjects_of
from safeconduct.app.erasures import finish
from safeconduct.app.exporting import export_copy
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.disclosure.entries import DataErased
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Erased, Opened
from safeconduct.kernel.errors import Refused
from safeconduct.ledger.fsck import BodyState
from safeconduct.storage.sqlite import StorageFailed

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]
OFFICERS = ["A. Officer", "B. Officer"]
U1 = ["person:RU-held/u1", "person:u1"]


@dataclass(frozen=True)
class Traces:
    """Every byte string by which a person could be found in a file."""

    plaintexts: list[bytes]
    ciphertexts: list[bytes]
    keys: list[bytes]

    def in_any(self, *folders: Path) -> list[tuple[Path, str]]:
        """The files in which one of them stands, and of which sort it is."""
        found = []
        for path in (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()):
            content = path.read_bytes()
            for sort, traces in vars(self).items():
                if any(trace in content for trace in traces):
                    found.append((path, sort))
        return found


def traces_of(office: Office, subjects: list[str]) -> Traces:
    """What there is of these subjects before they are erased; of ciphertexts pieces, as overflow pages have them."""
    recorder = office.recorder
    ids = set(recorder.keys_of(subjects))
    assert len(ids) == len(subjects)
    plaintexts, ciphertexts, keys = [], [], []
    bodies = {row[0]: row for row in recorder._ledger.bodies()}
    for stored in recorder.stored_entries():
        _, _, key_id, nonce, ciphertext = bodies[stored.index]
        if key_id in ids:
            assert ciphertext is not None
            assert nonce is not None
            plaintexts += [stored.plaintext[:32], stored.plaintext[32:]]
            ciphertexts += [nonce, ciphertext[:24], ciphertext[-24:], ciphertext[len(ciphertext) // 2 :][:24]]
    with sqlite3.connect(recorder._sealing_keys.path) as connection:
        for key_id, subject, wrapped in connection.execute("SELECT id, subject, wrapped FROM data_key"):
            if key_id in ids:
                opened = recorder._sealing_keys._unwrap(key_id, wrapped)
                keys += [wrapped, wrapped[12:36], wrapped[-24:], subject, opened, opened.hex().encode()]
    connection.close()
    return Traces([*plaintexts, "Іваненко".encode(), "Олена".encode()], ciphertexts, keys)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk at work after a whole day."""
    office = office_of(tmp_path / "workspace", StandingClock(at("11:00")))
    yield office
    office.recorder.close()


def reopened(office: Office) -> Workspace:
    """The same workspace, by its folder."""
    return open_workspace(office.recorder._writer.path.parent)


def test_after_erasing_no_file_has_plaintext_ciphertext_or_key(office: Office, tmp_path: Path) -> None:
    """Neither database, nor their logs, nor what lies beside them; not in a copy made afterwards, by whomever."""
    workspace = reopened(office)
    traces = traces_of(office, U1)
    export_copy(workspace, "intermediary", tmp_path / "before")
    sorts = {(path.parent.name if path.suffix == "" else path.name, sort) for path, sort in traces.in_any(tmp_path)}
    assert {sort for _, sort in sorts} == {"plaintexts", "ciphertexts", "keys"}, "the search must find what is there"
    shutil.rmtree(tmp_path / "before")
    erase(office, "person:u1", "request", OFFICERS)
    assert (workspace.folder / "ledger.sqlite-wal").exists(), "the logs are looked through while they are in use"
    assert traces.in_any(tmp_path) == []
    export_copy(workspace, "intermediary", tmp_path / "copy")
    export_copy(workspace, "party:RU", tmp_path / "copy-of-RU")
    assert traces.in_any(tmp_path) == []
    office.recorder.close()
    assert traces.in_any(tmp_path) == []


def test_nobody_elses_data_are_touched_and_the_record_says_what_was_done(office: Office) -> None:
    """The check finds all in order; the entry names a handle, keys, a reason and who decided, and no name."""
    before = [one.body for one in office.recorder.read()]
    done = erase(office, "person:RU-held/u1", "danger", OFFICERS)
    assert (done.subject, done.reason, done.decided_by) == ("person:RU-held/u1", "danger", tuple(OFFICERS))
    after = [one.body for one in office.recorder.read()]
    assert after[-1] == Opened(done)
    gone = [one for one, now in zip(before, after, strict=False) if now == Erased()]
    assert all("u1" in str(one) for one in gone)
    assert [one for one in before if one not in gone] == [now for now in after[:-1] if now != Erased()]
    report = office.recorder.check()
    assert report.problems == []
    assert (report.bodies[BodyState.ERASED], report.bodies[BodyState.MISSING]) == (len(gone), 0)
    assert office.state.disclosure.erasures == [done]
    assert "u1" not in office.state.registry.candidates
    with pytest.raises(Refused, match="nothing is recorded about person:u1, or it was erased already"):
        erase(office, "person:u1", "danger", OFFICERS)


def test_every_row_that_was_found_to_be_of_the_person_is_erased(office: Office) -> None:
    """Whichever id is asked for; another person's rows are not."""
    assert subjects_of(office.state, "person:u1") == subjects_of(office.state, "person:RU-held/u1") == U1
    assert subjects_of(office.state, "person:u2") == ["person:RU-held/u2", "person:u2"]
    for wrong in ("u1", "person:", "document:terms/x", ""):
        with pytest.raises(Refused, match="is no person: name person:ID"):
            subjects_of(office.state, wrong)


def test_one_after_another_leaves_nothing_of_any(office: Office, tmp_path: Path) -> None:
    """Also of the later ones, whose rows SQLite may have moved when the earlier were erased."""
    traces = [traces_of(office, [f"person:{PEOPLE[one][0]}-held/{one}", f"person:{one}"]) for one in PEOPLE]
    for one in PEOPLE:
        erase(office, f"person:{one}", "over", OFFICERS)
    assert [found for one in traces for found in one.in_any(tmp_path)] == []
    assert office.recorder.check().problems == []


def test_an_older_copy_of_the_keys_loses_them_again_before_anything_is_opened(office: Office, tmp_path: Path) -> None:
    """Put back by hand, it opens nothing that was erased: a reader destroys the keys in it, a writer as well."""
    workspace = reopened(office)
    traces = traces_of(office, U1)
    with sqlite3.connect(workspace.keys_path) as source, sqlite3.connect(tmp_path / "old.sqlite") as target:
        source.backup(target)
    source.close()
    target.close()
    old = (tmp_path / "old.sqlite").read_bytes()
    (tmp_path / "old.sqlite").unlink()
    erase(office, "person:u1", "request", OFFICERS)
    office.recorder.close()
    for write in (False, True):
        for name in ("keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm"):
            (workspace.folder / name).unlink(missing_ok=True)
        workspace.keys_path.write_bytes(old)
        assert {sort for _, sort in traces.in_any(workspace.folder)} == {"keys"}
        clock = StandingClock(at("12:00"))
        record = workspace.open_recorder(clock, Seeded(5), DECODER) if write else workspace.open_record(DECODER)
        assert traces.in_any(workspace.folder) == []
        assert sum(one.body == Erased() for one in record.read()) > 0
        # The key of the entry that says so is younger than this copy: the bodies since then are lost, and sealed.
        assert record.check().problems == []
        record.close()


def test_an_erasure_that_was_cut_off_is_brought_to_its_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any step after the entry is recorded: the next opening destroys what is left."""
    workspace = reopened(office)
    recorder = office.recorder
    for number, (owner, step) in enumerate(
        [(recorder._sealing_keys, "destroy"), (recorder._writer, "empty_log"), (recorder._sealing_keys, "bury")]
    ):
        person = list(PEOPLE)[number]
        traces = traces_of(office, [f"person:{PEOPLE[person][0]}-held/{person}", f"person:{person}"])

        def killed(*_: object) -> None:
            raise StorageFailed("killed")

        with monkeypatch.context() as patch:
            patch.setattr(owner, step, killed)
            with pytest.raises(StorageFailed, match="killed"):
                erase(office, f"person:{person}", "request", OFFICERS)
        finish(recorder._writer, recorder._sealing_keys)
        assert traces.in_any(workspace.folder) == []
        assert recorder.check().problems == []
        office = Office(recorder, office.clock)


def test_while_somebody_reads_the_erasure_says_that_it_is_not_at_its_end(office: Office) -> None:
    """What is read keeps the log; the erasure is recorded, and ends once the reader has gone."""
    workspace = reopened(office)
    traces = traces_of(office, U1)
    office.recorder._writer._connection.execute("PRAGMA busy_timeout = 0")
    reader = workspace.open_ledger()
    reader.size()
    with pytest.raises(StorageFailed, match=r"what was erased may still be in its log: another program is reading"):
        erase(office, "person:u1", "request", OFFICERS)
    assert {sort for _, sort in traces.in_any(workspace.folder)} <= {"ciphertexts"}
    reader.close()
    finish(office.recorder._writer, office.recorder._sealing_keys)
    assert traces.in_any(workspace.folder) == []


def test_what_is_erased_in_silence_is_found(office: Office) -> None:
    """Whoever holds the ledger could else make an entry unreadable and have nobody notice."""
    key_ids = office.recorder.keys_of(["person:u1"])
    office.recorder._sealing_keys.destroy(key_ids)
    office.recorder._sealing_keys.bury(key_ids)
    assert any("and no entry says so" in str(one) for one in office.recorder.check().problems)


def test_an_erasure_that_was_not_done_is_found(office: Office) -> None:
    """An entry that says so, and the ciphertext is still there: as after mixing it with an older copy."""
    workspace = reopened(office)
    with sqlite3.connect(workspace.ledger_path) as connection:
        kept = connection.execute("SELECT position, nonce, ciphertext FROM body").fetchall()
    connection.close()
    erase(office, "person:u1", "request", OFFICERS)
    office.recorder.close()
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.executemany("UPDATE body SET nonce = ?2, ciphertext = ?3 WHERE position = ?1", kept)
    connection.close()
    record = workspace.open_record(DECODER)
    problems = record.check().problems
    assert problems
    assert all("its ciphertext is there again, as from an old copy" in str(one) for one in problems)
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.execute("DELETE FROM erased")
    connection.close()
    record.refresh()
    assert any("what is sealed under it is still there" in str(one) for one in record.check().problems)
    record.close()


def test_locked_the_erased_reads_as_erased(office: Office, tmp_path: Path) -> None:
    """No key is needed to know it."""
    workspace = reopened(office)
    erase(office, "person:u1", "request", OFFICERS)
    office.recorder.close()
    (workspace.secrets_path / "master.key").rename(tmp_path / "away")
    report = workspace.open_record(DECODER).check()
    assert report.problems == []
    assert report.bodies[BodyState.ERASED] > 0
    assert report.bodies[BodyState.OPENED] == 0


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as a user runs it."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_the_command(office: Office) -> None:
    """It says what it did; a wrong reason, nobody, or a server that writes: one line, exit code 2, nothing recorded."""
    folder = str(reopened(office).folder)
    arguments = shlex.split(f"erase person:u1 --workspace {folder} --by 'A. Officer' --reason")
    size = office.recorder.size()
    busy = run(*arguments, "request")
    assert (busy.returncode, len(busy.stderr.splitlines())) == (2, 1)
    assert "another program is writing to this ledger; wait for it, or stop it" in busy.stderr
    office.recorder.close()
    for wrong, what in (
        ([*arguments, "because"], "unknown reason 'because'; allowed: request, over, error, danger, order"),
        ([*arguments[:1], "u1", *arguments[2:], "request"], "'u1' is no person"),
        ([*arguments, "request", "--by", " "], "say who decided it"),
    ):
        refused = run(*wrong)
        assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
        assert what in refused.stderr
    done = run(*arguments, "request")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("erased    person:u1: 2 keys destroyed")
    assert f"entry {size}" in done.stdout
    checked = run("ledger", "fsck", "--workspace", folder)
    assert checked.returncode == 0, checked.stdout
    assert ", 0 sealed, 5 erased" in checked.stdout


def test_parties_are_told_that_something_was_erased_and_no_more() -> None:
    """Neither whose, nor why, nor who decided."""
    from safeconduct.disclosure.clearance import Clearance
    from safeconduct.disclosure.telling import tell

    entry = DataErased(occurred_at_us=5, subject="person:u1", key_ids=("ab",), reason="danger", decided_by=("A",))
    told = tell(entry, Clearance("party", "RU"))
    assert told is not None
    assert told.fields == {"occurred_at_us": 5}
