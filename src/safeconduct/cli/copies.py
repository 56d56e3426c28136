"""`safeconduct ledger export` and `verify`: a copy of the record, and the check of it, or of a proof, without us."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note, print_json, read_file
from safeconduct.cli.proofs import print_report
from safeconduct.cli.trusting import KEY, POLICY, WITNESS, cosigned_as_json, print_cosigned, read_trust
from safeconduct.cli.workspace import (
    JSON,
    WORKSPACE,
    counted,
    keys_as_json,
    open_or_find,
    print_keys,
    print_problems,
    progress,
)
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.app.copy_checking import CopyReport
    from safeconduct.ledger.checkpoint import Checkpoint
    from safeconduct.ledger.note import VerifierKey
    from safeconduct.ledger.trust import Trust

_MADE = typer.Argument(..., metavar="DIR", help="Folder to make.")
_CHECKED = typer.Argument(..., metavar="DIR|F.tlog-proof", help="Folder of a copy, or file of a proof.")
_PREVIOUS = typer.Option(
    None, "--previous", metavar="FILE", help="A checkpoint that you were given earlier: nothing before it changed."
)


def export(
    folder: Path = _MADE,
    clearance: str = typer.Option(
        "public", "--as", metavar="CLEARANCE", help="For whom: party:ID, facility:ID or public."
    ),
    workspace: Path | None = WORKSPACE,
    force: bool = typer.Option(False, "--force", help="Replace an earlier copy there, and nothing else."),
    json: bool = JSON,
) -> None:
    """Write a copy of the ledger that holds what one clearance may know, and can be checked without us.

    Every copy holds every leaf, and so shows how many entries there are and when each was recorded, in the public
    layout C2SP tlog-tiles. Of what the entries say it holds the fields that this clearance may know, in plain text,
    each with the proof that it was recorded so; of the others neither value nor salt. What was erased is in no copy
    made afterwards.

    \b
    Example, after: safeconduct demo --fast
      safeconduct ledger export copy-for-RU --as party:RU --workspace safeconduct-demo
    """
    import base64

    from safeconduct.app.exporting import export_copy

    if clearance == "intermediary":
        raise Refused(
            "nobody else has the intermediary's clearance: name a party's, a facility's or public; safeconduct backup "
            "keeps a copy for yourselves, and single fields go to others by safeconduct release"
        )
    found = open_or_find(workspace)
    ledger = found.open_ledger()
    size = ledger.size()
    ledger.close()
    with progress("Writing", size) as advance:
        made = export_copy(found, clearance, folder, force=force, progress=advance)
    root = base64.b64encode(made.root).decode()
    if json:
        print_json(
            {
                "folder": str(folder),
                "clearance": str(made.clearance),
                "size": made.size,
                "root": root,
                "entries": made.entries,
                "fields": made.fields,
            }
        )
        return
    print(f"copy      {folder}, for {made.clearance}")
    print(f"entries   {made.size:,}; of {made.entries:,} it tells something, {counted(made.fields, 'field')}")
    print(f"root      {root}")
    note(f"Give its holder this key by another way: {found.verifier}")


def verify(
    path: Path = _CHECKED,
    key: str | None = KEY,
    witnesses: list[str] = WITNESS,
    policy: Path | None = POLICY,
    previous: Path | None = _PREVIOUS,
    json: bool = JSON,
) -> None:
    """Check a copy of the ledger, or the proof of one entry, from its files alone: no database, no network.

    Of a copy it checks the checkpoint's signature under the key given, every hash from the entries up to the signed
    root, every author's signature, number and chain, times of recording, and of all that the copy tells that it was
    recorded so. Of a proof the same of its one entry. Every witness given must have cosigned the checkpoint, and a
    policy's quorum be reached; who lacks is named. The keys must not come from what is checked: compare them with what
    you were given by another way. Exit code 0: all is as it was signed; 1: something is not, or a cosignature lacks;
    2: it could not be read.

    \b
    Example, after: safeconduct demo --fast
      safeconduct ledger export copy-of-UA --as party:UA --workspace safeconduct-demo
      safeconduct ledger prove 7 -o entry-7.tlog-proof --workspace safeconduct-demo
      KEY=$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' safeconduct-demo/safeconduct.toml)
      safeconduct ledger verify copy-of-UA --key "$KEY"
      safeconduct ledger verify entry-7.tlog-proof --key "$KEY"
    """
    from safeconduct.app.copy_checking import verify_copy
    from safeconduct.app.exported_copy import KEYS, ExportedCopy
    from safeconduct.app.proof_checking import check_proof

    if path.is_file():
        trust = read_trust(key, witnesses, policy, "a proof cannot vouch for itself")
        if previous is not None:
            mend = "check a copy of the ledger with it"
            raise BadInput(Fault("--previous", 0, 0, "a proof of one entry does not show what came before it", mend))
        checked = check_proof(str(path), read_file(path), trust)
        print_report(checked, json)
        raise typer.Exit(0 if checked.verified else 1)
    compare = f"{path / KEYS} shows one to compare, but a copy cannot vouch for itself"
    trust = read_trust(key, witnesses, policy, compare)
    copy = ExportedCopy.open(path)
    verifier = _signer(trust, copy.checkpoint_note())
    earlier = None if previous is None else _earlier(previous, verifier)
    with progress("Checking", copy.size) as advance:
        report = verify_copy(path, verifier, trust=trust, previous=earlier, progress=advance)
    if json:
        print_json(_as_json(report))
    else:
        _print(report)
    raise typer.Exit(0 if report.verified else 1)


def _signer(trust: "Trust", signed: bytes) -> "VerifierKey":
    """The ledger meant: the one that signed, or, where none did, the first, under which the check will say so."""
    from safeconduct.ledger.note import CheckpointError

    try:
        return trust.ledger_of(signed)
    except CheckpointError:
        return trust.logs[0]


def _earlier(path: Path, verifier: "VerifierKey") -> "Checkpoint":
    from safeconduct.ledger.checkpoint import open_checkpoint
    from safeconduct.ledger.note import CheckpointError

    try:
        return open_checkpoint(read_file(path), verifier)
    except CheckpointError as error:
        what = f"is no checkpoint under this key: {error}"
        raise BadInput(Fault(str(path), 1, 1, what, "name a checkpoint of this ledger")) from None


def _as_json(report: "CopyReport") -> dict[str, object]:
    import base64

    return {
        "clearance": str(report.clearance),
        "origin": report.origin,
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "verified": report.verified,
        "problems": [{"index": problem.index, "what": problem.what} for problem in report.problems],
        "authors": report.authors,
        **keys_as_json(report.clones, report.not_counting),
        "continues": None if report.continues is None else report.continues.size,
        "cosigned": cosigned_as_json(report.cosignatures),
        "not_cosigned": report.lacking,
        "known": {
            "entries": report.entries,
            "fields": report.fields,
            "types": {
                tag: {"entries": count.entries, "fields": count.fields} for tag, count in sorted(report.types.items())
            },
        },
        "rounds": [
            {
                "exchange": one.exchange,
                "released": one.released,
                "clauses_kept": one.clauses_kept,
                "clauses_broken": one.clauses_broken,
            }
            for one in report.rounds
        ],
    }


def _print(report: "CopyReport") -> None:
    import base64

    print_problems(report.problems)
    print(f"copy      {report.origin}, for {report.clearance}")
    print(f"entries   {report.size:,}, signed by {counted(report.authors, 'key')}")
    if report.root:
        print(f"root      {base64.b64encode(report.root).decode()}")
    if report.continues is not None and report.verified:
        print(f"earlier   it continues the checkpoint of size {report.continues.size:,}")
    print_keys(report.clones, report.not_counting)
    print_cosigned(report.cosignatures)
    print(f"told      of {report.entries:,} entries, {counted(report.fields, 'field')}")
    for tag, count in sorted(report.types.items()):
        print(f"          {count.entries:>9,}  {tag}")
    for one in report.rounds:
        released = ", ".join(f"{party} released {number:,}" for party, number in one.released.items())
        broken = f" ({', '.join(one.clauses_broken)})" if one.clauses_broken else ""
        print(f"closed    {one.exchange}: {released}")
        print(f"          {len(one.clauses_kept)} clauses kept, {len(one.clauses_broken)} broken{broken}")
    print("not told  what others alone may know, and what was erased; that nothing was withheld no copy can show")
    if report.verified:
        print("verdict   all of it is as it was recorded and signed")
    else:
        print(f"verdict   {counted(len(report.problems), 'problem')}: do not rely on this copy")
