"""How far the persons are: aboard, at the crossing, handed over, received; kept up to date person by person."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.tracking.reports import Line
from safeconduct.views.operations_model import SideCounts

KINDS = frozenset(("boarded", "alighted", "accepted"))
"""The reports that move a person on."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of the round."""

    held_by: str
    home: str


@dataclass(frozen=True, slots=True)
class ListChange:
    """A person put on the list in the place of another, as both sides agreed."""

    at_us: int
    event: str
    person: str
    replaces: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where one person is, by the reports that count."""

    vehicle: str = ""
    aboard: bool = False
    """On a vehicle and not handed over."""
    at_crossing: bool = False
    handed_over: bool = False
    received: bool = False


_NOWHERE = _Standing()


@dataclass(frozen=True)
class Ground:
    """What of agreement and plan decides how a report is read."""

    parties: tuple[str, ...] = ()
    intermediaries: tuple[str, ...] = ()
    exchange_points: frozenset[str] = frozenset()


class Persons:
    """Everyone of the round and everyone who is reported on."""

    def __init__(self) -> None:
        self._listed: dict[str, Listed] = {}
        self._joined: dict[str, Listed] = {}
        """Who came onto the list later, at the last look."""
        self._lines: dict[str, list[Line]] = {}
        self._standing: dict[str, _Standing] = {}
        self._counted_for: dict[str, str] = {}
        """The side under which a person's standing was counted."""
        self._changed: set[str] = set()
        self._ground = Ground()
        self._sides: dict[str, Counter[str]] = {}
        self._planned: Counter[str] = Counter()
        self._aboard: Counter[str] = Counter()
        self._begun: set[str] | None = None
        self._begun_of: Mapping[str, tuple[str, ...]] = {}

    def begin_round(self) -> None:
        """A new choice: who was in the old one is in it no more."""
        self._begun = None
        self._listed.clear()
        self._planned.clear()
        self._changed.update(self._counted_for)

    def choose(self, person: str, held_by: str, home: str) -> None:
        """A person is in the round."""
        self._begun = None
        known = self._listed.get(person)
        if known is not None:
            self._planned[known.held_by] -= 1
        self._listed[person] = Listed(held_by, home)
        self._planned[held_by] += 1
        if person in self._lines:
            self._changed.add(person)

    def take(self, line: Line) -> None:
        """A report of KINDS that counts now and did not, or the other way round."""
        if isinstance(line.person, str):
            lines = self._lines.setdefault(line.person, [])
            lines.append(line) if line.counts else lines.remove(line)
            self._changed.add(line.person)

    def settle(self, ground: Ground, changes: Iterable[ListChange]) -> None:
        """Work out where everyone is now, given the changes to the list that count now."""
        joined = self._join(changes)
        if joined != self._joined:
            self._changed.update(joined.keys() | self._joined.keys())
            self._joined = joined
        if ground != self._ground:
            self._ground = ground
            self._changed.update(self._lines)
        for person in self._changed:
            self._recount(person)
        self._changed.clear()

    def counts(self, side: str, told: bool, released: int | None) -> SideCounts:
        """The counts of those whom a side releases; without those of its own movements where they may not be known.

        `released` is what the round was closed with, if it is.
        """
        found = self._sides.get(side, Counter())
        return SideCounts(
            party=side,
            planned=self._planned[side],
            aboard=found["aboard"] if told else None,
            at_crossing=found["at crossing"] if told else None,
            handed_over=found["handed over"] if released is None else released,
            received=found["received"],
        )

    def aboard(self, vehicle: str) -> int:
        """How many are on a vehicle."""
        return self._aboard[vehicle]

    def planned(self) -> int:
        """How many persons are in the round."""
        return self._planned.total()

    def handed_over(self) -> int:
        """How many persons of the round are handed over."""
        return sum(found["handed over"] for found in self._sides.values())

    def begun(self, batches: Mapping[str, tuple[str, ...]]) -> set[str]:
        """The batches of which each side that receives somebody has received one."""
        if self._begun is None or self._begun_of is not batches:
            self._begun_of = batches
            self._begun = {batch for batch, persons in batches.items() if self._has_begun(persons)}
        return self._begun

    def _has_begun(self, persons: tuple[str, ...]) -> bool:
        listed = [(person, known.home) for person in persons if (known := self._known(person)) is not None]
        reached = {home for person, home in listed if self._standing.get(person, _NOWHERE).handed_over}
        return bool(listed) and reached == {home for _, home in listed}

    def _known(self, person: str) -> Listed | None:
        return self._listed.get(person) or self._joined.get(person)

    def _join(self, changes: Iterable[ListChange]) -> dict[str, Listed]:
        joined: dict[str, Listed] = {}
        gone: set[str] = set()
        for change in sorted(changes, key=lambda one: (one.at_us, one.event)):
            replaced = self._listed.get(change.replaces) or joined.get(change.replaces)
            known = change.person in self._listed or change.person in joined
            if replaced is not None and not known and change.replaces not in gone:
                joined[change.person] = replaced
                gone.add(change.replaces)
        return joined

    def _recount(self, person: str) -> None:
        old = self._standing.get(person, _NOWHERE)
        if old.vehicle:
            self._aboard[old.vehicle] -= 1
        if person in self._counted_for:
            self._add(self._counted_for.pop(person), old, -1)
        listed = self._known(person)
        new = _standing(self._lines.get(person, ()), listed, self._ground)
        self._standing[person] = new
        if new.handed_over != old.handed_over:
            self._begun = None
        if new.vehicle:
            self._aboard[new.vehicle] += 1
        if listed is not None:
            self._counted_for[person] = listed.held_by
            self._add(listed.held_by, new, 1)

    def _add(self, side: str, standing: _Standing, count: int) -> None:
        found = self._sides.setdefault(side, Counter())
        found["aboard"] += count * standing.aboard
        found["at crossing"] += count * standing.at_crossing
        found["handed over"] += count * standing.handed_over
        found["received"] += count * standing.received


def _standing(lines: Iterable[Line], listed: Listed | None, ground: Ground) -> _Standing:
    vehicle, place = "", ""
    with_intermediary = handed_over = received = False
    for line in sorted(lines, key=lambda one: (one.at_us, one.type != "alighted", one.id)):
        if line.type == "boarded":
            vehicle, place = line.vehicle, ""
        elif line.type == "alighted":
            if vehicle == line.vehicle:
                vehicle, place = "", line.place
        elif listed is not None:
            handed_over |= line.taker == listed.home
            with_intermediary |= line.taker in ground.intermediaries
            received |= line.taker not in ground.parties and line.taker not in ground.intermediaries
    if not isinstance(vehicle, str):
        vehicle = ""
    at_point = isinstance(place, str) and place in ground.exchange_points
    return _Standing(
        vehicle=vehicle,
        aboard=bool(vehicle) and not handed_over,
        at_crossing=not handed_over and not vehicle and (with_intermediary or at_point),
        handed_over=handed_over,
        received=received,
    )
