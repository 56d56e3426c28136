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
from msgspec import structs
from nacl.signing import SigningKey
from tests.app.erased import ask, enrol_second, erase
from tests.app.recording import ENROLLED, SECOND, SECOND_PUBLIC, Seeded, StandingClock
from tests.app.small_exchange import PEOPLE, at, family_told, office_of, plan

from safeconduct.agreement.authors import PERSON
from safeconduct.app.author_chain import SignedEntry
from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.erasing import subjects_of
from safeconduct.app.erasures import finish
from safeconduct.app.exporting import export_copy
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import Asked, EraseData
from safeconduct.app.officer_desk import perform
from safeconduct.app.own_device import sign_entry
from safeconduct.app.signed_files import encode_signed
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.disclosure.entries import DataErased, ErasureAgreed
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Erased, Opened
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import DAY_US, HOUR_US
from safeconduct.ledger.fsck import BodyState
from safeconduct.ledger.header import parse_signed
from safeconduct.storage.sqlite import StorageFailed

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]
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
    erase(office, "person:u1", "request")
    assert (workspace.folder / "ledger.sqlite-wal").exists(), "the logs are looked through while they are in use"
    assert traces.in_any(tmp_path) == []
    export_copy(workspace, "intermediary", tmp_path / "copy")
    export_copy(workspace, "party:RU", tmp_path / "copy-of-RU")
    assert traces.in_any(tmp_path) == []
    office.recorder.close()
    assert traces.in_any(tmp_path) == []


def test_nobody_elses_data_are_touched_and_the_record_says_what_was_done(office: Office) -> None:
    """The check finds all in order; the entry names a handle, keys, a reason and whose keys decided, and no name."""
    enrol_second(office)
    before = [one.body for one in office.recorder.read()]
    done = erase(office, "person:RU-held/u1", "danger")
    keys = (office.recorder.author.hex(), SECOND_PUBLIC)
    assert (done.subject, done.reason, done.decided_by) == ("person:RU-held/u1", "danger", keys)
    after = [one.body for one in office.recorder.read()]
    assert after[-1] == Opened(done)
    gone = [one for one, now in zip(before, after, strict=False) if now == Erased()]
    assert all("u1" in str(one) for one in gone)
    assert [one for one in before if one not in gone] == [now for now in after[:-3] if now != Erased()]
    report = office.recorder.check()
    assert report.problems == []
    assert (report.bodies[BodyState.ERASED], report.bodies[BodyState.MISSING]) == (len(gone), 0)
    assert office.state.disclosure.erasures == [done]
    assert "u1" not in office.state.registry.candidates
    with pytest.raises(Refused, match="nothing is recorded about person:u1, or it was erased already"):
        erase(office, "person:u1", "danger")


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
        erase(office, f"person:{one}", "over")
    assert [found for one in traces for found in one.in_any(tmp_path)] == []
    assert office.recorder.check().problems == []


def test_an_older_copy_of_the_keys_loses_them_again_before_anything_is_opened(office: Office, tmp_path: Path) -> None:
    """Put back by hand, it opens nothing that was erased: a reader destroys the keys in it, a writer as well."""
    workspace = reopened(office)
    traces = traces_of(office, U1)
    enrol_second(office)
    with sqlite3.connect(workspace.keys_path) as source, sqlite3.connect(tmp_path / "old.sqlite") as target:
        source.backup(target)
    source.close()
    target.close()
    old = (tmp_path / "old.sqlite").read_bytes()
    (tmp_path / "old.sqlite").unlink()
    erase(office, "person:u1", "request")
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
                erase(office, f"person:{person}", "request")
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
        erase(office, "person:u1", "request")
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
    erase(office, "person:u1", "request")
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
    erase(office, "person:u1", "request")
    office.recorder.close()
    (workspace.secrets_path / "master.key").rename(tmp_path / "away")
    report = workspace.open_record(DECODER).check()
    assert report.problems == []
    assert report.bodies[BodyState.ERASED] > 0
    assert report.bodies[BodyState.OPENED] == 0


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as a user runs it."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_it_takes_two_keys_of_the_intermediary(office: Office) -> None:
    """One key twice, a party's, one that nobody enrolled, a revoked one: refused, and nothing is erased."""
    enrol_second(office)
    delegate, stranger = SigningKey(b"d" * 32), SigningKey(b"s" * 32)
    office.perform(EnrolAuthor(bytes(delegate.verify_key).hex(), "RU", PERSON, "head of delegation", "NI"))
    assert ask(office, "person:u1", "request").keys_destroyed is None
    size = office.recorder.size()
    with pytest.raises(Refused, match=r"agreed to this at .*: now another person must, with --key FILE"):
        ask(office, "person:u1", "request")
    for key in (delegate, stranger):
        with pytest.raises(Refused, match="is of no person of the intermediary"):
            ask(office, "person:u1", "request", key)
    office.perform(RevokeAuthor(SECOND_PUBLIC, 0, "lost", "NI"))
    with pytest.raises(Refused, match="is of no person of the intermediary"):
        ask(office, "person:u1", "request", SECOND)
    assert office.recorder.size() == size + 1
    assert office.state.disclosure.erasures == []


def test_nobody_agrees_with_themselves_by_a_key_enrolled_for_it(office: Office) -> None:
    """Each further key counts a day after its enrolment, and not before; the check of the record has the same rule."""
    enrol_second(office)
    clock, third = office.clock, SigningKey(b"t" * 32)
    assert isinstance(clock, StandingClock)
    office.perform(EnrolAuthor(bytes(third.verify_key).hex(), "NI", PERSON, "a friend", "NI"))
    ask(office, "person:u1", "request")
    clock.at_us += DAY_US - 1
    with pytest.raises(Refused, match="is new: it counts from"):
        ask(office, "person:u1", "request", third)
    clock.at_us += 1
    assert ask(office, "person:u1", "request", third).keys_destroyed == 2
    assert office.recorder.check().problems == []


@pytest.mark.parametrize("back_us", [0, 30 * DAY_US])
def test_an_erasure_with_a_key_that_is_new_is_found(office: Office, back_us: int, tmp_path: Path) -> None:
    """Written past all rules, also with an enrolment that is dated back: neither agreement nor erasure stands.

    Every party finds the agreement in its copy.
    """
    enrol_second(office)
    third = SigningKey(b"t" * 32)
    public_key, now_us = bytes(third.verify_key).hex(), office.clock.now_us()
    enrolled = structs.replace(ENROLLED, occurred_at_us=now_us - back_us, public_key=public_key)
    office.record([enrolled])
    ask(office, "person:u1", "request")
    agreed = ErasureAgreed(
        occurred_at_us=now_us, subject="person:u1", reason="request", reaches=tuple(U1), public_key=public_key
    )
    recorder = office.recorder
    made = sign_entry(
        agreed, third, recorder.chain(bytes(third.verify_key)), (recorder.size(), recorder.root()), bytes(32)
    )
    recorder.take([SignedEntry(parse_signed(made.signed).header, made.signed, made.secret, made.text, agreed)])
    key_ids = recorder.keys_of(U1)
    entry = DataErased(
        occurred_at_us=now_us,
        subject="person:u1",
        key_ids=tuple(one.hex() for one in key_ids),
        reason="request",
        decided_by=(recorder.author.hex(), public_key),
    )
    office.erase(key_ids, [entry])
    first, second = (one.what for one in recorder.check().problems)
    assert first.startswith(f"author {public_key[:16]} was new: it counts from ")
    assert second.endswith("no 2 keys of the intermediary had agreed to that")
    export_copy(reopened(office), "party:RU", tmp_path / "copy")
    assert [one.what for one in verify_copy(tmp_path / "copy", recorder.verifier).problems] == [first]


def test_whoever_agreed_and_is_revoked_does_not_count(office: Office) -> None:
    """Neither where the key was revoked before the second person agrees; then another must."""
    enrol_second(office)
    ask(office, "person:u1", "request", SECOND)
    office.perform(RevokeAuthor(SECOND_PUBLIC, 0, "stolen", "NI"))
    stands = ask(office, "person:u1", "request")
    assert (stands.agreed_by, stands.keys_destroyed) == ((office.recorder.author.hex(),), None)


def test_an_agreement_holds_for_that_handle_and_reason_and_for_a_week(office: Office) -> None:
    """Another reason or handle is another erasure; what nobody joined in for a week is to be agreed to anew."""
    enrol_second(office)
    clock = office.clock
    assert isinstance(clock, StandingClock)
    stands = ask(office, "person:u1", "request")
    assert stands.until_us == clock.at_us + 7 * DAY_US
    for subject, reason in (("person:u1", "danger"), ("person:RU-held/u1", "request"), ("person:u2", "request")):
        assert ask(office, subject, reason, SECOND).keys_destroyed is None
    clock.at_us += 7 * DAY_US + 1
    assert ask(office, "person:u1", "request", SECOND).agreed_by == (SECOND_PUBLIC,)
    done = ask(office, "person:u1", "request")
    assert (done.agreed_by, done.keys_destroyed) == ((office.recorder.author.hex(), SECOND_PUBLIC), 2)
    assert office.recorder.check().problems == []


def test_whoever_agreed_has_not_agreed_to_erase_somebody_else_who_is_found_to_be_the_same(office: Office) -> None:
    """Between the two agreements another person's rows are tied to this one: the first is to be given anew."""
    enrol_second(office)
    first = office.recorder.author.hex()
    assert ask(office, "person:u1", "request").agreed_by == (first,)
    tied = structs.replace(office.state.registry.candidates["u2"], person="u1", occurred_at_us=office.clock.now_us())
    office.record([tied])
    stands = ask(office, "person:u1", "request", SECOND)
    assert (stands.agreed_by, stands.keys_destroyed) == ((SECOND_PUBLIC,), None)
    assert office.state.disclosure.erasures == []
    assert ask(office, "person:u1", "request").keys_destroyed == 3


def test_what_is_recorded_of_the_person_later_takes_two_keys_again(office: Office) -> None:
    """Who agreed to an erasure has not agreed to the next one of the same person."""
    erase(office, "person:u1", "request")
    office.record([report_entry(family_told("u1", "10:30"), Concerns.of_plan(plan()))])
    stands = ask(office, "person:u1", "request")
    assert (len(stands.agreed_by), stands.keys_destroyed) == (1, None)


def test_killed_between_the_second_agreement_and_the_erasure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is erased, both agreements stand; whichever of the two asks again brings it about."""

    def killed(*_: object) -> None:
        raise StorageFailed("killed")

    enrol_second(office)
    ask(office, "person:u1", "request")
    with monkeypatch.context() as patch:
        patch.setattr(office.recorder, "record_erasure", killed)
        with pytest.raises(StorageFailed, match="killed"):
            ask(office, "person:u1", "request", SECOND)
    again = Office(office.recorder, office.clock)
    assert again.state.disclosure.erasures == []
    size = again.recorder.size()
    assert ask(again, "person:u1", "request", SECOND).keys_destroyed == 2
    assert again.recorder.size() == size + 1
    assert again.recorder.check().problems == []


@pytest.mark.parametrize("what", ["reason", "subject", "reaches", "public_key", "occurred_at_us"])
def test_what_was_signed_must_be_the_agreement_asked_for(office: Office, what: str) -> None:
    """Another handle, reason, key or moment in the signed entry: refused, nothing is recorded of it."""
    enrol_second(office)
    ask(office, "person:u1", "request")
    entry = ErasureAgreed(
        occurred_at_us=office.clock.now_us(),
        subject="person:u1",
        reason="request",
        reaches=tuple(U1),
        public_key=SECOND_PUBLIC,
    )
    others = {
        "subject": "person:u2",
        "reason": "danger",
        "reaches": ("person:u1",),
        "public_key": office.recorder.author.hex(),
    }
    entry = structs.replace(entry, **{what: others.get(what, entry.occurred_at_us + HOUR_US)})
    seen, chain = (office.recorder.size(), office.recorder.root()), office.recorder.chain(bytes(SECOND.verify_key))
    made = sign_entry(entry, SECOND, chain, seen, bytes(32))
    act = EraseData("person:u1", "request")
    asked = Asked(act=act, public_key=SECOND_PUBLIC, signed=encode_signed(made).decode())
    size = office.recorder.size()
    with pytest.raises(Refused, match=r"what was signed is not what is asked for|dated after now"):
        perform(office, asked, ())
    if what not in ("reason", "subject"):  # taken in by itself, these are sound agreements to another erasure
        with pytest.raises(Refused):
            SignedIntake(office).take([made])
    assert office.recorder.size() == size


def test_an_erasure_by_one_key_alone_is_found(office: Office) -> None:
    """Whoever holds the ledger could write the entry without asking anybody: the check says so."""
    office.perform(EnrolAuthor(SECOND_PUBLIC, "NI", PERSON, "duty officer 2", "NI"))
    ask(office, "person:u1", "request")
    key_ids = office.recorder.keys_of(U1)
    for decided_by in ((office.recorder.author.hex(),), (office.recorder.author.hex(), SECOND_PUBLIC)):
        entry = DataErased(
            occurred_at_us=office.clock.now_us(),
            subject="person:u1",
            key_ids=tuple(one.hex() for one in key_ids),
            reason="request",
            decided_by=decided_by,
        )
        office.erase(key_ids, [entry])
        assert "no 2 keys of the intermediary had agreed to that" in str(office.recorder.check().problems[-1])


def test_the_command(office: Office, tmp_path: Path) -> None:
    """It says how far it is and what it did; what is wrong is one line, exit code 2, and nothing is recorded."""
    folder, key = str(reopened(office).folder), str(tmp_path / "second.key")
    arguments = shlex.split(f"erase person:u1 --workspace {folder} --reason")
    size = office.recorder.size()
    busy = run(*arguments, "request")
    assert (busy.returncode, len(busy.stderr.splitlines())) == (2, 1)
    assert "another program is writing to this ledger; wait for it, or stop it" in busy.stderr
    office.recorder.close()
    public = run("author", "new", key).stdout.strip()
    for wrong, what in (
        ([*arguments, "because"], "unknown reason 'because'; allowed: request, over, error, danger, order"),
        ([*arguments[:1], "u1", *arguments[2:], "request"], "'u1' is no person"),
        ([*arguments[:1], "person:u9", *arguments[2:], "request"], "nothing is recorded about person:u9"),
        ([*arguments, "request", "--key", key], "is of no person of the intermediary"),
    ):
        refused = run(*wrong)
        assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
        assert what in refused.stderr
    enrol = ("author", "enrol", public, "--of", "NI", "--label", "duty officer 2", "--workspace", folder)
    assert run(*enrol).returncode == 0
    first = run(*arguments, "request")
    assert (first.returncode, first.stderr) == (0, "")
    assert "person:u1 (request): 1 of 2 keys" in first.stdout
    assert "erased    nothing yet: another person must agree" in first.stdout
    done = run(*arguments, "request", "--key", key)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 keys" in done.stdout
    assert "erased    2 keys destroyed" in done.stdout
    assert f"entry {size + 3}" in done.stdout
    checked = run("ledger", "fsck", "--workspace", folder)
    assert checked.returncode == 0, checked.stdout
    assert ", 0 sealed, 5 erased" in checked.stdout


def test_parties_are_told_that_something_was_erased_and_no_more() -> None:
    """Neither whose, nor why; that two keys agreed, and which, so that nobody need believe it."""
    from safeconduct.disclosure.clearance import Clearance
    from safeconduct.disclosure.telling import tell

    entry = DataErased(occurred_at_us=5, subject="person:u1", key_ids=("ab",), reason="danger", decided_by=("A",))
    told = tell(entry, Clearance("party", "RU"))
    assert told is not None
    assert told.fields == {"occurred_at_us": 5}
    agreed = ErasureAgreed(
        occurred_at_us=5, subject="person:u1", reason="danger", reaches=("person:u1",), public_key="ab"
    )
    told = tell(agreed, Clearance("party", "RU"))
    assert told is not None
    assert told.fields == {"occurred_at_us": 5, "public_key": "ab"}
