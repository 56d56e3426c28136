"""`safeconduct witness`: a party's own program that cosigns a ledger's checkpoints."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from safeconduct.cli.files import note, print_json
from safeconduct.cli.workspace import JSON
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.ledger.note import VerifierKey
    from safeconduct.storage.witness_state import Evidence, LastCosigned

app = typer.Typer(help="A party's witness: it cosigns a ledger that never contradicts itself.", no_args_is_help=True)

DEFAULT_PORT = 8421

_STATE = typer.Option(..., "--state", metavar="F", help="File of what the witness remembers; its key is F.key.")

_LOG = typer.Option(..., "--log", metavar="VKEY", help="Key of a ledger to cosign: its ledger_key. May be repeated.")


@app.command("init", short_help="Make a witness with a key of its own.")
def init(
    state: Path = _STATE,
    name: str = typer.Option(..., "--name", metavar="NAME", help="What it signs as, such as witness.example.org/a."),
    json: bool = JSON,
) -> None:
    """Make a witness: a fresh key, and a memory that has seen nothing. Prints the key to give out.

    The key stays in F.key. Keep it out of backups: a witness restored from a backup has forgotten what it signed since
    and takes a new key, made by this command.

    \b
    Example:
      safeconduct witness init --state witness-a.sqlite --name witness.example.org/a
    """
    from safeconduct.app.ports import SystemRandomness
    from safeconduct.app.witness_home import init_witness

    key = init_witness(state, name, SystemRandomness())
    if json:
        print_json({"name": key.name, "key": str(key), "state": str(state)})
    else:
        print(key)


@app.command("serve", short_help="Cosign what is sent to it, as C2SP tlog-witness says.")
def serve(
    state: Path = _STATE,
    log: list[str] = _LOG,
    port: int = typer.Option(DEFAULT_PORT, "--port", metavar="N", min=0, max=65535, help="0 takes any that is free."),
    host: str = typer.Option("127.0.0.1", "--host", metavar="ADDRESS", help="Where to listen. There is no TLS here."),
    json: bool = typer.Option(False, "--json", help="Print where it listens as one JSON object."),
) -> None:
    """Answer POST /add-checkpoint: cosign each checkpoint that continues the last one, refuse every other.

    Where there is no witness at F yet, one is made, with a key and a name of its own. What it cosigns is on the disk
    before the cosignature leaves. Two checkpoints that contradict each other are kept as evidence: witness show.

    \b
    Example, with a ledger to cosign:
      safeconduct demo --fast --persons 40 --workspace witness-example
      safeconduct witness serve --state witness-b.sqlite --log "$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' \\
        witness-example/safeconduct.toml)"
    """
    import logging

    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.witness import Witness
    from safeconduct.app.witness_home import init_witness, key_path, open_witness
    from safeconduct.cli.serve import listen, origin_of_socket
    from safeconduct.web.running import run_server
    from safeconduct.web.witness_server import create_witness_app

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logs = _logs(log)
    listening = listen(host, port)
    if not state.exists() and not key_path(state).exists():
        name = f"witness-{SystemRandomness().token_bytes(4).hex()}"
        init_witness(state, name, SystemRandomness())
        note(f"{state}: a new witness, with the key in {key_path(state).name}")
    memory, key, verifier = open_witness(state)

    def begin() -> tuple[Witness, Any]:
        opened = memory()
        return Witness(verifier.name, key, logs, opened, SystemClock()), opened.close

    url = origin_of_socket(listening)
    if json:
        import msgspec

        # One line, so that whoever reads line by line has it before the server ends.
        print(msgspec.json.encode({"url": url, "key": str(verifier), "origins": sorted(logs)}).decode())
    else:
        print(f"Witness {verifier.name} cosigns {', '.join(sorted(logs))} at {url}. Ctrl-C ends it.")
        print(f"  key      {verifier}")
        print(f"  to ask   safeconduct ledger cosign --witness {verifier}={url}")
    sys.stdout.flush()
    if host not in ("127.0.0.1", "::1", "localhost"):
        note(f"{url} is not encrypted: put a server with TLS before it where it is asked from afar.")
    run_server(create_witness_app(begin), listening)


@app.command("show", short_help="What it cosigned last, and what it refused.")
def show(state: Path = _STATE, json: bool = JSON) -> None:
    """Show the last checkpoint that the witness cosigned of each ledger, and the contradictions that it keeps.

    Exit code 1 where a ledger has signed two roots for one size: the two notes, shown by --json, prove it to anybody.

    \b
    Example:
      safeconduct witness init --state witness-c.sqlite --name witness.example.org/c
      safeconduct witness show --state witness-c.sqlite
    """
    from safeconduct.storage.witness_state import WitnessState

    memory = WitnessState.open(state, writable=False)
    last, evidence = memory.all_last(), memory.evidence()
    proven = [one for one in evidence if one.proven]
    if json:
        print_json(_as_json(memory.key, last, evidence, copy=memory.is_copy()))
    else:
        _print(memory.key, last, evidence)
        if memory.is_copy():
            print("note      this file is a copy: it is shown, but no witness may sign with it")
    memory.close()
    raise typer.Exit(1 if proven else 0)


def _logs(keys: list[str]) -> "dict[str, VerifierKey]":
    from safeconduct.ledger.note import CheckpointError, VerifierKey

    logs: dict[str, VerifierKey] = {}
    for text in keys:
        try:
            key = VerifierKey.parse(text)
        except CheckpointError as error:
            mend = "give the ledger_key of the ledger's safeconduct.toml: NAME+HASH+BASE64"
            raise BadInput(Fault("--log", 0, 0, str(error), mend)) from None
        if logs.setdefault(key.name, key) != key:
            raise BadInput(Fault("--log", 0, 0, f"there are two keys for {key.name}", "give the one that you trust"))
    return logs


def _as_json(
    key: "VerifierKey", last: "list[LastCosigned]", evidence: "list[Evidence]", *, copy: bool
) -> dict[str, object]:
    import base64

    from safeconduct.kernel.times import format_instant

    return {
        "name": key.name,
        "key": str(key),
        "copy": copy,
        "cosigned": [
            {
                "origin": one.checkpoint.origin,
                "size": one.checkpoint.size,
                "root": base64.b64encode(one.checkpoint.root).decode(),
                "at": format_instant(one.at_us),
                "note": one.note.decode(),
            }
            for one in last
        ],
        "alarms": [
            {
                "origin": one.origin,
                "size": one.size,
                "proven": one.proven,
                "at": format_instant(one.at_us),
                "refused": one.refused.decode(),
                "cosigned": one.cosigned.decode(),
            }
            for one in evidence
        ],
    }


def _print(key: "VerifierKey", last: "list[LastCosigned]", evidence: "list[Evidence]") -> None:
    import base64

    from safeconduct.kernel.times import format_instant

    print(f"witness   {key}")
    for one in last:
        checkpoint = one.checkpoint
        print(f"ledger    {checkpoint.origin}")
        print(f"  last    {checkpoint.size:,} entries, cosigned at {format_instant(one.at_us)}")
        print(f"  root    {base64.b64encode(checkpoint.root).decode()}")
    if not last:
        print("ledger    none yet: nothing was cosigned")
    for found in evidence:
        moment = format_instant(found.at_us)
        if found.proven:
            print(f"ALARM     {found.origin} signed two roots for {found.size:,} entries, seen at {moment}")
        else:
            print(
                f"refused   {found.origin} with {found.size:,} entries at {moment}: it was not shown to continue what "
                "was cosigned"
            )
    if any(one.proven for one in evidence):
        print("          both notes: safeconduct witness show --json; show them to everybody who relies on this ledger")
