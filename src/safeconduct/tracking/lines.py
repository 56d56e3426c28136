"""Lines of a JSON Lines stream as events; a fault at line and column for each that is none."""

from typing import Any

from safeconduct.kernel.documents import Document
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.strict_json import NotJson, parse_strict_json
from safeconduct.tracking.events import BadEvent, Event, read_event
from safeconduct.tracking.plain_lines import read_plain_line

_BOM = b"\xef\xbb\xbf"
_MEND = "mend the line and send it again"


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
        return parse_strict_json(text)
    except NotJson as error:
        raise BadInput(Fault(name, number, error.offset + 1, f"not JSON: {error.what}", error.mend or _MEND)) from None
