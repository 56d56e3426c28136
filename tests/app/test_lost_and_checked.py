"""What was lost once is no cover for what is done later: the check of a record that was recovered."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.app.authoring import Desk, departure
from tests.app.erased import erase
from tests.app.recording import SECOND_PUBLIC, Seeded, StandingClock
from tests.app.test_mirroring import RU, Served, mirror_at

from safeconduct.agreement.entries import RecordRecovered
from safeconduct.app.commands import RevokeAuthor
from safeconduct.app.mirror_keeper import MirrorKeeper
from safeconduct.app.office import Office
from safeconduct.app.recovering import recover
from safeconduct.app.workspace import open_workspace
from safeconduct.disclosure.entries import DataErased
from safeconduct.exchange.entries import DECODER
from safeconduct.storage.mirror_store import MirrorStore


class Recovered(Desk):
    """A desk whose last two entries were lost and taken back from a mirror of RU: a departure, and a revocation."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "whole")
        shutil.copytree(folder / "whole", folder / "backup")
        self.lost = self.office.recorder.size()
        self.let_in(self.device.sign(departure(1), self.seen))
        self.office.perform(RevokeAuthor(self.delegate.public_key, 0, "left", "NI"))
        mirror_at(folder / "mirror.sqlite", self.workspace, RU).follow(Served(self.workspace), 1)
        self.mirror_path = folder / "mirror.sqlite"
        self.close()
        self.workspace = open_workspace(folder / "backup")
        self.clock = StandingClock()
        recover(self.workspace, self.mirror_path, self.clock, Seeded(9))
        self.office = Office(self.workspace.open_recorder(self.clock, Seeded(7), DECODER), self.clock)
        assert self.problems() == []


@pytest.fixture
def desk(tmp_path: Path) -> Recovered:
    """Recovered, and at work again."""
    return Recovered(tmp_path)


def test_a_key_that_nobody_enrolled_is_named_after_a_loss_too(desk: Recovered) -> None:
    """Nothing may be taken under a key whose enrolment is lost; so there is no reason to believe in one."""
    index = desk.office.recorder.size()
    desk.let_in(desk.stranger.sign(departure(2), desk.seen))
    who = desk.stranger.public_key[:16]
    assert desk.problems() == [f"entry {index}: author {who} was enrolled by no entry before it"]


def test_an_erasure_without_two_keys_is_named_after_a_loss_too(desk: Recovered) -> None:
    """One person erases, and says of another that they agreed."""
    key_ids = desk.office.recorder.keys_of(["person:RU-held/u1"])
    assert key_ids
    done = DataErased(
        occurred_at_us=1,
        subject="person:RU-held/u1",
        key_ids=tuple(one.hex() for one in key_ids),
        reason="request",
        decided_by=(desk.office.recorder.author.hex(), SECOND_PUBLIC),
    )
    index = desk.office.recorder.size()
    desk.office.erase(key_ids, [done])
    assert desk.problems() == [
        f"entry {index}: it says that data were erased, and no 2 keys of the intermediary had agreed to that"
    ]


def test_an_erasure_in_silence_is_named_after_a_loss_too(desk: Recovered) -> None:
    """Overwritten in the file itself, and no entry says so."""
    key_ids = desk.office.recorder.keys_of(["person:RU-held/u1"])
    desk.office.recorder._writer.append([], [], lambda *_: desk.office.recorder.checkpoint_note(), key_ids)
    desk.office.recorder._sealing_keys.destroy(key_ids)
    desk.office.recorder._sealing_keys.bury(key_ids)
    assert any("and no entry says so" in one for one in desk.problems())


def test_nobody_says_beforehand_that_entries_are_lost(desk: Recovered) -> None:
    """An entry that speaks of later ones would let any of them vanish; it is named, and so is what vanished."""
    index = desk.office.recorder.size()
    desk.office.record([RecordRecovered(occurred_at_us=1, first=0, size=1 << 40, root="", copy_of="party:RU")])
    desk.let_in(desk.device.sign(departure(2), desk.seen))
    with sqlite3.connect(desk.workspace.ledger_path) as connection:
        connection.execute(
            "UPDATE body SET key_id = x'', nonce = x'', ciphertext = x'' WHERE position = ?", (index + 1,)
        )
    connection.close()
    told = desk.problems()
    assert f"entry {index}: it says that entries 0 to {(1 << 40) - 1} were lost, and {index} stood before it" in told
    assert f"entry {index + 1}: its body is lost, and no entry says so; run: safeconduct ledger recover" in told


def test_what_the_keeper_lost_its_mirrors_keep(desk: Recovered) -> None:
    """After a recovery the keeper cannot tell of what it lost; an erasure later on does not take it from the mirrors.

    They are the only ones who hold it, and an erasure needs no name: it would else be the cover for any loss.
    """
    store = MirrorStore.open(desk.mirror_path, str(desk.workspace.verifier), str(RU))
    served = Served(desk.workspace)
    mirror = MirrorKeeper(store, desk.workspace.verifier, RU, served, desk.clock)
    assert mirror.look().unsound == ()
    before = dict(store.lines())
    lost = {index for index in before if desk.lost <= index < desk.lost + 2}
    assert len(lost) == 2
    served.record.rest()
    erase(desk.office, "person:RU-held/u1", "request")
    report = mirror.look()
    assert report.unsound == ()
    assert lost <= dict(store.lines()).keys()
    assert before.keys() - dict(store.lines()).keys() != set(), "what was erased is forgotten all the same"
