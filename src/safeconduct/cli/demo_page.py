"""The demo's live page: served by a process of its own while the day is lived, at a speed that viewers set."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from safeconduct.app.ports import SystemRandomness
from safeconduct.app.workspace import Workspace
from safeconduct.cli.serve import DEFAULT_PORT, listen
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.kernel.errors import BadInput
from safeconduct.sim.geography import ZONES
from safeconduct.sim.narrator import Narrator
from safeconduct.web.access import page_link
from safeconduct.web.page_process import PageProcess
from safeconduct.web.simulated_time import USUAL_SPEED, SimulatedTime

_HOST = "127.0.0.1"


def chosen_pace(pace: float | None) -> float:
    """How many seconds of the day pass in one; 0 for no waiting, as where nobody watches."""
    if pace is not None:
        return pace
    return USUAL_SPEED if sys.stdout.isatty() else 0.0


class DemoPage:
    """Where the demo can be looked at."""

    def __init__(self, port: int | None, pace: float) -> None:
        """Take the port. Raises BadInput if one was asked for and is taken."""
        self._listening = _listen(port)
        self._process: PageProcess | None = None
        self._links: dict[str, str] = {}
        self.time = SimulatedTime(ZONES, pace)

    @property
    def links(self) -> Mapping[str, str]:
        """The link of each page by its clearance, once it is served."""
        return self._links

    def serve(self, workspace: Workspace, parties: Sequence[str]) -> None:
        """Serve the workspace, from a process of its own."""
        origin = f"http://{_HOST}:{self._listening.getsockname()[1]}"
        clearances = [INTERMEDIARY, *(Clearance("party", party) for party in parties)]
        secret = workspace.page_secret()
        self._links = {str(one): page_link(secret, origin, one) for one in clearances} | {"public": f"{origin}/public"}
        run = SystemRandomness().token_bytes(6).hex()
        self._process = PageProcess(Path(workspace.folder), self._listening, self.time, run)

    def tell(self, narrator: Narrator, *, browser: bool) -> None:
        """Say where it is served, and open a browser there if that is wished and can be done."""
        narrator.begin("The live page")
        for name, link in self._links.items():
            narrator.tell(f"{name:12}  {link}")
        narrator.end()
        if browser and _has_screen():
            import webbrowser

            webbrowser.open(self._links[str(INTERMEDIARY)])

    def stay(self) -> None:
        """Keep the pages open for whoever sits at the terminal."""
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return
        print("\nThe pages stay open, paused at the end of the day. Press Enter to close them.")
        try:
            input()
        except (EOFError, KeyboardInterrupt):
            print()

    def close(self) -> None:
        """Close the pages."""
        if self._process is not None:
            self._process.stop()
        self._listening.close()


def _listen(port: int | None) -> socket.socket:
    if port is not None:
        return listen(_HOST, port)
    try:
        return listen(_HOST, DEFAULT_PORT)
    except BadInput:
        return listen(_HOST, 0)


def _has_screen() -> bool:
    """Whether a browser with a window can be opened, rather than one in this very terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
