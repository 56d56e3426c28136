"""`safeconduct ledger`: the record's checkpoint, and the check of the whole of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli import copies, proceed, proofs, recover, take
from safeconduct.cli.cosign import cosign
from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, keys_as_json, open_or_find, print_keys, print_problems, progress
from safeconduct.kernel.errors import SafeconductError

if TYPE_CHECKING:
    from safeconduct.ledger.fsck import Report

app = typer.Typer(help="The record: what the ledger says of itself, and whether it is true.", no_args_is_help=True)


@app.command("checkpoint", short_help="Print the latest checkpoint, signed.")
def checkpoint(workspace: Path | None = WORKSPACE, json: bool = JSON) -> None:
    """Print the latest checkpoint: size and root of the ledger, signed.

    It is a C2SP signed note; whoever holds it can later show whether anything before it was changed. Its signature is
    checked against the ledger_key of safeconduct.toml before it is printed.

    \b
    Example, with a ledger to look at:
      safeconduct demo --fast --persons 40 --workspace checkpoint-example
      safeconduct ledger checkpoint --workspace checkpoint-example
    """
    import base64

    from safeconduct.ledger.checkpoint import open_checkpoint

    found = open_or_find(workspace)
    note = found.open_ledger().note()
    signed = open_checkpoint(note, found.verifier)
    if json:
        print_json(
            {
                "origin": signed.origin,
                "size": signed.size,
                "root": base64.b64encode(signed.root).decode(),
                "ledger_key": str(found.verifier),
                "note": note.decode(),
            }
        )
    else:
        sys.stdout.write(note.decode())


@app.command("fsck", short_help="Derive the whole ledger again and compare.")
def fsck(workspace: Path | None = WORKSPACE, json: bool = JSON) -> None:
    """Derive the whole ledger again from its stored bytes, and say what does not fit.

    Checks every hash, signature, number, chain and time, the root against the signed checkpoint, every body that can
    be opened against its commitments, and that whoever signed an entry was enrolled for it. Exit code 0: all is as it
    was recorded; 1: something is not; 2: it could not be read.

    \b
    Example, with a ledger to look at:
      safeconduct demo --fast --persons 40 --workspace fsck-example
      safeconduct ledger fsck --workspace fsck-example
    """
    from safeconduct.app.rolled_back import signed_beyond
    from safeconduct.exchange.entries import DECODER

    found = open_or_find(workspace)
    record = found.open_record(DECODER)
    with progress("Checking", record.size()) as advance:
        report = record.check(advance)
    try:
        lacking = signed_beyond(found.cosignatures_path, found.verifier, record.size(), record.node)
    except SafeconductError as error:
        lacking = f"whether this is all that was signed cannot be told: {error}"
    if lacking:
        report.add(None, lacking)
    if json:
        print_json(_as_json(report))
    else:
        _print_report(report)
    raise typer.Exit(1 if report.problems else 0)


def _as_json(report: "Report") -> dict[str, object]:
    import base64

    from safeconduct.ledger.fsck import BodyState

    return {
        "origin": report.origin,
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "verified": not report.problems,
        "problems": [{"index": problem.index, "what": problem.what} for problem in report.problems],
        "bodies": {state.value: report.bodies[state] for state in BodyState},
        "authors": report.authors,
        "not_known": sorted(key.hex() for key in report.not_known),
        **keys_as_json(report.clones, report.not_counting),
        "keys_lacking": [{"key": key_id.hex(), "first": first} for key_id, first in report.keys_lacking],
    }


def _print_report(report: "Report") -> None:
    import base64

    from safeconduct.ledger.fsck import BodyState

    print_problems(report.problems)
    bodies = ", ".join(
        f"{report.bodies[state]} {state.value}"
        for state in BodyState
        if report.bodies[state] or state in (BodyState.OPENED, BodyState.SEALED, BodyState.ERASED)
    )
    print(f"ledger    {report.origin}")
    print(f"entries   {report.size}, signed by {report.authors} key{'' if report.authors == 1 else 's'}")
    print(f"bodies    {bodies}")
    for key in sorted(report.not_known):
        print(f"author    {key.hex()[:16]}: not known whether it was enrolled; the entry that says so may be sealed")
    print_keys(report.clones, report.not_counting)
    for key_id, first in report.keys_lacking:
        print(f"lacking   the key {key_id.hex()}: from entry {first} on, what is sealed under it is lost without it")
    if report.root:
        print(f"root      {base64.b64encode(report.root).decode()}")
    if report.problems:
        count = len(report.problems)
        print(f"verdict   {count} problem{'' if count == 1 else 's'}: this is not the ledger that was recorded")
    else:
        print("verdict   all of it is as it was recorded")


app.command("export", short_help="Write a copy of what one clearance may have.")(copies.export)
app.command("prove", short_help="Write the proof of one entry.")(proofs.prove)
app.command("verify", short_help="Check such a copy or proof offline.")(copies.verify)
app.command("cosign", short_help="Ask the witnesses to cosign the latest checkpoint.")(cosign)
app.command("proceed", short_help="Agree to go on without a side's cosignature.")(proceed.proceed)
app.command("take", short_help="Take in entries that others signed.")(take.take)
app.command("recover", short_help="Take lost entries back from somebody's copy.")(recover.recover)
