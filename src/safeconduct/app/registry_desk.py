"""Where persons of the intermediary act on the registry: the workspace's one writer, here or in a server."""

from collections.abc import Callable, Sequence

from msgspec import structs

from safeconduct.app.commands import RecordOpinions
from safeconduct.app.list_changing import Declining, Proposing, agree_at_desk, own_at_desk
from safeconduct.app.office import Office
from safeconduct.app.registry_acts import (
    AgreeToChange,
    DeclineChange,
    OnRecord,
    OnRegistry,
    Outdated,
    ProposeChange,
    Reconcile,
    RecordFindings,
    RecordSearch,
    TakeList,
)
from safeconduct.app.reviewing import key_of
from safeconduct.disclosure.clearance import parse_clearance
from safeconduct.disclosure.entries import DataErased
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import (
    WITHDRAWN,
    CandidateReconciled,
    CandidateWithdrawn,
    ListReceived,
    MatchOpinion,
    MatchReviewed,
    PersonListed,
    Searched,
)
from safeconduct.registry.list_entries import ListChangeAgreed, ListReplaced
from safeconduct.registry.pair_seen import outdated

_TOLD_BY_A_SEARCH = (
    *(PersonListed, ListReceived, ListChangeAgreed),
    *(CandidateReconciled, CandidateWithdrawn, DataErased),
)
"""What may change whom a search finds, or what is told of them."""
_RECONCILED_FROM = (*_TOLD_BY_A_SEARCH, ListReplaced, MatchOpinion, MatchReviewed)


def perform_on_registry(
    office: Office, act: OnRegistry, take: Callable[[Sequence[Entry]], None] | None
) -> OnRecord | Outdated:
    """Record an act; it is durable when this returns.

    `take` records entries signed with the key of whoever asks; None where that is the key that writes the record.
    Raises Refused, StorageFailed.
    """
    if take is not None and not isinstance(act, RecordFindings):
        raise Refused("this is asked for with the key that writes the record")
    first = office.recorder.size()
    try:
        rests_on = _TOLD_BY_A_SEARCH if isinstance(act, RecordSearch) else _RECONCILED_FROM
        if isinstance(act, RecordSearch | Reconcile) and _came_since(office, act.size, rests_on):
            return Outdated()
        _record(office, act, take)
    except NotCanonical as error:
        raise Refused(f"this cannot be recorded: {error}") from None
    return OnRecord(first=first, size=office.recorder.size())


def _record(office: Office, act: OnRegistry, take: Callable[[Sequence[Entry]], None] | None) -> None:
    own, now_us = office.recorder.author.hex(), office.clock.now_us()
    match act:
        case RecordFindings():
            refuse_outdated(office.state, act)
            if take is not None:
                take(act.opinions)
            else:
                opinions = (structs.replace(one, occurred_at_us=now_us) for one in act.opinions)
                office.perform(RecordOpinions(tuple(opinions)))
        case ProposeChange():
            side = own_at_desk(office.state, own)
            office.record([Proposing(act.wanted).entry(office.state.registry, side, own, now_us)])
        case AgreeToChange():
            office.record([agree_at_desk(office.state, act.digest, own, now_us)])
        case DeclineChange():
            side, no = own_at_desk(office.state, own), Declining(act.digest, act.reason)
            office.record([no.entry(office.state.registry, side, own, now_us)])
        case RecordSearch():
            office.record([_searched(office, act)])
        case TakeList() | Reconcile():
            office.perform(act.command)


def refuse_outdated(state: Exchange, act: RecordFindings) -> None:
    """Raises Refused where a finding does not apply any more to what stands now."""
    if len(act.opinions) != len(act.seen):
        raise Refused("it does not say of each pair how its reviewer saw it")
    for one, seen in zip(act.opinions, act.seen, strict=True):
        # Taking back what one found oneself applies whatever others do.
        why = "" if one.outcome == WITHDRAWN else outdated(state.registry, key_of(one), one.reviewer, seen)
        if why:
            raise Refused(why)


def _came_since(office: Office, size: int, kinds: tuple[type[Entry], ...]) -> bool:
    """Whether entries of these types came in after so many entries."""
    if size > office.recorder.size():
        raise Refused(f"it rests on {size} entries, of {office.recorder.size()} that there are")
    since = office.recorder.read(size) if size < office.recorder.size() else ()
    return any(isinstance(one.body, Opened) and isinstance(one.body.entry, kinds) for one in since)


def _searched(office: Office, act: RecordSearch) -> Searched:
    terms = office.state.agreement.terms
    clearance = parse_clearance(act.clearance, terms.parties if terms else ())
    return Searched(
        occurred_at_us=office.clock.now_us(),
        own=(clearance.party,) if clearance.party else (),
        number=office.recorder.size(),
        clearance=str(clearance),
        text=act.text,
        born=act.born,
        unit=act.unit,
        rows=act.rows,
    )
