"""A mirror kept up to date, and what it says at each moment. Everything here happens on one thread."""

from collections.abc import Callable

from safeconduct.app.mirror_report import MirrorReport, WitnessSeen
from safeconduct.app.mirroring import Contradicted, LedgerServed, Mirror, NotSound, Unreachable
from safeconduct.app.party_watch import Judged, PartyWatch
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.ports import Clock
from safeconduct.kernel.times import MINUTE_US
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.mirror_store import MirrorStore

LATE_US = MINUTE_US
"""A witness that lacks entries for so long is late: it was asked many times."""


class MirrorKeeper:
    """Follows a ledger for one party."""

    def __init__(
        self,
        store: MirrorStore,
        verifier: VerifierKey,
        clearance: Clearance,
        source: LedgerServed,
        clock: Clock,
        own: str = "",
        late_us: int = LATE_US,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`own` is the name of this mirror's own witness; one that lacks entries for `late_us` is late.

        Raises SafeconductError if the store is not sound.
        """
        self._verifier = verifier
        self._clearance = clearance
        self._source = source
        self._clock = clock
        self._own = own
        self._late_us = late_us
        self._store = store
        self._watch = self._new_watch()
        self._mirror = Mirror(store, verifier, clearance, lambda *told: self._watch.take(*told), progress)
        self._looked_us: int | None = None
        self._trouble = ""
        self._unsound: tuple[str, ...] = ()
        self._judged: tuple[int, Judged | None] | None = None
        self._notes: list[bytes] = []
        self._lacking_since_us: dict[str, int] = {}

    def look(self, progress: Callable[[int], None] = lambda _: None) -> MirrorReport:
        """Take what the ledger has now, and say how everything stands."""
        now_us = self._clock.now_us()
        try:
            note = self._source.checkpoint()
            self._mirror.compare(note, now_us)
            self._mirror.follow_to(note, self._source, now_us, progress)
            self._forget_erased()
            self._notes = self._source.cosigned()
            self._looked_us, self._trouble, self._unsound = now_us, "", ()
        except Unreachable as error:
            self._trouble = str(error)
        except NotSound as error:
            self._unsound = tuple(error.problems)
        except Contradicted:
            self._looked_us, self._trouble = now_us, ""  # kept as evidence, which the report tells
        return self.report()

    def _forget_erased(self) -> None:
        """Forget what the ledger erased; what is found only for lack of it is no question to anybody."""
        erased = self._mirror.erased(self._source)
        if erased is None:
            return
        before = self._watch.unshown()
        if erased.gone:
            self._watch = self._new_watch()
        self._mirror.forget(erased, lambda: self._watch.unshown() - before)
        self._watch.excuse(self._store.excused())
        self._judged = None

    def _new_watch(self) -> PartyWatch:
        return PartyWatch(self._clearance.party, self._store.excused())

    def take_up_to(self, note: bytes) -> None:
        """Take what a checkpoint covers, before it may be cosigned. Raises Unreachable, NotSound or Contradicted."""
        self._mirror.follow_to(note, self._source, self._clock.now_us())

    def report(self) -> MirrorReport:
        """How everything stands by what was taken so far."""
        now_us = self._clock.now_us()
        witnesses = tuple(self._witnesses(now_us))
        mirrored = self._mirror.standing()
        if self._judged is None or self._judged[0] != mirrored.checkpoint.size:
            lacking_before_us = self._mirror.lacking_before_us()
            self._judged = mirrored.checkpoint.size, self._watch.judge(lacking_before_us)
        return MirrorReport(
            self._verifier.name,
            str(self._clearance),
            mirrored,
            now_us,
            self._looked_us,
            self._trouble,
            self._unsound,
            self._judged[1],
            witnesses,
            self._own,
        )

    def _witnesses(self, now_us: int) -> list[WitnessSeen]:
        seen, held = [], self._mirror.size
        for witness in self._watch.witnesses:
            try:
                size, at_s = self._mirror.cosigned_by(self._notes, witness.key, now_us)
            except Contradicted:
                size, at_s = 0, None  # kept as evidence
            since_us = now_us
            if size < held:
                since_us = self._lacking_since_us.setdefault(witness.key.name, now_us)
            else:
                self._lacking_since_us.pop(witness.key.name, None)
            late = now_us - since_us >= self._late_us and size < held
            seen.append(WitnessSeen(witness.of, witness.key.name, size, at_s, late))
        return seen
