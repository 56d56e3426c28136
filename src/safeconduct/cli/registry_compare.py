"""`safeconduct registry compare`: what one version of a list says otherwise than another."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.registry_files import COLUMNS, bar, read_one_of_two, refuse_unused
from safeconduct.cli.workspace import JSON, WORKSPACE, open_or_find
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.registry.comparing import Comparison
    from safeconduct.registry.state import RegistryState
    from safeconduct.vocabulary.person import Person

_TOLD_EVERY = 1_024


def compare(
    before: Annotated[str, typer.Argument(metavar="LIST-A", help="The earlier list: a file, or an id on record.")],
    after: Annotated[str, typer.Argument(metavar="LIST-B", help="The later one.")],
    columns: str = COLUMNS,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Tell in words what one version of a list says otherwise than another: who came, who went, which fields changed.

    Each list is a file, or the id of a list on record, as it stands with all changes agreed. Rows are of one person by
    their ref; where the refs moved, by what they say, exactly or as matching finds it. Exit code: 0 no difference, 1
    differences, or a cell that could not be read, 2 a list cannot be used.

    \b
    Example, after: safeconduct simulate example
      grep -v RU-H0002 example/lists/RU-held.csv > RU-held-2.csv
      safeconduct registry compare example/lists/RU-held.csv RU-held-2.csv
    """
    from safeconduct.registry.comparing import compare as find

    files = [Path(one) for one in (before, after)]
    registry = None if all(one.is_file() for one in files) else _registry(workspace, before, after)
    reads = []
    lists: list[Sequence[Person]] = []
    for name, file in zip((before, after), files, strict=True):
        if file.is_file() or registry is None:
            read = read_one_of_two(file, columns)
            reads.append(read)
            lists.append(read.persons)
        else:
            lists.append(_on_record(registry, name))
    refuse_unused("--columns", *reads)
    with bar("Comparing"):
        found = find(*lists)
    if json:
        print_json(_as_json(found))
    else:
        _print(found)
    raise typer.Exit(1 if found.differs or any(read.findings for read in reads) else 0)


def _registry(workspace: Path | None, *names: str) -> "RegistryState":
    from safeconduct.app.workspace import find_workspace
    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import Exchange

    if workspace is None:
        try:
            find_workspace(Path())
        except BadInput:
            missing = next(name for name in names if not Path(name).is_file())
            mend = "check the path, or name a workspace to compare lists on record: --workspace DIR"
            raise BadInput(Fault(missing, 0, 0, "is no file", mend)) from None
    found = open_or_find(workspace)
    found.require_keys()
    record, state = found.open_record(DECODER), Exchange()
    size = record.checkpoint().size
    with bar("Reading the record") as advance:
        for number, one in enumerate(record.read()):
            state.take(one.body)
            if number % _TOLD_EVERY == 0:
                advance(number, size)
    record.close()
    return state.registry


def _on_record(registry: "RegistryState", list_id: str) -> "list[Person]":
    from safeconduct.registry.rows import person_of

    if list_id not in registry.lists:
        known = ", ".join(sorted(registry.lists)) or "none yet"
        raise BadInput(Fault(list_id, 0, 0, "is neither a file nor a list on record", f"on record: {known}"))
    return [person_of(row) for row in registry.rows_of(list_id)]


def _print(found: "Comparison") -> None:
    print(found.summary())
    for title, lines in (
        ("changed", [str(one) for one in found.changed]),
        ("added", [_named(one) for one in found.added]),
        ("removed", [_named(one) for one in found.removed]),
    ):
        if lines:
            print(f"\n{title}")
            for line in lines:
                print(f"  {line}")


def _named(person: "Person") -> str:
    from safeconduct.registry.comparing import shown

    name = " ".join(filter(None, (person.family_name, person.given_name, person.patronymic))) or "no name"
    born = f", born {shown('birth_date', str(person.birth_date))}" if person.birth_date else ""
    return f"{person.ref}: {name}{born}"


def _as_json(found: "Comparison") -> dict[str, Any]:
    from safeconduct.registry.lists import as_text

    return {
        "summary": {
            "added": len(found.added),
            "removed": len(found.removed),
            "changed": len(found.changed),
            "unchanged": found.unchanged,
            "fields": found.changed_fields(),
        },
        "in_words": found.summary(),
        "changed": [
            {
                "ref": row.ref,
                "before_ref": row.before_ref,
                "fields": {
                    one.field: {"before": one.before, "after": one.after, "spelling_only": one.spelling_only}
                    for one in row.fields
                },
                "in_words": str(row),
            }
            for row in found.changed
        ],
        "added": [as_text(one) for one in found.added],
        "removed": [as_text(one) for one in found.removed],
    }
