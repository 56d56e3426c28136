"""Threat: a party denies its event. Its own signature over the entry stands in the record, for everybody to check."""

from pathlib import Path

import pytest
from tests.app.authoring import Desk, departure

from safeconduct.agreement.authors import PERSON
from safeconduct.agreement.entries import TermsSigned
from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.exported_copy import ExportedCopy
from safeconduct.app.exporting import export_copy
from safeconduct.app.signed_intake import NotTaken
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.ledger.header import parse_leaf
from safeconduct.views.operations import OperationsBuilder


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Terms, an approved plan, a delegate of RU and a device."""
    return Desk(tmp_path / "workspace")


def test_what_a_party_signed_verifies_under_its_key_from_any_copy(desk: Desk, tmp_path: Path) -> None:
    """The other party's copy holds the leaf with RU's signature, and what it signed: RU cannot deny it."""
    made = desk.delegate.sign(desk.signature(desk.delegate), desk.seen)
    index = desk.office.recorder.size()
    assert desk.intake.take([made]).taken == 1
    assert desk.problems() == []
    desk.close()
    export_copy(desk.workspace, "party:UA", tmp_path / "copy")
    report = verify_copy(tmp_path / "copy", desk.workspace.verifier)
    assert report.verified
    assert (report.authors, report.types["agreement.terms-signed-by-party/1"].fields) == (2, 6)
    leaf = parse_leaf(ExportedCopy.open(tmp_path / "copy").leaf(index))
    leaf.verify()
    assert (leaf.header.author.hex(), leaf.signed) == (desk.delegate.public_key, made.signed)


def test_the_intermediary_cannot_sign_for_a_party(desk: Desk) -> None:
    """With a key of its own, what says that RU signed is refused; recorded all the same, it is found out."""
    desk.office.perform(EnrolAuthor(desk.stranger.public_key, "NI", PERSON, "duty officer 2", "NI"))
    with pytest.raises(NotTaken, match=r"a person of NI, may not sign agreement.terms-signed-by-party/1"):
        desk.intake.take([desk.stranger.sign(desk.signature(desk.stranger), desk.seen)])
    index = desk.office.recorder.size()
    desk.office.record([desk.signature(desk.delegate)])
    (problem,) = desk.problems()
    assert problem.startswith(f"entry {index}: author ")
    assert problem.endswith(", a person of the intermediary, may not sign agreement.terms-signed-by-party/1")


def test_a_delegate_cannot_sign_for_another_party(desk: Desk) -> None:
    """What the entry says of itself must be what its header says: party, key, number."""
    for changes in ({"party": "UA"}, {"public_key": desk.stranger.public_key}, {"author_seq": 7}):
        with pytest.raises(NotTaken, match="another party, key or number"):
            desk.intake.take([desk.delegate.sign(desk.signature(desk.delegate, **changes), desk.seen)])
        desk.delegate.chain = type(desk.delegate.chain)()


def test_a_device_cannot_sign_terms_and_a_person_no_devices_reports(desk: Desk) -> None:
    """Each key signs what is its own."""
    with pytest.raises(NotTaken, match="a device of NI, may not sign"):
        desk.intake.take([desk.device.sign(desk.signature(desk.device), desk.seen)])
    with pytest.raises(NotTaken, match="a person signs a report of the device 'd1'"):
        desk.intake.take([desk.delegate.sign(departure(1), desk.seen)])


def test_a_signature_and_an_attestation_are_shown_as_what_they_are(desk: Desk) -> None:
    """On the page, in plain words: signed with its own key, or attested from the paper."""
    desk.intake.take([desk.delegate.sign(desk.signature(desk.delegate), desk.seen)])
    builder = OperationsBuilder(INTERMEDIARY)
    for recorded in desk.office.recorder.read():
        builder.take(recorded.index, recorded.recorded_at_us, recorded.body.entry)  # type: ignore[union-attr]
    told = [one.text for one in builder.snapshot(0, origin="", size=0, root="", note="").timeline]
    assert f"RU signs the terms with its own key {desk.delegate.public_key[:16]}…" in told
    assert "NI attests from the paper that RU signed the terms" in told


def test_a_signature_beyond_a_later_revocation_does_not_count(desk: Desk) -> None:
    """Stolen before it signed: what it signed is void, and the check of the record says which numbers."""
    desk.intake.take([desk.delegate.sign(desk.signature(desk.delegate), desk.seen)])
    signatures = desk.office.state.agreement.signatures
    assert (desk.terms_sha256, "RU") in signatures.signed
    desk.office.perform(RevokeAuthor(desk.delegate.public_key, 0, "stolen", "NI"))
    assert (desk.terms_sha256, "RU") not in signatures.signed
    report = desk.office.recorder.check()
    assert report.problems == []
    assert [(one.author.hex(), one.first_seq, one.last_seq) for one in report.not_counting] == [
        (desk.delegate.public_key, 1, 1)
    ]


def test_the_paper_still_counts_where_the_key_does_not(desk: Desk) -> None:
    """Two ways to sign are two facts."""
    assert desk.office.state.agreement.in_force()
    desk.intake.take([desk.delegate.sign(desk.signature(desk.delegate), desk.seen)])
    desk.office.perform(RevokeAuthor(desk.delegate.public_key, 0, "stolen", "NI"))
    assert desk.office.state.agreement.in_force()
    assert any(isinstance(one.body.entry, TermsSigned) for one in desk.office.recorder.read())  # type: ignore[union-attr]
