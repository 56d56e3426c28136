"""Lines of a JSON Lines stream as events; a fault at line and column for each that is none."""

import json
import re
from typing import Any, NoReturn

from safeconduct.kernel.documents import Document
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.tracking.events import BadEvent, Event, read_event
from safeconduct.tracking.plain_lines import read_plain_line

_BOM = b"\xef\xbb\xbf"
_MEND = "mend the line and send it again"
_PLACE = re.compile(r": line \d+ column \d+ \(char \d+\)$")


def read_line(name: str, number: int, raw: bytes) -> Event | None:
    """Read one line (with or without its line break); None if it is blank.

    `name` and `number` (from 1) say where it stands. Raises BadInput with one fault if the line is bad: no JSON object
    (a key that stands twice, a number that JSON does not have), or an object that lacks what its type needs.
    """
    plain = read_plain_line(raw)
    if plain is not None:
        return plain
    if number == 1:
        raw = raw.removeprefix(_BOM)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode("utf-8", "replace")) + 1
        raise BadInput(Fault(name, number, column, "not UTF-8 text", _MEND)) from None
    text = text.rstrip("\r\n")  # a fault stands in the line, not behind its break
    if not text.strip(" \t\r\n"):
        return None
    value = _parse(name, number, text)
    if not isinstance(value, dict):
        raise BadInput(Fault(name, number, 1, "not a JSON object", "write one { … } a line"))
    try:
        return read_event(value)
    except BadEvent as error:
        column = 1 if error.key is None else Document(name, text, value, "json").position((error.key,))[1]
        raise BadInput(Fault(name, number, column, error.what, error.mend)) from None


def _parse(name: str, number: int, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        raise BadInput(Fault(name, number, error.pos + 1, f"not JSON: {what}", _MEND)) from None
    except RecursionError:
        raise BadInput(Fault(name, number, 1, "not JSON: nested too deeply", "flatten it")) from None
    except ValueError as error:
        what = _PLACE.sub("", str(error)).partition(";")[0]
        raise BadInput(Fault(name, number, 1, f"not JSON: {what}", _MEND)) from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return table


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")
