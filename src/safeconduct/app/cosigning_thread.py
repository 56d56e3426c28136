"""Cosigning while a ledger is served: new checkpoints go to the witnesses every few seconds, on a thread of its own.

It only reads the ledger, and keeps what comes in a file of its own: recording never waits for it.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from safeconduct.app.cosigner import Cosigner, LedgerNotes
from safeconduct.app.witness_client import WitnessClient
from safeconduct.app.witnesses_asked import WitnessesAsked
from safeconduct.app.workspace import Workspace
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Clock
from safeconduct.ledger.policy import PolicyKey
from safeconduct.storage.cosignatures import CosignatureStore

EVERY_S = 2.0
"""How often it is looked whether there is a checkpoint to cosign."""
LONGEST_PAUSE_S = 60.0
"""After failures a witness is left alone for twice as long each time, this long at most."""


class BackOff:
    """When each witness may be asked again, in seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._pauses: dict[str, tuple[float, float]] = {}

    def due(self, name: str, now_s: float) -> bool:
        """Whether it may be asked now."""
        return self._pauses.get(name, (0.0, now_s))[1] <= now_s

    def failed(self, name: str, now_s: float) -> None:
        """It did not cosign."""
        pause = min(2 * self._pauses.get(name, (EVERY_S / 2, 0.0))[0], LONGEST_PAUSE_S)
        self._pauses[name] = pause, now_s + pause

    def succeeded(self, name: str) -> None:
        """It did."""
        self._pauses.pop(name, None)


class CosigningThread:
    """Asks a workspace's witnesses until it is closed."""

    def __init__(self, workspace: Workspace, clock: Clock, tell: Callable[[str], None]) -> None:
        """`tell` is given a sentence, on the thread, whenever a witness begins or ceases to fail."""
        self._workspace = workspace
        self._clock = clock
        self._tell = tell
        self._told: dict[str, str] = {}
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="cosigning", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; what is being asked is given up, and asked for again another time."""
        self._closing = True
        if self._loop is not None and self._work is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join()

    def _run(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._for_ever())
        finally:
            if not self._closing:
                logging.getLogger(__name__).error("nothing is cosigned any more: start the server anew", exc_info=True)

    async def _for_ever(self) -> None:
        self._loop, self._work = asyncio.get_running_loop(), asyncio.current_task()
        pauses = BackOff()
        async with WitnessClient() as client:
            while not self._closing:
                try:
                    await self._follow(client, pauses)
                except SafeconductError as error:
                    self._say("", f"nothing is cosigned: {error}")
                await asyncio.sleep(EVERY_S)

    async def _follow(self, client: WitnessClient, pauses: BackOff) -> None:
        """Ask again and again. Raises SafeconductError where ledger or store cannot be used."""
        ledger, asked = self._workspace.open_ledger(), WitnessesAsked(self._workspace)
        try:
            store = CosignatureStore.open(self._workspace.cosignatures_path)
            try:
                cosigner = Cosigner(self._workspace.verifier, LedgerNotes(ledger), store, client.post, self._clock)
                while not self._closing:
                    await self._round(cosigner, pauses, asked.now())
                    self._say("", "")
                    await asyncio.sleep(EVERY_S)
            finally:
                store.close()
        finally:
            asked.close()
            ledger.close()

    async def _round(self, cosigner: Cosigner, pauses: BackOff, witnesses: Mapping[str, PolicyKey]) -> None:
        now_s = time.monotonic()
        due = {name: one for name, one in witnesses.items() if pauses.due(name, now_s)}
        lacking: dict[str, PolicyKey] = cosigner.lacking(due)
        for asked in await cosigner.round(lacking) if lacking else ():
            if asked.trouble is None:
                pauses.succeeded(asked.name)
                self._say(asked.name, "")
            else:
                pauses.failed(asked.name, time.monotonic())
                self._say(asked.name, f"{'ALARM: ' * asked.trouble.alarm}not cosigned: {asked.trouble.what}")

    def _say(self, who: str, sentence: str) -> None:
        before = self._told.get(who, "")
        if sentence != before:
            self._told[who] = sentence
            self._tell(sentence or (f"{who} cosigns again" if who else "the ledger can be cosigned again"))
