"""`safeconduct alarms`: what does not fit the terms, who looks after it, and what is done about it."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.serving import post
from safeconduct.cli.workspace import WORKSPACE, counted, open_or_find
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.app.commands import OnAlarms
    from safeconduct.app.workspace import Workspace
    from safeconduct.tracking.alarm_book import Seen
    from safeconduct.views.operations_model import AlarmSeen, DeviationSeen, Operations

app = typer.Typer()

_NUMBER = typer.Argument(metavar="NUMBER", help="An alarm's number; or one deviation's in it, for that one alone.")
_BY = typer.Option("--by", metavar="NAME", help="Who does this.")


@app.callback(invoke_without_command=True)
def alarms(
    context: typer.Context,
    workspace: Path | None = WORKSPACE,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are resolved, waived or withdrawn.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the alarms that stand, as the intermediary sees them: those that nobody has taken on first.

    Deviations with one cause are one alarm; its number is the lowest of theirs. Exit code: 0 nothing stands, 1 an
    alarm stands, 2 bad input. The commands below work on a workspace whether or not a server holds it: where one does,
    it is asked to record what is done. docs/alarms.md says what an alarm is, and what becomes of it.

    \b
    Example, with a day to look at:
      safeconduct demo --fast --persons 40 --workspace alarms-example
      safeconduct alarms --workspace alarms-example --all
    """
    if context.invoked_subcommand is not None:
        context.obj = workspace
        return
    from safeconduct.app.ports import SystemClock

    now_us = SystemClock().now_us()
    operations = _look(open_or_find(workspace), now_us)
    standing = [one for one in operations.alarms if one.state in ("unacknowledged", "acknowledged")]
    shown = list(operations.alarms) if everything else standing
    if json:
        print_json({"alarms": [_as_json(alarm) for alarm in shown]})
    else:
        _print(shown, operations, now_us, everything)
    raise typer.Exit(1 if standing else 0)


@app.command("acknowledge", short_help="Take an alarm on.")
def acknowledge(
    context: typer.Context,
    number: Annotated[int, _NUMBER],
    by: Annotated[str, _BY],
    workspace: Path | None = WORKSPACE,
) -> None:
    """Say that you have seen an alarm and look after it: you become its owner.

    \b
    Example, where alarm 4 stands and nobody has taken it on:
      safeconduct alarms acknowledge 4 --by "A. Duty"
    """
    from safeconduct.app.commands import AcknowledgeAlarms

    _act(context, workspace, number, lambda seen: AcknowledgeAlarms(seen, by), "acknowledged", True)


@app.command("assign", short_help="Hand an alarm over.")
def assign(
    context: typer.Context,
    number: Annotated[int, _NUMBER],
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who looks after it from now on.")],
    by: Annotated[str, _BY],
    workspace: Path | None = WORKSPACE,
) -> None:
    """Hand an alarm over to another owner.

    \b
    Example, after that of safeconduct alarms --help:
      safeconduct alarms assign 10 --to "B. Duty" --by "A. Duty" --workspace alarms-example
    """
    from safeconduct.app.commands import AssignAlarms

    _act(context, workspace, number, lambda seen: AssignAlarms(seen, to, by), f"handed over to {to}")


@app.command("resolve", short_help="Say what was done.")
def resolve(
    context: typer.Context,
    number: Annotated[int, _NUMBER],
    by: Annotated[str, _BY],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was done; told to the intermediary alone.")],
    workspace: Path | None = WORKSPACE,
) -> None:
    """Say that what had to be done about an alarm is done. The deviation stands in the record all the same.

    \b
    Example, after that of safeconduct alarms --help:
      safeconduct alarms resolve 10 --by "B. Duty" --note "Comes with the next round." --workspace alarms-example
    """
    from safeconduct.app.commands import ResolveAlarms

    _act(context, workspace, number, lambda seen: ResolveAlarms(seen, by, note), "resolved")


@app.command("waive", short_help="Record that a party waives it.")
def waive(
    context: typer.Context,
    number: Annotated[int, _NUMBER],
    party: Annotated[str, typer.Option("--party", metavar="P", help="The party that makes nothing of it.")],
    by: Annotated[str, _BY],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; told to the intermediary alone.")],
    workspace: Path | None = WORKSPACE,
) -> None:
    """Record that one party makes nothing of an alarm. It is waived once every party of the agreement has said so.

    \b
    Example, after that of safeconduct alarms --help:
      safeconduct alarms waive 10 --party RU --by "B. Duty" --reason "Agreed." --workspace alarms-example
    """
    from safeconduct.app.commands import WaiveAlarms

    _act(
        context,
        workspace,
        number,
        lambda seen: WaiveAlarms(seen, party, by, reason),
        f"waived by {party}",
    )


def _look(workspace: "Workspace", now_us: int) -> "Operations":
    from safeconduct.app.duty_view import DutyView, due_soon
    from safeconduct.exchange.entries import DECODER

    workspace.require_keys()
    record = workspace.open_record(DECODER)
    try:
        return DutyView().look(record, now_us, due_soon(record, now_us, workspace.escalation.to))
    finally:
        record.close()


def _act(
    context: typer.Context,
    folder: Path | None,
    number: int,
    make: "Callable[[Seen], OnAlarms]",
    what: str,
    new_only: bool = False,
) -> None:
    """Record an act on an alarm as it stands now: here, or by the server that holds the ledger."""
    from safeconduct.app.duty_view import DutyView
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.release_alarms import raise_alarms
    from safeconduct.app.rolled_back import RolledBack
    from safeconduct.exchange.entries import DECODER
    from safeconduct.tracking.alarm_book import seen
    from safeconduct.web.acting import act_in_json

    workspace, clock = open_or_find(folder or context.obj), SystemClock()
    try:
        recorder = workspace.open_recorder(clock, SystemRandomness(), DECODER)
    except RolledBack:
        raise
    except Refused as busy:
        chosen = _chosen(_look(workspace, clock.now_us()), number, new_only)
        post(workspace, "/alarms", act_in_json(make(seen(one.glance() for one in chosen))), busy)
    else:
        try:
            office = Office(recorder, clock)
            raise_alarms(office, workspace.escalation.to)
            chosen = _chosen(DutyView().look(recorder, clock.now_us()), number, new_only)
            office.perform(make(seen(one.glance() for one in chosen)))
        finally:
            recorder.close()
    print(f"alarm {number}: {counted(len(chosen), 'deviation')} {what}")


def _chosen(operations: "Operations", number: int, new_only: bool) -> "Sequence[DeviationSeen]":
    """What a number is of: all of the alarm that is called so, else the one deviation."""
    for alarm in operations.alarms:
        for one in alarm.deviations:
            if one.number != number:
                continue
            if number != alarm.number:
                return [one]
            new = [each for each in alarm.deviations if each.state == "unacknowledged"] if new_only else []
            return new or alarm.deviations
    raise Refused(f"there is no alarm {number}; safeconduct alarms --all lists them")


def _as_json(alarm: "AlarmSeen") -> dict[str, Any]:
    from safeconduct.kernel.times import format_instant

    def instant(at_us: int | None) -> str | None:
        return None if at_us is None else format_instant(at_us)

    return {
        "number": alarm.number,
        "state": alarm.state,
        "severity": alarm.severity,
        "status": alarm.status,
        "title": alarm.title,
        "cause": {"kind": alarm.cause, "of": alarm.of},
        "first_at": instant(alarm.first_us),
        "shown_at": instant(alarm.shown_at_us),
        "owner": alarm.owner,
        "unacknowledged": alarm.unacknowledged,
        "escalated_at": instant(alarm.escalated_us),
        "escalated_to": alarm.escalated_to,
        "waived_by": alarm.waived_by,
        "not_waived_by": alarm.not_waived_by,
        "resolved_at": instant(alarm.resolved_us),
        "resolved_by": alarm.resolved_by,
        "notes": alarm.notes,
        "devices": [
            {"device": one.device, "last_heard": instant(one.last_us), "complete_until": instant(one.complete_us)}
            for one in alarm.heard
        ],
        "devices_awaited": alarm.awaited,
        "deviations": [
            {
                "number": one.number,
                "state": one.state,
                "owner": one.owner,
                "waived_by": one.waived_by,
                "clause": one.clause,
                "rule": one.rule,
                "subject": one.subject,
                "at": instant(one.at_us),
                "severity": one.severity,
                "status": one.status,
                "message": one.message,
                "evidence": one.evidence,
                "waiting_for": one.waiting_for,
            }
            for one in alarm.deviations
        ],
    }


def _print(shown: "Sequence[AlarmSeen]", operations: "Operations", now_us: int, everything: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from safeconduct.views.operations_alarms import clock
    from safeconduct.web.clocks import minutes_words

    if not shown:
        print(f"{operations.exchange or 'the record'}: no alarm {'was ever shown' if everything else 'stands'}")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for heading in ("no.", "severity", "how it stands", "shown"):
        table.add_column(heading, header_style="dim", overflow="fold")
    table.add_column("what", header_style="dim", overflow="fold", ratio=1)
    for alarm in shown:
        what = Text(alarm.title, style="bold")
        what.append(f"\n{_first(alarm)}", style="none")
        for line in _more(alarm, now_us):
            what.append(f"\n{line}", style="dim")
        age = minutes_words(now_us - alarm.shown_at_us)
        style = {"critical": "bold red", "serious": "yellow"}.get(alarm.severity, "none")
        stands = f"{alarm.status}\n{_stands(alarm)}"
        table.add_row(
            str(alarm.number),
            Text(alarm.severity, style=style),
            stands,
            f"{clock(alarm.shown_at_us, now_us)}\n{age} ago",
            what,
        )
    console.print(table)


def _stands(alarm: "AlarmSeen") -> str:
    words = {"unacknowledged": "not acknowledged"}.get(alarm.state, alarm.state)
    count = len(alarm.deviations)
    if alarm.state == "unacknowledged" and alarm.unacknowledged < count:
        words = f"{alarm.unacknowledged} of {count} not acknowledged"
    return f"{words}\n{alarm.owner}" if alarm.owner else words


def _first(alarm: "AlarmSeen") -> str:
    count, message = len(alarm.deviations), alarm.gravest.message
    return message if count == 1 else f"First of {count}: {message}"


def _more(alarm: "AlarmSeen", now_us: int) -> list[str]:
    from safeconduct.views.operations_alarms import clock, waiting_words, waiver_words

    waiting = waiting_words(alarm)
    lines = [waiting[:1].upper() + waiting[1:]]
    if alarm.escalated_us is not None:
        lines.append(f"Escalated to {', '.join(alarm.escalated_to)} at {clock(alarm.escalated_us, now_us)}")
    return [line for line in (*lines, waiver_words(alarm), *alarm.notes) if line]
