"""The server at work on a socket, until it is told to stop."""

import asyncio
import signal
import socket
from types import FrameType

import uvicorn
from litestar import Litestar

_FAREWELL_S = 1
"""How long open pages are given to end when the server stops; they reconnect by themselves to the next one."""


def run_server(app: Litestar, listening: socket.socket) -> None:
    """Serve until a termination signal, or an interrupt (then KeyboardInterrupt). When it ends, all is closed."""
    # The server sends itself the signal once more when all is closed; that one must not kill what is still open here.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        PageServer(app).run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)


class PageServer(uvicorn.Server):
    """Ends the streams of news when told to stop; they would never end by themselves."""

    def __init__(self, app: Litestar) -> None:
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=_FAREWELL_S,
            backlog=1024,
        )
        super().__init__(config)
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop."""
        site = getattr(self._app.state, "site", None)
        if site is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(site.follower.stop)
        super().handle_exit(sig, frame)
