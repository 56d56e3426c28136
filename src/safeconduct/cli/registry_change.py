"""`safeconduct registry change`: changes of single rows of a list on record, which take two keys."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.acting import writing
from safeconduct.cli.files import print_json, write_file
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, ledger_key, open_or_find, progress
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.app.list_changing import Agreeing, Declining, Proposing
    from safeconduct.exchange.state import Exchange
    from safeconduct.kernel.entry import Entry
    from safeconduct.registry.list_changes import ListChange
    from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed

app = typer.Typer(
    help="Change single rows of a list on record, by two keys: of its party, and of the intermediary.",
    no_args_is_help=True,
)

_KEY = typer.Option(None, "--key", metavar="FILE", help="A delegate's key: sign on this device, from --copy.")
_COPY = typer.Option(None, "--copy", metavar="DIR", help="With --key: the party's copy of the ledger.")
_LEDGER_KEY = typer.Option(None, "--ledger-key", metavar="VKEY", help="With --key: the ledger's key.")
_FROM_COPY = typer.Option(None, "--copy", metavar="DIR", help="A party's copy of the ledger, in place of a workspace.")
_KEEPER = typer.Option(None, "--ledger-key", metavar="VKEY", help="With --copy: the ledger's key.")
_OUTPUT = typer.Option(None, "-o", "--output", metavar="FILE", help="With --key: the signed entry, for ledger take.")
_UNTOLD = "what it touches beyond its list is the intermediary's to know"
_CHANGE = typer.Argument(metavar="CHANGE", help="The change, by the beginning of its digest.")


@app.command("propose", short_help="Propose to change one row.")
def propose(
    list_id: Annotated[str, typer.Argument(metavar="LIST_ID", help="The list on record.")],
    ref: Annotated[str, typer.Argument(metavar="REF", help="The row, by the list's own identifier.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; told to both sides.")],
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A new value; may be given several times.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the row off the list.")] = False,
    add: Annotated[bool, typer.Option("--add", help="Put a new row on the list.")] = False,
    key: Path | None = _KEY,
    copy: Path | None = _COPY,
    keeper: str | None = _LEDGER_KEY,
    to: Path | None = _OUTPUT,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Propose to correct a row of a list on record, to take it off, or to add one. Nothing changes yet.

    The change takes effect when a key of the other side agrees (registry change agree): a delegate of the list's party,
    or a person of the intermediary. Without --key you propose for the intermediary, with the workspace's own key. A
    delegate proposes on their own device, offline, from their party's copy; the file made is for the intermediary, who
    takes it in by: safeconduct ledger take FILE. What the change touches is told, as far as it is known here.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct registry change propose RU-held RU-H0001 --set birth_date=10.07.1981 --reason 'misread' \\
        --workspace safeconduct-demo
    """
    from safeconduct.app.list_changing import Proposing
    from safeconduct.registry.list_changes import WantedChange
    from safeconduct.registry.list_entries import ADD, CORRECT, WITHDRAW

    new = _values(values or [])
    if withdraw and (add or new):
        raise BadInput(Fault("--withdraw", 0, 0, "a row that is withdrawn has no new values", "give one or the other"))
    if not withdraw and not new:
        raise BadInput(Fault("--set", 0, 0, "nothing to change is named", "add --set FIELD=VALUE, or --withdraw"))
    kind = WITHDRAW if withdraw else ADD if add else CORRECT
    act = Proposing(WantedChange(list_id, ref, kind, new, reason))
    _act(act, "proposed", key, copy, keeper, to, workspace, json)


@app.command("agree", short_help="Agree to a change: the second key.")
def agree(
    change: Annotated[str, _CHANGE],
    key: Path | None = _KEY,
    copy: Path | None = _COPY,
    keeper: str | None = _LEDGER_KEY,
    to: Path | None = _OUTPUT,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Agree to a change that the other side proposed: it is in effect from then on, and both keys stand on record.

    Refused if the row has changed since it was proposed. Look at it first: safeconduct registry change show CHANGE.

    \b
    Example, after that of safeconduct registry change propose --help, which prints CHANGE:
      KEY=$(safeconduct author new delegate.key)
      safeconduct author enrol $KEY --of RU --label "head of delegation" --workspace safeconduct-demo
      safeconduct ledger export copy-of-RU --as party:RU --workspace safeconduct-demo
      VKEY=$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' safeconduct-demo/safeconduct.toml)
      safeconduct registry change agree CHANGE --key delegate.key --copy copy-of-RU --ledger-key "$VKEY" -o agreed.jsonl
      safeconduct ledger take agreed.jsonl --workspace safeconduct-demo
    """
    from safeconduct.app.list_changing import Agreeing

    _act(Agreeing(change), "agreed", key, copy, keeper, to, workspace, json)


@app.command("decline", short_help="Decline a change of the other side, or take back one's own.")
def decline(
    change: Annotated[str, _CHANGE],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; told to both sides.")],
    key: Path | None = _KEY,
    copy: Path | None = _COPY,
    keeper: str | None = _LEDGER_KEY,
    to: Path | None = _OUTPUT,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Decline a change that the other side proposed, or take back one that your own side proposed. It is over then.

    One key of either side is enough, with a reason that both are told; nothing of the row changes. Refused if the
    change is not open any more. It may be proposed anew. A delegate declines on their own device, as with agree.

    \b
    Example, after that of safeconduct registry change propose --help, which prints CHANGE:
      safeconduct registry change decline CHANGE --reason 'misread again' --workspace safeconduct-demo
    """
    from safeconduct.app.list_changing import Declining

    _act(Declining(change, reason), "declined", key, copy, keeper, to, workspace, json)


@app.command("show", short_help="One change: what it says, and what it touches.")
def show(
    change: Annotated[str, _CHANGE],
    copy: Path | None = _FROM_COPY,
    keeper: str | None = _KEEPER,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Show a change: which values it changes, who signed, and which reviews, candidates, rounds and plans it touches.

    A party's delegate shows it from their copy (--copy), which is checked first, whole. What it touches beyond the list
    itself is the intermediary's to know.

    \b
    Example, after that of safeconduct registry change propose --help:
      safeconduct registry change show CHANGE --workspace safeconduct-demo
    """
    state = _state(workspace) if copy is None else _state_of_copy(copy, keeper)
    found = state.registry.changes.named(change)
    if json:
        print_json(_as_json(state, found, at_desk=copy is None))
    else:
        _print(state, found, at_desk=copy is None)


@app.command("list", short_help="All changes of rows.")
def list_changes(
    copy: Path | None = _FROM_COPY,
    keeper: str | None = _KEEPER,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """List every change of a row that was proposed, in order: open, in effect, declined, taken back, or lapsed (the row
    changed meanwhile). A party's delegate lists those of their own lists, from their copy (--copy).

    \b
    Example, after: safeconduct demo --fast
      safeconduct registry change list --workspace safeconduct-demo
    """
    state = _state(workspace) if copy is None else _state_of_copy(copy, keeper)
    found = list(state.registry.changes.by_digest.values())
    if json:
        print_json({"changes": [_as_json(state, one, at_desk=copy is None) for one in found]})
        return
    print(f"{counted(len(found), 'change')} of rows" + (":" if found else " on record"))
    for one in found:
        print(f"  {one.short}  {_standing(one)}: {one}")


def _act(
    act: "Proposing | Agreeing | Declining",
    did: str,
    key: Path | None,
    copy: Path | None,
    keeper: str | None,
    to: Path | None,
    workspace: Path | None,
    json: bool,
) -> None:
    if key is not None:
        if copy is None or to is None:
            what, mend = "a delegate signs from a copy, into a file", "add --copy DIR and -o FILE"
            raise BadInput(Fault("--key", 0, 0, what, mend))
        _on_device(act, did, key, copy, keeper, to, json)
        return
    for option, value in (("--copy", copy), ("--ledger-key", keeper), ("-o", to)):
        if value is not None:
            raise BadInput(Fault(option, 0, 0, "is for a delegate's key", "add --key FILE, or leave it out"))
    _at_desk(act, did, workspace, json)


def _on_device(
    act: "Proposing | Agreeing | Declining", did: str, key: Path, copy: Path, keeper: str | None, to: Path, json: bool
) -> None:
    from safeconduct.app.exported_copy import ExportedCopy
    from safeconduct.app.own_device import sign_from_copy
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.signed_files import encode_signed
    from safeconduct.exchange.entries import DECODER
    from safeconduct.ledger.header import parse_signed

    verifier = ledger_key("--ledger-key", copy, keeper)
    with progress("Checking", ExportedCopy.open(copy).size) as advance:
        made = sign_from_copy(key, copy, verifier, act, SystemClock(), SystemRandomness(), advance)
    write_file(to, encode_signed(made))
    header, digest = parse_signed(made.signed).header, _digest(DECODER.decode(made.text))
    if json:
        print_json({"file": str(to), "digest": digest, "public_key": header.author.hex()})
    else:
        print(f"{did:<9} {digest[:12]}, with the key {header.author.hex()[:16]}…, as its number {header.author_seq}")
        print(f"file      {to}: give it to the intermediary")


def _at_desk(act: "Proposing | Agreeing | Declining", did: str, workspace: Path | None, json: bool) -> None:
    from safeconduct.app.list_changing import Agreeing, Proposing
    from safeconduct.app.officer_acts import OF_ANOTHER_VERSION
    from safeconduct.app.registry_acts import AgreeToChange, DeclineChange, OnRecord, OnRegistry, ProposeChange
    from safeconduct.kernel.entry import Opened

    wanted: OnRegistry
    match act:
        case Proposing():
            wanted = ProposeChange(act.wanted)
        case Agreeing():
            wanted = AgreeToChange(act.digest)
        case _:
            wanted = DeclineChange(act.digest, act.reason)
    with writing(open_or_find(workspace)) as writer:
        done = writer.perform(wanted)
        if not isinstance(done, OnRecord):
            raise Refused(OF_ANOTHER_VERSION)
        state, made = writer.state, next(writer.record.read(done.first)).body
    if not isinstance(made, Opened):
        raise Refused("it is recorded, and was erased meanwhile")
    found = state.registry.changes.named(_digest(made.entry))
    if json:
        print_json(_as_json(state, found))
    else:
        print(f"{did:<9} {found.short}")
        _print(state, found)


def _digest(entry: "Entry") -> str:
    from safeconduct.registry.list_changes import digest_of
    from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed

    if isinstance(entry, ListChangeProposed):
        return digest_of(entry)
    return entry.proposal_sha256 if isinstance(entry, ListChangeAgreed | ListChangeDeclined) else ""


def _state(workspace: Path | None) -> "Exchange":
    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import Exchange

    found = open_or_find(workspace)
    found.require_keys()
    record, state = found.open_record(DECODER), Exchange()
    for one in record.read():
        if one.index == 0:
            state.agreement.authors.found(one.author, found.intermediary)
        state.take(one.body)
    record.close()
    return state


def _state_of_copy(copy: Path, keeper: str | None) -> "Exchange":
    """As a copy tells it, which is checked first. Raises Refused if it does not hold."""
    from safeconduct.app.copy_checking import verify_copy
    from safeconduct.app.exported_copy import ExportedCopy
    from safeconduct.app.signed_state import told_state
    from safeconduct.exchange.state import Exchange

    verifier = ledger_key("--ledger-key", copy, keeper)
    opened = ExportedCopy.open(copy)
    with progress("Checking", opened.size) as advance:
        report = verify_copy(copy, verifier, progress=advance)
    if report.problems:
        raise Refused(f"do not rely on this copy: {report.problems[0]}; see: safeconduct ledger verify {copy}")
    return Exchange(registry=told_state(opened, b"").registry)


def _values(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or name.strip() in found:
            what = f"{pair!r} does not read FIELD=VALUE" if not equals or not name.strip() else f"{name} stands twice"
            raise BadInput(Fault("--set", 0, 0, what, "write --set FIELD=VALUE, once for each field"))
        found[name.strip()] = value
    return found


def _print(state: "Exchange", found: "ListChange", *, at_desk: bool = True) -> None:
    from safeconduct.app.list_change_effects import effects
    from safeconduct.registry.comparing import in_words, shown

    print(f"change    {found.short}  ({_standing(found)})")
    print(f"row       {found}")
    written = state.registry.as_written.get((found.proposed.list_id, found.proposed.ref))
    for heading, cell in written.cells.items() if written else ():
        print(f"          as written: {heading} {cell!r}")
    print(f"reason    {found.proposed.reason}")
    print(f"keys      {found.proposed.side} proposes, with {found.proposed.public_key[:16]}…")
    if found.agreed is not None:
        print(f"          {found.agreed.side} agrees, with {found.agreed.public_key[:16]}…")
    if found.declined is not None:
        print(f"          {found.status} by {found.declined.side}, with {found.declined.public_key[:16]}…")
    if found.proposed.change == "withdraw":
        for name, value in found.proposed.before.items():
            print(f"          {in_words(name)}: {shown(name, value)}")
    touched = effects(state, found)
    nothing = "no review, candidate, round or plan on record" if at_desk else _UNTOLD
    print(f"touches   {touched[0] if touched else nothing}")
    for one in touched[1:]:
        print(f"          {one}")


def _standing(found: "ListChange") -> str:
    if found.status == "open":
        proposed = found.proposed
        other = "the intermediary" if proposed.side in proposed.own else " and ".join(proposed.own)
        return f"open, waits for a key of {other}"
    if found.declined is not None:
        return f"{found.status} by {found.declined.side}: {found.declined.reason}"
    return found.status if found.status != "lapsed" else "lapsed: the row, or the key, had changed"


def _as_json(state: "Exchange", found: "ListChange", *, at_desk: bool = True) -> dict[str, Any]:
    from safeconduct.app.list_change_effects import effects

    one = found.proposed
    return {
        "digest": found.digest,
        "status": found.status,
        "list_id": one.list_id,
        "ref": one.ref,
        "change": one.change,
        "before": one.before,
        "after": one.after,
        "reason": one.reason,
        "in_words": str(found),
        "proposed": _signed(one),
        "agreed": found.agreed and _signed(found.agreed),
        "declined": found.declined and _signed(found.declined) | {"reason": found.declined.reason},
        "touches": effects(state, found) if at_desk else None,
    }


def _signed(one: "ListChangeProposed | ListChangeAgreed | ListChangeDeclined") -> dict[str, str]:
    from safeconduct.kernel.times import format_instant

    return {"side": one.side, "public_key": one.public_key, "at": format_instant(one.occurred_at_us)}
