"""What follows from who is chosen: where they go, who is only proposed, what is left over, how many are remains."""

from collections.abc import Iterator, Sequence

import msgspec

from safeconduct.clauses.balance import Balance
from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.destination import Destination
from safeconduct.clauses.holders_choice import Choice
from safeconduct.clauses.library import Terms
from safeconduct.clauses.prefer import FairShare, Largest, Prefer
from safeconduct.clauses.ratio import Ratio
from safeconduct.clauses.selection import SelectingClause, counted, listed
from safeconduct.composition.report import Chosen, Composition, Tranche
from safeconduct.vocabulary.categories import REMAINS
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector, is_living


def with_consequences(composition: Composition, terms: Terms, candidates: Sequence[Person]) -> Composition:
    """The composition with what follows from it under these terms, and whose reading of them it is."""
    composition = msgspec.structs.replace(
        composition, as_read_by=terms.read_by, explanation=(*composition.explanation, *_reading(terms))
    )
    if composition.status == "infeasible":
        return composition
    clauses = terms.composing
    by_ref = {person.ref: person for person in candidates}
    chosen = [by_ref[one.ref] for one in composition.chosen]
    return msgspec.structs.replace(
        composition,
        chosen=tuple(_going(one, by_ref[one.ref], clauses) for one in composition.chosen),
        carried=dict(_carried(clauses, chosen)),
        proposed=dict(_proposed(clauses, chosen)),
        explanation=(*composition.explanation, *_order(composition.tranches), *_remains(clauses, chosen)),
    )


def _reading(terms: Terms) -> Iterator[str]:
    if terms.read_by:
        party = terms.read_by
        theirs = [clause.header.id for clause in terms.composing if party in dict(clause.header.as_read_by)]
        otherwise = f"it reads {listed(theirs)} otherwise than agreed" if theirs else "it reads every clause as agreed"
        yield f"This is the round as {party} reads the terms: {otherwise}."


def _going(one: Chosen, person: Person, clauses: Sequence[ComposeClause]) -> Chosen:
    to = next((clause.to for clause in clauses if isinstance(clause, Destination) and clause.of.matches(person)), "")
    return msgspec.structs.replace(one, destination=to)


def _carried(clauses: Sequence[ComposeClause], chosen: Sequence[Person]) -> Iterator[tuple[str, dict[str, int]]]:
    for clause in clauses:
        if isinstance(clause, Ratio | Balance):
            left = clause.left_over(chosen)
            if clause.carried or any(left.values()):
                yield clause.id, left


def _proposed(clauses: Sequence[ComposeClause], chosen: Sequence[Person]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for clause in clauses:
        if isinstance(clause, Choice):
            refs = tuple(one.ref for one in chosen if clause.may_name(one) and one.ref not in clause.refs)
            if refs:
                yield clause.id, refs


def _order(tranches: Sequence[Tranche]) -> Iterator[str]:
    for one in tranches:
        if one.after:
            confirmed = f"{listed(one.after)} {'is' if len(one.after) == 1 else 'are'} confirmed"
            yield f"The tranche {one.name} ({counted(one.persons)}) goes only after {confirmed}."


def _remains(clauses: Sequence[ComposeClause], chosen: Sequence[Person]) -> Iterator[str]:
    """By which clauses remains are counted that do not say whether they mean them."""
    remains = [person for person in chosen if not is_living(person)]
    if not remains:
        return
    counting = [
        f"{clause.id} ({counted(number)})"
        for clause in clauses
        if isinstance(clause, SelectingClause)
        and not _says_whether(clause.of)
        and (number := len(clause.matching(remains)))
    ]
    if not any(isinstance(clause, Prefer | FairShare) for clause in clauses):
        counting.append(f"{Largest().id} ({counted(len(remains))})")
    told = f"Remains among the {counted(len(chosen))} chosen: {counted(len(remains))}"
    if counting:
        told += f", counted like everyone by {listed(counting)}; a clause of the living alone says living = true"
    yield f"{told}."


def _says_whether(of: Selector) -> bool:
    """Whether the selector tells remains and the living apart."""
    return of.living is not None or REMAINS in of.category or (of.excluding is not None and _says_whether(of.excluding))
