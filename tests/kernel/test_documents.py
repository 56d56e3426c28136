"""TOML and JSON files: values as they are written, faults at the line and column where they stand."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.documents import Document, Faults, Table, parse_json, parse_toml
from safeconduct.kernel.errors import BadInput, Fault

TOML = """\
# comment
title = "Обмін"  # Cyrillic before the column
dotted.key = 1

[agreement]
parties = [
    "RU",
    "UA",
]
"quoted key" = { inner = [1, 2] }

[[clause]]
id = "a"

[[clause]]
id = "b"
[clause.of]
rank = "captain"
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), (2, 1), (2, 9)),
        (("dotted", "key"), (3, 1), (3, 14)),
        (("dotted",), (3, 1), (3, 1)),
        (("agreement", "parties"), (6, 1), (6, 11)),
        (("agreement", "parties", 1), (8, 5), (8, 5)),
        (("agreement", "quoted key", "inner"), (10, 18), (10, 26)),
        (("agreement", "quoted key", "inner", 1), (10, 30), (10, 30)),
        (("clause", 0, "id"), (13, 1), (13, 6)),
        (("clause", 1, "id"), (16, 1), (16, 6)),
        (("clause", 1, "of", "rank"), (18, 1), (18, 8)),
        # What is not there is told at its nearest parent.
        (("agreement", "nothing"), (5, 2), (5, 1)),
        (("clause", 1, "of", "age"), (17, 2), (17, 1)),
    ],
)
def test_places_in_toml(path: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]) -> None:
    """Keys and values of tables, arrays of tables, inline tables and arrays; columns in characters."""
    document = parse_toml("t.toml", TOML.encode())
    assert document.position(path, "key") == key
    assert document.position(path) == value


def test_places_in_json() -> None:
    """Objects and arrays, over lines, with Cyrillic before the column."""
    document = parse_json("p.json", '{"а": "б", "legs": [\n  {"id": "l1"},\n  {"id": 2}\n]}'.encode())
    assert document.position(("legs",), "key") == (1, 12)
    assert document.position(("legs", 1, "id")) == (3, 10)
    assert document.position(("legs", 1)) == (3, 3)


@given(
    st.recursive(
        st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=3)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("abc я", max_size=3), inner)),
        max_leaves=8,
    )
)
def test_every_json_value_stands_where_it_is_said(value: Any) -> None:
    """Reading on from the place told gives the value again."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    document = parse_json("x.json", text.encode())

    def visit(path: tuple[str | int, ...], inner: Any) -> None:
        line, column = document.position(path)
        rest = "\n".join([text.split("\n")[line - 1][column - 1 :], *text.split("\n")[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == inner
        if isinstance(inner, dict):
            for key, one in inner.items():
                visit((*path, key), one)
        if isinstance(inner, list):
            for index, one in enumerate(inner):
                visit((*path, index), one)

    visit((), value)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"a = ", "t.toml:1:5: not TOML: invalid value at the end of the file; mend the syntax there"),
        (b"a = 1\nb = = 2", "t.toml:2:5: not TOML: invalid value; mend the syntax there"),
        (b"a = 1\na = 2", "t.toml:2:6: not TOML: cannot overwrite a value at the end of the file"),
        (b"a = 2025-02-30", "t.toml:1:5: not TOML: invalid date or datetime"),
        (b"a = 1\r\nb =\r\n", "t.toml:2:4: not TOML: invalid value"),
        ("я = 1".encode(), "t.toml:1:1: not TOML: invalid statement"),
        ('a = "я".'.encode(), "t.toml:1:8: not TOML: "),
        ('a = "Обмін"'.encode("cp1251"), "t.toml:1:6: not UTF-8 text; save the file as UTF-8"),
        (b"\xef\xbb\xbfab = \xff", "t.toml:1:6: not UTF-8 text; save the file as UTF-8"),
        (b"a = " + b"[" * 100_000, "t.toml:1:1: not TOML: nested too deeply; flatten it"),
        (b"PK\x03\x04\x14\x00\x06\x00\x80\xff", "t.toml:1:9: not UTF-8 text"),
        (b"a = 1\x00", "t.toml:1:6: not TOML: "),
    ],
)
def test_not_toml(source: bytes, line: str) -> None:
    """A syntax error is one line with the place where it is."""
    with pytest.raises(BadInput) as refusal:
        parse_toml("t.toml", source)
    assert str(refusal.value).startswith(line)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"", "p.json:1:1: not JSON: expecting value"),
        (b'{"a": 1,\n "b": }', "p.json:2:7: not JSON: expecting value"),
        (b'{"a": 1, "a": 2}', "p.json:1:10: not JSON: the key 'a' stands twice in one object"),
        (b'{"a": {"c": 1,\n "b": [{"a": 2}],\n "c" : 3}}', "p.json:3:2: not JSON: the key 'c' stands twice in one obj"),
        (b'{"a": NaN}', "p.json:1:7: not JSON: NaN is not a JSON number"),
        (
            '{"\u00e9\\"NaN": [\n1, "\u00e9{", -Infinity]}'.encode(),
            "p.json:2:10: not JSON: -Infinity is not a JSON number",
        ),
        (b"[" * 100_000, "p.json:1:1: not JSON: nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "p.json:1:7: not JSON: a whole number of more than 4,300 digits;"),
        (b"\xff\xfe{\x00}\x00", "p.json:1:1: not UTF-8 text"),
    ],
)
def test_not_json(source: bytes, line: str) -> None:
    """A syntax error, a repeated key and what is no number are one line with the place."""
    with pytest.raises(BadInput) as refusal:
        parse_json("p.json", source)
    assert str(refusal.value).startswith(line)
    assert "\n" not in str(refusal.value)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Windows editors write one; columns do not count it."""
    document = parse_toml("t.toml", b"\xef\xbb\xbfa = 1")
    assert document.root().integer("a") == 1
    assert document.position(("a",)) == (1, 5)


def root(text: str) -> Table:
    """The root table of a TOML text."""
    return parse_toml("t.toml", text.encode()).root()


READERS: dict[str, Callable[[Table], Any]] = {
    "text": lambda table: table.text("a"),
    "choice": lambda table: table.choice("a", ("red", "green")),
    "flag": lambda table: table.flag("a"),
    "integer": lambda table: table.integer("a", 1, 9),
    "number": lambda table: table.number("a", 0),
    "duration": lambda table: table.duration_us("a"),
    "instant": lambda table: table.instant_us("a"),
    "date": lambda table: table.date("a"),
    "texts": lambda table: table.texts("a", 1),
    "items": lambda table: table.items("a"),
    "table": lambda table: table.table("a"),
    "tables": lambda table: list(table.tables("a")),
}


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        ("text", 'a = " x "', " x "),
        ("choice", 'a = "red"', "red"),
        ("flag", "a = false", False),
        ("integer", "a = 9", 9),
        ("number", "a = 3", 3.0),
        ("number", "a = 2.5", 2.5),
        ("duration", 'a = "1h30m"', 5_400_000_000),
        ("instant", 'a = "1970-01-01T01:00:00+01:00"', 0),
        ("instant", "a = 1970-01-01T00:00:01Z", 1_000_000),
        ("date", "a = 2025-06-02", date(2025, 6, 2)),
        ("date", 'a = "2025-06-02"', date(2025, 6, 2)),
        ("texts", 'a = ["x", "y"]', ("x", "y")),
        ("items", "a = [1, [2]]", [1, [2]]),
    ],
)
def test_reads(reader: str, text: str, value: Any) -> None:
    """Each reader gives the value as written."""
    assert READERS[reader](root(text)) == value


@pytest.mark.parametrize(
    ("reader", "text", "line"),
    [
        ("text", "", "t.toml:1:1: 'a' is missing; add a = …"),
        ("text", "a = 1", "t.toml:1:5: 'a' must be a text, found the number 1; put it in quotes"),
        ("text", "a = true", "t.toml:1:5: 'a' must be a text, found true; put it in quotes"),
        ("text", 'a = " "', "t.toml:1:5: 'a' is empty; write a value or remove the line"),
        ("choice", 'a = "gren"', "t.toml:1:5: 'gren' is not a value of 'a'; did you mean 'green'? Allowed: red, green"),
        ("flag", 'a = "yes"', "t.toml:1:5: 'a' must be true or false, found the text 'yes'; write true or false"),
        ("integer", "a = 10", "t.toml:1:5: 'a' is 10, outside 1..9; write a number inside"),
        ("integer", "a = 1.0", "t.toml:1:5: 'a' must be a whole number, found the number 1.0"),
        ("integer", "a = true", "t.toml:1:5: 'a' must be a whole number, found true"),
        ("number", "a = nan", "t.toml:1:5: 'a' must be a number, found the number nan"),
        ("number", "a = -0.5", "t.toml:1:5: 'a' is -0.5, below 0; write a larger number"),
        ("duration", 'a = "30"', "t.toml:1:5: 'a': '30' is not a duration like"),
        ("instant", "a = 2025-06-02T09:00:00", "t.toml:1:5: 'a' has no offset; add Z or an offset"),
        ("instant", 'a = "2025-06-02"', "t.toml:1:5: 'a': '2025-06-02' is not an RFC 3339 time"),
        ("date", 'a = "2025-06-31"', "t.toml:1:5: 'a': '2025-06-31' is no day of the calendar"),
        ("texts", 'a = ["x", 1]', "t.toml:1:11: 'a' must hold texts, found the number 1"),
        ("texts", 'a = ["x", "x"]', "t.toml:1:11: 'a' names 'x' twice; remove one"),
        ("texts", "a = []", "t.toml:1:5: 'a' needs at least 1 item; add what is missing"),
        ("items", "a = {}", "t.toml:1:5: 'a' must be a list, found a table; put it in [ ]"),
        ("table", "a = []", "t.toml:1:5: 'a' must be a table, found a list"),
        ("tables", "a = [{}, 2]", "t.toml:1:10: 'a' must hold tables, found the number 2"),
        ("text", 'long_text = "x"', "t.toml:1:1: 'a' is missing; add a = …"),
    ],
)
def test_refuses(reader: str, text: str, line: str) -> None:
    """What is not of the kind asked for is one line at its place."""
    with pytest.raises(BadInput) as refusal:
        READERS[reader](root(text))
    assert str(refusal.value).startswith(line)


def test_unknown_fields_are_told_each() -> None:
    """A misspelt field never passes in silence; one that was read, or is lacking as null, does."""
    table = root('a = "x"\nbeta = 1\ngama = 2')
    table.text("a")
    table.allow("gamma")
    with pytest.raises(BadInput) as refusal:
        table.finish()
    assert [str(fault) for fault in refusal.value.faults] == [
        "t.toml:2:1: unknown field 'beta'; allowed: a, gamma",
        "t.toml:3:1: unknown field 'gama'; did you mean 'gamma'? Allowed: a, gamma",
    ]


def test_a_misspelt_field_is_pointed_at_where_another_is_missing() -> None:
    """The place told is that of the field probably meant."""
    with pytest.raises(BadInput, match=r"^t.toml:2:1: 'between' is missing; is it this 'betwen'\?$"):
        root('id = "a"\nbetwen = ["RU", "UA"]').texts("between")


def test_null_is_lacking() -> None:
    """A null field of a JSON object counts as not there."""
    table = parse_json("p.json", b'{"a": null}').root()
    assert not table.has("a")
    with pytest.raises(BadInput, match="'a' is missing"):
        table.raw("a")
    optional = parse_json("p.json", b'{"a": null}').root()
    assert not optional.has("a")
    optional.finish()


def test_the_outermost_value_must_be_an_object() -> None:
    """A JSON list is refused as a document."""
    with pytest.raises(BadInput, match=r"^p.json:1:1: expected an object, found a list"):
        parse_json("p.json", b"[1]").root()


def test_faults_are_gathered_in_the_order_of_the_file() -> None:
    """One run tells all that is wrong, each once."""
    faults = Faults()
    for line in (3, 1, 3):
        with faults.gather():
            raise BadInput(Fault("f", line, 1, "wrong", "mend it"))
    with pytest.raises(BadInput) as refusal:
        faults.settle()
    assert [fault.line for fault in refusal.value.faults] == [1, 3]
    Faults().settle()


def test_document_is_named_in_its_faults() -> None:
    """The name is the one given, whatever it is."""
    assert Document("дир/t.toml", "", {}, "toml").fault((), "x", "y").file == "дир/t.toml"
