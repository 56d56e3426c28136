"""What commands on a workspace have in common: the options, finding the folder, waiting, naming problems."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import read_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.app.workspace import Workspace
    from safeconduct.ledger.author_chains import Clone, NotCounting
    from safeconduct.ledger.fsck import Problem
    from safeconduct.ledger.note import VerifierKey

WORKSPACE = typer.Option(
    None, "--workspace", metavar="DIR", help="Folder of the workspace.  [default: here or the nearest folder above]"
)
JSON = typer.Option(False, "--json", help="Print one JSON object.")

_NAMED_BY = "SAFECONDUCT_PASSPHRASE_FILE"

_MOST_PROBLEMS = 50


def open_or_find(folder: Path | None) -> "Workspace":
    """The workspace of a folder, or without one that of the nearest folder above. Raises BadInput."""
    from safeconduct.app.workspace import find_workspace, open_workspace

    found = find_workspace(Path()) if folder is None else open_workspace(folder)
    return replace(found, ask=lambda: ask_passphrase("Passphrase (Enter alone leaves the record locked): "))


def in_workspace(folder: Path | None) -> str:
    """What a command that is suggested says at its end, so that it finds the same workspace when it is pasted."""
    return "" if folder is None else f" --workspace {quote(str(folder))}"


def ask_passphrase(prompt: str) -> str | None:
    """From the file that SAFECONDUCT_PASSPHRASE_FILE names, else the terminal, without echo; None if nobody answers.

    Raises BadInput for a file that cannot be used.
    """
    named = os.environ.get(_NAMED_BY)
    if named:
        return passphrase_in(Path(named))
    if not sys.stdin.isatty():
        return None
    from getpass import getpass

    try:
        return getpass(prompt) or None
    except EOFError:
        return None


def passphrase_in(path: Path) -> str:
    """The first line of a file. Raises BadInput if it cannot be read or is empty."""
    try:
        text = read_file(path).decode()
    except UnicodeDecodeError:
        text = ""
    line = text.partition("\n")[0].rstrip("\r")
    if not line:
        raise BadInput(Fault(str(path), 1, 1, "holds no passphrase", "write it on the first line, in UTF-8"))
    return line


def print_problems(problems: Sequence["Problem"]) -> None:
    """One a line; of very many the first, since one cause often shows in hundreds of entries."""
    for problem in problems[:_MOST_PROBLEMS]:
        print(problem)
    if len(problems) > _MOST_PROBLEMS:
        print(f"… and {len(problems) - _MOST_PROBLEMS:,} more; --json names them all")


def print_keys(clones: Sequence["Clone"], not_counting: Sequence["NotCounting"]) -> None:
    """What there is to say of keys: the proof that one is in two hands, and what a revocation cut off."""
    for clone in clones:
        print(f"cloned    key {clone.author.hex()}, number {clone.author_seq}; the proof is both signed headers:")
        for index, signed in zip(clone.indices, clone.signed, strict=True):
            print(f"          entry {index}: {signed.hex()}")
    for one in not_counting:
        print(f"revoked   key {one.author.hex()}: its numbers {one.first_seq} to {one.last_seq} do not count")


def keys_as_json(clones: Sequence["Clone"], not_counting: Sequence["NotCounting"]) -> dict[str, object]:
    """The same for machines."""
    return {
        "clones": [
            {
                "author": clone.author.hex(),
                "author_seq": clone.author_seq,
                "indices": clone.indices,
                "signed": [signed.hex() for signed in clone.signed],
            }
            for clone in clones
        ],
        "not_counting": [
            {"author": one.author.hex(), "first_seq": one.first_seq, "last_seq": one.last_seq} for one in not_counting
        ],
    }


def ledger_key(option: str, folder: Path, text: str | None) -> "VerifierKey":
    """The key given to check a copy with. Raises BadInput where there is none: a copy cannot vouch for itself."""
    from safeconduct.app.exported_copy import KEYS
    from safeconduct.ledger.note import CheckpointError, VerifierKey

    if text is None:
        mend = (
            f"give {option} with the key that the ledger's keeper gave you; {folder / KEYS} shows one to compare, "
            "but a copy cannot vouch for itself"
        )
        raise BadInput(Fault(option, 0, 0, "the ledger's key is missing", mend))
    try:
        return VerifierKey.parse(text.strip())
    except CheckpointError as error:
        raise BadInput(Fault(option, 0, 0, str(error), "give it whole, as NAME+HASH+BASE64")) from None


def counted(number: int, what: str) -> str:
    """`1 problem`, `2 problems`; `1 entry`, `2 entries`."""
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what[:-1]}ies" if what.endswith("y") and what[-2] not in "aeiou" else f"{number:,} {what}s"


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error where somebody is looking and there is something to wait for."""
    if not sys.stderr.isatty() or total < 2_000:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def advance(done: int) -> None:
            if done % 256 == 0:
                bar.update(task, completed=done)

        yield advance
