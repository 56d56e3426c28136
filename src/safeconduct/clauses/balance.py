"""Kind `balance`: each party releases as many as it receives.

An exchange among several parties, where nobody needs to give to whom they take from: at Ankara, on 1 August 2024, 26
persons left the prisons of seven states. With two parties it is man for man.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.carrying import CARRIED_PARAMETER, Carried, read_carried
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
    carried: Carried = ()
    """By party, how many more it released than it received in earlier rounds; below 0: how many fewer."""

    def sentence(self) -> str:
        """What the clause asks."""
        give = f", give or take {counted(self.tolerance)}" if self.tolerance else ""
        before = "; ".join(_ahead(party, number) for party, number in self.carried if number > 0)
        counting = f", counting that before this round {before}" if before else ""
        return of_those(self.of, f"{listed(self.parties)} each release as many as they receive{give}{counting}.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """For each party, released less received lies within the tolerance."""
        matching = self.coefficients(candidates)
        # Whom one party gives too much another takes too much.
        give = Give("tolerance", low=1, high=1, persons=Fraction(len(self.parties), 2))
        before = dict(self.carried)
        return tuple(
            Row(
                [
                    one * ((person.held_by == party) - (person.home == party))
                    for one, person in zip(matching, candidates, strict=True)
                ],
                -self.tolerance - before.get(party, 0),
                self.tolerance - before.get(party, 0),
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
        left = self.left_over(chosen)
        told = []
        for party in self.parties:
            released = sum(person.held_by == party for person in matching)
            received = sum(person.home == party for person in matching)
            told.append(f"{party} releases {counted(released)} and receives {counted(received)}")
        ahead = [_ahead(party, number) for party, number in left.items() if number > 0]
        if ahead:
            told.append(f"after this round {' and '.join(ahead)}")
        return Judgement(all(abs(number) <= self.tolerance for number in left.values()), "; ".join(told))

    def left_over(self, chosen: Sequence[Person]) -> dict[str, int]:
        """By party, how many more it has released than received, earlier rounds counted: the next terms take it over as
        `carried`."""
        left = dict.fromkeys(self.parties, 0) | dict(self.carried)
        for person in self.matching(chosen):
            for party, step in ((person.held_by, 1), (person.home, -1)):
                if party in left:
                    left[party] += step
        return left


def read_balance(header: ClauseHeader, agreement: Agreement) -> Balance:
    """Read `of`, `tolerance` and `carried`. Raises BadInput at line and column."""
    table = header.table
    tolerance = table.integer("tolerance", minimum=0) if table.has("tolerance") else 0
    carried = _settled(read_carried(table, agreement.parties), agreement.parties)
    if sum(number for _, number in carried):
        what = "what the parties are ahead and behind does not add up to 0"
        table.refuse("carried", what, "write below 0 how many fewer a party released than it received")
    return Balance(header, read_of(header, agreement), agreement.parties, tolerance, carried)


def _settled(carried: Carried, parties: tuple[str, ...]) -> Carried:
    """With what the only party that is not named is behind by what the others are ahead."""
    unnamed = [party for party in parties if party not in dict(carried)]
    if not carried or len(unnamed) != 1:
        return carried
    return (*carried, (unnamed[0], -sum(number for _, number in carried)))


def _ahead(party: str, number: int) -> str:
    return f"{party} has released {counted(number)} more than it received"


BALANCE_PAGE = KindPage(
    kind="balance",
    summary="each party releases as many as it receives",
    judges=(COMPOSE,),
    meaning=(
        "For each party of the agreement, among the chosen candidates who match `of`, the number it releases and the "
        "number that comes home to it differ by at most `tolerance`. With two parties this is man for man; with "
        "more, nobody needs to give to whom they take from. What a party released beyond what it received in earlier "
        "rounds, `carried`, counts as released now (below 0: what it received beyond); where all parties but one are "
        "named, that one is behind by what the others are ahead. What is left after this round is told and stands in "
        "the composition (`carried`), so that the next terms can take it over; it is never more than `tolerance`."
    ),
    formula=(
        "|carried(X) + sum of x(p) with held_by(p) = X - sum of x(p) with home(p) = X| <= tolerance, over p with "
        "of(p), for each party X"
    ),
    source=(
        "For the parties to agree; among several, as at Ankara on 1 August 2024, when 26 persons left the prisons of "
        "seven states. The seriously wounded and sick go home regardless of number (GC III, art. 109)."
    ),
    duty=(
        "even: Of everyone but not everyone of the category seriously-wounded-or-sick, RU and UA each release as "
        "many as they receive."
    ),
    parameters=(
        OF,
        Parameter("tolerance", WHOLE, "By how many the two numbers may differ.", default="0"),
        CARRIED_PARAMETER,
    ),
    example="""
[[clause]]
id = "even"
kind = "balance"
of = { not = { category = "seriously-wounded-or-sick" } }
text = "Beyond the wounded, each side releases as many as it receives."
""",
)
"""What the kind says of itself."""
