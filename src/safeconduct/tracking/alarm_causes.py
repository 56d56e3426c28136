"""Deviations by their cause: what one thing brought about is one alarm.

The rule. A deviation belongs to the first of these that it shares with another:

1. *devices*: it is unconfirmed and waits for the same devices, three at most. One silent device leaves dozens of things
   unreported; a deviation that waits for more devices waits for anybody's word, which is no cause.
2. *series*: the same clause and rule, each at the moment of the one before it or within five minutes. Forty persons not
   handed over by the evening are one shortfall, six vehicles of one convoy late by the same plan are one delay.
3. *vehicle*: it is about the same vehicle or one of its legs. A bus that breaks down falls silent, and is late on every
   leg that it still has to go.

What shares none is an alarm by itself. The rule looks at nothing but the deviations given, in no order: the same ones
give the same alarms, wherever they are shown. What of a deviation is not told (whom it concerns, for what it waits) is
no ground for putting it with others.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from safeconduct.kernel.times import MINUTE_US
from safeconduct.tracking.alarm_book import UNCONFIRMED
from safeconduct.vocabulary.severity import weight

FEW_DEVICES = 3
SERIES_US = 5 * MINUTE_US

DEVICES = "devices"
SERIES = "series"
VEHICLE = "vehicle"
ALONE = "alone"


class Told(Protocol):
    """A deviation, as much of it as is told."""

    @property
    def number(self) -> int: ...
    @property
    def clause(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def at_us(self) -> int: ...
    @property
    def severity(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def waiting_for(self) -> tuple[str, ...]: ...


D = TypeVar("D", bound=Told)


@dataclass(frozen=True, slots=True)
class AlarmGroup(Generic[D]):
    """Deviations with one cause."""

    cause: str
    """devices, series, vehicle or alone."""
    of: tuple[str, ...]
    """The devices or the vehicle that they share; else nothing."""
    deviations: tuple[D, ...]
    """At least one; by moment, clause, rule, subject, number."""

    @property
    def number(self) -> int:
        """What people call it by: the lowest number in it."""
        return min(one.number for one in self.deviations)

    @property
    def severity(self) -> str:
        """The gravest in it."""
        return max((one.severity for one in self.deviations), key=weight)

    @property
    def status(self) -> str:
        """Its surest: unconfirmed only where all of it is."""
        statuses = {one.status for one in self.deviations}
        return statuses.pop() if len(statuses) == 1 else next(one for one in _SUREST if one in statuses)


_SUREST = ("open", UNCONFIRMED, "withdrawn")


def by_cause(deviations: Iterable[D], vehicle_of: Callable[[str], str]) -> list[AlarmGroup[D]]:
    """The alarms that the deviations make, by the first moment in each; every deviation is in exactly one.

    `vehicle_of` gives the vehicle that a subject is, or whose leg it is; empty for any other subject.
    """
    left: list[D] = sorted(deviations, key=_place)
    alarms: list[AlarmGroup[D]] = []

    def share(cause: str, groups: Iterable[Sequence[D]], of: Callable[[D], tuple[str, ...]]) -> None:
        nonlocal left
        shared = [group for group in groups if len(group) > 1]
        taken = {id(one) for group in shared for one in group}
        left = [one for one in left if id(one) not in taken]
        alarms.extend(AlarmGroup(cause, of(group[0]), tuple(group)) for group in shared)

    share(DEVICES, _alike(left, _few_devices), lambda one: tuple(sorted(one.waiting_for)))
    share(SERIES, _series(left), lambda _: ())
    share(VEHICLE, _alike(left, lambda one: vehicle_of(one.subject)), lambda one: (vehicle_of(one.subject),))
    alarms.extend(AlarmGroup(ALONE, (), (one,)) for one in left)
    return sorted(alarms, key=lambda alarm: _place(alarm.deviations[0]))


def _place(one: Told) -> tuple[int, str, str, str, int]:
    return one.at_us, one.clause, one.rule, one.subject, one.number


def _alike(deviations: Iterable[D], key: Callable[[D], Hashable]) -> list[list[D]]:
    """Those with the same key, if it is not empty."""
    groups: dict[Hashable, list[D]] = {}
    for one in deviations:
        found = key(one)
        if found:
            groups.setdefault(found, []).append(one)
    return list(groups.values())


def _few_devices(one: Told) -> tuple[str, ...]:
    few = one.status == UNCONFIRMED and len(one.waiting_for) <= FEW_DEVICES
    return tuple(sorted(one.waiting_for)) if few else ()


def _series(deviations: Sequence[D]) -> list[list[D]]:
    """Runs of the same clause and rule; the deviations are in the order of their moments."""
    running: dict[tuple[str, str], list[D]] = {}
    runs: list[list[D]] = []
    for one in deviations:
        run = running.get((one.clause, one.rule))
        if run is None or one.at_us > run[-1].at_us + SERIES_US:
            run = running[one.clause, one.rule] = []
            runs.append(run)
        run.append(one)
    return runs
