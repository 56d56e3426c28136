"""Whether terms and candidates go together: everybody can be placed, and every ref of the terms is one of them."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.destination import Destination
from safeconduct.clauses.holders_choice import Choice
from safeconduct.clauses.library import Terms
from safeconduct.clauses.requires import Requires
from safeconduct.clauses.together import Together
from safeconduct.clauses.veto import Veto
from safeconduct.composition.candidates import check_candidates
from safeconduct.kernel.documents import Faults, Path
from safeconduct.kernel.errors import BadInput
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector


def check_round(terms: Terms, list_name: str, persons: Sequence[Person], lines: Sequence[int]) -> None:
    """Refuse candidates who cannot be placed, and terms that name a `ref` which is not among them, let a party pick
    somebody whom it may not, or send somebody to two states.

    `lines` are the candidates' line numbers in the list `list_name`. Raises BadInput with every such fault.
    """
    faults = Faults()
    with faults.gather():
        check_candidates(list_name, persons, lines, terms.agreement.parties)
    by_ref = {person.ref: person for person in persons}
    known = sorted(by_ref)
    for clause in terms.composing:
        with faults.gather():
            _check_refs(clause, known)
        with faults.gather():
            _check_picked(clause, by_ref)
    with faults.gather():
        _check_destinations(terms, persons)
    faults.settle()


def _check_refs(clause: ComposeClause, known: Sequence[str]) -> None:
    document = clause.header.table.document
    there = frozenset(known)
    faults = [
        document.fault(path, f"no candidate has the ref {ref!r}", _mend(ref, known))
        for path, ref in _named(clause)
        if ref not in there
    ]
    if faults:
        raise BadInput(faults)


def _check_picked(clause: ComposeClause, by_ref: Mapping[str, Person]) -> None:
    """A party picks among those it holds who match `of`."""
    if not isinstance(clause, Choice):
        return
    table = clause.header.table
    what = f"{clause.by} may not pick {{ref!r}}, who is not held by it or does not match 'of'"
    faults = [
        table.document.fault((*table.path, "refs", index), what.format(ref=ref), "name somebody else or mend 'of'")
        for index, ref in enumerate(clause.refs)
        if ref in by_ref and not clause.may_name(by_ref[ref])
    ]
    if faults:
        raise BadInput(faults)


def _check_destinations(terms: Terms, persons: Sequence[Person]) -> None:
    """Nobody goes to two states."""
    sending = [clause for clause in terms.composing if isinstance(clause, Destination)]
    for clause, other in combinations(sending, 2):
        if clause.to == other.to:
            continue
        both = next((one.ref for one in persons if clause.of.matches(one) and other.of.matches(one)), None)
        if both is not None:
            what = f"the candidate {both!r} would go to {clause.to} by {clause.id!r} and to {other.to} by {other.id!r}"
            raise BadInput(other.header.table.fault("to", what, "leave such persons out of one, with not = { … }"))


def _named(clause: ComposeClause) -> Iterator[tuple[Path, str]]:
    """Every ref that the clause names, and where it stands in the terms."""
    path: Path = clause.header.table.path
    match clause:
        case Together() | Veto():
            yield from (((*path, "refs", index), ref) for index, ref in enumerate(clause.refs))
        case Requires():
            yield (*path, "if"), clause.first
            yield (*path, "then"), clause.second
        case _:
            if isinstance(clause, Choice):
                yield from (((*path, "refs", index), ref) for index, ref in enumerate(clause.refs))
            inner: Selector | None = clause.of
            path = (*path, "of")
            while inner is not None:
                several = len(inner.ref) > 1
                yield from (
                    ((*path, "ref", index) if several else (*path, "ref"), ref) for index, ref in enumerate(inner.ref)
                )
                inner, path = inner.excluding, (*path, "not")


def _mend(ref: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(ref, known, n=1)
    return f"did you mean {near[0]!r}?" if near else "add the person to the candidates or mend the terms"
