"""Kind `veto`: persons whom one party will not see released, until a day, and so many as it may.

A refusal that names who refuses. What makes it bearable to the others is that it ends, and that it is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, DATE, PARTY, REF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import ComposingClause, counted, listed, persons, read_party
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Veto(ComposingClause):
    """It constrains the choice: nobody of `refs` is in it, unless the veto has lapsed."""

    by: str
    """The party that vetoes."""
    refs: tuple[str, ...]
    until: date | None
    """The day on which it ends; None: as long as the agreement."""
    limit: int | None
    """How many persons this party may veto in all the terms; None: any number."""
    concluded: date

    @property
    def lapsed(self) -> bool:
        """Whether it bound nobody any more when the agreement was concluded."""
        return self.until is not None and self.until <= self.concluded

    def sentence(self) -> str:
        """What the clause asks."""
        if self.lapsed:
            return f"The veto of {self.by} on {listed(self.refs)} lapsed on {self.until} and binds nobody any more."
        until = f" until {self.until}" if self.until else ""
        return f"{self.by} vetoes the release of {listed(self.refs)}{until}."

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """The number chosen of those named is 0; none if it has lapsed."""
        if self.lapsed:
            return ()
        named = [int(person.ref in self.refs) for person in candidates]
        return (Row(named, high=0, gives=(Give("let go", high=1),)),)

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """So many after all."""
        return f"{persons(amounts['let go'])} of those whom {self.by} vetoed may go"

    def judge(self, _candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether nobody is chosen on whom it holds."""
        number = len({person.ref for person in chosen} & set(self.refs))
        of = f"{counted(number)} released of the {counted(len(self.refs))} whom {self.by} vetoed"
        if self.lapsed:
            return Judgement(True, f"{of}; the veto lapsed on {self.until}")
        return Judgement(not number, of + (f" until {self.until}" if self.until else ""))


def read_veto(header: ClauseHeader, agreement: Agreement) -> Veto:
    """Read `by`, `refs`, `until` and `limit`. Raises BadInput at line and column."""
    table = header.table
    return Veto(
        header,
        by=read_party(table, "by", agreement),
        refs=table.texts("refs", minimum=1),
        until=table.date("until") if table.has("until") else None,
        limit=table.integer("limit", minimum=0) if table.has("limit") else None,
        concluded=agreement.concluded,
    )


VETO_PAGE = KindPage(
    kind="veto",
    summary="persons whom one party will not see released, until a day, and so many as it may",
    judges=(COMPOSE,),
    meaning=(
        "No candidate named in `refs` is chosen, as by `exclude`, and everybody can read which party vetoed. With "
        "`until` the veto ends on that day: where it is not after the day on which the agreement was concluded, the "
        "veto has lapsed, binds nobody, and is told so. With `limit` the terms are refused where this party vetoes "
        "more persons than that in all of its vetoes together, lapsed ones counted: a veto that was used is used."
    ),
    formula="x(p) = 0 for every p of refs, if until > concluded",
    source=(
        "For the parties to agree; nobody may be vetoed out of repatriation whom the Convention sends home (the "
        "seriously wounded and sick, GC III, art. 109), and such a veto then stands in the conflict."
    ),
    duty="struck-off: UA vetoes the release of RU-0017 and RU-0348 until 2025-12-31.",
    parameters=(
        Parameter("by", PARTY, "Who vetoes.", required=True),
        Parameter("refs", f"list of at least one, each the {REF}", "On whom.", required=True),
        Parameter("until", DATE, "The day on which it ends; without it, it holds as long as the agreement."),
        Parameter("limit", WHOLE, "How many persons this party may veto in all."),
    ),
    example="""
[[clause]]
id = "struck-off"
kind = "veto"
by = "UA"
refs = ["RU-0017", "RU-0348"]
until = 2025-12-31
limit = 10
text = "Each side may strike ten names; these two until the end of the year."
""",
)
"""What the kind says of itself."""
