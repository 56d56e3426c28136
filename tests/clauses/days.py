"""Small days written by hand: terms, a plan and reports, and what stands of them as (rule, subject, time)."""

import json
from collections.abc import Iterable
from typing import Any

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import MINUTE_US, parse_instant
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.events import Event, read_event

HEADER = """
[agreement]
id = "a1"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
"""


def moment(clock: str) -> str:
    """`09:41` or `09:41:30` on the day of the exchange."""
    return f"2025-07-04T{clock if clock.count(':') == 2 else clock + ':00'}Z"


def terms(*clauses: str) -> Terms:
    """Terms of these clauses: each the lines of one `[[clause]]` without its id; ids are c1, c2, …"""
    text = HEADER + "".join(f'\n[[clause]]\nid = "c{number}"\n{body}\n' for number, body in enumerate(clauses, 1))
    return read_terms("terms.toml", text.encode())


def plan_json(**parts: Any) -> dict[str, Any]:
    """A plan with nothing in it but what is given."""
    return {
        "exchange": "x",
        "agreement": "a1",
        "start": moment("03:00"),
        "exchange_point": "X",
        "persons": [],
        **parts,
    }


def plan(**parts: Any) -> Plan:
    """The same, read."""
    return read_plan("plan.json", json.dumps(plan_json(**parts)).encode())


def person(ref: str, held_by: str = "RU", home: str = "UA", batch: str = "b1", **fields: Any) -> dict[str, Any]:
    """A person of the plan."""
    return {"id": ref, "held_by": held_by, "home": home, "batch": batch, "custody": [held_by, "NI", home], **fields}


def leg(ref: str, vehicle: str, origin: str, to: str, depart: str, arrive: str, *persons: str) -> dict[str, Any]:
    """A leg of the plan."""
    return {
        "id": ref,
        "vehicle": vehicle,
        "from": origin,
        "to": to,
        "depart": moment(depart),
        "arrive": moment(arrive),
        "persons": list(persons),
    }


def event(ref: str, kind: str, clock: str, **fields: Any) -> dict[str, Any]:
    """A report; `giver` stands for `from`."""
    if "giver" in fields:
        fields["from"] = fields.pop("giver")
    return {"id": ref, "type": kind, "at": moment(clock), **fields}


def passed(ref: str, kind: str, clock: str, who: str, giver: str, to: str, **fields: Any) -> dict[str, Any]:
    """An offer, acceptance or refusal."""
    return event(ref, kind, clock, person=who, giver=giver, to=to, **fields)


def moved(ref: str, kind: str, clock: str, vehicle: str, place: str, **fields: Any) -> dict[str, Any]:
    """A departure or arrival."""
    return event(ref, kind, clock, vehicle=vehicle, place=place, **fields)


def rode(ref: str, kind: str, clock: str, who: str, vehicle: str, **fields: Any) -> dict[str, Any]:
    """A boarding or alighting."""
    return event(ref, kind, clock, person=who, vehicle=vehicle, **fields)


def deviations(
    clauses: str | Terms, day_plan: Plan, events: Iterable[dict[str, Any]], until: str | None = None
) -> list[Deviation]:
    """What stands, by the plain reading.

    A watch that the reports reach one by one must come to the same, and so must one that soon forgets.
    """
    read = terms(clauses) if isinstance(clauses, str) else clauses
    until_us = parse_instant(moment(until)) if until else None
    received = [read_event(one) for one in events]
    found = judge_day(read, day_plan, received, until_us)
    arrived: list[Event] = []
    for watch in (Watch(read, day_plan), Watch(read, day_plan, lambda: arrived, MINUTE_US)):
        arrived.clear()
        for one in received:
            arrived.append(one)
            watch.arrive([one])
            watch.judge(until_us=until_us)
        watch.judge(until_us)
        assert watch.standing() == found
    return found


def breaches(
    clauses: str | Terms, day_plan: Plan, events: Iterable[dict[str, Any]], until: str | None = None
) -> list[tuple[str, str, str]]:
    """What stands as (rule, subject, HH:MM or HH:MM:SS), in the order in which it is printed."""
    return [(one.rule, one.subject, short(one.at)) for one in deviations(clauses, day_plan, events, until)]


def short(at: str) -> str:
    """`2025-07-04T09:41:00Z` as `09:41`."""
    clock = at.removeprefix("2025-07-04T").removesuffix("Z")
    return clock.removesuffix(":00") if clock.count(":") == 2 else clock
