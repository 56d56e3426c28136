"""Kind `together`: persons who are released together or not at all.

Families, crews, a wounded person and who looks after them. It asks for nobody: if one of them may not go, none goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
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
