"""Threat: the intermediary shows A and B different logs. No step rests on either, and each side can prove it."""

from pathlib import Path

import pytest
from msgspec import structs
from nacl.signing import SigningKey
from tests.app.copying import TERMS, custody, workspace_with
from tests.app.recording import Seeded, StandingClock
from tests.app.test_mirroring import Served, mirror_at
from tests.app.witness_world import MemoryInMemory

from safeconduct.app.commands import CloseRound
from safeconduct.app.mirroring import Contradicted, Finding
from safeconduct.app.office import Office
from safeconduct.app.quorum import cosigned_step
from safeconduct.app.witness import Witness
from safeconduct.app.workspace import Workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused
from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.witness import AddCheckpoint

RU, UA = SigningKey(b"r" * 32), SigningKey(b"u" * 32)
RU_KEY, UA_KEY = witness_key("ru", RU), witness_key("ua", UA)
TEXT = f"""
[agreement]
id = "istanbul-2025-06-02"
concluded = 2025-06-02
parties = ["RU", "UA"]
[[witness]]
of = "RU"
key = "{RU_KEY}"
[[witness]]
of = "UA"
key = "{UA_KEY}"
"""


def ledger(folder: Path, number: int) -> Workspace:
    """One of two histories under the same keys."""
    return workspace_with(folder, [[structs.replace(TERMS, terms_text=TEXT)], [custody(number, ("RU", "UA"))]])


def cosigned(workspace: Workspace, name: str, key: SigningKey) -> bytes:
    """The checkpoint with a cosignature of the witness that was shown this history."""
    witness = Witness(name, key, {workspace.verifier.name: workspace.verifier}, MemoryInMemory(), StandingClock())
    note = Served(workspace).checkpoint()
    return note + witness.answer(AddCheckpoint(0, (), note).encode()).body


def test_two_histories_of_one_ledger_never_reach_the_quorum_and_convict_their_keeper(tmp_path: Path) -> None:
    """Each witness cosigned in good faith what it was shown; gossip of the two notes is the proof."""
    for_ru, for_ua = ledger(tmp_path / "ru", 1), ledger(tmp_path / "ua", 2)
    notes = [cosigned(for_ru, "ru", RU), cosigned(for_ua, "ua", UA)]
    clock = StandingClock()
    for workspace in (for_ru, for_ua):
        recorder = workspace.open_recorder(clock, Seeded(5), DECODER)
        office = Office(recorder, clock, lambda: notes)
        with pytest.raises(Refused, match=r"not cosigned by (RU|UA) since"):
            cosigned_step(office.state, CloseRound("x", "", {}, (), ()), office.cosigned(), clock.at_us)
        recorder.close()
    mirror = mirror_at(tmp_path / "mirror.sqlite", for_ru)
    mirror.follow(Served(for_ru), 1)
    with pytest.raises(Contradicted) as raised:
        mirror.cosigned_by([notes[1]], UA_KEY, 2)
    assert raised.value.finding is Finding.SPLIT
    (evidence,) = mirror.standing().evidence
    assert (evidence.held, evidence.shown) == (Served(for_ru).checkpoint(), notes[1])
