"""`safeconduct registry review`: a person looks at the pairs that matching proposes, and decides."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.acting import signing_key, writing
from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.cli.registry_record import state_of, weighings_of
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.app.review_desk import ReviewDesk
    from safeconduct.app.writers import Writer
    from safeconduct.registry.linkage import Weighing
    from safeconduct.registry.review_queue import ListPair, Waiting


class Outcome(StrEnum):
    """What a reviewer may find."""

    IDENTIFICATION = "identification"
    EXCLUSION = "exclusion"
    PREMATURE = "premature"


def review(
    workspace: Path | None = WORKSPACE,
    reviewer: Annotated[
        str, typer.Option("--reviewer", metavar="NAME", help="Who reviews; the workspace's key attests it.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="The reviewer's own key, enrolled for the intermediary: it signs."),
    ] = None,
    left: Annotated[str, typer.Option("--left", metavar="LIST", help="Only with this list of persons held.")] = "",
    right: Annotated[str, typer.Option("--right", metavar="LIST", help="Only with this list of persons sought.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Also what has a finding already, by programs or people: to replace it.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Print what waits, and stop.")] = False,
    decide: Annotated[
        tuple[str, str] | None,
        typer.Option("--decide", metavar="HELD SOUGHT", help="Decide on these two rows (refs), and stop."),
    ] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="For --decide: what is found.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="For --decide: why.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="With --list: a sheet to fill in (CSV).")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Record what is filled in there, all or nothing.")
    ] = None,
    json: bool = JSON,
) -> None:
    """Look at the pairs that matching proposes, one at a time, and decide: identification, exclusion or premature.

    Pairs in which nothing contradicts need one reviewer and come on sheets; all others come alone and need two, each of
    whom decides without seeing what the other found. If they disagree, the pair is premature until a further reviewer
    decides. Unfinished pairs come first, then the seriously wounded and sick, then what two must look at. Each finding
    is recorded at once, by handle only; q ends, u takes the last one back, ? explains the keys. Without a terminal, the
    answers are lines: "i 1", "e other fathers". While a server holds the workspace, findings are recorded by it, and
    several may review at once; else a session keeps the workspace to itself as long as it lasts.

    On paper or in a spreadsheet: --list -o FILE writes what waits, with columns `outcome` and `reason` to fill in;
    --sheet FILE records what was filled in as one group, or nothing where a cell cannot be read.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct registry review --again --reviewer 'A. Marti' --workspace safeconduct-demo
      safeconduct registry review --again --list --workspace safeconduct-demo
    """
    from safeconduct.registry.review_queue import queue

    if listing:
        from safeconduct.cli.review_sheet import write_sheet

        state = state_of(workspace)
        waiting = queue(weighings_of(state, left, right), state.registry, reviewer, again=again)
        if output is None:
            _print_list(waiting, json)
        else:
            _write_sheet(output, write_sheet(waiting, state.registry), len(waiting), json)
        return
    if output is not None:
        raise BadInput(Fault("-o", 0, 0, "writes a sheet of what waits", "add --list, or leave it out"))
    with _desk(workspace, reviewer, key) as desk:
        weighings = weighings_of(desk.writer.state, left, right)
        if decide is not None:
            if outcome is None or not reason.strip():
                raise Refused("--decide needs --outcome and --reason")
            held, sought = decide
            _decide(desk, weighings, held, sought, outcome.value, reason)
            _print_decided(desk, json)
            return
        if sheet is not None:
            _record_sheet(desk, weighings, sheet, json)
            return
        _session(desk, queue(weighings, desk.writer.state.registry, desk.reviewer, again=again))


def _session(desk: "ReviewDesk", waiting: "list[Waiting]") -> None:
    from rich.console import Console

    from safeconduct.cli.key_press import answers
    from safeconduct.cli.review_screen import ReviewScreen
    from safeconduct.cli.review_session import Session

    console = Console(highlight=False)
    if not waiting:
        console.print(f"Nothing waits for {desk.reviewer}; with --again, what has a finding already comes too.")
        return
    with answers() as answered:
        session = Session(desk, answered, ReviewScreen(console), waiting, desk.writer.clock.now_us)
        session.run()
    console.print()
    if session.erased:
        console.print("Data were erased meanwhile: begin anew for what is left.")
    console.print(f"{counted(session.decided, 'finding')} recorded by {desk.reviewer}, {len(session.waiting):,} left.")
    _tell_stale(desk.writer)


def _decide(
    desk: "ReviewDesk", weighings: "dict[ListPair, Weighing]", held: str, sought: str, outcome: str, reason: str
) -> None:
    lists = [
        (pair, weighing)
        for pair, weighing in weighings.items()
        if held in weighing.left and sought in weighing.right and (pair.held != pair.sought or held != sought)
    ]
    if len(lists) != 1:
        what = "on several lists: say which with --left and --right" if lists else "on no two lists that are compared"
        raise Refused(f"{held} and {sought} stand {what}")
    pair, weighing = lists[0]
    if pair.held == pair.sought and held > sought:
        held, sought = sought, held
    proposed = next((one for one in weighing.pairs if (one.left_ref, one.right_ref) == (held, sought)), None)
    key = pair.held, held, pair.sought, sought
    desk.decide([(key, proposed or weighing.unproposed(held, sought))], outcome, reason)


def _write_sheet(output: Path, sheet: bytes, pairs: int, json: bool) -> None:
    write_file(output, sheet, private=True)
    if json:
        print_json({"file": str(output), "pairs": pairs})
    else:
        print(f"written   {output}: {counted(pairs, 'pair')}; fill in outcome and reason, then --sheet {output}")


def _record_sheet(desk: "ReviewDesk", weighings: "dict[ListPair, Weighing]", sheet: Path, json: bool) -> None:
    from safeconduct.cli.review_sheet import read_sheet
    from safeconduct.registry.review_queue import ListPair

    proposed = {
        (lists.held, one.left_ref, lists.sought, one.right_ref): one
        for lists, weighing in weighings.items()
        for one in weighing.pairs
    }
    decided = read_sheet(str(sheet), read_file(sheet), weighings, desk.writer.state.registry)
    opinions = []
    for one in decided:
        held_list, held, sought_list, sought = one.key
        pair = proposed.get(one.key) or weighings[ListPair(held_list, sought_list)].unproposed(held, sought)
        opinions.append((one.key, pair, one.outcome, one.reason))
    desk.decide_each(opinions)
    if json:
        outcomes = Counter(one.outcome for one in decided)
        print_json({"recorded": len(decided), "outcomes": outcomes, "reviewer": desk.reviewer})
    else:
        print(f"recorded  {counted(len(decided), 'finding')} of {desk.reviewer}, as one group")
    _tell_stale(desk.writer)


def _print_decided(desk: "ReviewDesk", json: bool) -> None:
    from safeconduct.app.reviewing import key_of
    from safeconduct.registry.reviewing import same_reviewer

    registry = desk.writer.state.registry
    mine = same_reviewer(desk.reviewer)
    last = max(
        (found[mine] for found in registry.opinions.values() if mine in found), key=lambda one: one.occurred_at_us
    )
    lacking = registry.finding(key_of(last)).lacking
    if json:
        print_json(
            {
                "held_list": last.held_list,
                "held_ref": last.held_ref,
                "sought_list": last.sought_list,
                "sought_ref": last.sought_ref,
                "outcome": last.outcome,
                "reviewer": last.reviewer,
                "reviewers_lacking": lacking,
            }
        )
    else:
        waits = f"; {counted(lacking, 'further reviewer')} needed" if lacking else ""
        print(f"recorded  {last.held_ref} with {last.sought_ref}: {last.outcome}, by {last.reviewer}{waits}")
    _tell_stale(desk.writer)


def _tell_stale(writer: "Writer") -> None:
    from safeconduct.app.candidates import no_longer_follow

    stale = no_longer_follow(writer.state, writer.clock.now_us())
    if stale:
        note(
            f"{counted(len(stale), 'candidate')} on record no longer {'follow' if len(stale) > 1 else 'follows'} from "
            "the findings (safeconduct registry worklists names them): run safeconduct registry reconcile before the "
            "next round is composed"
        )


def _print_list(waiting: "list[Waiting]", json: bool) -> None:
    if json:
        print_json(
            [
                {
                    "held_list": one.key[0],
                    "held_ref": one.key[1],
                    "sought_list": one.key[2],
                    "sought_ref": one.key[3],
                    "probability": one.pair.probability,
                    "band": one.pair.band,
                    "stage": one.stage.name.lower(),
                    "reviewers_so_far": one.reviewers,
                    "reasons": one.pair.reasons,
                    "earlier": one.earlier and {"outcome": one.earlier.outcome, "since": one.earlier.since},
                }
                for one in waiting
            ]
        )
        return
    for one in waiting:
        stage = one.stage.name.lower()
        rows = f"{one.key[0]} {one.key[1]}  {one.key[2]} {one.key[3]}"
        print(f"{rows}  {one.pair.probability:.6f}  {one.pair.band}  {stage}")
        if one.earlier:
            print(f"  {one.earlier}")
    note(f"{counted(len(waiting), 'pair')} to look at")


@contextmanager
def _desk(workspace: Path | None, reviewer: str, key: Path | None) -> "Iterator[ReviewDesk]":
    from safeconduct.app.review_desk import ReviewDesk

    if reviewer and key is not None:
        raise Refused("--reviewer or --key, not both: a key names its reviewer")
    signing = signing_key(key)
    with writing(open_or_find(workspace)) as writer:
        yield ReviewDesk(writer, reviewer, signing)
