"""After the round: the clauses on who is exchanged, judged on the persons who were handed over."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import msgspec

from safeconduct.clauses.batch.audit import Audit
from safeconduct.clauses.batch.hearing import NOBODY
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import NEVER_US, list_changes
from safeconduct.clauses.batch.telling import Judged, deviation
from safeconduct.clauses.composing import constraints_of
from safeconduct.clauses.destination import Destination
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import Terms
from safeconduct.clauses.protected import PROTECTED
from safeconduct.clauses.selection import counted
from safeconduct.composition.checker import judge_choice
from safeconduct.composition.constraint import Judgement
from safeconduct.vocabulary.person import Person

BROKEN = "broken"
"""The rule of every such deviation; its subject is the clause."""


def judge_closed(audit: Audit, candidates: Sequence[Person]) -> list[Deviation]:
    """A deviation at the end of observation for each clause that those handed over do not keep, `protected` among them.

    Who was handed over without being a candidate (somebody added on the day) counts with what the list says: who held
    them and where they went; and who goes to a third state by the terms counts once accepted there. A candidate whom
    the intermediary withdrew as protected, or who died, and who was not handed over before, is judged as one who may
    not be exchanged. Clauses of which `not_judged` tells are left out. Raises ValueError if nothing says when the round
    ended.
    """
    if audit.end_us is None:
        raise ValueError("nothing was reported")
    abroad = _accepted_abroad(audit, candidates)
    gone_us = abroad | {ref: handover.at_us for ref, handover in audit.day.handovers.items()}
    persons = _as_known_now(candidates, audit.day, gone_us)
    chosen = list(_handed_over(persons, audit.day, gone_us))
    constraints = constraints_of(audit.terms)
    headers = {clause.header.id: clause.header for clause in audit.terms.composing}
    told = []
    for constraint, judgement in zip(constraints, judge_choice(persons, chosen, constraints), strict=True):
        if isinstance(constraint, Destination):
            judgement = _arrived(constraint, judgement, chosen, abroad)
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


def not_judged(terms: Terms) -> Iterator[str]:
    """A sentence for each clause on who is exchanged of which the reports cannot say whether it was kept."""
    for constraint in constraints_of(terms):
        judgement = constraint.judge((), ())
        if not judgement.judged:
            yield f"{constraint.id} was not judged: {judgement.told}"


def _accepted_abroad(audit: Audit, candidates: Sequence[Person]) -> dict[str, int]:
    """When those whom the terms send to a third state were first accepted there."""
    sending = [clause for clause in audit.terms.composing if isinstance(clause, Destination)]
    to = {person.ref: clause.to for clause in sending for person in candidates if clause.of.matches(person)}
    found: dict[str, int] = {}
    for _, _, at_us, ref, taker in audit.day.events.of_types("accepted").rows("person", "to") if to else ():
        if taker is not None and to.get(ref) == taker:
            found[ref] = min(at_us, found.get(ref, at_us))
    return found


def _arrived(clause: Destination, judgement: Judgement, chosen: Sequence[Person], abroad: Container[str]) -> Judgement:
    """With those counted who went home instead."""
    home = sum(person.ref not in abroad for person in clause.matching(chosen))
    if not home:
        return judgement
    return Judgement(False, f"{judgement.told}; {counted(home)} of them went home instead")


def _handed_over(persons: Sequence[Person], day: Observed, gone: Iterable[str]) -> Iterator[Person]:
    by_ref = {person.ref: person for person in persons}
    for ref in sorted(gone):
        if ref in by_ref:
            yield by_ref[ref]
        else:
            member = day.people.members[ref]
            yield Person(ref=ref, held_by=member.held_by, home=member.home)


def _as_known_now(candidates: Sequence[Person], day: Observed, gone_us: Mapping[str, int]) -> list[Person]:
    """The candidates, protected where the day showed, before any handover, that they may not go."""
    barred_us = dict(day.people.died_us)
    intermediaries = day.agreement.intermediaries
    for change in list_changes(day.events, "withdrawn"):
        if change.ground == PROTECTED and change.by in intermediaries:
            barred_us[change.person] = min(change.at_us, barred_us.get(change.person, NEVER_US))
    known = []
    for person in candidates:
        barred = barred_us.get(person.ref, NEVER_US) < gone_us.get(person.ref, NEVER_US)
        known.append(msgspec.structs.replace(person, protected=True) if barred else person)
    return known
