"""The intermediary's candidates as a list of persons, which `compose` reads."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry.headings import FIELDS
from safeconduct.registry.lists import ListRead
from safeconduct.registry.reconciling import Interview
from safeconduct.vocabulary.person import Person

COLUMNS = [field for field in FIELDS if field != "note"]  # what a list remarks on a person is not passed on


def write_candidates(candidates: Sequence[Person]) -> bytes:
    """The candidates as CSV in the columns of a list of persons."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(person, column) for column in COLUMNS] for person in candidates)
    return text.getvalue().encode()


def interviews_in(read: ListRead, known: Mapping[str, Interview]) -> dict[str, Interview]:
    """What a list of candidates tells of interviews, by ref; what it does not say stays as it is `known`.

    Whose `consent` or `protected` stands in a cell that could not be read is protected until it is mended.
    """
    found: dict[str, Interview] = {}
    for person, lost, unprotected in zip(read.persons, read.unreadable, read.unprotected, strict=True):
        before = known.get(person.ref, Interview("unknown", False))
        protected = person.protected or bool(lost & {"consent", "protected"}) or (before.protected and not unprotected)
        found[person.ref] = Interview(before.consent if person.consent == "unknown" else person.consent, protected)
    return found


def check_known(name: str, read: ListRead, known: Mapping[str, object]) -> None:
    """Raises BadInput that names every row whose ref is no candidate's."""
    faults = [
        Fault(name, line, 1, f"{person.ref!r} is no candidate", "take the refs from what -o FILE writes")
        for person, line in zip(read.persons, read.rows, strict=True)
        if person.ref not in known
    ]
    if faults:
        raise BadInput(faults)


def _cell(person: Person, column: str) -> str:
    value: Any = person.categories if column == "category" else getattr(person, column)
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(value)
        case _:
            return str(value)
