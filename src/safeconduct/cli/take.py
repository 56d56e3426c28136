"""`safeconduct ledger take`: entries that others signed, taken into the record."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.acting import perform_as
from safeconduct.cli.files import print_json, read_file
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find


def take(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Signed entries, a line each.")],
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Take in entries that others signed on their own devices, all of them or none.

    Each must be written as we would write it, signed by an enrolled key, continue what that key signed before, have
    seen a checkpoint of this ledger, and be something that this key may sign. What stands in the record already is
    passed over. Two entries of one key and number are proof that the key is in two hands: they are refused, and the
    proof is recorded for every party to see. Where a server holds the ledger, it is asked to take them. Exit code 0:
    taken; 2: not.

    \b
    Example, after that of safeconduct author sign --help:
      safeconduct ledger take signed.jsonl --workspace safeconduct-demo
    """
    from safeconduct.app.officer_acts import TakeSigned, TookSigned
    from safeconduct.app.signed_files import decode_signed, encode_signed

    signed = [one for path in files for one in decode_signed(str(path), read_file(path))]
    lines = b"".join(map(encode_signed, signed)).decode()
    done = perform_as(open_or_find(workspace), TakeSigned(lines), TookSigned, None)
    if json:
        print_json({"taken": done.taken, "already": done.already, "size": done.size})
        return
    print(f"taken     {counted(done.taken, 'entry')}, each signed with its author's own key")
    if done.already:
        print(f"          {counted(done.already, 'entry')} stood in the record already")
