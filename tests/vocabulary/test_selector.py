"""Selectors of the terms: whom they match, and what is refused where."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.composition.brute_force import satisfies
from tests.composition.rounds import CAPTURED, CATEGORIES, CONCLUDED, DATES, RANKS, person, selectors, toml

from safeconduct.kernel.documents import parse_toml
from safeconduct.kernel.errors import BadInput
from safeconduct.vocabulary.selector import Selector, everyone, read_selector

PARTIES = ("RU", "UA")

SOMEBODY: dict[str, Any] = {
    "ref": "p1",
    "sex": "M",
    "rank": "captain",
    "category": ["prisoner-of-war", "medical-personnel"],
    "birth_date": "2000-02-29",
    "captured_on": "2022-05",
    "held_by": "RU",
    "home": "UA",
    "consent": "willing",
    "protected": False,
}


def read(text: str) -> Selector:
    """A selector as it stands in a file, alone on the first line."""
    return read_selector(parse_toml("t.toml", f"of = {text}".encode()).root().table("of"), CONCLUDED, PARTIES)


def matches(text: str, **fields: Any) -> bool:
    """Whether the selector matches somebody with these fields."""
    return read(text).matches(person({**SOMEBODY, **fields}))


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{}", True),
        ('{ held_by = "RU" }', True),
        ('{ held_by = "UA" }', False),
        ('{ held_by = ["UA", "RU"] }', True),
        ('{ held_by = "RU", home = "RU" }', False),
        ('{ category = "medical-personnel" }', True),
        ('{ category = ["civilian", "prisoner-of-war"] }', True),
        ('{ category = "civilian" }', False),
        ('{ sex = ["F", "X"] }', False),
        ('{ rank = "captain" }', True),
        ('{ rank = "Captain" }', False),
        ('{ ref = ["p0", "p1"] }', True),
        ('{ not = { ref = "p1" } }', False),
        ('{ not = { ref = "p1", sex = "F" } }', True),
        ('{ not = { not = { ref = "p1" } } }', True),
        ('{ sex = "M", not = { category = "civilian" } }', True),
        ("{ not = {} }", False),
    ],
)
def test_keys(selector: str, expected: bool) -> None:
    """All keys must hold, a list means any of, not is plain negation."""
    assert matches(selector) is expected


@pytest.mark.parametrize(
    ("born", "selector", "expected"),
    [
        # Concluded on 2 June 2025: born on 2 June 1999 is 26 that day, born on 3 June 1999 still 25.
        ("1999-06-03", '{ age = "18..25" }', True),
        ("1999-06-02", '{ age = "18..25" }', False),
        ("2007-06-02", '{ age = "18..25" }', True),
        ("2007-06-03", '{ age = "18..25" }', False),
        # Of June 1999, some days make 25 and some 26; of 2000, 24 or 25.
        ("1999-06", '{ age = "18..25" }', False),
        ("2000", '{ age = "18..25" }', True),
        ("2000", '{ age = "18..24" }', False),
        ("2000", '{ age = ["18..24", "25..30"] }', True),
        ("2000", '{ age = ["18..23", "25..30"] }', False),
        ("", '{ age = "0..120" }', False),
        ("", '{ not = { age = "0..120" } }', True),
        ("2000", '{ not = { age = "18..24" } }', True),
        # 29 February 2000 completes 25 years on 1 March 2025.
        ("2000-02-29", '{ age = "25..25", as_of = 2025-02-28 }', False),
        ("2000-02-29", '{ age = "25..25", as_of = 2025-03-01 }', True),
        ("2000-02-29", '{ age = "24..24", as_of = "2024-02-29" }', True),
        # as_of belongs to its own selector: under not, ages count on the date of the agreement again.
        ("1999-06-02", '{ as_of = 2024-06-02, not = { age = "26..26" } }', False),
        ("1999-06-02", '{ not = { age = "26..26", as_of = 2024-06-02 } }', True),
        ("2030", '{ age = "0..120" }', False),
    ],
)
def test_age(born: str, selector: str, expected: bool) -> None:
    """Completed years, inclusive, on as_of; an imprecise date must satisfy whatever day it means."""
    assert matches(selector, birth_date=born) is expected


@pytest.mark.parametrize(
    ("captured", "selector", "expected"),
    [
        ("2022-05-31", "{ captured_before = 2022-06-01 }", True),
        ("2022-06-01", "{ captured_before = 2022-06-01 }", False),
        ("2022-05", "{ captured_before = 2022-06-01 }", True),
        ("2022-05", '{ captured_before = "2022-05-31" }', False),
        ("2022", "{ captured_before = 2022-12-31 }", False),
        ("2022", "{ captured_before = [2022-01-01, 2023-01-01] }", True),
        ("", "{ captured_before = 2030-01-01 }", False),
    ],
)
def test_captured_before(captured: str, selector: str, expected: bool) -> None:
    """Strictly before, whatever day an imprecise date means."""
    assert matches(selector, captured_on=captured) is expected


@pytest.mark.parametrize("key", ["held_by", "home", "category", "sex", "rank", "age", "captured_before"])
def test_a_lacking_value_does_not_match(key: str) -> None:
    """What the person lacks satisfies no key, and so satisfies its negation."""
    values = {"held_by": '"RU"', "home": '"UA"', "category": '"civilian"', "sex": '"M"', "rank": '"captain"'}
    values |= {"age": '"0..120"', "captured_before": "2030-01-01"}
    nobody = {**SOMEBODY, "held_by": "", "home": "", "category": [], "sex": "", "rank": ""}
    nobody |= {"birth_date": "", "captured_on": ""}
    assert not read(f"{{ {key} = {values[key]} }}").matches(person(nobody))
    assert read(f"{{ not = {{ {key} = {values[key]} }} }}").matches(person(nobody))


def test_refs_within_not() -> None:
    """Every ref is told, however deep it stands."""
    assert read('{ ref = "a", not = { ref = ["b", "c"], not = { ref = "d" } } }').refs() == ("a", "b", "c", "d")
    assert everyone(date(2025, 6, 2)).refs() == ()


@pytest.mark.parametrize(
    ("selector", "column", "what"),
    [
        ('{ held_by = "BY" }', 18, "'BY' is not a value of 'held_by'"),
        ('{ home = ["UA", "BY"] }', 22, "'BY' is not a value of 'home'"),
        ('{ category = "wounded" }', 19, "'wounded' is not a value of 'category'"),
        ('{ sex = "male" }', 14, "'male' is not a value of 'sex'"),
        ('{ categry = "civilian" }', 8, "unknown field 'categry'"),
        ('{ consent = "willing" }', 18, "no term can select by 'consent'"),
        ("{ protected = true }", 20, "no term can select by 'protected'"),
        ('{ not = { consent = "unwilling" } }', 26, "no term can select by 'consent'"),
        ('{ age = "18-25" }', 14, "'age': '18-25' is not a range of completed years"),
        ("{ age = 18 }", 14, "'age': 18 is not a range of completed years"),
        ('{ age = "25..18" }', 14, "'age': the range 25..18 is empty"),
        ('{ age = "..25" }', 14, "'age': '..25' is not a range of completed years"),
        ("{ age = [] }", 14, "'age' is an empty list: nobody could match"),
        ('{ as_of = "2025" }', 16, "'as_of': '2025' is not a date like 1998-05-17"),
        ('{ captured_before = "2022" }', 26, "'captured_before': '2022' is not a date like 1998-05-17"),
        ("{ captured_before = 2022-06-01T00:00:00Z }", 26, "'captured_before':"),
        ("{ rank = 3 }", 15, "'rank' must be a text, found the number 3"),
        ("{ rank = [] }", 15, "'rank' needs at least 1 item"),
        ('{ rank = ["a", "a"] }', 21, "'rank' names 'a' twice"),
        ("{ ref = [1] }", 15, "'ref' must hold texts, found the number 1"),
        ('{ not = "p1" }', 14, "'not' must be a table, found the text 'p1'"),
        ('{ rank = "" }', 15, "'rank' is empty"),
    ],
)
def test_refused(selector: str, column: int, what: str) -> None:
    """One fault, at its line and column."""
    with pytest.raises(BadInput) as refusal:
        read(selector)
    (fault,) = refusal.value.faults
    assert (fault.line, fault.column) == (1, column)
    assert fault.what.startswith(what)


def _persons() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "ref": st.sampled_from(("p1", "p2")),
            "sex": st.sampled_from(("F", "M", "X", "")),
            "rank": st.sampled_from(RANKS),
            "category": st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True),
            "birth_date": st.sampled_from(DATES),
            "captured_on": st.sampled_from(CAPTURED),
            "held_by": st.sampled_from(("RU", "UA", "")),
            "home": st.sampled_from(("RU", "UA", "")),
            "consent": st.just("unknown"),
            "protected": st.just(False),
        }
    )


@settings(max_examples=500)
@given(selectors(list(PARTIES), ["p1", "p2"], depth=2), _persons())
def test_equals_the_contract_day_by_day(selector: dict[str, Any], candidate: dict[str, Any]) -> None:
    """The same as asking every key of every day that an imprecise date may mean."""
    assert read(toml(selector)).matches(person(candidate)) == satisfies(selector, candidate, CONCLUDED)
