"""The slow, obvious oracle of composing: every subset of the candidates, judged as the contract words it.

With tranches it is every way of putting nobody or somebody into each of them. It shares nothing with the product:
clauses are plain dictionaries as in the TOML, persons plain dictionaries as in a list, an imprecise date is the list of
all its days.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Clause = dict[str, Any]
Candidate = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What is true of all subsets: the masks index subsets, bit i of the index being candidate i.

    With several tranches the index has digits instead of bits: 0 is who stays, k who goes in the k-th tranche of the
    terms.
    """

    kept: dict[str, Mask]
    """By clause id, `protected` among them: the subsets that keep it."""
    allowed: Mask
    values: list[NDArray[np.int64]]
    """Of each objective, the value of every subset."""
    best: list[int]
    """The lexicographic optimum; empty if nothing is allowed."""
    steps: NDArray[np.int64]
    """How many tranches go before those of the chosen, added up."""
    members: NDArray[np.int64]
    """Of each subset who is in it: 1 or 0."""


def judge_all(clauses: list[Clause], candidates: list[Candidate], parties: list[str], concluded: date) -> Verdict:
    """Judge every subset of the candidates by every clause."""
    count = len(candidates)
    tranches = [clause for clause in clauses if clause["kind"] == "tranche"]
    base = 1 + max(1, len(tranches))
    digits = (np.arange(base**count)[:, None] // base ** np.arange(count)[None, :]) % base
    members = (digits > 0).astype(np.int64)

    def total(weights: list[int], tranche: int = 0) -> NDArray[np.int64]:
        who = (digits == tranche).astype(np.int64) if tranche else members
        return who @ np.array(weights, dtype=np.int64).reshape(count)

    barred = [one["protected"] or one["consent"] == "unwilling" for one in candidates]
    kept: dict[str, Mask] = {"protected": total([int(bar) for bar in barred]) == 0}
    values_of: list[NDArray[np.int64]] = []
    for clause in clauses:
        of = [int(satisfies(clause.get("of", {}), one, concluded)) for one in candidates]
        match clause["kind"]:
            case "release-all":
                covered = [int(match and not bar) for match, bar in zip(of, barred, strict=True)]
                kept[clause["id"]] = total(covered) == sum(covered)
            case "exclude":
                kept[clause["id"]] = total(of) == 0
            case "include":
                kept[clause["id"]] = total(of) == sum(of)
            case "count":
                low, high = clause.get("min", 0), clause.get("max", count)
                match clause.get("per", "total"):
                    case "total":
                        numbers = [total(of)]
                    case "party":
                        numbers = [total(held(of, candidates, party)) for party in parties]
                    case "tranche":
                        numbers = [total(of, 1 + place) for place in range(len(tranches))]
                    case per:
                        numbers = [
                            total(having(of, candidates, per, value)) for value in values_among(of, candidates, per)
                        ]
                kept[clause["id"]] = _all([(low <= number) & (number <= high) for number in numbers], len(members))
            case "like-for-like":
                by, limit = clause["by"], clause.get("tolerance", 0)
                values = [[value] for value in {*values_among([1] * count, candidates, by), ""}]
                for group in clause.get("groups", {}).values():
                    values = [one for one in values if one[0] not in group] + [group]
                differences = []
                for group in values:
                    theirs = [int(match and is_in(one, by, group)) for match, one in zip(of, candidates, strict=True)]
                    first, second = (total(held(theirs, candidates, party)) for party in clause["between"])
                    differences.append(np.abs(first - second) <= limit)
                kept[clause["id"]] = _all(differences, len(members))
            case "veto":
                named = [int(one["ref"] in clause["refs"]) for one in candidates]
                holds = "until" not in clause or clause["until"] > concluded
                kept[clause["id"]] = (total(named) == 0) if holds else np.ones(len(members), dtype=np.bool_)
            case "choice":
                theirs = held(of, candidates, clause["by"])
                named = [int(one["ref"] in clause.get("refs", [])) for one in candidates]
                kept[clause["id"]] = (total(theirs) == clause["count"]) & (total(named) == sum(named))
            case "tranche":
                place = 1 + tranches.index(clause)
                fit = held(of, candidates, clause["by"]) if "by" in clause else of
                number = total([1] * count, place)
                kept[clause["id"]] = (
                    (total([1 - one for one in fit], place) == 0)
                    & (clause.get("min", 0) <= number)
                    & (number <= clause.get("max", count))
                )
            case "destination":
                kept[clause["id"]] = total(of) <= clause.get("max", count)
            case "ratio":
                a, b = (int(part) for part in clause["ratio"].split(":"))
                table = clause.get("weights", {})
                weights = [
                    match * table.get(one["rank"], table.get("default", 1))
                    for match, one in zip(of, candidates, strict=True)
                ]
                before = clause.get("carried", {})
                first, second = (
                    total(held(weights, candidates, party)) + before.get(party, 0) for party in clause["between"]
                )
                limit = Fraction(str(clause.get("tolerance", 0))) * b
                off = np.abs(first * b - second * a)
                kept[clause["id"]] = off * limit.denominator <= limit.numerator
            case "balance":
                kept[clause["id"]] = np.all(
                    [
                        np.abs(
                            total(held(of, candidates, party))
                            - total([m * (one["home"] == party) for m, one in zip(of, candidates, strict=True)])
                            + _ahead(clause.get("carried", {}), party, parties)
                        )
                        <= clause.get("tolerance", 0)
                        for party in parties
                    ],
                    axis=0,
                )
            case "together":
                number = total([int(one["ref"] in clause["refs"]) for one in candidates])
                kept[clause["id"]] = (number == 0) | (number == len(clause["refs"]))
            case "requires":
                first, second = (
                    total([int(one["ref"] == clause[key]) for one in candidates]) for key in ("if", "then")
                )
                kept[clause["id"]] = ~((first == 1) & (second == 0))
            case "prefer" if "longest_captivity" in clause:
                values_of.append(total([_captivity(one["captured_on"], concluded) for one in candidates]))
            case "prefer":
                values_of.append(total(of))
    values_of = values_of or [total([1] * count)]
    allowed = np.all(list(kept.values()), axis=0)
    best: list[int] = []
    left = allowed
    for value in values_of if allowed.any() else []:
        best.append(int(value[left].max()))
        left = left & (value == best[-1])
    steps = np.zeros(len(members), dtype=np.int64)
    for place, clause in enumerate(tranches, start=1):
        steps += total([_before(clause, tranches)] * count, place)
    return Verdict(kept, allowed, values_of, best, steps, members)


def satisfies(selector: dict[str, Any], person: Candidate, concluded: date) -> bool:
    """The contract's selector, key by key."""
    as_of = selector.get("as_of", concluded)
    for key, asked in selector.items():
        wanted = asked if isinstance(asked, list) else [asked]
        match key:
            case "home" | "held_by" | "sex" | "rank" | "ref":
                if person[key] not in wanted:
                    return False
            case "category":
                if not set(person["category"]) & set(wanted):
                    return False
            case "age":
                ages = [_age(born, as_of) for born in days(person["birth_date"])]
                ranges = [tuple(map(int, one.split(".."))) for one in wanted]
                if not ages or not all(any(low <= age <= high for low, high in ranges) for age in ages):
                    return False
            case "captured_before":
                when = days(person["captured_on"])
                if not when or not all(any(day < limit for limit in wanted) for day in when):
                    return False
            case "living":
                if ("remains" not in person["category"]) != asked:
                    return False
            case "not":
                if satisfies(asked, person, concluded):
                    return False
    return True


@cache
def days(text: str) -> tuple[date, ...]:
    """Every day that `1998`, `1998-05` or `1998-05-17` may mean; none for an empty text."""
    if not text:
        return ()
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return (date(*parts),)
    months = range(1, 13) if len(parts) == 1 else [parts[1]]
    return tuple(
        date(parts[0], month, day) for month in months for day in range(1, calendar.monthrange(parts[0], month)[1] + 1)
    )


def _age(born: date, on: date) -> int:
    """Birthdays counted one by one; that of 29 February falls on 1 March in years without it."""
    age = 0
    while True:
        year = born.year + age + 1
        missing = (born.month, born.day) == (2, 29) and not calendar.isleap(year)
        if (date(year, 3, 1) if missing else date(year, born.month, born.day)) > on:
            return age if born <= on else -1
        age += 1


def _captivity(captured_on: str, concluded: date) -> int:
    return max(0, (concluded - days(captured_on)[-1]) // timedelta(days=1)) if captured_on else 0


def _all(masks: list[Mask], number: int) -> Mask:
    return np.all(masks, axis=0) if masks else np.ones(number, dtype=np.bool_)


def _before(tranche: Clause, tranches: list[Clause]) -> int:
    """The longest way back along `after`."""
    names = tranche.get("after", [])
    return max((1 + _before(one, tranches) for one in tranches if one["name"] in names), default=0)


def values_among(of: list[int], candidates: list[Candidate], field: str) -> list[str]:
    """What occurs there among those matching."""
    found: set[str] = set()
    for match, one in zip(of, candidates, strict=True):
        if match:
            found.update(one[field] if field == "category" else [one[field]])
    return sorted(found - {""})


def is_in(person: Candidate, field: str, group: list[str]) -> bool:
    """Whether one of the person's values is in the group; without any, whether the group is that of those without."""
    own = person[field] if field == "category" else [person[field]]
    return bool(set(own or [""]) & set(group))


def having(of: list[int], candidates: list[Candidate], field: str, value: str) -> list[int]:
    return [int(match and is_in(one, field, [value])) for match, one in zip(of, candidates, strict=True)]


def _ahead(carried: dict[str, int], party: str, parties: list[str]) -> int:
    """What a party released beyond the balance before; a single party that is not named owes what the others did."""
    unnamed = [one for one in parties if one not in carried]
    if party in carried:
        return carried[party]
    return -sum(carried.values()) if unnamed == [party] else 0


def held(weights: list[int], candidates: list[Candidate], party: str) -> list[int]:
    return [weight * (one["held_by"] == party) for weight, one in zip(weights, candidates, strict=True)]
