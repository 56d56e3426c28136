"""The terms as one party can judge them itself, from what it is told: a check on what the intermediary says of the day.

A party is told all that concerns custody of its persons, its own vehicles and public matters. Clauses that look at
nothing else are judged over these reports by the same monitors, and what they find is held against the alarms that
the record shows: a deviation that the party can see, and of which the record shows no alarm, is a question to the
intermediary. It is no proof: that a report was taken back is told to nobody but the intermediary.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from safeconduct.agreement.witnesses import Witness
from safeconduct.app.told_again import ToldAs
from safeconduct.clauses.absence import Absence
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.custody import Custody
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.headcount import Headcount
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.patterns import types_of
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.punctuality import Punctuality
from safeconduct.clauses.response import Response
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.entries import REPORTED_AS, CustodyReported, MovementReported, PublicMatterReported
from safeconduct.tracking.events import BadEvent, Event, read_event

GRACE_US = 30 * MINUTE_US
"""How long after a deviation its alarm may be missing from the record before it is asked about."""

_OF_CUSTODY = (Custody, Parity, Simultaneity)
"""They look at custody alone, which both of a person's parties are told."""
_OF_VEHICLES = (Punctuality, Headcount, Manifest, Stop, Corridor, Speed)
"""They look at one vehicle and who is aboard, which its operator is told."""
_BY_PATTERNS = (Response, Precedence, Absence)
_TOLD = {one: kind for one, kind in REPORTED_AS.items() if kind in (CustodyReported, PublicMatterReported)}
_MOVEMENTS = {one for one, kind in REPORTED_AS.items() if kind is MovementReported}

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """How what the party can judge compares with what it is shown."""

    clauses: tuple[str, ...]
    """The ids of the clauses that it can judge."""
    beyond: tuple[str, ...]
    """Those that rest on what it is not told."""
    agree: int
    """Deviations that it finds and the record shows."""
    questions: tuple[Deviation, ...]
    """Deviations that it finds, of which the record shows no alarm."""
    excused: int = 0
    """Deviations that it may find for lack of what the ledger erased; they are not asked about."""


class PartyWatch:
    """Follows what one party is told, entry by entry."""

    def __init__(self, party: str, excused: Iterable[str] = ()) -> None:
        """`excused`: marks (`unshown`) of what is not asked about, since it is found only because of an erasure."""
        self._party = party
        self._excused = set(excused)
        self._terms: Terms | None = None
        self._chosen: dict[str, dict[str, tuple[str, str]]] = {}
        """By exchange, each person's detaining power and home."""
        self._plans: dict[str, Fields] = {}
        """By digest, what is told of a plan."""
        self._convoys: dict[str, Fields] = {}
        """By the plan's digest, the party's own part of it."""
        self._approved: dict[str, set[str]] = {}
        self._in_force = ""
        self._events: list[Event] = []
        self._shown: set[tuple[str, str, int]] = set()
        """Clause, rule and moment of every alarm that was shown."""
        self._now_us = 0

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Those that the terms name."""
        return self._terms.text.witnesses if self._terms else ()

    def take(self, _index: int, recorded_at_us: int, one: ToldAs) -> None:
        """Take what is told of the next entry."""
        self._now_us = recorded_at_us
        fields = one.told.fields
        match one.told.type:
            case "agreement.terms-recorded/1":
                self._read_terms(fields)
            case "composition.person-chosen/1":
                self._chosen.setdefault(fields["exchange"], {})[fields["person"]] = fields["held_by"], fields["home"]
            case "logistics.plan-proposed/1":
                self._plans[fields["plan_sha256"]] = fields
            case "logistics.convoy-planned/1" if "legs_text" in fields:
                self._convoys[fields["plan_sha256"]] = fields
            case "logistics.plan-approved/1":
                self._approve(fields)
            case "tracking.alarm-shown/1":
                self._shown.add((fields["clause"], fields["rule"], fields["at_us"]))
            case "tracking.list-change-reported/1":
                self._hear(_list_change(fields, one.told.fields["occurred_at_us"]))
            case _ if "report" in fields:
                received_us = fields.get("received_at_us")
                received = {} if received_us is None else {"received_at": format_instant(received_us)}
                self._hear(json.loads(fields["report"]) | received)

    def excuse(self, marks: Iterable[str]) -> None:
        """Ask about these no more."""
        self._excused.update(marks)

    def unshown(self) -> frozenset[str]:
        """A mark of each deviation found of which no alarm is shown; it says nothing of whom it concerns."""
        found = self._found()
        return frozenset() if found is None else frozenset(_mark(one) for one in found[1] if not self._is_shown(one))

    def judge(self, lacking_before_us: int = 0) -> Judged | None:
        """Judge all that was told, observed until the last entry was recorded; None before a plan is in force.

        Of what was erased before that moment nothing was ever told here: no deviation before it is asked about.
        """
        standing = self._found()
        if self._terms is None or standing is None:
            return None
        running, found = standing
        unshown = [one for one in found if not self._is_shown(one)]
        asked = [
            one for one in unshown if _mark(one) not in self._excused and parse_instant(one.at) >= lacking_before_us
        ]
        questions = tuple(one for one in asked if parse_instant(one.at) + GRACE_US < self._now_us)
        beyond = tuple(one.header.id for one in self._terms.running if one not in running)
        ids = tuple(one.header.id for one in running)
        return Judged(ids, beyond, len(found) - len(unshown), questions, len(unshown) - len(asked))

    def _is_shown(self, one: Deviation) -> bool:
        return (one.clause, one.rule, parse_instant(one.at)) in self._shown

    def _found(self) -> tuple[tuple[RunClause, ...], list[Deviation]] | None:
        """The clauses that are judged here, and the deviations that stand; None before a plan is in force."""
        plan = self._plan()
        if self._terms is None or plan is None:
            return None
        running = tuple(one for one in self._terms.running if _is_judged(one))
        watch = Watch(replace(self._terms, running=running), plan)
        watch.arrive(self._events)
        watch.judge(self._now_us)
        ids = {one.header.id for one in running}
        vehicles = {one.id for one in plan.vehicles} | {one.id for one in plan.legs}
        by_vehicle = {one.header.id for one in running if isinstance(one, _OF_VEHICLES)}
        found = [
            one
            for one in watch.standing()
            if one.clause in ids and (one.clause not in by_vehicle or one.subject in vehicles)
        ]
        return running, found

    def _read_terms(self, fields: Fields) -> None:
        try:
            self._terms = read_terms("terms", fields["terms_text"].encode())
        except BadInput:
            self._terms = None  # not ours to mend: nothing is judged

    def _approve(self, fields: Fields) -> None:
        approved = self._approved.setdefault(fields["plan_sha256"], set())
        approved.add(fields["party"])
        if self._terms is not None and approved >= set(self._terms.agreement.parties):
            self._in_force = fields["plan_sha256"]

    def _hear(self, line: dict[str, Any]) -> None:
        try:
            self._events.append(read_event(line))
        except BadEvent:
            return  # the intermediary sets such lines aside, too

    def _plan(self) -> Plan | None:
        """The plan in force as far as this party is told it; None if none is."""
        if self._in_force not in self._plans:
            return None
        plan, own = self._plans[self._in_force], self._convoys.get(self._in_force, {})
        chosen = self._chosen.get(plan["exchange"], {})
        batch_of = {person: batch for batch, persons in plan["batches"].items() for person in persons}
        document = {
            "exchange": plan["exchange"],
            "agreement": self._terms.agreement.id if self._terms else "",
            "start": format_instant(plan["start_us"]),
            "persons": [
                {"id": one, "held_by": chosen[one][0], "home": chosen[one][1], "batch": batch}
                for one, batch in batch_of.items()
                if one in chosen
            ],
            "batches": [{"id": one, "handover": format_instant(at_us)} for one, at_us in plan["handovers_us"].items()],
            "places": json.loads(own.get("places_text", "[]")),
            "vehicles": json.loads(own.get("vehicles_text", "[]")),
            "legs": json.loads(own.get("legs_text", "[]")),
        }
        try:
            return read_plan("plan", json.dumps(document).encode())
        except BadInput:
            return None


def _is_judged(clause: RunClause) -> bool:
    """Whether a party is told all that a clause looks at, of whatever is its own."""
    if isinstance(clause, (*_OF_CUSTODY, *_OF_VEHICLES)):
        return True
    if not isinstance(clause, _BY_PATTERNS):
        return False
    types = types_of(clause.patterns())
    if types is None or not types <= _TOLD.keys() | _MOVEMENTS:
        return False
    return "vehicle" in clause.compared or not types & _MOVEMENTS


def _mark(one: Deviation) -> str:
    return sha256("\n".join((one.clause, one.rule, one.at, one.subject)).encode()).hexdigest()


def _list_change(fields: Fields, occurred_at_us: int) -> dict[str, Any]:
    """A change to the list as a report, as far as it is told."""
    told = {"person": fields["person"], "replaces": fields["replaces"], "agreed_by": list(fields["agreed_by"])}
    known = {key: value for key, value in told.items() if value}
    return {"id": fields["event"], "type": fields["change"], "at": format_instant(occurred_at_us), **known}
