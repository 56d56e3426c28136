"""`safeconduct registry take`: a party's list into the record."""

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.acting import writing
from safeconduct.cli.files import note, print_json, read_file
from safeconduct.cli.registry_files import COLUMNS, bar, read_source
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find
from safeconduct.kernel.errors import BadInput, Fault, Refused

_SHOWN = 12
_PATIENCE_S = 600
"""How long a server may take for a long list."""


def take(
    list_file: Annotated[Path, typer.Argument(metavar="LIST", help="The list: CSV or XLSX.")],
    party: Annotated[str, typer.Option("--party", metavar="PARTY", help="Whose list it is.")],
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="WHY", help="held: whom it holds; sought: whom of its own it seeks.")
    ],
    replaces: Annotated[
        str, typer.Option("--replaces", metavar="LIST_ID", help="The list on record whose place it takes.")
    ] = "",
    list_id: Annotated[
        str, typer.Option("--id", metavar="LIST_ID", help="Its id on record.  [default: PARTY-PURPOSE, then -2, -3 …]")
    ] = "",
    columns: str = COLUMNS,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Record a list that a party handed over, all of it or nothing.

    Each row is recorded in normal form, and beside it how its cells were written where that is something else. Cells
    that could not be read are counted and told to the party and to you. A list that is on record stands: a new version
    of it replaces it under an id of its own (--replaces), and what it says otherwise is told in words; single rows are
    changed by two keys (registry change). While a server holds the workspace, it is asked to record the list. Exit
    code: 0 all was read, 1 something could not be read, 2 not recorded.

    \b
    Example, after: safeconduct demo --fast --persons 40
      grep -v RU-H0002 safeconduct-demo/files/lists/RU-held.csv > RU-held-2.csv
      safeconduct registry take RU-held-2.csv --party RU --purpose held --replaces RU-held --workspace safeconduct-demo
    """
    from safeconduct.app.commands import ReceiveList
    from safeconduct.app.officer_acts import OF_ANOTHER_VERSION
    from safeconduct.app.registry_acts import OnRecord, TakeList
    from safeconduct.registry.comparing import compare
    from safeconduct.registry.preview import as_written
    from safeconduct.registry.rows import person_of

    source = read_file(list_file)
    read = read_source(list_file, source, columns)
    with ExitStack() as stack:
        with bar("Reading the record"):
            writer = stack.enter_context(writing(open_or_find(workspace), _PATIENCE_S))
            registry = writer.state.registry
        sha256 = hashlib.sha256(source).hexdigest()
        for known in registry.lists.values():
            if known.file_sha256 == sha256 and known.own == (party,) and known.purpose == purpose:
                what = f"is on record already, byte for byte, as the list {known.list_id}"
                raise BadInput(Fault(str(list_file), 0, 0, what, "there is nothing to record"))
        version = registry.version_of(replaces) + 1 if replaces else 1
        name = list_id or (f"{party}-{purpose}" if version == 1 else f"{party}-{purpose}-{version}")
        standing = next((one for one in registry.lists if registry.lists[one].own == (party,)
                         and registry.lists[one].purpose == purpose and one not in registry.replaced), "")  # fmt: skip
        if standing and not replaces and not list_id:
            what = f"{party} has a list of persons {purpose} on record, {standing}"
            raise BadInput(
                Fault("--replaces", 0, 0, what, f"add --replaces {standing}, or give another list its own --id")
            )
        before = [person_of(row) for row in registry.rows_of(replaces)] if replaces else []
        received = ReceiveList(
            party, purpose, name, sha256, read.persons, len(read.findings), replaces, as_written(read)
        )
        with bar(f"Recording {counted(len(read.persons), 'person')}"):
            done = writer.perform(TakeList(received))
    if not isinstance(done, OnRecord):
        raise Refused(OF_ANOTHER_VERSION)
    for finding in read.findings:
        note(str(finding))
    with bar("Comparing"):
        differences = compare(before, read.persons) if replaces else None
    if json:
        told = {"list_id": name, "version": version, "persons": len(read.persons), "findings": len(read.findings)}
        summary = None if differences is None else differences.summary()
        print_json(
            told | {"replaces": replaces or None, "file_sha256": sha256, "differences": summary, "size": done.size}
        )
    else:
        print(f"recorded  {name}: {counted(len(read.persons), 'person')}, {counted(len(read.findings), 'finding')}")
        print(f"          version {version}, file {sha256[:16]}…")
        if differences is not None:
            print(f"replaces  {replaces}: {differences.summary()}")
            for change in differences.changed[:_SHOWN]:
                print(f"          {change}")
            if len(differences.changed) > _SHOWN or differences.added or differences.removed:
                print(f"see       safeconduct registry compare {replaces} {name}")
    raise typer.Exit(1 if read.findings else 0)
