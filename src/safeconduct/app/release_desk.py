"""Releases of sealed fields recorded: each act with one key, and the alarms that follow from it.

Nothing is opened here. `release_files` does that, from what stands on the disk.
"""

from collections.abc import Callable
from typing import TypeVar

from nacl.signing import SigningKey

from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.release_alarms import raise_alarms, raise_limit
from safeconduct.app.release_limits import LimitReached
from safeconduct.app.release_rules import Wanted, agree, break_glass, propose, review
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, OnRelease, ReleaseAgreed, ReleaseProposed
from safeconduct.kernel.ports import Randomness
from safeconduct.ledger.commitment import SECRET_BYTES

R = TypeVar("R", ReleaseProposed, ReleaseAgreed, GlassBroken, GlassReviewed)


class ReleaseDesk:
    """An office at which one person acts on releases, with the workspace's own key or another that they bring."""

    def __init__(
        self, office: Office, randomness: Randomness, everyone: tuple[str, ...], key: SigningKey | None = None
    ) -> None:
        """`everyone`: who is called at once (a limit reached, a release not justified); `key`: the other key."""
        self._office = office
        self._randomness = randomness
        self._everyone = everyone
        self._key = key
        raise_alarms(office, everyone)
        self._public_key = (office.recorder.author if key is None else bytes(key.verify_key)).hex()

    def propose(self, wanted: Wanted) -> ReleaseProposed:
        """Propose a release; nothing is opened. It is durable when this returns. Raises Refused."""
        return self._act(lambda now_us: propose(self._office, wanted, self._public_key, now_us))

    def agree(self, number: int) -> ReleaseAgreed:
        """Agree to a proposal; it is durable when this returns, and its file may be written. Raises Refused."""
        return self._act(lambda now_us: agree(self._office.state, number, self._public_key, now_us))

    def break_glass(self, wanted: Wanted) -> GlassBroken:
        """Release alone; entry and alarm are durable when this returns, and the file may be written. Raises Refused."""
        return self._act(lambda now_us: break_glass(self._office, wanted, self._public_key, now_us))

    def review(self, number: int, finding: str, words: str) -> GlassReviewed:
        """Review a release under break-glass; its alarms are resolved by it. Raises Refused."""
        return self._act(lambda now_us: review(self._office.state, number, finding, words, self._public_key, now_us))

    def _act(self, decide: Callable[[int], R]) -> R:
        office = self._office
        try:
            entry = decide(office.clock.now_us())
            self._record(entry)
        except LimitReached as reached:
            raise_limit(office, reached, self._everyone)
            raise
        raise_alarms(office, self._everyone)
        return entry

    def _record(self, entry: OnRelease) -> None:
        office, recorder = self._office, self._office.recorder
        if self._key is None:
            office.record([entry])
            return
        seen = recorder.size(), recorder.root()
        secret = self._randomness.token_bytes(SECRET_BYTES)
        chain = recorder.chain(bytes(self._key.verify_key))
        SignedIntake(office).take([sign_entry(entry, self._key, chain, seen, secret)])
