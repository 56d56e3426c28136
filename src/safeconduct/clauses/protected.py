"""Built-in clause `protected`: who may not be exchanged is never chosen, whatever the terms say.

A candidate marked protected, or unwilling to return, is not exchanged (GC III, art. 109, third paragraph, for the sick
and wounded during hostilities; ICRC commentary of 2020 on art. 118). The clause says one word for every ground, those
unfit to travel and those judicially held included, so that nothing can be read from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.clauses.page import COMPOSE, KindPage
from safeconduct.composition.candidates import may_be_exchanged
from safeconduct.composition.constraint import Judgement, Row
from safeconduct.vocabulary.person import Person

PROTECTED = "protected"
"""The id of the clause; terms may not use it."""


@dataclass(frozen=True)
class Protected:
    """It constrains the choice: nobody whom it covers is in it."""

    id: str = PROTECTED
    hard: bool = True

    def sentence(self) -> str:
        """What the clause asks."""
        return "Nobody is released who may not be exchanged."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those who may not be exchanged is 0."""
        return (Row([int(not may_be_exchanged(person)) for person in candidates], high=0),)

    def giving_way(self, _amounts: Mapping[str, int]) -> str:
        """It never does. Raises AssertionError."""
        raise AssertionError("who may not be exchanged is never offered")

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether everybody chosen may be exchanged."""
        kept = all(may_be_exchanged(person) for person in chosen)
        return Judgement(kept, f"{'nobody' if kept else 'somebody'} whom it covers is released")


PROTECTED_PAGE = KindPage(
    kind="protected",
    summary="who may not be exchanged is never chosen, whatever the terms say",
    judges=(COMPOSE,),
    meaning=(
        "It stands in every agreement, unwritten. A candidate marked `protected`, or whose `consent` is `unwilling`, "
        "in the intermediary's reconciled candidates is never chosen, and does not count in `release-all`; an "
        "`include` of that person cannot be met, and this clause is then told in the conflict. One word covers every "
        "ground, refusal, unfitness and judicial hold among them, and no selector can ask for it, so that nothing "
        "can be read from it."
    ),
    formula="x(p) = 0 for every candidate p with protected(p) or consent(p) = unwilling",
    source=(
        "Nobody sick or wounded who is to be repatriated may be sent against their will during hostilities (GC III, "
        "art. 109, third paragraph); for everyone else, the ICRC commentary of 2020 on art. 118 and its practice."
    ),
    duty="protected: Nobody is released who may not be exchanged.",
)
"""What the clause says of itself."""
