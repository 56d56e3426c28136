"""The oracle's reading of the kinds on what is said: `concordance`."""

from tests.clauses.oracle import Breaches, Day, Line, at, is_a, same, subject


def concordance(day: Day, of: list[Line], keys: list[str], equal: list[str]) -> Breaches:
    """Kind `concordance`."""
    found: Breaches = set()
    speaking = [x for x in day.events if any(is_a(x, one) for one in of) and all(k in x for k in keys)]
    for e in speaking:
        for k in equal:
            others = [f for f in speaking if f["id"] != e["id"] and same(e, f, keys) and k in e and k in f]
            before = [at(f) for f in others if at(f) < at(e)]
            if any(at(f) in (at(e), max(before, default=at(e))) and f[k] != e[k] for f in others):
                found.add(("concordance", "differs", subject(e, keys), at(e)))
    return found
