"""A small exchange as entries: two persons a side, one bus a side, one batch."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.composition.entries import PersonChosen, RoundComposed
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanProposed
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.views.operations import OperationsBuilder
from safeconduct.views.operations_model import Operations

TERMS = """
[agreement]
id = "a"
title = "An agreement"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "equal"
kind = "balance"
text = "Head for head."

[[clause]]
id = "in-step"
kind = "simultaneity"
within = "45m"
text = "Both sides begin together."
severity = "critical"
"""

_CUSTODY = {"RU": ["RU", "NI", "UA", "F-UA"], "UA": ["UA", "NI", "RU", "F-RU"]}


def leg(name: str, vehicle: str, origin: str, destination: str, depart: str, arrive: str) -> dict[str, Any]:
    """One ride on the day."""
    hours = {"depart": f"2025-07-04T{depart}:00Z", "arrive": f"2025-07-04T{arrive}:00Z"}
    return {"id": name, "vehicle": vehicle, "from": origin, "to": destination, **hours, "persons": []}


PLAN: dict[str, Any] = {
    "exchange": "day",
    "agreement": "a",
    "start": "2025-07-04T03:00:00Z",
    "exchange_point": "X",
    "places": [
        {"id": "X", "kind": "exchange-point", "name": "Border road", "position": [31.0, 52.0]},
        {"id": "H-RU", "kind": "holding", "position": [33.0, 53.0]},
        {"id": "H-UA", "kind": "holding", "position": [31.0, 51.0]},
    ],
    "vehicles": [
        {"id": "bus-RU", "kind": "bus", "operator": "RU", "seats": 9},
        {"id": "bus-UA", "kind": "bus", "operator": "UA", "seats": 9},
    ],
    "legs": [leg("l1", "bus-RU", "H-RU", "X", "05:00", "07:00"), leg("l2", "bus-UA", "H-UA", "X", "06:00", "07:00")],
    "batches": [{"id": "b1", "handover": "2025-07-04T08:00:00Z"}],
    "persons": [
        {"id": f"{side}-{number}", "held_by": side, "home": home, "batch": "b1", "custody": _CUSTODY[side]}
        for side, home in (("RU", "UA"), ("UA", "RU"))
        for number in (1, 2)
    ],
}


def plan() -> Plan:
    """The plan, read."""
    return read_plan("plan.json", json.dumps(PLAN).encode())


def moment(clock: str) -> int:
    """A time of the day."""
    return parse_instant(f"2025-07-04T{clock}:00Z")


def prepared() -> list[Entry]:
    """The entries up to a plan that both sides approved."""
    at: dict[str, Any] = {"occurred_at_us": moment("00:00")}
    persons = PLAN["persons"]
    entries: list[Entry] = [
        TermsRecorded(
            agreement="a",
            title="An agreement",
            parties=("RU", "UA"),
            intermediaries=("NI",),
            terms_sha256="t",
            terms_text=TERMS,
            **at,
        ),
        RoundComposed(
            exchange="day",
            terms_sha256="t",
            status="optimal",
            released={"RU": 2, "UA": 2},
            objectives={},
            conflict=(),
            **at,
        ),
        *(
            PersonChosen(exchange="day", person=one["id"], held_by=one["held_by"], home=one["home"], **at)
            for one in persons
        ),
        PlanProposed(
            exchange="day",
            plan_sha256="p",
            start_us=moment("03:00"),
            handovers_us={"b1": moment("08:00")},
            batches={"b1": tuple(one["id"] for one in persons)},
            persons=4,
            plan_text=json.dumps(PLAN),
            **at,
        ),
    ]
    for side, holding in (("RU", "H-RU"), ("UA", "H-UA")):
        entries.append(
            ConvoyPlanned(
                own=(side,),
                plan_sha256="p",
                legs_text=json.dumps([one for one in PLAN["legs"] if one["vehicle"] == f"bus-{side}"]),
                vehicles_text=json.dumps([one for one in PLAN["vehicles"] if one["operator"] == side]),
                places_text=json.dumps([one for one in PLAN["places"] if one["id"] in (holding, "X")]),
                **at,
            )
        )
    entries += [PlanApproved(party=side, plan_sha256="p", paper_sha256="", attested_by="NI", **at) for side in _CUSTODY]
    return entries


def report(kind: str, clock: str, event: str = "", **fields: Any) -> dict[str, Any]:
    """One event of the day."""
    at = f"2025-07-04T{clock}:00Z"
    name = event or "/".join([kind, clock, *(str(value) for value in fields.values())])
    return {"id": name, "type": kind, "at": at, **{key.rstrip("_"): value for key, value in fields.items()}}


def recorded(events: Iterable[dict[str, Any]]) -> list[Entry]:
    """The events as entries."""
    concerns = Concerns.of_plan(plan())
    return [report_entry(event, concerns) for event in events]


def built(entries: Sequence[Entry], clearance: Clearance) -> OperationsBuilder:
    """A builder that took these entries."""
    builder = OperationsBuilder(clearance)
    for index, entry in enumerate(entries):
        builder.take(index, entry.occurred_at_us, entry)
    return builder


def shown(builder: OperationsBuilder, clock: str) -> Operations:
    """The page at a moment of the day."""
    return builder.snapshot(moment(clock), origin="o", size=1, root="", note="")
