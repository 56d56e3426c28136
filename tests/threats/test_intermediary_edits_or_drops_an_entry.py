"""Threat: the intermediary edits or drops an entry. A witness refuses to cosign, and a mirror keeps the proof."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.copying import CLOSED, TERMS, custody, workspace_with
from tests.app.recording import StandingClock
from tests.app.test_mirroring import Served, mirror_at
from tests.app.witness_world import MemoryInMemory

from safeconduct.app.mirroring import Contradicted
from safeconduct.app.witness import Witness
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.merkle import consistency_proof
from safeconduct.ledger.witness import AddCheckpoint

HONEST: list[Entry] = [TERMS, *(custody(number, ("RU", "UA")) for number in range(9))]
EDITED = [*HONEST[:4], custody(99, ("RU",)), *HONEST[5:], CLOSED]
DROPPED = [*HONEST[:4], *HONEST[5:], CLOSED, CLOSED]


@pytest.mark.parametrize("after", [EDITED, DROPPED], ids=["edited", "dropped"])
def test_a_rewritten_history_is_neither_cosigned_nor_mirrored(tmp_path: Path, after: list[Entry]) -> None:
    """The keeper has the ledger's key and signs the new history properly; it goes on from an entry before its end."""
    honest = workspace_with(tmp_path / "honest", [[one] for one in HONEST])
    rewritten = Served(workspace_with(tmp_path / "rewritten", [[one] for one in after]))
    served = Served(honest)
    witness = Witness(
        "w", SigningKey(b"w" * 32), {honest.verifier.name: honest.verifier}, MemoryInMemory(), StandingClock()
    )
    mirror = mirror_at(tmp_path / "mirror.sqlite", honest)
    assert witness.answer(AddCheckpoint(0, (), served.checkpoint()).encode()).status == 200
    assert mirror.follow(served, 1)
    size = len(HONEST)
    proof = tuple(consistency_proof(size, len(after), rewritten.record.node))
    assert witness.answer(AddCheckpoint(size, proof, rewritten.checkpoint()).encode()).status == 422
    with pytest.raises(Contradicted, match="entry 4 is another than it was"):
        mirror.follow(rewritten, 2)
    assert len(mirror.standing().evidence) == 1
