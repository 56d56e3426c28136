"""Examples as a person reads them: what happens when, and what comes of it. No person of the terms is named."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.day import Day
from safeconduct.clauses.holders_choice import Choice as HoldersChoice
from safeconduct.clauses.prefer import FairShare, Prefer
from safeconduct.clauses.requires import Requires
from safeconduct.clauses.selection import counted
from safeconduct.clauses.selection import listed as enumerated
from safeconduct.clauses.together import Together
from safeconduct.clauses.traces.choices import Choice
from safeconduct.clauses.traces.example import Pair, Trace
from safeconduct.clauses.traces.making import Example
from safeconduct.clauses.veto import Veto
from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.plan import Leg, PlannedPerson
from safeconduct.tracking.events import Event, read_event
from safeconduct.vocabulary.person import Person

Row = tuple[str, str]
"""What it is about, and the words."""

_SAID_APART = frozenset(
    ("id", "type", "at", "person", "replaces", "vehicle", "from", "to", "place", "home", "held_by", "batch", "handover")
)


def told_example(example: Example, agreement: Agreement) -> list[Row]:
    """What is given, the day that breaks the clause and by which rule, the day that keeps it."""
    pair = example.pair
    day = _Words(agreement, pair)
    happens = [*day.events(pair.breaks)]
    ends = [f"{one.rule} at {day.clock(parse_instant(one.at))}" for one in example.deviations]
    first_us = parse_instant(example.deviations[0].at)
    if pair.lacking:
        later = not pair.breaks.lines or first_us > max(parse_instant(one["at"]) for one in pair.breaks.lines)
        happens.append(f"{pair.lacking} by {day.clock(first_us)}" if later else pair.lacking)
    rows = [("given", "; ".join(day.given()))] if any(day.given()) else []
    rows.append(("breaks", f"{'; '.join(happens)} → {' and '.join(ends)}"))
    rows.append(("keeps", "; ".join(day.events(pair.keeps)) or "nothing of the kind"))
    return rows


def told_choice(choice: Choice, clause: ComposeClause) -> list[Row]:
    """The choice that breaks the clause, and what was counted; the one that keeps it."""
    by_ref = names_refs(clause)
    return [
        (name, f"{_chosen(choice.pair.candidates, chosen, by_ref)} → {told}")
        for name, chosen, told in both_choices(choice, clause)
    ]


def both_choices(choice: Choice, clause: ComposeClause) -> Iterator[tuple[str, Sequence[Person], str]]:
    """Of both choices the name, who is chosen, and what was counted."""
    worse, better = ("less", "more") if isinstance(clause, Prefer | FairShare) else ("breaks", "keeps")
    yield worse, choice.pair.breaks, choice.broken
    yield better, choice.pair.keeps, choice.kept


class _Words:
    """The events of one example in words, its persons told apart only where there are several."""

    def __init__(self, agreement: Agreement, pair: Pair) -> None:
        self._agreement = agreement
        self._pair = pair
        self._day = Day(agreement, pair.plan, ())
        lines = (*pair.breaks.lines, *pair.keeps.lines)
        named = [*(person.id for person in pair.plan.persons), *(one["person"] for one in lines if "person" in one)]
        self._persons = list(dict.fromkeys(named))

    def clock(self, at_us: int) -> str:
        """A moment, the date only where it is another day."""
        return self._day.clock(at_us)

    def given(self) -> Iterator[str]:
        """What of the plan counts."""
        for what, persons in groupby(self._pair.plan.persons, key=_planned):
            number = len(list(persons))
            yield f"{'one person' if number == 1 else f'{number:,} persons'} {what}"
        for leg in self._pair.plan.legs:
            yield self._leg(leg)
        if self._pair.given:
            yield self._pair.given

    def events(self, trace: Trace) -> Iterator[str]:
        """What happens, one after the other; what happens to many in the same way said once."""
        reported = sorted((read_event(one) for one in trace.lines), key=lambda one: one.at_us)
        seen = {one.id: one for one in Day(self._agreement, self._pair.plan, reported).events}
        told = [(self._what(seen[one.id], trace), one) for one in reported]
        for what, group in groupby(told, key=lambda one: one[0]):
            events = [event for _, event in group]
            if len(events) > 2:
                first, last = self.clock(events[0].at_us), self.clock(events[-1].at_us)
                yield f"{first}{f' to {last}' if last != first else ''} {what}, {len(events):,} persons"
            else:
                yield from (f"{self.clock(event.at_us)} {what}{self._whose(event)}" for event in events)

    def _whose(self, event: Event) -> str:
        person = event.fields.get("person")
        if person is None or len(self._persons) < 2:
            return ""
        return f", person {self._persons.index(person) + 1}"

    def _what(self, event: Event, trace: Trace) -> str:
        words = [event.type]
        if vehicle := event.text("vehicle"):
            words.append(vehicle)
        if (giver := event.text("from")) and (taker := event.text("to")):
            words.append(f"{giver} to {taker}")
        if place := event.text("place"):
            words.append(f"at {place}")
        details = [
            trace.where.get(event.id, f"position {_value(value)}") if key == "position" else _detail(key, value)
            for key, value in event.fields.items()
            if key not in _SAID_APART
        ]
        if event.fields.get("handover") is True:
            details.append("handover")
        return " ".join(words) + (f" ({', '.join(details)})" if details else "")

    def _leg(self, leg: Leg) -> str:
        aboard = f", for {len(leg.persons)}" if leg.persons else ""
        times = f"{self.clock(leg.depart_us)} to {self.clock(leg.arrive_us)}"
        return f"a leg of {leg.vehicle} from {leg.origin} to {leg.destination}, {times}{aboard}"


def _planned(person: PlannedPerson) -> str:
    batch = f" in batch {person.batch}" if person.batch else ""
    custody = f", custody {' - '.join(person.custody)}" if person.custody else ""
    return f"of {person.held_by} going home to {person.home}{batch}{custody}"


def _detail(key: str, value: Any) -> str:
    return f"{key.replace('_', ' ')} {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return enumerated([_value(one) for one in value])
        case _:
            return str(value)


def names_refs(clause: ComposeClause) -> bool:
    """Whether the clause is about persons by their ref."""
    if isinstance(clause, Together | Requires | Veto):
        return True
    return bool(clause.of.ref) or (isinstance(clause, HoldersChoice) and bool(clause.refs))


def left(candidates: Sequence[Person], chosen: Sequence[Person]) -> list[Person]:
    """The candidates who are not chosen."""
    refs = {person.ref for person in chosen}
    return [person for person in candidates if person.ref not in refs]


def _chosen(candidates: Sequence[Person], chosen: Sequence[Person], by_ref: bool) -> str:
    words = f"chosen {_grouped(chosen, by_ref) or 'nobody'}"
    others = _grouped(left(candidates, chosen), by_ref)
    return f"{words}; left {others}" if others else words


def _grouped(persons: Sequence[Person], by_ref: bool) -> str:
    if by_ref:
        return enumerated([person.ref for person in persons])
    groups = Counter(_described(person) for person in persons)
    return enumerated([f"{counted(number)} {what}" for what, number in groups.items()])


def _described(person: Person) -> str:
    details = [
        *person.categories,
        *((f"sex {person.sex}",) if person.sex else ()),
        *((person.rank,) if person.rank else ()),
        *((f"born {person.birth_date}",) if person.birth_date else ()),
        *((f"captured {person.captured_on}",) if person.captured_on else ()),
    ]
    return f"of {person.held_by} to {person.home}" + (f" ({', '.join(details)})" if details else "")
