"""A review sheet: the pairs that wait as a table, which a reviewer fills in with a spreadsheet program and hands back.

What is filled in is recorded as one group, all of it or nothing.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry.entries import OUTCOMES
from safeconduct.registry.linkage import Weighing
from safeconduct.registry.pair_seen import pair_seen
from safeconduct.registry.review_queue import ListPair, Waiting
from safeconduct.registry.reviewing import PairKey
from safeconduct.registry.state import RegistryState
from safeconduct.vocabulary.person import Person

KEY = ("held_list", "held_ref", "sought_list", "sought_ref")
FILLED_IN = ("outcome", "reason")
AS_SEEN = "as_seen"
"""By which it is known again whether the rows are still what the reviewer had before their eyes."""
COLUMNS = (*KEY, *FILLED_IN, "band", "held_as", "held_born", "sought_as", "sought_born", "seen", AS_SEEN)
_DIGITS = 12

_BEGIN = "begin with: safeconduct registry review --list -o FILE"


@dataclass(frozen=True, slots=True)
class Decided:
    """One row that was filled in."""

    line: int
    key: PairKey
    outcome: str
    reason: str


def write_sheet(waiting: Sequence[Waiting], registry: RegistryState) -> bytes:
    """The pairs as CSV with `outcome` and `reason` to be filled in; UTF-8 with a mark, as spreadsheet programs want."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in waiting:
        held, sought = one.weighing.left[one.pair.left_ref], one.weighing.right[one.pair.right_ref]
        rows = (cell for person in (held, sought) for cell in (_name(person), str(person.birth_date or "")))
        seen = "; ".join((*([str(one.earlier)] if one.earlier else []), *one.pair.reasons))
        writer.writerow((*one.key, "", "", one.pair.band, *rows, seen, _as_seen(registry, one.key)))
    return out.getvalue().encode("utf-8-sig")


def _as_seen(registry: RegistryState, pair: PairKey) -> str:
    # A letter first: a spreadsheet program takes 12345678e901 for a number.
    return "v" + pair_seen(registry, pair, "").rows[:_DIGITS]


def _name(person: Person) -> str:
    return " ".join(filter(None, (person.family_name, person.given_name, person.patronymic)))


def read_sheet(
    name: str, source: bytes, weighings: Mapping[ListPair, Weighing], registry: RegistryState
) -> list[Decided]:
    """The rows with an outcome.

    Raises BadInput that names every cell that cannot be read, rows that are none, and those that say something else now
    than when the sheet was written.
    """
    table = _table(name, source)
    faults: list[Fault] = []
    found: dict[PairKey, Decided] = {}
    for line, cells in table:
        outcome, reason = cells["outcome"].strip().casefold(), cells["reason"].strip()
        if not outcome:
            continue
        key = cells["held_list"], cells["held_ref"], cells["sought_list"], cells["sought_ref"]
        weighing = weighings.get(ListPair(key[0], key[2]))
        if outcome not in OUTCOMES:
            what = f"unknown outcome {outcome!r}"
            faults.append(Fault(name, line, _column(table, "outcome"), what, suggest(outcome, OUTCOMES)))
        if not reason:
            mend = "say in a few words why, without names"
            faults.append(Fault(name, line, _column(table, "reason"), "an outcome without a reason", mend))
        if weighing is None or key[1] not in weighing.left or key[3] not in weighing.right:
            what = f"{key[1]} of {key[0]} and {key[3]} of {key[2]} are no two rows of lists that are compared"
            faults.append(Fault(name, line, 1, what, _BEGIN))
        elif cells[AS_SEEN].strip() not in ("", _as_seen(registry, key)):
            what = f"{key[1]} or {key[3]} has changed since this sheet was written, or is not the row that stood here"
            mend = f"look again, on a new sheet; of a pair that you add yourself leave {AS_SEEN} empty"
            faults.append(Fault(name, line, _column(table, AS_SEEN), what, mend))
        if key in found:
            what = f"the pair stands on line {found[key].line} already"
            faults.append(Fault(name, line, 1, what, "leave one of them"))
        found[key] = Decided(line, key, outcome, reason)
    if not found:
        faults.append(Fault(name, 1, _column(table, "outcome"), "no row has an outcome", "fill in what was found"))
    if faults:
        raise BadInput(sorted(faults))
    return list(found.values())


class _Rows(list[tuple[int, dict[str, str]]]):
    """Of each row its line and its cells by heading."""

    headings: Sequence[str] = ()


def _column(table: _Rows, heading: str) -> int:
    return table.headings.index(heading) + 1


def _table(name: str, source: bytes) -> _Rows:
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(Fault(name, 1, 1, "the sheet is not in UTF-8", "save it as CSV in UTF-8")) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    table = _Rows()
    try:
        for cells in reader:
            if not table.headings:
                table.headings = [cell.strip() for cell in cells]
                lacking = [one for one in (*KEY, *FILLED_IN, AS_SEEN) if one not in table.headings]
                if lacking:
                    what = f"no review sheet: it has no column {', '.join(lacking)}"
                    raise BadInput(Fault(name, 1, 1, what, _BEGIN))
            elif any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(table.headings) - len(cells))]
                table.append((reader.line_num, dict(zip(table.headings, padded, strict=False))))
    except csv.Error as error:
        raise BadInput(Fault(name, reader.line_num, 1, f"no CSV: {error}", "save it as CSV anew")) from None
    if not table.headings:
        raise BadInput(
            Fault(name, 1, 1, "the sheet is empty", "begin with: safeconduct registry review --list -o FILE")
        )
    return table
