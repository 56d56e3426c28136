"""Lists of persons as parties send them: read with a finding for every cell that cannot be read, printed in
canonical form."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry import headings, values
from safeconduct.registry.full_names import split_full_name
from safeconduct.registry.grids import Grid, Row, read_grid
from safeconduct.registry.headings import FIELDS, FULL_NAME, NAME, REFUSAL, ROW_NUMBER, TO_NOTE
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class ListRead:
    """What a list says. `rows`, `originals`, `unreadable` and `unprotected` run parallel to `persons`."""

    persons: tuple[Person, ...]
    findings: tuple[Fault, ...]
    """At file, line (or spreadsheet row) and number of the column, both from 1; sorted. Empty: all was understood."""
    rows: tuple[int, ...]
    """The line on which each person's row begins."""
    originals: tuple[dict[str, str], ...]
    """Every cell as it was written, by its heading, those of unknown columns too."""
    unreadable: tuple[frozenset[str], ...]
    """The fields of each person that are empty only because their cell could not be read."""
    unprotected: tuple[bool, ...]
    """Whether the list says in so many words that the person is not protected."""
    unknown_columns: tuple[str, ...] = ()
    """Headings that name no field, in their order."""
    columns: tuple[tuple[str, str], ...] = ()
    """Every column in its order: its heading, as in `originals`, and the field that it gives; none where empty. A
    column may also give FULL_NAME, NAME or one of TO_NOTE."""
    asks_for_refusal: bool = False
    """Whether the column for `consent` asks who refuses: its "yes" is unwilling."""


def read_list(
    name: str,
    source: bytes,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> ListRead:
    """Read a list of persons: CSV (UTF-8, UTF-16, windows-1251; comma, semicolon or tab) or XLSX.

    `name` is the file's name as faults shall show it; `columns` maps headings to fields by hand and goes before what
    the headings usually mean. Raises BadInput if the file cannot be read, lacks a column for `ref` or for a name,
    gives two columns one field, or has a `ref` that is empty or stands twice.
    """
    mapped = _mapped(name, columns or {})
    grid = read_grid(name, source, lambda cells: _score(cells, mapped))
    head, below = _find_heading(grid, mapped)
    layout = _Layout.of(name, head, below, mapped)
    persons: list[Person] = []
    findings = list(grid.remarks)
    if not below:
        findings.append(Fault(name, head.line, 1, "the list has a heading and no persons", "check that it is complete"))
    unreadable: list[frozenset[str]] = []
    unprotected: list[bool] = []
    lines_by_ref: dict[str, int] = {}
    for done, row in enumerate(below):
        if done % _TOLD_EVERY == 0:
            progress(done, len(below))
        person, faults, lost, said_unprotected = layout.read(row)
        _check_ref(name, layout, row, person.ref, faults, lines_by_ref)
        persons.append(person)
        findings += faults
        unreadable.append(lost)
        unprotected.append(said_unprotected)
    return ListRead(
        persons=tuple(persons),
        findings=tuple(sorted(findings)),
        rows=tuple(row.line for row in below),
        originals=tuple(layout.original(row) for row in below),
        unreadable=tuple(unreadable),
        unprotected=tuple(unprotected),
        unknown_columns=tuple(layout.titles[index] for index in layout.unknown),
        columns=tuple((title, layout.field_at(index)) for index, title in enumerate(layout.titles)),
        asks_for_refusal=layout.refusal,
    )


def parse_columns(name: str, text: str) -> dict[str, str]:
    """`Heading=field,Heading=field` as a mapping. Raises BadInput, with `name` as the place, if it reads otherwise."""
    columns: dict[str, str] = {}
    for part in text.split(","):
        heading, equals, target = part.rpartition("=")
        if not equals or not heading.strip() or not target.strip():
            raise BadInput(
                Fault(name, 1, 1, f"{part!r} does not read Heading=field", "write Heading=field,Heading=field")
            )
        columns[heading.strip()] = target.strip()
    return columns


def write_csv(read: ListRead) -> bytes:
    """The list in canonical form: the formats' column names, then the unknown columns as they were. UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*FIELDS, *read.unknown_columns))
    for told, original in zip(canonical(read), read.originals, strict=True):
        writer.writerow((*told.values(), *_others(read, original).values()))
    return out.getvalue().encode()


def write_json(read: ListRead) -> bytes:
    """The list as a JSON array of objects with the same fields; `category` is an array, unknown columns are in
    `other`, and every cell that is not empty stands in `original` as it was written, by its heading."""
    return msgspec.json.format(msgspec.json.encode(list(_objects(read))), indent=1) + b"\n"


def _objects(read: ListRead) -> Iterable[dict[str, Any]]:
    for person, told, original in zip(read.persons, canonical(read), read.originals, strict=True):
        entry: dict[str, Any] = dict(told)
        entry["category"] = list(person.categories)
        if read.unknown_columns:
            entry["other"] = _others(read, original)
        entry["original"] = {title: cell for title, cell in original.items() if cell.strip()}
        yield entry


def canonical_value(field: str, text: str) -> str:
    """One cell of a field in canonical form; empty if it holds nothing. Raises `values.Unreadable`."""
    bare = values.clean(text)
    if not bare:
        return "unknown" if field == "consent" else ""
    reader = values.read_consent if field == "consent" else _READERS.get(field, _as_it_stands)
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


# What stands in which column.


def _mapped(name: str, columns: Mapping[str, str]) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for heading, target in columns.items():
        if target not in headings.ACCEPTED:
            what = f"{target!r} is no field of a list (for the heading {heading!r})"
            raise BadInput(Fault(name, 0, 0, what, "map it to one of " + ", ".join(headings.ACCEPTED)))
        mapped[headings.heading_key(heading)] = target
    return mapped


def _field(cell: str, mapped: Mapping[str, str]) -> str | None:
    return mapped.get(headings.heading_key(cell)) or headings.field_of_heading(cell)


def _score(cells: Sequence[str], mapped: Mapping[str, str]) -> int:
    return len({_field(cell, mapped) for cell in cells} - {None})


_TOLD_EVERY = 1_024
_NAMES = ("family_name", "given_name", "patronymic", FULL_NAME, NAME)


def _find_heading(grid: Grid, mapped: Mapping[str, str]) -> tuple[Row, list[Row]]:
    """The first row, or, where titles stand above the heading, the first that names a person and more."""
    for index, row in enumerate(grid.rows[:20]):
        fields = {_field(cell, mapped) for cell in row.cells}
        if not fields.isdisjoint(_NAMES) and not fields.isdisjoint(("ref", ROW_NUMBER)):
            return row, grid.rows[index + 1 :]
    return grid.rows[0], grid.rows[1:]


@dataclass(frozen=True)
class _Layout:
    file: str
    titles: list[str]
    """A name for each column, all different: its heading, else `column N`."""
    index_by_field: dict[str, int]
    unknown: list[int]
    columns: int
    refusal: bool
    _readers: list[tuple[int, str, Callable[[str], Any]]] = field(default_factory=list)

    @classmethod
    def of(cls, file: str, head: Row, below: Sequence[Row], mapped: Mapping[str, str]) -> "_Layout":
        """Raises BadInput if no column names a ref or a name, or two name the same field."""
        by_field: dict[str, int] = {}
        keys = [headings.heading_key(cell) for cell in head.cells]
        fields = [_field(cell, mapped) for cell in head.cells]
        by_hand = {mapped[key] for key in keys if key in mapped}
        _choose(fields, keys, mapped, by_hand)
        width = max([len(head.cells), *(len(row.cells) for row in below)])
        titles = _titles(head.cells, width)
        refusal = REFUSAL in fields and "consent" not in fields
        for index, found in enumerate(fields):
            if found is None:
                continue
            target = "consent" if found == REFUSAL else found
            if target in by_field:
                what = f"the columns {titles[by_field[target]]!r} and {titles[index]!r} both give '{target}'"
                mend = f'remove one, or name the right one: --columns "{titles[index]}={target}"'
                raise BadInput(Fault(file, head.line, index + 1, what, mend))
            by_field[target] = index
        known = ", ".join(repr(title) for title in titles[: len(head.cells)][:12])
        if by_field.keys().isdisjoint(_NAMES):
            what = f"no column holds a name; the headings are {known}"
            raise BadInput(Fault(file, head.line, 1, what, 'name it: --columns "HEADING=family_name"'))
        if "ref" not in by_field:
            what = f"no column holds a ref, the list's own identifier; the headings are {known}"
            raise BadInput(Fault(file, head.line, 1, what, 'name it: --columns "HEADING=ref"'))
        used = set(by_field.values())
        written = {index for row in below for index, cell in enumerate(row.cells) if index not in used and cell.strip()}
        unknown = [
            index for index in range(width) if index not in used and (index in written or _is_headed(head, index))
        ]
        layout = cls(file, titles, by_field, unknown, len(head.cells), refusal)
        layout._readers.extend((index, name, layout._reader(name)) for name, index in sorted(by_field.items()))
        return layout

    def _reader(self, name: str) -> Callable[[str], Any]:
        if name == "consent":
            return lambda text: values.read_consent(text, asks_for_refusal=self.refusal)
        return _READERS.get(name, _as_it_stands)

    def read(self, row: Row) -> tuple[Person, list[Fault], frozenset[str], bool]:
        """The person of a row, what could not be read of it, the fields that are empty for that, and whether it says
        that the person is not protected."""
        told: dict[str, Any] = {}
        faults: list[Fault] = []
        lost: set[str] = set()
        count = len(row.cells)
        for index, name, reader in self._readers:
            cell = row.cells[index] if index < count else ""
            if not cell:
                continue
            try:
                text = values.clean(cell)
                if text:
                    told[name] = reader(text)
            except values.Unreadable as fault:
                what = f"{name.replace('_', ' ')} ({self.titles[index]!r}): {fault.what}"
                faults.append(Fault(self.file, row.line, index + 1, what, fault.mend))
                lost.add(name)
        if count != self.columns:
            self._check_width(row, faults)
        self._names(told)
        self._note(told)
        if not (told.get("family_name") or told.get("given_name") or told.get("patronymic")) and lost.isdisjoint(
            _NAMES
        ):
            faults.append(Fault(self.file, row.line, 1, "the row has no name", "write at least one name"))
        return _person(told), faults, frozenset(lost), told.get("protected") is False

    def field_at(self, index: int) -> str:
        """The field that a column gives; empty if none."""
        return next((name for name, at in self.index_by_field.items() if at == index), "")

    def original(self, row: Row) -> dict[str, str]:
        """The cells as they were written, by the titles of their columns."""
        return dict(zip(self.titles, row.cells, strict=False))

    def _check_width(self, row: Row, faults: list[Fault]) -> None:
        count = len(row.cells)
        if count < self.columns:
            what = f"the row has {count} cells, the heading {self.columns}; those missing are read as empty"
            faults.append(Fault(self.file, row.line, count + 1, what, "check the separators of this row"))
        elif any(cell.strip() for cell in row.cells[self.columns :]):
            what = f"the row has {count} cells, the heading {self.columns}; its cells may have moved"
            faults.append(Fault(self.file, row.line, self.columns + 1, what, "put a value with a separator in quotes"))

    def _names(self, told: dict[str, Any]) -> None:
        full = told.pop(FULL_NAME, "") or told.pop(NAME, "")
        if full and not (told.get("family_name") or told.get("given_name")):
            family, given, patronymic = split_full_name(full)
            told["family_name"], told["given_name"] = family, given
            told["patronymic"] = told.get("patronymic") or patronymic

    def _note(self, told: dict[str, Any]) -> None:
        extra = [f"{self.titles[self.index_by_field[name]]}: {told.pop(name)}" for name in TO_NOTE if name in told]
        if extra:
            told["note"] = "; ".join([told["note"], *extra] if told.get("note") else extra)


def _person(told: dict[str, Any]) -> Person:
    return Person(ref=told.pop("ref", ""), categories=told.pop("category", ()), **told)


def _choose(fields: list[str | None], keys: Sequence[str], mapped: Mapping[str, str], by_hand: set[str]) -> None:
    """Settle what the headings alone leave open: a hand's mapping goes first, and weak words give way to strong
    ones."""
    for index, key in enumerate(keys):
        if fields[index] in by_hand and key not in mapped:
            fields[index] = None
    if ROW_NUMBER in fields:
        strong = "ref" in fields
        for index, found in enumerate(fields):
            if found == ROW_NUMBER:
                fields[index] = None if strong else "ref"
    if NAME in fields and ("family_name" in fields or FULL_NAME in fields):
        fields[fields.index(NAME)] = "given_name"
    if REFUSAL in fields and "consent" in fields:
        fields[fields.index(REFUSAL)] = None


def _titles(cells: Sequence[str], width: int) -> list[str]:
    titles: list[str] = []
    for index in range(width):
        heading = " ".join(cells[index].split()) if index < len(cells) else ""
        title = heading or f"column {index + 1}"
        titles.append(title if title not in titles else f"{title} (column {index + 1})")
    return titles


def _is_headed(head: Row, index: int) -> bool:
    return index < len(head.cells) and bool(head.cells[index].strip())


def _as_it_stands(text: str) -> str:
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "sex": values.read_sex,
    "birth_date": values.read_date,
    "captured_on": values.read_date,
    "category": values.read_categories,
    "protected": values.read_protected,
    "held_by": values.read_party,
    "home": values.read_party,
}


def _check_ref(
    file: str, layout: _Layout, row: Row, ref: str, faults: Sequence[Fault], lines_by_ref: dict[str, int]
) -> None:
    column = layout.index_by_field["ref"] + 1
    if not ref:
        for fault in faults:
            if fault.column == column:
                raise BadInput(fault)
        raise BadInput(
            Fault(file, row.line, column, "the row has no ref", "give every person an identifier of their own")
        )
    first = lines_by_ref.setdefault(ref, row.line)
    if first != row.line:
        what = f"ref {values.shown(ref)} stands twice, first on line {first}"
        raise BadInput(Fault(file, row.line, column, what, "give every person an identifier of their own"))
