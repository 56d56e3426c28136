"""What a change of one row of a list touches: reviews, candidates, rounds and plans that rest on what the row said."""

from collections.abc import Iterator

from safeconduct.exchange.state import Exchange
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.registry.comparing import in_words
from safeconduct.registry.entries import CandidateReconciled
from safeconduct.registry.list_changes import ListChange
from safeconduct.registry.list_entries import ADD, WITHDRAW

_OF_CANDIDATE = ("sex", "birth_date", "rank", "category", "captured_on", "held_at")
"""What the intermediary's own view of a person takes from the lists."""


def effects(state: Exchange, change: ListChange) -> list[str]:
    """One sentence for each thing that the change touches, and what is to be done; empty where it touches nothing."""
    return list(_effects(state, change))


def _effects(state: Exchange, change: ListChange) -> Iterator[str]:
    proposed = change.proposed
    row = (proposed.list_id, proposed.ref)
    newer = state.registry.replaced.get(proposed.list_id)
    if newer is not None:
        yield f"the list {proposed.list_id} was replaced by {newer.list_id}, which this does not change"
    if proposed.change == ADD:
        yield "the new row is matched with no list yet: match again"
        return
    for pair in state.registry.pairs_with(row):
        if state.registry.opinions_on(pair):
            other = pair[2:] if pair[:2] == row else pair[:2]
            outcome = state.registry.finding(pair).outcome or "another reviewer lacks"
            yield (
                f"the pair with {other[1]} of {other[0]} was reviewed ({outcome}) on what the row said before: "
                "review it again"
            )
    for candidate in state.registry.candidates.values():
        if row == (candidate.held_list, candidate.held_ref) or _sought(state, candidate, row):
            yield from _on_candidate(state, change, candidate)


def _sought(state: Exchange, candidate: CandidateReconciled, row: tuple[str, str]) -> bool:
    listed = state.registry.lists.get(row[0])
    return (
        listed is not None
        and listed.purpose == "sought"
        and candidate.home in listed.own
        and row[1] in candidate.sought_refs
    )


def _on_candidate(state: Exchange, change: ListChange, candidate: CandidateReconciled) -> Iterator[str]:
    person = candidate.person
    withdrawn = change.proposed.change == WITHDRAW
    fields = [one.field for one in change.differences() if one.field in _OF_CANDIDATE]
    if withdrawn:
        yield f"the candidate {person} rests on this row: reconcile again"
    elif fields:
        other = " and ".join(map(in_words, fields))
        yield f"the candidate {person} was reconciled with another {other}: reconcile again"
    for exchange, chosen in state.composition.chosen.items():
        if person not in chosen:
            continue
        if exchange in state.agreement.closed:
            yield f"{person} was in the round of {exchange}, which is closed: nothing of it changes"
            continue
        one = chosen[person]
        again = "compose again" if withdrawn or fields else "the choice does not rest on what changes"
        yield f"{person} is in the round of {exchange}, released by {one.held_by} to {one.home}: {again}"
        yield from _on_plan(state, exchange, person, withdrawn=withdrawn)


def _on_plan(state: Exchange, exchange: str, person: str, *, withdrawn: bool) -> Iterator[str]:
    put_forward = state.logistics.plans.get(exchange)
    if put_forward is None:
        return
    plan = read_plan("plan", put_forward.plan_text.encode())
    places = _places(plan, person)
    if not places:
        return
    approved = sorted(state.logistics.approvals.given(put_forward.plan_sha256))
    by = f", approved by {' and '.join(approved)}" if approved else ", not approved yet"
    todo = (
        "a new plan leaves them out, or a withdrawal is reported on the day"
        if withdrawn
        else "manifests printed before show the old values"
    )
    yield f"the plan for {exchange}{by}, has {person} {places}: {todo}"


def _places(plan: Plan, person: str) -> str:
    batch = next((one.batch for one in plan.persons if one.id == person), "")
    if not batch:
        return ""
    legs = [f"{leg.id} on {leg.vehicle}" for leg in plan.legs if person in leg.persons]
    return f"in batch {batch}" + (f", on the manifests of {', '.join(legs)}" if legs else "")
