"""Events made to order: fields that satisfy patterns, equal where they must be, with what the list adds to them.

Each field of each event is a slot; slots that must hold one value are joined (the fields of `same`; what events of one
listed person have from the list). A slot's value is one of few candidates that every condition on it admits. What
comes out is tried against the patterns themselves, as the day would see it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from safeconduct.clauses.day import Day
from safeconduct.clauses.patterns import same_key
from safeconduct.clauses.traces.candidates import (
    FIELDS,
    Need,
    candidate_values,
    is_moment,
    may_have,
    named_types,
    needs_of,
    possible_types,
    usual_need,
)
from safeconduct.clauses.traces.example import BATCH, CAMP, CROSSING, OTHER, PERSON, VEHICLE, Line, Scene
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.logistics.plan import Plan, PlannedPerson
from safeconduct.tracking.events import Event, read_event
from safeconduct.vocabulary.pattern import Condition, EventPattern

PROPOSED_AT_MOST = 200
"""Ways looked at to break and keep one clause. The first or second is usually right; the rest is for patterns that get
in their own way."""
_TRIED_AT_MOST = 100
"""Combinations of candidates tried for one way of making the events: far more than are ever needed."""
FROM_PLAN = ("home", "held_by", "batch")
"""What an event of a listed person has from the plan."""

Seats = tuple[int | None, ...]
"""Of each event which person of the list it concerns, counted from 0; None: nobody on the list."""
_Slot = tuple[int | str, str]


@dataclass(frozen=True)
class Wanted:
    """An event to be made."""

    id: str
    pattern: EventPattern
    at_us: int
    with_fields: tuple[str, ...] = ()
    """Fields that it must have though neither its type nor its pattern asks for them."""


@dataclass(frozen=True)
class Made:
    """Events as wanted, in their order, and the persons of the plan whom they concern."""

    persons: tuple[PlannedPerson, ...]
    lines: tuple[Line, ...]


def make_events(
    scene: Scene, wanted: Sequence[Wanted], seats: Iterable[Seats], same: tuple[str, ...] = ()
) -> Iterator[Made]:
    """Events that match their patterns and are equal in `same`, the likeliest first; none if there are none."""
    named = [kind for one in wanted for kind in named_types(one.pattern)]
    types = [possible_types(one.pattern, named) for one in wanted]
    for seating in list(seats):
        for kinds in product(*types):
            yield from _Puzzle(scene, wanted, kinds, seating, same).solutions()


def tied_moment(pattern: EventPattern) -> int | None:
    """The moment to which a pattern ties its event; None if it leaves it open."""
    for condition in pattern.conditions:
        for value in condition.any_of if condition.key == "at" else ():
            if is_moment(value):
                return parse_instant(str(value))
    return None


def moment_of(pattern: EventPattern, otherwise_us: int) -> int:
    """The moment to which a pattern ties its event, else another."""
    tied_us = tied_moment(pattern)
    return otherwise_us if tied_us is None else tied_us


def usual_seats(wanted: Sequence[Wanted]) -> list[Seats]:
    """Nobody listed where no pattern asks for what the plan adds; else the events of one listed person first, and
    nobody's only for a pattern that may be met by an event of nobody."""
    asks = [asks_of_the_list(one.pattern) for one in wanted]
    seats: list[Seats] = [(0,), (None,)] if len(wanted) == 1 else [(0, 0), (0, None), (None, 0), (0, 1), (None, None)]
    if not any(asks):
        seats.insert(0, seats.pop())
    of_persons = [one_asks and of_persons_alone(one.pattern) for one, one_asks in zip(wanted, asks, strict=True)]
    return [
        seating
        for seating in seats
        if not any(must and seat is None for must, seat in zip(of_persons, seating, strict=True))
    ]


def asks_of_the_list(pattern: EventPattern) -> bool:
    """Whether a pattern of reports of persons asks for what the plan adds to them."""
    asked = {condition.key for condition in pattern.conditions}
    of_persons = any("person" in FIELDS.get(kind, ()) for kind in possible_types(pattern))
    return of_persons and not asked.isdisjoint((*FROM_PLAN, "handover"))


def of_persons_alone(pattern: EventPattern) -> bool:
    """Whether every type that the pattern allows is one of a person."""
    return all("person" in needs_of(kind) for kind in possible_types(pattern))


class _Puzzle:
    """One choice of types and of who is on the list."""

    def __init__(
        self, scene: Scene, wanted: Sequence[Wanted], kinds: Sequence[str], seats: Seats, same: tuple[str, ...]
    ) -> None:
        self._scene = scene
        self._wanted = wanted
        self._kinds = kinds
        self._seats = seats
        self._same = same
        self._joined: dict[_Slot, _Slot] = {}
        self._conditions: dict[_Slot, list[Condition]] = defaultdict(list)
        self._needs: dict[_Slot, set[Need]] = defaultdict(set)
        self._fields: list[list[str]] = [self._keys(index) for index in range(len(wanted))]
        self._handovers = {index for index, kind in enumerate(kinds) if kind == "accepted" and seats[index] is not None}
        """The events whose `handover` follows from the plan."""

    def solutions(self) -> Iterator[Made]:
        """All that are found."""
        for index, one in enumerate(self._wanted):
            at = format_instant(one.at_us)
            for condition in one.pattern.conditions:
                if condition.key == "at" and not condition.admits(at):
                    return
                if not may_have(condition.key):
                    return
            self._seat(index)
        for key in self._same:
            for index in range(1, len(self._wanted)):
                self._join((0, key), (index, key))
        self._spread_same()
        slots = self._gather()
        values = [self._candidates(slot) for slot in slots]
        for chosen in islice(product(*values), _TRIED_AT_MOST):
            made = self._made(dict(zip(slots, chosen, strict=True)))
            if made is not None:
                yield made

    def _keys(self, index: int) -> list[str]:
        one = self._wanted[index]
        asked = [condition.key for condition in one.pattern.conditions if condition.key not in ("type", "at")]
        return list(dict.fromkeys((*needs_of(self._kinds[index]), *one.with_fields, *asked)))

    def _seat(self, index: int) -> None:
        """Let an event have what the list says of its person."""
        member = self._seats[index]
        if member is None:
            return
        if "person" not in self._fields[index]:
            self._fields[index].append("person")
        for key in ("person", *FROM_PLAN):
            self._join((index, key), (f"member {member}", key))

    def _spread_same(self) -> None:
        """A field of `same` that one event has, all have; whatever a listed person's event has from the plan counts."""
        for key in self._same:
            has = [
                key in fields
                or (self._seats[index] is not None and key in ("home", "held_by"))
                or (key == "handover" and index in self._handovers)
                for index, fields in enumerate(self._fields)
            ]
            if any(has):
                for fields in self._fields:
                    if key not in fields:
                        fields.append(key)

    def _gather(self) -> list[_Slot]:
        """Every slot that must be filled, with all conditions on it. Those that decide a handover stand last: they are
        varied first."""
        slots: dict[_Slot, None] = {}
        for index, fields in enumerate(self._fields):
            for condition in self._wanted[index].pattern.conditions:
                self._conditions[self._root((index, condition.key))].append(condition)
            needs = needs_of(self._kinds[index])
            for key in fields:
                if key == "handover" and index in self._handovers:
                    continue
                root = self._root((index, key))
                slots[root] = None
                if key in needs or key in ("id", "person", *self._wanted[index].with_fields):
                    self._needs[root].add(usual_need(key))
        for member in sorted({seat for seat in self._seats if seat is not None}):
            for key in ("person", "home", "held_by"):
                root = self._root((f"member {member}", key))
                slots[root] = None
                self._needs[root].add(Need.NAME)
            if self._root((f"member {member}", "batch")) in slots:
                self._needs[self._root((f"member {member}", "batch"))].add(Need.NAME)
        return sorted(slots, key=lambda slot: slot[1] in ("to", "home", "handover", "person"))

    def _candidates(self, slot: _Slot) -> list[Any]:
        owner, key = slot
        # Whoever may accept may be the home side, and the other way round.
        keys = ("to", "home") if key in ("to", "home") else (key,)
        elsewhere = [
            value
            for one in self._wanted
            for condition in one.pattern.conditions
            if condition.key in keys
            for value in condition.any_of
        ]
        if key in ("to", "home"):
            elsewhere += [*self._scene.agreement.parties, self._scene.between]
        return candidate_values([self._default(owner, key), *elsewhere], self._conditions[slot], self._needs[slot])

    def _default(self, owner: int | str, key: str) -> Any:
        scene = self._scene
        kind = self._kinds[owner] if isinstance(owner, int) else ""
        match key:
            case "id":
                return self._wanted[owner].id if isinstance(owner, int) else ""
            case "person":
                if isinstance(owner, str):
                    return PERSON if owner == "member 0" else OTHER
                return PERSON if all(seat is None for seat in self._seats) else OTHER
            case "from":
                return scene.between if kind == "accepted" else scene.giver
            case "to":
                return scene.taker if kind == "accepted" or scene.between == scene.giver else scene.between
            case "place":
                return CAMP if kind == "departed" else CROSSING
            case "home":
                return scene.taker
            case "held_by":
                return scene.giver
            case "by":
                return scene.between
            case "agreed_by":
                return list(scene.agreement.parties)
            case _:
                return _USUAL.get(key, "x")

    def _made(self, values: dict[_Slot, Any]) -> Made | None:
        """The events with these values, if they are what is wanted."""
        persons = tuple(
            PlannedPerson(
                id=values[self._root((f"member {member}", "person"))],
                held_by=values[self._root((f"member {member}", "held_by"))],
                home=values[self._root((f"member {member}", "home"))],
                batch=values.get(self._root((f"member {member}", "batch")), ""),
            )
            for member in sorted({seat for seat in self._seats if seat is not None})
        )
        if len({person.id for person in persons}) != len(persons):
            return None
        lines: list[Line] = []
        for index, (one, kind) in enumerate(zip(self._wanted, self._kinds, strict=True)):
            derived = (*FROM_PLAN, "handover") if index in self._handovers else FROM_PLAN
            fields = {
                key: values[self._root((index, key))]
                for key in self._fields[index]
                if key != "id" and (self._seats[index] is None or key not in derived)
            }
            line_id = values.get(self._root((index, "id")), one.id)
            lines.append({"id": line_id, "type": kind, "at": format_instant(one.at_us), **fields})
        made = Made(persons, tuple(lines))
        return made if self._fits(made) else None

    def _fits(self, made: Made) -> bool:
        if len({one["id"] for one in made.lines}) != len(made.lines):
            return False
        seen = seen_by_day(self._scene, self._scene.plan(*made.persons), made.lines)
        events = [seen[one["id"]] for one in made.lines]
        listed = {person.id for person in made.persons}
        return (
            all(one.pattern.matches(event.fields) for one, event in zip(self._wanted, events, strict=True))
            and len({same_key(event, self._same) for event in events}) == 1
            and all(
                (event.fields.get("person") in listed) == (seat is not None)
                for event, seat in zip(events, self._seats, strict=True)
                if isinstance(event.fields.get("person"), str)
            )
        )

    def _root(self, slot: _Slot) -> _Slot:
        while slot in self._joined:
            slot = self._joined[slot]
        return slot

    def _join(self, one: _Slot, other: _Slot) -> None:
        first, second = self._root(one), self._root(other)
        if first != second:
            # The list's slot stays, whose default is the list's.
            keep, join = (second, first) if isinstance(second[0], str) else (first, second)
            self._joined[join] = keep


def seen_by_day(scene: Scene, plan: Plan, lines: Iterable[Line]) -> dict[str, Event]:
    """The events as a clause sees them, by id."""
    events = sorted((read_event(one) for one in lines), key=lambda event: (event.at_us, event.id))
    return {event.id: event for event in Day(scene.agreement, plan, events).events}


_USUAL: dict[str, Any] = {
    "vehicle": VEHICLE,
    "position": [30.0, 52.0],
    "count": 1,
    "result": "done",
    "what": "medical",
    "who": "family",
    "subject": "exchange",
    "event": "another",
    "device": "d1",
    "replaces": "p0",
    "batch": BATCH,
    "handover": True,
    "ground": "protected",
    "source": "observer-1",
    "confidence": "medium",
}
