"""Kind `exclude`: nobody matching is chosen.

A party's veto, or a category that an agreement leaves out (persons whom the holding party refuses to release, GC III
art. 115; categories kept for a later round).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, KindPage
from safeconduct.clauses.selection import SelectingClause, counted, persons, read_of, said
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Exclude(SelectingClause):
    """It constrains the choice: nobody matching `of` is in it."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{said(self.of, 'Nobody')} is released."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those matching is 0."""
        return (Row(self.coefficients(candidates), high=0, gives=(Give("let go", high=1),)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """So many after all."""
        return f"{persons(amounts['let go'])} of those it keeps back may go"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether nobody matching is chosen."""
        number = len(self.matching(chosen))
        return Judgement(not number, f"{counted(number)} released of those it leaves out")


def read_exclude(header: ClauseHeader, agreement: Agreement) -> Exclude:
    """Read the parameter `of`. Raises BadInput at line and column."""
    return Exclude(header, read_of(header, agreement))


EXCLUDE_PAGE = KindPage(
    kind="exclude",
    summary="nobody matching is released",
    judges=(COMPOSE,),
    meaning=(
        "No candidate who matches `of` is chosen: a category kept for a later round, or names that a party will not "
        "let go. With an empty `of`, nobody is released at all."
    ),
    formula="x(p) = 0 for every candidate p with of(p)",
    source=(
        "Who is held for a judicial procedure may be kept back, and the names are then communicated (GC III, arts. "
        "115 and 119); a disciplinary punishment is no ground (art. 115). Beyond that, for the parties to agree."
    ),
    duty="later-round: Nobody of the category civilian is released.",
    parameters=(OF,),
    example="""
[[clause]]
id = "later-round"
kind = "exclude"
of = { category = "civilian" }
text = "Civilians are left to a round of their own."
""",
)
"""What the kind says of itself."""
