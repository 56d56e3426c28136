"""Threat: a device is cloned. Two entries of one key and number are the proof, and both signed headers are kept."""

import sqlite3
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.authoring import Desk, departure
from tests.app.recording import DECODER, new_workspace, person, recorder
from tests.app.test_tampering import rewrite

from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.signed_intake import KeyCloned, NotTaken
from safeconduct.app.workspace import read_secret
from safeconduct.kernel.entry import Opened
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.header import parse_signed
from safeconduct.tracking.entries import ConfidentialAlarmShown


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An approved plan, and a device that reports."""
    return Desk(tmp_path / "workspace")


def test_two_entries_of_one_number_are_refused_and_the_proof_is_recorded(desk: Desk) -> None:
    """Two devices with one key report: the second report is not taken; both signed headers stand in the record."""
    before = desk.device.chain
    first = desk.device.sign(departure(1), desk.seen)
    desk.device.chain = before
    second = desk.device.sign(departure(2), desk.seen)
    desk.intake.take([first])
    size = desk.office.recorder.size()
    with pytest.raises(KeyCloned, match="is cloned: it signed two entries of its number 1"):
        desk.intake.take([second])
    recorded, alarm = desk.office.recorder.read(size)
    assert isinstance(recorded.body, Opened)
    assert isinstance(alarm.body, Opened)
    assert isinstance(alarm.body.entry, ConfidentialAlarmShown)
    proof = recorded.body.entry
    assert isinstance(proof, AuthorCloned)
    headers = [parse_signed(bytes.fromhex(one)) for one in (proof.first, proof.second)]
    for one in headers:
        one.verify()
    assert [one.signed for one in headers] == [first.signed, second.signed]
    assert {(one.header.author, one.header.author_seq) for one in headers} == {(bytes(desk.device.key.verify_key), 1)}
    assert desk.problems() == []


def test_the_proof_is_recorded_once_and_nothing_more_is_taken_under_that_key(desk: Desk) -> None:
    """Sent again, and after a restart."""
    before = desk.device.chain
    first = desk.device.sign(departure(1), desk.seen)
    following = desk.device.sign(departure(3), desk.seen)
    desk.device.chain = before
    second = desk.device.sign(departure(2), desk.seen)
    desk.intake.take([first])
    with pytest.raises(KeyCloned):
        desk.intake.take([second])
    size = desk.office.recorder.size()
    desk.close()
    desk.open()
    with pytest.raises(KeyCloned):
        desk.intake.take([second])
    with pytest.raises(NotTaken, match="known to be cloned"):
        desk.intake.take([following])
    assert desk.office.recorder.size() == size
    assert desk.intake.take([first]).already == 1


def test_two_of_one_number_in_one_group_are_found_too(desk: Desk) -> None:
    """Nothing of the group is taken; the proof is recorded."""
    before = desk.device.chain
    first = desk.device.sign(departure(1), desk.seen)
    desk.device.chain = before
    second = desk.device.sign(departure(2), desk.seen)
    size = desk.office.recorder.size()
    with pytest.raises(KeyCloned, match=r"^signed entry 2: "):
        desk.intake.take([first, second])
    assert [type(one.body.entry) for one in desk.office.recorder.read(size)] == [  # type: ignore[union-attr]
        AuthorCloned,
        ConfidentialAlarmShown,
    ]


def test_nobody_else_can_make_a_key_look_cloned(desk: Desk) -> None:
    """A header that the key did not sign proves nothing, and leaves nothing in the record."""
    first = desk.device.sign(departure(1), desk.seen)
    desk.intake.take([first])
    size = desk.office.recorder.size()
    forged = bytearray(first.signed)
    forged[113] ^= 1
    with pytest.raises(NotTaken, match="signature does not hold"):
        desk.intake.take([type(first)(bytes(forged), first.secret, first.text)])
    assert desk.office.recorder.size() == size


def test_the_check_of_a_record_names_a_clone_with_its_proof(tmp_path: Path) -> None:
    """Even where the ledger's keeper let both in: said in these words, with both signed headers."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(number) for number in range(5)])
    writer.close()
    author = SigningKey(read_secret(workspace.secrets_path / "author.key"))
    ledger = SigningKey(read_secret(workspace.secrets_path / "ledger.key"))
    with sqlite3.connect(workspace.ledger_path) as connection:
        size, root = rewrite(connection, author, [1, 2, 3, 2])
        note = sign_checkpoint(Checkpoint(workspace.verifier.name, size, root), ledger)
        connection.execute("UPDATE checkpoint SET note = ?", (note,))
    connection.close()
    report = workspace.open_record(DECODER).check()
    (problem,) = report.problems
    assert "its key is cloned; entry 1 has this number too, and both signed headers are the proof" in problem.what
    (clone,) = report.clones
    assert (clone.author, clone.author_seq, clone.indices) == (bytes(author.verify_key), 2, (1, 3))
    for one in clone.signed:
        parse_signed(one).verify()
    assert clone.signed[0] != clone.signed[1]
