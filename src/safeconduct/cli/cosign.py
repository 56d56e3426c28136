"""`safeconduct ledger cosign`: ask the witnesses for their cosignatures of the latest checkpoint."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note, print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, open_or_find
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.app.cosigner import Asked
    from safeconduct.app.workspace import Workspace
    from safeconduct.ledger.policy import PolicyKey
    from safeconduct.storage.cosignatures import CosignatureStore, Standing

_LONGEST_PAUSE_S = 30.0

_WITNESS = typer.Option(
    None,
    "--witness",
    metavar="VKEY=URL",
    help="Ask this witness. May be repeated.  [default: those of the terms and of [witnesses] in safeconduct.toml]",
)


def cosign(
    witness: list[str] | None = _WITNESS,
    workspace: Path | None = WORKSPACE,
    wait: str = typer.Option("0s", "--wait", metavar="DURATION", help="Ask again for so long, such as 30m."),
    json: bool = JSON,
) -> None:
    """Ask each witness to cosign the latest checkpoint, and say who did and who did not.

    What a witness cosigns it has checked: nothing before was changed or left out, and nobody was shown another history.
    Cosignatures are kept in cosignatures.sqlite of the workspace. Exit code 1 where somebody did
    not cosign, or forgot what it had cosigned.

    \b
    Example, with a witness in the background:
      safeconduct demo --fast --persons 40 --workspace cosign-example
      KEY=$(safeconduct witness init --state cosign-witness.sqlite --name witness.example.org/a)
      safeconduct witness serve --port 8422 --state cosign-witness.sqlite \\
        --log "$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' cosign-example/safeconduct.toml)" &
      safeconduct ledger cosign --witness "$KEY=http://127.0.0.1:8422" --wait 30s --workspace cosign-example
      kill $!
    """
    import asyncio

    from safeconduct.app.witness_settings import parse_option
    from safeconduct.app.witnesses_asked import witnesses_asked
    from safeconduct.storage.cosignatures import CosignatureStore

    wait_us = _duration(wait)
    found = open_or_find(workspace)
    witnesses: Mapping[str, PolicyKey]
    witnesses, unknown = witnesses_asked(found)
    if witness:
        options = [parse_option(text) for text in witness]
        witnesses = dict(options)
        if len(witnesses) < len(options):
            raise BadInput(Fault("--witness", 0, 0, "one witness is named twice", "name each once"))
    else:
        for one in unknown:
            note(f"{one.of}: no address of its witness {one.key.name} is known: add it to [witnesses]")
    if not witnesses:
        mend = "name one with --witness VKEY=URL, or in [witnesses] of safeconduct.toml"
        raise BadInput(Fault(str(found.folder), 0, 0, "there is no witness to ask", mend))
    store = CosignatureStore.open(found.cosignatures_path)
    try:
        asked, latest = asyncio.run(ask_witnesses(found, witnesses, store, wait_us))
        (_print_json if json else _print)(found, store, asked, latest)
        wrong = any(one.trouble or _standing(store, one).alarms for one in asked)
    finally:
        store.close()
    raise typer.Exit(1 if wrong else 0)


def have_cosigned(workspace: "Workspace", wait_us: int) -> None:
    """Ask the witnesses that can be asked to cosign all that is on record, before a step that rests on it.

    Says on standard error who is waited for. Who did not cosign in that time is for the step to say.
    """
    import asyncio

    from safeconduct.app.witnesses_asked import witnesses_asked
    from safeconduct.storage.cosignatures import CosignatureStore

    witnesses, _ = witnesses_asked(workspace)
    if not witnesses:
        return
    store = CosignatureStore.open(workspace.cosignatures_path)
    try:
        asyncio.run(ask_witnesses(workspace, witnesses, store, wait_us))
    finally:
        store.close()


def _duration(text: str) -> int:
    from safeconduct.kernel.times import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise BadInput(Fault("--wait", 0, 0, str(error), "write it as 45s, 30m or 1h30m")) from None


async def ask_witnesses(
    workspace: "Workspace", witnesses: "Mapping[str, PolicyKey]", store: "CosignatureStore", wait_us: int
) -> "tuple[list[Asked], bytes]":
    """Ask until all have cosigned one checkpoint or the time is over; how it ended, and the latest checkpoint."""
    import asyncio

    from safeconduct.app.cosigner import Cosigner, LedgerNotes
    from safeconduct.app.ports import SystemClock
    from safeconduct.app.witness_client import WitnessClient
    from safeconduct.kernel.times import SECOND_US

    ledger = workspace.open_ledger()
    try:
        async with WitnessClient() as client:
            notes = LedgerNotes(ledger)
            cosigner = Cosigner(workspace.verifier, notes, store, client.post, SystemClock())
            loop = asyncio.get_running_loop()
            until_s, pause_s, told = loop.time() + wait_us / SECOND_US, 1.0, ""
            while True:
                asked = await cosigner.round(witnesses)
                troubles = [one.trouble for one in asked if one.trouble is not None]
                left_s = until_s - loop.time()
                if not troubles or left_s <= 0 or any(one.alarm for one in troubles):
                    return asked, notes.latest()
                sentence = "; ".join(one.what for one in troubles)
                if sentence != told:
                    note(f"waiting: {sentence}")
                    told = sentence
                await asyncio.sleep(min(pause_s, left_s))
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
    finally:
        ledger.close()


def _print(workspace: "Workspace", store: "CosignatureStore", asked: "list[Asked]", latest: bytes) -> None:
    from safeconduct.kernel.times import SECOND_US, format_instant
    from safeconduct.ledger.checkpoint import open_checkpoint

    checkpoint = open_checkpoint(latest, workspace.verifier)
    print(f"ledger        {checkpoint.origin}")
    print(f"entries       {checkpoint.size:,}")
    for one in asked:
        standing = _standing(store, one)
        until = f"{standing.size:,} entries at {format_instant(standing.at_s * SECOND_US)}"
        if one.trouble is None:
            print(f"cosigned      by {one.name}: {until}")
        else:
            since = format_instant(standing.since_us if standing.since_us is not None else standing.attempted_us)
            before = f" (its last: {until})" if standing.size else ""
            print(f"not cosigned  by {one.name} since {since}{before}: {one.trouble.what}")
        for alarm in standing.alarms:
            print(f"ALARM         {alarm}")
    sys.stdout.flush()


def _print_json(workspace: "Workspace", store: "CosignatureStore", asked: "list[Asked]", latest: bytes) -> None:
    import base64

    from safeconduct.kernel.times import SECOND_US, format_instant
    from safeconduct.ledger.checkpoint import open_checkpoint

    checkpoint = open_checkpoint(latest, workspace.verifier)
    witnesses = []
    for one in asked:
        standing = _standing(store, one)
        witnesses.append(
            {
                "name": one.name,
                "key": str(one.witness),
                "cosigned": one.trouble is None,
                "size": standing.size,
                "at": format_instant(standing.at_s * SECOND_US) if standing.size else None,
                "since": None if standing.since_us is None else format_instant(standing.since_us),
                "error": standing.error,
                "alarm": bool(standing.alarms),
                "fell_to": standing.fell_to,
            }
        )
    kept = store.latest_note([one.witness for one in asked])
    print_json(
        {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": base64.b64encode(checkpoint.root).decode(),
            "cosigned_by": [one.name for one in asked if one.trouble is None],
            "witnesses": witnesses,
            "note": None if kept is None else kept.decode(),
        }
    )


def _standing(store: "CosignatureStore", asked: "Asked") -> "Standing":
    standing = store.standing(asked.witness)
    if standing is None:
        raise AssertionError("whoever was asked stands in the store")
    return standing
