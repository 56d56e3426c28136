"""Kind `count`: how many are chosen, in all or by each party.

Floors and ceilings: the "at least 1,000 from each side" of Istanbul, 2 June 2025 (which one side's negotiator called
a cap), or a quota for a stage of a longer exchange.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, listed, of_those, read_of
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Count(SelectingClause):
    """It constrains the choice: of those matching `of`, the number released lies between the bounds, inclusive."""

    parties: tuple[str, ...]
    """The parties that each must release so many; empty: the number in all."""
    minimum: int | None
    maximum: int | None

    @property
    def hard(self) -> bool:
        """A least number of the seriously wounded and sick is not bargained with; a greatest one may be raised."""
        return self.of_the_wounded and self.minimum is not None

    def sentence(self) -> str:
        """What the clause asks."""
        if self.parties:
            return of_those(self.of, f"{listed(self.parties)} each release {self._range()}.")
        return of_those(self.of, f"{self._range()} are released in all.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """For all, or for each party, the number chosen lies between the bounds."""
        matching = self.coefficients(candidates)
        if not self.parties:
            return (Row(matching, self.minimum, self.maximum, gives=self._gives()),)
        return tuple(
            Row(
                [one * (person.held_by == party) for one, person in zip(matching, candidates, strict=True)],
                self.minimum,
                self.maximum,
                gives=self._gives(),
            )
            for party in self.parties
        )

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """The bounds it would have, and by how much they differ."""
        fewer, more = amounts.get("min", 0), amounts.get("max", 0)
        asked = replace(
            self,
            minimum=None if self.minimum is None else self.minimum - fewer,
            maximum=None if self.maximum is None else self.maximum + more,
        )
        by = " and ".join(
            [f"{counted(fewer)} fewer"] * bool(fewer) + [f"{counted(more)} more"] * bool(more),
        )
        return f"{asked._range()} instead of {self._range()}{' each' if self.parties else ''} ({by})"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether every number counted lies between the bounds."""
        matching = self.matching(chosen)
        by_party = Counter(person.held_by for person in matching)
        numbers = [by_party[party] for party in self.parties] or [len(matching)]
        kept = all(
            (self.minimum is None or self.minimum <= number) and (self.maximum is None or number <= self.maximum)
            for number in numbers
        )
        told = [f"{party} {counted(by_party[party])}" for party in self.parties] or [counted(len(matching))]
        return Judgement(kept, f"{', '.join(told)} released, asked: {self._range()}")

    def _gives(self) -> tuple[Give, ...]:
        """Where each party has its bounds, one person more or fewer is one for each of them."""
        persons = Fraction(max(1, len(self.parties)))
        floor = Give("min", low=1, persons=persons) if self.minimum is not None else None
        ceiling = Give("max", high=1, persons=persons) if self.maximum is not None else None
        return tuple(give for give in (floor, ceiling) if give is not None)

    def _range(self) -> str:
        if self.minimum is None and self.maximum is not None:
            return f"at most {counted(self.maximum)}"
        if self.minimum is not None and self.maximum is None:
            return f"at least {counted(self.minimum)}"
        if self.minimum == self.maximum:
            return f"exactly {counted(self.minimum or 0)}"
        return f"between {counted(self.minimum or 0)} and {counted(self.maximum or 0)}"


def read_count(header: ClauseHeader, agreement: Agreement) -> Count:
    """Read `of`, `per`, `min` and `max`. Raises BadInput at line and column."""
    table = header.table
    of = read_of(header, agreement)
    per = table.choice("per", ("total", "party")) if table.has("per") else "total"
    minimum = table.integer("min", minimum=0) if table.has("min") else None
    maximum = table.integer("max", minimum=0) if table.has("max") else None
    if minimum is None and maximum is None:
        # Only now may a misspelt bound be called missing: name it first.
        table.finish()
        table.refuse(None, "the clause names neither 'min' nor 'max', so every number would do", "add one of them")
    if minimum is not None and maximum is not None and minimum > maximum:
        table.refuse("min", f"'min' is {minimum}, above 'max', which is {maximum}", "swap them or mend one")
    return Count(header, of, agreement.parties if per == "party" else (), minimum, maximum)


COUNT_PAGE = KindPage(
    kind="count",
    summary="how many are released, in all or by each party",
    judges=(COMPOSE,),
    meaning=(
        "Of the candidates who match `of`, the number chosen lies between `min` and `max`, both included: in all, or "
        '(`per = "party"`) of those released by each party of the agreement. Either bound may be left out.'
    ),
    formula="min <= sum of x(p) over the candidates p with of(p) [and held_by(p) = each party] <= max",
    source=(
        "Numbers are for the parties to agree: 'at least 1,000 from each side' (Istanbul, 2 June 2025), or the "
        "stages of a longer exchange. The seriously wounded and sick go home regardless of number (GC III, art. "
        "109)."
    ),
    duty="at-least: RU and UA each release at least 1,000.",
    parameters=(
        OF,
        Parameter(
            "per", '"total" or "party"', "Whether the number counts in all or for each party.", default='"total"'
        ),
        Parameter("min", WHOLE, "At least so many."),
        Parameter("max", WHOLE, "At most so many."),
    ),
    one_of=("min", "max"),
    example="""
[[clause]]
id = "at-least"
kind = "count"
per = "party"
min = 1000
text = "At least 1000 persons from each side."
""",
)
"""What the kind says of itself."""
