"""JSON without keys that stand twice and numbers that are none: what is refused, and where."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.strict_json import NotJson, parse_strict_json

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)
FRAGMENTS = [*'{}[],:" \n', '"a"', '"b\\""', "NaN", "-Infinity", "-1", "2.5e3", "9" * 5000]


@given(values)
def test_what_is_json_is_read(value: Any) -> None:
    """As any reader reads it."""
    assert parse_strict_json(json.dumps(value, ensure_ascii=False)) == value


@settings(max_examples=300)
@given(values, values, st.sampled_from(["NaN", "Infinity", "-Infinity"]), st.booleans())
def test_a_flaw_is_told_where_it_stands(before: Any, after: Any, word: str, twice: bool) -> None:
    """Whatever stands before or after it."""
    written, rest = json.dumps({"key": [before]}, ensure_ascii=False), json.dumps(after)
    text = f'{written[:-1]}, "\\u006bey" : {rest}}}' if twice else f"[{written}, {word}, {rest}]"
    told = refused(text)
    assert told is not None
    assert told.offset == len(written) + (1 if twice else 3)
    assert told.what == ("the key 'key' stands twice in one object" if twice else f"{word} is not a JSON number")


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_whatever_is_refused_has_a_place(text: str) -> None:
    """Within the text, or at its end."""
    told = refused(text)
    assert told is None or 0 <= told.offset <= len(text)


def refused(text: str) -> NotJson | None:
    """What is told of it; None: it is read."""
    try:
        parse_strict_json(text)
    except NotJson as error:
        return error
    return None
