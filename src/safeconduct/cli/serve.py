"""`safeconduct serve`: the live pages of a workspace, the public page, and the intake of reports."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note
from safeconduct.cli.serving import announce, withdraw
from safeconduct.cli.workspace import open_or_find
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    import socket

    from safeconduct.app.duty_desk import DutyDesk
    from safeconduct.app.rolled_back import RolledBack
    from safeconduct.app.workspace import Workspace
    from safeconduct.disclosure.clearance import Clearance

DEFAULT_PORT = 8420


_WORKSPACE = typer.Option(
    None, "--workspace", metavar="DIR", help="Folder of the workspace.  [default: here or the nearest folder above]"
)
_AS = typer.Option(
    None, "--as", metavar="CLEARANCE", help="Print this link alone: intermediary or party:ID. May be repeated."
)


def serve(
    workspace: Path | None = _WORKSPACE,
    port: int = typer.Option(DEFAULT_PORT, "--port", metavar="N", min=0, max=65535, help="0 takes any that is free."),
    host: str = typer.Option("127.0.0.1", "--host", metavar="ADDRESS", help="Where to listen. There is no TLS here."),
    clearance: list[str] | None = _AS,
    read_only: bool = typer.Option(False, "--read-only", help="Only show; leave writing to another program."),
    json: bool = typer.Option(False, "--json", help="Print the links as one JSON object."),
) -> None:
    """Serve the live pages of a workspace: to the intermediary, to each party, and to the public.

    Each page shows what its clearance may know, live, and opens by a secret link that is printed here: give each to
    whom it is for. /public is open to all. Reports from the field are taken as JSON Lines by POST /events with the key
    of the intermediary's link as bearer token, recorded, and judged against the terms while the day lasts. Alarms are
    acted on by the buttons of the intermediary's page or by safeconduct alarms; one that nobody takes on in time is
    told here. While it holds the ledger, this server also records what commands on releases, erasures, keys, signed
    entries and the registry ask of it. Where safeconduct.toml names witnesses, each new checkpoint is sent to them (as
    by ledger cosign); who does not cosign is told here and on the pages. Where an old backup was restored, and a
    checkpoint signed by this ledger's own key proves it, nothing more is recorded (safeconduct ledger recover). Where
    another program writes to the ledger, pages are served all the same, and the rest is left to it.

    \b
    Example, with a day to look at:
      safeconduct demo --fast --persons 40 --workspace serve-example
      safeconduct serve --workspace serve-example
    """
    import logging

    from safeconduct.app.cosigning_thread import CosigningThread
    from safeconduct.app.duty_desk import DutyDesk
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.rolled_back import RolledBack
    from safeconduct.kernel.errors import Refused

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    found = open_or_find(workspace)
    chosen = _clearances(found, clearance or [])
    listening = listen(host, port)
    desk: DutyDesk | None = None
    cosigning: CosigningThread | None = None
    stopped: RolledBack | None = None
    if not read_only:
        try:
            desk = DutyDesk(found, SystemClock(), SystemRandomness(), _give_up, _tell_line)
        except RolledBack as why:
            stopped = why
            note(f"ALARM: {why}. The pages are served.")
        except Refused as busy:
            note(f"{busy}. The pages are served; reports are not taken here, nor acts on alarms.")
    try:
        origin = _tell(found, listening, chosen, json)
        if host not in ("127.0.0.1", "::1", "localhost"):
            note(f"{origin} is not encrypted: put a server with TLS before it before anybody opens a link from afar.")
        if desk is not None:
            announce(found, origin)
        if not read_only:
            cosigning = CosigningThread(found, SystemClock(), _tell_line)
        _run(found, listening, desk, stopped)
    finally:
        if cosigning is not None:
            cosigning.close()
        if desk is not None:
            withdraw(found)
            desk.close()


def listen(host: str, port: int) -> "socket.socket":
    """A socket that listens there. Raises BadInput if the port is taken or the address is not this machine's."""
    import errno
    import socket

    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except (OSError, UnicodeError) as error:
        code, reason = (error.errno, error.strerror) if isinstance(error, OSError) else (None, "no name of a machine")
        taken = code == errno.EADDRINUSE
        mend = "choose another with --port, or 0 for any" if taken else "check --host and --port"
        what = "is taken by another program" if taken else f"cannot be listened on: {reason or error}"
        raise BadInput(Fault(f"{host}:{port}", 0, 0, what, mend)) from None
    return listening


def origin_of_socket(listening: "socket.socket") -> str:
    """The address that it listens at, for programs on this machine."""
    host, port = listening.getsockname()[:2]
    # Where it listens on every address, a browser on this machine has it as this one.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _clearances(workspace: "Workspace", wanted: list[str]) -> list["Clearance"]:
    """The clearances whose links are printed. Raises Refused for one that has no page."""
    from safeconduct.agreement.entries import TermsRecorded
    from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance, parse_clearance
    from safeconduct.exchange.entries import DECODER
    from safeconduct.kernel.entry import Opened

    parties: tuple[str, ...] = ()
    workspace.require_keys()
    record = workspace.open_record(DECODER)
    try:
        for one in record.read():
            if isinstance(one.body, Opened) and isinstance(one.body.entry, TermsRecorded):
                parties = one.body.entry.parties
                break
    finally:
        record.close()
    if not wanted:
        return [INTERMEDIARY, *(Clearance("party", party) for party in parties)]
    return [one for one in (parse_clearance(text, parties) for text in wanted) if one.role != "public"]


def _tell(workspace: "Workspace", listening: "socket.socket", chosen: list["Clearance"], json: bool) -> str:
    """Print the links; the address that they begin with."""
    import sys

    import msgspec

    from safeconduct.web.access import page_link

    origin = origin_of_socket(listening)
    links = {str(one): page_link(workspace.page_secret(), origin, one) for one in chosen}
    public = f"{origin}/public"
    if json:
        # One line, so that whoever reads line by line has it before the server ends.
        print(msgspec.json.encode({"url": origin, "links": links, "public": public}).decode())
    else:
        width = max(map(len, [*links, "public"]))
        print(f"Serving {workspace.agreement_id} from {workspace.folder}. Ctrl-C ends it.")
        print("Whoever has a link sees that page; give each to whom it is for.\n")
        for name, link in (links | {"public": public}).items():
            print(f"  {name:{width}}  {link}")
    sys.stdout.flush()
    return origin


def _run(
    workspace: "Workspace", listening: "socket.socket", desk: "DutyDesk | None", stopped: "RolledBack | None"
) -> None:
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.web.intake import DeskIntake, StoppedIntake
    from safeconduct.web.pace import RealTime
    from safeconduct.web.running import run_server
    from safeconduct.web.server import create_app

    intake: DeskIntake | StoppedIntake | None = None
    if stopped is not None:
        intake = StoppedIntake(stopped)
    elif desk is not None:
        intake = DeskIntake(desk)
    run = SystemRandomness().token_bytes(6).hex()
    run_server(create_app(workspace, RealTime(SystemClock(), workspace.zones), run, intake), listening)


def _tell_line(sentence: str) -> None:
    from safeconduct.app.ports import SystemClock
    from safeconduct.kernel.times import format_instant

    note(f"{format_instant(SystemClock().now_us())[11:19]} {sentence}")


def _give_up(reason: str) -> None:
    """Nobody may believe that the day is watched when it is not: the whole server ends."""
    import os

    note(f"serving ends: {reason}")
    os._exit(2)
