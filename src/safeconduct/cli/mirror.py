"""`safeconduct mirror`: a party's own program that follows a ledger, checks everything, and cosigns what it holds."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from rich.table import Table

    from safeconduct.app.mirror_report import MirrorReport
    from safeconduct.disclosure.clearance import Clearance
    from safeconduct.ledger.note import VerifierKey

DEFAULT_PORT = 8423

_FROM = typer.Option(
    ..., "--from", metavar="LINK", help="The link of the party's page, as the server's keeper gave it."
)
_AS = typer.Option(..., "--as", metavar="party:ID", help="Whose mirror it is.")
_KEY = typer.Option(..., "--key", metavar="VKEY", help="The ledger's key, as its keeper gave it to you by another way.")
_STATE = typer.Option("mirror.sqlite", "--state", metavar="F", help="File of what the mirror holds; made if missing.")
_WITNESS = typer.Option(
    None, "--witness", metavar="F", help="Cosign, too: the state of a witness made by safeconduct witness init."
)


def mirror(
    link: str = _FROM,
    clearance: str = _AS,
    key: str = _KEY,
    state: Path = _STATE,
    witness: Path | None = _WITNESS,
    port: int = typer.Option(
        DEFAULT_PORT, "--port", metavar="N", min=0, max=65535, help="Where the witness is asked. 0: any that is free."
    ),
    host: str = typer.Option("127.0.0.1", "--host", metavar="ADDRESS", help="Where to listen. There is no TLS here."),
    once: bool = typer.Option(False, "--once", help="Look once, say how everything stands, and end."),
    json: bool = typer.Option(False, "--json", help="Print a JSON object, without --once a line at each change."),
) -> None:
    """Follow a ledger, believe nothing, and say on one screen whether all is well.

    Checks every hash, every author's signature, number and chain; that no checkpoint contradicts an earlier one; that
    the authors committed to all that this party is told; which witnesses have cosigned how much; and the terms
    themselves, as far as they can be judged on what this party is told. What it has checked it keeps in its own file,
    with proof of whatever contradicts it; what the ledger erases it forgets there, and says how much that was. With
    --witness it cosigns each checkpoint whose entries it holds.
    With --once, exit code 0: all is well; 1: something is to be looked at, or the ledger contradicts itself.

    \b
    Example, with a ledger to follow:
      safeconduct demo --fast --persons 40 --workspace mirror-example
      safeconduct serve --read-only --port 8424 --as party:UA --workspace mirror-example > mirror-links.txt &
      sleep 10
      KEY=$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' mirror-example/safeconduct.toml)
      LINK=$(grep -o 'http.*enter.*' mirror-links.txt)
      safeconduct mirror --once --from "$LINK" --as party:UA --key "$KEY" --state mirror-of-UA.sqlite
      kill $!
    """
    import logging

    from safeconduct.web.mirror_running import MirrorSettings, mirror_thread, serve_mirror

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    settings = MirrorSettings(link, _party(clearance), _ledger_key(key), state)
    if once:
        if witness is not None:
            raise BadInput(Fault("--witness", 0, 0, "a look at one moment cosigns nothing", "leave --once out"))
        with _progress(state) as advance, mirror_thread(settings, late_us=0, progress=advance) as mirror:
            report = mirror.look()
            _print(report, json=json)
        raise typer.Exit(0 if report.verdict.name == "WELL" else 1)
    with _shown(json=json) as show, _progress(state) as advance:
        if witness is None:
            with mirror_thread(settings, progress=advance) as mirror:
                mirror.look_for_ever(show, threading.Event())
        else:
            from safeconduct.cli.serve import listen, origin_of_socket

            listening = listen(host, port)
            note(f"the witness of this mirror is asked at {origin_of_socket(listening)}")
            serve_mirror(settings, witness, listening, show, advance)


@contextmanager
def _progress(state: Path) -> Iterator[Callable[[int], None]]:
    from safeconduct.cli.workspace import progress

    # Of the file's length: how many entries are in it is known only once it is open.
    entries = state.stat().st_size // 1000 if state.exists() else 0
    with progress("Checking what this mirror holds", entries) as advance:
        yield advance


@contextmanager
def _shown(*, json: bool) -> "Iterator[Callable[[MirrorReport], None]]":
    """Shows one screen at a terminal, else a report whenever something has changed."""
    if sys.stdout.isatty() and not json:
        from rich.live import Live

        with Live(auto_refresh=False) as live:
            yield lambda report: live.update(_screen(report), refresh=True)
        return
    told: list[tuple[object, ...]] = [()]

    def show(report: "MirrorReport") -> None:
        stands = (report.verdict, report.mirrored.checkpoint.size, report.trouble, report.unsound, report.witnesses)
        if stands != told[0]:
            told[0] = stands
            _print(report, json=json)

    yield show


def _print(report: "MirrorReport", *, json: bool) -> None:
    if json:
        import msgspec

        print(msgspec.json.encode(report.as_json()).decode())
    else:
        print(f"mirror    {report.origin}, for {report.clearance}")
        for about, sentence in report.lines():
            print(f"{about:<9} {sentence}")
        print(f"verdict   {report.verdict.value}")
    sys.stdout.flush()


def _screen(report: "MirrorReport") -> "Table":
    from rich.table import Table
    from rich.text import Text

    colour = {"WELL": "green", "LOOK": "yellow", "ALARM": "bold red"}[report.verdict.name]
    table = Table.grid(padding=(0, 1))
    table.add_row("mirror", Text(f"{report.origin}, for {report.clearance}", style="bold"))
    for about, sentence in report.lines():
        table.add_row(about, Text(sentence, style="bold red" if about == "PROOF" else ""))
    table.add_row("verdict", Text(report.verdict.value, style=colour))
    return table


def _party(text: str) -> "Clearance":
    from safeconduct.disclosure.clearance import Clearance

    role, _, name = text.partition(":")
    if role != "party" or not name:
        raise BadInput(Fault("--as", 0, 0, f"{text!r} is no party", "write party:ID, as party:UA"))
    return Clearance("party", name)


def _ledger_key(text: str) -> "VerifierKey":
    from safeconduct.ledger.note import CheckpointError, VerifierKey

    try:
        return VerifierKey.parse(text.strip())
    except CheckpointError as error:
        raise BadInput(Fault("--key", 0, 0, str(error), "give it whole, as NAME+HASH+BASE64")) from None
