"""What follows from lists and reviewers' findings as they stand: who is a candidate, and what is to be recorded.

Rows that reviewers found to be one person form a group, and each row stands in one group alone: so no row can be in two
candidates. Where findings contradict each other nobody is a candidate until reviewers mend it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter

import msgspec

from safeconduct.kernel.entry import Entry
from safeconduct.registry.comparing import plainly_same
from safeconduct.registry.entries import (
    CONTRADICTED,
    MERGED,
    NOT_LISTED,
    CandidateReconciled,
    CandidateWithdrawn,
    PersonListed,
)
from safeconduct.registry.reconciling import Interview, Reconciled, candidate_entry, consent_of, reconcile
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, PREMATURE, PairKey
from safeconduct.registry.rows import person_of
from safeconduct.registry.state import RegistryState
from safeconduct.vocabulary.person import Person

Row = tuple[str, str]
"""List and ref."""

IDENTIFIED, UNREVIEWED, TOO_EARLY, EXCLUDED, NOT_PROPOSED, CONFLICTING, HANDED_OVER, HOMELESS = STANDINGS = (
    "identified",
    "unreviewed",
    "premature",
    "excluded",
    "not-proposed",
    "conflicting",
    "already-exchanged",
    "no-home",
)
"""How a person held stands to the lists of the sought; of the last three nobody is a candidate."""

_PLACE = ("own", "list_id")
_CONTENT = attrgetter(*(one for one in PersonListed.__struct_fields__ if one not in Entry.__struct_fields__ + _PLACE))


@dataclass(frozen=True, slots=True)
class Standing:
    """One person held, and how they stand."""

    rows: tuple[Row, ...]
    """Of the held; the first gives the candidate its place."""
    standing: str
    """Of STANDINGS."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything that follows from the record."""

    standings: tuple[Standing, ...]
    candidates: tuple[Reconciled, ...]
    """All of them; the `ref` of each is the id by which the exchange knows the person."""
    changed: tuple[CandidateReconciled, ...]
    """Those to be recorded because the record says otherwise of them, or nothing."""
    withdrawn: tuple[CandidateWithdrawn, ...]
    """Those on record who are candidates no more."""
    open_pairs: tuple[PairKey, ...]
    """Those that wait for a reviewer and may concern a candidate: not those of persons handed over alone."""

    @property
    def held_back(self) -> int:
        """How many candidates the built-in clause `protected` keeps out of every round; never told apart."""
        return sum(one.person.protected or one.person.consent == "unwilling" for one in self.candidates)


def reconciliation(
    registry: RegistryState,
    parties: Sequence[str],
    *,
    handed_over: AbstractSet[str] = frozenset(),
    waiting: Collection[PairKey] = (),
    interviews: Mapping[str, Interview] | None = None,
    now_us: int = 0,
) -> Reconciliation:
    """The candidates of all lists that no other list replaces.

    `handed_over`: persons by id, whose rows make no candidate again. `waiting`: pairs on which a reviewer is asked.
    `interviews`: by id, what is known now; of everybody else what the candidate on record says stands. Somebody who is
    on record keeps their id also where a new version of the list moved the row.
    """
    return _Reconciling(registry, parties, handed_over, waiting, interviews or {}, now_us).result()


def earlier_rows(registry: RegistryState) -> dict[Row, list[Row]]:
    """Of rows of lists that replaced others, the rows there that are plainly of the same person, the latest first."""
    rows: dict[str, dict[str, PersonListed]] = defaultdict(dict)
    for (list_id, ref), listed in registry.persons.items():
        rows[list_id][ref] = listed
    earlier: dict[Row, list[Row]] = {}
    for one in registry.replaced.values():  # in the order of the record: what was replaced first comes first
        for old, new in _plainly_same(rows[one.replaces], rows[one.list_id]).items():
            row = one.replaces, old
            earlier[one.list_id, new] = [row, *earlier.get(row, [])]
    return earlier


def _plainly_same(before: Mapping[str, PersonListed], after: Mapping[str, PersonListed]) -> dict[str, str]:
    """`plainly_same` of two versions, without reading again the many rows that did not change."""
    same = {ref: ref for ref, row in before.items() if ref in after and _CONTENT(row) == _CONTENT(after[ref])}
    left, right = ([person_of(row) for ref, row in one.items() if ref not in same] for one in (before, after))
    return same | plainly_same(left, right)


def handed_over_rows(
    registry: RegistryState, handed_over: AbstractSet[str], earlier: Mapping[Row, Sequence[Row]]
) -> dict[Row, str]:
    """The rows of the held of persons who were handed over, also in later versions of the list, with their id."""
    known = registry.candidates_ever()
    rows = {(known[one].held_list, known[one].held_ref): one for one in sorted(known.keys() & handed_over)}
    for row, before in earlier.items():
        person = next((rows[one] for one in before if one in rows), "")
        if person:
            rows.setdefault(row, person)
    return rows


def persons_found(
    rows: Collection[Row], findings: Mapping[PairKey, str], versions: Iterable[tuple[Row, Row]] = ()
) -> tuple[dict[Row, Row], set[Row]]:
    """Of each row one that stands for all rows of that person, and those of them where findings contradict each other:
    two rows of one person were found to be two, or one row to be two rows of another list that are not one person.

    `findings`: the outcome of pairs of these rows; `versions`: rows that are plainly one person without any finding.
    """
    same = [(pair[:2], pair[2:]) for pair, outcome in findings.items() if outcome == IDENTIFICATION]
    person = _united(rows, [*same, *versions])
    on_list = _united(rows, [(one, other) for one, other in same if one[0] == other[0]])
    partners: dict[tuple[Row, str], set[Row]] = defaultdict(set)
    for one, other in same:
        if one[0] != other[0]:
            partners[one, other[0]].add(on_list[other])
            partners[other, one[0]].add(on_list[one])
    excluded = [(pair[:2], pair[2:]) for pair, outcome in findings.items() if outcome == EXCLUSION]
    torn = {person[one] for one, other in excluded if person[one] == person[other]}
    return person, torn | {person[row] for (row, _), others in partners.items() if len(others) > 1}


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that reviewers found to be one person."""

    held: tuple[Row, ...]
    sought: tuple[Row, ...]
    conflicting: bool


class _Reconciling:
    def __init__(
        self,
        registry: RegistryState,
        parties: Sequence[str],
        handed_over: AbstractSet[str],
        waiting: Collection[PairKey],
        interviews: Mapping[str, Interview],
        now_us: int,
    ) -> None:
        self._registry, self._parties, self._interviews, self._now_us = registry, parties, interviews, now_us
        self._rows = [row for row in registry.persons if row[0] in registry.lists and row[0] not in registry.replaced]
        self._pairs = waiting
        self._waiting = {row for pair in waiting if pair[0] != pair[2] for row in (pair[:2], pair[2:])}
        self._earlier = earlier_rows(registry)
        self._handed_over = handed_over
        self._exchanged = handed_over_rows(registry, handed_over, self._earlier)
        self._known = registry.candidates_ever()
        self._ids: dict[Row, list[str]] = defaultdict(list)
        for person, one in self._known.items():
            self._ids[one.held_list, one.held_ref].append(person)
        rows = set(self._rows)
        self._findings = {
            pair: registry.finding(pair).outcome
            for pair in registry.pairs_found()
            if rows.issuperset((pair[:2], pair[2:]))
        }

    def result(self) -> Reconciliation:
        groups, new_id = list(self._groups()), self._new_ids()
        standings: list[Standing] = []
        found: dict[str, tuple[Reconciled, Row]] = {}
        lost: dict[str, str] = {}
        for group in groups:
            ids, home = self._ids_of(group.held), self._home(group)
            standing = self._standing(group, home)
            standings.append(Standing(group.held, standing))
            if standing == CONFLICTING:
                lost |= dict.fromkeys(ids, CONTRADICTED)
            elif standing == HANDED_OVER:
                lost |= dict.fromkeys(ids, MERGED)
            elif standing != HOMELESS:
                person = ids[0] if ids else new_id(group.held[0])
                found[person] = self._candidate(group, person, ids or [person], home), group.held[0]
                lost |= dict.fromkeys(ids[1:], MERGED)
        recorded = self._registry.candidates
        entries = [candidate_entry(one, *row, self._now_us) for one, row in found.values()]
        return Reconciliation(
            standings=tuple(standings),
            candidates=tuple(one for one, _ in found.values()),
            changed=tuple(one for one in entries if not _says(recorded.get(one.person), one)),
            withdrawn=tuple(
                CandidateWithdrawn(
                    occurred_at_us=self._now_us,
                    person=person,
                    held_list=one.held_list,
                    held_ref=one.held_ref,
                    reason=lost.get(person, NOT_LISTED),
                )
                for person, one in recorded.items()
                if person not in found and person not in self._handed_over
            ),
            open_pairs=tuple(pair for pair in self._pairs if self._matters(pair)),
        )

    def _matters(self, pair: PairKey) -> bool:
        ours = [row for row in (pair[:2], pair[2:]) if self._purpose(row) == "held"]
        return not ours or any(row not in self._exchanged for row in ours)

    def _groups(self) -> Iterator[_Group]:
        """Of everybody held, in the order of the lists and of their first ref."""
        person, torn = persons_found(self._rows, self._findings)
        members: dict[Row, list[Row]] = defaultdict(list)
        for row in self._rows:
            members[person[row]].append(row)
        for first, rows in members.items():
            held, sought = (sorted(row for row in rows if self._purpose(row) == one) for one in ("held", "sought"))
            # A party may have several lists that stand; a person is held by one party, and sought by one.
            owners = ({self._registry.lists[row[0]].own for row in each} for each in (held, sought))
            if first in torn or any(len(one) > 1 for one in owners):
                yield from (_Group((row,), tuple(sought), conflicting=True) for row in held)
            elif held:
                yield _Group(tuple(held), tuple(sought), conflicting=False)

    def _purpose(self, row: Row) -> str:
        return self._registry.lists[row[0]].purpose

    def _standing(self, group: _Group, home: str) -> str:
        if any(row in self._exchanged for row in group.held):
            return HANDED_OVER
        if group.conflicting:
            return CONFLICTING
        if not home:
            return HOMELESS
        if group.sought:
            return IDENTIFIED
        if any(row in self._waiting and not self._disputed(row) for row in group.held):
            return UNREVIEWED
        outcomes = {self._findings.get(pair, "") for row in group.held for pair in self._across(row)}
        return next(
            (standing for outcome, standing in ((PREMATURE, TOO_EARLY), (EXCLUSION, EXCLUDED)) if outcome in outcomes),
            NOT_PROPOSED,
        )

    def _across(self, row: Row) -> Iterator[PairKey]:
        return (pair for pair in self._registry.pairs_with(row) if pair[0] != pair[2])

    def _disputed(self, row: Row) -> bool:
        return any(self._registry.finding(pair).disputed for pair in self._across(row) if pair in self._findings)

    def _home(self, group: _Group) -> str:
        """The party that seeks the person; else the one that the row names; else the only one that it can be."""
        row = self._registry.persons[group.held[0]]
        own = self._registry.lists[group.held[0][0]].own
        if group.sought:
            return self._registry.lists[group.sought[0][0]].own[0]
        others = [party for party in self._parties if party not in own]
        return row.home if row.home in self._parties else others[0] if len(others) == 1 else ""

    def _candidate(self, group: _Group, person: str, ids: Sequence[str], home: str) -> Reconciled:
        persons = self._registry.persons
        # Two lists may number alike.
        held = [msgspec.structs.replace(person_of(persons[row]), ref="/".join(row)) for row in group.held]
        partners: dict[str, Person] = {}
        for row in group.held:
            for pair in self._across(row):
                if self._findings.get(pair) == IDENTIFICATION:
                    other = pair[2:] if pair[:2] == row else pair[:2]
                    partners.setdefault("/".join(row), person_of(persons[other]))
        heard = [one for one in map(self._heard, ids) if one is not None]
        interview = Interview(consent_of(heard), any(one.protected for one in heard))
        first = held[0].ref
        (one,) = reconcile(held, [(first, row.ref) for row in held[1:]], partners, {first: interview})
        listed = self._registry.lists[group.held[0][0]].own[0]
        held_by = one.person.held_by if one.person.held_by in self._parties else listed
        named = msgspec.structs.replace(one.person, ref=person, held_by=held_by, home=home)
        sought = dict.fromkeys((*one.sought_as, *(ref for _, ref in group.sought)))
        return Reconciled(named, tuple(ref for _, ref in group.held[1:]), tuple(sought))

    def _heard(self, person: str) -> Interview | None:
        known = self._known.get(person)
        before = None if known is None else Interview(known.consent, known.protected)
        return self._interviews.get(person, before)

    def _ids_of(self, held: Sequence[Row]) -> list[str]:
        """The ids by which the record knows a person, those of candidates first."""
        rows = [*held]
        for row in held:
            rows += self._earlier.get(row, ())
            # Once found to be the same person, though the party took it off its list since.
            rows += [one for one in self._same_on_list(row) if one not in self._registry.persons]
        ids = dict.fromkeys(one for row in rows for one in self._ids[row])
        return sorted(ids, key=lambda one: one not in self._registry.candidates)

    def _same_on_list(self, row: Row) -> Iterator[Row]:
        for pair in self._registry.pairs_with(row):
            if pair[0] == pair[2] and self._registry.finding(pair).outcome == IDENTIFICATION:
                yield pair[2:] if pair[:2] == row else pair[:2]

    def _new_ids(self) -> Callable[[Row], str]:
        """Gives an id to somebody who has none: the ref, if it means nobody else in the exchange."""
        used = {*self._known, *self._handed_over}
        listed = Counter(ref for list_id, ref in self._rows if self._purpose((list_id, ref)) == "held")

        def new_id(row: Row) -> str:
            return row[1] if row[1] not in used and listed[row[1]] == 1 else "/".join(row)

        return new_id


def _united(rows: Iterable[Row], pairs: Iterable[tuple[Row, Row]]) -> dict[Row, Row]:
    """Of each row one that stands for all that pairs join with it."""
    members = {row: [row] for row in rows}
    for left, right in pairs:
        one, other = members[left], members[right]
        if one is not other:
            more, fewer = (one, other) if len(one) >= len(other) else (other, one)
            more += fewer
            members.update(dict.fromkeys(fewer, more))
    return {row: min(joined) for row, joined in members.items()}


def _says(known: CandidateReconciled | None, entry: CandidateReconciled) -> bool:
    return known is not None and msgspec.structs.replace(known, occurred_at_us=entry.occurred_at_us) == entry
