"""Decisions on facilities: which are enrolled, and what they hand in of arrivals, as counts and sealed notes."""

import json

from safeconduct.app.commands import EnrolFacility, RecordCare
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.reception.entries import CareTallied, FacilityEnrolled
from safeconduct.reception.sealing import is_public_key, is_sealed
from safeconduct.reception.tally import misfit


def enrol_facility(state: Exchange, command: EnrolFacility, now_us: int) -> list[Entry]:
    """The entry that enrols a facility with its public key. Raises Refused."""
    if not command.facility:
        raise Refused("a facility needs an id: the one that the plan gives its place")
    if command.facility in state.reception.enrolled:
        raise Refused(f"{command.facility} is enrolled already; its key stands for the whole exchange")
    if not is_public_key(command.public_key):
        raise Refused(f"this is no public key of {command.facility}: give X25519, 64 lower-case hexadecimal digits")
    return [
        FacilityEnrolled(
            occurred_at_us=now_us,
            facility=command.facility,
            name=command.name or command.facility,
            home=command.home,
            public_key=command.public_key,
            attested_by=command.attested_by,
        )
    ]


def record_care(state: Exchange, command: RecordCare) -> list[Entry]:
    """The notes that a facility hands in, and its counts after them. Raises Refused."""
    tally, notes = command.batch.tally, command.batch.notes
    facility = tally.facility
    if facility not in state.reception.enrolled:
        raise Refused(f"{facility} is not enrolled: enrol it with its public key first")
    if any(note.facility != facility for note in notes):
        raise Refused(f"{facility} hands in a note of another facility")
    if not all(is_sealed(note.sealed) for note in notes):
        raise Refused(f"a note of {facility} is not sealed as prescribed: nothing of this batch is recorded")
    before = state.reception.tallies.get((facility, tally.exchange))
    why = misfit(tally, before)
    if why:
        raise Refused(f"the counts of {facility} do not fit: {why}")
    if before is None or tally.expected > before.expected:
        brought = _brought_to(state, tally.exchange, facility)
        if tally.expected > brought:
            raise Refused(f"{facility} expects {tally.expected}, the plan and what was added to it bring {brought}")
    noted = len(state.reception.handles.get(facility, set()).union(note.handle for note in notes))
    arrived = _arrived_in_all(state, tally)
    if noted > arrived:
        raise Refused(f"{facility} has notes of {noted} persons, but tells of {arrived} who arrived")
    return [*notes, tally]


def _brought_to(state: Exchange, exchange: str, facility: str) -> int:
    """How many persons are to end in the custody of a facility, by the plan on record and by later additions."""
    proposed = state.logistics.plans.get(exchange)
    if proposed is None:
        raise Refused(f"no plan is on record for {exchange}: nobody can be expected")
    planned = sum(facility in one.get("custody", ()) for one in json.loads(proposed.plan_text)["persons"])
    reports = (json.loads(text) for text in state.tracking.reports if '"type":"added"' in text)
    return planned + len({one.get("person") for one in reports if facility in (one.get("custody") or ())})


def _arrived_in_all(state: Exchange, tally: CareTallied) -> int:
    """Persons arrived at the facility in all exchanges, once these counts stand."""
    others = (
        one.arrived
        for (facility, exchange), one in state.reception.tallies.items()
        if facility == tally.facility and exchange != tally.exchange
    )
    return tally.arrived + sum(others)
