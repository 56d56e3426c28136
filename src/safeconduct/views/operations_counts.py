"""How far the persons are: aboard, at the crossing, handed over, received; kept up to date person by person."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from safeconduct.tracking.listing import ListChange, Listed, listed_now
from safeconduct.tracking.persons import PersonReported
from safeconduct.views.operations_model import SideCounts


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where one person is, by the reports that count."""

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

    def __init__(self, reported: Callable[[str], PersonReported]) -> None:
        """`reported` gives what the reports that count say of a person."""
        self._reported = reported
        self._chosen: dict[str, Listed] = {}
        self._changes: tuple[ListChange, ...] = ()
        """To the list, at the last look."""
        self._listed: dict[str, Listed] = {}
        """Who is or was on the list, at the last look."""
        self._known: set[str] = set()
        """Everyone who was ever reported on."""
        self._standing: dict[str, _Standing] = {}
        self._counted_for: dict[str, str] = {}
        """The side under which a person's standing was counted."""
        self._changed: set[str] = set()
        self._ground = Ground()
        self._sides: dict[str, Counter[str]] = {}
        self._planned: Counter[str] = Counter()
        self._relist = False
        """Whether the list may be another than at the last look."""
        self._begun: set[str] | None = None

    def begin_round(self) -> None:
        """A new choice: who was in the old one is in it no more."""
        self._chosen.clear()
        self._changed.update(self._counted_for)
        self._relist = True

    def choose(self, person: str, held_by: str, home: str) -> None:
        """A person is in the round."""
        self._chosen[person] = Listed(held_by, home)
        self._relist = True
        if person in self._known:
            self._changed.add(person)

    def plan(self, batches: Mapping[str, tuple[str, ...]]) -> None:
        """Who is handed over in which batch."""
        batch_of = {person: batch for batch, persons in batches.items() for person in persons}
        self._chosen = {
            person: Listed(one.held_by, one.home, batch_of.get(person, "")) for person, one in self._chosen.items()
        }
        self._relist = True

    def settle(self, ground: Ground, changes: Iterable[ListChange], reported_on: Iterable[str]) -> None:
        """Work out where everyone is now, given the changes to the list that count now, and who was reported on."""
        reported_on = set(reported_on)
        self._known |= reported_on
        self._changed |= reported_on
        found = tuple(sorted(changes, key=lambda one: (one.at_us, one.event)))
        if self._relist or found != self._changes:
            listed = listed_now(self._chosen, found)
            self._changed.update(person for person in self._known if listed.get(person) != self._listed.get(person))
            self._planned = Counter(one.held_by for one in listed.values() if not one.left)
            self._changes, self._listed, self._relist, self._begun = found, listed, False, None
        if ground != self._ground:
            self._ground = ground
            self._changed.update(self._known)
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

    def planned(self) -> int:
        """How many persons are in the round."""
        return self._planned.total()

    def handed_over(self) -> int:
        """How many persons of the round are handed over."""
        return sum(found["handed over"] for found in self._sides.values())

    def begun(self) -> set[str]:
        """The batches of which each side that waits for somebody has received somebody."""
        if self._begun is None:
            listed = [(person, one) for person, one in self._listed.items() if one.batch]
            waited = {(one.batch, one.home) for _, one in listed if one.due}
            waited -= {
                (one.batch, one.home) for person, one in listed if self._standing.get(person, _NOWHERE).handed_over
            }
            self._begun = {one.batch for _, one in listed} - {batch for batch, _ in waited}
        return self._begun

    def _recount(self, person: str) -> None:
        old = self._standing.get(person, _NOWHERE)
        if person in self._counted_for:
            self._add(self._counted_for.pop(person), old, -1)
        listed = self._listed.get(person)
        new = self._standing[person] = _standing(self._reported(person), listed, self._ground)
        if new.handed_over != old.handed_over:
            self._begun = None
        if listed is not None:
            self._counted_for[person] = listed.held_by
            self._add(listed.held_by, new, 1)

    def _add(self, side: str, standing: _Standing, count: int) -> None:
        found = self._sides.setdefault(side, Counter())
        found["aboard"] += count * standing.aboard
        found["at crossing"] += count * standing.at_crossing
        found["handed over"] += count * standing.handed_over
        found["received"] += count * standing.received


def _standing(reported: PersonReported, listed: Listed | None, ground: Ground) -> _Standing:
    handed_over = received = with_intermediary = False
    if listed is not None:
        handed_over = listed.home in reported.accepted_by
        with_intermediary = reported.custodian in ground.intermediaries
        received = not reported.accepted_by <= {*ground.parties, *ground.intermediaries}
    at_point = reported.place in ground.exchange_points
    return _Standing(
        aboard=bool(reported.vehicle) and not handed_over,
        at_crossing=not handed_over and not reported.vehicle and (with_intermediary or at_point),
        handed_over=handed_over,
        received=received,
    )
