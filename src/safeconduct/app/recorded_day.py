"""The day of one exchange as the ledger tells it at a moment, as much of it as is asked for."""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from safeconduct.app.intake import is_claim, recorded_event
from safeconduct.clauses.day import Day
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.disclosure.facts import Account, HandedOver
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import to_datetime
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.logistics.state import PlanInForce
from safeconduct.tracking.events import read_event
from safeconduct.tracking.sifting import Received
from safeconduct.tracking.state import TrackingState

_LIST_CHANGES = ("added", "substituted", "withdrawn", "died")
HANDOVER = ("accepted",)
"""The types that tell who is handed over."""


class Papers(NamedTuple):
    """The terms and the plan that stand for one exchange."""

    terms: Terms
    plan: Plan


class _Head(msgspec.Struct):
    """What says which reports are asked for."""

    id: str
    type: str


_HEAD = msgspec.json.Decoder(_Head)


def papers(state: Exchange, exchange: str) -> Papers:
    """The plan in force, else the one put forward last. Raises Refused if there is no plan for the exchange."""
    recorded, proposed = state.agreement.terms, state.logistics.plans.get(exchange)
    if recorded is None or proposed is None:
        raise Refused(f"no plan is on record for {exchange}")
    in_force = state.logistics.in_force(exchange, recorded.parties)
    if in_force is not None:
        proposed = in_force.proposed
    return Papers(read_terms("terms", recorded.terms_text.encode()), read_plan("plan", proposed.plan_text.encode()))


def plan_on_duty(state: Exchange) -> PlanInForce | None:
    """The plan that every party approved for the latest exchange whose round is not closed; None if there is none."""
    terms = state.agreement.terms
    if terms is None:
        return None
    open_ones = [
        in_force
        for exchange in state.logistics.plans
        if exchange not in state.agreement.closed
        and (in_force := state.logistics.in_force(exchange, terms.parties)) is not None
    ]
    return max(open_ones, key=lambda one: one.proposed.exchange, default=None)


def recorded_day(
    tracking: TrackingState, on_record: Papers, now_us: int, types: Collection[str] | None = HANDOVER
) -> Day:
    """The day as of `now_us`: its list, and those of its events that are of these types (None: of all)."""
    reports = tracking.reports
    if types is not None:
        wanted = {*types, *_LIST_CHANGES, "voided"}
        heads = {text: _HEAD.decode(text) for text in reports}
        # With every version of their ids: which of them counts is decided among all that came.
        ids = {head.id for head in heads.values() if head.type in wanted}
        reports = {text: reports[text] for text, head in heads.items() if head.id in ids}
    received = Received()
    for text, arrived_us in reports.items():
        event = read_event(recorded_event(text, arrived_us))
        if not is_claim(event.fields):  # what is only claimed neither ends an embargo nor is told to the public
            received.add(event)
    return Day(on_record.terms.agreement, on_record.plan, received.sift(now_us).events)


def lacks_erased(state: Exchange, day: Day) -> bool:
    """Whether somebody on the list may have been handed over whose data were erased since: no number is known then."""
    if not state.erased:
        return False
    known = state.registry.candidates_ever().keys() | day.handed_over.keys()
    return any(person not in known for person in day.roster.members)


def account_of(state: Exchange, exchange: str, on_record: Papers, day: Day) -> Account:
    """What there is to tell of the exchange."""
    agreement = on_record.terms.agreement
    point = on_record.plan.exchange_point
    first_us = min((event.at_us for event in day.handed_over.values()), default=None)
    return Account(
        agreement=agreement.title,
        parties=agreement.parties,
        place=next((one.name or one.id for one in on_record.plan.places if one.id == point), point),
        rounds=len({*state.agreement.closed, exchange}),
        first_handover=None if first_us is None else to_datetime(first_us).date(),
        handed_over=tuple(_handed_over(state, day, person) for person in day.handed_over),
    )


def _handed_over(state: Exchange, day: Day, person: str) -> HandedOver:
    registry, member = state.registry, day.roster.members[person]
    candidate = registry.candidates.get(person) or registry.former_candidates.get(person)
    return HandedOver(member.held_by, member.home, candidate.categories if candidate else ())
