"""Random small rounds, written as a user would: terms as TOML, candidates as rows."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from safeconduct.clauses.library import Terms, read_terms
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

CONCLUDED = date(2025, 6, 2)
RANKS = ("private", "sergeant", "captain", "general", "")
CATEGORIES = ("prisoner-of-war", "civilian", "seriously-wounded-or-sick", "remains")
UNITS = ("", "47th", "59th")
CAMPS = ("", "north", "south")
DATES = ("", "2000", "2000-02-29", "2007-06", "2007-06-02", "2007-06-03", "1999-06-02", "2025-07")
CAPTURED = ("", "2022", "2022-05", "2022-06-01", "2024-02-29", "2025-06-01", "2026")


@dataclass(frozen=True)
class Round:
    """The raw values, for the oracle; and what the product reads of them."""

    parties: list[str]
    clauses: list[dict[str, Any]]
    candidates: list[dict[str, Any]]

    def terms(self) -> Terms:
        """The terms file, read."""
        return read_terms("terms.toml", terms_toml(self.parties, self.clauses).encode())

    def persons(self) -> list[Person]:
        """The candidates as the list reader gives them."""
        return [person(one) for one in self.candidates]


def person(raw: dict[str, Any]) -> Person:
    """One candidate as the list reader gives it."""
    return Person(
        ref=raw["ref"],
        sex=raw["sex"],
        rank=raw["rank"],
        unit=raw.get("unit", ""),
        held_at=raw.get("held_at", ""),
        rounds_waited=raw.get("rounds_waited", 0),
        categories=tuple(raw["category"]),
        birth_date=ImpreciseDate.parse(raw["birth_date"]) if raw["birth_date"] else None,
        captured_on=ImpreciseDate.parse(raw["captured_on"]) if raw["captured_on"] else None,
        held_by=raw["held_by"],
        home=raw["home"],
        consent=raw["consent"],
        protected=raw["protected"],
    )


def terms_toml(parties: list[str], clauses: list[dict[str, Any]]) -> str:
    """A terms file with these clauses."""
    lines = ["[agreement]", 'id = "round"', f"concluded = {CONCLUDED}", f"parties = {toml(parties)}"]
    for clause in clauses:
        lines += ["", "[[clause]]", *(f"{key} = {toml(value)}" for key, value in clause.items())]
    return "\n".join(lines) + "\n"


def toml(value: Any) -> str:
    """The value as it is written in a TOML file."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(toml(one) for one in value) + "]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value)


def _some(values: tuple[str, ...] | list[str]) -> st.SearchStrategy[Any]:
    """One value, or a list of different ones."""
    return st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))


def selectors(parties: list[str], refs: list[str], depth: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    """Selectors with up to all keys, negations nested."""
    keys: dict[str, st.SearchStrategy[Any]] = {
        "held_by": _some(parties),
        "home": _some(parties),
        "category": _some(CATEGORIES),
        "sex": _some(("F", "M")),
        "rank": _some([rank for rank in RANKS if rank]),
        "age": _some(["18..25", "0..17", "17..18", "20..99"]),
        "as_of": st.sampled_from([date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 4)]),
        "living": st.booleans(),
        "captured_before": st.sampled_from([date(2022, 6, 1), date(2023, 1, 1), date(2025, 6, 2)]),
    }
    if refs:
        keys["ref"] = _some(refs)
    if depth:
        keys["not"] = selectors(parties, refs, depth - 1)
    return st.lists(st.sampled_from(sorted(keys)), max_size=2, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({key: keys[key] for key in chosen})
    )


def _bounds(low: int, span: int, which: str) -> dict[str, int]:
    return {**({"min": low} if which != "max" else {}), **({"max": low + span} if which != "min" else {})}


def bounds(most: int = 4) -> st.SearchStrategy[dict[str, int]]:
    """`min`, `max`, or both."""
    return st.builds(_bounds, st.integers(0, most), st.integers(0, most), st.sampled_from(("min", "max", "both")))


def _joined(*parts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def groups(by: str) -> st.SearchStrategy[dict[str, list[str]]]:
    """One group of values of the field."""
    values = {"rank": RANKS[:-1], "category": CATEGORIES, "sex": ("F", "M"), "unit": UNITS[1:]}[by]
    several = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    return several.map(lambda together: {"together": together})


def like_for_like(parties: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """The parameters of the kind, but `of`."""
    fields = st.sampled_from(("rank", "category", "sex", "unit"))
    return fields.flatmap(
        lambda by: st.fixed_dictionaries(
            {"between": st.permutations(parties).map(lambda order: list(order[:2])), "by": st.just(by)},
            optional={"tolerance": st.integers(0, 2), "groups": groups(by)},
        )
    )


def carried(parties: list[str]) -> st.SearchStrategy[dict[str, int]]:
    """What is carried by a balance: it adds up to nothing."""

    def settled(first: int, second: int) -> dict[str, int]:
        if len(parties) == 2:
            return {parties[0]: first}
        return {parties[0]: first, parties[1]: second, parties[2]: -first - second}

    return st.builds(settled, st.integers(-2, 2), st.integers(-2, 2))


@st.composite
def rounds(draw: st.DrawFn, most_a_side: int = 7) -> Round:
    """A round of two or three parties with up to nine clauses and `most_a_side` candidates a side (of two); few of
    them where there are tranches."""
    parties = draw(st.sampled_from([["RU", "UA"], ["A", "B", "C"]]))
    pairs = [(held, home) for held in parties for home in parties if held != home]
    each: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "sex": st.sampled_from(("F", "M", "")),
            "rank": st.sampled_from(RANKS),
            "unit": st.sampled_from(UNITS),
            "held_at": st.sampled_from(CAMPS),
            "category": st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True),
            "birth_date": st.sampled_from(DATES),
            "captured_on": st.sampled_from(CAPTURED),
            "consent": st.sampled_from(("unknown", "willing", "unknown", "unwilling")),
            "protected": st.sampled_from((False, False, False, True)),
            "pair": st.sampled_from(pairs),
        }
    )
    tranches = draw(st.sampled_from((0, 0, 0, 1, 2, 3)))
    most = min(2 * most_a_side, (14, 14, 7, 5)[tranches])
    drawn = draw(st.lists(each, max_size=2 * most_a_side))[:most]
    candidates = [
        {**one, "ref": f"p{number:02}", "held_by": one["pair"][0], "home": one["pair"][1]}
        for number, one in enumerate(drawn)
    ]
    refs = [one["ref"] for one in candidates]
    kinds = _kinds(parties, candidates)
    if tranches:
        kinds["count"] = st.one_of(kinds["count"], st.builds(_joined, bounds(2), st.just({"per": "tranche"})))
    wanted = draw(st.lists(st.sampled_from([*sorted(kinds), "prefer", "prefer"]), min_size=1, max_size=7))
    # Two states might both want one person, which is bad input.
    wanted = [kind for number, kind in enumerate(wanted) if kind != "destination" or kind not in wanted[:number]]
    clauses = [{"kind": kind, **draw(kinds[kind])} for kind in wanted]
    names = draw(st.permutations(["first", "second", "third"][:tranches]))
    for number, name in enumerate(names):
        after = st.lists(st.sampled_from(names[:number]), unique=True) if number else st.just([])
        tranche = st.fixed_dictionaries(
            {"name": st.just(name), "after": after},
            optional={"of": selectors(parties, refs), "by": st.sampled_from(parties)},
        )
        limits = draw(st.one_of(st.just({}), bounds(2)))
        clauses.insert(draw(st.integers(0, len(clauses))), {"kind": "tranche", **draw(tranche), **limits})
    return Round(parties, [{"id": f"c{number}", **clause} for number, clause in enumerate(clauses)], candidates)


def _kinds(parties: list[str], candidates: list[dict[str, Any]]) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """The parameters of each kind but `tranche`."""
    refs = [one["ref"] for one in candidates]
    of = st.fixed_dictionaries({}, optional={"of": selectors(parties, refs)})
    between = st.permutations(parties).map(lambda order: list(order[:2]))
    per = st.sampled_from(("total", "party", "total", "party", "home", "category", "rank", "unit", "held_at"))
    kinds: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "release-all": of,
        "exclude": of,
        "include": of,
        "count": st.builds(_joined, of, bounds(), st.fixed_dictionaries({}, optional={"per": per})),
        "ratio": st.builds(
            lambda base, pair, before, ratio, more: {
                **base,
                "between": pair,
                "ratio": ratio,
                **({"carried": dict(zip(pair, before, strict=False))} if before else {}),
                **more,
            },
            of,
            between,
            st.lists(st.integers(0, 3), max_size=2),
            st.sampled_from(("1:1", "2:1", "1:3", "2:3", "7:5", "37:23")),
            st.fixed_dictionaries(
                {},
                optional={
                    "tolerance": st.sampled_from((0, 1, 0.5, 0.34, 2.0)),
                    "weights": st.dictionaries(
                        st.sampled_from((*RANKS[:-1], "default")), st.sampled_from((0, 1, 2, 3, 7, 19, 60)), max_size=5
                    ),
                },
            ),
        ),
        "like-for-like": st.builds(_joined, of, like_for_like(parties)),
        "balance": st.builds(
            _joined,
            of,
            st.fixed_dictionaries({}, optional={"tolerance": st.integers(0, 2), "carried": carried(parties)}),
        ),
        "destination": st.builds(
            _joined, of, st.just({"to": "CH"}), st.fixed_dictionaries({}, optional={"max": st.integers(0, 3)})
        ),
        "choice": st.sampled_from(parties).flatmap(lambda by: _choice(by, candidates)),
        "prefer": st.one_of(
            selectors(parties, refs).map(lambda one: {"of": one}),
            st.just({"longest_captivity": True}),
            st.just({"largest": True}),
        ),
    }
    if refs:
        kinds["veto"] = st.fixed_dictionaries(
            {
                "by": st.sampled_from(parties),
                "refs": st.lists(st.sampled_from(refs), min_size=1, max_size=2, unique=True),
            },
            optional={"until": st.sampled_from([CONCLUDED, date(2024, 1, 1), date(2025, 6, 3)])},
        )
    if len(refs) > 1:
        several = st.lists(st.sampled_from(refs), min_size=2, max_size=5, unique=True)
        kinds["together"] = several.map(lambda named: {"refs": named})
        kinds["requires"] = several.map(lambda named: {"if": named[0], "then": named[1]})
    return kinds


def _choice(by: str, candidates: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A party picks a few of one sex, or of all whom it holds."""
    sexes: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        ({}, {"of": {"sex": ["F"]}}, {"of": {"sex": ["F", "M"]}})
    )

    def named(of: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        sex = of.get("of", {}).get("sex", ["F", "M", ""])
        its = [one["ref"] for one in candidates if one["held_by"] == by and one["sex"] in sex]
        refs = st.lists(st.sampled_from(its), max_size=2, unique=True) if its else st.just([])
        return st.builds(
            lambda picked, more: {"by": by, **of, "refs": picked, "count": max(1, len(picked) + more)},
            refs,
            st.integers(0, 2),
        )

    return sexes.flatmap(named)
