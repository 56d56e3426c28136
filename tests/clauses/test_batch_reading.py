"""Lines read as columns, whole blocks at a time, against the same lines asked about one by one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.clauses.batch.blocks import Block
from safeconduct.clauses.batch.columns import BASE, FIELDS, OTHERS, text_column
from safeconduct.clauses.batch.reading import Reader
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.lines import read_line

Row = tuple[str, int, int | None, str]

texts = st.sampled_from(
    ["e1", "e2", "X", "", "a/b", "é", "Нова-Гута", 'q"q', "b\\s", "a,b", ":", "\t", "\x00", "{", "x" * 40]
)
times = st.sampled_from(
    [
        "2025-07-04T09:00:00Z", "2025-07-04T09:00:00Z", "2025-07-04T12:00:00+03:00", "2025-07-04T08:30:00.5-00:30",
        "2025-07-04T09:00:00.000Z", "2025-07-04T09:00:00.123456Z", "2025-07-04t09:00:00z", "2025-02-30T09:00:00Z",
        "2025-07-04T24:00:00Z", "2025-07-04T23:59:60Z", "2025-07-04T09:00Z", "1800-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00", "2025-07-04T09:00:00.٣Z", "2025-07- 4T09:00:00Z", "2025-7-04T09:00:00Z",
        "9999-12-31T23:59:59-01:00", "2025-07-04T09:00:00", "",
    ]
)  # fmt: skip
numbers = st.sampled_from(
    ["0", "1", "-1", "7", "1.0", "1.50", "-0", "-0.0", "0.0", "0.5", "-0.25", "30.97", "180", "180.5", "-90.000001",
     "1e3", "1E400", "0.00001", "0.0001", "01", "1.", ".5", "+1", "9007199254740993", "123456789012345678901234567890",
     "999999.123456789", "NaN", "Infinity", "1_0", "0x1"]
)  # fmt: skip
words = st.sampled_from(["true", "false", "null", "True", "nul"])
pairs = st.tuples(numbers, numbers).map(lambda two: f"[{two[0]}, {two[1]}]")
odd = st.sampled_from(
    ["[]", "{}", '["RU","UA"]', '{"a": 1}', '{"a":1,"a":2}', "[1, 2, 3]", '[[1],"x"]', '"\\u00e9"', '"\\ud800"']
)
anything = st.one_of(
    texts.map(json.dumps), texts.map(lambda one: json.dumps(one, ensure_ascii=False)), numbers, words, pairs, odd
)
keys = st.sampled_from(
    ["vehicle", "place", "person", "from", "to", "position", "count", "device", "device_seq", "event", "what", "speed",
     "note", "_via", "received", "at", "id", "a key", "é", "x\\u0041"]
)  # fmt: skip


@st.composite
def raw_lines(draw: st.DrawFn) -> bytes:
    """One line: mostly as a program would write it, often with something that is not as it should be."""
    comma, colon = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")]))
    kind = draw(st.sampled_from(["departed", "positioned", "counted", "offered", "note", "voided", "clock", "retired"]))
    fields = [("id", draw(texts.map(json.dumps))), ("type", json.dumps(kind)), ("at", json.dumps(draw(times)))]
    names = [key for key in ("vehicle", "place", "person", "from", "to", "device") if draw(st.booleans())]
    fields += [(key, draw(texts.map(json.dumps))) for key in names]
    if draw(st.booleans()):
        fields.append(("position", draw(pairs)))
    if draw(st.booleans()):
        fields.append((draw(st.sampled_from(["count", "device_seq"])), draw(numbers)))
    if draw(st.booleans()):
        fields.append(("received_at", draw(st.one_of(times.map(json.dumps), anything))))
    fields += draw(st.lists(st.tuples(keys, anything), max_size=2))
    if draw(st.integers(0, 3)) == 0:
        fields = draw(st.permutations(fields))
    line = "{" + comma.join(f'"{key}"{colon}{value}' for key, value in fields) + "}"
    return line.encode("utf-8", "surrogatepass")


@st.composite
def blocks(draw: st.DrawFn) -> bytes:
    """Lines, several of them alike, some blank or damaged, with any line break."""
    different = draw(st.lists(raw_lines(), min_size=1, max_size=4))
    lines = []
    for _ in range(draw(st.integers(1, 10))):
        line = draw(st.sampled_from(different))
        damage = draw(st.integers(0, 12))
        place = draw(st.integers(0, len(line)))
        if damage == 0:
            line = (
                line[:place]
                + draw(st.sampled_from([b'"', b"\\", b",", b"\xff", b"\r", b"{", b" ", b"\x01", b"\xc3"]))
                + line[place:]
            )
        elif damage == 1:
            line = line[:place] + line[place + 1 :]
        elif damage == 2:
            line = draw(st.sampled_from([b"", b"  ", b"\r", b"\xef\xbb\xbf" + line, b"null", b"[1]", b"\xff"]))
        lines.append(line)
    start = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return start + draw(st.sampled_from([b"\n", b"\r\n"])).join(lines) + draw(st.sampled_from([b"", b"\n"]))


def one_by_one(block: bytes) -> tuple[list[Row], list[str]]:
    """Id, time, receipt and content of the good lines; the faults of the bad ones."""
    rows, faults = [], []
    for number, raw in enumerate(block.split(b"\n"), 1):
        try:
            event = read_line("f", number, raw.removesuffix(b"\r"))
        except BadInput as error:
            faults.append(str(error))
            continue
        if event is not None:
            rows.append((event.id, event.at_us, event.received_us, event.content))
    return rows, faults


def as_columns(block: bytes, cuts: list[int]) -> tuple[list[Row], list[str]]:
    """The same, read by the audit in pieces that end with these line breaks."""
    breaks = [place + 1 for place, byte in enumerate(block) if byte == ord("\n")]
    ends = sorted({breaks[cut % len(breaks)] for cut in cuts}) if breaks else []
    reader = Reader(["speed"])
    faults: list[str] = []
    pieces = [block[begin:end] for begin, end in zip([0, *ends], [*ends, len(block)], strict=True)]
    reader.read("f", pieces, lambda _, error: faults.append(str(error)))
    rows = [(row["id"], row["at"], row["received"], content(row)) for row in reader.columns().frame.to_dicts()]
    return rows, faults


def content(row: dict[str, Any]) -> str:
    """The content of a line put together from its columns."""
    fields = json.loads(row.get(OTHERS) or "{}") | {key: row[key] for key in ("id", "type", "at")}
    for name, cell in row.items():
        if name not in (*BASE, OTHERS) and cell is not None:
            key = name.partition(" ")[2]
            assert key not in fields
            fields[key] = cell if name == text_column(key) else json.loads(cell)
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def in_order(rows: list[Row]) -> list[Row]:
    """Sorted, a lacking receipt first."""
    return sorted(rows, key=lambda row: (row[3], row[2] is not None, row[2] or 0))


@settings(max_examples=800)
@given(blocks(), st.lists(st.integers(0, 20), max_size=3))
def test_reading_in_blocks_is_reading_line_by_line(block: bytes, cuts: list[int]) -> None:
    """The same events, the same faults at the same places and in their order, wherever the blocks end."""
    rows, faults = one_by_one(block)
    found, told = as_columns(block, cuts)
    assert told == faults
    assert in_order(found) == in_order(rows)


USUAL: list[dict[str, Any]] = [
    {"id": "e1", "type": "departed", "at": "2025-07-04T09:00:00Z", "vehicle": "v1", "place": "Нова-Гута"},
    {"id": "e2", "type": "positioned", "at": "2025-07-04T09:00:00.5Z", "vehicle": "v1", "position": [180, -90]},
    {"id": "e3", "type": "positioned", "at": "2025-07-04T12:00:00+03:00", "vehicle": "v1", "position": [30.97, 52.0]},
    {"id": "e4", "type": "counted", "at": "2025-07-04T09:02:00Z", "vehicle": "v1", "count": 17, "device": "d"},
    {"id": "e5", "type": "sealed", "at": "2025-07-04T09:03:00Z", "what": True, "by": None, "speed": 0.25, "note": "x"},
    {"id": "e6", "type": "sealed", "at": "2025-07-04T09:04:00Z", "b": [1, 2.5], "_via": "y", "a": -3, "note": False},
    {"id": "e7", "type": "clock", "at": "2025-07-04T09:05:00Z", "received_at": "2025-07-04T09:05:01Z"},
]


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\t", " : ")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_as_programs_write_them_are_all_read_as_columns(separators: tuple[str, str], end: str) -> None:
    """None is left to be asked about by itself, which takes ten times as long."""
    lines = [json.dumps(line, separators=separators, ensure_ascii=False) + end for line in USUAL * 40]
    block = "".join(lines).encode()
    for raw in (block, b"\xef\xbb\xbf" + block, block.removesuffix(end.encode())):
        fitting, left = Block(raw, begins_file=True).fit([], [*FIELDS, "speed"])
        assert (sum(columns.height for _, columns in fitting), left) == (len(lines), [])
    rows, _ = one_by_one(block)
    assert in_order(as_columns(block, [])[0]) == in_order(rows)


def test_a_report_sent_again_by_another_program_is_the_same_row() -> None:
    """With its keys in another order and what need not be escaped escaped, it is read in another way."""
    once = "\n".join(json.dumps(line, ensure_ascii=False) for line in USUAL)
    again = "\n".join(json.dumps(line, sort_keys=True).replace('"e', '"\\u0065') for line in USUAL)
    reader = Reader(["speed"])
    reader.read("f", [once.encode(), again.encode()], lambda _, error: pytest.fail(str(error)))
    frame = reader.columns().frame
    assert (frame.height, frame.unique().height) == (2 * len(USUAL), len(USUAL))


@pytest.mark.parametrize("wrong", ['"', "0", ".", ",", "{", "}", " ", "\\", "\x01", "é", ""])
def test_a_character_too_many_or_another_one_anywhere(wrong: str) -> None:
    """Among good lines alike: read as if each were alone, or refused for the same reason."""
    good = [json.dumps(line, separators=(",", ":"), ensure_ascii=False) for line in USUAL]
    lines = [
        line[:place] + wrong + line[place + instead :]
        for line in good
        for place in range(len(line) + 1)
        for instead in (0, 1)
    ]
    block = "\n".join([*good * 20, *lines]).encode()
    rows, faults = one_by_one(block)
    found, told = as_columns(block, [])
    assert told == faults
    assert in_order(found) == in_order(rows)


def test_blocks_of_short_lines_after_blocks_of_long_ones() -> None:
    """A known shape that is wider than all lines of a block is no shape of theirs."""
    long = b'{"id":"p","type":"positioned","at":"2025-07-04T09:00:00Z","vehicle":"v","position":[30.5,52],"a":1,"b":2}'
    short = b'{"id":"c","type":"clock","at":"2025-07-04T09:00:00Z"}'
    block = b"\n".join([long] * 6 + [short] * 6)
    rows, faults = one_by_one(block)
    found, told = as_columns(block, list(range(11)))
    assert (told, in_order(found)) == (faults, in_order(rows))
