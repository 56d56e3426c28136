"""Kind `destination`: who goes to a third state instead of home.

The seriously wounded and sick may be cared for in a neutral country (GC III, arts. 109-110); other agreements have sent
people abroad for other reasons: in 2011, 44 of those released.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, read_of, said
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Destination(SelectingClause):
    """Who matches `of` and is chosen goes to `to` instead of home; with a `maximum` it constrains the choice."""

    to: str
    maximum: int | None

    def sentence(self) -> str:
        """What the clause asks."""
        most = "" if self.maximum is None else f", at most {counted(self.maximum)}"
        return f"{said(self.of, 'Everyone')} who is released goes to {self.to} instead of home{most}."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number who go there is at most `maximum`."""
        if self.maximum is None:
            return ()
        return (Row(self.coefficients(candidates), high=self.maximum, gives=(Give("max", high=1),)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """How many would go there."""
        most = self.maximum or 0
        return f"at most {counted(most + amounts['max'])} go to {self.to} instead of at most {counted(most)}"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether not too many go there."""
        number = len(self.matching(chosen))
        most = "" if self.maximum is None else f", asked: at most {counted(self.maximum)}"
        return Judgement(self.maximum is None or number <= self.maximum, f"{counted(number)} go to {self.to}{most}")


def read_destination(header: ClauseHeader, agreement: Agreement) -> Destination:
    """Read `of`, `to` and `max`. Raises BadInput at line and column."""
    table = header.table
    to = table.text("to")
    if to in agreement.parties:
        what = f"{to!r} is a party of the agreement: people go home to it, or are held by it"
        table.refuse("to", what, "name a third state")
    maximum = table.integer("max", minimum=0) if table.has("max") else None
    return Destination(header, read_of(header, agreement), to, maximum)


DESTINATION_PAGE = KindPage(
    kind="destination",
    summary="who goes to a third state instead of home",
    judges=(COMPOSE,),
    meaning=(
        "Who matches `of` and is chosen goes to `to` instead of home, at most `max` of them; the composition names it "
        "beside the person (`destination`). `to` is no party of the agreement. In every number and balance the person "
        "counts as one who is released to the home party. Terms by which one candidate would go to two states are "
        "bad input."
    ),
    formula="sum of x(p) over the candidates p with of(p) <= max",
    source=(
        "Internment or care in a neutral country (GC III, arts. 109-111). Nobody is sent anywhere against their will: "
        "what `protected` covers holds for a third state as well. In 2011, 44 of those released went abroad."
    ),
    duty=(
        "neutral-care: Everyone of the category seriously-wounded-or-sick who is released goes to CH instead of home, "
        "at most 20."
    ),
    parameters=(
        OF,
        Parameter("to", "text", "The state where they go.", required=True),
        Parameter("max", WHOLE, "At most so many."),
    ),
    example="""
[[clause]]
id = "neutral-care"
kind = "destination"
of = { category = "seriously-wounded-or-sick" }
to = "CH"
max = 20
text = "The seriously wounded are cared for in a neutral country."
""",
)
"""What the kind says of itself."""
