"""`safeconduct backup` and `restore`: the record in one folder, what opens it in another."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find

_KEYS = typer.Option("--keys", metavar="DIR", help="Folder of what opens the record: data keys and secrets.")


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; an earlier backup there is replaced.")],
    keys: Annotated[Path | None, _KEYS] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Copy the record, with what the witnesses cosigned, as it stands at one moment; it may be in use meanwhile.

    Whoever finds this copy opens nothing with it. What opens it is copied by --keys, to a folder that must be kept
    apart: a safe, another house. A copy of the keys brings back what is erased later, and whoever finds both has all
    but what the passphrase keeps (safeconduct keys passphrase). So make few copies of the keys. After an erasure make
    both anew in the same folders, and destroy those that lie elsewhere.

    \b
    Example, with a record to copy:
      safeconduct demo --fast --persons 40 --workspace backup-example
      safeconduct backup backup-of-record --keys backup-of-keys --workspace backup-example
    """
    from safeconduct.app.backing_up import back_up

    checkpoint = back_up(open_or_find(workspace), folder, keys)
    if json:
        kept = None if keys is None else str(keys)
        print_json({"origin": checkpoint.origin, "size": checkpoint.size, "record": str(folder), "keys": kept})
        return
    print(f"copied    {checkpoint.origin}: {checkpoint.size:,} entries")
    print(f"record    {folder}")
    print(f"keys      {keys if keys is not None else 'not copied; name a folder apart by --keys'}")


def restore(
    folder: Annotated[Path, typer.Argument(metavar="BACKUP", help="A folder that safeconduct backup made.")],
    target: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace to be; a new or empty folder.")],
    keys: Annotated[Path | None, _KEYS] = None,
    json: bool = JSON,
) -> None:
    """Make a workspace of a backup. What was erased stays erased, however old the copy of the keys is.

    Every erasure that the record tells of is done again in the keys before anything is opened. Bodies whose key is
    younger than the copy of the keys are lost, and read as sealed. Without --keys all of them do. What no copy can say
    is how much was recorded after it was made: the witnesses can, so ask them before anything is recorded.

    \b
    Example, after that of safeconduct backup --help:
      safeconduct restore backup-of-record restored --keys backup-of-keys
      safeconduct ledger fsck --workspace restored
    """
    from safeconduct.app.backing_up import restore as restore_workspace

    done = restore_workspace(folder, target, keys)
    checkpoint = done.checkpoint
    if json:
        again = done.erased_again if done.opens else None
        print_json({"origin": checkpoint.origin, "size": checkpoint.size, "workspace": str(target), "erased": again})
        return
    print(f"restored  {checkpoint.origin}: {checkpoint.size:,} entries")
    if done.opens:
        print(f"erased    {counted(done.erased_again, 'key')} destroyed again, before anything was opened")
    else:
        print("keys      none: every body reads as sealed")
    print(
        f"now       before anything is recorded, ask the witnesses whether they know of more than {checkpoint.size:,}:"
    )
    print(f"          safeconduct ledger cosign --workspace {target}")
