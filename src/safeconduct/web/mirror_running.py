"""A mirror at work: it looks at the ledger every second, and answers whoever asks it to cosign."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from safeconduct.app.mirror_keeper import LATE_US, MirrorKeeper
from safeconduct.app.mirror_report import MirrorReport
from safeconduct.app.mirroring_witness import MirroringWitness
from safeconduct.app.ports import SystemClock
from safeconduct.app.witness import Witness
from safeconduct.app.witness_home import open_witness
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.mirror_store import MirrorStore
from safeconduct.web.ledger_client import LedgerClient
from safeconduct.web.running import run_server
from safeconduct.web.witness_server import create_witness_app

T = TypeVar("T")
EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class MirrorSettings:
    """Whose mirror of which ledger, and where."""

    link: str
    """The link of the party's page."""
    party: Clearance
    verifier: VerifierKey
    """The ledger's key, as the party was given it."""
    state: Path
    """File of what the mirror holds."""


class MirrorThread:
    """A mirror, and the one thread that it lives on."""

    def __init__(self, pool: ThreadPoolExecutor, keeper: MirrorKeeper) -> None:
        self._pool = pool
        self._keeper = keeper

    def look(self) -> MirrorReport:
        """Take what the ledger has now, and say how everything stands."""
        return self._pool.submit(self._keeper.look).result()

    def take_up_to(self, note: bytes) -> None:
        """Take what a checkpoint covers. Raises as `MirrorKeeper.take_up_to`."""
        self._pool.submit(self._keeper.take_up_to, note).result()

    def look_for_ever(self, show: Callable[[MirrorReport], None], ended: threading.Event) -> None:
        """Look every second until `ended`, and show each time how everything stands."""
        while not ended.wait(0):
            show(self.look())
            ended.wait(EVERY_S)


@contextmanager
def mirror_thread(
    settings: MirrorSettings,
    own: str = "",
    late_us: int = LATE_US,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[MirrorThread]:
    """A mirror that has checked what it holds. Raises SafeconductError where that is not sound, or cannot be used."""
    client = LedgerClient(settings.link, settings.party)

    def begin() -> tuple[MirrorStore, MirrorKeeper]:
        store = MirrorStore.open(settings.state, str(settings.verifier), str(settings.party))
        clock = SystemClock()
        return store, MirrorKeeper(store, settings.verifier, settings.party, client, clock, own, late_us, progress)

    with ThreadPoolExecutor(1, "mirror") as pool:
        store, keeper = pool.submit(begin).result()
        try:
            yield MirrorThread(pool, keeper)
        finally:
            pool.submit(store.close).result()
            client.close()


def serve_mirror(
    settings: MirrorSettings,
    witness: Path,
    listening: socket.socket,
    show: Callable[[MirrorReport], None],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Follow the ledger and cosign what the mirror holds, until a signal to stop. `show` is called on another thread.

    Raises SafeconductError where witness or mirror cannot be used, also later on: a full disk, a file that was changed.
    """
    memory, signing, key = open_witness(witness)
    verifier = settings.verifier
    with mirror_thread(settings, key.name, progress=progress) as mirror:

        def begin() -> tuple[MirroringWitness, Callable[[], None]]:
            opened = memory()
            plain = Witness(key.name, signing, {verifier.name: verifier}, opened, SystemClock())
            return MirroringWitness(plain, verifier, mirror.take_up_to), opened.close

        ended = threading.Event()
        failed: list[SafeconductError] = []

        def look() -> None:
            try:
                mirror.look_for_ever(show, ended)
            except SafeconductError as error:
                # Whoever cannot look must not go on cosigning before a screen that stands still.
                failed.append(error)
                os.kill(os.getpid(), signal.SIGTERM)

        looking = threading.Thread(target=look, name="looking", daemon=True)
        looking.start()
        try:
            run_server(create_witness_app(begin), listening)
        finally:
            ended.set()
            looking.join()
        if failed:
            raise failed[0]
