"""Threat: the intermediary restores an old backup. Whoever has seen more proves it, and nothing more is recorded."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import CLOSED, custody, groups_of, workspace_with
from tests.app.recording import Seeded, StandingClock
from tests.app.test_mirroring import Served, mirror_at
from tests.app.witness_world import MemoryInMemory
from typer.testing import CliRunner

from safeconduct.app.cosigner import Cosigner, LedgerNotes
from safeconduct.app.exporting import export_copy
from safeconduct.app.mirroring import Contradicted, Finding
from safeconduct.app.recorder import Recorder
from safeconduct.app.rolled_back import RolledBack
from safeconduct.app.witness import Answer, Witness
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.cli.main import app
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.cosigning import Reply, Trouble
from safeconduct.ledger.policy import PolicyKey
from safeconduct.ledger.witness import LATEST_CHECKPOINT
from safeconduct.storage.cosignatures import CosignatureStore

KEY = SigningKey(b"w" * 32)
WITNESS = PolicyKey(witness_key("w", KEY), "http://w")


class Restored:
    """A ledger of 21 entries that a witness has cosigned, and a workspace restored from a backup of its first 20."""

    def __init__(self, folder: Path) -> None:
        self.whole = workspace_with(folder / "w", groups_of(20))
        shutil.copytree(folder / "w", folder / "backup")
        recorder = writer(self.whole)
        recorder.record([CLOSED])
        recorder.close()
        known = {self.whole.verifier.name: self.whole.verifier}
        self.witness = Witness("w", KEY, known, MemoryInMemory(), StandingClock())
        assert self.ask(self.whole) is None
        self.workspace = open_workspace(folder / "backup")

    def ask(self, workspace: Workspace, shown: Answer | None = None) -> Trouble | None:
        """Ask the witness to cosign; `shown` is what it shows as its latest checkpoint, where that is not the truth."""

        async def post(url: str, body: bytes) -> Reply:
            if url.endswith(LATEST_CHECKPOINT):
                answer = shown or self.witness.latest(body)
            else:
                answer = self.witness.answer(body)
            return Reply(answer.status, answer.body)

        ledger, store = workspace.open_ledger(), CosignatureStore.open(workspace.cosignatures_path)
        cosigner = Cosigner(workspace.verifier, LedgerNotes(ledger), store, post, StandingClock())
        (found,) = asyncio.run(cosigner.round({"UA": WITNESS}))
        store.close()
        ledger.close()
        return found.trouble


@pytest.fixture
def restored(tmp_path: Path) -> Restored:
    """The case."""
    return Restored(tmp_path)


def writer(workspace: Workspace) -> Recorder[Entry]:
    """The one writer of a workspace."""
    return workspace.open_recorder(StandingClock(), Seeded(4), DECODER)


def test_a_restored_backup_is_told_by_the_witness_and_by_the_mirror(restored: Restored, tmp_path: Path) -> None:
    """Asked to cosign what it is past, the witness names the size that it has seen: an alarm that says what to do."""
    mirror = mirror_at(tmp_path / "mirror.sqlite", restored.whole)
    mirror.follow(Served(restored.whole), 1)
    trouble = restored.ask(restored.workspace)
    assert trouble is not None
    assert trouble.alarm
    assert "21" in trouble.what
    assert "backup" in trouble.what
    assert "safeconduct ledger recover" in trouble.what
    with pytest.raises(Contradicted) as raised:
        mirror.compare(Served(restored.workspace).checkpoint(), 2)
    assert raised.value.finding is Finding.ROLLED_BACK


def test_once_it_is_proven_nothing_more_is_recorded(restored: Restored) -> None:
    """By the writer at work from its next entry on, and by every one after it; what is there can still be read."""
    recorder = writer(restored.workspace)
    recorder.record([custody(1, ("UA",))])  # before anybody could know
    restored.ask(restored.workspace)
    for _ in range(2):
        with pytest.raises(RolledBack, match="this record of 21 entries"):
            recorder.record([custody(2, ("UA",))])
    recorder.close()
    with pytest.raises(RolledBack, match="another than the one of 21 that its key has signed"):
        writer(restored.workspace)
    record = restored.workspace.open_record(DECODER)
    assert record.check().problems == []
    assert len(list(record.read())) == 21
    record.close()


def test_a_shorter_record_says_what_is_missing_and_can_still_be_exported(restored: Restored, tmp_path: Path) -> None:
    """And to begin the program anew does not make it forget, though the witness is asked no more."""
    restored.ask(restored.workspace)
    for _ in range(2):
        with pytest.raises(RolledBack, match="this record has 20 entries, and its key has signed 21: an old backup"):
            writer(restored.workspace)
    assert export_copy(restored.workspace, "party:RU", tmp_path / "copy").size == 20


def test_the_check_of_the_record_says_that_it_is_not_all(restored: Restored) -> None:
    """Each entry is as it was recorded, and there were more."""
    restored.ask(restored.workspace)
    checked = CliRunner().invoke(app, ["ledger", "fsck", "--workspace", str(restored.workspace.folder), "--json"])
    assert checked.exit_code == 1
    (problem,) = json.loads(checked.stdout)["problems"]
    assert problem["what"].startswith("this record has 20 entries, and its key has signed 21")


def test_what_is_kept_here_of_the_witnesses_is_enough(restored: Restored) -> None:
    """The ledger alone was put back: its own cosignatures say so, and nobody need be asked."""
    shutil.copy(restored.workspace.ledger_path, restored.whole.ledger_path)
    with pytest.raises(RolledBack, match="this record has 20 entries, and its key has signed 21"):
        writer(restored.whole)


def test_where_that_file_is_damaged_nobody_can_say_and_a_line_tells_what_to_do(restored: Restored) -> None:
    """With it away, the witnesses are asked again."""
    restored.whole.cosignatures_path.write_bytes(b"no database" * 1000)
    with pytest.raises(BadInput, match=r"cosignatures\.sqlite:0:0: .*; move it away: the witnesses are asked again"):
        writer(restored.whole)
    restored.whole.cosignatures_path.unlink()
    writer(restored.whole).close()


def test_a_witness_that_shows_no_signature_of_ours_stops_nothing(restored: Restored) -> None:
    """A size is quickly said. It is an alarm; recording goes on until somebody shows what our own key has signed."""
    verifier = restored.workspace.verifier
    forged = sign_checkpoint(Checkpoint(verifier.name, 900, bytes(32)), SigningKey(b"f" * 32))
    own = restored.workspace.open_ledger().note()
    for shown in (
        Answer(404, b"not here\n"),
        Answer(200, b""),
        Answer(200, b"\xff\xfe"),
        Answer(200, forged),
        Answer(200, own),
    ):
        trouble = restored.ask(restored.workspace, shown)
        assert trouble is not None
        assert trouble.alarm
        recorder = writer(restored.workspace)
        recorder.record([custody(3, ("RU",))])
        recorder.close()


def test_a_witness_shows_its_latest_checkpoint_only_to_who_has_one_of_that_ledger(restored: Restored) -> None:
    """How long a ledger is by now is not for strangers."""
    note = restored.workspace.open_ledger().note()
    assert restored.witness.latest(note).body == restored.whole.open_ledger().note()
    stranger = sign_checkpoint(Checkpoint(restored.workspace.verifier.name, 20, bytes(32)), SigningKey(b"f" * 32))
    assert restored.witness.latest(stranger).status == 403
    assert restored.witness.latest(b"no note").status == 403
    elsewhere = sign_checkpoint(Checkpoint("safeconduct/other", 20, bytes(32)), SigningKey(b"f" * 32))
    assert restored.witness.latest(elsewhere).status == 404
    unused = Witness(
        "v", KEY, {restored.workspace.verifier.name: restored.workspace.verifier}, MemoryInMemory(), StandingClock()
    )
    assert unused.latest(note).status == 404
