"""Reading and writing the files that commands are given, and what is printed of them."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from safeconduct.kernel.errors import BadInput, Fault


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises BadInput that names the file and the cause."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), 0, 0, f"cannot be read: {reason}", "check the path")) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: a reader never sees half of it. Raises BadInput that names file and cause."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), 0, 0, f"cannot be written: {reason}", "check the folder")) from None


def print_json(value: Any) -> None:
    """One JSON value on standard output, indented."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """A line for the person at the terminal, on standard error."""
    print(text, file=sys.stderr)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
