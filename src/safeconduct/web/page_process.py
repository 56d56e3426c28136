"""The pages in a process of their own, for a program that is busy living a simulated day."""

import logging
import os
import socket
import threading
from multiprocessing import get_context, parent_process
from pathlib import Path

from safeconduct.app.uninterrupted import uninterrupted
from safeconduct.app.workspace import open_workspace
from safeconduct.web.running import run_server
from safeconduct.web.server import create_app
from safeconduct.web.simulated_time import SimulatedTime


class PageProcess:
    """Serves a workspace's pages, reading only, until it is stopped or the program that began it ends."""

    def __init__(self, folder: Path, listening: socket.socket, time: SimulatedTime, run: str) -> None:
        self._process = get_context("spawn").Process(
            target=_serve, args=(folder.absolute(), listening, time, run), name="pages", daemon=True
        )
        with uninterrupted():
            self._process.start()
        listening.close()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join(5)


def _serve(folder: Path, listening: socket.socket, time: SimulatedTime, run: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    threading.Thread(target=end_with_parent, daemon=True).start()
    run_server(create_app(open_workspace(folder), time, run), listening)


def end_with_parent() -> None:
    """Wait for the end of the process that began this one, and end with it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)
