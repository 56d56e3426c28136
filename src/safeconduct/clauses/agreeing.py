"""What the clauses on who is exchanged say of each other: tranches named by others, vetoes counted together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.count import Count
from safeconduct.clauses.selection import ComposingClause
from safeconduct.clauses.tranche import Tranche
from safeconduct.clauses.veto import Veto
from safeconduct.composition.constraint import TrancheOrder
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault


def made_to_agree(clauses: Sequence[ComposeClause]) -> tuple[ComposeClause, ...]:
    """The clauses, each with what it needs to know of the others.

    Raises BadInput for tranches that repeat a name, name one that is not there or come after each other in a circle,
    for a number in each tranche where there is none, and for more vetoes than a party may cast.
    """
    faults = [*_of_tranches(clauses), *_of_vetoes(clauses)]
    if faults:
        raise BadInput(faults)
    names = tuple(clause.order.name for clause in clauses if isinstance(clause, Tranche))
    return tuple(
        replace(clause, tranches=names) if isinstance(clause, Count) and clause.per == "tranche" else clause
        for clause in clauses
    )


def _of_tranches(clauses: Sequence[ComposeClause]) -> Iterator[Fault]:
    tranches = [clause for clause in clauses if isinstance(clause, Tranche)]
    by_name: dict[str, Tranche] = {}
    for tranche in tranches:
        name = tranche.order.name
        if name in by_name:
            what = f"the tranche {name!r} stands twice"
            yield tranche.header.table.fault("name", what, "give each a name of its own")
        by_name[name] = tranche
    for clause in clauses:
        if isinstance(clause, Count) and clause.per == "tranche" and not tranches:
            what = "the terms have no tranche to count in"
            yield clause.header.table.fault("per", what, "add clauses of kind 'tranche', or count otherwise")
    unknown = False
    for tranche in tranches:
        for index, name in enumerate(tranche.order.after):
            if name not in by_name:
                unknown = True
                yield _fault(tranche, "after", index, f"no tranche has the name {name!r}", suggest(name, list(by_name)))
    circle = [] if unknown else _circle([clause.order for clause in by_name.values()])
    if circle:
        what = f"the tranches come after each other in a circle: {' after '.join((*circle, circle[0]))}"
        yield by_name[circle[0]].header.table.fault("after", what, "leave out one of these")


def _circle(tranches: Sequence[TrancheOrder]) -> list[str]:
    """The names of tranches of which each comes after the next, and the last after the first; empty if there are
    none."""
    left = {one.name: one.after for one in tranches}
    while ready := [name for name, after in left.items() if not set(after) & left.keys()]:
        for name in ready:
            del left[name]
    # Each that is left comes after another that is left: going on like that leads round.
    path: list[str] = list(left)[:1]
    while path:
        step = next(name for name in left[path[-1]] if name in left)
        if step in path:
            return path[path.index(step) :]
        path.append(step)
    return []


def _of_vetoes(clauses: Sequence[ComposeClause]) -> Iterator[Fault]:
    vetoes = [clause for clause in clauses if isinstance(clause, Veto)]
    for party in {clause.by: None for clause in vetoes}:
        theirs = [clause for clause in vetoes if clause.by == party]
        limits = [clause.limit for clause in theirs if clause.limit is not None]
        named: set[str] = set()
        for clause in theirs if limits else ():
            for index, ref in enumerate(clause.refs):
                named.add(ref)
                if len(named) > min(limits):
                    what = f"{party} vetoes more persons than the {min(limits):,} that it may"
                    yield _fault(clause, "refs", index, what, "leave out some, or mend 'limit'")
                    break
            if len(named) > min(limits):
                break


def _fault(clause: ComposingClause, key: str, index: int, what: str, mend: str) -> Fault:
    return clause.header.table.document.fault((*clause.header.table.path, key, index), what, mend)
