"""What a facility notes of one person: steps of care, due or settled. Only ever stored sealed."""

from typing import Literal

import msgspec

from safeconduct.kernel.encoding import NotCanonical, decode, encode

BLOCK_BYTES = 512
"""Notes are filled up to a multiple of this, so that their length does not tell what they say."""

Standing = Literal["due", "done", "declined"]


class CareLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step of care as it stands."""

    step: str
    standing: Standing
    at_us: int
    """By when it is due; else when it was done or declined."""
    by: str = ""
    """Who did it, as the facility calls them."""
    outcome: str = ""


class CareNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was noted of one person at one time."""

    exchange: str
    person: str
    lines: tuple[CareLine, ...]


_DECODER = msgspec.json.Decoder(CareNote)


def note_bytes(note: CareNote) -> bytes:
    """Canonical JSON, filled up with spaces."""
    text = encode(note)
    return text + b" " * (-len(text) % BLOCK_BYTES)


def read_note(text: bytes) -> CareNote:
    """Read what `note_bytes` wrote. Raises NotCanonical for anything else."""
    note = decode(text.rstrip(b" "), _DECODER)
    if note_bytes(note) != text:
        raise NotCanonical("the note is not filled up as prescribed")
    return note
