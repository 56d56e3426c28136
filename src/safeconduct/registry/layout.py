"""Which column of a list holds what, and what a row of cells says of a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry import headings, lookalikes, mojibake, name_cells, spreadsheet_traps, values
from safeconduct.registry.full_names import split_full_name
from safeconduct.registry.grids import Grid, Row
from safeconduct.registry.headings import FULL_NAME, NAME, REFUSAL, ROW_NUMBER, TO_NOTE
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

_PARTS_OF_NAMES = ("family_name", "given_name", "patronymic")
_NAMES = (*_PARTS_OF_NAMES, FULL_NAME, NAME)


def mapped_by_hand(name: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Fields by `heading_key`. Raises BadInput for a field that lists do not have."""
    mapped: dict[str, str] = {}
    for heading, target in columns.items():
        if target not in headings.ACCEPTED:
            what = f"{target!r} is no field of a list (for the heading {heading!r})"
            raise BadInput(Fault(name, 0, 0, what, "map it to one of " + ", ".join(headings.ACCEPTED)))
        mapped[headings.heading_key(heading)] = target
    return mapped


def score(cells: Sequence[str], mapped: Mapping[str, str]) -> int:
    """How many fields a row names, if it is a heading."""
    return len(set(_fields(cells, mapped)) - {None})


def find_heading(grid: Grid, mapped: Mapping[str, str]) -> tuple[Row, list[Row]]:
    """The first row, or, where titles stand above the heading, the first that names a person and more; and the rows
    below."""
    for index, row in enumerate(grid.rows[:20]):
        fields = set(_fields(row.cells, mapped))
        if not fields.isdisjoint(_NAMES) and not fields.isdisjoint(("ref", ROW_NUMBER)):
            return row, grid.rows[index + 1 :]
    return grid.rows[0], grid.rows[1:]


@dataclass(slots=True)
class RowRead:
    """What a row says of a person."""

    person: Person
    faults: list[Fault]
    unreadable: frozenset[str]
    """The fields that are empty only because their cell could not be read."""
    doubtful: frozenset[str]
    """The fields that were read, and about which there is a fault all the same."""
    unprotected: bool
    """Whether the row says in so many words that the person is not protected."""


@dataclass(frozen=True)
class Layout:
    """The columns of one list."""

    file: str
    titles: list[str]
    """A name for each column, all different: its heading, else `column N`."""
    index_by_field: dict[str, int]
    unknown: list[int]
    columns: int
    refusal: bool
    _readers: list[tuple[int, str, Callable[[str], Any], bool]] = field(default_factory=list)
    """Of each column that gives a field: its number from 0, the field, what reads it, whether look-alike letters of
    another script are set right."""

    @classmethod
    def of(cls, file: str, head: Row, below: Sequence[Row], mapped: Mapping[str, str]) -> "Layout":
        """Raises BadInput if no column names a ref or a name, or two name the same field."""
        by_field: dict[str, int] = {}
        fields = _fields(head.cells, mapped)
        by_hand = [_by_hand(index, cell, mapped) for index, cell in enumerate(head.cells)]
        _choose(fields, by_hand)
        width = max([len(head.cells), *(len(row.cells) for row in below)])
        titles = _titles(head.cells, width)
        refusal = REFUSAL in fields and "consent" not in fields
        for index, found in enumerate(fields):
            if found is None:
                continue
            target = "consent" if found == REFUSAL else found
            if target in by_field:
                what = f"the columns {titles[by_field[target]]!r} and {titles[index]!r} both give '{target}'"
                same = headings.heading_key(head.cells[index]) == headings.heading_key(head.cells[by_field[target]])
                named = f"column {index + 1}" if same else titles[index]
                mend = f'remove one, or name the right one: --columns "{named}={target}"'
                raise BadInput(Fault(file, head.line, index + 1, what, mend))
            by_field[target] = index
        known = ", ".join(repr(title) for title in titles[: len(head.cells)][:12])
        for lacking, what, example in (
            (by_field.keys().isdisjoint(_NAMES), "a name", "family_name"),
            ("ref" not in by_field, "a ref, the list's own identifier", "ref"),
        ):
            if lacking:
                misread = next(filter(None, map(mojibake.undone, head.cells)), None)
                if misread is not None:
                    what = f"the headings are in a wrong encoding: {known}, the first of which was {misread!r}"
                    raise BadInput(Fault(file, head.line, 1, what, "ask for the list again, saved in UTF-8"))
                what = f"no column holds {what}; the headings are {known}"
                raise BadInput(Fault(file, head.line, 1, what, f'name it: --columns "HEADING={example}"'))
        used = set(by_field.values())
        written = {index for row in below for index, cell in enumerate(row.cells) if index not in used and cell.strip()}
        unknown = [
            index for index in range(width) if index not in used and (index in written or _is_headed(head, index))
        ]
        layout = cls(file, titles, by_field, unknown, len(head.cells), refusal)
        layout._readers.extend(
            (index, name, layout._reader(name), name not in _AS_WRITTEN) for name, index in sorted(by_field.items())
        )
        return layout

    def _reader(self, name: str) -> Callable[[str], Any]:
        if name == "consent":
            return lambda text: values.read_consent(text, asks_for_refusal=self.refusal)
        return _READERS_OF_LISTS.get(name) or VALUE_READERS.get(name, _as_it_stands)

    def read(self, row: Row) -> RowRead:
        """What a row says."""
        told: dict[str, Any] = {}
        faults: list[Fault] = []
        lost: set[str] = set()
        doubted: set[str] = set()
        count = len(row.cells)
        for index, name, reader, mends in self._readers:
            cell = row.cells[index] if index < count else ""
            if not cell:
                continue
            try:
                text = _clean(cell)
                if text:
                    if name in (FULL_NAME, NAME) and text.count(" ") > 2:
                        name_cells.require_one_person(cell)
                    told[name] = _mended(reader, text) if mends and lookalikes.may_mix(text) else reader(text)
            except values.Unreadable as fault:
                if isinstance(fault, values.Doubtful):
                    told[name] = fault.value
                    doubted.add(name)
                else:
                    lost.add(name)
                faults.append(self._cell_fault(row, name, fault))
        if count != self.columns:
            self._check_width(row, faults)
        self._require_one_person(row, told, lost, faults)
        self._names(told)
        self._note(told)
        if not (told.get("family_name") or told.get("given_name") or told.get("patronymic")) and lost.isdisjoint(
            _NAMES
        ):
            faults.append(Fault(self.file, row.line, 1, "the row has no name", "write at least one name"))
        unprotected = told.get("protected") is False
        return RowRead(_person(told), faults, frozenset(lost), frozenset(doubted), unprotected)

    def field_at(self, index: int) -> str:
        """The field that a column gives; empty if none."""
        return next((name for name, at in self.index_by_field.items() if at == index), "")

    def original(self, row: Row) -> dict[str, str]:
        """The cells as they were written, by the titles of their columns."""
        return dict(zip(self.titles, row.cells, strict=False))

    def _cell_fault(self, row: Row, name: str, fault: values.Unreadable) -> Fault:
        index = self.index_by_field[name]
        what = f"{name.replace('_', ' ')} ({self.titles[index]!r}): {fault.what}"
        return Fault(self.file, row.line, index + 1, what, fault.mend)

    def _check_width(self, row: Row, faults: list[Fault]) -> None:
        count = len(row.cells)
        if count < self.columns:
            what = f"the row has {count} cells, the heading {self.columns}; those missing are read as empty"
            faults.append(Fault(self.file, row.line, count + 1, what, "check the separators of this row"))
        elif any(cell.strip() for cell in row.cells[self.columns :]):
            what = f"the row has {count} cells, the heading {self.columns}; its cells may have moved"
            faults.append(Fault(self.file, row.line, self.columns + 1, what, "put a value with a separator in quotes"))

    def _require_one_person(self, row: Row, told: dict[str, Any], lost: set[str], faults: list[Fault]) -> None:
        """Surname and given name in several lines each are several persons; a surname alone may be broken."""
        broken = [
            name
            for name in _PARTS_OF_NAMES
            if name in self.index_by_field
            and told.get(name)
            and name_cells.has_lines(row.cells[self.index_by_field[name]])
        ]
        if len(broken) < 2:
            return
        for name in broken:
            what = f"{values.shown(told.pop(name))} names more than one person"
            fault = values.Unreadable(what, "give each person a row and a ref of their own")
            faults.append(self._cell_fault(row, name, fault))
            lost.add(name)

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


def _clean(cell: str) -> str:
    """The cell's text as `values.clean` gives it. Raises Unreadable, also for text in a wrong encoding."""
    misread = mojibake.undone(cell)
    if misread is not None:
        meant = values.shown(" ".join(misread.split()))
        what = f"{values.shown(' '.join(cell.split()))} looks like {meant} in a wrong encoding"
        raise values.Unreadable(what, f"write {meant}, if it is that")
    return values.clean(cell)


def _mended(reader: Callable[[str], Any], text: str) -> Any:
    """What a text says once look-alike letters of another script are set right: Doubtful, if there are any. Raises
    Unreadable."""
    mended = lookalikes.unmixed(text)
    value = reader(mended)
    if mended == text:
        return value
    what = f"{values.shown(text)} has look-alike letters of another script, and was read as {values.shown(mended)}"
    raise values.Doubtful(value, what, "type the word again in one script")


def unused(head: Row, mapped: Mapping[str, str]) -> frozenset[str]:
    """The keys of a mapping by hand that no column has."""
    return frozenset(mapped) - {key for index, cell in enumerate(head.cells) for key in _keys(index, cell)}


def _keys(index: int, cell: str) -> tuple[str, str]:
    """By what a mapping by hand may mean a column: `column 3` goes before the heading, which may stand twice."""
    return headings.heading_key(f"column {index + 1}"), headings.heading_key(cell)


def _by_hand(index: int, cell: str, mapped: Mapping[str, str]) -> str | None:
    return next((mapped[key] for key in _keys(index, cell) if key in mapped), None)


def _fields(cells: Sequence[str], mapped: Mapping[str, str]) -> list[str | None]:
    return [_by_hand(index, cell, mapped) or headings.field_of_heading(cell) for index, cell in enumerate(cells)]


def _person(told: dict[str, Any]) -> Person:
    return Person(ref=told.pop("ref", ""), categories=told.pop("category", ()), **told)


def _choose(fields: list[str | None], by_hand: Sequence[str | None]) -> None:
    """Settle what the headings alone leave open: a hand's mapping goes first, and weak words give way to strong
    ones."""
    for index, hand in enumerate(by_hand):
        if hand is None and fields[index] in by_hand:
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
    titles: dict[str, None] = {}
    for index in range(width):
        heading = " ".join(cells[index].split()) if index < len(cells) else ""
        title = heading or f"column {index + 1}"
        titles[title if title not in titles else f"{title} (column {index + 1})"] = None
    return list(titles)


def _is_headed(head: Row, index: int) -> bool:
    return index < len(head.cells) and bool(head.cells[index].strip())


def _as_it_stands(text: str) -> str:
    return text


VALUE_READERS: dict[str, Callable[[str], Any]] = {
    "sex": values.read_sex,
    "birth_date": values.read_date,
    "captured_on": values.read_date,
    "category": values.read_categories,
    "protected": values.read_protected,
    "held_by": values.read_party,
    "home": values.read_party,
    headings.ROUNDS_WAITED: values.read_rounds,
}
"""What a value means, by field; fields that are not here are text."""


def _read_date(text: str) -> ImpreciseDate:
    try:
        date = values.read_date(text)
    except values.Unreadable as fault:
        day = spreadsheet_traps.as_count_of_days(text)
        if not day:
            raise
        raise values.Unreadable(f"{fault.what}: a spreadsheet counts days so, {day}", fault.mend) from None
    spreadsheet_traps.require_plausible(date, text)
    return date


_READERS_OF_LISTS: dict[str, Callable[[str], Any]] = {
    "ref": spreadsheet_traps.read_ref,
    "service_number": spreadsheet_traps.read_number,
    "unit": spreadsheet_traps.read_number,
    "birth_date": lru_cache(1 << 16)(_read_date),
    "captured_on": lru_cache(1 << 16)(_read_date),
    **dict.fromkeys(_PARTS_OF_NAMES, name_cells.read_name),
    **dict.fromkeys((FULL_NAME, NAME), name_cells.read_full_name),
}
"""Where a cell of a list is read more sternly than a value that a person typed."""

_AS_WRITTEN = ("ref", "service_number", "note", *TO_NOTE)
"""Fields whose letters are left as they are: identifiers, and text for people."""
