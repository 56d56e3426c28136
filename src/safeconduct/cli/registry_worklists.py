"""`safeconduct registry worklists`: what is left to do about the persons on the lists."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.files import note, print_json, write_file
from safeconduct.cli.registry_record import state_of, weighings_of
from safeconduct.cli.workspace import JSON, WORKSPACE
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.exchange.state import Exchange
    from safeconduct.registry.worklists import Task

_SHOWN = 5
COLUMNS = ("worklist", "list", "ref", "name", "about", "next")


def worklists(
    workspace: Path | None = WORKSPACE,
    only: Annotated[str, typer.Option("--only", metavar="WORKLIST", help="One worklist, with all its rows.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write all rows there, as CSV.")
    ] = None,
    json: bool = JSON,
) -> None:
    """Print what is left to do about the persons on the lists on record, and what to do next.

    Five worklists, at the intermediary's clearance (with names): sought-not-held, held-not-sought, held-by-nobody,
    already-exchanged, twice-on-one-list; and to-reconcile, candidates that no longer follow from what reviewers find.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct registry worklists --workspace safeconduct-demo
    """
    from safeconduct.app.handed_over import handed_over
    from safeconduct.app.ports import SystemClock
    from safeconduct.registry.worklists import WORKLISTS
    from safeconduct.registry.worklists import worklists as worked_out

    if only and only not in WORKLISTS:
        raise Refused(f"no worklist {only!r}; there are: {', '.join(WORKLISTS)}")
    state = state_of(workspace)
    terms, now_us = state.agreement.terms, SystemClock().now_us()
    parties = terms.parties if terms else ()
    proposed = {pair: weighing.pairs for pair, weighing in weighings_of(state, "", "").items()}
    found = worked_out(state.registry, parties, proposed, handed_over(state, now_us))
    found = {name: tasks for name, tasks in found.items() if only in ("", name)}
    if output is not None:
        write_file(output, _as_csv(state, found))
        note(f"{output}: {sum(map(len, found.values())):,} rows")
    if json:
        print_json(
            {
                name: [dict(zip(COLUMNS[1:], _row(state, task), strict=True)) for task in tasks]
                for name, tasks in found.items()
            }
        )
    elif output is None:
        for name, tasks in found.items():
            print(f"{name}: {len(tasks):,}, {WORKLISTS[name]}")
            shown = tasks if only else tasks[:_SHOWN]
            for task in shown:
                list_id, ref, who, about, step = _row(state, task)
                print(f"  {list_id} {ref} {who}: {about} → {step}")
            if len(shown) < len(tasks):
                print(f"  … and {len(tasks) - len(shown):,} more: --only {name}")


def _row(state: "Exchange", task: "Task") -> tuple[str, str, str, str, str]:
    listed = state.registry.persons.get((task.list_id, task.ref))
    names = (listed.family_name, listed.given_name, listed.patronymic) if listed else ()
    return task.list_id, task.ref, " ".join(filter(None, names)), task.about, task.next_step


def _as_csv(state: "Exchange", found: "dict[str, list[Task]]") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((name, *_row(state, task)) for name, tasks in found.items() for task in tasks)
    return out.getvalue().encode()
