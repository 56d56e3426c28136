"""Kind `release-all`: every candidate matching is chosen.

The all-for-all terms: at Istanbul, on 2 June 2025, all seriously wounded and sick and all aged 18 to 25; in the Third
Geneva Convention the seriously wounded and sick, whatever their number or rank (arts. 109-110). Each side releases
all it holds, so the numbers may differ. Who may not be exchanged does not count, and is never a breach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, KindPage
from safeconduct.clauses.selection import SelectingClause, counted, persons, read_of, said
from safeconduct.composition.candidates import may_be_exchanged
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class ReleaseAll(SelectingClause):
    """It constrains the choice: everybody matching `of` who may be exchanged is in it."""

    @property
    def hard(self) -> bool:
        """Who is seriously wounded or sick is not bargained with."""
        return self.of_the_wounded

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{said(self.of, 'Everyone')} is released, on all sides; whoever may not be exchanged does not count."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those covered is their number."""
        covered = [int(self._covers(person)) for person in candidates]
        return (Row(covered, low=sum(covered), gives=(Give("left out", low=1),)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """So many fewer."""
        return f"{persons(amounts['left out'])} of those it covers may be left out"

    def judge(self, candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether nobody covered is left behind."""
        released = {person.ref for person in chosen}
        covered = [person.ref for person in candidates if self._covers(person)]
        left = sum(ref not in released for ref in covered)
        return Judgement(not left, f"{counted(len(covered) - left)} released, {counted(left)} left of those it covers")

    def _covers(self, person: Person) -> bool:
        return may_be_exchanged(person) and self.of.matches(person)


def read_release_all(header: ClauseHeader, agreement: Agreement) -> ReleaseAll:
    """Read the parameter `of`. Raises BadInput at line and column."""
    return ReleaseAll(header, read_of(header, agreement))


RELEASE_ALL_PAGE = KindPage(
    kind="release-all",
    summary="every candidate matching is released",
    judges=(COMPOSE,),
    meaning=(
        "Every candidate who matches `of` is chosen, on whatever side, so that the numbers of the sides may differ. "
        "Whoever may not be exchanged, by the built-in clause `protected`, does not count: leaving that person out "
        "is never a breach. With an empty `of`, everyone is released."
    ),
    formula="x(p) = 1 for every candidate p with of(p) and not protected(p)",
    source=(
        "All for all: the seriously wounded and sick go home regardless of number or rank (GC III, arts. 109-110); "
        "at Istanbul, on 2 June 2025, all of them and all aged 18 to 25."
    ),
    duty=(
        "wounded: Everyone of the category seriously-wounded-or-sick is released, on all sides; whoever may not be "
        "exchanged does not count."
    ),
    parameters=(OF,),
    example="""
[[clause]]
id = "wounded"
kind = "release-all"
of = { category = "seriously-wounded-or-sick" }
text = "All seriously wounded and seriously sick, all for all."
""",
)
"""What the kind says of itself."""
