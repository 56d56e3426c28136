"""`safeconduct communique`: what a public text would give away, its release, and whether what was told is borne out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.files import note, print_json, read_file
from safeconduct.cli.workspace import open_or_find
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.app.workspace import Workspace
    from safeconduct.exchange.state import Exchange

app = typer.Typer(
    help="The public sentence: only cleared facts, only when the terms allow, every number from the record.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Text = Annotated[Path, typer.Argument(metavar="TEXT_FILE", help="The text, with facts as {fact-id}.")]
_Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace", metavar="DIR", help="Folder of the workspace.  [default: here or the nearest folder above]"
    ),
]
_Exchange = Annotated[
    str, typer.Option("--exchange", metavar="ID", help="Of which exchange.  [default: the only one on record]")
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command(short_help="What a text would give away.")
def check(text_file: _Text, workspace: _Workspace = None, exchange: _Exchange = "", json: _Json = False) -> None:
    """Say what a public text would give away, a line for each piece, or print it as people would read it.

    Facts stand as {fact-id}: every one must have been cleared by every party. The rest may hold no number, no name of a
    place, vehicle or person of the exchange in any script, and no word for a category that is not cleared
    (docs/communique.md). Nor may anything uncleared be computed from it and all that was released before. Numbers that
    are all cleared but may point at persons (all, none or few of a category) are told too; a release does not refuse
    them. Exit code: 0 nothing, 1 something, 2 it could not be checked.

    \b
    Example, after safeconduct demo --fast:
      echo 'On {date}, {handed-over.total} prisoners returned home.' > sentence.txt
      safeconduct communique check sentence.txt --workspace safeconduct-demo
    """
    from safeconduct.app.ports import SystemClock
    from safeconduct.app.releasing import check_text

    text = _read(text_file)
    state = _state(open_or_find(workspace))
    chosen = _chosen(state, exchange)
    checked = check_text(state, chosen, str(text_file), text, SystemClock().now_us())
    if json:
        print_json(
            {
                "exchange": chosen,
                "clean": not checked.reasons,
                "reasons": _as_json(checked.reasons),
                "remarks": _as_json(checked.remarks),
                "text": checked.text,
                "facts": checked.facts,
            }
        )
    else:
        for one in (*checked.reasons, *checked.remarks):
            print(one)
        if not checked.reasons:
            print(checked.text)
            looked_at = "; look at what it tells of persons" if checked.remarks else ""
            note(f"{text_file}: nothing uncleared{looked_at}; it would read as above")
    raise typer.Exit(1 if checked.reasons or checked.remarks else 0)


@app.command(short_help="Tell a text to everybody.")
def release(
    text_file: _Text,
    workspace: _Workspace = None,
    exchange: _Exchange = "",
    released_by: Annotated[
        str, typer.Option("--by", metavar="ID", help="The intermediary that releases it.  [default: the workspace's]")
    ] = "",
    json: _Json = False,
) -> None:
    """Release a communiqué: record it, for everybody, with the checkpoint that its facts come from.

    Refused (exit code 2, nothing recorded) with a line for each piece that it would give away, and as long as an
    embargo of the terms holds it. Where the terms name witnesses, each side's is asked to cosign the record first, and
    waited for as long as the terms say. What is released cannot be taken back; a later text stands beside it.

    \b
    Example, after safeconduct demo --fast:
      echo '{handed-over.total} prisoners are home.' > sentence.txt
      safeconduct communique release sentence.txt --workspace safeconduct-demo
    """
    from safeconduct.app.cosigned_record import cosigned_notes
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.quorum import lacking
    from safeconduct.app.releasing import release_command
    from safeconduct.cli.cosign import have_cosigned
    from safeconduct.disclosure.entries import CommuniqueReleased
    from safeconduct.exchange.entries import DECODER

    text, found, clock = _read(text_file), open_or_find(workspace), SystemClock()
    recorder = found.open_recorder(clock, SystemRandomness(), DECODER)
    try:
        office = Office(recorder, clock, lambda: cosigned_notes(found))
        if waits := lacking(office.state, office.cosigned()):
            have_cosigned(found, max(0, min(waits.until_us - clock.now_us(), waits.wait_us)))
        chosen = _chosen(office.state, exchange)
        command = release_command(recorder, chosen, str(text_file), text, released_by or found.intermediary)
        made = next(one for one in office.perform(command) if isinstance(one, CommuniqueReleased))
    finally:
        recorder.close()
    if json:
        print_json({"exchange": chosen, "text": made.text, "facts": made.facts, "size": made.size, "root": made.root})
    else:
        print(made.text)
        note(f"released as entry {made.size} by {made.released_by}; its facts come from the {made.size:,} before it")


@app.command(short_help="Compute what was told again.")
def verify(workspace: _Workspace = None, json: _Json = False) -> None:
    """Compute the facts of every released communiqué again, from the entries that they are bound to.

    Exit code: 0 the record bears all of them out, 1 it does not, 2 it could not be read.

    \b
    Example, after safeconduct demo --fast:
      safeconduct communique verify --workspace safeconduct-demo
    """
    from safeconduct.app.releasing import verify_facts
    from safeconduct.exchange.entries import DECODER

    record = open_or_find(workspace).open_record(DECODER)
    count, problems = verify_facts(record)
    if json:
        print_json({"communiques": count, "problems": [{"index": one.index, "what": one.what} for one in problems]})
    else:
        for problem in problems:
            print(problem)
        released = f"{count} communiqué{'' if count == 1 else 's'} released"
        print(f"{released}: {'NOT all of it' if problems else 'all that was told'} is borne out by the record")
    raise typer.Exit(1 if problems else 0)


def _as_json(found: "tuple[Fault, ...]") -> list[dict[str, str | int]]:
    return [{"line": one.line, "column": one.column, "what": one.what, "mend": one.mend} for one in found]


def _read(path: Path) -> str:
    source = read_file(path)
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        before = source[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise BadInput(Fault(str(path), line, column, "not UTF-8 text", "save the file as UTF-8")) from None


def _state(workspace: "Workspace") -> "Exchange":
    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import fold

    record = workspace.open_record(DECODER)
    try:
        return fold(recorded.body for recorded in record.read())
    finally:
        record.close()


def _chosen(state: "Exchange", exchange: str) -> str:
    """The exchange that is meant. Raises Refused if that is not plain."""
    on_record = sorted(state.logistics.plans)
    if not on_record:
        closed = f"; {state.sealed:,} entries are sealed to this reader" if state.sealed else ""
        raise Refused(f"no exchange is on record with a plan{closed}")
    if exchange:
        if exchange not in on_record:
            raise Refused(f"no plan is on record for {exchange!r}; on record: {', '.join(on_record)}")
        return exchange
    if len(on_record) != 1:
        raise Refused(f"name the exchange with --exchange; on record: {', '.join(on_record)}")
    return on_record[0]
