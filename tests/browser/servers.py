"""Real servers of real workspaces, for a real browser to look at."""

import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from safeconduct.kernel.times import format_instant

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]


class Served:
    """`safeconduct serve` at work."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        command = [*COMMAND, "serve", "--workspace", str(folder), "--port", str(port), "--json", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.url: str = told["url"]
        self.links: dict[str, str] = told["links"]
        self.public: str = told["public"]
        self.port = int(self.url.rpartition(":")[2])

    def post(self, *reports: dict[str, Any]) -> dict[str, Any]:
        """Send reports in, as the field does; what the server answered once they were durable."""
        key = self.links["intermediary"].partition("key=")[2]
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url}/events", data=json_lines(reports), headers={"Authorization": f"Bearer {key}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
            taken: dict[str, Any] = json.load(answer)
        assert taken["taken"] == len(reports), taken
        return taken

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def json_lines(reports: Iterable[dict[str, Any]]) -> bytes:
    """Reports as they are sent."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in reports)


def report(type_: str, name: str, **fields: Any) -> dict[str, Any]:
    """A report of what happens now."""
    return {"id": f"{type_}/{name}", "type": type_, "at": format_instant(time.time_ns() // 1000), **fields}


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker to ask for it makes, for all workers."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder
