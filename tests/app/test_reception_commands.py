"""Facilities and their batches: enrolled once, and no counts on record that do not fit."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.erased import erase
from tests.app.recording import Seeded, StandingClock
from tests.reception.rounds import EXCHANGE, NOON_US, PERSONS, desk, key

from safeconduct.app.commands import AttestSignature, Command, EnrolFacility, ProposePlan, RecordCare, RecordTerms
from safeconduct.app.deciding import decide
from safeconduct.app.office import Office
from safeconduct.app.workspace import create_workspace
from safeconduct.composition.entries import PersonChosen
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry, Erased, Opened
from safeconduct.kernel.errors import Refused
from safeconduct.reception.desk import CareBatch
from safeconduct.reception.entries import CareNoted
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.tracking.entries import ListChangeReported

TERMS = b"""
[agreement]
id = "a1"
title = "An agreement"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
"""
PLAN = json.dumps(
    {
        "exchange": EXCHANGE,
        "agreement": "a1",
        "start": "2025-07-04T03:00:00Z",
        "exchange_point": "X",
        "places": [{"id": "X", "kind": "exchange-point"}, {"id": "F1", "kind": "facility"}],
        "persons": [
            {"id": person, "held_by": "UA", "home": "RU", "batch": "b1", "custody": ["UA", "NI", "RU", "F1"]}
            for person in PERSONS
        ],
        "vehicles": [],
        "legs": [],
        "batches": [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}],
    }
).encode()
ENROL = EnrolFacility("F1", "Facility one", "RU", key().public_key, "NI")


def prepared() -> Exchange:
    """Terms and a plan on record; everyone of the plan is chosen."""
    state = Exchange()
    for person in PERSONS:
        state.apply(PersonChosen(occurred_at_us=1, exchange=EXCHANGE, person=person, held_by="UA", home="RU"))
    for command in (RecordTerms("terms.toml", TERMS), ProposePlan("plan.json", PLAN)):
        done(state, command)
    return state


def done(state: Exchange, command: Command) -> list[Entry]:
    """Decide and fold a command."""
    entries = decide(state, command, NOON_US)
    for entry in entries:
        state.apply(entry)
    return entries


def enrolled() -> Exchange:
    """With the facility."""
    state = prepared()
    done(state, ENROL)
    return state


def batch(arrived: int = 6, settled: int = 6) -> CareBatch:
    """So many arrived at noon and so many examined."""
    ours = desk()
    for person in PERSONS[:arrived]:
        ours.arrive(person, NOON_US)
    for person in PERSONS[:settled]:
        ours.settle(person, STEP_IDS[1], NOON_US, by="doctor 1")
    made = ours.batch(NOON_US, closing=True)
    return made or CareBatch((), ours.tally(NOON_US))


def test_enrolling_and_reporting() -> None:
    """The key is on record for all to see; a batch is recorded as it was handed in."""
    state = enrolled()
    assert state.reception.enrolled["F1"].public_key == key().public_key
    assert done(state, RecordCare(batch(0, 0))) == [batch(0, 0).tally]
    assert len(done(state, RecordCare(batch()))) == 6 + 1
    assert state.reception.tallies["F1", EXCHANGE].arrived == 6
    assert state.reception.tallies["F1", EXCHANGE].done[STEP_IDS[1]] == 5


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (ENROL, "F1 is enrolled already; its key stands"),
        (replace(ENROL, facility=""), "a facility needs an id"),
        (replace(ENROL, facility="F2", home="NI"), "'NI' is not a party of the agreement"),
        (replace(ENROL, facility="F2", attested_by="RU"), "'RU' is not an intermediary"),
        (replace(ENROL, facility="F2", public_key="0" * 64), "this is no public key of F2"),
        (replace(ENROL, facility="F2", public_key="key"), "this is no public key of F2"),
    ],
)
def test_who_cannot_be_enrolled(command: EnrolFacility, why: str) -> None:
    """A second key for a facility, a stranger's facility, a key to which nothing can be sealed."""
    with pytest.raises(Refused, match=why):
        decide(enrolled(), command, NOON_US)


def test_nobody_is_enrolled_before_there_are_terms() -> None:
    """There are no parties yet whose facility it could be."""
    with pytest.raises(Refused, match="no terms are on record yet"):
        decide(Exchange(), ENROL, NOON_US)


def counted(**changes: Any) -> CareBatch:
    """The batch with other counts."""
    made = batch()
    return CareBatch(made.notes, msgspec.structs.replace(made.tally, **changes))


SIX = dict.fromkeys(STEP_IDS, 6)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (counted(arrived=9), "9 arrived of 8 expected"),
        (counted(arrived=-1), "-1 arrived of 8 expected"),
        (counted(arrived=5), "decontamination: 0 done of 6 due, with 5 arrived"),
        (counted(done=dict.fromkeys(STEP_IDS, 7)), "decontamination: 7 done of 6 due"),
        (counted(due={}), "it must count each of decontamination, medical-examination, psychological-support"),
        (counted(done=SIX | {"surgery": 0}), "and nothing else"),
        (counted(expected=9), "F1 expects 9, the plan and what was added to it bring 8"),
        (counted(exchange="2025-08-14"), "no plan is on record for 2025-08-14"),
        (
            counted(arrived=3, due=dict.fromkeys(STEP_IDS, 3), done=dict.fromkeys(STEP_IDS, 0)),
            "F1 has notes of 6 persons, but tells of 3 who arrived",
        ),
    ],
)
def test_counts_that_do_not_fit_are_refused(made: CareBatch, why: str) -> None:
    """And nothing of the batch is recorded."""
    with pytest.raises(Refused, match=why):
        decide(enrolled(), RecordCare(made), NOON_US)


def test_counts_never_fall() -> None:
    """What was told is not taken back."""
    state = enrolled()
    done(state, RecordCare(batch(6, 6)))
    for made, why in (
        (batch(5, 5), "6 had arrived already, now 5"),
        (batch(6, 0), "medical-examination: 5 were done already, now 0"),
        (counted(occurred_at_us=NOON_US - 1), "it is older than the one on record"),
    ):
        with pytest.raises(Refused, match=why):
            decide(state, RecordCare(made), NOON_US)


def test_strangers_and_open_notes_are_refused() -> None:
    """A facility nobody enrolled, a note of another facility, a note in clear."""
    with pytest.raises(Refused, match="F1 is not enrolled: enrol it with its public key first"):
        decide(prepared(), RecordCare(batch()), NOON_US)
    made = batch()
    for changes, why in (({"facility": "F2"}, "a note of another facility"), ({"sealed": "p1 is ill"}, "not sealed")):
        notes = (msgspec.structs.replace(made.notes[0], **changes), *made.notes[1:])
        with pytest.raises(Refused, match=why):
            decide(enrolled(), RecordCare(CareBatch(notes, made.tally)), NOON_US)


def test_who_was_added_later_may_be_expected() -> None:
    """The plan brings eight; somebody added with this facility as the last custodian makes nine."""
    state = enrolled()
    event = {"id": "a", "type": "added", "person": "p9", "custody": ["UA", "NI", "RU", "F1"]}
    report = json.dumps(event, separators=(",", ":"), sort_keys=True)
    state.apply(
        ListChangeReported(
            occurred_at_us=1, event="a", change="added", person="p9", replaces="", agreed_by=(), report=report
        )
    )
    assert decide(state, RecordCare(counted(expected=9)), NOON_US)


def test_one_persons_notes_can_be_erased(tmp_path: Path) -> None:
    """Destroying the key of one handle erases that person's notes and no others; the record still verifies."""
    workspace = create_workspace(tmp_path / "desk", "a1", "NI", Seeded(0))
    clock = StandingClock()
    office = Office(workspace.open_recorder(clock, Seeded(1), DECODER), clock)
    office.perform(RecordTerms("terms.toml", TERMS))
    for party in ("RU", "UA"):
        sha256 = office.state.agreement.terms.terms_sha256 if office.state.agreement.terms else ""
        office.perform(AttestSignature(party, sha256, "paper", "NI"))
    office.record(
        [
            PersonChosen(occurred_at_us=1, exchange=EXCHANGE, person=person, held_by="UA", home="RU")
            for person in PERSONS
        ]
    )
    office.perform(ProposePlan("plan.json", PLAN))
    office.perform(ENROL)
    office.perform(RecordCare(batch()))
    erase(office, f"document:care/F1/{key().handle('p2')}", "request")
    ours, erased = desk(), 0
    for recorded in office.recorder.read():
        if isinstance(recorded.body, Erased):
            erased += 1
        elif isinstance(recorded.body, Opened) and isinstance(recorded.body.entry, CareNoted):
            ours.take(recorded.body.entry)
    assert erased == 1
    assert sorted(ours.care.persons) == ["p1", "p3", "p4", "p5", "p6"]
    assert office.recorder.check().problems == []
    office.recorder.close()
