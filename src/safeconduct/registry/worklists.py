"""What is left to do about the persons on the lists, and for each what to do next."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.linkage import Pair
from safeconduct.registry.reconciliation import Row, earlier_rows, handed_over_rows, persons_found, reconciliation
from safeconduct.registry.review_queue import ListPair
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, PREMATURE, PairKey
from safeconduct.registry.state import RegistryState

WORKLISTS: Final = {
    "sought-not-held": "sought, and on no list of the held so far",
    "held-not-sought": "held, and on no list of the sought so far",
    "held-by-nobody": "sought, and no side lists anybody likely",
    "already-exchanged": "listed, and handed over already",
    "twice-on-one-list": "the same person twice on one side's list",
    "to-reconcile": "candidates on record that no longer follow from the lists and findings",
}
"""Each worklist, and what it is."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a worklist."""

    list_id: str
    ref: str
    about: str
    """How things stand."""
    next_step: str


def worklists(
    registry: RegistryState,
    parties: Sequence[str],
    proposed: Mapping[ListPair, Sequence[Pair]],
    handed_over: AbstractSet[str],
) -> dict[str, list[Task]]:
    """Every worklist by its name, in the order of `WORKLISTS`; rows in the order of their lists.

    `parties` of the agreement; `proposed`: what matching proposes of the lists that are compared; `handed_over`:
    persons by their id in the exchange, who are on no other worklist. Only lists that are compared count, as they stand
    now: a finding on a row that its party took off the list, or that says something else in the version that stands,
    joins nobody.
    """
    lists = _Lists(registry, proposed, handed_over)
    across = [pair for pair in proposed if pair.held != pair.sought]
    sought = [row for list_id in dict.fromkeys(one.sought for one in across) for row in lists.unmatched(list_id)]
    held = [row for list_id in dict.fromkeys(one.held for one in across) for row in lists.unmatched(list_id)]
    return {
        "sought-not-held": [_sought(one, state) for one, state in sought],
        "held-not-sought": [_held(one, state) for one, state in held],
        "held-by-nobody": [_nobody(one) for one, state in sought if state == _NOBODY],
        "already-exchanged": lists.exchanged(),
        "twice-on-one-list": lists.twice(),
        "to-reconcile": _to_reconcile(registry, parties, handed_over),
    }


def _to_reconcile(registry: RegistryState, parties: Sequence[str], handed_over: AbstractSet[str]) -> list[Task]:
    found = reconciliation(registry, parties, handed_over=handed_over)
    changed = {one.person for one in found.changed}
    gone = {one.person: one.reason for one in found.withdrawn}
    return [
        Task(
            one.held_list,
            one.held_ref,
            f"candidate {person}: no candidate any more ({gone[person]})" if person in gone else _others(person),
            "safeconduct registry reconcile, before the next round is composed",
        )
        for person, one in sorted(registry.candidates.items())
        if person in gone or person in changed
    ]


def _others(person: str) -> str:
    return f"candidate {person}: the lists or the findings say otherwise now"


_NOBODY, _OPEN, _EARLY, _EXCLUDED, _TORN = "nobody", "open", "early", "excluded", "torn"


def _sought(row: Row, state: str) -> Task:
    about, step = {
        _NOBODY: ("no row of the other side is likely", "ask the other side; begin a tracing request"),
        _OPEN: ("a proposed partner waits for reviewers", "safeconduct registry review"),
        _EARLY: ("reviewers could not say yet, or disagree", "ask the parties for what is missing, then review again"),
        _EXCLUDED: ("the proposed partner is somebody else", "look at the rivals; ask the other side"),
        _TORN: ("the findings on this person contradict each other", "safeconduct registry review --again"),
    }[state]
    return Task(*row, about, step)


def _held(row: Row, state: str) -> Task:
    task = _sought(row, state)
    if state == _NOBODY:
        return Task(*row, "nobody seeks them", "tell the home party that they are held; ask whether it knows them")
    return task


def _nobody(row: Row) -> Task:
    return Task(*row, "no side lists anybody likely", "tracing request to every detaining power and the Central Agency")


class _Lists:
    def __init__(
        self, registry: RegistryState, proposed: Mapping[ListPair, Sequence[Pair]], handed_over: AbstractSet[str]
    ) -> None:
        self._registry, self._proposed = registry, proposed
        compared = {name for pair in proposed for name in (pair.held, pair.sought)}
        self._stand = {row: None for row in registry.persons if row[0] in compared}
        self._person, self._torn = persons_found(self._stand, _findings(registry, self._stand))
        self._rows_of: dict[Row, list[Row]] = defaultdict(list)
        for row, person in self._person.items():
            self._rows_of[person].append(row)
        self._across: dict[Row, list[PairKey]] = defaultdict(list)
        for pair in dict.fromkeys(_pairs_across(proposed, registry)):
            if pair[0] != pair[2] and pair[:2] in self._stand and pair[2:] in self._stand:
                self._across[pair[:2]].append(pair)
                self._across[pair[2:]].append(pair)
        self._exchanged = _rows_exchanged(registry, handed_over)

    def unmatched(self, list_id: str) -> Iterator[tuple[Row, str]]:
        """The rows of a list without an identified partner on another, and how far each has come."""
        for row in self._rows(list_id):
            rows = self._rows_of[self._person[row]]
            if row in self._exchanged:
                continue
            if self._person[row] in self._torn:
                yield row, _TORN
            elif all(one[0] == list_id for one in rows):
                yield row, self._state(rows)

    def exchanged(self) -> list[Task]:
        """Rows of persons who were handed over."""
        return [
            Task(*row, f"handed over as {self._exchanged[row]}", "leave out of the next lists")
            for list_id in self._registry.lists
            for row in self._rows(list_id)
            if row in self._exchanged
        ]

    def twice(self) -> list[Task]:
        """Pairs of rows of one list that are one person, or may be."""
        tasks = []
        for pair, pairs in self._proposed.items():
            for one in pairs if pair.held == pair.sought else ():
                finding = self._registry.finding((pair.held, one.left_ref, pair.sought, one.right_ref))
                if finding.outcome == EXCLUSION:
                    continue
                found = finding.outcome == IDENTIFICATION
                tasks.append(
                    Task(
                        pair.held,
                        one.left_ref,
                        f"{'the same person as' if found else 'may be the same person as'} {one.right_ref}",
                        "ask the party to strike one row" if found else "safeconduct registry review",
                    )
                )
        return tasks

    def _rows(self, list_id: str) -> Iterator[Row]:
        return (row for row in self._stand if row[0] == list_id)

    def _state(self, rows: Iterable[Row]) -> str:
        """How far the pairs of one person's rows with other lists have come, proposed or looked at by somebody."""
        findings = [self._registry.finding(pair) for row in rows for pair in self._across[row]]
        if any(one.lacking and not one.disputed for one in findings):
            return _OPEN
        if any(one.outcome == PREMATURE for one in findings):
            return _EARLY
        return _EXCLUDED if findings else _NOBODY


def _pairs_across(proposed: Mapping[ListPair, Sequence[Pair]], registry: RegistryState) -> Iterator[PairKey]:
    for lists, pairs in proposed.items():
        yield from ((lists.held, one.left_ref, lists.sought, one.right_ref) for one in pairs if one.right_ref)
    yield from registry.pairs_found()


def _findings(registry: RegistryState, rows: Container[Row]) -> dict[PairKey, str]:
    return {
        pair: registry.finding(pair).outcome for pair in registry.pairs_found() if pair[:2] in rows and pair[2:] in rows
    }


def _rows_exchanged(registry: RegistryState, handed_over: AbstractSet[str]) -> dict[Row, str]:
    """The rows of persons who were handed over, by all that was ever found of them, also in later versions of lists."""
    earlier = earlier_rows(registry)
    found = handed_over_rows(registry, handed_over, earlier)
    rows = {*registry.persons, *found}
    versions = [(row, one) for row, before in earlier.items() for one in before]
    person, torn = persons_found(rows, _findings(registry, rows), versions)
    of_person = {person[row]: one for row, one in found.items() if person[row] not in torn}
    return found | {row: of_person[first] for row, first in person.items() if first in of_person}
