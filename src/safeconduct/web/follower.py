"""The pages follow the ledger: a thread reads what is appended, whoever appends it, and draws what the pages show.

The thread only reads: a page can neither slow down nor lose what is recorded. Where the ledger cannot be read, the
pages are told nothing more, so that they say how old their news is, and it is tried again.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from safeconduct.app.record import Record
from safeconduct.app.rolled_back import signed_beyond
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.merkle import NodeReader
from safeconduct.storage.cosignatures import CosignatureStore, Standing
from safeconduct.views.public_record import PublicRecord
from safeconduct.web.channel import Channel
from safeconduct.web.drawing import draw
from safeconduct.web.ledger_views import LedgerViews
from safeconduct.web.pace import Pace

T = TypeVar("T")

POLL_S = 0.03
"""How often it is asked whether anything was appended."""
DRAW_EVERY_S = 0.1
"""The pages are drawn at most so often, however much is appended."""
IDLE_DRAW_S = 1.0
"""They are drawn so often though nothing is appended: what was due becomes overdue."""
AGAIN_AFTER_S = 1.0
"""After a failure to read."""
PATIENCE_S = 20.0
"""How long a request waits for an answer: a large record takes a while to read at the start."""


_ERASED = "Data were erased, and the record is read anew. Try again in a moment."


class Unreadable(SafeconductError):
    """The ledger cannot be read now; the message says why."""


class _Erased(Exception):
    """Data were erased: nothing that was read before may be shown any more."""


class Follower:
    """Follows one workspace's ledger on a thread of its own. All methods are called on the event loop."""

    def __init__(self, workspace: Workspace, pace: Pace, run: str, *, acts: bool = False) -> None:
        """`acts`: this server takes acts on alarms, so that the intermediary's page has buttons for them."""
        self.failure: str | None = None
        """Why the ledger cannot be read, while it cannot."""
        self.clearances: Sequence[Clearance] = (INTERMEDIARY,)
        """Those that have a page so far."""
        self._workspace = workspace
        self._pace = pace
        self._run = run
        self._acts = acts
        self._cosignatures: CosignatureStore | None = None
        self._loop = asyncio.get_running_loop()
        self._channels: dict[Clearance, Channel] = {}
        self._erased: frozenset[bytes] = frozenset()
        """Keys whose bodies were erased before the views were begun."""
        self._asked: deque[tuple[Callable[[LedgerViews], Any], asyncio.Future[Any]]] = deque()
        self._drawings: dict[Clearance, asyncio.Task[None]] = {}
        self._wake = threading.Event()
        self._poked = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run_for_ever, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end, and every stream of news."""
        self._stop.set()
        self._wake.set()
        self._wake_pages()

    def join(self) -> None:
        """Wait until the thread has ended; not for long where it is just reading much."""
        self._thread.join(1)

    @property
    def tells_news(self) -> bool:
        """Whether streams go on: not while the ledger cannot be read, nor when all is ending."""
        return self.failure is None and not self._stop.is_set()

    def poke(self) -> None:
        """Time was paused or its speed changed: draw at once."""
        self._poked.set()
        self._wake.set()

    async def channel(self, clearance: Clearance) -> Channel:
        """The channel of a clearance that has a page, drawn as of now. Raises Unreadable."""
        channel = self._channels.get(clearance)
        if channel is None:
            channel = self._channels[clearance] = Channel(clearance, self._run)
        if not channel.listeners or not channel.version or self.failure is not None:
            await self._draw_now(channel)
        return channel

    async def show_all(self, clearance: Clearance) -> None:
        """Let the page of a clearance show everything that is written by now. Raises Unreadable."""
        channel = self._channels.get(clearance)
        if channel is not None:
            await self._ask(lambda views: self._draw(views, channel))

    async def _draw_now(self, channel: Channel) -> None:
        """Draw a channel that nobody follows yet; once for all who ask at the same time."""
        drawing = self._drawings.get(channel.clearance)
        if drawing is None:
            # Published by the thread, so that what it draws later is also published later.
            drawing = asyncio.create_task(self._ask(lambda views: self._draw(views, channel)))
            self._drawings[channel.clearance] = drawing
            drawing.add_done_callback(lambda done: self._drawn(channel.clearance, done))
        await asyncio.shield(drawing)

    def _drawn(self, clearance: Clearance, drawing: "asyncio.Task[None]") -> None:
        del self._drawings[clearance]
        if not drawing.cancelled():
            drawing.exception()  # whoever still waits for it is told; nobody may be

    async def public(self) -> PublicRecord:
        """What the public may know. Raises Unreadable."""
        return await self._ask(LedgerViews.public)

    async def ready(self) -> None:
        """Wait until the ledger was read once. Raises Unreadable."""
        await self._ask(lambda _: None)

    async def forget(self) -> None:
        """Data were erased: when this returns, no page shows anything that was read before."""
        with suppress(Unreadable):
            await self.ready()

    async def _ask(self, question: Callable[[LedgerViews], T]) -> T:
        """Have the thread answer from the views, as of now. Raises Unreadable."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._asked.append((question, future))
        self._wake.set()
        # After the question is in: the thread says that it fails before it refuses what was asked.
        if self.failure is not None:
            future.cancel()
            raise Unreadable(self.failure)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await future
        except TimeoutError:
            raise Unreadable("The record is still being read. Try again in a moment.") from None

    def _run_for_ever(self) -> None:
        reason = "The program that reads the record has failed. Start the server anew."
        try:
            while not self._stop.is_set():
                try:
                    self._follow()
                except _Erased:
                    self._on_loop(self._drop_pages)
                    self._stand_still(_ERASED)
                    # Whoever erases empties the logs now, which nobody may be reading.
                    self._stop.wait(AGAIN_AFTER_S)
                except (SafeconductError, OSError) as error:
                    if self.failure != str(error):
                        logging.getLogger(__name__).error("the pages stand still: %s", error)
                    self._stand_still(str(error))
                    self._stop.wait(AGAIN_AFTER_S)
            reason = "The server is ending."
        finally:
            # Whatever ended the thread: nobody waits for it in vain, and no page believes that it is live.
            self._stand_still(reason)

    def _follow(self) -> None:
        self._workspace.require_keys()
        record = self._workspace.open_record(DECODER)
        try:
            views = LedgerViews(record, self._witnesses, self._stopped)
            self._erased = record.erased_keys()
            drawn, stale = 0.0, True
            while not self._stop.is_set():
                stale = self._catch_up(record, views) or stale
                self.failure = None
                self._wake.clear()
                stale = self._answer(record, views) or stale
                now = time.monotonic()
                if self._poked.is_set() or now - drawn >= (DRAW_EVERY_S if stale else IDLE_DRAW_S):
                    drawn, stale = now, False
                    self._poked.clear()
                    for channel in list(self._channels.values()):
                        if channel.listeners and channel.clearance in self.clearances:
                            self._draw(views, channel)
                self._wake.wait(POLL_S)
        finally:
            record.close()
            if self._cosignatures is not None:
                self._cosignatures.close()
                self._cosignatures = None

    def _witnesses(self) -> Sequence[Standing]:
        """How far the witnesses have come that this workspace names; where it names none, all that were ever asked."""
        try:
            if self._cosignatures is None:
                self._cosignatures = CosignatureStore.read(self._workspace.cosignatures_path)
            standings = () if self._cosignatures is None else self._cosignatures.standings()
        except SafeconductError as error:
            # The pages go on: what is shown of the day does not rest on it.
            logging.getLogger(__name__).error("who cosigned is not shown: %s", error)
            return ()
        named = {one.key for one in self._workspace.witnesses.values()}
        return [one for one in standings if not named or one.key in named]

    def _stopped(self, size: int, node: NodeReader) -> str:
        """Why nothing may be recorded, where that is proven."""
        try:
            return signed_beyond(self._workspace.cosignatures_path, self._workspace.verifier, size, node)
        except SafeconductError:
            return ""  # as for the witnesses, who are asked for the same file first, and tell why it cannot be read

    def _catch_up(self, record: Record[Entry], views: LedgerViews) -> bool:
        """Read what was written since; whether that changes any page."""
        if not record.refresh():
            return False
        if record.erased_keys() != self._erased:
            raise _Erased
        stale = views.catch_up()
        record.rest()
        self.clearances = views.clearances()
        return stale

    def _draw(self, views: LedgerViews, channel: Channel) -> None:
        self._on_loop(channel.publish, draw(views, channel.clearance, self._pace, acts=self._acts))

    def _answer(self, record: Record[Entry], views: LedgerViews) -> bool:
        """Answer what was asked, each time with all that was written before; whether that changes any page."""
        stale = False
        while self._asked:
            question, future = self._asked[0]
            stale = self._catch_up(record, views) or stale
            answer = question(views)  # where this fails, it is still among those asked, and refused with them
            self._asked.popleft()
            self._on_loop(_resolve, future, answer)
        return stale

    def _stand_still(self, reason: str) -> None:
        self.failure = reason
        while self._asked:
            _, future = self._asked.popleft()
            self._on_loop(_refuse, future, reason)
        self._on_loop(self._wake_pages)

    def _drop_pages(self) -> None:
        # Said first, so that the streams end when they are woken, rather than go on with what is no page any more.
        self.failure = _ERASED
        self._wake_pages()
        self._channels.clear()

    def _wake_pages(self) -> None:
        for channel in self._channels.values():
            channel.wake()

    def _on_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call, *arguments)


def _resolve(future: "asyncio.Future[Any]", answer: Any) -> None:
    if not future.done():
        future.set_result(answer)


def _refuse(future: "asyncio.Future[Any]", reason: str) -> None:
    if not future.done():
        future.set_exception(Unreadable(reason))
