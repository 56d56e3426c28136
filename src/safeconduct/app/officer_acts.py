"""What persons of the intermediary do with keys of their own from beside a workspace, as it is sent to its writer."""

import msgspec

from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.app.registry_acts import OnRecord, OnRegistry, Outdated
from safeconduct.app.release_rules import Wanted


class EraseData(msgspec.Struct, frozen=True, tag="erase", tag_field="act", forbid_unknown_fields=True):
    """Agree to erase somebody's data; the second key brings it about."""

    subject: str
    reason: str


class ProposeRelease(msgspec.Struct, frozen=True, tag="propose-release", tag_field="act", forbid_unknown_fields=True):
    """Propose a release of sealed fields."""

    wanted: Wanted


class AgreeToRelease(msgspec.Struct, frozen=True, tag="agree-to-release", tag_field="act", forbid_unknown_fields=True):
    """Agree to such a proposal, with another key."""

    number: int


class BreakGlass(msgspec.Struct, frozen=True, tag="break-glass", tag_field="act", forbid_unknown_fields=True):
    """Release sealed fields at once, with one key."""

    wanted: Wanted


class ReviewRelease(msgspec.Struct, frozen=True, tag="review-release", tag_field="act", forbid_unknown_fields=True):
    """Review a release under break-glass, with another key."""

    number: int
    finding: str
    words: str


class GoOnUncosigned(msgspec.Struct, frozen=True, tag="go-on-uncosigned", tag_field="act", forbid_unknown_fields=True):
    """Agree to take a step without the cosignature of the sides that lack now."""

    step: str
    exchange: str


class Enrol(msgspec.Struct, frozen=True, tag="enrol", tag_field="act", forbid_unknown_fields=True):
    """Let a key sign; the desk's own key attests it."""

    command: EnrolAuthor


class Revoke(msgspec.Struct, frozen=True, tag="revoke", tag_field="act", forbid_unknown_fields=True):
    """Let a key sign no more; the desk's own key attests it."""

    command: RevokeAuthor


class TakeSigned(msgspec.Struct, frozen=True, tag="take-signed", tag_field="act", forbid_unknown_fields=True):
    """Take in entries that others signed on devices of their own, all of them or none."""

    lines: str
    """As in a file of `signed_files`."""


Entering = ProposeRelease | AgreeToRelease | BreakGlass | ReviewRelease | GoOnUncosigned
"""Each makes one entry, signed with the key of whoever acts."""
Act = EraseData | Entering | Enrol | Revoke | TakeSigned | OnRegistry


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one person asks for."""

    act: Act
    public_key: str = ""
    """The key that acts; empty for the one that writes the record, whose entries its one writer signs."""
    signed: str = ""
    """What the other key signed, as lines of `signed_files`; empty where its holder may not sign it."""


class ErasureStands(msgspec.Struct, frozen=True, kw_only=True, tag="erasure"):
    """How far an erasure has come."""

    subject: str
    reason: str
    agreed_by: tuple[str, ...]
    until_us: int
    """So long what was agreed to holds."""
    keys_destroyed: int | None
    """How many data keys were destroyed; None while nothing is erased."""
    index: int
    """Of the entry that says so."""


class Entered(msgspec.Struct, frozen=True, kw_only=True, tag="entered"):
    """An act stands in the record, and the alarms that follow from it."""

    entry: str
    """The entry that it made, in canonical form."""
    keys: int
    """How many keys agree to the step that it is about; 0 where it is about none."""


class TookSigned(msgspec.Struct, frozen=True, kw_only=True, tag="took-signed"):
    """Entries that others signed stand in the record, and the alarms that follow from them."""

    taken: int
    already: int
    """How many stood there before."""
    first: int
    """Index of the first one taken."""
    size: int
    """Entries of the ledger from then on."""


Stands = ErasureStands | Entered | TookSigned | OnRecord | Outdated

OF_ANOTHER_VERSION = "the server that holds the ledger answers something else: is it of this version?"
ASKED_MAX_BYTES = 8_000_000
"""Of what is asked of a server at once: while more were recorded, reports would wait for too long."""
