"""`safeconduct mirror`: a party's own program that follows a ledger, checks everything, and cosigns what it holds."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from safeconduct.cli.files import note
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from rich.table import Table

    from safeconduct.app.mirror_keeper import MirrorKeeper
    from safeconduct.app.mirror_report import MirrorReport
    from safeconduct.disclosure.clearance import Clearance
    from safeconduct.ledger.note import VerifierKey

DEFAULT_PORT = 8423
_EVERY_S = 1.0

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
    with proof of whatever contradicts it. With --witness it cosigns each checkpoint whose entries it holds.
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

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    party, verifier = _party(clearance), _ledger_key(key)
    if once:
        if witness is not None:
            raise BadInput(Fault("--witness", 0, 0, "a look at one moment cosigns nothing", "leave --once out"))
        with _keeping(link, party, verifier, state, own="", late_us=0) as (keeper, on_thread):
            report = on_thread(keeper.look)
            _print(report, json=json)
        raise typer.Exit(0 if report.verdict.name == "WELL" else 1)
    if witness is None:
        with _keeping(link, party, verifier, state) as (keeper, on_thread):
            _look_for_ever(keeper, on_thread, threading.Event(), json=json)
    else:
        _cosign_too(link, party, verifier, state, witness, host, port, json=json)


def _cosign_too(
    link: str,
    party: "Clearance",
    verifier: "VerifierKey",
    state: Path,
    witness: Path,
    host: str,
    port: int,
    *,
    json: bool,
) -> None:
    from safeconduct.app.mirroring_witness import MirroringWitness
    from safeconduct.app.ports import SystemClock
    from safeconduct.app.witness import Witness
    from safeconduct.app.witness_home import open_witness
    from safeconduct.cli.serve import listen, origin_of_socket
    from safeconduct.web.running import run_server
    from safeconduct.web.witness_server import create_witness_app

    memory, signing, own = open_witness(witness)
    listening = listen(host, port)
    with _keeping(link, party, verifier, state, own=own.name) as (keeper, on_thread):

        def begin() -> tuple[MirroringWitness, Callable[[], None]]:
            opened = memory()
            plain = Witness(own.name, signing, {verifier.name: verifier}, opened, SystemClock())
            take = MirroringWitness(plain, verifier, lambda one: on_thread(lambda: keeper.take_up_to(one)))
            return take, opened.close

        url, ended = origin_of_socket(listening), threading.Event()
        note(f"{own.name} cosigns what this mirror holds; it is asked at {url}")
        looking = threading.Thread(
            target=_look_for_ever, args=(keeper, on_thread, ended), kwargs={"json": json}, name="mirror", daemon=True
        )
        looking.start()
        try:
            run_server(create_witness_app(begin), listening)
        finally:
            ended.set()
            looking.join()


T = TypeVar("T")


class _Thread:
    """The one thread that a mirror lives on."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, work: Callable[[], T]) -> T:
        """Run something there, and give what came of it."""
        return self._pool.submit(work).result()


@contextmanager
def _keeping(
    link: str, party: "Clearance", verifier: "VerifierKey", state: Path, own: str = "", late_us: int | None = None
) -> "Iterator[tuple[MirrorKeeper, _Thread]]":
    """A mirror, and its thread."""
    from safeconduct.app.mirror_keeper import LATE_US, MirrorKeeper
    from safeconduct.app.ports import SystemClock
    from safeconduct.cli.workspace import progress
    from safeconduct.storage.mirror_store import MirrorStore
    from safeconduct.web.ledger_client import LedgerClient

    client = LedgerClient(link, party)

    def begin() -> "tuple[MirrorStore, MirrorKeeper]":
        store = MirrorStore.open(state, str(verifier), str(party))
        with progress("Checking what this mirror holds", store.size()) as advance:
            late = LATE_US if late_us is None else late_us
            return store, MirrorKeeper(store, verifier, party, client, SystemClock(), own, late, advance)

    with ThreadPoolExecutor(1, "mirror") as pool:
        on_thread = _Thread(pool)
        store, keeper = on_thread(begin)
        try:
            yield keeper, on_thread
        finally:
            on_thread(store.close)
            client.close()


def _look_for_ever(keeper: "MirrorKeeper", on_thread: _Thread, ended: threading.Event, *, json: bool) -> None:
    """Look every second until `ended`: one screen at a terminal, else what changed."""
    if sys.stdout.isatty() and not json:
        from rich.live import Live

        with Live(screen=False, auto_refresh=False) as live:
            while not ended.wait(0):
                live.update(_screen(on_thread(keeper.look)), refresh=True)
                ended.wait(_EVERY_S)
        return
    told: tuple[object, ...] = ()
    while not ended.wait(0):
        report = on_thread(keeper.look)
        stands = (report.verdict, report.mirrored.checkpoint.size, report.trouble, report.unsound, report.witnesses)
        if stands != told:
            told = stands
            _print(report, json=json)
        ended.wait(_EVERY_S)


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
