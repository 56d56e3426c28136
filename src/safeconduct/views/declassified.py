"""What a clearance is told beyond the labels of the fields: counts and states that the parties agreed to share.

Every item has a line in docs/declassified.md that says what it tells, from what, and who authorised it; a test compares
the two, and the test of non-interference admits a difference in a listed item only.
"""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from safeconduct.disclosure.clearance import Clearance
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.times import MINUTE_US, parse_instant

LATE_AFTER_US = 15 * MINUTE_US
"""An arrival counts as late a quarter of an hour after its planned moment."""


def convoy_status(state: Exchange) -> dict[str, Any]:
    """Per exchange and operator: how many legs are planned, departed, arrived, and arrived late.

    This is the "on time", "late", "held" that the other side is told in place of positions and routes.
    """
    departures, arrivals = _movements(state)
    status: dict[str, Any] = {}
    for exchange, proposed in sorted(state.logistics.plans.items()):
        operators: dict[str, dict[str, Any]] = {}
        for (plan, own), convoy in sorted(state.logistics.convoys.items()):
            if plan != proposed.plan_sha256:
                continue
            counts = {"legs": 0, "departed": 0, "arrived": 0, "late": 0}
            ordinal: Counter[tuple[str, str, str]] = Counter()
            for leg in sorted(json.loads(convoy.legs_text), key=lambda leg: parse_instant(leg["depart"])):
                left, came = (leg["vehicle"], leg["from"]), (leg["vehicle"], leg["to"])
                due_us = parse_instant(leg["arrive"]) + LATE_AFTER_US
                arrived = arrivals.get(came, [])[ordinal["to", *came] :]
                counts["legs"] += 1
                counts["departed"] += len(departures.get(left, [])) > ordinal["from", *left]
                counts["arrived"] += bool(arrived)
                counts["late"] += bool(arrived) and arrived[0] > due_us
                ordinal["from", *left] += 1
                ordinal["to", *came] += 1
            operators["/".join(own)] = counts
        status[exchange] = operators
    return status


DECLASSIFIED: dict[str, tuple[Audience, Callable[[Exchange], Any]]] = {
    "convoy_status": (Audience.PARTIES, convoy_status),
}
"""Each item by name: the audience that it is told to, and how it is computed."""


def declassified(state: Exchange, clearance: Clearance) -> dict[str, Any]:
    """All items that may be told at a clearance."""
    return {name: compute(state) for name, (audience, compute) in DECLASSIFIED.items() if clearance.may_know(audience)}


def _movements(state: Exchange) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[str, str], list[int]]]:
    """Moments of departure and of arrival, sorted, by vehicle and place."""
    departures: dict[tuple[str, str], list[int]] = {}
    arrivals: dict[tuple[str, str], list[int]] = {}
    for text in state.tracking.reports:
        event = json.loads(text)
        kind = event.get("type")
        if kind in ("departed", "arrived"):
            found = departures if kind == "departed" else arrivals
            found.setdefault((event["vehicle"], event["place"]), []).append(parse_instant(event["at"]))
    for moments in (*departures.values(), *arrivals.values()):
        moments.sort()
    return departures, arrivals
