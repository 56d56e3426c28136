"""Kind `like-for-like`: of each sort, one side releases as many as the other.

"Officer for officer, man for man": the cartel of Dix and Hill of 22 July 1862 exchanged rank for rank before it turned
to equivalents in privates.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, PARTIES, WHOLE, KindPage, Parameter
from safeconduct.clauses.ratio import read_between
from safeconduct.clauses.selection import SelectingClause, counted, listed, of_those, read_of
from safeconduct.clauses.values import VALUES_OF
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.kernel.documents import Table, suggest
from safeconduct.kernel.errors import BadInput
from safeconduct.vocabulary.categories import CATEGORIES, SEXES
from safeconduct.vocabulary.person import Person

NOT_STATED = ""
"""The group of those of whom the list does not say."""
_WAYS = {"rank": "rank for rank", "category": "category for category", "sex": "sex for sex", "unit": "unit for unit"}
_ALLOWED = {"category": CATEGORIES, "sex": SEXES}
Groups = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class LikeForLike(SelectingClause):
    """It constrains the choice: of every group of those matching `of`, the numbers released by A and by B differ by at
    most `tolerance`."""

    between: tuple[str, str]
    """A and B."""
    by: str
    """A key of `VALUES_OF`."""
    groups: Groups
    """Values that count as one, under a name; every value that is in none is a group of its own."""
    tolerance: int

    def sentence(self) -> str:
        """What the clause asks."""
        give = f", give or take {counted(self.tolerance)}" if self.tolerance else ""
        alike = "; ".join(f"{listed(values)} count as {name}" for name, values in self.groups)
        way = f"{_WAYS[self.by]} ({alike})" if alike else _WAYS[self.by]
        return of_those(self.of, f"{way}, {listed(self.between)} release the same number{give}.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """For each group, those released by A less those released by B lie within the tolerance."""
        first, second = self.between
        coefficients: dict[str, list[int]] = {}
        group_of = self._group_of()
        for number, (matching, person) in enumerate(zip(self.coefficients(candidates), candidates, strict=True)):
            for group in self._groups(person, group_of) if matching else ():
                row = coefficients.setdefault(group, [0] * len(candidates))
                row[number] = (person.held_by == first) - (person.held_by == second)
        # The tolerance is one for all groups: wider by one, it is wider for each.
        give = Give("tolerance", low=1, high=1, persons=Fraction(len(coefficients)))
        return tuple(
            Row(coefficients[group], -self.tolerance, self.tolerance, gives=(give,)) for group in sorted(coefficients)
        )

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """The tolerance that it would need."""
        before = counted(self.tolerance) if self.tolerance else "none"
        return f"give or take {counted(self.tolerance + amounts['tolerance'])} instead of {before}"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether the two numbers of every group are near enough."""
        first, second = self.between
        group_of = self._group_of()
        released = Counter(
            (person.held_by, group) for person in self.matching(chosen) for group in self._groups(person, group_of)
        )
        groups = sorted({group for party, group in released if party in self.between})
        apart = {group: abs(released[first, group] - released[second, group]) for group in groups}
        kept = all(number <= self.tolerance for number in apart.values())
        if not groups:
            return Judgement(kept, "nobody released whom it covers")
        furthest = max(groups, key=lambda group: apart[group])
        told = f"{first} and {second} release the same number"
        if len(groups) > 1:
            told += f" in each of {counted(len(groups))} groups"
        if apart[furthest]:
            numbers = f"{first} {counted(released[first, furthest])} to {second} {counted(released[second, furthest])}"
            told = f"{numbers} of {self._named(furthest)}"
            if len(groups) > 1:
                told += f", the furthest apart of {counted(len(groups))} groups"
        return Judgement(kept, told)

    def _named(self, group: str) -> str:
        if group == NOT_STATED:
            return f"no stated {self.by}"
        return group if group in dict(self.groups) else f"the {self.by} {group}"

    def _group_of(self) -> dict[str, str]:
        return {value: name for name, values in self.groups for value in values}

    def _groups(self, person: Person, group_of: Mapping[str, str]) -> set[str]:
        return {group_of.get(value, value) for value in VALUES_OF[self.by](person) or (NOT_STATED,)}


def read_like_for_like(header: ClauseHeader, agreement: Agreement) -> LikeForLike:
    """Read `of`, `between`, `by`, `groups` and `tolerance`. Raises BadInput at line and column."""
    table = header.table
    by = table.choice("by", tuple(_WAYS))
    return LikeForLike(
        header,
        read_of(header, agreement),
        between=read_between(table, agreement.parties),
        by=by,
        groups=_read_groups(table.table("groups"), _ALLOWED.get(by, ())) if table.has("groups") else (),
        tolerance=table.integer("tolerance", minimum=0) if table.has("tolerance") else 0,
    )


def _read_groups(table: Table, allowed: Sequence[str]) -> Groups:
    groups = tuple((name, table.texts(name, minimum=1)) for name in table.values)
    group_of: dict[str, str] = {}
    for name, values in groups:
        for index, value in enumerate(values):
            path = (*table.path, name, index)
            if allowed and value not in allowed:
                raise BadInput(table.document.fault(path, f"{value!r} is no such value", suggest(value, allowed)))
            if value in group_of:
                what = f"{value!r} is in the groups {group_of[value]!r} and {name!r}"
                raise BadInput(table.document.fault(path, what, "leave it in one"))
            group_of[value] = name
    for name in table.values:
        if group_of.get(name, name) != name:
            what = f"{name!r} is the name of a group and a value of the group {group_of[name]!r}"
            raise BadInput(table.fault(name, what, "give the group a name of its own", of="key"))
    return groups


LIKE_FOR_LIKE_PAGE = KindPage(
    kind="like-for-like",
    summary="of each rank, category, sex or unit, one party releases as many as the other",
    judges=(COMPOSE,),
    meaning=(
        "Of the chosen candidates who match `of`, in every group, the number released by A and the number released by "
        "B differ by at most `tolerance`. Every value of the field `by` is a group of its own, unless `groups` puts "
        "several under one name; those of whom the list does not say are a group as well, so that nobody slips out of "
        "the count. Who has several categories counts in each."
    ),
    formula=(
        "|sum of x(p) with held_by(p) = A - sum of x(p) with held_by(p) = B| <= tolerance, over p with of(p) and "
        "by(p) in g, for each group g"
    ),
    source=(
        "Man for man, officer for officer: the cartel of Dix and Hill of 22 July 1862 exchanged rank for rank before "
        "it turned to equivalents. The seriously wounded and sick go home regardless of rank (GC III, art. 109)."
    ),
    duty=(
        "rank-for-rank: Rank for rank (lieutenant and captain count as officers), RU and UA release the same number, "
        "give or take 1."
    ),
    parameters=(
        OF,
        Parameter("between", PARTIES, "A and B.", required=True),
        Parameter("by", '"rank", "category", "sex" or "unit"', "What makes them alike.", required=True),
        Parameter(
            "groups",
            "table of name to list of values",
            "Values that count as one; every other value stands for itself.",
        ),
        Parameter("tolerance", WHOLE, "By how many the two numbers of a group may differ.", default="0"),
    ),
    example="""
[[clause]]
id = "rank-for-rank"
kind = "like-for-like"
between = ["RU", "UA"]
by = "rank"
groups = { officers = ["lieutenant", "captain"] }
tolerance = 1
text = "Rank for rank, junior officers taken together."
""",
)
"""What the kind says of itself."""
