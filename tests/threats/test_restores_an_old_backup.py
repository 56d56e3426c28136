"""Threat: the intermediary restores an old backup. The witnesses have seen more, and say so; so does every mirror."""

import asyncio
import shutil
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import CLOSED, groups_of, workspace_with
from tests.app.recording import Seeded, StandingClock
from tests.app.test_mirroring import Served, mirror_at
from tests.app.witness_world import MemoryInMemory

from safeconduct.app.cosigner import Cosigner, LedgerNotes
from safeconduct.app.mirroring import Contradicted, Finding
from safeconduct.app.witness import Witness
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.cosigning import Reply, Trouble
from safeconduct.ledger.policy import PolicyKey
from safeconduct.storage.cosignatures import CosignatureStore

KEY = SigningKey(b"w" * 32)
WITNESS = PolicyKey(witness_key("w", KEY), "http://w")


def test_a_restored_backup_is_told_by_the_witness_and_by_the_mirror(tmp_path: Path) -> None:
    """Asked to cosign what it is past, the witness names the size that it has seen: an alarm that says what to do."""
    workspace = workspace_with(tmp_path / "w", groups_of(20))
    shutil.copytree(tmp_path / "w", tmp_path / "backup")
    recorder = workspace.open_recorder(StandingClock(), Seeded(4), DECODER)
    recorder.record([CLOSED])
    recorder.close()
    witness = Witness("w", KEY, {workspace.verifier.name: workspace.verifier}, MemoryInMemory(), StandingClock())

    async def post(_: str, body: bytes) -> Reply:
        answer = witness.answer(body)
        return Reply(answer.status, answer.body)

    def ask(asked: Workspace) -> Trouble | None:
        ledger, store = asked.open_ledger(), CosignatureStore.open(asked.cosignatures_path)
        cosigner = Cosigner(asked.verifier, LedgerNotes(ledger), store, post, StandingClock())
        (found,) = asyncio.run(cosigner.round({"UA": WITNESS}))
        store.close()
        ledger.close()
        return found.trouble

    assert ask(workspace) is None
    mirror = mirror_at(tmp_path / "mirror.sqlite", workspace)
    mirror.follow(Served(workspace), 1)
    restored = open_workspace(tmp_path / "backup")
    trouble = ask(restored)
    assert trouble is not None
    assert trouble.alarm
    assert "21" in trouble.what
    assert "backup" in trouble.what
    with pytest.raises(Contradicted) as raised:
        mirror.compare(Served(restored).checkpoint(), 2)
    assert raised.value.finding is Finding.ROLLED_BACK
