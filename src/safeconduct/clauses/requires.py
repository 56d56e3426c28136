"""Kind `requires`: one person is released only if another is.

A condition that one side puts on a name: this one only for that one. The other may go alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, REF, KindPage, Parameter
from safeconduct.clauses.selection import ComposingClause
from safeconduct.composition.constraint import Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Requires(ComposingClause):
    """It constrains the choice: `first` is in it only if `second` is."""

    first: str
    """`if`: the ref of who does not go alone."""
    second: str
    """`then`: the ref of who must go as well."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{self.first} is released only if {self.second} is."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The first less the second is at most 0."""
        return (Row([(person.ref == self.first) - (person.ref == self.second) for person in candidates], high=0),)

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether the second is chosen if the first is."""
        refs = {person.ref for person in chosen}
        first, second = ("is released" if ref in refs else "is not released" for ref in (self.first, self.second))
        kept = self.first not in refs or self.second in refs
        return Judgement(kept, f"the first that it names {first}, the second {second}")


def read_requires(header: ClauseHeader, _: Agreement) -> Requires:
    """Read `if` and `then`. Raises BadInput at line and column."""
    table = header.table
    clause = Requires(header, first=table.text("if"), second=table.text("then"))
    if clause.first == clause.second:
        table.refuse("then", "'if' and 'then' name one person: the clause would ask nothing", "name two persons")
    return clause


REQUIRES_PAGE = KindPage(
    kind="requires",
    summary="one person is released only if another is",
    judges=(COMPOSE,),
    meaning=(
        "If the candidate `if` is chosen, so is the candidate `then`; the other may go alone. A ref that is not "
        "among the candidates is bad input."
    ),
    formula="x(if) <= x(then)",
    source="A condition that one side puts on a name: for the parties to agree.",
    duty="only-with: RU-0400 is released only if UA-0007 is.",
    parameters=(
        Parameter("if", REF, "Who does not go alone.", required=True),
        Parameter("then", REF, "Who must go as well.", required=True),
    ),
    example="""
[[clause]]
id = "only-with"
kind = "requires"
if = "RU-0400"
then = "UA-0007"
text = "The one named first goes only if the other does."
""",
)
"""What the kind says of itself."""
