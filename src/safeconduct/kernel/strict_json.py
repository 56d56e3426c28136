"""JSON as other programs read it: no key twice in one object, no number that is none; what is not so is told where."""

import json
import re
import sys
from typing import Any, NoReturn

_TOKEN = re.compile(
    r'(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")(?P<names>\s*:)?|(?P<constant>NaN|-?Infinity)'
    r"|(?P<whole>-?\d+)(?P<fraction>[.eE][\d.eE+-]*)?|[{}]"
)


class NotJson(ValueError):
    """A text that is not such JSON: what is wrong, after how many characters, and how to mend it if not the syntax."""

    def __init__(self, what: str, offset: int, mend: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset
        self.mend = mend


def parse_strict_json(text: str) -> Any:
    """The value of a text. Raises NotJson."""
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise NotJson(error.msg[:1].lower() + error.msg[1:], error.pos) from None
    except RecursionError:
        raise NotJson("nested too deeply", 0, "flatten it") from None
    except ValueError:
        raise _first_flaw(text) from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError
    return table


def _no_constant(_: str) -> NoReturn:
    raise ValueError


def _first_flaw(text: str) -> NotJson:
    """What the parser took offence at, which says of it no place: up to there the text is JSON."""
    digits = sys.get_int_max_str_digits()
    keys_above: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        if token["constant"]:
            return NotJson(
                f"{token[0]} is not a JSON number", token.start(), "write a number, or null if there is none"
            )
        if token["whole"] and not token["fraction"] and len(token[0].lstrip("-")) > digits > 0:
            return NotJson(f"a whole number of more than {digits:,} digits", token.start(), "write a shorter one")
        if token[0] == "{":
            keys_above.append(set())
        elif token[0] == "}":
            keys_above.pop()
        elif token["names"]:
            key = json.loads(token["text"])
            if key in keys_above[-1]:
                return NotJson(f"the key {key!r} stands twice in one object", token.start(), "keep one of them")
            keys_above[-1].add(key)
    raise AssertionError("the parser refuses nothing else")
