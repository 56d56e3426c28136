"""Threat: a witness's state is rolled back. It does not start; and if it signs all the same, that is its own proof."""

import shutil
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import TERMS, custody, workspace_with
from tests.app.recording import Seeded, StandingClock
from tests.app.test_mirroring import Served
from tests.app.witness_world import MemoryInMemory

from safeconduct.app.witness import Witness
from safeconduct.app.witness_home import init_witness, open_witness
from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import open_cosignatures, witness_key
from safeconduct.ledger.witness import AddCheckpoint


def test_a_state_put_back_from_a_backup_does_not_open(tmp_path: Path) -> None:
    """What it has forgotten it may contradict: its keeper is told to make a new key."""
    workspace = workspace_with(tmp_path / "w", [[TERMS]])
    state = tmp_path / "witness.sqlite"
    init_witness(state, "w", Seeded(1))
    opened, key, _ = open_witness(state)
    shutil.copy(state, tmp_path / "backup")
    memory = opened()
    witness = Witness("w", key, {workspace.verifier.name: workspace.verifier}, memory, StandingClock())
    assert witness.answer(AddCheckpoint(0, (), Served(workspace).checkpoint()).encode()).status == 200
    memory.close()
    open_witness(state)
    shutil.copy(tmp_path / "backup", state)
    with pytest.raises(BadInput, match="witness init"):
        open_witness(state)


def test_two_roots_of_one_size_under_one_witness_key_are_proof_against_it(tmp_path: Path) -> None:
    """Anybody who holds both notes and its key can check that, with nothing else."""
    key = SigningKey(b"w" * 32)
    notes = []
    for number in (1, 2):
        workspace = workspace_with(tmp_path / str(number), [[TERMS, custody(number, ("RU",))]])
        forgetful = Witness("w", key, {workspace.verifier.name: workspace.verifier}, MemoryInMemory(), StandingClock())
        note = Served(workspace).checkpoint()
        notes.append(note + forgetful.answer(AddCheckpoint(0, (), note).encode()).body)
    first, second = (open_checkpoint(note, workspace.verifier) for note in notes)
    assert (first.size, first.root != second.root) == (second.size, True)
    assert all(len(open_cosignatures(note, [witness_key("w", key)])) == 1 for note in notes)
