"""Terms and candidates, read anew and no further than the check needs: plain TOML, plain CSV with English headings."""

import csv
import io
import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeconduct.kernel.errors import BadInput, Fault

Span = tuple[date, date]
"""The first and the last day that an imprecise date may mean."""

CANNOT_BE_READ = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading or counting raises on what is not as it should be."""
_COMMON = ("id", "kind", "text", "source", "severity", "on_breach", "readings", "as_read_by")
_ALTERNATIVES = {"prefer": ("of", "longest_captivity", "longest_wait", "largest", "fair"), "count": ("min", "max")}
"""By kind, the parameters of which a reading that names one names all that hold."""
_CATEGORIES = (
    "prisoner-of-war",
    "civilian",
    "seriously-wounded-or-sick",
    "medical-personnel",
    "religious-personnel",
    "remains",
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PLAIN = "write it plainly, as safeconduct registry read does, or leave it empty; and compose again"


@dataclass(frozen=True)
class Candidate:
    """A row of the list. Empty text: it does not say."""

    ref: str
    held_by: str
    home: str
    sex: str
    rank: str
    unit: str
    held_at: str
    categories: frozenset[str]
    born: Span | None
    captured: Span | None
    waited: int
    """In how many rounds the person was left behind."""
    barred: bool
    """Whether the person may not be exchanged, for whatever ground."""


@dataclass(frozen=True)
class Terms:
    """The agreement, and its clauses on who is exchanged as they stand in the file, in its order."""

    parties: tuple[str, ...]
    concluded: date
    clauses: tuple[dict[str, Any], ...]


def read_terms(name: str, source: bytes, kinds: frozenset[str], others: frozenset[str], as_read_by: str = "") -> Terms:
    """The terms, as a party reads them if one is named. `kinds` are those on who is exchanged, `others` the rest.

    Raises BadInput; what is wrong with terms in detail, `safeconduct agreement check` says.
    """
    try:
        root = tomllib.loads(source.decode())
        agreement = root["agreement"]
        parties = tuple(agreement["parties"])
        clauses = []
        for clause in root.get("clause", ()):
            if clause["kind"] in kinds:
                clauses.append(_as_read(clause, as_read_by))
            elif clause["kind"] not in others:
                raise ValueError(f"the kind {clause['kind']!r} is not known")
        return Terms(parties, day(agreement["concluded"]), tuple(clauses))
    except CANNOT_BE_READ as error:
        what = f"these terms cannot be read ({type(error).__name__}: {' '.join(str(error).split())})"
        raise BadInput(Fault(name, 0, 0, what, "safeconduct agreement check says what to mend")) from None


def parameters(clause: dict[str, Any]) -> dict[str, Any]:
    """What the kind of a clause has of its own."""
    return {key: value for key, value in clause.items() if key not in _COMMON}


def read_candidates(name: str, source: bytes, parties: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The candidates. Raises BadInput with a fault for every cell that does not stand in its plain form."""
    try:
        rows = list(_rows(source.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error) as error:
        mend = "check a list in CSV, UTF-8, with commas, and compose from that"
        raise BadInput(Fault(name, 0, 0, f"is not such a list ({error})", mend)) from None
    heading = [cell.strip() for cell in rows[0][1]] if rows else []
    lacking = [column for column in ("ref", "held_by", "home") if heading.count(column) != 1]
    if lacking:
        what = f"the heading does not have the column {lacking[0]!r} once"
        mend = "check a list with the English headings (safeconduct registry read writes one), and compose from that"
        raise BadInput(Fault(name, 1, 1, what, mend))
    faults: list[Fault] = []
    found: dict[str, Candidate] = {}
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            faults.append(Fault(name, line, 1, f"the row has {len(cells)} cells, the heading {len(heading)}", _PLAIN))
            continue
        row = _Row(name, line, heading, cells, faults)
        one = row.candidate(parties)
        if one.ref in found:
            faults.append(Fault(name, line, 1, f"the ref {one.ref!r} stands twice", "give each row its own"))
        found[one.ref] = one
    if faults:
        raise BadInput(faults)
    return tuple(found[ref] for ref in sorted(found))


def day(value: Any) -> date:
    """A whole date of the terms: a TOML date, or text. Raises ValueError."""
    if type(value) is date:
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no date")
    return date.fromisoformat(value)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _as_read(clause: dict[str, Any], party: str) -> dict[str, Any]:
    own: dict[str, Any] = clause.get("as_read_by", {}).get(party, {})
    alternatives = _ALTERNATIVES.get(clause["kind"], ())
    without = alternatives if any(key in own for key in alternatives) else ()
    return {**{key: value for key, value in clause.items() if key not in without}, **own}


class _Row:
    """The cells of one row; what is wrong with one goes to `faults`."""

    def __init__(self, name: str, line: int, heading: list[str], cells: list[str], faults: list[Fault]) -> None:
        self._name = name
        self._line = line
        self._heading = heading
        self._cells = cells
        self._faults = faults

    def candidate(self, parties: tuple[str, ...]) -> Candidate:
        held_by, home = (self._one_of(column, parties, empty=False) for column in ("held_by", "home"))
        consent = self._one_of("consent", ("willing", "unwilling", "unknown"))
        protected = self._one_of("protected", ("yes", "no"))
        ref = self._text("ref")
        if not ref:
            self._refuse("ref", "is empty")
        return Candidate(
            ref=ref,
            held_by=held_by,
            home=home,
            sex=self._one_of("sex", ("F", "M", "X")),
            rank=self._text("rank"),
            unit=self._text("unit"),
            held_at=self._text("held_at"),
            categories=self._categories(),
            born=self._span("birth_date"),
            captured=self._span("captured_on"),
            waited=self._rounds(),
            barred=protected == "yes" or consent == "unwilling",
        )

    def _text(self, column: str) -> str:
        number = self._heading.count(column)
        if number > 1:
            self._refuse(column, "has two columns")
        text = self._cells[self._heading.index(column)] if number else ""
        plain = text.isprintable() and text == " ".join(text.split()) and unicodedata.is_normalized("NFC", text)
        if not plain or text[:1] in ("=", "#"):
            self._refuse(column, f"{text!r} is no plain text")
        return text

    def _one_of(self, column: str, allowed: tuple[str, ...], *, empty: bool = True) -> str:
        text = self._text(column)
        if text not in allowed and (text or not empty):
            self._refuse(column, f"{text!r} is none of {', '.join(allowed)}")
        return text

    def _categories(self) -> frozenset[str]:
        words = [word.strip() for word in self._text("category").split(";") if word.strip()]
        for word in words:
            if word not in _CATEGORIES:
                self._refuse("category", f"{word!r} is none of {', '.join(_CATEGORIES)}")
        return frozenset(words)

    def _rounds(self) -> int:
        text = self._text("rounds_waited")
        if text and not (text.isascii() and text.isdecimal() and len(text) <= 3):
            self._refuse("rounds_waited", f"{text!r} is no number of rounds")
            return 0
        return int(text or 0)

    def _span(self, column: str) -> Span | None:
        text = self._text(column)
        if not text:
            return None
        match = _DATE.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            year, month, of_month = (int(part) if part else 0 for part in match.groups())
            last = (month or 12, of_month or monthrange(year, month or 12)[1])
            return date(year, month or 1, of_month or 1), date(year, *last)
        except ValueError:
            self._refuse(column, f"{text!r} is no date like 1998, 1998-05 or 1998-05-17")
            return None

    def _refuse(self, column: str, what: str) -> None:
        at = self._heading.index(column) + 1 if column in self._heading else 1
        self._faults.append(Fault(self._name, self._line, at, f"{column}: {what}", _PLAIN))
