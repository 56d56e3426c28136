"""`safeconduct ledger prove`, and what `ledger verify` says of a proof."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note, print_json, write_file
from safeconduct.cli.trusting import cosigned_as_json, print_cosigned, told_second
from safeconduct.cli.workspace import JSON, WORKSPACE, open_or_find

if TYPE_CHECKING:
    from safeconduct.app.proof_checking import ProofReport
    from safeconduct.ledger.proof_file import ProvenEntry

_INDEX = typer.Argument(..., metavar="INDEX", help="Which entry, from 0.")
_OUT = typer.Option(..., "-o", "--output", metavar="F.tlog-proof", help="File to write.")
_AS = typer.Option(
    None,
    "--as",
    metavar="CLEARANCE",
    help="Show all that it may know: party:ID, facility:ID or public.  [default: nothing is shown]",
)
_FIELD = typer.Option(
    [],
    "--field",
    metavar="NAME",
    help="Show this field and no other; may be given several times. `--as` must allow it.",
)


def prove(
    index: int = _INDEX,
    output: Path = _OUT,
    clearance: str | None = _AS,
    fields: list[str] = _FIELD,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Write the proof that one entry stands in the ledger, for somebody who has nothing else of it.

    It holds the entry's leaf, its place, the hashes up to the signed root, and the latest checkpoint with its
    cosignatures (C2SP tlog-proof). The leaf tells its author's key and number, and when it was recorded, and nothing of
    what the entry says. With --field it shows that field, and its type only if asked for (--field type); with --as
    alone all fields that this clearance may know. A field that the clearance may not know is refused; without --as it
    is that of the public. What only the intermediary may know goes to nobody by this: see safeconduct release.

    \b
    Example, after: safeconduct demo --fast
      safeconduct ledger prove 7 -o entry-7.tlog-proof --workspace safeconduct-demo
      safeconduct ledger prove 7 -o shown-7.tlog-proof --as party:RU --field type --workspace safeconduct-demo
    """
    from safeconduct.app.proving import prove as prove_entry

    found = open_or_find(workspace)
    made = prove_entry(found, index, clearance=clearance, fields=fields)
    shown = [] if made.proven.disclosure is None else [one.slot for one in made.proven.disclosure.shown]
    # What the ledger seals stands in it in plain text: then it is for its owner alone, as a copy is.
    write_file(output, made.proof.encode(), private=bool(shown))
    if json:
        print_json(
            {"file": str(output), "clearance": str(made.clearance), **_entry_as_json(made.proven), "shown": shown}
        )
        return
    print(f"proof     {output}")
    _print_entry(made.proven)
    print(f"shown     {', '.join(shown) or 'nothing of what it says'}")
    note(f"Give its holder this key by another way: {found.verifier}")


def print_report(report: "ProofReport", json: bool) -> None:
    """What the check of a proof found."""
    if json:
        print_json(_as_json(report))
        return
    for problem in report.problems:
        print(f"proof: {problem}")
    if report.proven is not None:
        _print_entry(report.proven)
        print_cosigned(report.proven.cosignatures)
        if report.unchecked:
            print(f"unchecked signatures by {', '.join(map(_plain, report.unchecked))}: give their keys with --witness")
        _print_shown(report.proven)
    if report.verified:
        print("verdict   it stands in the ledger as it was recorded and signed")
    else:
        print("verdict   do not rely on this proof")


def _as_json(report: "ProofReport") -> dict[str, object]:
    import msgspec

    told: dict[str, object] = {"verified": report.verified, "problems": report.problems}
    if report.proven is not None:
        shown = () if report.proven.disclosure is None else report.proven.disclosure.shown
        told |= _entry_as_json(report.proven)
        told |= {
            "cosigned": cosigned_as_json(report.proven.cosignatures),
            "not_cosigned": report.lacking,
            "unchecked": report.unchecked,
            "fields": {one.slot: msgspec.Raw(one.value) for one in shown},
        }
    return told


def _entry_as_json(proven: "ProvenEntry") -> dict[str, object]:
    import base64

    return {
        "index": proven.index,
        "author": proven.leaf.header.author.hex(),
        "author_seq": proven.leaf.header.author_seq,
        "recorded_at": _recorded_at(proven),
        "origin": proven.checkpoint.origin,
        "size": proven.checkpoint.size,
        "root": base64.b64encode(proven.checkpoint.root).decode(),
    }


def _print_entry(proven: "ProvenEntry") -> None:
    import base64

    header = proven.leaf.header
    print(f"entry     {proven.index} of {proven.checkpoint.origin}")
    print(f"author    {header.author.hex()}, its entry number {header.author_seq}")
    print(f"recorded  {_recorded_at(proven)}")
    print(f"ledger    {proven.checkpoint.size:,} entries, root {base64.b64encode(proven.checkpoint.root).decode()}")


def _print_shown(proven: "ProvenEntry") -> None:
    shown = () if proven.disclosure is None else proven.disclosure.shown
    if not shown:
        print("shown     nothing of what it says")
    for number, one in enumerate(shown):
        print(f"{'shown' if number == 0 else '':<9} {_plain(one.slot)} = {_plain(one.value.decode())}")


def _recorded_at(proven: "ProvenEntry") -> str:
    from safeconduct.kernel.times import format_instant

    at_us = proven.leaf.recorded_at_us
    try:
        return format_instant(at_us)
    except (OverflowError, ValueError):
        return told_second(at_us // 1_000_000)


def _plain(text: str) -> str:
    """Text of unknown origin for a terminal: what it would obey is written out."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
