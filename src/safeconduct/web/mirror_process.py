"""A party's mirror in a process of its own, for a program that plays all sides of a simulated exchange."""

import logging
import socket
import threading
from multiprocessing import get_context
from pathlib import Path

from safeconduct.app.uninterrupted import uninterrupted
from safeconduct.web.mirror_running import MirrorSettings, serve_mirror
from safeconduct.web.page_process import end_with_parent


class MirrorProcess:
    """Follows and cosigns until it is stopped or the program that began it ends."""

    def __init__(self, settings: MirrorSettings, witness: Path, listening: socket.socket, log: Path) -> None:
        """`log` is where it tells what goes wrong."""
        self._process = get_context("spawn").Process(
            target=_serve, args=(settings, witness, listening, log), name=str(settings.party), daemon=True
        )
        with uninterrupted():
            self._process.start()
        listening.close()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join(5)


def _serve(settings: MirrorSettings, witness: Path, listening: socket.socket, log: Path) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(message)s", filename=log)
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve_mirror(settings, witness, listening, lambda _: None)
