"""`safeconduct author`: the keys that sign entries, and signing on a device of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.files import note, print_json, write_file
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, ledger_key, open_or_find, progress
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.agreement.authors import Author
    from safeconduct.app.commands import Command
    from safeconduct.app.workspace import Workspace

app = typer.Typer(help="The keys that sign entries: whose they are, and since when no more.", no_args_is_help=True)

_PUBLIC_KEY = typer.Argument(metavar="PUBKEY", help="The public key that `author new` printed.")
_REVOKED_FOR = "left, replaced, lost, stolen or cloned; told to the key's own party and to the intermediary."


@app.command("new", short_help="Make a key.")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The key file to make.")],
    json: bool = JSON,
) -> None:
    """Make a key on the device that is to sign with it, and print its public key. No workspace is needed.

    The file never leaves the device. Give the public key to the intermediary by a way that nobody can change unseen,
    on paper or in person. What the key signs is kept beside it, in FILE.signed: keep the two together.

    \b
    Example:
      safeconduct author new delegate.key
    """
    from safeconduct.app.own_device import make_key
    from safeconduct.app.ports import SystemRandomness

    public_key = make_key(file, SystemRandomness())
    if json:
        print_json({"file": str(file), "public_key": public_key})
    else:
        print(public_key)


@app.command("enrol", short_help="Let a key sign for somebody.")
def enrol(
    public_key: Annotated[str, _PUBLIC_KEY],
    of: Annotated[str, typer.Option("--of", metavar="ACTOR", help="Party, intermediary or enrolled facility.")],
    label: Annotated[
        str,
        typer.Option("--label", metavar="TEXT", help="Which person, by office; a device, by the name it reports by."),
    ],
    device: Annotated[
        bool, typer.Option("--device", help="A device's key: it signs reports and nothing else.")
    ] = False,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Record that a key signs for somebody from now on; every party is told.

    You attest, as the intermediary, that you made sure whose key it is.

    \b
    Example, after: safeconduct demo --fast
      KEY=$(safeconduct author new delegate.key)
      safeconduct author enrol $KEY --of RU --label "head of delegation" --workspace safeconduct-demo
    """
    from safeconduct.agreement.authors import DEVICE, PERSON
    from safeconduct.app.commands import EnrolAuthor

    found = open_or_find(workspace)
    _perform(found, EnrolAuthor(public_key, of, DEVICE if device else PERSON, label, found.intermediary))
    if json:
        print_json({"public_key": public_key, "actor": of, "kind": DEVICE if device else PERSON, "label": label})
    else:
        print(f"enrolled  {public_key}")
        print(f"          signs for {label} of {of} from now on")


@app.command("revoke", short_help="Let a key sign no more.")
def revoke(
    public_key: Annotated[str, _PUBLIC_KEY],
    after: Annotated[
        int, typer.Option("--after", metavar="SEQ", help="The key's own number of the last entry that counts; 0: none.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="WHY", help=_REVOKED_FOR)] = "replaced",
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Record that a key signs no more; every party is told.

    What it signed up to the number SEQ counts, also if it arrives later. What it signed after that is not taken any
    more, and what stands in the record of it does not count: a signature or approval is void.

    \b
    Example, after that of safeconduct author enrol --help:
      safeconduct author revoke $KEY --after 0 --reason lost --workspace safeconduct-demo
    """
    from safeconduct.app.commands import RevokeAuthor

    found = open_or_find(workspace)
    _perform(found, RevokeAuthor(public_key, after, reason, found.intermediary))
    if json:
        print_json({"public_key": public_key, "last_seq": after, "reason": reason})
    else:
        print(f"revoked   {public_key}")
        print(f"          nothing counts after its number {after}")


@app.command("list", short_help="List the keys.")
def list_keys(workspace: Path | None = WORKSPACE, json: bool = JSON) -> None:
    """List every key that signs entries or once could, whose it is, and how many entries it signed.

    \b
    Example, after: safeconduct demo --fast
      safeconduct author list --workspace safeconduct-demo
    """
    from collections import Counter

    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import Exchange

    found = open_or_find(workspace)
    found.require_keys()
    record, state, signed = found.open_record(DECODER), Exchange(), Counter[str]()
    for one in record.read():
        if one.index == 0:
            state.agreement.authors.found(one.author, found.intermediary)
        state.take(one.body)
        signed[one.author.hex()] += 1
    record.close()
    keys = [(key, signed[key.public_key]) for key in state.agreement.authors.keys.values()]
    if json:
        print_json({"authors": [_as_json(key, count) for key, count in keys]})
        return
    for key, count in keys:
        print(f"{key.public_key}  {key.actor}, {key.label} ({key.kind}): {counted(count, 'entry')}, {_standing(key)}")
    if not keys:
        note("nothing is recorded yet, and so no key is known")


@app.command("sign", short_help="Sign terms or a plan on your own device.")
def sign(
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Your key file, made by `author new`.")],
    copy: Annotated[Path, typer.Option("--copy", metavar="DIR", help="Your party's copy of the ledger.")],
    to: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The signed entry, for the intermediary.")],
    keeper: Annotated[
        str | None,
        typer.Option("--ledger-key", metavar="VKEY", help="The ledger's key, as its keeper gave it to you."),
    ] = None,
    terms: Annotated[
        str, typer.Option("--terms", metavar="SHA256", help="Sign these terms: what `agreement check` prints last.")
    ] = "",
    plan: Annotated[str, typer.Option("--plan", metavar="SHA256", help="Approve this plan, by its digest.")] = "",
    json: bool = JSON,
) -> None:
    """Sign the terms, or approve a plan, for your party with your own key: offline, from your party's copy.

    The copy is checked first, whole, under the ledger's key. Name what you have read by its SHA-256: if the copy tells
    of something else, nothing is signed, and you are told of what it does tell. The file made is for the intermediary,
    who takes it in by: safeconduct ledger take FILE. Signing the same again gives the same file.

    \b
    Example, after that of safeconduct author enrol --help:
      safeconduct ledger export copy-of-RU --as party:RU --workspace safeconduct-demo
      VKEY=$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' safeconduct-demo/safeconduct.toml)
      SHA=$(sha256sum safeconduct-demo/files/terms.toml | cut -d' ' -f1)
      safeconduct author sign --key delegate.key --copy copy-of-RU --ledger-key "$VKEY" --terms $SHA -o signed.jsonl
    """
    from safeconduct.app.exported_copy import ExportedCopy
    from safeconduct.app.own_device import Agreed, sign_from_copy
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.signed_files import encode_signed
    from safeconduct.ledger.header import parse_signed

    if bool(terms) == bool(plan):
        what = "two things to sign" if terms else "nothing to sign is named"
        raise BadInput(Fault("--terms", 0, 0, what, "give one: --terms SHA256 or --plan SHA256"))
    agreed = Agreed("terms", terms) if terms else Agreed("plan", plan)
    verifier = ledger_key("--ledger-key", copy, keeper)
    with progress("Checking", ExportedCopy.open(copy).size) as advance:
        made = sign_from_copy(key, copy, verifier, agreed, SystemClock(), SystemRandomness(), advance)
    write_file(to, encode_signed(made))
    header = parse_signed(made.signed).header
    if json:
        print_json({"file": str(to), "public_key": header.author.hex(), "author_seq": header.author_seq})
    else:
        print(f"signed    the {agreed.what} {agreed.sha256}")
        print(f"          with the key {header.author.hex()}, as its number {header.author_seq}")
        print(f"file      {to}: give it to the intermediary")


def _perform(workspace: "Workspace", command: "Command") -> None:
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.release_alarms import raise_alarms
    from safeconduct.exchange.entries import DECODER

    clock = SystemClock()
    recorder = workspace.open_recorder(clock, SystemRandomness(), DECODER)
    try:
        office = Office(recorder, clock)
        office.perform(command)
        raise_alarms(office)
    finally:
        recorder.close()


def _as_json(key: "Author", count: int) -> dict[str, object]:
    return {
        "public_key": key.public_key,
        "actor": key.actor,
        "kind": key.kind,
        "label": key.label,
        "founding": key.founding,
        "entries": count,
        "revoked_after": key.last_seq,
        "reason": key.reason or None,
        "cloned": key.cloned,
    }


def _standing(key: "Author") -> str:
    if key.last_seq is not None:
        return f"revoked after its number {key.last_seq} ({key.reason})"
    return "cloned: nothing more is taken under it" if key.cloned else "signs"
