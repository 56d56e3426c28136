"""The lost end of a record, taken back from a mirror or a copy: it continues what others hold."""

from pathlib import Path

import pytest
from tests.app.copying import custody
from tests.app.recording import Seeded, StandingClock
from tests.app.test_mirroring import RU, Served, mirror_at
from tests.threats.test_restores_an_old_backup import Restored, writer

from safeconduct.agreement.entries import RecordRecovered
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.exporting import export_copy
from safeconduct.app.recovering import recover
from safeconduct.app.rolled_back import RolledBack
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Opened, Sealed
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.ledger.disclosed_lines import index_of
from safeconduct.ledger.fsck import BodyState
from safeconduct.ledger.merkle import range_at
from safeconduct.storage.cosignatures import CosignatureStore
from safeconduct.storage.ledger_store import LedgerWriter
from safeconduct.storage.sealed_bodies import LOST


class Lost(Restored):
    """The same, with copies of all 24 entries: a mirror's file, and an exported one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        recorder = writer(self.whole)
        recorder.record([custody(one, sides) for one, sides in ((30, ("RU",)), (31, ("UA",)), (32, ("RU", "UA")))])
        recorder.close()
        assert self.ask(self.whole) is None
        self.mirror = folder / "mirror.sqlite"
        mirror_at(self.mirror, self.whole).follow(Served(self.whole), 1)
        self.copy = folder / "copy"
        export_copy(self.whole, "party:RU", self.copy)
        trouble = self.ask(self.workspace)
        assert trouble is not None
        assert trouble.alarm


@pytest.fixture
def lost(tmp_path: Path) -> Lost:
    """The case."""
    return Lost(tmp_path)


def taken_back(workspace: Workspace, source: Path) -> RecordRecovered:
    """Recover; the entry that says so."""
    recover(workspace, source, StandingClock(), Seeded(9))
    record = workspace.open_record(DECODER)
    *_, last = record.read()
    record.close()
    assert isinstance(last.body, Opened)
    assert isinstance(last.body.entry, RecordRecovered)
    return last.body.entry


@pytest.mark.parametrize("kind", ["mirror", "copy"])
def test_the_record_continues_what_others_hold_and_recording_goes_on(lost: Lost, tmp_path: Path, kind: str) -> None:
    """Refused before; after it the witness cosigns, the mirror follows, and the check finds all as it was recorded."""
    with pytest.raises(RolledBack, match="this record has 20 entries, and its key has signed 24"):
        writer(lost.workspace)
    said = taken_back(lost.workspace, lost.mirror if kind == "mirror" else lost.copy)
    assert (said.first, said.size, said.copy_of) == (20, 24, "party:RU")
    recorder = writer(lost.workspace)
    assert range_at(24, recorder.node).root() == lost.whole.open_record(DECODER).checkpoint().root
    recorder.record([custody(40, ("RU",))])
    recorder.close()
    assert lost.ask(lost.workspace) is None
    record = lost.workspace.open_record(DECODER)
    report = record.check()
    assert report.problems == []
    assert report.bodies[BodyState.LOST] == 4
    assert [isinstance(one.body, Sealed) for one in record.read(19)] == [False, *[True] * 4, False, False]
    record.close()
    mirror = mirror_at(lost.mirror, lost.whole)
    assert mirror.follow(Served(lost.workspace), 3)
    assert mirror.size == 26
    copy = tmp_path / "after"
    export_copy(lost.workspace, "party:RU", copy)
    assert verify_copy(copy, lost.workspace.verifier).problems == []


def test_what_the_copy_was_told_of_the_lost_entries_is_written_down(lost: Lost) -> None:
    """For people to record anew; readable by its owner alone."""
    done = recover(lost.workspace, lost.mirror, StandingClock(), Seeded(9))
    assert done.told == {"agreement.round-closed/1": 1, "tracking.custody-reported/1": 2}
    assert done.file is not None
    assert done.file.stat().st_mode & 0o077 == 0
    assert [index_of(line) for line in done.file.read_bytes().splitlines()] == [20, 21, 23]


def test_nothing_is_taken_that_is_not_sound(lost: Lost) -> None:
    """An altered leaf, a copy too short, one of another ledger, no copy at all: one line, and nothing was changed."""
    before = lost.workspace.ledger_path.read_bytes()
    bundle = lost.copy / "tile/entries/000.p/24"
    content = bytearray(bundle.read_bytes())
    content[-1] ^= 1
    bundle.write_bytes(content)
    with pytest.raises(Refused, match="do not hash to the root that was signed"):
        recover(lost.workspace, lost.copy, StandingClock(), Seeded(9))
    bundle.unlink()
    with pytest.raises(Refused, match="do not hash to the root that was signed"):
        recover(lost.workspace, lost.copy, StandingClock(), Seeded(9))
    short = lost.copy.parent / "short.sqlite"
    mirror = mirror_at(short, lost.whole)
    mirror.follow_to(lost_notes(lost)[0], Served(lost.whole), 1)
    assert mirror.size == 21
    with pytest.raises(Refused, match="has 21 entries, and 24 were signed: take one that has all of them"):
        recover(lost.workspace, short, StandingClock(), Seeded(9))
    other = create_workspace(lost.copy.parent / "other", "another", "NI", Seeded(5))
    mirror_at(lost.copy.parent / "other.sqlite", other)
    with pytest.raises(BadInput, match="is the mirror of safeconduct/another"):
        recover(lost.workspace, lost.copy.parent / "other.sqlite", StandingClock(), Seeded(9))
    for none in (lost.workspace.ledger_path, lost.copy.parent / "nowhere", lost.copy.parent):
        with pytest.raises(BadInput):
            recover(lost.workspace, none, StandingClock(), Seeded(9))
    assert lost.workspace.ledger_path.read_bytes() == before


def lost_notes(lost: Lost) -> list[bytes]:
    """The checkpoints that the witness cosigned, the smallest first."""
    store = CosignatureStore.read(lost.whole.cosignatures_path)
    assert store is not None
    found = store.notes_beyond(0)
    store.close()
    return found[::-1]


def test_a_record_that_went_on_by_itself_is_told_where_it_parts(tmp_path: Path) -> None:
    """Nobody has what was recorded here since; the backup must be put back anew."""
    restored = Restored(tmp_path)
    recorder = writer(restored.workspace)
    recorder.record([custody(50, ("RU",))])
    recorder.close()
    recorder = writer(restored.whole)
    recorder.record([custody(51, ("RU",))])
    recorder.close()
    mirror_at(tmp_path / "mirror.sqlite", restored.whole).follow(Served(restored.whole), 1)
    with pytest.raises(Refused, match="part at entry 20"):
        recover(restored.workspace, tmp_path / "mirror.sqlite", StandingClock(), Seeded(9))


def test_what_was_lost_in_silence_is_found_and_can_still_be_said(lost: Lost) -> None:
    """The program died after it had taken the entries back: the check says so, and the same command mends it."""
    ledger = LedgerWriter.open(lost.workspace.ledger_path)
    whole = lost.whole.open_ledger()
    tail = whole.leaves(20, 24)
    ledger.append(tail, [LOST] * len(tail), lambda _size, _root: whole.note())
    ledger.close()
    record = lost.workspace.open_record(DECODER)
    problems = [str(one) for one in record.check().problems]
    record.close()
    assert problems == [
        f"entry {index}: its body is lost, and no entry says so; run: safeconduct ledger recover"
        for index in range(20, 24)
    ]
    assert taken_back(lost.workspace, lost.mirror).first == 20
    record = lost.workspace.open_record(DECODER)
    assert record.check().problems == []
    record.close()
    with pytest.raises(Refused, match="has nothing that is missing here: this record has 25 entries"):
        recover(lost.workspace, lost.mirror, StandingClock(), Seeded(9))


def test_a_mirror_made_after_a_recovery_holds_the_whole_record(lost: Lost) -> None:
    """With a leaf, and nothing told, where something was lost."""
    taken_back(lost.workspace, lost.mirror)
    fresh = mirror_at(lost.copy.parent / "fresh.sqlite", lost.workspace, RU)
    assert fresh.follow(Served(lost.workspace), 5)
    assert fresh.standing().checkpoint.size == 25
