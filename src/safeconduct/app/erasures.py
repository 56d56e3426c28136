"""What follows once an erasure is recorded, and the check of erasures against the entries that say so.

Without it, whoever holds the ledger could make an entry unreadable in silence, or keep what was said to be erased.
"""

from collections.abc import Collection, Sequence

import msgspec

from safeconduct.agreement.entries import RecordRecovered
from safeconduct.disclosure.entries import ERASURE_KEYS, DataErased, ErasureAgreed
from safeconduct.disclosure.state import ErasureAgreements
from safeconduct.kernel.entry import type_tag
from safeconduct.ledger.fsck import BodyState, Report
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile, LedgerWriter
from safeconduct.storage.sqlite import StorageFailed

_TAGS = tuple(f'"type":"{type_tag(one)}"'.encode() for one in (ErasureAgreed, DataErased))
_DECODER = msgspec.json.Decoder(ErasureAgreed | DataErased)
_RECOVERED_TAG = f'"type":"{type_tag(RecordRecovered)}"'.encode()
_RECOVERED_DECODER = msgspec.json.Decoder(RecordRecovered)


class Unfinished(StorageFailed):
    """An erasure is recorded, and keys or logs could not be cleaned of what was erased yet."""


def forget(ledger: LedgerWriter, keys: KeyStore, key_ids: Collection[bytes]) -> None:
    """Destroy keys whose bodies are overwritten, and leave nothing of either in the logs. Raises StorageFailed."""
    keys.destroy(key_ids)
    ledger.empty_log()
    keys.bury(key_ids)


def finish(ledger: LedgerWriter, keys: KeyStore) -> None:
    """Bring every recorded erasure to its end in all files here. Raises StorageFailed.

    There is something left to do where a process died within it, or an older copy of the keys was put back.
    """
    unburied = keys.unburied(ledger.erased_keys())
    if unburied:
        ledger.erase_again()
        forget(ledger, keys, unburied)


def lost_in(ledger: LedgerFile) -> list[int]:
    """The entries whose bodies are nowhere any more; none where that cannot be read, which the check comes upon."""
    try:
        return ledger.lost()
    except StorageFailed:
        return []


class Erasures:
    """Gathers what the entries of one ledger say was erased, or lost, while their bodies are checked."""

    def __init__(self) -> None:
        self._said_at: dict[str, int] = {}
        """Keys in hexadecimal digits, and the entry that says that each is destroyed."""
        self._agreements = ErasureAgreements()
        self._not_agreed: list[int] = []
        """The entries of erasures to which no two keys had agreed, as far as can be read."""
        self._recovered: list[range] = []
        """The entries of which one says that they were taken back without their bodies."""

    def check_body(self, index: int, body: bytes) -> Sequence[str]:
        """Note what a sound body says was erased, or agreed to with a key that counts; what is wrong with that."""
        if _RECOVERED_TAG in body:
            taken_back = _RECOVERED_DECODER.decode(body)
            if not 0 <= taken_back.first < taken_back.size <= index:
                return (
                    f"it says that entries {taken_back.first} to {taken_back.size - 1} were lost, and "
                    f"{index} stood before it",
                )
            self._recovered.append(range(taken_back.first, taken_back.size))
            return ()
        if not any(tag in body for tag in _TAGS):
            return ()
        # In another entry's text the tag would stand with its quotation marks escaped.
        said = _DECODER.decode(body)
        if isinstance(said, ErasureAgreed):
            self._agreements.agree(said)
            return ()
        self._said_at |= dict.fromkeys(said.key_ids, index)
        agreed = self._agreements.holding(said.subject, said.reason, said.occurred_at_us)
        self._agreements.settle(said)
        if len(set(said.decided_by)) < ERASURE_KEYS or not agreed.keys() >= set(said.decided_by):
            self._not_agreed.append(index)
        return ()

    def settle(self, report: Report, ledger: LedgerFile, keys: KeyStore | None) -> None:
        """Report what does not fit, once every entry was checked."""
        try:
            self._compare(report, ledger, keys)
        except StorageFailed as error:
            report.add(None, f"what was erased cannot be read: {error}")

    def _compare(self, report: Report, ledger: LedgerFile, keys: KeyStore | None) -> None:
        blank = ledger.erased_keys()
        for index in ledger.not_blank():
            report.add(index, "it was erased, and its ciphertext is there again, as from an old copy")
        erased = {key_id.hex() for key_id in blank}
        for said, index in self._said_at.items():
            if said not in erased:
                report.add(index, f"it says that the key {said} is destroyed; what is sealed under it is still there")
        if keys is None or report.bodies[BodyState.SEALED]:
            return  # an entry that says so may be among those that cannot be read
        lost = ledger.lost()
        for index in lost:
            if not any(index in one for one in self._recovered):
                report.add(index, "its body is lost, and no entry says so; run: safeconduct ledger recover")
        # Whoever erased since the loss did so by what could still be read: what is lost excuses nothing of that.
        for index in self._not_agreed:
            report.add(
                index,
                f"it says that data were erased, and no {ERASURE_KEYS} keys of the intermediary had agreed to that",
            )
        for key_id, first in ledger.body_keys().items():
            # What is overwritten here is so since an entry of this very record said so. A key alone may be destroyed
            # by one that was lost, where the keys are newer than the backup that was put back.
            gone = key_id in blank or (keys.is_destroyed(key_id) and first > max(lost, default=-1))
            if gone and key_id.hex() not in self._said_at:
                report.add(first, f"it was erased with all under the key {key_id.hex()}, and no entry says so")
