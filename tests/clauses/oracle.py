"""The contract's sentences, one after the other, in the slowest and plainest way: JSON in, breaches out.

Independent of the product's code but for reading times. Every statement about a moment replays the whole day up to it.
Parameters of the clauses are Python values, times integers of microseconds.
"""

import json
from itertools import pairwise
from typing import Any

from safeconduct.kernel.times import parse_instant

Line = dict[str, Any]
Breaches = set[tuple[str, str, str, int]]
MINUTE = 60_000_000
ABSENT = object()


def content(line: Line) -> str:
    """Every field but `received_at` and `_…`, `at` as a moment."""
    fields = {k: v for k, v in line.items() if v is not None and k != "received_at" and not k.startswith("_")}
    fields["at"] = parse_instant(line["at"])
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def at(line: Line) -> int:
    """The moment of a line."""
    return parse_instant(line["at"])


def sift(lines: list[Line], until: int | None) -> tuple[int | None, list[Line], Breaches]:
    """End of observation, the events that remain, breaches of `integrity`."""
    found: Breaches = set()
    receipts: dict[tuple[str, str], list[int]] = {}
    by_content: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = (line["id"], content(line))
        by_content[key] = line
        if "received_at" in line:
            receipts.setdefault(key, []).append(parse_instant(line["received_at"]))
    kept = []
    for key, line in by_content.items():
        if key in receipts and at(line) > min(receipts[key]) + 5 * MINUTE:
            found.add(("integrity", "future", line["id"], at(line)))
        else:
            kept.append(line)
    gone = voided(stand(kept))
    end = until if until is not None else max((at(one) for one in kept if one["id"] not in gone), default=None)
    if end is None:
        return None, [], found
    kept = [one for one in kept if at(one) <= end]
    for one in kept:
        for other in kept:
            number = (one.get("device"), one.get("device_seq"))
            again = number == (other.get("device"), other.get("device_seq"))
            if None not in number and one["id"] != other["id"] and again:
                times = [at(x) for x in kept if (x.get("device"), x.get("device_seq")) == number]
                found.add(("integrity", "clone", f"{number[0]}/{number[1]}", max(times)))
    remaining = stand(kept)
    gone = voided(remaining)
    for one in kept:
        versions = [x for x in kept if x["id"] == one["id"]]
        if len(versions) > 1 and one["id"] not in gone:
            found.add(("integrity", "conflict", one["id"], max(at(x) for x in versions)))
    return end, [one for one in remaining.values() if one["id"] not in gone], found


def stand(lines: list[Line]) -> dict[str, Line]:
    """Of each id the smallest by (`at`, content)."""
    return {
        line["id"]: min((x for x in lines if x["id"] == line["id"]), key=lambda x: (at(x), content(x)))
        for line in lines
    }


def voided(events: dict[str, Line]) -> set[str]:
    """By the alternating fixpoint: what surely works is what no possibly working one names."""
    voids = [one for one in events.values() if one["type"] == "voided"]

    def unnamed(by: set[str]) -> set[str]:
        return {v["id"] for v in voids if not any(w["event"] == v["id"] and w["id"] in by for w in voids)}

    surely: set[str] = set()
    while True:
        possibly = unnamed(surely)
        again = unnamed(possibly)
        if again == surely:
            break
        surely = again
    return {v["event"] for v in voids if v["id"] in surely}


class Day:
    """Plan, parties and events."""

    def __init__(self, plan: Line, parties: list[str], events: list[Line]) -> None:
        self.plan = plan
        self.parties = parties
        self.events = events
        ever = self.replay(2**62)
        self.events = [self.enrich(one, ever) for one in events]
        self.ever = ever

    def replay(self, t: int) -> dict[str, Line]:
        """Everyone who is or was on the list by t, with `on` telling whether still."""
        known = {
            one["id"]: {
                **one,
                "on": True,
                "legs": [leg["id"] for leg in self.plan["legs"] if one["id"] in leg["persons"]],
            }
            for one in self.plan["persons"]
        }
        for one in sorted(self.events, key=lambda x: (at(x), x["id"])):
            if at(one) > t or not all(party in one.get("agreed_by", []) for party in self.parties):
                continue
            who = one.get("person")
            if one["type"] == "substituted" and who not in known:
                out = one.get("replaces")
                if out in known and known[out]["on"]:
                    known[who] = {**known[out]}
                    known[out]["on"] = False
            elif one["type"] == "added" and who not in known:
                known[who] = {
                    "held_by": one.get("held_by", ""),
                    "home": one.get("home", ""),
                    "batch": one.get("batch", ""),
                    "custody": one.get("custody", []),
                    "legs": one.get("legs", []),
                    "on": True,
                }
        return known

    def enrich(self, one: Line, ever: dict[str, Line]) -> Line:
        """With what the plan says of the person."""
        if one.get("person") not in ever:
            return one
        who = ever[one["person"]]
        fields = {k: v for k, v in one.items() if k not in ("home", "held_by", "batch")}
        fields |= {k: who[k] for k in ("home", "held_by", "batch") if who[k]}
        if one["type"] == "accepted":
            fields["handover"] = one["to"] == who["home"]
        return fields

    def on_list(self, t: int) -> set[str]:
        """Who is on the list at t."""
        return {who for who, known in self.replay(t).items() if known["on"]}

    def due(self, t: int) -> set[str]:
        """On it, neither withdrawn nor dead."""
        return {
            who
            for who in self.on_list(t)
            if not any(x["type"] in ("withdrawn", "died") and x["person"] == who and at(x) <= t for x in self.events)
        }

    def aboard(self, vehicle: str, t: int) -> set[str]:
        """Who is aboard at t."""
        where: dict[str, str] = {}
        rides = [x for x in self.events if x["type"] in ("boarded", "alighted") and at(x) <= t]
        for one in sorted(rides, key=lambda x: (at(x), ["alighted", "boarded"].index(x["type"]), x["id"])):
            if one["type"] == "boarded":
                where[one["person"]] = one["vehicle"]
            elif where.get(one["person"]) == one["vehicle"]:
                del where[one["person"]]
        return {who for who, on in where.items() if on == vehicle}

    def movements(self, vehicle: str) -> list[Line]:
        """Departures and arrivals, repeated ones once."""
        moves = [x for x in self.events if x["type"] in ("departed", "arrived") and x["vehicle"] == vehicle]
        moves.sort(key=lambda x: (at(x), ["arrived", "departed"].index(x["type"]), x["id"]))
        once: list[Line] = []
        for one in moves:
            if not once or (once[-1]["type"], once[-1]["place"]) != (one["type"], one["place"]):
                once.append(one)
        return once

    def vehicles(self) -> set[str]:
        """Those that moved."""
        return {x["vehicle"] for x in self.events if x["type"] in ("departed", "arrived")}

    def planned(self, vehicle: str, place: str, side: str) -> list[Line]:
        """Legs from or to a place, in order."""
        end, when = ("from", "depart") if side == "departed" else ("to", "arrive")
        legs = [x for x in self.plan["legs"] if x["vehicle"] == vehicle and x[end] == place]
        return sorted(legs, key=lambda x: parse_instant(x[when]))

    def rides(self) -> list[tuple[str, Line, int | None, Line | None]]:
        """Every departure: the vehicle, the event, until when it was en route, the planned leg if there is one."""
        found: list[tuple[str, Line, int | None, Line | None]] = []
        for v in self.vehicles():
            moves = self.movements(v)
            for i, d in enumerate(moves):
                if d["type"] != "departed":
                    continue
                ends = [
                    at(x)
                    for x in moves
                    if at(x) > at(d) or (x["type"] == "arrived" and at(x) == at(d) and x["place"] != d["place"])
                ]
                k = sum(x["type"] == "departed" and x["place"] == d["place"] for x in moves[:i])
                legs = self.planned(v, d["place"], "departed")
                found.append((v, d, min(ends, default=None), legs[k] if k < len(legs) else None))
        return found

    def handed(self, who: str) -> int | None:
        """When handed over."""
        return min(
            (
                at(x)
                for x in self.events
                if x["type"] == "accepted" and x["person"] == who and x.get("handover") is True
            ),
            default=None,
        )


def same(one: Line, other: Line, keys: list[str]) -> bool:
    """Equal in these fields."""
    return all(one.get(k, ABSENT) == other.get(k, ABSENT) for k in keys)


def subject(one: Line, keys: list[str]) -> str:
    """Joined by `/`."""
    return "/".join(one.get(k, "") for k in keys) if keys else str(one["id"])


def is_a(one: Line, wanted: Line) -> bool:
    """Scalar equality only."""
    return all(one.get(k, ABSENT) == v for k, v in wanted.items())


def response(day: Day, after: Line, expect: Line, within: int, keys: list[str], lifted: Line | None) -> Breaches:
    """Kind `response`."""
    return {
        ("response", "missing", subject(e, keys), at(e) + within)
        for e in day.events
        if is_a(e, after)
        and not any(
            f["id"] != e["id"]
            and (is_a(f, expect) or (lifted is not None and is_a(f, lifted)))
            and same(e, f, keys)
            and at(e) <= at(f) <= at(e) + within
            for f in day.events
        )
    }


def precedence(
    day: Day, before: Line, expect: Line, within: int | None, keys: list[str], voiding: Line | None
) -> Breaches:
    """Kind `precedence`."""
    return {
        ("precedence", "missing", subject(e, keys), at(e))
        for e in day.events
        if is_a(e, before)
        and not any(
            f["id"] != e["id"]
            and is_a(f, expect)
            and same(e, f, keys)
            and at(f) <= at(e)
            and (within is None or at(e) - within <= at(f))
            and not any(
                voiding is not None
                and g["id"] not in (e["id"], f["id"])
                and is_a(g, voiding)
                and same(e, g, keys)
                and at(f) <= at(g) <= at(e)
                for g in day.events
            )
            for f in day.events
        )
    }


def embargo(day: Day, hold: Line, until_all: list[Line], of: dict[str, list[str]] | None = None) -> Breaches:
    """Kind `embargo`."""
    found: Breaches = set()
    for e in day.events:
        t = at(e)
        for who in day.on_list(t) if is_a(e, hold) else ():
            if any({**day.ever[who], "person": who}.get(key) not in some for key, some in (of or {}).items()):
                continue
            if any(x["type"] == "withdrawn" and x["person"] == who and at(x) <= t for x in day.events):
                continue
            for wanted in until_all:
                if not any(x.get("person") == who and at(x) <= t and is_a(x, wanted) for x in day.events):
                    found.add(("embargo", "early", e["id"], t))
    return found


def custody(day: Day, within: int) -> Breaches:
    """Kind `custody`."""
    found: Breaches = set()
    kinds = ["offered", "accepted", "refused"]
    for p in {x["person"] for x in day.events if x["type"] in kinds}:
        own = [x for x in day.events if x["type"] in kinds and x["person"] == p]
        chain = day.ever[p]["custody"] if p in day.ever else []
        custodian = chain[0] if chain else None
        offers: list[Line] = []  # open ones, earliest first
        last: Line | None = None  # the last accepted
        since = False  # whether anything was offered since
        for t in sorted({at(x) for x in own}):
            now = [x for x in own if at(x) == t]
            now = [
                x
                for x in now
                if not any(
                    (y["type"], y["from"], y["to"]) == (x["type"], x["from"], x["to"]) and y["id"] < x["id"]
                    for y in now
                )
            ]
            while now:
                first = [
                    x
                    for x in now
                    if x["type"] == "accepted"
                    and x["from"] == custodian
                    and any((o["from"], o["to"]) == (x["from"], x["to"]) for o in offers)
                ]
                second = [x for x in now if x["type"] == "offered" and x["from"] == custodian]
                rest = sorted(now, key=lambda x: (kinds.index(x["type"]), x["id"]))
                e = min(first or second, key=lambda x: str(x["id"])) if first or second else rest[0]
                now.remove(e)
                pair = (e["from"], e["to"])
                matching = [o for o in offers if (o["from"], o["to"]) == pair]
                if e["type"] == "offered":
                    since = True
                    if matching:
                        continue
                    if custodian is not None and e["from"] != custodian:
                        found.add(("custody", "from", p, t))
                    offers.append(e)
                    continue
                if e["type"] == "accepted":
                    if last is not None and (last["from"], last["to"]) == pair and not since:
                        continue
                    if custodian is not None and e["from"] != custodian:
                        found.add(("custody", "from", p, t))
                    if not matching:
                        found.add(("custody", "no-offer", p, t))
                    follows = [(chain[i], chain[i + 1]) for i in range(len(chain) - 1)]
                    if chain and pair not in follows:
                        found.add(("custody", "unplanned", p, t))
                    custodian, last, since = e["to"], e, False
                if matching:
                    offers.remove(matching[0])
                    if t > at(matching[0]) + within:
                        found.add(("custody", "unanswered", p, at(matching[0]) + within))
        for o in offers:
            found.add(("custody", "unanswered", p, at(o) + within))
    return found


def manifest(day: Day) -> Breaches:
    """Kind `manifest`."""
    found: Breaches = set()
    for v in day.vehicles():
        moves = day.movements(v)
        for i, d in enumerate(moves):
            if d["type"] != "departed":
                continue
            k = sum(x["type"] == "departed" and x["place"] == d["place"] for x in moves[:i])
            legs = day.planned(v, d["place"], "departed")
            if k >= len(legs):
                found.add(("manifest", "unplanned-leg", v, at(d)))
                continue
            due = {who for who in day.due(at(d)) if legs[k]["id"] in day.ever[who]["legs"]}
            aboard = day.aboard(v, at(d))
            found |= {("manifest", "missing", who, at(d)) for who in due - aboard}
            found |= {("manifest", "extra", who, at(d)) for who in aboard - due}
    return found


def arrival(day: Day, early: int | None, late: int | None) -> Breaches:
    """Kind `arrival`."""
    found: Breaches = set()
    for leg in day.plan["legs"]:
        k = [x["id"] for x in day.planned(leg["vehicle"], leg["to"], "arrived")].index(leg["id"])
        came = [at(x) for x in day.movements(leg["vehicle"]) if x["type"] == "arrived" and x["place"] == leg["to"]]
        planned = parse_instant(leg["arrive"])
        if early is not None and k < len(came) and came[k] < planned - early:
            found.add(("arrival", "early", leg["id"], came[k]))
        if late is not None and not (k < len(came) and came[k] <= planned + late):
            found.add(("arrival", "late", leg["id"], planned + late))
    return found


def simultaneity(day: Day, within: int) -> Breaches:
    """Kind `simultaneity`."""
    found: Breaches = set()
    for batch in {known["batch"] for known in day.ever.values() if known["batch"]}:
        persons = {who: known["home"] for who, known in day.ever.items() if known["batch"] == batch}
        first: dict[str, int] = {}
        for who, side in persons.items():
            moment = day.handed(who)
            if moment is not None:
                first[side] = min(moment, first.get(side, moment))
        if first:
            deadline = min(first.values()) + within
            for who in day.due(deadline) & set(persons):
                if first.get(persons[who], deadline + 1) > deadline:
                    found.add(("simultaneity", "one-sided", batch, deadline))
    return found


def reporting(day: Day, every: int) -> Breaches:
    """Kind `reporting`."""
    found: Breaches = set()
    for v, d, end, _ in day.rides():
        heard = sorted(
            at(x) for x in day.events if x.get("vehicle") == v and at(d) <= at(x) and (end is None or at(x) <= end)
        )
        for one, other in pairwise(heard):
            if other - one > every:
                found.add(("reporting", "silent", v, one + every))
        if end is None:
            found.add(("reporting", "silent", v, heard[-1] + every))
    return found


def complete(day: Day, by: int) -> Breaches:
    """Kind `complete`."""
    return {("complete", "outstanding", who, by) for who in day.due(by) if (day.handed(who) or 2**62) > by}


DEADLINES = {
    ("response", "missing"), ("custody", "unanswered"), ("arrival", "late"), ("simultaneity", "one-sided"),
    ("reporting", "silent"), ("complete", "outstanding"), ("departure", "late"),
    ("deadline", "missing"), ("reciprocity", "one-sided"),
}  # fmt: skip


def standing(found: Breaches, end: int | None) -> Breaches:
    """What stands by the end: a deadline once it is later."""
    return {
        one
        for one in found
        if one[0] == "integrity" or (end is not None and ((one[0], one[1]) not in DEADLINES or end > one[3]))
    }
