"""The oracle's reading of `absence` and of the kinds on persons and the list: `listed`, `parity`, `freeze`."""

from tests.clauses.oracle import Breaches, Day, Line, at, is_a, same, subject
from tests.clauses.oracle_road import metres

from safeconduct.kernel.times import parse_instant

Between = tuple[int, int] | None
Near = tuple[str, float] | None


def inside(day: Day, e: Line, between: Between, near: Near) -> bool:
    """At the time and near the place; what cannot be measured is."""
    if between and not between[0] <= at(e) <= between[1]:
        return False
    places = {x["id"]: x.get("position") for x in day.plan.get("places", [])}
    centre = places.get(near[0]) if near else None
    where = e.get("position") or places.get(e.get("place", ""))
    return not (near and centre and where and metres(centre, where) > near[1])


def absence(day: Day, never: list[Line], between: Between, near: Near, keys: list[str]) -> Breaches:
    """Kind `absence`."""
    return {
        ("absence", "occurred", subject(e, keys), at(e))
        for e in day.events
        if any(is_a(e, one) for one in never) and inside(day, e, between, near)
    }


def claim(
    day: Day, of: list[Line], between: Between, near: Near, keys: list[str], sources: int, within: int
) -> Breaches:
    """Kind `claim`."""
    claims = [e for e in day.events if any(is_a(e, one) for one in of) and inside(day, e, between, near)]
    found: Breaches = set()
    for c in claims:
        agreeing = [x for x in claims if same(x, c, keys) and at(c) - within <= at(x) <= at(c)]
        if len({x.get("source") for x in agreeing}) >= sources:
            found.add(("claim", "claimed", subject(c, keys), at(c)))
    return found


def listed(day: Day) -> Breaches:
    """Kind `listed`."""
    return {
        ("listed", "unlisted", e["person"], at(e))
        for e in day.events
        if "person" in e and e["type"] not in ("added", "substituted") and e["person"] not in day.replay(at(e))
    }


def parity(day: Day, first: str, second: str, a: int, b: int, most: int) -> Breaches:
    """Kind `parity`."""
    found: Breaches = set()

    def released(party: str, t: int) -> int:
        return sum(
            known["held_by"] == party and (moment := day.handed(who)) is not None and moment <= t
            for who, known in day.ever.items()
        )

    for t in {at(x) for x in day.events}:
        now = released(first, t) * b - released(second, t) * a
        before = released(first, t - 1) * b - released(second, t - 1) * a
        if abs(now) > most >= abs(before):
            found.add(("parity", "lead", first if now > 0 else second, t))
    return found


def freeze(day: Day, before: int, intermediaries: list[str]) -> Breaches:
    """Kind `freeze`."""
    return {
        ("freeze", "one-sided", e["person"], at(e))
        for e in day.events
        if e["type"] in ("added", "withdrawn", "substituted")
        and at(e) >= parse_instant(day.plan["start"]) - before
        and not set(day.parties) <= set(e.get("agreed_by", []))
        and not (e["type"] == "withdrawn" and e.get("ground") == "protected" and e.get("by") in intermediaries)
    }
