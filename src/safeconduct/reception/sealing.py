"""A facility's key: what it seals and opens its notes with, and calls its patients by. It never leaves the facility."""

import base64
import binascii
import hmac

from safeconduct.kernel import hpke
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Randomness
from safeconduct.reception.notes import BLOCK_BYTES, CareNote, note_bytes, read_note

_HANDLE_BYTES = 16


class NoteUnreadable(SafeconductError):
    """A note that does not open, or that does not say what its place in the record says."""


class FacilityKey:
    """The private key of one facility, 32 bytes that must be drawn at random (X25519)."""

    def __init__(self, facility: str, private: bytes) -> None:
        self.facility = facility
        self._private = private
        self._public = hpke.public_of(private)
        self._naming = hmac.digest(private, b"safeconduct/care-handle/v1", "sha256")

    @property
    def public_key(self) -> str:
        """The public half, as it is enrolled."""
        return self._public.hex()

    def handle(self, person: str) -> str:
        """The pseudonym under which a person's notes stand: always the same, and guessed by nobody without the key."""
        return hmac.digest(self._naming, person.encode(), "sha256")[:_HANDLE_BYTES].hex()

    def seal(self, note: CareNote, randomness: Randomness) -> str:
        """A note as it may stand in the record, base64; bound to this facility and to the person's handle."""
        info = _info(self.facility, self.handle(note.person))
        return base64.b64encode(hpke.seal(note_bytes(note), self._public, info, randomness)).decode()

    def open(self, handle: str, sealed: str) -> CareNote:
        """Read a note of the record. Raises NoteUnreadable."""
        try:
            text = hpke.unseal(base64.b64decode(sealed, validate=True), self._private, _info(self.facility, handle))
            note = read_note(text)
        except (hpke.Unopenable, binascii.Error, ValueError, NotCanonical):
            raise NoteUnreadable(
                f"a note does not open with this key of {self.facility}: it was sealed to another key, or changed"
            ) from None
        if self.handle(note.person) != handle:
            raise NoteUnreadable(f"a note of {self.facility} stands under a handle that is not its person's")
        return note


def is_sealed(text: str) -> bool:
    """Whether a text has the form of a sealed note, whose length tells nothing. What is in it nobody here can say."""
    try:
        length = len(base64.b64decode(text, validate=True)) - hpke.OVERHEAD_BYTES
    except (binascii.Error, ValueError):
        return False
    return length > 0 and length % BLOCK_BYTES == 0


def _info(facility: str, handle: str) -> bytes:
    return f"safeconduct/care-note/v1\n{facility}\n{handle}".encode()
