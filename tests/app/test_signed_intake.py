"""What is signed elsewhere is taken as it was signed, or refused with one line."""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.authoring import SECRET, Desk, departure

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.app.record import schema_of
from safeconduct.app.signed_files import decode_signed, encode_signed
from safeconduct.app.signed_intake import MAX_BODY_BYTES, NotTaken, Signed
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import BadInput, SafeconductError
from safeconduct.ledger.commitment import body_root, fields_of
from safeconduct.ledger.header import parse_signed, sign_header


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk to which nothing is recorded."""
    return Desk(tmp_path_factory.mktemp("still"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of one's own."""
    return Desk(tmp_path / "workspace")


@pytest.fixture(scope="module")
def report(still: Desk) -> Signed:
    """A sound report, not taken yet."""
    return still.device.sign(departure(1), still.seen)


def test_what_was_signed_is_recorded_as_it_was_signed(desk: Desk) -> None:
    """Header, signature and body; whole after a restart, and the author's chain goes on from it."""
    size = desk.office.recorder.size()
    made = [desk.device.sign(departure(number), desk.seen) for number in range(3)]
    assert desk.intake.take(made).taken == 3
    desk.close()
    desk.open()
    read = list(desk.office.recorder.read(size))
    assert [one.body for one in read] == [Opened(departure(number)) for number in range(3)]
    assert {one.author.hex() for one in read} == {desk.device.public_key}
    assert [desk.office.recorder.signed_of(bytes(desk.device.key.verify_key), one) for one in (1, 2, 3)] == [
        one.signed for one in made
    ]
    following = desk.device.sign(departure(3), desk.seen)
    done = desk.intake.take([*made, following])
    assert (done.taken, done.already) == (1, 3)
    assert desk.problems() == []


def test_reports_signed_by_devices_are_in_the_state_at_once(desk: Desk) -> None:
    """As if they had been posted."""
    desk.intake.take([desk.device.sign(departure(1), desk.seen)])
    assert len(desk.office.state.tracking.reports) == 1


def test_of_a_group_there_is_all_or_nothing(desk: Desk) -> None:
    """The second is not sound: the first is not recorded either, and can be taken later."""
    first, second = (desk.device.sign(departure(number), desk.seen) for number in (1, 2))
    size = desk.office.recorder.size()
    with pytest.raises(NotTaken, match=r"^signed entry 2: its body is not the one"):
        desk.intake.take([first, replace(second, secret=bytes(32))])
    assert desk.office.recorder.size() == size
    assert desk.intake.take([first, second]).taken == 2


@given(where=st.sampled_from(("signed", "secret", "text")), at=st.integers(0, 10_000), change=st.integers(1, 255))
def test_any_changed_byte_is_refused(still: Desk, report: Signed, where: str, at: int, change: int) -> None:
    """Of header, signature, secret and body; with a typed error, and nothing is recorded."""
    value = bytearray(getattr(report, where))
    value[at % len(value)] ^= change
    size = still.office.recorder.size()
    with pytest.raises(NotTaken):
        still.intake.take([replace(report, **{where: bytes(value)})])
    assert still.office.recorder.size() == size


@given(where=st.sampled_from(("signed", "secret", "text")), value=st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_typed_error(still: Desk, report: Signed, where: str, value: bytes) -> None:
    """Whatever comes in place of header and signature, secret or body."""
    with pytest.raises(NotTaken):
        still.intake.take([replace(report, **{where: value})])


@given(at=st.integers(0, 10_000), change=st.integers(1, 255))
def test_any_changed_byte_of_a_file_is_refused(still: Desk, report: Signed, at: int, change: int) -> None:
    """By the reading of the file or by the intake."""
    source = bytearray(encode_signed(report))
    source[at % len(source)] ^= change
    with pytest.raises(SafeconductError):
        still.intake.take(decode_signed("file", bytes(source)))


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda one: one + b"\n"))
def test_any_file_that_is_none_is_told_with_its_line(source: bytes) -> None:
    """With file, line and what is wrong, and no other exception."""
    with pytest.raises(BadInput, match=r"^file:"):
        decode_signed("file", source)


def test_a_file_holds_what_was_put_into_it(report: Signed) -> None:
    """Line by line."""
    other = replace(report, text='{"ї":1}'.encode())
    assert decode_signed("file", encode_signed(report) + encode_signed(other)) == [report, other]


def foreign(desk: Desk, text: bytes) -> Signed:
    """A body of our own writing, properly committed to and signed."""
    made = desk.device.sign(departure(1), desk.seen)
    root = body_root(SECRET, fields_of(text, schema_of(DECODER)))
    header = msgspec.structs.replace(parse_signed(made.signed).header, body_root=root)
    return Signed(sign_header(header, desk.device.key), SECRET, text)


SAME = encoding.encode(departure(1))
NOT_CANONICAL = {
    "a space": SAME.replace(b":", b": ", 1),
    "keys in another order": json.dumps(dict(reversed(list(json.loads(SAME).items())))).encode(),
    "an escape that is not needed": SAME.replace(b"departed", b"\\u0064eparted", 1),
}


@pytest.mark.parametrize("text", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_a_second_way_to_write_the_same_is_refused(desk: Desk, text: bytes) -> None:
    """Though it is properly signed: no two texts mean one entry."""
    with pytest.raises(NotTaken, match="its body is not as an entry is written"):
        desk.intake.take([foreign(desk, text)])


def test_a_body_without_end_is_refused(desk: Desk) -> None:
    """Before anything is read of it."""
    made = desk.device.sign(departure(1), desk.seen)
    with pytest.raises(NotTaken, match="bytes, 1048576 at most"):
        desk.intake.take([replace(made, text=b" " * (MAX_BODY_BYTES + 1))])


def test_a_revoked_key_is_taken_up_to_its_cut(desk: Desk) -> None:
    """What was signed before and arrives late counts; what was signed after does not."""
    made = [desk.device.sign(departure(number), desk.seen) for number in range(3)]
    desk.office.perform(RevokeAuthor(desk.device.public_key, 2, "lost", "NI"))
    with pytest.raises(NotTaken, match="was revoked after its number 2; this is its number 3"):
        desk.intake.take(made)
    assert desk.intake.take(made[:2]).taken == 2
    assert desk.problems() == []


def test_a_report_must_be_recorded_as_the_plan_has_it(desk: Desk) -> None:
    """Whom it concerns is no choice of the device's: it would tell one side of the other's movements."""
    text = SAME.replace(b'"own":["RU"]', b'"own":["RU","UA"]')
    assert text != SAME
    with pytest.raises(NotTaken, match="does not follow from the plan"):
        desk.intake.take([foreign(desk, text)])


def test_a_device_signs_its_own_reports_alone(desk: Desk) -> None:
    """Neither another's nor those of none."""
    for device in ("d2", None):
        before = desk.device.chain
        with pytest.raises(NotTaken, match="the key of the device d1 signs a report of"):
            desk.intake.take([desk.device.sign(departure(1, device), desk.seen)])
        desk.device.chain = before


def test_without_an_approved_plan_no_report_is_taken(tmp_path: Path) -> None:
    """Whom it concerns is not known; the device sends it again later."""
    desk = Desk(tmp_path / "workspace", approved=False)
    with pytest.raises(NotTaken, match="no plan is on record that every party approved"):
        desk.intake.take([desk.device.sign(departure(1), desk.seen)])


def test_terms_that_nobody_put_on_record_are_not_signed(desk: Desk) -> None:
    """Nor a stranger's key believed."""
    with pytest.raises(NotTaken, match="terms that were never put on record"):
        desk.intake.take([desk.delegate.sign(desk.signature(desk.delegate, terms_sha256="00"), desk.seen)])
    with pytest.raises(NotTaken, match="is not enrolled"):
        desk.intake.take([desk.stranger.sign(desk.signature(desk.stranger), desk.seen)])


def test_what_is_for_the_desk_to_decide_is_not_signed_elsewhere(desk: Desk) -> None:
    """An officer's key does not go past the commands."""
    desk.office.perform(EnrolAuthor(desk.stranger.public_key, "NI", PERSON, "duty officer 2", "NI"))
    with pytest.raises(NotTaken, match="recorded at the intermediary's desk"):
        desk.intake.take([desk.stranger.sign(desk.proposed, desk.seen)])
