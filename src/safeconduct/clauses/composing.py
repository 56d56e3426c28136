"""Composing a round under the terms: the clauses of the file, the built-in ones and the candidates brought together."""

import difflib
from collections.abc import Callable, Iterator, Sequence

from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.include import Include
from safeconduct.clauses.library import Terms
from safeconduct.clauses.prefer import Largest, Prefer
from safeconduct.clauses.protected import Protected
from safeconduct.clauses.requires import Requires
from safeconduct.clauses.together import Together
from safeconduct.composition.candidates import check_candidates
from safeconduct.composition.constraint import Constraint, Objective
from safeconduct.composition.report import Composition
from safeconduct.kernel.documents import Faults, Path
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.ports import Clock
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector


def compose_round(
    terms: Terms,
    list_name: str,
    persons: Sequence[Person],
    lines: Sequence[int],
    *,
    clock: Clock,
    time_limit_us: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Composition:
    """Choose who is exchanged under the terms from the intermediary's reconciled candidates.

    `lines` are the candidates' line numbers in the list `list_name`. Raises BadInput for a candidate who cannot be
    placed and for a `ref` of the terms that is not among the candidates; Refused if the time runs out before anything
    is known. `progress` is told what is being looked for.
    """
    check_round(terms, list_name, persons, lines)
    # Only here: the solver takes a second to load, and judging a choice needs none.
    from safeconduct.composition.compose import compose

    agreement = terms.agreement
    return compose(
        persons,
        constraints_of(terms),
        objectives_of(terms),
        parties=agreement.parties,
        concluded=agreement.concluded,
        clock=clock,
        time_limit_us=time_limit_us,
        progress=progress,
    )


def check_round(terms: Terms, list_name: str, persons: Sequence[Person], lines: Sequence[int]) -> None:
    """Refuse candidates who cannot be placed, and terms that name a `ref` which is not among them.

    `lines` are the candidates' line numbers in the list `list_name`. Raises BadInput with every such fault.
    """
    faults = Faults()
    with faults.gather():
        check_candidates(list_name, persons, lines, terms.agreement.parties)
    for clause in terms.composing:
        with faults.gather():
            _check_refs(clause, {person.ref for person in persons})
    faults.settle()


def constraints_of(terms: Terms) -> tuple[Constraint, ...]:
    """What binds the choice. Those that name persons without exception come last, and last of all `protected`: so a
    person whom the terms include and who may not be exchanged is always told as that conflict."""
    binding = [clause for clause in terms.composing if not isinstance(clause, Prefer)]
    return (*sorted(binding, key=lambda clause: isinstance(clause, Include)), Protected())


def objectives_of(terms: Terms) -> tuple[Objective, ...]:
    """What the choice strives for, in the order of the file; the largest round if the terms do not say."""
    return tuple(clause for clause in terms.composing if isinstance(clause, Prefer)) or (Largest(),)


def _check_refs(clause: ComposeClause, known: set[str]) -> None:
    document = clause.header.table.document
    faults = [
        document.fault(path, f"no candidate has the ref {ref!r}", _mend(ref, known))
        for path, ref in _named(clause)
        if ref not in known
    ]
    if faults:
        raise BadInput(faults)


def _named(clause: ComposeClause) -> Iterator[tuple[Path, str]]:
    """Every ref that the clause names, and where it stands in the terms."""
    path: Path = clause.header.table.path
    match clause:
        case Together():
            yield from (((*path, "refs", index), ref) for index, ref in enumerate(clause.refs))
        case Requires():
            yield (*path, "if"), clause.first
            yield (*path, "then"), clause.second
        case _:
            inner: Selector | None = clause.of
            path = (*path, "of")
            while inner is not None:
                several = len(inner.ref) > 1
                yield from (
                    ((*path, "ref", index) if several else (*path, "ref"), ref) for index, ref in enumerate(inner.ref)
                )
                inner, path = inner.excluding, (*path, "not")


def _mend(ref: str, known: set[str]) -> str:
    near = difflib.get_close_matches(ref, sorted(known), n=1)
    return f"did you mean {near[0]!r}?" if near else "add the person to the candidates or mend the terms"
