"""Lines of a stream: which are events, and the precise fault of each that is none."""

import json
from typing import Any

import pytest

from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.events import NEEDS, Event
from safeconduct.tracking.lines import read_line

AT = '"at": "2025-07-04T09:00:00Z"'

BROKEN: list[tuple[bytes, str]] = [
    (b"nonsense", "1: not JSON: expecting value"),
    (b'{"id": "a", "type": "x"', "24: not JSON: expecting ',' delimiter"),
    (b'{"id": "a", "type": "x"\r\n', "24: not JSON: expecting ',' delimiter"),
    (b'{"id": "a"} {"id": "b"}', "13: not JSON: extra data"),
    (b"[]", "1: not a JSON object"),
    (b"null", "1: not a JSON object"),
    (b'"text"', "1: not a JSON object"),
    (b"17", "1: not a JSON object"),
    (b'{"id": "a", "id": "b"}', "13: not JSON: the key 'id' stands twice in one object"),
    (b'{"id": "a", "x": {"id": {"id": 1}, "\\u0069d": 2}}', "36: not JSON: the key 'id' stands twice in one object"),
    (b'{"x": [{"id": "id"}, {"id": "id"}], "y": "x", "x": 1', "53: not JSON: expecting ',' delimiter"),
    (b'{"x": NaN}', "7: not JSON: NaN is not a JSON number"),
    ('{"é": "NaN", "x": ["Infinity", -1.5, -Infinity]}'.encode(), "38: not JSON: -Infinity is not a JSON number"),
    (b'{"x": [1.5e3, -2, -' + b"9" * 5000 + b"]}", "19: not JSON: a whole number of more than 4,300 digits;"),
    (b"[" * 200_000, "1: not JSON: nested too deeply"),
    (b'{"x": ' * 200_000, "1: not JSON: nested too deeply"),
    (b'{"id": "\xff"}', "9: not UTF-8 text"),
    ('{"id": "é'.encode() + b"\xff", "10: not UTF-8 text"),
    ("﻿﻿{}".encode(), "1: not JSON: unexpected UTF-8 BOM"),
    (b"{}", "1: an event needs 'id', a text"),
    (b'{"id": null, "type": "x"}', "1: an event needs 'id', a text"),
    (b'{"id": 7, "type": "x"}', "8: 'id' is not a text"),
    (b'{"id": "a"}', "1: an event needs 'type', a text"),
    (b'{"id": "a", "type": ["x"]}', "21: 'type' is not a text"),
    (b'{"id": "a", "type": "x"}', "1: an event needs 'at', an RFC 3339 time with an offset"),
    (b'{"id": "a", "type": "x", "at": 1751619600}', "32: 'at' is not an RFC 3339 time"),
    (b'{"id": "a", "type": "x", "at": "2025-07-04T09:00:00"}', "32: '2025-07-04T09:00:00' is not an RFC 3339 time"),
    (b'{"id": "a", "type": "x", "at": "2025-07-04 09:00:00Z"}', "32: '2025-07-04 09:00:00Z' is not an RFC 3339"),
    (b'{"id": "a", "type": "x", "at": "2025-02-29T09:00:00Z"}', "32: '2025-02-29T09:00:00Z' is no moment"),
    (b'{"id": "a", "type": "x", "at": "2025-07-04T09:00:00.1234567Z"}', "32: '2025-07-04T09:00:00.1234567Z' is not"),
    (b'{"id": "\\ud800", "type": "x", ' + AT.encode() + b"}", "1: half of a surrogate pair is no character"),
    (b'{"id": "a", "type": "positioned", ' + AT.encode() + b', "vehicle": "v", "position": [500, 0]}', "93: the posi"),
    (
        b'{"id": "a", "type": "counted", ' + AT.encode() + b', "vehicle": "v", "count": "3"}',
        "87: 'count' is not a numb",
    ),
    (b'{"id": "a", "type": "boarded", ' + AT.encode() + b', "vehicle": "v", "person": 3}', "88: 'person' is not a tex"),
    (
        b'{"id": "a", "type": "counted", ' + AT.encode() + b', "vehicle": "v", "count": 1' + b"0" * 400 + b"}",
        "87: 'count' is not a numb",
    ),
    (
        b'{"id": "a", "type": "counted", ' + AT.encode() + b', "vehicle": "v", "count": 1e999}',
        "87: 'count' is not a numb",
    ),
    (b'{"id": "a", "type": "x", ' + AT.encode() + b', "n": [-1e999]}', "1: a number is too large for any reader"),
    (b'{"id": "a", "type": "x", ' + AT.encode() + b', "n": ' + b"[" * 65 + b"]" * 65 + b"}", "1: nested too deeply"),
]


@pytest.mark.parametrize(("raw", "told"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_told_at_its_column(raw: bytes, told: str) -> None:
    """One precise line, never a traceback."""
    with pytest.raises(BadInput) as caught:
        read_line("events.jsonl", 12, raw)
    assert str(caught.value).startswith(f"events.jsonl:12:{told}")
    assert len(caught.value.faults) == 1


WHOLE: dict[str, dict[str, Any]] = {
    "departed": {"vehicle": "v", "place": "X"},
    "arrived": {"vehicle": "v", "place": "X"},
    "boarded": {"person": "p", "vehicle": "v"},
    "alighted": {"person": "p", "vehicle": "v"},
    "positioned": {"vehicle": "v", "position": [31.0, 52.0]},
    "counted": {"vehicle": "v", "count": 12},
    "offered": {"person": "p", "from": "RU", "to": "NI"},
    "accepted": {"person": "p", "from": "RU", "to": "NI"},
    "refused": {"person": "p", "from": "RU", "to": "NI"},
    "identified": {"person": "p"},
    "consented": {"person": "p"},
    "examined": {"person": "p"},
    "added": {"person": "p"},
    "substituted": {"person": "p"},
    "withdrawn": {"person": "p"},
    "died": {"person": "p"},
    "retired": {"device": "d"},
    "voided": {"event": "e"},
}


@pytest.mark.parametrize("kind", WHOLE)
def test_what_a_type_needs(kind: str) -> None:
    """With just that the line is good; without any one of it, or with a null, it is bad."""
    whole = {"id": "a", "type": kind, "at": "2025-07-04T09:00:00Z", **WHOLE[kind]}
    assert good(whole).type == kind
    for key in WHOLE[kind]:
        for broken in ({k: v for k, v in whole.items() if k != key}, {**whole, key: None}):
            with pytest.raises(BadInput, match=f"needs '{key}'"):
                good(broken)
    assert set(NEEDS) == set(WHOLE)


@pytest.mark.parametrize("kind", ["notified", "published", "incident", "clock", "held", "resumed", "aborted", "washed"])
def test_types_that_need_nothing_more(kind: str) -> None:
    """Unknown types pass, too."""
    assert good({"id": "a", "type": kind, "at": "2025-07-04T09:00:00Z"}).type == kind


def test_blank_lines_line_breaks_and_a_byte_order_mark() -> None:
    """Blank lines are no lines; CRLF and a mark at the beginning of the file are no fault."""
    assert read_line("f", 1, b"\r\n") is None
    assert read_line("f", 1, "\ufeff\n".encode()) is None
    assert read_line("f", 2, b"  \t\n") is None
    line = b'{"id": "a", "type": "clock", ' + AT.encode() + b"}\r\n"
    assert read_line("f", 1, "\ufeff".encode() + line) is not None
    assert read_line("f", 2, line) is not None


def test_content_is_what_happened_and_not_how_it_was_carried() -> None:
    """`received_at`, `_…`, nulls, the order of keys and the offset of `at` do not belong to it."""
    plain = {"type": "departed", "id": "é", "at": "2025-07-04T09:00:00Z", "vehicle": "v", "place": "X"}
    carried = {
        **dict(reversed(plain.items())),
        "at": "2025-07-04T12:00:00.000+03:00",
        "received_at": "2025-07-04T10:00:00Z",
        "_gateway": 7,
        "device": None,
    }
    assert good(carried).content == good(plain).content
    assert good(plain).content == ('{"at":1751619600000000,"id":"é","place":"X","type":"departed","vehicle":"v"}')
    assert good(carried).fields == good(plain).fields
    assert good(carried).received_us == parse_instant("2025-07-04T10:00:00Z")
    assert good({**plain, "place": "Y"}).content != good(plain).content


def test_an_unreadable_receipt_is_a_lacking_one() -> None:
    """It says nothing of what happened; the line stands."""
    assert good({"id": "a", "type": "x", "at": "2025-07-04T09:00:00Z", "received_at": "soon"}).received_us is None


def good(line: dict[str, Any]) -> Event:
    """The event of a line."""
    event = read_line("f", 1, json.dumps(line).encode())
    assert event is not None
    return event


def test_what_is_nested_less_is_taken() -> None:
    """To 64 levels, far below what any reader's stack holds."""
    deep = '{"x": [' * 32 + "]}" * 32
    event = read_line("f", 1, f'{{"id": "a", "type": "x", {AT}, "deep": {deep}}}'.encode())
    assert event is not None
    assert json.loads(event.content)["deep"] == json.loads(deep)
