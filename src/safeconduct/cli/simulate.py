"""`safeconduct simulate`: a synthetic exchange written to a folder, for trying every other command."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.sim.folder import Simulated

_ABOUT = {
    "terms.toml": "the terms: who is exchanged, how the day is judged",
    "sites.toml": "places, roads, vehicles and hours",
    "lists/RU-held.csv": "whom RU says it holds",
    "lists/UA-held.xlsx": "whom UA says it holds",
    "lists/RU-sought.csv": "whom RU looks for",
    "lists/UA-sought.xlsx": "whom UA looks for",
    "candidates.csv": "the intermediary's reconciled candidates",
    "composition.json": "who is exchanged, proven best",
    "plan.json": "the movement plan",
    "events.jsonl": "the day's reports, in the order of their arrival",
    "truth.jsonl": "what was drawn, and what should be raised",
}


_FOLDER = typer.Argument(..., metavar="DIR", help="Folder to write; made if it is not there.")
_SEED = typer.Option(20250704, "--seed", metavar="S", help="The same seed gives the same bytes.")
_PERSONS = typer.Option(1300, "--persons", metavar="N", min=20, max=3000, help="Persons whom each side holds.")
_FAULTS = typer.Option(
    "light",
    "--faults",
    metavar="none|light|heavy|LIST",
    help="What goes wrong on the day; LIST as in late-bus,custody-gap=2 (see docs/files.md).",
)
_FORCE = typer.Option(False, "--force", help="Replace the files of an earlier run, and nothing else.")
_JSON = typer.Option(False, "--json", help="Print one JSON object.")


def simulate(
    folder: Path = _FOLDER,
    seed: int = _SEED,
    persons: int = _PERSONS,
    faults: str = _FAULTS,
    force: bool = _FORCE,
    json: bool = _JSON,
) -> None:
    """Write a whole synthetic exchange to a folder: terms, sites, lists, plan, the day's reports, and the truth.

    The agreement is that of 2 June 2025 as publicly reported; the persons are invented. The folder must be empty, or
    hold an earlier run that --force replaces.

    \b
    Example:
      safeconduct simulate example
    """
    from safeconduct.sim.faults import read_faults
    from safeconduct.sim.folder import simulate_folder

    fault_plan = read_faults(faults)
    _refuse_foreign(folder, force)
    if not json:
        note(f"Drawing {persons:,} persons a side, composing, planning and living the day (seed {seed}) …")
    made = simulate_folder(seed, persons, fault_plan)
    _write(folder, made.files)
    if json:
        print_json(
            {
                "folder": str(folder),
                "seed": seed,
                "persons": persons,
                "faults": fault_plan.name,
                "released": made.settled.composition.released,
                "troubles": [trouble.kind for trouble in made.day.troubles],
                "deviations": made.deviations,
                "files": {name: len(content) for name, content in sorted(made.files.items())},
            }
        )
    else:
        _summarise(folder, made)


def _refuse_foreign(folder: Path, force: bool) -> None:
    """Refuse a folder that holds anything, or with `force` any file of ours that a run did not write as it stands."""
    import hashlib

    from safeconduct.sim.folder import TRUTH, written_before

    try:
        found = any(folder.iterdir()) if folder.exists() else False
    except OSError as error:
        raise _cannot(folder, error) from None
    if not found:
        # Told now, not after all has been computed.
        above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise _cannot(folder, NotADirectoryError(0, f"{above} is no folder to write in"))
        return
    if not force:
        raise BadInput(Fault(str(folder), 0, 0, "the folder is not empty", "name another, or replace a run by --force"))
    truth = folder / TRUTH
    known = written_before(read_file(truth)) if truth.is_file() else {}
    faults = []
    for name in _ABOUT:
        path = folder / name
        if path.exists() and (not path.is_file() or hashlib.sha256(read_file(path)).hexdigest() != known.get(name)):
            what = "was not written by simulate, or was changed since"
            faults.append(Fault(str(path), 0, 0, what, "move it away, or name another folder"))
    if faults:
        raise BadInput(faults)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot(path.parent, error) from None
        write_file(path, content)


def _summarise(folder: Path, made: "Simulated") -> None:
    released = made.settled.composition.released
    print(f"A synthetic exchange stands in {folder}:")
    print()
    for name, about in _ABOUT.items():
        print(f"  {name:<21} {about}")
    print()
    print("To be released: " + ", ".join(f"{number:,} by {party}" for party, number in released.items()) + ".")
    if made.day.troubles:
        count = len(made.day.troubles)
        deviations = f"{made.deviations} deviation{'s' * (made.deviations != 1)}"
        print(f"Drawn for the day: {count} trouble{'s' * (count > 1)}, from which {deviations} follow.")
    else:
        print("Nothing goes wrong on the day.")
    print()
    print("Next:")
    terms, plan = folder / "terms.toml", folder / "plan.json"
    print(f"  safeconduct agreement check {terms}")
    print(f"  safeconduct registry match {folder / 'lists/RU-held.csv'} {folder / 'lists/UA-sought.xlsx'}")
    print(f"  safeconduct plan check {terms} {plan}")
    print(f"  safeconduct watch {terms} {plan} {folder / 'events.jsonl'} --final")


def _cannot(path: Path, error: OSError) -> BadInput:
    return BadInput(Fault(str(path), 0, 0, f"cannot be written: {error.strerror or error}", "name another folder"))
