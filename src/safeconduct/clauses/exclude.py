"""Kind `exclude`: nobody matching is chosen.

A party's veto, or a category that an agreement leaves out (persons whom the holding party refuses to release, GC III
art. 115; categories kept for a later round).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.selection import SelectingClause, counted, read_of, said
from safeconduct.composition.constraint import Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Exclude(SelectingClause):
    """It constrains the choice: nobody matching `of` is in it."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{said(self.of, 'Nobody')} is released."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those matching is 0."""
        return (Row(self.coefficients(candidates), high=0),)

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether nobody matching is chosen."""
        number = len(self.matching(chosen))
        return Judgement(not number, f"{counted(number)} released of those it leaves out")


def read_exclude(header: ClauseHeader, agreement: Agreement) -> Exclude:
    """Read the parameter `of`. Raises BadInput at line and column."""
    return Exclude(header, read_of(header, agreement))
