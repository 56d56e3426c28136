"""Composing a round under the terms: the clauses of the file, the built-in ones and the candidates brought together."""

from collections.abc import Callable, Sequence

from safeconduct.clauses.consequences import with_consequences
from safeconduct.clauses.include import Include
from safeconduct.clauses.library import Terms
from safeconduct.clauses.prefer import FairShare, Largest, Prefer
from safeconduct.clauses.protected import Protected
from safeconduct.clauses.round_checks import check_round
from safeconduct.composition.constraint import Aim, Constraint
from safeconduct.composition.report import Composition
from safeconduct.kernel.ports import Clock
from safeconduct.vocabulary.person import Person


def compose_round(
    terms: Terms,
    list_name: str,
    persons: Sequence[Person],
    lines: Sequence[int],
    *,
    clock: Clock,
    time_limit_us: int,
    seed: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Composition:
    """Choose who is exchanged under the terms from the intermediary's reconciled candidates.

    `lines` are the candidates' line numbers in the list `list_name`. Raises BadInput for a candidate who cannot be
    placed and for a `ref` of the terms that is not among the candidates; Refused if the time runs out before anything
    is known. `seed` is that of the parties, in hex; empty if they gave none. `progress` is told what is being looked
    for.
    """
    check_round(terms, list_name, persons, lines)
    # Only here: the solver takes a second to load, and judging a choice needs none.
    from safeconduct.composition.compose import compose

    agreement = terms.agreement
    composition = compose(
        persons,
        constraints_of(terms),
        objectives_of(terms),
        parties=agreement.parties,
        concluded=agreement.concluded,
        clock=clock,
        time_limit_us=time_limit_us,
        seed=seed,
        progress=progress,
    )
    return with_consequences(composition, terms, persons)


def constraints_of(terms: Terms) -> tuple[Constraint, ...]:
    """What binds the choice. Those that name persons without exception come last, and last of all `protected`: so a
    person whom the terms include and who may not be exchanged is always told as that conflict."""
    binding = [clause for clause in terms.composing if not isinstance(clause, Prefer | FairShare)]
    return (*sorted(binding, key=lambda clause: isinstance(clause, Include)), Protected())


def objectives_of(terms: Terms) -> tuple[Aim, ...]:
    """What the choice strives for, in the order of the file; the largest round if the terms do not say."""
    return tuple(clause for clause in terms.composing if isinstance(clause, Prefer | FairShare)) or (Largest(),)
