"""Event patterns: which events they match, and what is refused where."""

from typing import Any

import pytest

from safeconduct.kernel.documents import parse_toml
from safeconduct.kernel.errors import BadInput
from safeconduct.vocabulary.pattern import EventPattern, read_pattern, read_patterns

EVENT = {
    "type": "counted",
    "vehicle": "v1",
    "count": 12,
    "handover": True,
    "agreed_by": ["RU", "UA"],
    "place": None,
}


def read(text: str) -> EventPattern:
    """A pattern as it stands in a file, alone on the first line."""
    return read_pattern(parse_toml("t.toml", f"p = {text}".encode()).root().table("p"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{}", True),
        ('{ type = "counted" }', True),
        ('{ type = "counted", vehicle = "v2" }', False),
        ('{ type = ["boarded", "counted"] }', True),
        ('{ type = { not = "counted" } }', False),
        ('{ type = { not = ["boarded", "alighted"] } }', True),
        ("{ count = 12 }", True),
        ("{ count = 12.0 }", True),
        ('{ count = "12" }', False),
        ("{ count = { min = 12 } }", True),
        ("{ count = { max = 12 } }", True),
        ("{ count = { min = 12, max = 12 } }", True),
        ("{ count = { min = 12.5 } }", False),
        ("{ count = { min = 0, max = 11 } }", False),
        ("{ handover = true }", True),
        ("{ handover = false }", False),
        # true is not 1, neither as a value nor in a range.
        ("{ handover = 1 }", False),
        ("{ handover = { min = 0 } }", False),
        ("{ vehicle = { min = 0 } }", False),
        # The event's own value is a list: one item must match; with not, none may.
        ('{ agreed_by = "UA" }', True),
        ('{ agreed_by = ["BY", "RU"] }', True),
        ('{ agreed_by = "BY" }', False),
        ('{ agreed_by = { not = "UA" } }', False),
        ('{ agreed_by = { not = "BY" } }', True),
        # A key that the event lacks, or that is null, does not match, not even a not.
        ('{ person = "p1" }', False),
        ('{ person = { not = "p1" } }', False),
        ('{ place = { not = "X" } }', False),
    ],
)
def test_matches(pattern: str, expected: bool) -> None:
    """Equality, any of, neither, ranges, lists in the event, lacking keys."""
    assert read(pattern).matches(EVENT) is expected


def test_an_empty_list_in_the_event_has_no_item_to_match() -> None:
    """Nobody agreed: nothing matches, and a not does."""
    event: dict[str, Any] = {"agreed_by": []}
    assert not read('{ agreed_by = "UA" }').matches(event)
    assert read('{ agreed_by = { not = "UA" } }').matches(event)


@pytest.mark.parametrize(
    ("pattern", "types", "expected"),
    [
        ('{ type = "boarded", vehicle = "v1" }', ("boarded", "arrived"), True),
        ('{ type = "counted" }', ("boarded", "arrived"), False),
        ('{ type = { not = ["boarded", "arrived"] } }', ("boarded", "arrived"), False),
        ('{ vehicle = "v1" }', ("boarded",), True),
    ],
)
def test_may_match_a_type(pattern: str, types: tuple[str, ...], expected: bool) -> None:
    """As far as the pattern speaks of the type."""
    assert read(pattern).may_match_type(types) is expected


def test_one_pattern_or_a_list() -> None:
    """Where a kind takes a pattern, a list of patterns means any of them."""
    root = parse_toml("t.toml", b'one = { type = "a" }\nmany = [{ type = "a" }, { type = "b" }]\nnone = []').root()
    assert read_patterns(root, "one") == (read('{ type = "a" }'),)
    assert read_patterns(root, "many") == (read('{ type = "a" }'), read('{ type = "b" }'))
    with pytest.raises(BadInput, match=r"^t.toml:3:8: 'none' lists no pattern; "):
        read_patterns(root, "none")


@pytest.mark.parametrize(
    ("pattern", "column", "what"),
    [
        ("{ type = [] }", 14, "'type' is an empty list"),
        ("{ at = 2025-07-04T09:00:00Z }", 12, "'at' must hold texts, numbers or true/false"),
        ("{ type = [[1]] }", 14, "'type' must hold texts, numbers or true/false"),
        ("{ count = { minimum = 3 } }", 15, "'count' holds a table that is no condition"),
        ("{ count = {} }", 15, "'count' holds a table that is no condition"),
        ("{ count = { min = 3, max = 2 } }", 23, "the range is empty"),
        ('{ count = { min = "3" } }', 23, "'min' must be a number"),
        ("{ count = { not = 3, min = 2 } }", 26, "unknown field 'min'"),
        ("{ count = { not = [] } }", 23, "'not' is an empty list"),
    ],
)
def test_refused(pattern: str, column: int, what: str) -> None:
    """One fault, at its line and column."""
    with pytest.raises(BadInput) as refusal:
        read(pattern)
    (fault,) = refusal.value.faults
    assert (fault.line, fault.column) == (1, column)
    assert fault.what.startswith(what)
