"""What of one stored entry a clearance may be shown, and the proof that its author committed to it."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from safeconduct.app.record import schema_of
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import told_fields
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.commitment import SECRET_BYTES, Disclosure, Field, disclose, fields_of
from safeconduct.ledger.fsck import BodyState, StoredEntry
from safeconduct.ledger.header import BODY_ROOT
from safeconduct.ledger.merkle import ProofError

TYPE = "type"
"""The slot of every entry that says of which type it is: shown to whoever may know that there is one of its type."""

_SCHEMA = schema_of(DECODER)
_FSCK = "run: safeconduct ledger fsck"


@dataclass(frozen=True, slots=True)
class OpenedBody:
    """The body of an entry, open to the keeper."""

    index: int
    fields: tuple[Field, ...]
    """In schema order."""
    _secret: bytes
    _root: bytes
    _told: tuple[type, tuple[str, ...], str]

    def told(self, clearance: Clearance) -> tuple[str, ...]:
        """The slots that a clearance may know, `type` first; empty if not even that there is an entry of its type."""
        entry_type, own, facility = self._told
        names = told_fields(entry_type, own, clearance, facility)
        return () if names is None else (TYPE, *names)

    def show(self, slots: Collection[str]) -> Disclosure:
        """These fields with their proof. Raises SafeconductError if the body is not what was recorded."""
        try:
            return disclose(self._secret, self.fields, slots, self._root)
        except ProofError as error:
            raise _damaged(self.index, error) from None


def opened_body(entry: StoredEntry) -> OpenedBody | None:
    """The body of a stored entry; None if its data were erased or are lost.

    Raises SafeconductError if it cannot be opened here, or is not what was recorded.
    """
    if entry.state in (BodyState.ERASED, BodyState.LOST):
        return None
    if entry.state is not BodyState.OPENED:
        mend = "restore keys.sqlite and the master key" if entry.state is BodyState.SEALED else _FSCK
        raise SafeconductError(f"entry {entry.index}: its body is {entry.state.value}; {mend}")
    secret, body = entry.plaintext[:SECRET_BYTES], entry.plaintext[SECRET_BYTES:]
    try:
        opened = DECODER.decode(body)
        fields = tuple(fields_of(body, _SCHEMA))
    except (msgspec.DecodeError, NotCanonical) as error:
        raise _damaged(entry.index, error) from None
    told = type(opened), getattr(opened, "own", ()), getattr(opened, "facility", "")
    return OpenedBody(entry.index, fields, secret, entry.leaf[BODY_ROOT], told)


def _damaged(index: int, error: Exception) -> SafeconductError:
    return SafeconductError(f"entry {index}: its body is not what was recorded ({error}); {_FSCK}")
