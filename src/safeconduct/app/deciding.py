"""decide(state, command) -> entries: pure, and refusing whatever the present state does not allow."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, assert_never

from safeconduct.agreement.entries import RoundClosed, TermsRecorded, TermsSigned
from safeconduct.app.commands import (
    AcknowledgeAlarms,
    AssignAlarms,
    AttestApproval,
    AttestSignature,
    ClearFacts,
    CloseRound,
    Command,
    EnrolAuthor,
    EnrolFacility,
    ProposePlan,
    ReceiveList,
    RecordCandidates,
    RecordCare,
    RecordOpinions,
    RecordRound,
    RecordTerms,
    ReleaseCommunique,
    ResolveAlarms,
    RevokeAuthor,
    WaiveAlarms,
)
from safeconduct.app.enrolling import enrol_author, revoke_author
from safeconduct.app.facilities import enrol_facility, record_care
from safeconduct.app.handling import on_alarms
from safeconduct.app.list_receiving import receive_list
from safeconduct.app.releasing import clear_facts, release
from safeconduct.app.reviewing import record_opinions
from safeconduct.clauses.library import read_terms
from safeconduct.composition.entries import PersonChosen, RoundComposed
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.logistics.entries import ConvoyPlanned, PlanApproved, PlanProposed
from safeconduct.logistics.plan import Plan, read_plan


def decide(state: Exchange, command: Command, now_us: int) -> list[Entry]:
    """The entries that a command makes. Raises Refused, or BadInput for a file that cannot be read."""
    match command:
        case RecordTerms():
            return _record_terms(state, command, now_us)
        case AttestSignature():
            return _attest_signature(state, command, now_us)
        case ReceiveList():
            _party(_terms(state), command.party)
            return receive_list(state, command, now_us)
        case RecordOpinions():
            return record_opinions(state, command)
        case RecordCandidates():
            return _record_candidates(state, command)
        case RecordRound():
            return _record_round(state, command, now_us)
        case ProposePlan():
            return _propose_plan(state, command, now_us)
        case AttestApproval():
            return _attest_approval(state, command, now_us)
        case CloseRound():
            return _close_round(state, command, now_us)
        case EnrolFacility():
            _party(_terms(state), command.home)
            _intermediary(_terms(state), command.attested_by)
            return enrol_facility(state, command, now_us)
        case EnrolAuthor():
            _intermediary(_terms(state), command.attested_by)
            return enrol_author(state, _terms(state), command, now_us)
        case RevokeAuthor():
            _intermediary(_terms(state), command.attested_by)
            return revoke_author(state, command, now_us)
        case RecordCare():
            return record_care(state, command)
        case ClearFacts():
            return clear_facts(state, _terms(state), command, now_us)
        case ReleaseCommunique():
            _intermediary(_terms(state), command.released_by)
            return release(state, command, now_us)
        case AcknowledgeAlarms() | AssignAlarms() | ResolveAlarms() | WaiveAlarms():
            return on_alarms(state, _terms(state).parties, command, now_us)
        case _:
            assert_never(command)


def _record_terms(state: Exchange, command: RecordTerms, now_us: int) -> list[Entry]:
    if state.agreement.in_force():
        raise Refused("the terms on record are signed by every party; they stand")
    terms = read_terms(command.name, command.source).text
    agreement = terms.agreement
    return [
        TermsRecorded(
            occurred_at_us=now_us,
            agreement=agreement.id,
            title=agreement.title,
            parties=agreement.parties,
            intermediaries=agreement.intermediaries,
            terms_sha256=terms.sha256,
            terms_text=command.source.decode(),
        )
    ]


def _attest_signature(state: Exchange, command: AttestSignature, now_us: int) -> list[Entry]:
    terms = _terms(state)
    _party(terms, command.party)
    if command.terms_sha256 != terms.terms_sha256:
        raise Refused(f"{command.party} signed other terms than those on record: read these and sign again")
    return [
        TermsSigned(
            occurred_at_us=now_us,
            party=command.party,
            terms_sha256=command.terms_sha256,
            paper_sha256=command.paper_sha256,
            attested_by=_intermediary(terms, command.attested_by),
        )
    ]


def _record_candidates(state: Exchange, command: RecordCandidates) -> list[Entry]:
    terms = _terms(state)
    for candidate in command.candidates:
        _party(terms, candidate.held_by)
        if (candidate.held_list, candidate.held_ref) not in state.registry.persons:
            raise Refused(f"no person {candidate.held_ref} on list {candidate.held_list}")
    gone = {one.person for one in command.withdrawn}
    if gone - state.registry.candidates.keys():
        raise Refused(f"{min(gone - state.registry.candidates.keys())} is no candidate who could be withdrawn")
    standing = state.registry.candidates | {one.person: one for one in command.candidates}
    places: dict[tuple[str, str], str] = {}
    for person, one in standing.items():
        if person not in gone and (other := places.setdefault((one.held_list, one.held_ref), person)) != person:
            raise Refused(f"{other} and {person} are one row, {one.held_ref} of {one.held_list}: one candidate a row")
    return [*command.withdrawn, *command.candidates]


def _record_round(state: Exchange, command: RecordRound, now_us: int) -> list[Entry]:
    terms = _terms(state)
    if not state.agreement.in_force():
        raise Refused(f"the terms are not in force: {', '.join(state.agreement.unsigned())} has not signed them")
    if command.terms_sha256 != terms.terms_sha256:
        raise Refused("the round was composed under other terms than those on record: compose again")
    _open_round(state, command.exchange)
    for one in command.chosen:
        candidate = state.registry.candidates.get(one.person)
        if candidate is None:
            raise Refused(f"{one.person} is not among the reconciled candidates")
        if (candidate.held_by, candidate.home) != (one.held_by, one.home):
            raise Refused(f"{one.person} has changed since the round was composed: compose again")
        if candidate.protected or candidate.consent == "unwilling":
            raise Refused(f"{one.person} is protected: compose again")
    composed = RoundComposed(
        occurred_at_us=now_us,
        exchange=command.exchange,
        terms_sha256=command.terms_sha256,
        status=command.status,
        released=command.released,
        objectives=command.objectives,
        conflict=command.conflict,
    )
    chosen = [
        PersonChosen(
            occurred_at_us=now_us, exchange=command.exchange, person=one.person, held_by=one.held_by, home=one.home
        )
        for one in command.chosen
    ]
    return [composed, *chosen]


def _propose_plan(state: Exchange, command: ProposePlan, now_us: int) -> list[Entry]:
    terms = _terms(state)
    plan = read_plan(command.name, command.source)
    if plan.agreement != terms.agreement:
        raise Refused(f"the plan is made under {plan.agreement!r}, the record is of {terms.agreement!r}")
    _open_round(state, plan.exchange)
    chosen = state.composition.chosen.get(plan.exchange, {})
    planned = {person.id for person in plan.persons}
    if planned != chosen.keys():
        left_out, invented = sorted(chosen.keys() - planned), sorted(planned - chosen.keys())
        example = (left_out or invented)[0]
        raise Refused(
            f"the plan leaves out {len(left_out)} of the persons chosen and names {len(invented)} others "
            f"({example} among them): make it from the round on record"
        )
    sha256 = hashlib.sha256(command.source).hexdigest()
    proposed = PlanProposed(
        occurred_at_us=now_us,
        exchange=plan.exchange,
        plan_sha256=sha256,
        start_us=plan.start_us,
        handovers_us={batch.id: batch.handover_us for batch in plan.batches},
        batches={
            batch.id: tuple(person.id for person in plan.persons if person.batch == batch.id) for batch in plan.batches
        },
        persons=len(plan.persons),
        plan_text=command.source.decode(),
    )
    return [proposed, *_convoys(plan, json.loads(command.source), sha256, now_us)]


def _convoys(plan: Plan, document: dict[str, Any], sha256: str, now_us: int) -> list[Entry]:
    operators = {vehicle.id: vehicle.operator for vehicle in plan.vehicles}
    convoys: list[Entry] = []
    for operator in sorted(set(operators.values())):
        legs = [leg for leg in document.get("legs", ()) if operators.get(leg["vehicle"]) == operator]
        touched = {leg[end] for leg in legs for end in ("from", "to")}
        convoys.append(
            ConvoyPlanned(
                occurred_at_us=now_us,
                own=(operator,),
                plan_sha256=sha256,
                legs_text=_as_in_file(legs),
                vehicles_text=_as_in_file(one for one in document["vehicles"] if operators[one["id"]] == operator),
                places_text=_as_in_file(one for one in document.get("places", ()) if one["id"] in touched),
            )
        )
    return convoys


def _as_in_file(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False)


def _attest_approval(state: Exchange, command: AttestApproval, now_us: int) -> list[Entry]:
    terms = _terms(state)
    _party(terms, command.party)
    _open_round(state, command.exchange)
    proposed = state.logistics.plans.get(command.exchange)
    if proposed is None or proposed.plan_sha256 != command.plan_sha256:
        raise Refused(
            f"{command.party} approved another plan than the one put forward last: show this one and ask again"
        )
    return [
        PlanApproved(
            occurred_at_us=now_us,
            party=command.party,
            plan_sha256=command.plan_sha256,
            paper_sha256=command.paper_sha256,
            attested_by=_intermediary(terms, command.attested_by),
        )
    ]


def _close_round(state: Exchange, command: CloseRound, now_us: int) -> list[Entry]:
    terms = _terms(state)
    _open_round(state, command.exchange)
    approved = state.logistics.approvals.given(command.plan_sha256)
    missing = [party for party in terms.parties if party not in approved]
    if missing:
        raise Refused(f"the plan is not approved by {', '.join(missing)}: no round to close")
    return [
        RoundClosed(
            occurred_at_us=now_us,
            exchange=command.exchange,
            released=command.released,
            clauses_kept=command.clauses_kept,
            clauses_broken=command.clauses_broken,
        )
    ]


def _terms(state: Exchange) -> TermsRecorded:
    if state.agreement.terms is None:
        raise Refused("no terms are on record yet: record them first")
    return state.agreement.terms


def _party(terms: TermsRecorded, party: str) -> None:
    if party not in terms.parties:
        raise Refused(f"{party!r} is not a party of the agreement; its parties: {', '.join(terms.parties)}")


def _intermediary(terms: TermsRecorded, name: str) -> str:
    if name not in terms.intermediaries:
        raise Refused(f"{name!r} is not an intermediary of the agreement and cannot attest")
    return name


def _open_round(state: Exchange, exchange: str) -> None:
    if exchange in state.agreement.closed:
        raise Refused(f"the round of {exchange} is closed")
