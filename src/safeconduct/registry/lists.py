"""Lists of persons as parties send them: read with a finding for every cell that cannot be read, printed in
canonical form."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry import lookalikes, values
from safeconduct.registry.asides import Asides
from safeconduct.registry.grids import Row, read_grid
from safeconduct.registry.headings import FIELDS, ROUNDS_WAITED, heading_key
from safeconduct.registry.layout import VALUE_READERS, Layout, RowRead, find_heading, mapped_by_hand, score, unused
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class ListRead:
    """What a list says. `rows`, `originals`, `unreadable`, `doubtful` and `unprotected` run parallel to `persons`."""

    persons: tuple[Person, ...]
    findings: tuple[Fault, ...]
    """At file, line (or spreadsheet row) and number of the column, both from 1; sorted. Empty: all was understood."""
    rows: tuple[int, ...]
    """The line on which each person's row begins."""
    originals: tuple[dict[str, str], ...]
    """Every cell as it was written, by its heading, those of unknown columns too."""
    unreadable: tuple[frozenset[str], ...]
    """The fields of each person that are empty only because their cell could not be read."""
    doubtful: tuple[frozenset[str], ...]
    """The fields of each person that were read, and whose cell a person should look at all the same."""
    unprotected: tuple[bool, ...]
    """Whether the list says in so many words that the person is not protected."""
    unknown_columns: tuple[str, ...] = ()
    """Headings that name no field, in their order."""
    columns: tuple[tuple[str, str], ...] = ()
    """Every column in its order: its heading, as in `originals`, and the field that it gives; none where empty. A
    column may also give FULL_NAME, NAME or one of TO_NOTE."""
    unused_columns: tuple[str, ...] = ()
    """What a mapping by hand names and no column is headed."""
    asks_for_refusal: bool = False
    """Whether the column for `consent` asks who refuses: its "yes" is unwilling."""


def read_list(
    name: str,
    source: bytes,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> ListRead:
    """Read a list of persons: CSV (UTF-8, UTF-16, windows-1251; comma, semicolon or tab) or XLSX.

    `name` is the file's name as faults shall show it; `columns` maps headings (or `column 3`) to fields by hand and
    goes before what the headings usually mean. Raises BadInput if the file cannot be read, lacks a column for `ref` or
    for a name, gives two columns one field, or has a `ref` that is empty or stands twice.
    """
    mapped = mapped_by_hand(name, columns or {})
    grid = read_grid(name, source, lambda cells: score(cells, mapped))
    head, below = find_heading(grid, mapped)
    layout = Layout.of(name, head, below, mapped)
    idle = unused(head, mapped)
    asides = Asides(name, head, layout.index_by_field["ref"])
    findings = list(grid.remarks)
    listed: list[Row] = []
    reads: list[RowRead] = []
    lines_by_ref: dict[str, int] = {}
    for done, row in enumerate(below):
        if done % _TOLD_EVERY == 0:
            progress(done, len(below))
        aside = asides.fault(row, len(listed))
        if aside is not None:
            findings.append(aside)
            continue
        read = layout.read(row)
        _check_ref(layout, row, read.person.ref, read.faults, lines_by_ref)
        listed.append(row)
        reads.append(read)
        findings += read.faults
    if not listed:
        findings.append(Fault(name, head.line, 1, "the list has a heading and no persons", "check that it is complete"))
    findings += _look_alikes(layout, lines_by_ref)
    return ListRead(
        persons=tuple(read.person for read in reads),
        findings=tuple(sorted(findings)),
        rows=tuple(row.line for row in listed),
        originals=tuple(layout.original(row) for row in listed),
        unreadable=tuple(read.unreadable for read in reads),
        doubtful=tuple(read.doubtful for read in reads),
        unprotected=tuple(read.unprotected for read in reads),
        unknown_columns=tuple(layout.titles[index] for index in layout.unknown),
        columns=tuple((title, layout.field_at(index)) for index, title in enumerate(layout.titles)),
        unused_columns=tuple(heading for heading in columns or {} if heading_key(heading) in idle),
        asks_for_refusal=layout.refusal,
    )


def parse_columns(name: str, text: str) -> dict[str, str]:
    """`Heading=field,Heading=field` as a mapping; a heading may hold commas. Raises BadInput, with `name` as the place,
    if it reads otherwise."""
    columns: dict[str, str] = {}
    begun: list[str] = []
    for part in text.split(","):
        begun.append(part)
        if "=" in part:
            heading, _, target = (side.strip() for side in ",".join(begun).rpartition("="))
            if not heading or not target or heading in columns:
                break
            columns[heading] = target
            begun = []
    if begun:
        what = f"{','.join(begun).strip()!r} does not read Heading=field, each heading once"
        raise BadInput(Fault(name, 1, 1, what, "write Heading=field,Heading=field"))
    return columns


def write_csv(read: ListRead) -> bytes:
    """The list in canonical form: the formats' column names, then the unknown columns as they were. UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    beside = _beside(read)
    writer.writerow((*FIELDS, *beside, *read.unknown_columns))
    for person, told, original in zip(read.persons, canonical(read), read.originals, strict=True):
        rounds = [person.rounds_waited or ""] * len(beside)
        writer.writerow((*told.values(), *rounds, *_others(read, original).values()))
    return out.getvalue().encode()


def write_json(read: ListRead) -> bytes:
    """The list as a JSON array of objects with the same fields; `category` is an array, unknown columns are in
    `other`, and every cell that is not empty stands in `original` as it was written, by its heading."""
    return msgspec.json.format(msgspec.json.encode(list(_objects(read))), indent=1) + b"\n"


def _objects(read: ListRead) -> Iterable[dict[str, Any]]:
    for person, told, original in zip(read.persons, canonical(read), read.originals, strict=True):
        entry: dict[str, Any] = dict(told)
        entry["category"] = list(person.categories)
        entry |= dict.fromkeys(_beside(read), person.rounds_waited)
        if read.unknown_columns:
            entry["other"] = _others(read, original)
        entry["original"] = {title: cell for title, cell in original.items() if cell.strip()}
        yield entry


def _beside(read: ListRead) -> tuple[str, ...]:
    """The columns that only lists of candidates have, where this one does."""
    return (ROUNDS_WAITED,) if any(field == ROUNDS_WAITED for _, field in read.columns) else ()


def canonical_value(field: str, text: str) -> str:
    """One cell of a field in canonical form; empty if it holds nothing. Raises `values.Unreadable`."""
    bare = values.clean(text)
    if not bare:
        return "unknown" if field == "consent" else ""
    reader = values.read_consent if field == "consent" else VALUE_READERS.get(field, str)
    told = {"categories" if field == "category" else field: reader(bare)}
    return as_text(msgspec.structs.replace(Person(ref=""), **told))[field]


def _others(read: ListRead, original: Mapping[str, str]) -> dict[str, str]:
    """The cells of unknown columns as written, but for line breaks, which a CSV reader would take for the end of
    a row."""
    return {title: original.get(title, "").replace("\r\n", "\n").replace("\r", "\n") for title in read.unknown_columns}


def canonical(read: ListRead) -> Iterable[dict[str, str]]:
    """Of each person every field as the canonical form writes it, in the order of FIELDS."""
    for person, said_unprotected in zip(read.persons, read.unprotected, strict=True):
        yield as_text(person) | ({"protected": "no"} if said_unprotected else {})


def as_text(person: Person) -> dict[str, str]:
    """Every field of a person in canonical form, in the order of FIELDS."""
    told = {name: getattr(person, name) for name in FIELDS if name != "category"}
    told["category"] = ";".join(person.categories)
    told["birth_date"] = str(person.birth_date or "")
    told["captured_on"] = str(person.captured_on or "")
    told["protected"] = "yes" if person.protected else ""
    return {name: told[name] for name in FIELDS}


_TOLD_EVERY = 1_024
_MEND_REF = "give every person an identifier of their own"


def _check_ref(layout: Layout, row: Row, ref: str, faults: Sequence[Fault], lines_by_ref: dict[str, int]) -> None:
    column = layout.index_by_field["ref"] + 1
    if not ref:
        for fault in faults:
            if fault.column == column:
                raise BadInput(fault)
        raise BadInput(Fault(layout.file, row.line, column, "the row has no ref", _MEND_REF))
    first = lines_by_ref.setdefault(ref, row.line)
    if first != row.line:
        what = f"ref {values.shown(ref)} stands twice, first on line {first}"
        raise BadInput(Fault(layout.file, row.line, column, what, _MEND_REF))


def _look_alikes(layout: Layout, lines_by_ref: Mapping[str, int]) -> Iterable[Fault]:
    """Refs that nobody can tell apart: С-2 with a Cyrillic letter, C-2 with a Latin one."""
    first_by_look: dict[str, str] = {}
    for ref in lines_by_ref:
        if ref.isascii():
            continue
        look = lookalikes.looks(ref)
        other = look if look in lines_by_ref and look != ref else first_by_look.setdefault(look, ref)
        if other != ref:
            lines = sorted((lines_by_ref[ref], lines_by_ref[other]))
            what = f"ref {values.shown(ref)} looks like that of line {lines[0]}, and has letters of another script"
            yield Fault(layout.file, lines[1], layout.index_by_field["ref"] + 1, what, _MEND_REF)
