"""An exchange of three persons, from terms to an approved plan, to release communiqués on."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.app.recording import Seeded, StandingClock

from safeconduct.app.commands import (
    AttestApproval,
    AttestSignature,
    Chosen,
    ClearFacts,
    Command,
    ProposePlan,
    ReceiveList,
    RecordCandidates,
    RecordRound,
    RecordTerms,
)
from safeconduct.app.deciding import decide
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.workspace import create_workspace
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.disclosure.facts import AGREEMENT, DATE, TOTAL, released_by, returned_to
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.registry.entries import CandidateReconciled
from safeconduct.vocabulary.person import Person

EXCHANGE = "2025-07-04"
PARTIES = ("RU", "UA")
TERMS = b"""
[agreement]
id = "istanbul-2025-06-02"
title = "Istanbul agreements"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "families-first"
kind = "embargo"
hold = { type = "published" }
until_all = [{ type = "notified", who = "family" }]
"""
PEOPLE = {
    "u1": ("RU", "UA", "Іваненко", "Олена", ("prisoner-of-war", "seriously-wounded-or-sick")),
    "u2": ("RU", "UA", "Бут", "Роман", ("prisoner-of-war",)),
    "r1": ("UA", "RU", "Сидоров", "Пётр", ("civilian",)),
}
PLAN = json.dumps(
    {
        "exchange": EXCHANGE,
        "agreement": "istanbul-2025-06-02",
        "start": "2025-07-04T03:00:00Z",
        "exchange_point": "novaya-guta",
        "places": [
            {"id": "novaya-guta", "name": "Novaya Guta", "kind": "exchange-point"},
            {"id": "sosnovka", "kind": "holding"},
            {"id": "hospital-chernihiv", "kind": "hospital"},
        ],
        "persons": [
            {"id": ref, "held_by": held_by, "home": home, "batch": "b1", "custody": [held_by, "NI", home]}
            for ref, (held_by, home, *_) in PEOPLE.items()
        ],
        "vehicles": [{"id": "sosnovka-ambulance-01", "operator": "RU", "seats": 2}],
        "legs": [],
        "batches": [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}],
    }
).encode()
TELLABLE = (AGREEMENT, DATE, TOTAL, *map(released_by, PARTIES), *map(returned_to, PARTIES))


def terms() -> Terms:
    """Its terms."""
    return read_terms("terms.toml", TERMS)


def plan() -> Plan:
    """Its plan."""
    return read_plan("plan.json", PLAN)


def preparations() -> list[Command]:
    """What stands before the day."""
    lists = [
        ReceiveList(
            party,
            "held",
            f"{party}-held",
            "ff",
            tuple(
                Person(ref=ref, family_name=family, given_name=given, held_at="Сосновка" if party == "RU" else "Липове")
                for ref, (held_by, _, family, given, _) in PEOPLE.items()
                if held_by == party
            ),
            0,
        )
        for party in PARTIES
    ]
    candidates = tuple(
        CandidateReconciled(
            occurred_at_us=1,
            person=ref,
            held_by=held_by,
            home=home,
            held_list=f"{held_by}-held",
            held_ref=ref,
            sought_refs=(),
            sex="",
            birth_date="",
            rank="",
            categories=categories,
            captured_on="",
            held_at="sosnovka",
            consent="willing",
            protected=False,
        )
        for ref, (held_by, home, _, _, categories) in PEOPLE.items()
    )
    sha256 = terms().text.sha256
    chosen = tuple(Chosen(ref, held_by, home) for ref, (held_by, home, *_) in PEOPLE.items())
    composed = RecordRound(EXCHANGE, sha256, "optimal", chosen, {"RU": 2, "UA": 1}, {}, ())
    return [
        RecordTerms("terms.toml", TERMS),
        *(AttestSignature(party, sha256, "p", "NI") for party in PARTIES),
        *lists,
        RecordCandidates(candidates),
        composed,
        ProposePlan("plan.json", PLAN),
    ]


def prepared(cleared: Sequence[str] = TELLABLE) -> Exchange:
    """The state on the eve, with these facts cleared."""
    state = Exchange()
    commands: list[Command] = [*preparations(), ClearFacts(EXCHANGE, tuple(cleared), PARTIES)]
    for command in commands:
        for entry in decide(state, command, 5):
            state.apply(entry)
    for entry in approvals(state):
        state.apply(entry)
    return state


def approvals(state: Exchange) -> list[Any]:
    """Both parties approve the plan on record."""
    sha256 = state.logistics.plans[EXCHANGE].plan_sha256
    return [one for party in PARTIES for one in decide(state, AttestApproval(party, EXCHANGE, sha256, "p", "NI"), 5)]


def report(state: Exchange, events: Iterable[dict[str, Any]]) -> Exchange:
    """The state after these reports."""
    for event in events:
        state.apply(report_entry(event, Concerns.of_plan(plan())))
    return state


def at(clock: str) -> int:
    """`09:41` or `09:41:30` on the day, as microseconds since 1970 UTC."""
    return parse_instant(moment(clock))


def moment(clock: str) -> str:
    """The same as RFC 3339."""
    return f"2025-07-04T{clock if clock.count(':') == 2 else clock + ':00'}Z"


def handover(person: str, clock: str) -> dict[str, Any]:
    """The home party accepts a person."""
    hands = {"person": person, "from": "NI", "to": PEOPLE[person][1], "place": "novaya-guta"}
    return {"id": f"accepted/{person}", "type": "accepted", "at": moment(clock), **hands}


def family_told(person: str, clock: str) -> dict[str, Any]:
    """A family is told."""
    who = {"who": "family", "person": person}
    return {"id": f"notified/{person}", "type": "notified", "at": moment(clock), **who}


WHOLE_DAY = [
    *(handover(person, "09:10") for person in PEOPLE),
    *(family_told(person, "10:00") for person in PEOPLE),
]


def office_of(folder: Path, clock: StandingClock, cleared: Sequence[str] = TELLABLE) -> Office:
    """A desk on a real ledger, the whole day reported, date and numbers cleared."""
    workspace = create_workspace(folder, "istanbul-2025-06-02", "NI", Seeded(0))
    office = Office(workspace.open_recorder(clock, Seeded(1), DECODER), clock)
    for command in preparations():
        office.perform(command)
    office.record(approvals(office.state))
    office.perform(ClearFacts(EXCHANGE, tuple(cleared), PARTIES))
    office.record([report_entry(event, Concerns.of_plan(plan())) for event in WHOLE_DAY])
    return office
