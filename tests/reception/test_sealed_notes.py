"""Notes of care: only the facility's key opens them, and nothing about their form tells what they say."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import Seeded
from tests.reception.rounds import EXCHANGE, NOON_US, key

from safeconduct.kernel import hpke
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.hpke import is_public_key
from safeconduct.reception.notes import CareLine, CareNote, note_bytes, read_note
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.reception.sealing import NoteUnreadable, is_sealed

NOTE = CareNote(
    exchange=EXCHANGE,
    person="p1",
    lines=(CareLine(step=STEP_IDS[1], standing="done", at_us=NOON_US, by="doctor 2", outcome="treatment begun"),),
)

lines = st.builds(
    CareLine,
    step=st.sampled_from(STEP_IDS),
    standing=st.sampled_from(("due", "done", "declined")),
    at_us=st.integers(0, 2**53 - 1),
    by=st.text(max_size=10),
    outcome=st.text(max_size=10),
)
notes = st.builds(
    CareNote, exchange=st.just(EXCHANGE), person=st.text(max_size=12), lines=st.lists(lines, max_size=3).map(tuple)
)


def changed(sealed: str, at: int) -> str:
    """The sealed note with one bit of one byte turned."""
    raw = bytearray(base64.b64decode(sealed))
    raw[at] ^= 1
    return base64.b64encode(raw).decode()


@settings(max_examples=60)
@given(notes, st.integers(1, 9))
def test_a_note_opens_with_the_key_that_it_was_sealed_to(note: CareNote, seed: int) -> None:
    """And says the same, whatever was in it."""
    ours = key(seed=seed)
    sealed = ours.seal(note, Seeded(seed))
    assert ours.open(ours.handle(note.person), sealed) == note
    assert is_sealed(sealed)


def test_every_short_note_is_equally_long() -> None:
    """An arrival with all its steps, one step done, one declined: the length tells none from the other."""
    arrival = CareNote(
        exchange=EXCHANGE,
        person="RU-H-0001",
        lines=tuple(CareLine(step=step, standing="due", at_us=NOON_US) for step in STEP_IDS),
    )
    declined = CareNote(
        exchange=EXCHANGE, person="p", lines=(CareLine(step=STEP_IDS[2], standing="declined", at_us=1),)
    )
    assert len({len(key().seal(note, Seeded(1))) for note in (NOTE, arrival, declined)}) == 1


def test_a_wrong_key_a_changed_note_or_a_wrong_place_is_one_clear_error() -> None:
    """Whatever is wrong, a single line says so; no traceback, nothing half read."""
    ours, sealed = key(), key().seal(NOTE, Seeded(2))
    handle = ours.handle("p1")
    wrong = [
        (key(seed=2), handle, sealed),
        (key(facility="F2"), handle, sealed),
        (ours, ours.handle("p2"), sealed),
        (ours, handle, changed(sealed, 0)),
        (ours, handle, changed(sealed, 40)),
        (ours, handle, changed(sealed, -1)),
        (ours, handle, sealed[:-4]),
        (ours, handle, sealed[:40]),
        (ours, handle, "not base64!"),
        (ours, handle, "Ї" + sealed),
        (ours, handle, ""),
    ]
    for opener, under, text in wrong:
        with pytest.raises(NoteUnreadable, match=r"^a note does not open with this key of F\d: ") as raised:
            opener.open(under, text)
        assert "\n" not in str(raised.value)


def test_a_note_about_somebody_else_than_its_handle_says_is_refused() -> None:
    """Who knows the public key could seal anything; under a handle that is not the person's it does not count."""
    ours = key()
    handle = ours.handle("p1")
    forged = CareNote(exchange=EXCHANGE, person="p2", lines=NOTE.lines)
    info = f"safeconduct/care-note/v1\nF1\n{handle}".encode()
    sealed = hpke.seal(note_bytes(forged), bytes.fromhex(ours.public_key), info, Seeded(3))
    with pytest.raises(NoteUnreadable, match="under a handle that is not its person's"):
        ours.open(handle, base64.b64encode(sealed).decode())


@pytest.mark.parametrize(
    "text", [b"", b"{}", note_bytes(NOTE)[:-1], note_bytes(NOTE) + b" ", note_bytes(NOTE) + b" " * 512, b"{" * 512]
)
def test_what_is_no_note_is_refused(text: bytes) -> None:
    """Only the one form that we write ourselves is read."""
    with pytest.raises(NotCanonical):
        read_note(text)


def test_handles_are_the_facilitys_own() -> None:
    """The same person has one handle at a facility, another at the next, and nothing of the id shows."""
    assert key().handle("p1") == key().handle("p1") != key().handle("p2")
    assert key().handle("p1") != key(seed=2).handle("p1")
    assert len(key().handle("a rather long id of a person")) == 32


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (key().public_key, True),
        (key().public_key.upper(), False),
        (key().public_key[:-2], False),
        ("g" * 64, False),
        ("00" * 32, False),  # of low order: everybody could open what is sealed to it
        ("01" + "00" * 31, False),
        ("", False),
    ],
)
def test_what_can_be_sealed_to(text: str, good: bool) -> None:
    """A public key in its one spelling, and no point of low order."""
    assert is_public_key(text) is good


@pytest.mark.parametrize("text", ["", "e30=", "p1 is ill", base64.b64encode(bytes(48)).decode(), "Ї"])
def test_what_does_not_look_sealed(text: str) -> None:
    """Clear text or a length of its own would be caught before it is recorded."""
    assert not is_sealed(text)
