"""The reports that commands judge: opened, and their bad lines told and set aside."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from safeconduct.cli.files import note
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.times import parse_instant

FAULTS_SHOWN = 20


class SetAside:
    """The bad lines of some reports: told on standard error, and kept in a side file."""

    def __init__(self, name: str, path: Path) -> None:
        """`name` stands for the reports as a whole; `path` is the side file, made when the first bad line comes."""
        self.count = 0
        self._name = name
        self._path = path
        self._file: BinaryIO | None = None

    def put(self, raw: bytes, error: BadInput) -> None:
        """Tell of a bad line and keep it."""
        self.count += 1
        if self.count <= FAULTS_SHOWN:
            note(str(error))
        if self._file is None:
            try:
                self._file = self._path.open("wb")
            except OSError as failure:
                # The judging goes on: a deviation that is not told is worse than a bad line that is not kept.
                reason = failure.strerror or str(failure)
                fault = Fault(str(self._path), 0, 0, f"cannot be written: {reason}", "name another with --set-aside")
                note(f"{fault}; bad lines are told here and not kept")
                self._path = Path(os.devnull)
                self._file = self._path.open("wb")
        self._file.write(raw.rstrip(b"\r\n") + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Say how many there were and close the side file."""
        if self.count > FAULTS_SHOWN:
            note(f"{self._name}: and {self.count - FAULTS_SHOWN} more bad lines")
        if self._file is not None:
            kept = "not kept" if str(self._path) == os.devnull else f"set aside in {self._path}"
            note(f"{self._name}: {self.count} bad line{'s' * (self.count > 1)} {kept}")
            self._file.close()


def side_file(events: str, chosen: Path | None) -> Path:
    """Where the bad lines of some reports go, unless chosen: beside them. Raises BadInput if that is the reports."""
    beside = "events.bad.jsonl" if events == "-" else events.removesuffix(".jsonl") + ".bad.jsonl"
    path = chosen or Path(beside)
    if events != "-" and path.exists() and path.samefile(events):
        raise BadInput(Fault(str(path), 0, 0, "bad lines cannot go into the events themselves", "name another"))
    return path


def name_of(events: str) -> str:
    """What the reports are called in messages."""
    return "standard input" if events == "-" else events


@contextmanager
def opened(events: str) -> Iterator[int]:
    """The descriptor of the reports, `-` being standard input. Raises BadInput that names file and cause."""
    if events == "-":
        yield sys.stdin.fileno()
        return
    try:
        descriptor = os.open(events, os.O_RDONLY)
        os.read(descriptor, 0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(events, 0, 0, f"cannot be read: {reason}", "check the path")) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def end_of_observation_us(until: str | None) -> int | None:
    """The option `--until`. Raises BadInput if it is no moment."""
    if until is None:
        return None
    try:
        return parse_instant(until)
    except ValueError as error:
        raise BadInput(Fault("--until", 0, 0, str(error), "write it in that form")) from None
