"""Lines of the usual kind are read the fast way: always to the same event as the exact reader gives."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.tracking import lines
from safeconduct.tracking.events import BadEvent, Event, read_event
from safeconduct.tracking.plain_lines import read_plain_line

texts = st.sampled_from(["", "v1", "_", "p:1", 'say "no"', "a\\b", "Ж", "null", "x\ty", "2025-07-04T09:00:00Z"])
times = st.sampled_from(
    ["2025-07-04T09:00:00Z", "2025-07-04t09:00:00z", "2025-07-04T09:00:00.5Z", "2025-07-04T09:00:60Z",
     "2025-07-04T12:00:00+03:00", "2025-02-30T09:00:00Z", "2025-07-04 09:00:00Z", "0001-01-01T00:00:00Z", 5, None]
)  # fmt: skip
values: st.SearchStrategy[Any] = st.one_of(
    texts, st.integers(-5, 5), st.floats(allow_nan=False, width=32), st.booleans(), st.none(), times,
    st.lists(st.one_of(st.integers(), texts, st.lists(st.integers()))), st.dictionaries(texts, texts, max_size=2),
    st.just([30.97, 52.08]), st.just(2**70), st.just(float("inf")),
)  # fmt: skip
keys = st.sampled_from(
    ["place", "vehicle", "person", "position", "count", "from", "to", "_hop", "", "note", "device_seq"]
)
types = st.sampled_from(["departed", "positioned", "counted", "offered", "clock", "voided", "own-type"])


@st.composite
def raw_lines(draw: st.DrawFn) -> bytes:
    """A line as somebody's program may write it: spaced or not, escaped or not, now and then with a key twice."""
    fields = {
        "id": draw(texts),
        "type": draw(types),
        "at": draw(times),
        **draw(st.dictionaries(keys, values, max_size=6)),
    }
    if draw(st.booleans()):
        fields["received_at"] = draw(st.one_of(times, values))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :")]))
    text = json.dumps(fields, separators=separators, ensure_ascii=draw(st.booleans()))
    if draw(st.integers(0, 5)) == 0:
        text = text[:-1] + draw(
            st.sampled_from([',"place":"Q"}', ',"\\u005fx":1}', ',"x" :1}', "", "}}", ', "at": 1}'])
        )
    return text.encode() + draw(st.sampled_from([b"", b"\n", b"\r\n", b"  "]))


@settings(max_examples=1500)
@given(raw_lines())
def test_the_fast_reader_gives_what_the_exact_one_gives(raw: bytes) -> None:
    """The same event to the last field; or it leaves the line to the exact reader."""
    plain = read_plain_line(raw)
    if plain is not None:
        assert told(plain) == told(exactly(raw))
        assert told(lines.read_line("events", 2, raw)) == told(plain)


def test_what_our_own_programs_write_is_read_the_fast_way() -> None:
    """Compact or with spaces; movements, positions, counts."""
    for fields in (
        {"type": "offered", "person": "p1", "from": "RU", "to": "NI", "device": "d", "device_seq": 7},
        {"type": "positioned", "vehicle": "v1", "position": [30.97, 52.08], "received_at": "2025-07-04T09:00:01Z"},
        {"type": "counted", "vehicle": "v1", "count": 40, "what": "prisoners", "place": "Гомель"},
    ):
        line = {"id": "e1", "at": "2025-07-04T09:00:00Z", **fields}
        for separators in ((",", ":"), (", ", ": ")):
            raw = json.dumps(line, separators=separators, ensure_ascii=False).encode()
            plain = read_plain_line(raw)
            assert plain is not None
            assert told(plain) == told(exactly(raw))


def told(event: Event | None) -> tuple[Any, ...] | None:
    """Everything that an event says."""
    if event is None:
        return None
    return event.id, event.type, event.at_us, event.received_us, event.fields, event.content


def exactly(raw: bytes) -> Event | None:
    """The event as the exact reader has it; None if it refuses the line."""
    try:
        value = lines._parse("events", 2, raw.decode())
        return read_event(value)
    except (BadInput, BadEvent):
        return None
