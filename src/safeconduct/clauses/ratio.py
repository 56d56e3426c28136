"""Kind `ratio`: what one party releases against what another does, head for head or weighted by rank.

Man for man is 1:1; the cartel of Dix and Hill of 22 July 1862 exchanged officers for their equivalents in privates (a
general commanding for 60, a lieutenant for 4, a sergeant for 2); the exchanges of 2011 and 2025 around Gaza went by
1:1027, 30:1 and 50:1.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.carrying import CARRIED_PARAMETER, Carried, in_words, read_carried
from safeconduct.clauses.page import COMPOSE, OF, PARTIES, RATIO, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, of_those, read_of
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.kernel.documents import Table, suggest
from safeconduct.kernel.errors import BadInput
from safeconduct.vocabulary.person import Person

_RATIO = re.compile(r"([1-9]\d{0,9}):([1-9]\d{0,9})", re.ASCII)
_LARGEST_PART = 10_000
_LARGEST_WEIGHT = 10_000
"""Far above any table ever agreed, and small enough for the solver's floating point to keep every sum exact."""


@dataclass(frozen=True)
class Ratio(SelectingClause):
    """It constrains the choice: with w(X) the (weighted) number of those matching `of` whom X releases,
    |w(A)·b - w(B)·a| ≤ tolerance·b, so that A's side may be off by `tolerance`. All arithmetic is exact."""

    between: tuple[str, str]
    """A and B."""
    parts: tuple[int, int]
    """a and b: A releases a for every b of B."""
    tolerance: Fraction
    weights: tuple[tuple[str, int], ...]
    """By rank; empty: everybody counts 1."""
    default_weight: int
    """Of every rank that the table does not name."""
    carried: Carried = ()
    """Released beyond the ratio in earlier rounds, by party and counted as here: it counts as released now."""

    def sentence(self) -> str:
        """What the clause asks."""
        (first, second), (a, b) = self.between, self.parts
        weighing = ""
        if self.weights or self.default_weight != 1:
            table = [f"{rank} {weight}" for rank, weight in (*self.weights, ("any other", self.default_weight))]
            weighing = f", counted by rank ({', '.join(table)})"
        give = f"give or take {_decimal(self.tolerance)} of {first}'s" if self.tolerance else "exactly"
        rest = f"{first} releases {counted(a)} for every {counted(b)} that {second} releases{weighing}, {give}."
        before = in_words(dict(self.carried))
        return of_those(self.of, rest[:-1] + f", counting {before} from earlier rounds." if before else rest)

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """-tolerance·b ≤ w(A)·b - w(B)·a ≤ tolerance·b, the bounds rounded inward to whole numbers."""
        (first, second), (a, b) = self.between, self.parts
        factor = {first: b, second: -a}
        table = dict(self.weights)
        coefficients = [
            matching * factor.get(person.held_by, 0) * table.get(person.rank, self.default_weight)
            for matching, person in zip(self.coefficients(candidates), candidates, strict=True)
        ]
        most = int(self.tolerance * b)
        before = sum(factor[party] * number for party, number in self.carried)
        # A person of the side that counts more heads is worth less: 1:30 off by one of A's is 30 of B's.
        give = Give("tolerance", low=b, high=b, persons=max(Fraction(1), Fraction(b, a)))
        return (Row(coefficients, -most - before, most - before, gives=(give,)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """The tolerance that it would need."""
        wider, first = self.tolerance + amounts["tolerance"], self.between[0]
        told = f"{_decimal(self.tolerance)} of them" if self.tolerance else "none"
        return f"give or take {_decimal(wider)} of {first}'s{' by rank' * bool(self.weights)} instead of {told}"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether the two sums stand in the ratio, give or take the tolerance."""
        (first, second), (a, b) = self.between, self.parts
        sums = self._sums(chosen)
        off = abs(Fraction(sums[first]) - Fraction(sums[second] * a, b))
        told = f"{first} {counted(sums[first])} to {second} {counted(sums[second])}, agreed {a}:{b}"
        if before := in_words(dict(self.carried)):
            told += f", counting {before} from earlier rounds"
        if left := in_words(self.left_over(chosen)):
            told += f"; left over for the next round: {left}"
        return Judgement(off <= self.tolerance, told)

    def left_over(self, chosen: Sequence[Person]) -> dict[str, int]:
        """What each side has released beyond as many whole times the ratio as there are, earlier rounds counted: the
        next terms take it over as `carried`, and it is as far off the ratio as this round is."""
        (first, second), (a, b) = self.between, self.parts
        shared = math.gcd(a, b)
        sums = self._sums(chosen)
        times = min(sums[first] // (a // shared), sums[second] // (b // shared))
        return {first: sums[first] - times * (a // shared), second: sums[second] - times * (b // shared)}

    def _sums(self, chosen: Sequence[Person]) -> dict[str, int]:
        sums = dict.fromkeys(self.between, 0) | dict(self.carried)
        table = dict(self.weights)
        for person in self.matching(chosen):
            if person.held_by in sums:
                sums[person.held_by] += table.get(person.rank, self.default_weight)
        return sums


def read_ratio(header: ClauseHeader, agreement: Agreement) -> Ratio:
    """Read `of`, `between`, `ratio`, `tolerance`, `weights`, `carried`. Raises BadInput at line and column."""
    table = header.table
    weights, default = _read_weights(table.table("weights")) if table.has("weights") else ((), 1)
    between = read_between(table, agreement.parties)
    return Ratio(
        header,
        read_of(header, agreement),
        between=between,
        parts=read_parts(table),
        tolerance=_read_tolerance(table) if table.has("tolerance") else Fraction(0),
        weights=weights,
        default_weight=default,
        carried=read_carried(table, between, minimum=0),
    )


def read_between(table: Table, parties: tuple[str, ...]) -> tuple[str, str]:
    """`between = [A, B]`: two different parties of the agreement. Raises BadInput at line and column."""
    names = table.texts("between")
    for index, name in enumerate(names):
        if name not in parties:
            path = (*table.path, "between", index)
            raise BadInput(table.document.fault(path, f"{name!r} is no party of the agreement", suggest(name, parties)))
    if len(names) != 2:
        table.refuse("between", f"'between' names {len(names)} parties", "name two")
    return names[0], names[1]


def read_parts(table: Table) -> tuple[int, int]:
    """`ratio = "a:b"`: whole numbers above 0. Raises BadInput at line and column."""
    text = table.text("ratio")
    match = _RATIO.fullmatch(text)
    if match is None:
        table.refuse("ratio", f"{text!r} is not a ratio of whole numbers above 0", 'write it like "1:1" or "1:50"')
    parts = int(match[1]), int(match[2])
    if max(parts) > _LARGEST_PART:
        table.refuse("ratio", f"{text!r} has a part above {_LARGEST_PART:,}", "write it in lower terms")
    return parts


def _read_tolerance(table: Table) -> Fraction:
    table.number("tolerance", minimum=0)
    # The shortest decimal that reads as this float is what was written: 0.1 means a tenth, exactly.
    return Fraction(str(table.raw("tolerance")))


def _read_weights(table: Table) -> tuple[tuple[tuple[str, int], ...], int]:
    weights = {rank: table.integer(rank, minimum=0, maximum=_LARGEST_WEIGHT) for rank in table.values}
    default = weights.pop("default", 1)
    return tuple(weights.items()), default


def _decimal(number: Fraction) -> str:
    return counted(int(number)) if number.denominator == 1 else f"{float(number):g}"


RATIO_PAGE = KindPage(
    kind="ratio",
    summary="what one party releases against what another does, head for head or by rank",
    judges=(COMPOSE,),
    meaning=(
        "With w(X) the number of chosen candidates matching `of` whom X releases, each counting 1 or the weight of "
        "his or her rank, A's side stands to B's as a to b, and may be off by `tolerance`. All arithmetic is exact. "
        "What one side released beyond the ratio in earlier rounds, `carried`, is added to its number, counted as "
        "here; what is left over after this round, as many whole times the ratio taken away as there are, is told and "
        "stands in the composition (`carried`), so that the next terms can take it over. Remains count like everyone: "
        "a ratio of the living says `living = true`, and remains have a ratio of their own."
    ),
    formula=(
        "|w(A)·b - w(B)·a| <= tolerance·b, with w(X) = carried(X) + sum of weight(rank(p))·x(p) over p with of(p), "
        "held_by(p) = X"
    ),
    source=(
        "Man for man; the cartel of Dix and Hill of 22 July 1862 counted a general commanding for 60 privates, a "
        "lieutenant for 4, a sergeant for 2; around Gaza 1:1027 (2011), 30:1 and 50:1 (2025). Seriously wounded and "
        "sick go home regardless of number or rank (GC III, art. 109): leave them out of a ratio."
    ),
    duty=(
        "man-for-man: Of everyone but not everyone of the category seriously-wounded-or-sick, RU releases 1 for "
        "every 1 that UA releases, exactly."
    ),
    parameters=(
        OF,
        Parameter("between", PARTIES, "A and B.", required=True),
        Parameter("ratio", RATIO, "a:b: A releases a for every b of B.", required=True),
        Parameter("tolerance", "number", "By how much A's side may be off.", default="0"),
        Parameter(
            "weights",
            "table of rank to whole number",
            "What each rank counts; `default` for every other.",
            default="{ default = 1 }",
        ),
        CARRIED_PARAMETER,
    ),
    example="""
[[clause]]
id = "man-for-man"
kind = "ratio"
of = { not = { category = "seriously-wounded-or-sick" } }
between = ["RU", "UA"]
ratio = "1:1"
text = "Beyond the wounded, head for head."
""",
)
"""What the kind says of itself."""
