"""What is made for a clause on the day: a day that breaks it beside the nearest one that keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.phrasing import LAST_US
from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant, instant_us
from safeconduct.logistics.plan import Leg, Place, Plan, PlannedPerson

Line = Mapping[str, Any]
"""An event as it stands in an events file."""

VEHICLE = "bus-1"
CAMP = "camp"
CROSSING = "crossing"
PERSON = "p1"
OTHER = "p2"
LEG = "leg-1"
BATCH = "b1"
"""What is named where the clause leaves it open. Persons are invented."""

JUST_US = SECOND_US
"""How far beyond a bound is beyond it."""
_NINE = time(9, tzinfo=UTC)
_FIRST_US = instant_us(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Trace:
    """The reports of a day, and until when it is observed."""

    lines: tuple[Line, ...]
    """In the order of `at`; ids tell which lines of two traces are the same report."""
    until_us: int
    where: Mapping[str, str] = field(default_factory=dict)
    """Of the lines that say where something was, by id: what that position means here, in words."""


@dataclass(frozen=True)
class Pair:
    """A day that should break a clause and one that should keep it, under one plan: still to be verified."""

    rule: str
    plan: Plan
    breaks: Trace
    keeps: Trace
    lacking: str = ""
    """What does not come in the day that breaks it, in words: `no answer`."""
    given: str = ""
    """What else of the plan counts, in words."""
    flaw: tuple[str, str] | None = None
    """Why the nearest day that keeps the clause is one on which nothing happens: the parameter at fault, and what."""


@dataclass(frozen=True)
class Scene:
    """Who and when, where the clause leaves it open."""

    agreement: Agreement
    at_us: int
    """When things happen."""

    @property
    def giver(self) -> str:
        """A party that releases."""
        return self.agreement.parties[0]

    @property
    def taker(self) -> str:
        """A party that receives."""
        return self.agreement.parties[1]

    @property
    def between(self) -> str:
        """The intermediary, if there is one; else the party that releases."""
        return self.agreement.intermediaries[0] if self.agreement.intermediaries else self.giver

    def plan(
        self,
        *persons: PlannedPerson,
        legs: tuple[Leg, ...] = (),
        places: tuple[Place, ...] = (),
        start_us: int | None = None,
    ) -> Plan:
        """A plan of no more than this."""
        return Plan(
            exchange="example",
            agreement=self.agreement.id,
            start_us=self.at_us if start_us is None else start_us,
            exchange_point="",
            places=places,
            persons=persons,
            legs=legs,
        )

    def person(self, person: str = PERSON, home: str = "", held_by: str = "", batch: str = "") -> PlannedPerson:
        """A person of the plan; unless given, held by `giver` and at home at `taker`."""
        return PlannedPerson(id=person, held_by=held_by or self.giver, home=home or self.taker, batch=batch)

    def handover(self, line_id: str, at_us: int, person: PlannedPerson) -> Line:
        """The home side of a person accepts them."""
        giver = self.between if self.agreement.intermediaries else person.held_by
        return line(line_id, "accepted", at_us, person=person.id, **{"from": giver, "to": person.home})


def scene_of(agreement: Agreement, before_us: int = 0, after_us: int = 0) -> Scene:
    """Nine o'clock (UTC) of the day on which the agreement was concluded, or when there is so much time before and
    after that can still be written."""
    nine_us = instant_us(datetime.combine(agreement.concluded, _NINE))
    return Scene(agreement, max(min(nine_us, LAST_US - after_us - HOUR_US), _FIRST_US + before_us + HOUR_US))


def passed(deadline_us: int, since_us: int) -> int:
    """An end of observation at which a deadline is over: soon, so that no other one is."""
    return deadline_us + (MINUTE_US if deadline_us - since_us >= MINUTE_US else JUST_US)


def line(line_id: str, kind: str, at_us: int, /, **fields: Any) -> Line:
    """An event."""
    return {"id": line_id, "type": kind, "at": format_instant(at_us), **fields}
