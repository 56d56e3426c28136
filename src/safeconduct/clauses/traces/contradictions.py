"""What terms say that nothing can meet: patterns that no event matches, selectors that no person does."""

from collections.abc import Iterable, Iterator, Sequence

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.count import Count
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.library import Terms
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.clauses.selection import SelectingClause
from safeconduct.clauses.traces.candidates import FIELDS, possible_types, why_impossible
from safeconduct.clauses.traces.choosing import persons_matching
from safeconduct.clauses.traces.example import scene_of
from safeconduct.clauses.traces.making import Example
from safeconduct.clauses.traces.said import contradicting, first_steps, never_in_time
from safeconduct.clauses.traces.solving import Wanted, asks_of_the_list, make_events, moment_of, of_persons_alone
from safeconduct.kernel.documents import Path
from safeconduct.kernel.errors import Fault
from safeconduct.vocabulary.pattern import EventPattern, read_patterns
from safeconduct.vocabulary.person import Person


def contradictions(terms: Terms) -> list[Fault]:
    """What no event and no person can match, each at its place in the terms, in the order of the file.

    The terms are sound and are judged as they stand; but a clause so written does not do what it seems to.
    """
    found: list[Fault] = []
    for clause in terms.running:
        found += list(_of_patterns(clause, terms.agreement)) or list(_together(clause, terms.agreement))
    found += [fault for clause in terms.composing for fault in _of_selector(clause, terms.agreement)]
    return sorted(found)


def matching_nobody(terms: Terms, candidates: Sequence[Person]) -> list[Fault]:
    """Selectors whose keys exclude each other, so that none of the candidates, nor anybody else, can match them."""
    return sorted(
        fault
        for clause in terms.composing
        if isinstance(clause, SelectingClause) and not clause.matching(candidates)
        for fault in _excluding_each_other(clause, terms.agreement)
    )


def flaws(clause: RunClause, examples: Iterable[Example]) -> Iterator[Fault]:
    """What came out when examples of a clause were made: patterns that match, but never together."""
    for example in examples:
        if example.pair.flaw is not None:
            key, what = example.pair.flaw
            yield _fault(clause.header, (key,), what, "mend the pattern: as it stands, the clause cannot be kept")
            return


def _of_patterns(clause: RunClause, agreement: Agreement) -> Iterator[Fault]:
    header = clause.header
    for key in RUN_KINDS[header.kind].page.pattern_parameters():
        if not header.table.has(key):
            continue
        several = isinstance(header.table.raw(key), list)
        for index, pattern in enumerate(read_patterns(header.table, key)):
            path: Path = (key, index) if several else (key,)
            why = why_impossible(pattern)
            if why is not None:
                at, what = why
                yield _fault(header, (*path, at), f"no event can match this: {what}", "mend the pattern")
            elif key == "until_all" and (nameless := _naming_nobody(pattern)):
                what = f"nobody on the list can have had this: a report '{nameless}' names no person"
                yield _fault(header, path, what, "name a type that does")
            elif asks_of_the_list(pattern) and of_persons_alone(pattern) and not _possible_on_list(pattern, agreement):
                what = "no report of a person on the list can match this: 'handover' is true exactly where 'to' is the "
                yield _fault(header, path, what + "home party", "mend the pattern")


def _together(clause: RunClause, agreement: Agreement) -> Iterator[Fault]:
    """What no reports can do though each pattern alone can be matched."""
    match clause:
        case Deadline():
            whom = never_in_time(clause, agreement)
            if whom is not None:
                what = "no report found that matches it in time" + (f" can be one for {whom}" if whom else "")
                yield _fault(
                    clause.header, ("expect",), what, "mend the pattern: as it stands, the clause cannot be kept"
                )
        case Reciprocity():
            if next(first_steps(clause, agreement), None) is None:
                what = "no report found that matches one of its patterns and not all"
                yield _fault(
                    clause.header, ("each",), what, "mend the patterns: as it stands, nothing breaks the clause"
                )
        case Concordance():
            if next(contradicting(clause, agreement), None) is None:
                what = "no two reports found that match 'of', are equal in 'same' and differ in this"
                yield _fault(
                    clause.header, ("equal",), what, "name another field: as it stands, nothing breaks the clause"
                )


def _possible_on_list(pattern: EventPattern, agreement: Agreement) -> bool:
    scene = scene_of(agreement)
    made = make_events(scene, (Wanted("e1", pattern, moment_of(pattern, scene.at_us)),), [(0,)])
    return next(made, None) is not None


def _naming_nobody(pattern: EventPattern) -> str:
    """The type that the pattern names, if no report of any type it names is one of a person."""
    if any(condition.key == "person" for condition in pattern.conditions):
        return ""
    kinds = possible_types(pattern)
    return kinds[0] if all("person" not in FIELDS.get(kind, ("person",)) for kind in kinds) else ""


def _of_selector(clause: ComposeClause, agreement: Agreement) -> Iterator[Fault]:
    if not isinstance(clause, SelectingClause):
        return
    parties = agreement.parties
    if impossible := list(_excluding_each_other(clause, agreement)):
        yield from impossible
    elif isinstance(clause, Count) and clause.minimum:
        for party in clause.parties:
            if not persons_matching(clause.of, 1, (party,), parties):
                what = f"no person whom {party} holds can match this, and {party} must release {clause.minimum:,}"
                yield _fault(clause.header, ("of",), what, "mend the selector, or count in all")


def _excluding_each_other(clause: SelectingClause, agreement: Agreement) -> Iterator[Fault]:
    if not persons_matching(clause.of, 1, agreement.parties, agreement.parties):
        what = "no person can match this: its keys exclude each other"
        yield _fault(clause.header, ("of",), what, "mend the selector")


def _fault(header: ClauseHeader, path: Path, what: str, mend: str) -> Fault:
    return header.table.document.fault((*header.table.path, *path), what, mend)
