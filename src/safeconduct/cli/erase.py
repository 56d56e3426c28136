"""`safeconduct erase`: a person's data are gone for good, and the record says so."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find


def erase(
    subject: Annotated[
        str, typer.Argument(metavar="person:ID", help="Whose data; or document:care/FACILITY/HANDLE, notes of care.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="CLASS", help="request, over, error, danger or order.")],
    by: Annotated[list[str], typer.Option("--by", metavar="NAME", help="Who decided it. May be repeated.")],
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Erase everything about a person that the record holds under keys, for ever. There is no way back.

    A person has a data key for each id and row of a list that was found to be the same person; all of these go. The
    keys are destroyed, the ciphertext is overwritten, the logs are emptied, and an entry says that it was done, to the
    parties no more than that. The ledger verifies as before. Reasons: request (by the person or the family), over
    (what the data were for is over), error (should not have been recorded), danger (keeping them endangers somebody),
    order (of a supervisory authority). A server that writes must be stopped first, for it has the data in memory.
    Make new backups afterwards and destroy the old: docs/record.md says what an erasure reaches and what not.

    \b
    Example, with a record to erase from:
      safeconduct demo --fast --persons 40 --workspace erase-example
      safeconduct erase person:RU-H0001 --reason request --by "A. Officer" --workspace erase-example
    """
    from safeconduct.app.erasing import erase as erase_data
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.exchange.entries import DECODER

    found, clock = open_or_find(workspace), SystemClock()
    recorder = found.open_recorder(clock, SystemRandomness(), DECODER)
    try:
        done = erase_data(Office(recorder, clock), subject, reason, by)
        index = recorder.size() - 1
    finally:
        recorder.close()
    if json:
        print_json({"subject": done.subject, "keys": list(done.key_ids), "index": index})
        return
    print(f"erased    {done.subject}: {counted(len(done.key_ids), 'key')} destroyed, what they opened is overwritten")
    print(f"recorded  entry {index}")
    print("reaches   the files of this workspace. Copies handed out and older backups it does not reach: make a backup")
    print("          anew, and destroy the old ones")
