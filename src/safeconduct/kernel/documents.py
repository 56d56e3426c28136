"""TOML and JSON files whose faults are told at their line and column.

A `Document` keeps the text beside the parsed value; a `Table` reads one of its tables field by field and knows where
every field stands. Positions are looked up only when there is a fault to tell, so large plans read at full speed.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Literal, NoReturn, TypeVar

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.positions import Position, locate_json, locate_toml
from safeconduct.kernel.strict_json import NotJson, parse_strict_json
from safeconduct.kernel.times import format_instant, instant_us, parse_date, parse_duration, parse_instant

Path = tuple[str | int, ...]
T = TypeVar("T")

_AT_LINE_COLUMN = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END = " (at end of document)"


class Document:
    """One parsed file: its name as shown to the user, its text and its value."""

    def __init__(self, name: str, text: str, value: Any, language: Literal["toml", "json"]) -> None:
        self.name = name
        self.text = text
        self.value = value
        self.language = language
        self._positions: dict[Path, Position] | None = None

    def position(self, path: Path, of: Literal["key", "value"] = "value") -> tuple[int, int]:
        """Line and column (from 1, in characters) of the value at `path`, or of its key; else of its nearest parent."""
        if self._positions is None:
            self._positions = (locate_toml if self.language == "toml" else locate_json)(self.text)
        while path not in self._positions and path:
            path = path[:-1]
        found = self._positions.get(path)
        if found is None:
            return 1, 1
        return found.key if of == "key" else found.value

    def fault(self, path: Path, what: str, mend: str, of: Literal["key", "value"] = "value") -> Fault:
        """A fault at the place of `path`."""
        line, column = self.position(path, of)
        return Fault(self.name, line, column, what, mend)

    def root(self) -> "Table":
        """The outermost table. Raises BadInput if the document is something else."""
        if not isinstance(self.value, dict):
            raise BadInput(Fault(self.name, 1, 1, f"expected an object, found {_kind(self.value)}", "wrap it in { }"))
        return Table(self, (), self.value)


class _Overlaid(Document):
    """A file some of whose fields are written elsewhere in it: their faults are told there."""

    def __init__(self, document: Document, path: Path, elsewhere: Path, keys: Collection[str]) -> None:
        super().__init__(document.name, document.text, document.value, document.language)
        self._path = path
        self._elsewhere = elsewhere
        self._keys = frozenset(keys)

    def position(self, path: Path, of: Literal["key", "value"] = "value") -> tuple[int, int]:
        """As of any file."""
        length = len(self._path)
        if len(path) > length and path[:length] == self._path and path[length] in self._keys:
            path = (*self._elsewhere, *path[length:])
        return super().position(path, of)


class Table:
    """Reads the fields of one table; every method raises BadInput at the field's place. Call `finish` at the end."""

    def __init__(self, document: Document, path: Path, values: Mapping[str, Any]) -> None:
        self.document = document
        self.path = path
        self.values = values
        self._read: set[str] = set()
        self._asked: set[str] = set()
        """Fields that may be there: what a misspelt one may have meant."""

    def has(self, key: str) -> bool:
        """Whether the field is there (a null is a lacking field)."""
        self._asked.add(key)
        return self.values.get(key) is not None

    def fault(self, key: str | None, what: str, mend: str, of: Literal["key", "value"] = "value") -> Fault:
        """A fault at the field's value, at its key, or (key None) at the table itself."""
        return self.document.fault(self.path if key is None else (*self.path, key), what, mend, of)

    def refuse(self, key: str | None, what: str, mend: str) -> NoReturn:
        """Raise BadInput at a field."""
        raise BadInput(self.fault(key, what, mend))

    def raw(self, key: str) -> Any:
        """The value as parsed. Raises BadInput if it is lacking."""
        self._read.add(key)
        if not self.has(key):
            near = difflib.get_close_matches(key, [other for other in self.values if other not in self._read], 1, 0.8)
            if near:
                raise BadInput(self.fault(near[0], f"'{key}' is missing", f"is it this {near[0]!r}?", of="key"))
            raise BadInput(self.fault(None, f"'{key}' is missing", f"add {key} = …"))
        return self.values[key]

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.raw(key)
        if not isinstance(value, str):
            self.refuse(key, f"'{key}' must be a text, found {_kind(value)}", "put it in quotes")
        if not value.strip():
            self.refuse(key, f"'{key}' is empty", "write a value or remove the line")
        return value

    def choice(self, key: str, options: Iterable[str]) -> str:
        """A text that is one of `options`."""
        value, allowed = self.text(key), tuple(options)
        if value not in allowed:
            self.refuse(key, f"{value!r} is not a value of '{key}'", suggest(value, allowed))
        return value

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.raw(key)
        if not isinstance(value, bool):
            self.refuse(key, f"'{key}' must be true or false, found {_kind(value)}", "write true or false")
        return value

    def integer(self, key: str, minimum: int | None = None, maximum: int | None = None) -> int:
        """A whole number between the bounds, inclusive."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, f"'{key}' must be a whole number, found {_kind(value)}", "write digits without quotes")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            self.refuse(key, f"'{key}' is {value}, outside {_bounds(minimum, maximum)}", "write a number inside")
        return int(value)

    def number(self, key: str, minimum: float | None = None) -> float:
        """A finite number, at least `minimum`."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.refuse(key, f"'{key}' must be a number, found {_kind(value)}", "write digits without quotes")
        if minimum is not None and value < minimum:
            self.refuse(key, f"'{key}' is {value}, below {minimum}", "write a larger number")
        return float(value)

    def positive(self, key: str) -> float:
        """A finite number above 0."""
        value = self.number(key)
        if value <= 0:
            self.refuse(key, f"'{key}' is {value:g}, not above 0", "write a larger number")
        return value

    def duration_us(self, key: str) -> int:
        """A duration (`30m`, `1h30m`) in microseconds."""
        return self._parsed(key, self.text(key), parse_duration)

    def instant_us(self, key: str) -> int:
        """A time with offset, in microseconds since 1970 UTC: RFC 3339 text or a TOML offset date-time."""
        return self._instant((*self.path, key), key, self.raw(key))

    def instants_us(self, key: str) -> tuple[int, ...]:
        """A list of times with offset, each as `instant_us` reads it."""
        return tuple(self._instant((*self.path, key, index), key, value) for index, value in enumerate(self.items(key)))

    def date(self, key: str) -> date:
        """A whole date: a TOML date or ISO 8601 text."""
        value = self.raw(key)
        if isinstance(value, datetime):
            self.refuse(key, f"'{key}' is a time, not a date", "write the day alone")
        if isinstance(value, date):
            return value
        return self._parsed(key, self.text(key), parse_date)

    def texts(self, key: str, minimum: int = 0) -> tuple[str, ...]:
        """A list of at least `minimum` different texts."""
        values = self.items(key)
        seen: set[str] = set()
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                raise BadInput(
                    self.document.fault(
                        (*self.path, key, index), f"'{key}' must hold texts, found {_kind(value)}", "put it in quotes"
                    )
                )
            if value in seen:
                raise BadInput(
                    self.document.fault((*self.path, key, index), f"'{key}' names {value!r} twice", "remove one")
                )
            seen.add(value)
        if len(values) < minimum:
            self.refuse(key, f"'{key}' needs at least {minimum} item{'s' * (minimum > 1)}", "add what is missing")
        return tuple(values)

    def items(self, key: str) -> list[Any]:
        """A list of anything."""
        value = self.raw(key)
        if not isinstance(value, list):
            self.refuse(key, f"'{key}' must be a list, found {_kind(value)}", "put it in [ ]")
        return value

    def table(self, key: str) -> "Table":
        """A table within this one."""
        value = self.raw(key)
        if not isinstance(value, dict):
            self.refuse(key, f"'{key}' must be a table, found {_kind(value)}", "write it as { … }")
        return Table(self.document, (*self.path, key), value)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list, one after the other."""
        for index, value in enumerate(self.items(key)):
            path = (*self.path, key, index)
            if not isinstance(value, dict):
                raise BadInput(
                    self.document.fault(path, f"'{key}' must hold tables, found {_kind(value)}", "write it as { … }")
                )
            yield Table(self.document, path, value)

    def finish(self) -> None:
        """Raise BadInput for every field that nothing has read: a misspelt term must never pass in silence."""
        lacking = {key for key in self._asked if self.values.get(key) is None}
        unknown = [key for key in self.values if key not in self._read and key not in lacking]
        if unknown:
            raise BadInput(
                self.fault(key, f"unknown field '{key}'", suggest(key, sorted(self._read | self._asked)), of="key")
                for key in unknown
            )

    def overlaid(self, by: "Table", without: Collection[str] = ()) -> "Table":
        """This table with the fields of another one of the same file in place of its own, and without some."""
        document = _Overlaid(self.document, self.path, by.path, by.values)
        kept = {key: value for key, value in self.values.items() if key not in without}
        return Table(document, self.path, {**kept, **by.values})

    def allow(self, *keys: str) -> None:
        """Name fields that are known and may stand unread."""
        self._read.update(keys)

    def _instant(self, path: Path, key: str, value: Any) -> int:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise BadInput(self.document.fault(path, f"'{key}' has no offset", "add Z or an offset such as +03:00"))
        text = value.isoformat() if isinstance(value, datetime) else value
        if not isinstance(text, str):
            raise BadInput(
                self.document.fault(
                    path, f"'{key}' must be a time, found {_kind(value)}", "write it like 2025-07-04T09:00:00Z"
                )
            )
        try:
            return parse_instant(text)
        except ValueError as error:
            raise BadInput(self.document.fault(path, f"'{key}': {error}", "write it in that form")) from None

    def _parsed(self, key: str, text: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(text)
        except ValueError as error:
            self.refuse(key, f"'{key}': {error}", "write it in that form")


class Faults:
    """Gathers the faults of independent parts, so that one run tells all of them."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Take what BadInput the block raises and go on after it."""
        try:
            yield
        except BadInput as error:
            self.found.extend(error.faults)

    def settle(self) -> None:
        """Raise BadInput with all that was gathered, in the order of the file, if anything was."""
        if self.found:
            raise BadInput(sorted(set(self.found)))


def parse_toml(name: str, source: bytes) -> Document:
    """Parse a TOML file. Raises BadInput at line and column."""
    text = _text(name, source)
    try:
        return Document(name, text, tomllib.loads(text), "toml")
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        match = _AT_LINE_COLUMN.search(message)
        if match:
            line, column = int(match[1]), int(match[2])
            message = message[: match.start()]
        else:
            message = message.removesuffix(_AT_END) + " at the end of the file"
            line, column = _last_place(text)
        raise BadInput(Fault(name, line, column, f"not TOML: {_lower(message)}", "mend the syntax there")) from None
    except RecursionError:
        raise BadInput(Fault(name, 1, 1, "not TOML: nested too deeply", "flatten it")) from None
    except ValueError as error:
        raise BadInput(Fault(name, 1, 1, f"not TOML: {error}", "mend that value")) from None


def parse_json(name: str, source: bytes) -> Document:
    """Parse a JSON file, refusing repeated keys and numbers that are none. Raises BadInput at line and column."""
    text = _text(name, source)
    try:
        value = parse_strict_json(text)
    except NotJson as error:
        line, column = _last_place(text[: error.offset])
        raise BadInput(
            Fault(name, line, column, f"not JSON: {error.what}", error.mend or "mend the syntax there")
        ) from None
    return Document(name, text, value, "json")


def suggest(value: str, options: Sequence[str]) -> str:
    """How to mend a misspelt word: the nearest of the allowed ones, and all of them."""
    near = difflib.get_close_matches(value, options, n=1)
    allowed = ", ".join(options)
    if near:
        return f"did you mean {near[0]!r}? Allowed: {allowed}"
    return f"allowed: {allowed}" if options else "remove it"


def _text(name: str, source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        line, column = _last_place(before)
        raise BadInput(Fault(name, line, column, "not UTF-8 text", "save the file as UTF-8")) from None


def _last_place(text: str) -> tuple[int, int]:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) <= 40 else "a text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime():
            return f"the time {format_instant(instant_us(value)) if value.tzinfo else value.isoformat()}"
        case _:
            return f"{value}"


def _bounds(minimum: int | None, maximum: int | None) -> str:
    low, high = "" if minimum is None else minimum, "" if maximum is None else maximum
    return f"{low}..{high}"
