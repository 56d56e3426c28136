"""The oracle's reading of the kinds on what is said: `concordance`, `deadline`, `reciprocity`."""

from typing import Any

from tests.clauses.oracle import Breaches, Day, Line, at, is_a, same, subject


def concordance(day: Day, of: list[Line], keys: list[str], equal: list[str]) -> Breaches:
    """Kind `concordance`, `deadline`, `reciprocity`."""
    found: Breaches = set()
    speaking = [x for x in day.events if any(is_a(x, one) for one in of) and all(k in x for k in keys)]
    for e in speaking:
        for k in equal:
            others = [f for f in speaking if f["id"] != e["id"] and same(e, f, keys) and k in e and k in f]
            before = [at(f) for f in others if at(f) < at(e)]
            if any(at(f) in (at(e), max(before, default=at(e))) and f[k] != e[k] for f in others):
                found.add(("concordance", "differs", subject(e, keys), at(e)))
    return found


def deadline(day: Day, expect: list[Line], by: int, per: str) -> Breaches:
    """Kind `deadline`, `reciprocity`."""
    fields = {"party": "by", "person": "person", "vehicle": "vehicle"}
    owing = {
        "total": {day.plan["exchange"]},
        "party": set(day.parties),
        "person": day.due(by),
        "vehicle": {x["vehicle"] for x in day.plan["legs"]},
    }
    return {
        ("deadline", "missing", x, by)
        for x in owing[per]
        if not any(
            any(is_a(e, one) for one in expect)
            and at(e) <= by
            and (per == "total" or counts_for(e.get(fields[per]), x, per))
            for e in day.events
        )
    }


def counts_for(named: Any, x: str, per: str) -> bool:
    """Whether what is named is that one, or, of parties, a list with it."""
    return bool(named == x) or (per == "party" and isinstance(named, list) and x in named)


def reciprocity(day: Day, each: list[Line], within: int, keys: list[str]) -> Breaches:
    """Kind `reciprocity`."""
    found: Breaches = set()
    for e in day.events:
        steps = [x for x in day.events if any(is_a(x, one) for one in each) and same(x, e, keys)]
        if e in steps and all((at(e), e["id"]) <= (at(x), x["id"]) for x in steps):
            for one in each:
                if not any(is_a(x, one) and at(x) <= at(e) + within for x in steps):
                    found.add(("reciprocity", "one-sided", subject(e, keys), at(e) + within))
    return found
