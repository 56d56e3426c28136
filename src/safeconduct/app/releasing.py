"""What may be told to everybody: facts cleared, communiqués checked and released, and what they told recomputed."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.commands import ClearFacts, ReleaseCommunique
from safeconduct.app.counts_told import counts_of
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.name_book import NameBook
from safeconduct.app.record import Record, Recorded
from safeconduct.app.recorded_day import HANDOVER, Papers, account_of, lacks_erased, papers, recorded_day
from safeconduct.clauses.day import Day
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.patterns import types_of
from safeconduct.clauses.wording import any_of, with_what
from safeconduct.disclosure.communique import Ground, check, facts_told, fault_at, fill, normal
from safeconduct.disclosure.entries import CommuniqueReleased, FactCleared
from safeconduct.disclosure.facts import fact_ids, facts_of, of_persons, unknown
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput, Fault, Refused, SafeconductError
from safeconduct.kernel.times import format_instant
from safeconduct.ledger.merkle import range_at


def clear_facts(state: Exchange, terms: TermsRecorded, command: ClearFacts, now_us: int) -> list[Entry]:
    """Facts are cleared by all parties together, for one exchange. Raises Refused."""
    if command.exchange not in state.logistics.plans:
        raise Refused(f"no plan is on record for {command.exchange}: there is nothing to tell of it")
    strangers = [party for party in command.agreed_by if party not in terms.parties]
    if strangers:
        raise Refused(f"{strangers[0]!r} is not a party of the agreement; its parties: {', '.join(terms.parties)}")
    missing = [party for party in terms.parties if party not in command.agreed_by]
    if missing:
        raise Refused(f"{', '.join(missing)} has not agreed: a fact is cleared by every party or not at all")
    for fact in unknown(command.facts, terms.parties):
        raise Refused(f"{fact!r} is no fact of an exchange: {suggest(fact, fact_ids(terms.parties))}")
    cleared = state.disclosure.cleared.get(command.exchange, {})
    return [
        FactCleared(occurred_at_us=now_us, exchange=command.exchange, fact=fact, agreed_by=terms.parties)
        for fact in dict.fromkeys(command.facts)
        if fact not in cleared
    ]


def release_command(record: Record[Entry], exchange: str, name: str, text: str, released_by: str) -> ReleaseCommunique:
    """The command that releases a text on the record as it stands now."""
    checkpoint = record.checkpoint()
    root = base64.b64encode(checkpoint.root).decode()
    return ReleaseCommunique(exchange, name, normal(text), released_by, checkpoint.size, root)


def release(state: Exchange, command: ReleaseCommunique, now_us: int) -> list[Entry]:
    """The communiqué, and the report that it was published. Raises BadInput for what the text gives away, and Refused
    while an embargo holds it."""
    on_record = papers(state, command.exchange)
    earlier = state.disclosure.released.get(command.exchange, [])
    event = _published(command, len(earlier) + 1, now_us)
    embargoes = _embargoes_on(event, on_record)
    day = recorded_day(state.tracking, on_record, now_us, _types_for(embargoes))
    reasons, values = _judge_text(state, command.exchange, on_record, command.name, command.text, day)
    if reasons:
        raise BadInput(reasons)
    told = {fact: values[fact] for fact in facts_told(command.text)}
    text = fill(command.text, told)
    if earlier and earlier[-1].text == text:
        raise Refused("this very text is out already")
    _refuse_if_held(embargoes, day, now_us)
    return [
        CommuniqueReleased(
            occurred_at_us=now_us,
            exchange=command.exchange,
            text=text,
            facts=told,
            size=command.size,
            root=command.root,
            released_by=command.released_by,
        ),
        report_entry(event, Concerns.of_plan(on_record.plan)),
    ]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text would give away, and how it would read."""

    reasons: tuple[Fault, ...]
    text: str
    """As people would read it; empty where there are reasons."""
    facts: dict[str, str]
    remarks: tuple[Fault, ...] = ()
    """What it may tell of persons although every fact is cleared: for somebody to look at, no ground for refusal."""


def check_text(state: Exchange, exchange: str, name: str, text: str, now_us: int) -> Checked:
    """Check a text as its release would, embargoes aside. Raises Refused if there is nothing to check it against."""
    on_record, written = papers(state, exchange), normal(text)
    day = recorded_day(state.tracking, on_record, now_us)
    reasons, values = _judge_text(state, exchange, on_record, name, written, day)
    if reasons:
        return Checked(reasons, "", {})
    told = {fact: values[fact] for fact in facts_told(written)}
    counts = counts_of(on_record, day, state.disclosure.released.get(exchange, []), told)
    return Checked((), fill(written, values), told, counts.remarks(name, written))


def _judge_text(
    state: Exchange, exchange: str, on_record: Papers, name: str, text: str, day: Day
) -> tuple[tuple[Fault, ...], dict[str, str]]:
    if state.sealed:
        raise Refused(f"{state.sealed:,} entries are sealed to this reader: nobody can say what a text gives away")
    values = facts_of(account_of(state, exchange, on_record, day))
    cleared = state.disclosure.cleared.get(exchange, {}).keys()
    ground = Ground(
        facts=fact_ids(on_record.terms.agreement.parties),
        cleared=cleared,
        values=values,
        names=NameBook(state, on_record.plan),
    )
    told = {fact: values[fact] for fact in facts_told(text) if fact in cleared and fact in values}
    counts = counts_of(on_record, day, state.disclosure.released.get(exchange, []), told)
    reasons = [*check(name, text, ground), *counts.pinned_by(name, text, cleared)]
    if lacks_erased(state, day):
        reasons += _unknown_by_now(name, text, on_record)
    return tuple(sorted(reasons)), values


def _unknown_by_now(name: str, text: str, on_record: Papers) -> Iterable[Fault]:
    """A fault for each fact of a text that persons count in whose data were erased: it would be another than before."""
    for fact in set(facts_told(text)) & of_persons(on_record.terms.agreement.parties):
        what = f"data of persons on the list were erased, so nobody can say any more what {{{fact}}} was"
        yield fault_at(name, text, fact, what, "take it out; what was told before stands on the public page")


def _published(command: ReleaseCommunique, number: int, now_us: int) -> dict[str, Any]:
    """The event that the release makes."""
    identity = f"published/{command.released_by}/{command.exchange}"
    at = format_instant(now_us)
    return {
        "id": identity if number == 1 else f"{identity}/{number}",
        "type": "published",
        "at": at,
        "received_at": at,
        "by": command.released_by,
        "subject": command.exchange,
    }


def _embargoes_on(event: dict[str, Any], on_record: Papers) -> list[Embargo]:
    """The clauses that may hold back this event."""
    return [
        clause
        for clause in on_record.terms.running
        if isinstance(clause, Embargo) and any(pattern.matches(event) for pattern in clause.hold)
    ]


def _types_for(embargoes: Iterable[Embargo]) -> frozenset[str] | None:
    """The event types that facts and embargoes are judged by; None for all."""
    types = set(HANDOVER)
    for clause in embargoes:
        needed = types_of(clause.until_all)
        if needed is None:
            return None
        types |= needed
    return frozenset(types)


def _refuse_if_held(embargoes: Iterable[Embargo], day: Day, now_us: int) -> None:
    """Judge the embargoes as if the event had been reported: it is not, if one of them would be broken."""
    reasons = []
    for clause in embargoes:
        lacking, needed = clause.count_lacking(day, now_us)
        if lacking:
            awaited = " and ".join(any_of((pattern,)) for pattern in clause.until_all)
            reasons.append(
                f"held by clause {clause.header.id}: {lacking:,} of {needed:,} on the list{with_what(clause.of)} still "
                f"lack {awaited}; nothing was published"
            )
    if reasons:
        raise Refused("\n".join(reasons))


@dataclass(frozen=True, slots=True)
class FactProblem:
    """A released communiqué that the record does not bear out."""

    index: int
    """Its entry."""
    what: str

    def __str__(self) -> str:
        return f"entry {self.index}: {self.what}"


def verify_facts(record: Record[Entry]) -> tuple[int, list[FactProblem]]:
    """Compute the facts of every released communiqué again, from the entries before its checkpoint.

    Gives the number of communiqués and what does not fit: a root that is not the ledger's, a fact that nobody cleared,
    a value that is another or that stands nowhere in the text, a number that was not cleared and can be computed from
    what it tells and what was told before. Raises Refused where entries are sealed.
    """
    count, problems, state = 0, [], Exchange()
    for recorded in record.read():
        body = recorded.body
        if isinstance(body, Opened) and isinstance(body.entry, CommuniqueReleased):
            count += 1
            told = body.entry
            before = state if told.size == recorded.index else _state_at(record.read, min(told.size, recorded.index))
            released = state.disclosure.released.get(told.exchange, [])
            problems += [
                FactProblem(recorded.index, what)
                for what in _wrong_with(told, recorded.index, before, released, record)
            ]
        state.take(body)
    if state.sealed:
        raise Refused(f"{state.sealed:,} entries are sealed to this reader: what was told cannot be computed again")
    return count, problems


def _wrong_with(
    told: CommuniqueReleased,
    index: int,
    state: Exchange,
    released: Sequence[CommuniqueReleased],
    record: Record[Entry],
) -> Iterable[str]:
    if not 0 <= told.size <= index:
        yield f"its facts are said to come from {told.size:,} entries, but only {index:,} stood before it"
        return
    root = base64.b64encode(range_at(told.size, record.node).root()).decode()
    if root != told.root:
        yield f"the ledger of {told.size:,} entries has the root {root}, not {told.root}"
    unread = f" ({state.erased:,} entries before it are erased)" if state.erased else ""
    try:
        on_record = papers(state, told.exchange)
        day = recorded_day(state.tracking, on_record, told.occurred_at_us)
        values = facts_of(account_of(state, told.exchange, on_record, day))
    except SafeconductError as error:
        yield f"its facts cannot be computed: {error}{unread}"
        return
    for fact, value in told.facts.items():
        if fact not in state.disclosure.cleared.get(told.exchange, {}):
            yield f"it tells {fact!r}, which was not cleared{unread}"
        if values.get(fact) != value:
            yield f"it tells {fact!r} as {value!r}; the record gives {values.get(fact, 'nothing')!r}{unread}"
        if value not in told.text:
            yield f"it tells {fact!r} as {value!r}, but its text does not"
    cleared = state.disclosure.cleared.get(told.exchange, {})
    for what in counts_of(on_record, day, released, told.facts).also_told(cleared):
        yield f"{what}{unread}"


def _state_at(read: Callable[[], Iterable[Recorded[Entry]]], size: int) -> Exchange:
    state = Exchange()
    for recorded in read():
        if recorded.index >= size:
            break
        state.take(recorded.body)
    return state
