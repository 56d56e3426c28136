"""`safeconduct release`: sealed fields go to a third person, by two keys of the intermediary or by one at once."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.acting import entered, perform, record_due_alarms
from safeconduct.cli.files import note, print_json, write_file
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.app.workspace import Workspace
    from safeconduct.disclosure.releases import Release

app = typer.Typer(no_args_is_help=True)

_INDEX = typer.Argument(metavar="INDEX", help="Whose fields: which entry, from 0.")
_NUMBER = typer.Argument(metavar="NUMBER", help="The release's number.")
_FIELD = typer.Option("--field", metavar="NAME", help="A field to release; may be given several times.")
_TO = typer.Option("--to", metavar="WHO", help="The recipient, by office or name.")
_TO_KEY = typer.Option("--to-key", metavar="PUBKEY", help="The recipient's key: what recipient new printed.")
_WHY = typer.Option("--why", metavar="TEXT", help="Why; told to the intermediary alone. Name nobody in it.")
_KEY = typer.Option("--key", metavar="FILE", help="Your key, made by author new.  [default: the workspace's own]")
_OUT = typer.Option("-o", "--output", metavar="FILE", help="The file for the recipient.")


@app.callback()
def release() -> None:
    """Give sealed fields of an entry to a third person: two keys of the intermediary, or breaking glass.

    One key proposes which fields of which entry go to whom, and why; another agrees to that very proposal. Only when
    both stand in the record are the fields opened, and written with their proof to a file that the recipient's key
    alone opens. In an emergency one key releases alone (break-glass): everybody of the intermediary gets an alarm at
    once, every party is told that it happened and when, and another key must review it in time. docs/releases.md says
    the rest: what one key may release in a day, and what all this does not hold back.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct author new officer-2.key > officer-2.pub
      safeconduct author enrol "$(cat officer-2.pub)" --of NI --label 'duty officer 2' --workspace safeconduct-demo
      safeconduct recipient new physician.key > physician.pub
      safeconduct release propose 7 --field type --to 'a physician' --to-key "$(cat physician.pub)" \\
        --why 'Asked for by the return facility.' --workspace safeconduct-demo
      safeconduct release agree 1 --key officer-2.key -o for-physician.sealed --workspace safeconduct-demo
    """


@app.command("propose", short_help="Propose a release, with one key.")
def propose(
    index: Annotated[int, _INDEX],
    fields: Annotated[list[str], _FIELD],
    to: Annotated[str, _TO],
    to_key: Annotated[str, _TO_KEY],
    why: Annotated[str, _WHY],
    key: Annotated[Path | None, _KEY] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Propose that fields of one entry go to one recipient. Nothing is opened before another key agrees.

    It binds the entry, the fields and the recipient's key: anything else is another release.

    \b
    Example: see safeconduct release --help
    """
    from safeconduct.app.officer_acts import ProposeRelease
    from safeconduct.app.release_rules import Wanted
    from safeconduct.disclosure.release_entries import ReleaseProposed

    wanted = Wanted(index, tuple(fields), to, to_key, why)
    entry, _ = entered(open_or_find(workspace), ProposeRelease(wanted), ReleaseProposed, key)
    if json:
        print_json({"number": entry.number, "index": entry.index, "fields": entry.slots, "key": entry.public_key})
        return
    print(f"proposed  release {entry.number}: {', '.join(entry.slots)} of entry {entry.index} to {entry.recipient}")
    print(f"keys      1 of 2; another agrees by: safeconduct release agree {entry.number} --key FILE -o FILE")


@app.command("agree", short_help="Agree to a proposal, with another key.")
def agree(
    number: Annotated[int, _NUMBER],
    output: Annotated[Path, _OUT],
    key: Annotated[Path | None, _KEY] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Agree to one proposal with another key than the proposer's; then the file for the recipient is written.

    Read first what is proposed: safeconduct release list. The agreement stands in the record before anything is opened;
    should the file be lost, safeconduct release write makes it again.

    \b
    Example: see safeconduct release --help
    """
    from safeconduct.app.officer_acts import AgreeToRelease

    found = _room_for(output, workspace)
    perform(found, AgreeToRelease(number), key)
    _write(found, number, output, json)


@app.command("break-glass", short_help="Release at once, with one key; everybody is told.")
def break_glass(
    index: Annotated[int, _INDEX],
    fields: Annotated[list[str], _FIELD],
    to: Annotated[str, _TO],
    to_key: Annotated[str, _TO_KEY],
    why: Annotated[str, _WHY],
    output: Annotated[Path, _OUT],
    key: Annotated[Path | None, _KEY] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Release fields at once with one key, where waiting for a second endangers somebody.

    It stands in the record, with an alarm for everybody of the intermediary, before anything is opened; every party is
    told that glass was broken, and when. Another key must review it within the time that the terms say (release_review,
    24 hours by default); after that there is a second alarm.

    \b
    Example, after that of safeconduct release --help:
      safeconduct release break-glass 7 --field type --to 'a physician' --to-key "$(cat physician.pub)" \\
        --why 'An emergency at the crossing.' -o at-once.sealed --workspace safeconduct-demo
    """
    from safeconduct.app.officer_acts import BreakGlass
    from safeconduct.app.release_rules import Wanted
    from safeconduct.disclosure.release_entries import GlassBroken

    found = _room_for(output, workspace)
    entry, _ = entered(found, BreakGlass(Wanted(index, tuple(fields), to, to_key, why)), GlassBroken, key)
    _write(found, entry.number, output, json)


@app.command("review", short_help="Review a release under break-glass, with another key.")
def review(
    number: Annotated[int, _NUMBER],
    finding: Annotated[str, typer.Option("--finding", metavar="WHAT", help="justified or not-justified.")],
    words: Annotated[str, typer.Option("--words", metavar="TEXT", help="What was found; for the intermediary alone.")],
    key: Annotated[Path | None, _KEY] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Record what another key than the one that broke the glass finds of it. Its alarms are resolved by that.

    \b
    Example, after that of safeconduct release break-glass --help:
      safeconduct release review 2 --finding justified --words 'The physician confirmed the emergency.' \\
        --key officer-2.key --workspace safeconduct-demo
    """
    from safeconduct.app.officer_acts import ReviewRelease
    from safeconduct.disclosure.release_entries import GlassReviewed

    entry, _ = entered(open_or_find(workspace), ReviewRelease(number, finding, words), GlassReviewed, key)
    if json:
        print_json({"number": number, "finding": entry.finding, "words": entry.words, "key": entry.public_key})
    else:
        print(f"reviewed  release {number}: {entry.finding.replace('-', ' ')}")


@app.command("write", short_help="Write the file of a release once more.")
def write(
    number: Annotated[int, _NUMBER],
    output: Annotated[Path, _OUT],
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Write the file of a release that stands in the record: the same fields, sealed to the same key.

    Refused while the second key's agreement lacks, and once one of its keys was revoked.

    \b
    Example, after that of safeconduct release --help:
      safeconduct release write 1 -o once-more.sealed --workspace safeconduct-demo
    """
    found = open_or_find(workspace)
    # A program that was killed between a release and its alarm has left the alarm to the next one: a server that holds
    # the ledger has recorded it.
    with suppress(Refused):
        record_due_alarms(found)
    _write(found, number, output, json)


@app.command("list", short_help="List releases: what, to whom, by which keys.")
def list_releases(workspace: Path | None = WORKSPACE, json: bool = JSON) -> None:
    """List what was proposed and released, to whom, why, by which keys, and what reviews found.

    \b
    Example, after that of safeconduct release --help:
      safeconduct release list --workspace safeconduct-demo
    """
    from safeconduct.app.ports import SystemClock
    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import Exchange

    found = open_or_find(workspace)
    found.require_keys()
    record, state = found.open_record(DECODER), Exchange()
    for recorded in record.read():
        state.take(recorded.body)
    record.close()
    releases = list(state.disclosure.releases.values())
    if json:
        print_json({"releases": [_as_json(one) for one in releases]})
        return
    now_us = SystemClock().now_us()
    for one in releases:
        asked, standing = one.asked, _standing(one, now_us)
        print(f"{asked.number}  {', '.join(asked.slots)} of entry {asked.index} to {asked.recipient}: {standing}")
        print(f"   sealed to {asked.recipient_key}")
        print(f"   {asked.why}")
    if not releases:
        note("nothing was released")


def _room_for(output: Path, workspace: Path | None) -> "Workspace":
    """The workspace, if the file may be written: what was recorded in vain would count and be told all the same."""
    if not output.parent.is_dir():
        raise BadInput(Fault(str(output), 0, 0, "cannot be written: there is no such folder", "check the folder"))
    return open_or_find(workspace)


def _write(workspace: "Workspace", number: int, output: Path, json: bool) -> None:
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.release_files import release_file

    source, made = release_file(workspace, number, SystemClock(), SystemRandomness())
    write_file(output, source, private=True)
    shown = () if made.proven.disclosure is None else tuple(one.slot for one in made.proven.disclosure.shown)
    if json:
        print_json({"number": number, "file": str(output), "index": made.proven.index, "fields": shown})
        return
    print(f"released  {counted(len(shown), 'field')} of entry {made.proven.index}: release {number}")
    print(f"file      {output}: the recipient opens it by safeconduct recipient open")
    note(f"Give the recipient this key by another way: {workspace.verifier}")


def _as_json(one: "Release") -> dict[str, object]:
    from safeconduct.kernel.times import format_instant

    moment: Callable[[int], str] = format_instant
    asked, reviewed = one.asked, one.reviewed
    return {
        "number": asked.number,
        "index": asked.index,
        "fields": asked.slots,
        "to": asked.recipient,
        "to_key": asked.recipient_key,
        "why": asked.why,
        "asked_at": moment(asked.occurred_at_us),
        "proposed_by": asked.public_key,
        "break_glass": one.alone,
        "released_at": moment(one.released_us) if one.keys else None,
        "keys": one.keys,
        "agree_until": None if one.keys else moment(one.until_us),
        "finding": None if reviewed is None else reviewed.finding,
        "words": None if reviewed is None else reviewed.words,
        "reviewed_by": None if reviewed is None else reviewed.public_key,
    }


def _standing(one: "Release", now_us: int) -> str:
    if not one.keys:
        lapsed = now_us > one.until_us
        return f"proposed by {one.asked.public_key[:16]}…, {'lapsed' if lapsed else 'nobody has agreed'}"
    keys = " and ".join(f"{key[:16]}…" for key in one.keys)
    if not one.alone:
        return f"released by {keys}"
    found = "not reviewed" if one.reviewed is None else f"found {one.reviewed.finding.replace('-', ' ')}"
    return f"released under break-glass by {keys}, {found}"
