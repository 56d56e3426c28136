"""What a clause's verdicts rest on, and over which reports it is judged, by who may know of these."""

import enum

from safeconduct.app.intake import is_claim, recorded_as
from safeconduct.clauses.absence import Absence
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.embargo import EVERYONE, Embargo
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.patterns import Patterns, types_of
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.response import Response
from safeconduct.tracking.entries import (
    REPORTED_AS,
    CareReported,
    CustodyReported,
    InterviewReported,
    ListChangeReported,
    MovementReported,
    PublicMatterReported,
    TechnicalReported,
)
from safeconduct.tracking.events import Event

_TOLD_OF_LIST_CHANGES = frozenset(("type", "id", "person", "replaces", "agreed_by", "home", "held_by", "batch"))
"""What both parties may know of a change to the list anyway: by `ListChangeReported`, and by the plan of a person."""

_TOLD_OPENLY = (MovementReported, CustodyReported, ListChangeReported, PublicMatterReported)
"""What both sides are told, each of its own, or in sum: no confidence, no care, no claim."""


class Rests(enum.Enum):
    """What a clause's verdicts rest on, by who may know of it."""

    ON_CONFIDENCES = enum.auto()
    """What only the intermediary may know: what was said in an interview, why somebody was withdrawn, a claim."""
    ON_CARE = enum.auto()


class Basis(enum.Enum):
    """Over which reports something is judged; what both sides see of it can then tell of no other."""

    OPENLY = enum.auto()
    """What both sides are told, each of its own."""
    WITH_CARE = enum.auto()
    """Besides, of whom care was reported: for what is held back until it was so for everybody."""
    EVERYTHING = enum.auto()

    def holds(self, event: Event) -> bool:
        """Whether a report is among them."""
        kind = recorded_as(event.fields)
        return self is Basis.EVERYTHING or kind in _TOLD_OPENLY or (self is Basis.WITH_CARE and kind is CareReported)


def basis_of(clause: RunClause) -> Basis:
    """Over which reports a clause is judged."""
    if rests_on(clause) is not None:
        return Basis.EVERYTHING
    if isinstance(clause, Embargo) and _rest_on_patterns(clause.patterns(), clause.compared) is not None:
        return Basis.WITH_CARE
    return Basis.OPENLY


def takes_back(event: Event) -> bool:
    """Whether it takes another report back where the sides see it; what somebody only claims does not."""
    return event.type == "voided" and not is_claim(event.fields)


def rests_on(clause: RunClause) -> Rests | None:
    """What the verdicts on single persons rest on; None: on what both sides are told."""
    match clause:
        case Freeze():
            # Both parties see who was withdrawn and who agreed; an alarm, or none, would add whether it was to protect.
            return Rests.ON_CONFIDENCES
        case Claim():
            return Rests.ON_CONFIDENCES
        case Listed():
            # It judges reports of every type, interviews among them.
            return Rests.ON_CONFIDENCES
        case Embargo():
            # Where it waits for care of everybody it is on a text, which is told to everybody anyway; where it waits
            # for some, or holds back care, its moment could tell of whom it speaks.
            if _rest_on_patterns(clause.hold, ()) is not None:
                return Rests.ON_CONFIDENCES
            rests = _rest_on_patterns(clause.patterns(), clause.compared)
            return None if rests is Rests.ON_CARE and clause.of == EVERYONE else rests
        case Absence() | Precedence() | Response() | Deadline() | Concordance() | Reciprocity():
            return _rest_on_patterns(clause.patterns(), clause.compared)
        case _:
            return None


def _rest_on_patterns(patterns: Patterns, compared: tuple[str, ...]) -> Rests | None:
    types = types_of(patterns)
    if types is None:
        return Rests.ON_CONFIDENCES
    reported = {REPORTED_AS.get(one, TechnicalReported) for one in types}
    asked = {*compared, *(condition.key for pattern in patterns for condition in pattern.conditions)}
    if ListChangeReported in reported and not asked <= _TOLD_OF_LIST_CHANGES:
        return Rests.ON_CONFIDENCES
    if reported & {InterviewReported, TechnicalReported}:
        return Rests.ON_CONFIDENCES
    return Rests.ON_CARE if CareReported in reported else None
