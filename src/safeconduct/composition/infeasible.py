"""What is told where no choice keeps every clause: which cannot hold together, and what would do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from safeconduct.composition.conflicts import Conflicts, find_conflicts
from safeconduct.composition.constraint import Constraint
from safeconduct.composition.model import Condition, as_written, lowest_terms, tranches_in_order
from safeconduct.composition.relaxation import Eased, WayOut, least_way_out, ways_to_give
from safeconduct.composition.report import Change, Relaxation
from safeconduct.composition.words import listed, numbered
from safeconduct.vocabulary.person import Person

_TOLD = 5
"""How many conflicts, and how many ways out, are told in sentences; the file has all."""


@dataclass(frozen=True)
class Dispute:
    """Clauses over the candidates, with what they are bound by beside them."""

    constraints: Sequence[Constraint]
    eased: Mapping[str, Sequence[Eased]]
    """Of every constraint, by id, its rows and how they give way."""
    conditions: Sequence[Condition]
    """The same rows in lowest terms; and what is no clause and always stays."""
    count: int
    """Of candidates."""

    @classmethod
    def of(cls, constraints: Sequence[Constraint], candidates: Sequence[Person]) -> Self:
        """What the constraints ask of the candidates. They are all of the terms, with every tranche."""
        tranches = [one.name for one in tranches_in_order(constraints)]
        rows = {one.id: one.rows(candidates) for one in constraints}
        eased = {
            clause: ways_to_give([(as_written(clause, row, tranches), row.gives) for row in some])
            for clause, some in rows.items()
        }
        conditions = [lowest_terms(one.row) for some in eased.values() for one in some]
        return cls(constraints, eased, conditions, len(candidates))

    @property
    def ids(self) -> list[str]:
        """Of the clauses, in their order."""
        return [one.id for one in self.constraints]


@dataclass(frozen=True)
class Settlement:
    """Why clauses cannot hold together, and what would let them."""

    conflicts: Conflicts
    relaxations: tuple[Relaxation, ...]
    """For the fewest persons first; those whose amounts the time did not reach last."""
    exhaustive: bool
    """Whether conflicts and relaxations are all there are, each with its least amounts."""


def settle(dispute: Dispute, left_us: Callable[[], int], progress: Callable[[str], None]) -> Settlement:
    """All minimal conflicts and relaxations, and of each relaxation the least amounts in the clauses' own units.

    Letting more clauses give way than must, each by less, may cost fewer persons than any of these: it is told then.
    """
    hard = {one.id for one in dispute.constraints if one.hard}
    progress("looking for what clashes")
    cheapest = _way_out(dispute, [one for one in dispute.ids if one not in hard], left_us)
    conflicts = find_conflicts(
        dispute.conditions,
        dispute.ids,
        hard,
        dispute.count,
        left_us,
        lambda clashing, out: progress(f"{numbered(clashing, 'conflict')}, {numbered(out, 'way')} out so far"),
    )
    least: list[tuple[tuple[str, ...], WayOut | None]] = []
    for number, clauses in enumerate(conflicts.relaxations, 1):
        progress(f"by how little: way out {number:,} of {len(conflicts.relaxations):,}")
        least.append((clauses, _way_out(dispute, clauses, left_us)))
    costs = [way.cost for _, way in least if way is not None]
    if cheapest is not None and all(cheapest.cost < cost for cost in costs):
        least.append((tuple(one for one in dispute.ids if one in cheapest.amounts), cheapest))
    least.sort(key=lambda way: (way[1] is None, way[1].cost if way[1] else 0, len(way[0])))
    exhaustive = conflicts.complete and all(way is not None and way.least for _, way in least)
    minimal = set(conflicts.relaxations)
    told = tuple(_told(dispute, clauses, way, clauses in minimal) for clauses, way in least)
    return Settlement(conflicts, told, exhaustive)


def sentences(settlement: Settlement, constraints: Sequence[Constraint], opening: str) -> list[str]:
    """The dispute for people, and what would do."""
    lines = [*why(settlement, constraints, opening), *ways(settlement)]
    if not settlement.exhaustive:
        lines.append("The time ran out: there may be further conflicts, and further or cheaper ways out.")
    return lines


def why(settlement: Settlement, constraints: Sequence[Constraint], opening: str) -> list[str]:
    """What cannot hold together, behind an opening such as "No choice keeps every clause: ". They name clauses and
    parties, and persons only as the terms themselves do."""
    first = settlement.conflicts.first
    asked = {one.id: one.sentence() for one in constraints}
    lines = [f"{opening}{_clash(first)}."]
    lines += [f"{clause}: {asked[clause]}" for clause in first if clause in asked]
    if not settlement.conflicts.minimal:
        lines.append("The time ran out before it was shown that each of them is needed.")
    elif len(first) > 1:
        lines.append("Without any one of them, the rest of them could hold.")
    others = [one for one in settlement.conflicts.conflicts if one != first]
    lines += [f"Also, {_clash(one)}." for one in others[: _TOLD - 1]]
    if len(others) >= _TOLD:
        lines.append(f"So do {len(others) - _TOLD + 1:,} further sets of clauses clash.")
    return lines


def ways(settlement: Settlement) -> list[str]:
    """What would do: by how little which clauses would have to give way."""
    found = settlement.relaxations
    if not found:
        if not settlement.exhaustive:
            return []
        return ["No clause that may give way would mend it: who is protected, wounded or sick is not bargained with."]
    lines = ["Any one of these would do:" if len(found) > 1 else "This would do:"]
    for number, way in enumerate(found[:_TOLD], 1):
        what = "; and ".join(f"{one.clause}: {one.told}" for one in way.changes)
        what = what or f"{listed(way.clauses)} would give way, by how little is not known"
        persons = "" if way.persons is None else f" – {numbered(way.persons, 'person')} in question"
        lines.append(f"{number}. {what}{persons}.")
    if len(found) > _TOLD:
        lines.append(f"There are {len(found) - _TOLD:,} further ways out.")
    return lines


def _clash(clauses: Sequence[str]) -> str:
    if len(clauses) == 1:
        return f"clause {clauses[0]} cannot be kept"
    return f"clauses {listed(clauses)} cannot hold together"


def _way_out(dispute: Dispute, clauses: Sequence[str], left_us: Callable[[], int]) -> WayOut | None:
    if not left_us():
        return None
    giving = {clause: dispute.eased[clause] for clause in clauses}
    staying = [row for row in dispute.conditions if row.clause not in giving]
    return least_way_out(giving, staying, dispute.count, left_us)


def _told(dispute: Dispute, clauses: tuple[str, ...], way: WayOut | None, minimal: bool) -> Relaxation:
    if way is None:
        return Relaxation(clauses, (), None, minimal)
    by_id = {one.id: one for one in dispute.constraints}
    changes = tuple(
        Change(clause, dict(way.amounts[clause]), by_id[clause].giving_way(way.amounts[clause])) for clause in clauses
    )
    return Relaxation(clauses, changes, -(-way.cost.numerator // way.cost.denominator), minimal)
