"""`safeconduct keys`: the passphrase of the master key."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.workspace import WORKSPACE, open_or_find, passphrase_in
from safeconduct.kernel.errors import Refused

app = typer.Typer(help="The keys that open the record.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys that open the record."""


@app.command("passphrase", short_help="Put the master key under a passphrase, or another one.")
def passphrase(
    workspace: Path | None = WORKSPACE,
    new: Annotated[
        Path | None, typer.Option("--new", metavar="FILE", help="Take the new passphrase from a file's first line.")
    ] = None,
) -> None:
    """Keep the master key under a passphrase from now on, so that a stolen disk opens nothing.

    The passphrase is asked for twice, without echo. The plain key file is overwritten and removed; what a file system
    or a disk keeps of it behind our back it keeps. From then on commands that read what is sealed ask for it; Enter
    alone leaves the record locked, and whatever needs no sealed body still works. Programs that nobody can ask find it
    in the file that SAFECONDUCT_PASSPHRASE_FILE names, on its first line: keep that file on no disk of this machine.
    Where there is a passphrase already it is asked for first, and then changed. Whoever forgets it has lost the record.

    \b
    Example, with a workspace to lock:
      safeconduct demo --fast --persons 40 --workspace keys-example
      echo "four words drawn by lot" > passphrase.txt
      safeconduct keys passphrase --workspace keys-example --new passphrase.txt
      SAFECONDUCT_PASSPHRASE_FILE=passphrase.txt safeconduct ledger fsck --workspace keys-example
    """
    from safeconduct.app.ports import SystemRandomness

    found = open_or_find(workspace)
    found.master_key()  # before a new one is typed in vain
    found.lock_by(_typed_twice() if new is None else passphrase_in(new), SystemRandomness())
    print("the master key is under the passphrase; write it down, and keep the paper apart from this machine")


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise Refused("there is nobody to ask for the new passphrase: name a file that holds it by --new FILE")
    from getpass import getpass

    typed = getpass("New passphrase: ")
    if getpass("Once more: ") != typed:
        raise Refused("these are two different passphrases; nothing was changed")
    return typed
