"""`safeconduct erase`: a person's data are gone for good once two persons agree, and the record says so."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.acting import perform_as
from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find

if TYPE_CHECKING:
    from safeconduct.app.officer_acts import ErasureStands


def erase(
    subject: Annotated[
        str, typer.Argument(metavar="person:ID", help="Whose data; or document:care/FACILITY/HANDLE, notes of care.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="CLASS", help="request, over, error, danger or order.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="A second person's key, made by author new.  [default: the workspace's own]"
        ),
    ] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Agree, with one key, to erase everything about a person that the record holds; the second key erases it.

    It takes two persons of the intermediary, each with a key of their own. What the first agrees to is recorded and
    holds for a week, for this very handle and reason; when the second agrees, the data are gone for ever. There is
    no way back. A person has a data key for each id and row of a list that was found to be the same person; all of
    these go. The keys are destroyed, the ciphertext is overwritten, the logs are emptied, and an entry says that it
    was done, to the parties no more than that. The ledger verifies as before. Reasons: request (by the person or
    the family), over (what the data were for is over), error (should not have been recorded), danger (keeping them
    endangers somebody), order (of a supervisory authority). Where a server holds the ledger, it is asked to do
    this, and forgets the data too; its pages end and come again without them. Make new backups afterwards and
    destroy the old: docs/record.md says what an erasure reaches and what not.

    \b
    Example, with a record to erase from:
      safeconduct demo --fast --persons 40 --workspace erase-example
      safeconduct author new second.key > second.pub
      safeconduct author enrol "$(cat second.pub)" --of NI --label 'duty officer 2' --workspace erase-example
      safeconduct erase person:RU-H0001 --reason request --workspace erase-example
      safeconduct erase person:RU-H0001 --reason request --key second.key --workspace erase-example
    """
    from safeconduct.app.officer_acts import EraseData, ErasureStands

    stands = perform_as(open_or_find(workspace), EraseData(subject, reason), ErasureStands, key)
    if json:
        _print_json(stands)
    else:
        _print(stands)


def _print_json(stands: "ErasureStands") -> None:
    from safeconduct.kernel.times import format_instant

    erased = stands.keys_destroyed is not None
    print_json(
        {
            "subject": stands.subject,
            "reason": stands.reason,
            "agreed_by": stands.agreed_by,
            "agreed_until": None if erased else format_instant(stands.until_us),
            "erased": erased,
            "keys_destroyed": stands.keys_destroyed or 0,
            "index": stands.index,
        }
    )


def _print(stands: "ErasureStands") -> None:
    from safeconduct.kernel.times import SECOND_US, format_instant

    keys = " and ".join(f"{key[:16]}…" for key in stands.agreed_by)
    print(f"agreed    to erase {stands.subject} ({stands.reason}): {len(stands.agreed_by)} of 2 keys, {keys}")
    if stands.keys_destroyed is None:
        until = format_instant(stands.until_us // SECOND_US * SECOND_US)
        print("erased    nothing yet: another person must agree, with a key of their own, by this command")
        print(f"until     {until}; after that it is to be agreed to anew")
        return
    print(f"erased    {counted(stands.keys_destroyed, 'key')} destroyed, what they opened is overwritten")
    print(f"recorded  entry {stands.index}")
    print("reaches   the files of this workspace. Copies handed out and older backups it does not reach: make a backup")
    print("          anew, and destroy the old ones")
