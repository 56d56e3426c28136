"""Reading and writing the files that commands are given, and what is printed of them."""

import os
import sys
from pathlib import Path
from typing import Any

from safeconduct.kernel.errors import BadInput, Fault


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises BadInput that names the file and the cause."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), 0, 0, f"cannot be read: {reason}", "check the path")) from None


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a whole file or nothing: a reader never sees half of it; a `private` one is readable by its owner alone.

    Raises BadInput that names file and cause.
    """
    import tempfile

    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if not private:
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
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    sys.stdout.buffer.flush()


def keep_standard_output() -> None:
    """Keep standard output to ourselves: what is no Python, such as a solver's stray traces, writes into the void.

    HiGHS 1.12 prints a debugging line there whatever its options say (its issue 2783), which would break `--json`.
    """
    if sys.stdout is None:
        # Closed by whoever started us: what is printed goes nowhere, and nothing is wrong.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
        return
    sys.stdout.flush()
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    kept = os.dup(1)
    void = os.open(os.devnull, os.O_WRONLY)
    os.dup2(void, 1)
    os.close(void)
    sys.stdout = open(kept, "w", encoding=encoding, errors=errors)  # noqa: SIM115 - open as long as the process lives


def note(text: str) -> None:
    """A line for the person at the terminal, on standard error."""
    print(text, file=sys.stderr)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
