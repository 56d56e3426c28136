"""Kind `choice`: one party picks whom it releases, so many and within what is agreed.

Of the second phase in December 2011 it was agreed that the holder picks the 550, and of what sort they had to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.count import range_in_words
from safeconduct.clauses.page import COMPOSE, OF, PARTY, REF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, listed, of_those, persons, read_of, read_party
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Choice(SelectingClause):
    """It constrains the choice: exactly `count` of those matching `of` whom `by` holds are in it, all `refs` among
    them."""

    by: str
    """The party that picks among those it holds."""
    count: int
    refs: tuple[str, ...]
    """Whom it has named so far."""

    def sentence(self) -> str:
        """What the clause asks."""
        named = f", {listed(self.refs)} among them" if self.refs else ""
        return of_those(self.of, f"{self.by} releases exactly {counted(self.count)} of its own choosing{named}.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those it may pick from is `count`; all whom it has named are chosen."""
        pick = [int(self.may_name(person)) for person in candidates]
        number = (Give("fewer", low=1), Give("more", high=1))
        rows = [Row(pick, self.count, self.count, gives=number)]
        if self.refs:
            named = [int(person.ref in self.refs) for person in candidates]
            rows.append(Row(named, low=len(self.refs), gives=(Give("left out", low=1),)))
        return tuple(rows)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """How many it would pick, and how many of those it named might stay."""
        ways = []
        if "fewer" in amounts or "more" in amounts:
            number = range_in_words(self.count - amounts.get("fewer", 0), self.count + amounts.get("more", 0))
            ways.append(f"{number} instead of exactly {counted(self.count)}")
        if "left out" in amounts:
            ways.append(f"{persons(amounts['left out'])} whom {self.by} named may be left out")
        return ", and ".join(ways)

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether so many are chosen, and all whom it named."""
        number = sum(self.may_name(person) for person in chosen)
        named = len({person.ref for person in chosen} & set(self.refs))
        told = (
            f"{self.by} releases {counted(number)} of the {counted(self.count)} it picks, {counted(named)} named by it"
        )
        if len(self.refs) < self.count:
            told += f"; the other {counted(number - named)} are proposed, {self.by} may name others in their place"
        return Judgement(number == self.count and named == len(self.refs), told)

    def may_name(self, person: Person) -> bool:
        """Whether the party may pick this person."""
        return person.held_by == self.by and self.of.matches(person)


def read_choice(header: ClauseHeader, agreement: Agreement) -> Choice:
    """Read `by`, `of`, `count` and `refs`. Raises BadInput at line and column."""
    table = header.table
    refs = table.texts("refs") if table.has("refs") else ()
    clause = Choice(
        header,
        read_of(header, agreement),
        by=read_party(table, "by", agreement),
        count=table.integer("count", minimum=1),
        refs=refs,
    )
    if len(refs) > clause.count:
        table.refuse(
            "refs", f"'refs' names {len(refs)} persons, 'count' is {clause.count}", "name fewer or mend 'count'"
        )
    return clause


CHOICE_PAGE = KindPage(
    kind="choice",
    summary="one party picks whom it releases, so many and within what is agreed",
    judges=(COMPOSE,),
    meaning=(
        "Of the candidates who match `of` and are held by `by`, exactly `count` are chosen, and all of `refs` among "
        "them: those whom the party has named so far. The others are a proposal, told as such: the party may name "
        "others in their place, who are then added to `refs`. A ref that is not among the candidates, or that the "
        "party may not pick, is bad input."
    ),
    formula="sum of x(p) over p with of(p), held_by(p) = by is count; x(p) = 1 for every p of refs",
    source=(
        "Of the second phase of December 2011 it was agreed that the holder picks the 550, and of what sort they had "
        "to be. For the parties to agree."
    ),
    duty="own-pick: Of everyone of the category civilian, RU releases exactly 5 of its own choosing.",
    parameters=(
        Parameter("by", PARTY, "Who picks, among those it holds.", required=True),
        OF,
        Parameter("count", WHOLE, "How many; at least 1.", required=True),
        Parameter("refs", f"list, each the {REF}", "Whom it has named so far.", default="[]"),
    ),
    example="""
[[clause]]
id = "own-pick"
kind = "choice"
by = "RU"
of = { category = "civilian" }
count = 5
text = "Five civilians of the holder's own choosing."
""",
)
"""What the kind says of itself."""
