"""What is left to do about the persons on the lists, and for each what to do next."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.linkage import Weighing
from safeconduct.registry.reconciling import no_longer_follow
from safeconduct.registry.review_queue import ListPair
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION
from safeconduct.registry.state import RegistryState

WORKLISTS: Final = {
    "sought-not-held": "sought, and on no list of the held so far",
    "held-not-sought": "held, and on no list of the sought so far",
    "held-by-nobody": "sought, and no side lists anybody likely",
    "already-exchanged": "listed, and handed over already",
    "twice-on-one-list": "the same person twice on one side's list",
    "to-reconcile": "candidates on record that no longer follow from the findings",
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
    registry: RegistryState, weighings: Mapping[ListPair, Weighing], handed_over: AbstractSet[str]
) -> dict[str, list[Task]]:
    """Every worklist by its name, in the order of `WORKLISTS`; rows in the order of their lists.

    `handed_over`: persons by their id in the exchange. Who was handed over is on no other list.
    """
    lists = _Lists(registry, weighings, handed_over)
    across = [pair for pair in weighings if pair.held != pair.sought]
    sought = [row for list_id in dict.fromkeys(one.sought for one in across) for row in lists.unmatched(list_id)]
    held = [row for list_id in dict.fromkeys(one.held for one in across) for row in lists.unmatched(list_id)]
    return {
        "sought-not-held": [_sought(one, state) for one, state in sought],
        "held-not-sought": [_held(one, state) for one, state in held],
        "held-by-nobody": [_nobody(one) for one, state in sought if state == _NOBODY],
        "already-exchanged": lists.exchanged(),
        "twice-on-one-list": lists.twice(),
        "to-reconcile": [
            Task(
                registry.candidates[person].held_list,
                registry.candidates[person].held_ref,
                f"candidate {person}: the rows of the sought are others now",
                "reconcile again before the next round is composed",
            )
            for person in no_longer_follow(registry)
        ],
    }


_NOBODY, _OPEN, _EARLY, _EXCLUDED = "nobody", "open", "early", "excluded"
_Row = tuple[str, str]


def _sought(row: _Row, state: str) -> Task:
    about, step = {
        _NOBODY: ("no row of the other side is likely", "ask the other side; begin a tracing request"),
        _OPEN: ("a proposed partner waits for reviewers", "safeconduct registry review"),
        _EARLY: ("reviewers could not say yet, or disagree", "ask the parties for what is missing, then review again"),
        _EXCLUDED: ("the proposed partner is somebody else", "look at the rivals; ask the other side"),
    }[state]
    return Task(*row, about, step)


def _held(row: _Row, state: str) -> Task:
    task = _sought(row, state)
    if state == _NOBODY:
        return Task(*row, "nobody seeks them", "tell the home party that they are held; ask whether it knows them")
    return task


def _nobody(row: _Row) -> Task:
    return Task(*row, "no side lists anybody likely", "tracing request to every detaining power and the Central Agency")


class _Lists:
    def __init__(
        self, registry: RegistryState, weighings: Mapping[ListPair, Weighing], handed_over: AbstractSet[str]
    ) -> None:
        self._registry, self._weighings = registry, weighings
        self._same = self._of_one_person()
        self._exchanged: dict[_Row, str] = {}
        for person in sorted(registry.candidates.keys() & handed_over):
            one = registry.candidates[person]
            for row in self._persons((one.held_list, one.held_ref)):
                self._exchanged[row] = person

    def unmatched(self, list_id: str) -> Iterator[tuple[_Row, str]]:
        """The rows of a list without an identified partner on another, and how far each has come."""
        proposed = {
            row
            for pair, weighing in self._weighings.items()
            if pair.held != pair.sought
            for one in weighing.pairs
            if one.right_ref
            for row in ((pair.held, one.left_ref), (pair.sought, one.right_ref))
        }
        for row in self._rows(list_id):
            rows = self._persons(row)
            if row in self._exchanged or any(one[0] != list_id for one in rows):
                continue
            states = {self._state(one) for one in rows} - {""}
            likely = any(one in proposed for one in rows)
            if likely and states <= {_EXCLUDED}:
                states.add(_OPEN)
            yield row, next((state for state in (_OPEN, _EARLY, _EXCLUDED) if state in states), _NOBODY)

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
        for pair, weighing in self._weighings.items():
            for one in weighing.pairs if pair.held == pair.sought else ():
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

    def _rows(self, list_id: str) -> Iterator[_Row]:
        return (row for row in self._registry.persons if row[0] == list_id)

    def _persons(self, row: _Row) -> frozenset[_Row]:
        return self._same.get(row, frozenset((row,)))

    def _state(self, row: _Row) -> str:
        """How far the pairs of a row with other lists have come."""
        registry = self._registry
        findings = [registry.finding(pair) for pair in registry.pairs_of.get(row, ()) if pair[0] != pair[2]]
        if any(one.lacking and not one.disputed for one in findings):
            return _OPEN
        if any(one.outcome not in (EXCLUSION, "") for one in findings):
            return _EARLY
        return _EXCLUDED if findings else ""

    def _of_one_person(self) -> dict[_Row, frozenset[_Row]]:
        """Of each row all rows that reviewers found to be the same person, itself among them."""
        registry = self._registry
        group: dict[_Row, set[_Row]] = {}
        for pair in registry.opinions:
            if registry.finding(pair).outcome != IDENTIFICATION:
                continue
            one, other = pair[:2], pair[2:]
            merged = group.setdefault(one, {one}) | group.setdefault(other, {other})
            group.update(dict.fromkeys(merged, merged))
        return {row: frozenset(rows) for row, rows in group.items()}
