"""Who signed without being enrolled for it: found by the check of a record, and of a copy as far as it tells."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.app.authoring import Desk, departure
from tests.app.test_ledger_commands import safeconduct

from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.commands import RevokeAuthor
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.exporting import export_copy
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.fsck import BodyState


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An approved plan, a delegate and a device."""
    return Desk(tmp_path / "workspace")


def problems_of_copy(desk: Desk, clearance: str, folder: Path) -> list[str]:
    """What the check of a copy says."""
    export_copy(desk.workspace, clearance, folder)
    return [str(one) for one in verify_copy(folder, desk.workspace.verifier).problems]


def test_an_author_whom_nobody_enrolled_is_named(desk: Desk, tmp_path: Path) -> None:
    """By the keeper's check and in the copies of the parties; a copy for the public cannot tell, and says nothing."""
    index = desk.office.recorder.size()
    desk.let_in(desk.stranger.sign(departure(1), desk.seen))
    told = f"entry {index}: author {desk.stranger.public_key[:16]} was enrolled by no entry before it"
    assert desk.problems() == [told]
    for clearance, found in (("party:UA", [told]), ("intermediary", [told]), ("public", [])):
        assert problems_of_copy(desk, clearance, tmp_path / clearance.replace(":", "-")) == found


def test_where_enrolments_are_sealed_nobody_is_accused(desk: Desk) -> None:
    """Keys put back that are older than an enrolment do not open it: whose key it is is not known, and that is said."""
    made = desk.device.sign(departure(1), desk.seen)
    desk.let_in(made)
    (key_id,) = desk.office.recorder.keys_of(["document:authors"])
    desk.close()
    with closing(sqlite3.connect(desk.workspace.keys_path)) as keys, keys:
        assert keys.execute("DELETE FROM data_key WHERE id = ?", (key_id,)).rowcount == 1
    report = desk.workspace.open_record(DECODER).check()
    assert report.problems == []
    assert report.bodies[BodyState.SEALED] == 2
    assert report.not_known == {bytes.fromhex(desk.device.public_key)}
    done = safeconduct("ledger", "fsck", "--workspace", str(desk.workspace.folder), folder=desk.workspace.folder)
    assert f"{desk.device.public_key[:16]}: not known whether it was enrolled" in done.stdout


def test_what_comes_after_a_revocation_is_named_from_its_cut_on(desk: Desk, tmp_path: Path) -> None:
    """Up to the cut it counts, also if it arrives later."""
    made = [desk.device.sign(departure(number), desk.seen) for number in range(3)]
    desk.let_in(made[0])
    desk.office.perform(RevokeAuthor(desk.device.public_key, 2, "lost", "NI"))
    desk.let_in(made[1])
    assert desk.problems() == []
    index = desk.office.recorder.size()
    desk.let_in(made[2])
    who = f"entry {index}: author {desk.device.public_key[:16]}"
    told = f"{who} was revoked after its number 2; this is its number 3"
    assert desk.problems() == [told]
    assert problems_of_copy(desk, "party:RU", tmp_path / "copy") == [told]


def test_what_comes_after_a_key_was_found_cloned_is_named(desk: Desk) -> None:
    """A keeper who goes on taking entries of a key that is known to be in two hands."""
    desk.office.record(
        [AuthorCloned(occurred_at_us=1, public_key=desk.device.public_key, author_seq=1, first="aa", second="bb")]
    )
    desk.let_in(desk.device.sign(departure(1), desk.seen))
    (problem,) = desk.problems()
    assert "was known to be cloned" in problem


def test_a_device_that_signs_more_than_reports_is_named(desk: Desk) -> None:
    """Enrolling a key as it pleases does not help: it enrols nobody."""
    index = desk.office.recorder.size()
    enrolment = next(one for one in desk.office.recorder.read(index - 1)).body.entry  # type: ignore[union-attr]
    desk.let_in(desk.device.sign(enrolment, desk.seen))
    assert desk.problems() == [
        f"entry {index}: author {desk.device.public_key[:16]}, a device of NI, may not sign agreement.author-enrolled/1"
    ]


def test_without_keys_the_check_judges_no_author(desk: Desk) -> None:
    """Sealed bodies tell nobody who is enrolled: the rest is checked all the same."""
    desk.let_in(desk.stranger.sign(departure(1), desk.seen))
    desk.close()
    desk.workspace.keys_path.unlink()
    report = desk.workspace.open_record(DECODER).check()
    assert (report.problems, report.authors) == ([], 2)
