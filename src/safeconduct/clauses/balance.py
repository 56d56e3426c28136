"""Kind `balance`: each party releases as many as it receives.

An exchange among several parties, where nobody needs to give to whom they take from: at Ankara, on 1 August 2024, 26
persons left the prisons of seven states. With two parties it is man for man.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, listed, of_those, read_of
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Balance(SelectingClause):
    """It constrains the choice: for each party, among those matching `of`, the number it releases and the number
    that goes home to it differ by at most `tolerance`."""

    parties: tuple[str, ...]
    tolerance: int

    def sentence(self) -> str:
        """What the clause asks."""
        give = f", give or take {counted(self.tolerance)}" if self.tolerance else ""
        return of_those(self.of, f"{listed(self.parties)} each release as many as they receive{give}.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """For each party, released less received lies within the tolerance."""
        matching = self.coefficients(candidates)
        # Whom one party gives too much another takes too much.
        give = Give("tolerance", low=1, high=1, persons=Fraction(len(self.parties), 2))
        return tuple(
            Row(
                [
                    one * ((person.held_by == party) - (person.home == party))
                    for one, person in zip(matching, candidates, strict=True)
                ],
                -self.tolerance,
                self.tolerance,
                gives=(give,),
            )
            for party in self.parties
        )

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """The tolerance that it would need."""
        before = counted(self.tolerance) if self.tolerance else "none"
        return f"give or take {counted(self.tolerance + amounts['tolerance'])} instead of {before}"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether the two numbers of every party are near enough."""
        matching = self.matching(chosen)
        kept, told = True, []
        for party in self.parties:
            released = sum(person.held_by == party for person in matching)
            received = sum(person.home == party for person in matching)
            kept &= abs(released - received) <= self.tolerance
            told.append(f"{party} releases {counted(released)} and receives {counted(received)}")
        return Judgement(kept, "; ".join(told))


def read_balance(header: ClauseHeader, agreement: Agreement) -> Balance:
    """Read `of` and `tolerance`. Raises BadInput at line and column."""
    tolerance = header.table.integer("tolerance", minimum=0) if header.table.has("tolerance") else 0
    return Balance(header, read_of(header, agreement), agreement.parties, tolerance)


BALANCE_PAGE = KindPage(
    kind="balance",
    summary="each party releases as many as it receives",
    judges=(COMPOSE,),
    meaning=(
        "For each party of the agreement, among the chosen candidates who match `of`, the number it releases and the "
        "number that comes home to it differ by at most `tolerance`. With two parties this is man for man; with "
        "more, nobody needs to give to whom they take from."
    ),
    formula=(
        "|sum of x(p) with held_by(p) = X - sum of x(p) with home(p) = X| <= tolerance, over p with of(p), for each "
        "party X"
    ),
    source=(
        "For the parties to agree; among several, as at Ankara on 1 August 2024, when 26 persons left the prisons of "
        "seven states. The seriously wounded and sick go home regardless of number (GC III, art. 109)."
    ),
    duty=(
        "even: Of everyone but not everyone of the category seriously-wounded-or-sick, RU and UA each release as "
        "many as they receive."
    ),
    parameters=(OF, Parameter("tolerance", WHOLE, "By how many the two numbers may differ.", default="0")),
    example="""
[[clause]]
id = "even"
kind = "balance"
of = { not = { category = "seriously-wounded-or-sick" } }
text = "Beyond the wounded, each side releases as many as it receives."
""",
)
"""What the kind says of itself."""
