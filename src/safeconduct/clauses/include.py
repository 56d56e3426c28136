"""Kind `include`: everybody matching is chosen.

Persons agreed by name, as at Ankara on 1 August 2024. Unlike `release-all` it makes no exception: if it names somebody
who may not be exchanged, no choice is possible, and the built-in clause `protected` stands in the conflict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, KindPage
from safeconduct.clauses.selection import SelectingClause, counted, persons, read_of, said
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Include(SelectingClause):
    """It constrains the choice: everybody matching `of` is in it."""

    @property
    def hard(self) -> bool:
        """Who is seriously wounded or sick is not bargained with."""
        return self.of_the_wounded

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{said(self.of, 'Everyone')} is released, without exception."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those matching is their number."""
        matching = self.coefficients(candidates)
        return (Row(matching, low=sum(matching), gives=(Give("left out", low=1),)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """So many fewer."""
        return f"{persons(amounts['left out'])} of those it names may be left out"

    def judge(self, candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether everybody matching is chosen."""
        released = {person.ref for person in chosen}
        wanted = self.matching(candidates)
        left = sum(person.ref not in released for person in wanted)
        return Judgement(not left, f"{counted(len(wanted) - left)} released, {counted(left)} left of those it names")


def read_include(header: ClauseHeader, agreement: Agreement) -> Include:
    """Read the parameter `of`. Raises BadInput at line and column."""
    return Include(header, read_of(header, agreement))


INCLUDE_PAGE = KindPage(
    kind="include",
    summary="everybody matching is released, without exception",
    judges=(COMPOSE,),
    meaning=(
        "Every candidate who matches `of` is chosen. Unlike `release-all` it makes no exception: where it covers "
        "somebody who may not be exchanged, no choice is possible, and the built-in clause `protected` is told in "
        "the conflict."
    ),
    formula="x(p) = 1 for every candidate p with of(p)",
    source=(
        "Persons agreed by name, as at Ankara on 1 August 2024. Nothing in an agreement can send somebody against "
        "their will (see `protected`)."
    ),
    duty="by-name: Everyone listed as RU-0017 or RU-0348 is released, without exception.",
    parameters=(OF,),
    example="""
[[clause]]
id = "by-name"
kind = "include"
of = { ref = ["RU-0017", "RU-0348"] }
text = "The two persons named in the annex."
""",
)
"""What the kind says of itself."""
