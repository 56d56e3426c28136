"""Kind `tranche`: a part of the round that goes at a time of its own, each only after others are confirmed.

Long exchanges go in steps, so that neither side has to trust the other with more than one: in October 2011 one
prisoner and the first of 1,027 crossed in turns, and 550 of them followed two months later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.count import range_in_words, read_bounds
from safeconduct.clauses.page import COMPOSE, OF, PARTY, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, listed, persons, read_of, read_party, said
from safeconduct.composition.constraint import Give, Judgement, Row, TrancheOrder
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import everyone


@dataclass(frozen=True)
class Tranche(SelectingClause):
    """It constrains the choice: once there is any tranche, every person chosen goes in exactly one; in this one only
    who matches `of` and is released by the party of `order`, if it names one, and so many as the bounds allow."""

    order: TrancheOrder
    minimum: int | None
    maximum: int | None

    def sentence(self) -> str:
        """What the clause asks."""
        anybody = self.of == everyone(self.of.as_of) and not self.order.by
        whom = "" if anybody else f" {said(self.of, 'of those')}"
        by = f" whom {self.order.by} releases" if self.order.by else ""
        bounded = self.minimum is not None or self.maximum is not None
        number = range_in_words(self.minimum, self.maximum) if bounded else "any number"
        after = f", only after {listed(self.order.after)} {'is' if len(self.order.after) == 1 else 'are'} confirmed"
        return f"In the tranche {self.order.name} go {number}{whom}{by}{after if self.order.after else ''}."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """Nobody goes in it who may not; the number who go in it lies between the bounds."""
        nobody = [0] * len(candidates)
        barred = [int(not self._takes(person)) for person in candidates]
        rows = [Row(nobody, high=0, in_tranche={self.order.name: barred}, gives=(Give("let in", high=1),))]
        if self.minimum is not None or self.maximum is not None:
            everybody = {self.order.name: [1] * len(candidates)}
            floor = [Give("min", low=1)] * (self.minimum is not None)
            ceiling = [Give("max", high=1)] * (self.maximum is not None)
            rows.append(Row(nobody, self.minimum, self.maximum, in_tranche=everybody, gives=(*floor, *ceiling)))
        return tuple(rows)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """How many would go in it, and how many for whom it is not."""
        ways = []
        if "min" in amounts or "max" in amounts:
            minimum = None if self.minimum is None else self.minimum - amounts.get("min", 0)
            maximum = None if self.maximum is None else self.maximum + amounts.get("max", 0)
            before = range_in_words(self.minimum, self.maximum)
            ways.append(f"{range_in_words(minimum, maximum)} go in {self.order.name} instead of {before}")
        if "let in" in amounts:
            ways.append(f"{persons(amounts['let in'])} for whom it is not may go in {self.order.name}")
        return ", and ".join(ways)

    def judge(self, _candidates: Sequence[Person], _chosen: Sequence[Person]) -> Judgement:
        """It cannot say: that needs who went in which tranche."""
        return Judgement(True, "who went in which tranche is not known", judged=False)

    def judge_tranches(
        self, _candidates: Sequence[Person], chosen: Sequence[Person], tranches: Mapping[str, str]
    ) -> Judgement:
        """Whether only those go in it who may, and so many as may."""
        going = [person for person in chosen if tranches.get(person.ref) == self.order.name]
        others = sum(not self._takes(person) for person in going)
        kept = not others and (self.minimum or 0) <= len(going)
        kept &= self.maximum is None or len(going) <= self.maximum
        wrong = f", {counted(others)} of them not of those it is for" if others else ""
        return Judgement(kept, f"{counted(len(going))} go in it{wrong}")

    def _takes(self, person: Person) -> bool:
        return self.order.by in ("", person.held_by) and self.of.matches(person)


def read_tranche(header: ClauseHeader, agreement: Agreement) -> Tranche:
    """Read `name`, `after`, `of`, `by`, `min` and `max`. Raises BadInput at line and column."""
    table = header.table
    minimum, maximum = read_bounds(table)
    order = TrancheOrder(
        name=table.text("name"),
        after=table.texts("after") if table.has("after") else (),
        by=read_party(table, "by", agreement) if table.has("by") else "",
    )
    return Tranche(header, read_of(header, agreement), order, minimum, maximum)


TRANCHE_PAGE = KindPage(
    kind="tranche",
    summary="a part of the round that goes at a time of its own, only after others are confirmed",
    judges=(COMPOSE,),
    meaning=(
        "Once the terms have a tranche, every person chosen goes in exactly one of them. In this one goes only who "
        "matches `of` and, with `by`, is released by that party, and their number lies between `min` and `max`, both "
        "included. It goes only after all of `after` are confirmed: that order stands in the composition beside "
        "everybody's tranche, and the names in it may not form a circle. Once it is settled who goes, as many as can "
        "be go as early as they can; among those who are alike, who has been held longest. What is reported of the day "
        "does not say who went in which tranche: `audit --closed` tells that these clauses were not judged."
    ),
    formula=(
        "x(p) = sum of x(p,t) over the tranches t; x(p,name) = 0 unless of(p) and held_by(p) = by; "
        "min <= sum of x(p,name) <= max"
    ),
    source=(
        "For the parties to agree. In October 2011 one prisoner and the first of 1,027 crossed in turns, and 550 of "
        "them followed two months later; around Gaza in 2025 a few went each week, for six weeks."
    ),
    duty="first-step: In the tranche first go at most 100 of those of sex F whom UA releases.",
    parameters=(
        Parameter("name", "text", "What the tranche is called.", required=True),
        Parameter("after", "list of names of tranches", "Those that must be confirmed before it may go."),
        OF,
        Parameter("by", PARTY, "Who releases those in it; without it, any party."),
        Parameter("min", WHOLE, "At least so many."),
        Parameter("max", WHOLE, "At most so many."),
    ),
    example="""
[[clause]]
id = "first-step"
kind = "tranche"
name = "first"
of = { sex = "F" }
by = "UA"
max = 100
text = "The women go first, at most a hundred."
""",
)
"""What the kind says of itself."""
