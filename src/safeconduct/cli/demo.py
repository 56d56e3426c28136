"""`safeconduct demo`: a whole exchange on files, from terms to a closed record that anyone can check."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from safeconduct.cli.files import read_file, write_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.app.copy_checking import CopyReport
    from safeconduct.app.workspace import Workspace
    from safeconduct.cli.demo_page import DemoPage
    from safeconduct.cli.demo_screen import Silent
    from safeconduct.sim.exchange_run import Outcome
    from safeconduct.sim.faults import FaultPlan

MADE = "demo-files.txt"
"""What the demo makes in its workspace, so that --force replaces that and nothing else."""

_FILES, _MIRRORS = "files", "mirrors"
_NAMES = (
    MADE,
    "safeconduct.toml",
    *(
        f"{base}.sqlite{tail}"
        for base in ("ledger", "keys", "cosignatures")
        for tail in ("", "-wal", "-shm", "-journal", ".lock")
    ),
    "secrets",
    "copies",
    _MIRRORS,
    _FILES,
)

_WORKSPACE = typer.Option("safeconduct-demo", "--workspace", metavar="DIR", help="Folder to make.")


def demo(
    workspace: Path = _WORKSPACE,
    seed: int = typer.Option(20250704, "--seed", metavar="S", help="The same seed gives the same exchange."),
    persons: int = typer.Option(1300, "--persons", metavar="N", min=20, max=3000, help="Persons whom each side holds."),
    faults: str = typer.Option(
        "light", "--faults", metavar="none|light|heavy|LIST", help="What goes wrong on the day (see docs/files.md)."
    ),
    fast: bool = typer.Option(False, "--fast", help="No page, no waiting: about a minute on two cores."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open the live page in a browser."),
    port: int | None = typer.Option(
        None, "--port", metavar="N", min=0, max=65535, help="Where the page is served.  [default: 8420, or any free]"
    ),
    pace: float | None = typer.Option(
        None,
        "--pace",
        metavar="N",
        min=0,
        help="Seconds of the day in one.  [default: 600 at a terminal, else no wait]",
    ),
    force: bool = typer.Option(False, "--force", help="Replace what an earlier demo made there, and nothing else."),
    json: bool = typer.Option(False, "--json", help="Print one JSON object at the end, and nothing else; no page."),
) -> None:
    """Carry a whole exchange through: terms, lists in two scripts, who is exchanged, the plan, the day, the record.

    Everything is synthetic and written to a workspace; then the same code that takes a user's own files takes these.
    A live page shows it, at the clearance of the intermediary, of each party and of the public; on it the day can be
    paused and its speed set. Troubles are drawn for the day, and at the end what was raised is compared with what
    should have been, and each party's copy of the record is checked by itself.
    Exit code 0: exactly what was drawn was found; 1: not; 2: it could not be done.

    \b
    Examples:
      safeconduct demo
      safeconduct demo --fast --force
    """
    import time

    import msgspec

    from safeconduct.app.copy_checking import verify_as_each_party
    from safeconduct.app.workspace import open_workspace
    from safeconduct.cli.demo_page import DemoPage, chosen_pace
    from safeconduct.cli.demo_screen import Screen, Silent
    from safeconduct.sim.faults import read_faults

    begun = time.perf_counter()
    fault_plan = read_faults(faults)
    shown = not (fast or json)
    # Where nobody looks it is served all the same: the parties' mirrors follow the ledger there.
    page = DemoPage(port, chosen_pace(pace)) if shown else DemoPage(0, 0.0)
    _make_room(workspace, force)
    narrator = Silent() if json else Screen(page.time if shown else None)
    narrator.open(persons, workspace)
    try:
        outcome, cosigned_by = _run(workspace, seed, persons, fault_plan, narrator, page, browser, shown=shown)
        made = open_workspace(workspace)
        copies = _check_copies(made, outcome.prepared.terms.agreement.parties, narrator, verify_as_each_party)
        summary = _summary(workspace, outcome, cosigned_by, copies, time.perf_counter() - begun)
        if json:
            # One line, so that whoever reads line by line finds the object at the end.
            print(msgspec.json.encode(summary).decode())
        else:
            narrator.close(summary, outcome)
        if shown:
            page.stay()
    finally:
        page.close()
    found_all = not outcome.missed and not outcome.invented and not outcome.check.problems
    raise typer.Exit(0 if found_all and all(one.verified for one in copies) else 1)


def _check_copies(
    workspace: "Workspace",
    parties: Sequence[str],
    narrator: "Silent",
    verify: Callable[["Workspace", Sequence[str]], list["CopyReport"]],
) -> list["CopyReport"]:
    narrator.begin("Each party's copy")
    reports = verify(workspace, parties)
    for one in reports:
        verdict = "verified by its files alone" if one.verified else f"DOES NOT VERIFY: {one.problems[0]}"
        narrator.tell(
            f"{one.folder}: may know of {one.entries:,} of {one.size:,} entries, {one.fields:,} fields; {verdict}"
        )
    narrator.end()
    return reports


def _run(
    workspace: Path,
    seed: int,
    persons: int,
    faults: "FaultPlan",
    narrator: "Silent",
    page: "DemoPage",
    browser: bool,
    *,
    shown: bool,
) -> "tuple[Outcome, list[str]]":
    import hashlib

    from safeconduct.agreement.terms import read_terms_text
    from safeconduct.app.ports import SystemRandomness
    from safeconduct.app.workspace import create_workspace
    from safeconduct.cli.demo_mirrors import DemoMirrors
    from safeconduct.registry.reconciling import Interview
    from safeconduct.sim.desk import Desk, SetClock
    from safeconduct.sim.example import make_example
    from safeconduct.sim.exchange_run import COARSE_STEP_US, STEP_US, run_exchange
    from safeconduct.sim.folder import json_lines
    from safeconduct.sim.geography import ZONES
    from safeconduct.sim.preparing import MIDDLE, tell_cosigned
    from safeconduct.sim.truth import truth_lines

    files = workspace / _FILES
    narrator.begin("Example")
    example = make_example(seed, persons)
    agreement = read_terms_text("terms.toml", example.files["terms.toml"]).agreement
    mirrors = DemoMirrors(workspace / _MIRRORS, agreement.parties)
    papers = {name: content for name, content in example.files.items() if name != "candidates.csv"}
    papers["terms.toml"] += mirrors.terms()
    _write(files, papers)
    narrator.tell(f"synthetic, from seed {seed}: {len(papers)} files in {files}")
    narrator.end()
    randomness = SystemRandomness()
    made = create_workspace(workspace, agreement.id, MIDDLE, randomness, ZONES)
    page.serve(made, agreement.parties)
    if shown:
        page.tell(narrator, browser=browser)
    desk = Desk(made, SetClock(0), randomness, mirrors)
    try:
        mirrors.start(made, page.links)
        # From here on the files on disk speak, as a user's own would.
        own = {name: read_file(files / name) for name in papers}
        interviews = {ref: Interview(*heard) for ref, heard in example.interviews().items()}
        step_us = STEP_US if shown else COARSE_STEP_US
        outcome = run_exchange(desk, own, interviews, seed, faults, narrator, step_us=step_us)
        narrator.begin("Each party's mirror")
        tell_cosigned(desk, narrator)
        narrator.end()
        cosigned_by = mirrors.cosigned_by()
    finally:
        mirrors.close()
        desk.close()
    heading = {
        "seed": seed,
        "persons": persons,
        "faults": faults.name,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in own.items()},
    }
    results = {
        **outcome.prepared.files,
        "events.jsonl": json_lines(line.event for line in outcome.day.lines),
        "deviations.jsonl": b"".join(one.line() + b"\n" for one in outcome.standing),
        "truth.jsonl": json_lines(truth_lines(example, outcome.day, list(outcome.expected), heading)),
    }
    _write(files, results)
    return outcome, cosigned_by


def _make_room(workspace: Path, force: bool) -> None:
    """Refuse a folder with anything in it; with `force`, clear away what an earlier demo made there."""
    try:
        found = sorted(path.name for path in workspace.iterdir()) if workspace.exists() else []
        if found and not force:
            raise BadInput(
                Fault(str(workspace), 0, 0, "the folder is not empty", "name another, or replace a demo's by --force")
            )
        if found and MADE not in found:
            raise BadInput(Fault(str(workspace), 0, 0, "no demo made this folder", "name another with --workspace"))
        for name in found:
            path = workspace / name
            if name not in _NAMES or name == MADE:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        workspace.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            Fault(str(workspace), 0, 0, f"cannot be used: {error.strerror or error}", "name another folder")
        ) from None
    write_file(workspace / MADE, "".join(f"{name}\n" for name in _NAMES).encode())


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                Fault(str(path.parent), 0, 0, f"cannot be made: {error.strerror or error}", "check the folder")
            ) from None
        write_file(path, content)


def _summary(
    workspace: Path, outcome: "Outcome", cosigned_by: Sequence[str], copies: Sequence["CopyReport"], seconds: float
) -> dict[str, Any]:
    """The object that `--json` ends with."""
    import base64

    expected = {one.breach(): one for one in outcome.expected}
    standing = {one.breach(): one for one in outcome.standing}
    return {
        "workspace": str(workspace),
        "released": outcome.released,
        "clauses": {"kept": len(outcome.clauses_kept), "broken": len(outcome.clauses_broken)},
        "deviations": {
            "drawn": len(expected),
            "found": len(expected.keys() & standing.keys()),
            "missed": [expected[breach] for breach in outcome.missed],
            "invented": [standing[breach] for breach in outcome.invented],
        },
        "ledger": {
            "size": outcome.check.size,
            "root": base64.b64encode(outcome.check.root).decode() if outcome.check.root else "",
            "verified": not outcome.check.problems,
            "cosigned_by": list(cosigned_by),
        },
        "copies": {str(one.clearance): {"entries": one.entries, "verified": one.verified} for one in copies},
        "seconds": round(seconds, 1),
    }
