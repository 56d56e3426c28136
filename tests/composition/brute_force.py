"""The slow, obvious oracle of composing: every subset of the candidates, judged as the contract words it.

It shares nothing with the product: clauses are plain dictionaries as in the TOML, persons plain dictionaries as in a
list, an imprecise date is the list of all its days.
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
    """What is true of all subsets: the masks index subsets, bit i of the index being candidate i."""

    kept: dict[str, Mask]
    """By clause id, `protected` among them: the subsets that keep it."""
    allowed: Mask
    values: list[NDArray[np.int64]]
    """Of each objective, the value of every subset."""
    best: list[int]
    """The lexicographic optimum; empty if nothing is allowed."""


def judge_all(clauses: list[Clause], candidates: list[Candidate], parties: list[str], concluded: date) -> Verdict:
    """Judge every subset of the candidates by every clause."""
    count = len(candidates)
    members = ((np.arange(2**count)[:, None] >> np.arange(count)[None, :]) & 1).astype(np.int64)

    def total(weights: list[int]) -> NDArray[np.int64]:
        return members @ np.array(weights, dtype=np.int64).reshape(count)

    barred = [one["protected"] or one["consent"] == "unwilling" for one in candidates]
    kept: dict[str, Mask] = {"protected": total([int(bar) for bar in barred]) == 0}
    values: list[NDArray[np.int64]] = []
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
                groups = [of] if clause.get("per", "total") == "total" else [_held(of, candidates, x) for x in parties]
                low, high = clause.get("min", 0), clause.get("max", count)
                kept[clause["id"]] = np.all([(low <= total(one)) & (total(one) <= high) for one in groups], axis=0)
            case "ratio":
                a, b = (int(part) for part in clause["ratio"].split(":"))
                table = clause.get("weights", {})
                weights = [
                    match * table.get(one["rank"], table.get("default", 1))
                    for match, one in zip(of, candidates, strict=True)
                ]
                first, second = (total(_held(weights, candidates, party)) for party in clause["between"])
                limit = Fraction(str(clause.get("tolerance", 0))) * b
                off = np.abs(first * b - second * a)
                kept[clause["id"]] = off * limit.denominator <= limit.numerator
            case "balance":
                kept[clause["id"]] = np.all(
                    [
                        np.abs(
                            total(_held(of, candidates, party))
                            - total([m * (one["home"] == party) for m, one in zip(of, candidates, strict=True)])
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
                values.append(total([_captivity(one["captured_on"], concluded) for one in candidates]))
            case "prefer":
                values.append(total(of))
    values = values or [total([1] * count)]
    allowed = np.all(list(kept.values()), axis=0)
    best: list[int] = []
    left = allowed
    for value in values if allowed.any() else []:
        best.append(int(value[left].max()))
        left = left & (value == best[-1])
    return Verdict(kept, allowed, values, best)


def needed(
    clause: Clause, candidates: list[Candidate], parties: list[str], concluded: date
) -> tuple[Fraction, NDArray[np.int64]]:
    """What a unit by which a clause gives way costs in persons, and for every subset how many units it must."""
    count = len(candidates)
    members = ((np.arange(2**count)[:, None] >> np.arange(count)[None, :]) & 1).astype(np.int64)

    def total(weights: list[int]) -> NDArray[np.int64]:
        return members @ np.array(weights, dtype=np.int64).reshape(count)

    of = [int(satisfies(clause.get("of", {}), one, concluded)) for one in candidates]
    match clause["kind"]:
        case "release-all":
            barred = [one["protected"] or one["consent"] == "unwilling" for one in candidates]
            covered = [int(match and not bar) for match, bar in zip(of, barred, strict=True)]
            return Fraction(1), sum(covered) - total(covered)
        case "exclude":
            return Fraction(1), total(of)
        case "include":
            return Fraction(1), sum(of) - total(of)
        case "count":
            groups = [of] if clause.get("per", "total") == "total" else [_held(of, candidates, x) for x in parties]
            short = np.max([clause.get("min", 0) - total(one) for one in groups], axis=0)
            over = np.max([total(one) - clause.get("max", count) for one in groups], axis=0)
            return Fraction(len(groups)), np.maximum(short, 0) + np.maximum(over, 0)
        case "ratio":
            a, b = (int(part) for part in clause["ratio"].split(":"))
            table = clause.get("weights", {})
            weights = [
                match * table.get(one["rank"], table.get("default", 1))
                for match, one in zip(of, candidates, strict=True)
            ]
            first, second = (total(_held(weights, candidates, party)) for party in clause["between"])
            off = np.abs(first * b - second * a)
            tolerance = Fraction(str(clause.get("tolerance", 0)))
            by = [max(0, -(-(Fraction(int(one), b) - tolerance) // 1)) for one in off]
            return max(Fraction(1), Fraction(b, a)), np.array(by, dtype=np.int64)
        case "balance":
            excess = [
                np.abs(
                    total(_held(of, candidates, party))
                    - total([m * (one["home"] == party) for m, one in zip(of, candidates, strict=True)])
                )
                - clause.get("tolerance", 0)
                for party in parties
            ]
            return Fraction(len(parties), 2), np.maximum(np.max(excess, axis=0), 0)
        case "together":
            number = total([int(one["ref"] in clause["refs"]) for one in candidates])
            kept = (number == 0) | (number == len(clause["refs"]))
            return Fraction(len(clause["refs"])), (~kept).astype(np.int64)
        case "requires":
            first, second = (total([int(one["ref"] == clause[key]) for one in candidates]) for key in ("if", "then"))
            return Fraction(2), ((first == 1) & (second == 0)).astype(np.int64)
        case kind:
            raise AssertionError(kind)


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


def _held(weights: list[int], candidates: list[Candidate], party: str) -> list[int]:
    return [weight * (one["held_by"] == party) for weight, one in zip(weights, candidates, strict=True)]
