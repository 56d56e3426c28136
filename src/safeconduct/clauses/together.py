"""Kind `together`: persons who are released together or not at all.

Families, crews, a wounded person and who looks after them. It asks for nobody: if one of them may not go, none goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, REF, KindPage, Parameter
from safeconduct.clauses.selection import ComposingClause, counted, listed
from safeconduct.composition.constraint import Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Together(ComposingClause):
    """It constrains the choice: all of `refs` are in it, or none."""

    refs: tuple[str, ...]
    """At least two."""

    def sentence(self) -> str:
        """What the clause asks."""
        return f"{listed(self.refs)} are released together or not at all."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """Of every two named one after the other, one is chosen exactly if the other is."""
        return tuple(
            Row([(person.ref == one) - (person.ref == other) for person in candidates], 0, 0)
            for one, other in zip(self.refs, self.refs[1:], strict=False)
        )

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether all of them are chosen or none."""
        number = len({person.ref for person in chosen} & set(self.refs))
        told = f"{counted(number)} released of the {counted(len(self.refs))} who go together"
        return Judgement(number in (0, len(self.refs)), told)


def read_together(header: ClauseHeader, _: Agreement) -> Together:
    """Read `refs`. Raises BadInput at line and column."""
    return Together(header, header.table.texts("refs", minimum=2))


TOGETHER_PAGE = KindPage(
    kind="together",
    summary="persons who are released together or not at all",
    judges=(COMPOSE,),
    meaning=(
        "All candidates named in `refs` are chosen, or none of them. It asks for nobody: if one of them may not go, "
        "none goes. A ref that is not among the candidates is bad input."
    ),
    formula="x(p) = x(q) for all p, q of refs",
    source="Families, crews, a wounded person and who looks after them: for the parties to agree.",
    duty="brothers: RU-0211 and RU-0212 are released together or not at all.",
    parameters=(Parameter("refs", f"list of at least two, each the {REF}", "Who go together.", required=True),),
    example="""
[[clause]]
id = "brothers"
kind = "together"
refs = ["RU-0211", "RU-0212"]
text = "The two brothers go home together."
""",
)
"""What the kind says of itself."""
