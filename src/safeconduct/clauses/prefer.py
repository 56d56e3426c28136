"""Kind `prefer`: which of the allowed choices is better.

Objectives rank in the order in which their clauses stand; a later one never costs an earlier one anything. The Third
Geneva Convention puts the seriously wounded and sick first (arts. 109-110) and lets parties agree on those who have
been held for long (art. 109, second paragraph).
"""

from dataclasses import dataclass
from datetime import date

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, SELECTOR, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, read_of, said
from safeconduct.clauses.values import VALUES_OF
from safeconduct.composition.candidates import captivity_days
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import everyone, read_selector

_WAYS = ("of", "longest_captivity", "longest_wait", "largest", "fair")
LEVELS_AT_MOST = 20
"""Each level is proven by several searches, every one with more to choose than the last."""
_GROUP_OF = {
    "unit": "unit",
    "held_at": "place of detention",
    "home": "home party",
    "held_by": "detaining party",
}
"""By what shares are taken, and what a group then is."""


@dataclass(frozen=True)
class Prefer(SelectingClause):
    """It strives for the greatest number chosen matching `of`; or, with `counting_days`, for the greatest sum of days
    in captivity, from `captured_on` (its latest date) to `concluded`; or, with `counting_rounds`, of rounds waited."""

    counting_days: bool
    counting_rounds: bool
    concluded: date

    def sentence(self) -> str:
        """What the clause asks."""
        if self.counting_days:
            return f"Of the choices allowed, the one whose persons add up to the most days held until {self.concluded}."
        if self.counting_rounds:
            return "Of the choices allowed, the one whose persons add up to the most rounds left behind."
        return f"Of the choices allowed, the one that releases most of {said(self.of)}."

    def gain(self, person: Person) -> int:
        """What choosing this person adds."""
        if self.counting_days:
            return captivity_days(person, self.concluded)
        return person.rounds_waited if self.counting_rounds else int(self.of.matches(person))


@dataclass(frozen=True)
class FairShare(SelectingClause):
    """It strives for the greatest smallest share of the groups by `by`, of those matching `of`, and so on for the
    first `levels` of the shares, the smallest first."""

    by: str
    levels: int

    def sentence(self) -> str:
        """What the clause asks."""
        whose = said(self.of) if self.of != everyone(self.of.as_of) else "those who may be exchanged"
        then = f"; then the next, as far as the {counted(self.levels)} smallest shares" if self.levels > 1 else ""
        return (
            f"Of the choices allowed, the one in which the {_GROUP_OF[self.by]} with the smallest share of {whose} "
            f"released has the greatest{then}."
        )

    def group(self, person: Person) -> str:
        """The group of a person; none if `of` does not match, or the list does not say."""
        return next(iter(VALUES_OF[self.by](person)), "") if self.of.matches(person) else ""


@dataclass(frozen=True)
class Largest:
    """The objective of terms that state none: the largest round."""

    id: str = "largest"

    def sentence(self) -> str:
        """What it asks."""
        return "Of the choices allowed, the one that releases most persons."

    def gain(self, _person: Person) -> int:
        """Everybody counts 1."""
        return 1


def read_prefer(header: ClauseHeader, agreement: Agreement) -> Prefer | FairShare:
    """Read exactly one of `of`, `longest_captivity = true`, `longest_wait = true`, `largest = true`, `fair`.

    Raises BadInput at line and column."""
    table = header.table
    ways = [way for way in _WAYS if table.has(way)]
    if not ways:
        table.allow(*_WAYS)
        table.finish()
    if len(ways) != 1:
        found = f"it names {' and '.join(ways)}" if ways else "it names none"
        table.refuse(
            ways[1] if ways else None,
            f"a 'prefer' needs exactly one of {', '.join(_WAYS)}; {found}",
            "give each objective its own clause" if ways else "add one, such as largest = true",
        )
    if ways[0] == "fair":
        return _read_fair(header, agreement)
    if ways[0] != "of" and not table.flag(ways[0]):
        table.refuse(ways[0], f"'{ways[0]} = false' asks for nothing", "write true, or remove the clause")
    return Prefer(
        header,
        read_of(header, agreement),
        ways[0] == "longest_captivity",
        ways[0] == "longest_wait",
        agreement.concluded,
    )


def _read_fair(header: ClauseHeader, agreement: Agreement) -> FairShare:
    fair = header.table.table("fair")
    of = everyone(agreement.concluded)
    if fair.has("of"):
        of = read_selector(fair.table("of"), agreement.concluded, agreement.parties)
    by = fair.choice("by", _GROUP_OF)
    levels = fair.integer("levels", minimum=1, maximum=LEVELS_AT_MOST) if fair.has("levels") else 1
    fair.finish()
    return FairShare(header, of, by, levels)


PREFER_PAGE = KindPage(
    kind="prefer",
    summary="which of the allowed choices is better",
    judges=(COMPOSE,),
    meaning=(
        "It cannot be broken: among the choices that keep every other clause it ranks. The greatest number matching "
        "`of`; the most days in captivity added up, from `captured_on` (its latest date if imprecise) to the day on "
        "which the agreement was concluded; the most rounds waited added up, as the column `rounds_waited` of the list "
        "of candidates says (in how many rounds the person was a candidate and not chosen; blank is 0); the largest "
        "round; or, with `fair`, the fairest. A group's share is how many of it are chosen, of those of it who may be "
        "exchanged; nobody counts whose group the list does not say. That choice is fairest whose smallest share is "
        "greatest, then whose second smallest is, for the first `levels` of the shares; beyond these it asks nothing. "
        "Shares are compared exactly; `value` in composition.json is the smallest in millionths, rounded down, and "
        "`shares` has them all. A longest wait that nobody may exceed is no preference but a `release-all` with `of = "
        '{ rounds_waited = "3.." }`. `compose --prices` tells what `fair` and `longest_wait` cost in persons. Several '
        "rank in the order in which they stand, and "
        "a later one never costs an earlier one anything; with none in the terms, the largest round is best."
    ),
    formula="maximise the sum of gain(p)·x(p), with gain(p) = 1 if of(p), the days held, the rounds waited, or 1;\n"
    "fair: maximise s_1, then s_2, and so on up to s_levels, the shares sum of x(p) / number of p of the groups, "
    "the smallest first",
    source=(
        "The seriously wounded and sick first (GC III, arts. 109-110); parties may agree on the able-bodied who have "
        "been held for long (art. 109, second paragraph)."
    ),
    duty=("longest-held: Of the choices allowed, the one whose persons add up to the most days held until 2025-06-02."),
    parameters=(
        Parameter("of", SELECTOR, "The most of these."),
        Parameter("longest_captivity", "true", "The most days in captivity, added up."),
        Parameter("longest_wait", "true", "The most rounds waited, added up."),
        Parameter("largest", "true", "The most persons."),
        Parameter(
            "fair",
            "table { by, levels, of }",
            'The fairest shares of groups by `by`: "unit", "held_at", "home" or "held_by"; for the first `levels` (1 '
            f"to {LEVELS_AT_MOST}, default 1) of the shares, the smallest first; of those matching `of` (default "
            "everyone).",
        ),
    ),
    one_of=_WAYS,
    exactly_one=True,
    example="""
[[clause]]
id = "longest-held"
kind = "prefer"
longest_captivity = true
text = "Who has been held longest goes first."
""",
)
"""What the kind says of itself."""
