"""What the scheduling model is asked and what it answers: counts of persons and vehicles alike, and minutes.

Vehicles that are alike are one class and persons who are alike one group; nobody is named here. Time is in whole
minutes after the start of the exchange.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Group = tuple[str, str, bool]
"""Persons alike at the exchange point: held by, home, lying."""

Demand = tuple[str, str, bool]
"""Persons alike at their holding place: the place, home, lying."""

Make = tuple[str, int, int]
"""Vehicles alike once they are at the exchange point: operator, seats, stretchers."""

LEVELS = ("last handover", "longest wait at the exchange point", "vehicles")
"""What is made least, in this order, the later without giving up the earlier."""


@dataclass(frozen=True)
class VehicleClass:
    """Vehicles alike in all that matters here."""

    operator: str
    seats: int
    stretchers: int
    at: str
    vehicles: tuple[str, ...]

    @property
    def make(self) -> Make:
        """What counts of it at the exchange point."""
        return self.operator, self.seats, self.stretchers


@dataclass(frozen=True)
class Approach:
    """How vehicles of a class may come to the exchange point: by way of one holding place, or straight and empty."""

    vehicles: int
    """Index of the class."""
    origin: str
    """The holding place; empty: none."""
    earliest: int
    """First minute of arrival at the exchange point."""
    drive: int
    """Minutes from there, or from where the vehicles stand, to the exchange point."""
    empty: int
    """Minutes driven with nobody aboard."""


@dataclass(frozen=True)
class Task:
    """All that the model needs to know."""

    classes: tuple[VehicleClass, ...]
    approaches: tuple[Approach, ...]
    demands: Mapping[Demand, int]
    held_by: Mapping[str, str]
    """Side of each holding place."""
    sizes: Mapping[str, tuple[int, ...]]
    """Side to the number of its held persons in each batch."""
    lasting: tuple[int, ...]
    """Minutes that the handover of each batch takes."""
    search: int
    boarding: int
    exchange_point: str
    drives_home: Mapping[str, int]
    """Home party to the minutes from the exchange point to where its legs end."""
    legs_end: Mapping[str, str]
    """Home party to the place where its persons leave the plan's vehicles."""
    opens: Mapping[str, int]
    """Place to the first minute at which it is open, where that is limited."""
    closes: Mapping[str, int]
    end: int | None
    """The last minute at which anybody may still be under way."""

    @cached_property
    def makes(self) -> dict[Make, int]:
        """How many vehicles there are of each make."""
        makes: dict[Make, int] = {}
        for kind in self.classes:
            makes[kind.make] = makes.get(kind.make, 0) + len(kind.vehicles)
        return makes

    @cached_property
    def groups(self) -> dict[Group, int]:
        """How many there are of each group."""
        groups: dict[Group, int] = {}
        for (place, home, lying), number in self.demands.items():
            group = (self.held_by[place], home, lying)
            groups[group] = groups.get(group, 0) + number
        return groups

    @cached_property
    def returning(self) -> dict[tuple[str, bool], int]:
        """How many return to each home party, by lying."""
        returning: dict[tuple[str, bool], int] = {}
        for (_, home, lying), number in self.demands.items():
            returning[home, lying] = returning.get((home, lying), 0) + number
        return returning


@dataclass(frozen=True)
class Level:
    """One objective."""

    name: str
    value: int
    bound: int | None
    """No plan as good on the levels before has less; None: not known, as a level before is not proven."""

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.bound == self.value


@dataclass(frozen=True)
class Schedule:
    """The counts and moments chosen."""

    levels: tuple[Level, ...]
    arrivals: tuple[int, ...]
    handovers: tuple[int, ...]
    departures: Mapping[tuple[str, int], int]
    """Home party and batch to the minute at which its vehicles leave with whom they then take."""
    coming: Mapping[tuple[int, int], int]
    """Approach and slot to the number of vehicles."""
    brought: Mapping[tuple[int, int, str, bool], int]
    """Approach, slot, home and lying to the number of persons."""
    handed_over: Mapping[tuple[Group, int], int]
    going: Mapping[tuple[Make, int], int]
    """Make and batch to the number of vehicles that then leave with persons."""
    taken: Mapping[tuple[Make, int, bool], int]
    """Make, batch and lying to the number of persons."""


@dataclass(frozen=True)
class Shortage:
    """Why there is no plan: the least that would have to be added so that there were one."""

    uncarried: Mapping[Demand, int]
    left_behind: Mapping[tuple[str, bool], int]
    """Home and lying to the persons whom no vehicle takes home."""
    too_late: Mapping[str, int]
    """Place (or "" for the end of the exchange) to the minutes by which its closing is missed."""
