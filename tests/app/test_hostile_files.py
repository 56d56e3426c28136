"""Hostile bytes where a file of a stranger is checked: a report or one line of bad input, and no other exception."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import Seeded
from tests.app.release_world import PRIVATE
from tests.app.witnessed import RU_KEY, UA_KEY, give_away
from tests.ledger.test_hostile_bytes import TELLING, damaged

from safeconduct.app.copy_keys import decode_keys
from safeconduct.app.proof_checking import check_proof
from safeconduct.app.proving import prove
from safeconduct.app.receiving import open_release
from safeconduct.app.workspace import Workspace
from safeconduct.kernel import hpke
from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.note import CheckpointError
from safeconduct.ledger.sealed_proof import seal_proof
from safeconduct.ledger.trust import Trust


@pytest.fixture(scope="module")
def given_away(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    """A copy, and proofs that show one field and all that one may know."""
    folder = tmp_path_factory.mktemp("hostile")
    workspace = give_away(folder, 21)
    (folder / "whole").write_bytes(prove(workspace, 7, clearance="party:RU").proof.encode())
    return folder, workspace


@settings(max_examples=200)
@given(data=st.data())
def test_a_damaged_proof_is_reported_or_refused(given_away: tuple[Path, Workspace], data: st.DataObject) -> None:
    """What does not hold shows nothing."""
    folder, workspace = given_away
    seeds = tuple((folder / name).read_bytes() for name in ("proof", "whole"))
    source = data.draw(damaged(seeds))
    try:
        report = check_proof("proof", source, Trust((workspace.verifier,), (RU_KEY, UA_KEY)))
    except BadInput as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017
    else:
        assert report.verified == (not report.problems)
        assert report.proven is not None or report.problems


@settings(max_examples=200)
@given(data=st.data())
def test_a_damaged_release_is_reported_or_refused(given_away: tuple[Path, Workspace], data: st.DataObject) -> None:
    """Damaged as it is sent, or sealed so by somebody who knows the recipient's key."""
    folder, workspace = given_away
    recipient = hpke.public_of(PRIVATE)
    seeds = tuple((folder / name).read_bytes() for name in ("proof", "whole"))
    if data.draw(st.booleans()):
        source = data.draw(damaged(tuple(seal_proof(one, recipient, Seeded(1)) for one in seeds)))
    else:
        source = seal_proof(data.draw(damaged(seeds)), recipient, Seeded(1))
    try:
        report = open_release("f.sealed", source, PRIVATE, Trust((workspace.verifier,), (RU_KEY, UA_KEY))).report
    except BadInput as error:
        assert str(error).startswith("f.sealed:1:1: ")  # noqa: PT017
        assert len(str(error).splitlines()) == 1  # noqa: PT017
    else:
        assert report.verified == (not report.problems)
        assert report.proven is not None or report.problems


@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_list_of_keys_is_refused(given_away: tuple[Path, Workspace], data: st.DataObject) -> None:
    """Or it is one still: then it says what is written in it."""
    source = data.draw(damaged(((given_away[0] / "copy" / "keys.txt").read_bytes(), *TELLING)))
    try:
        keys = decode_keys(source)
    except CheckpointError:
        return
    assert keys.encode() == source
