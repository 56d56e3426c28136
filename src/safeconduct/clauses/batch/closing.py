"""After the round: the clauses on who is exchanged, judged on the persons who were handed over."""

from collections.abc import Iterator, Sequence

import msgspec

from safeconduct.clauses.batch.audit import Audit
from safeconduct.clauses.batch.hearing import NOBODY
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import NEVER_US, list_changes
from safeconduct.clauses.batch.telling import Judged, deviation
from safeconduct.clauses.composing import constraints_of
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.protected import PROTECTED
from safeconduct.composition.checker import judge_choice
from safeconduct.vocabulary.person import Person

BROKEN = "broken"
"""The rule of every such deviation; its subject is the clause."""


def judge_closed(audit: Audit, candidates: Sequence[Person]) -> list[Deviation]:
    """A deviation at the end of observation for each clause that those handed over do not keep, `protected` among them.

    Who was handed over without being a candidate (somebody added on the day) counts with what the list says: who held
    them and where they went. A candidate whom the intermediary withdrew as protected, or who died, and who was not
    handed over before, is judged as one who may not be exchanged. Raises ValueError if nothing says when the round
    ended.
    """
    if audit.end_us is None:
        raise ValueError("nothing was reported")
    persons = _as_known_now(candidates, audit.day)
    chosen = list(_handed_over(persons, audit.day))
    constraints = constraints_of(audit.terms)
    headers = {clause.header.id: clause.header for clause in audit.terms.composing}
    told = []
    for constraint, judgement in zip(constraints, judge_choice(persons, chosen, constraints), strict=True):
        if judgement.kept:
            continue
        header = headers.get(constraint.id)
        if header is None:
            judged = Judged(constraint.id, PROTECTED, "critical", constraint.sentence())
            seen = "somebody was handed over who may not be exchanged"
        else:
            # The sentence of a clause may name persons; the wording agreed is for everybody.
            wording = header.text or f"Clause {header.id} on who is exchanged ({header.kind})"
            judged = Judged(header.id, header.kind, header.severity, wording)
            seen = f"at the end: {judgement.told}"
        expected = f"expected it to hold of the {len(chosen):,} handed over"
        told.append(deviation(judged, Found(BROKEN, judged.id, audit.end_us, expected, seen, ()), NOBODY))
    return told


def _handed_over(persons: Sequence[Person], day: Observed) -> Iterator[Person]:
    by_ref = {person.ref: person for person in persons}
    for ref in sorted(day.handovers):
        member = day.people.members[ref]
        yield by_ref.get(ref) or Person(ref=ref, held_by=member.held_by, home=member.home)


def _as_known_now(candidates: Sequence[Person], day: Observed) -> list[Person]:
    """The candidates, protected where the day showed, before any handover, that they may not go."""
    barred_us = dict(day.people.died_us)
    intermediaries = day.agreement.intermediaries
    for change in list_changes(day.events, "withdrawn"):
        if change.ground == PROTECTED and change.by in intermediaries:
            barred_us[change.person] = min(change.at_us, barred_us.get(change.person, NEVER_US))
    known = []
    for person in candidates:
        handover = day.handovers.get(person.ref)
        barred = barred_us.get(person.ref, NEVER_US) < (NEVER_US if handover is None else handover.at_us)
        known.append(msgspec.structs.replace(person, protected=True) if barred else person)
    return known
