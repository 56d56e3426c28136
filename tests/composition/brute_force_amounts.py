"""The oracle of giving way: of every subset of the candidates, by how much each clause would have to."""

from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from tests.composition.brute_force import Candidate, Clause, having, held, satisfies, values_among


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
            per = clause.get("per", "total")
            if per in ("total", "party"):
                groups = [of] if per == "total" else [held(of, candidates, party) for party in parties]
            else:
                groups = [having(of, candidates, per, value) for value in values_among(of, candidates, per)]
            nobody = np.zeros(len(members), dtype=np.int64)
            short = np.max([nobody, *(clause.get("min", 0) - total(one) for one in groups)], axis=0)
            over = np.max([nobody, *(total(one) - clause.get("max", count) for one in groups)], axis=0)
            return Fraction(len(groups)), short + over
        case "like-for-like":
            sorts = [having(of, candidates, clause["by"], value) for value in _sorts(candidates, clause["by"])]
            sorts = [sort for sort in sorts if any(sort)]
            apart = [np.zeros(len(members), dtype=np.int64)]
            for sort in sorts:
                first, second = (total(held(sort, candidates, party)) for party in clause["between"])
                apart.append(np.abs(first - second) - clause.get("tolerance", 0))
            return Fraction(len(sorts)), np.max(apart, axis=0)
        case "veto":
            return Fraction(1), total([int(one["ref"] in clause["refs"]) for one in candidates])
        case "choice":
            return Fraction(1), np.abs(total(held(of, candidates, clause["by"])) - clause["count"])
        case "destination":
            return Fraction(1), np.maximum(total(of) - clause["max"], 0)
        case "ratio":
            a, b = (int(part) for part in clause["ratio"].split(":"))
            table = clause.get("weights", {})
            weights = [
                match * table.get(one["rank"], table.get("default", 1))
                for match, one in zip(of, candidates, strict=True)
            ]
            first, second = (total(held(weights, candidates, party)) for party in clause["between"])
            off = np.abs(first * b - second * a)
            tolerance = Fraction(str(clause.get("tolerance", 0)))
            by = [max(0, -(-(Fraction(int(one), b) - tolerance) // 1)) for one in off]
            return max(Fraction(1), Fraction(b, a)), np.array(by, dtype=np.int64)
        case "balance":
            excess = [
                np.abs(
                    total(held(of, candidates, party))
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


def _sorts(candidates: list[Candidate], by: str) -> list[str]:
    """Every value of the field, and that of those without."""
    return sorted({*values_among([1] * len(candidates), candidates, by), ""})
