"""Kind `count`: how many are chosen: in all, by each party, of each home, category, rank, unit, camp, in each tranche.

Floors and ceilings: the "at least 1,000 from each side" of Istanbul, 2 June 2025 (which one side's negotiator called
a cap), or a quota for a stage of a longer exchange.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.page import COMPOSE, OF, WHOLE, KindPage, Parameter
from safeconduct.clauses.selection import SelectingClause, counted, listed, of_those, read_of
from safeconduct.clauses.values import VALUES_OF
from safeconduct.composition.constraint import Give, Judgement, Row
from safeconduct.kernel.documents import Table
from safeconduct.vocabulary.person import Person

_EACH = {
    "home": "{number} go home to each party",
    "category": "{number} of each category are released",
    "rank": "{number} of each rank are released",
    "unit": "{number} of each unit are released",
    "held_at": "{number} are released from each place where they are held",
    "tranche": "{number} are released in each tranche",
}
"""By `per`, what is counted, in words."""
_MANY = {"category": "categories", "rank": "ranks", "unit": "units", "held_at": "places"}
_ALL = ""
"""What is counted where the number is one in all."""
PER = ("total", "party", *_EACH)


@dataclass(frozen=True)
class Count(SelectingClause):
    """It constrains the choice: of those matching `of`, the number released lies between the bounds, inclusive: in all,
    by each party, in each tranche, or of each value that occurs among the candidates matching `of`."""

    per: str
    """Of `PER`."""
    parties: tuple[str, ...]
    """The parties that each must release so many; empty where that is not asked."""
    minimum: int | None
    maximum: int | None
    tranches: tuple[str, ...] = ()
    """The tranches of the terms, in each of which so many must go; empty where that is not asked."""

    @property
    def hard(self) -> bool:
        """A least number of the seriously wounded and sick is not bargained with; a greatest one may be raised."""
        return self.of_the_wounded and self.minimum is not None

    def sentence(self) -> str:
        """What the clause asks."""
        match self.per:
            case "total":
                return of_those(self.of, f"{self._range()} are released in all.")
            case "party":
                return of_those(self.of, f"{listed(self.parties)} each release {self._range()}.")
            case _:
                return of_those(self.of, f"{_EACH[self.per].format(number=self._range())}.")

    def rows(self, candidates: Sequence[Person]) -> tuple[Row, ...]:
        """For each number that is counted, that of the chosen lies between the bounds."""
        matching = self.coefficients(candidates)
        if self.per == "tranche":
            nobody = [0] * len(matching)
            gives = self._gives(len(self.tranches))
            return tuple(
                Row(nobody, self.minimum, self.maximum, in_tranche={name: matching}, gives=gives)
                for name in self.tranches
            )
        counted_of = {group: [0] * len(matching) for group in self._groups(candidates)}
        for number, (one, person) in enumerate(zip(matching, candidates, strict=True)):
            for group in self._groups_of(person) if one else ():
                counted_of[group][number] = 1
        gives = self._gives(len(counted_of))
        return tuple(Row(counted_of[group], self.minimum, self.maximum, gives=gives) for group in sorted(counted_of))

    def giving_way(self, amounts: Mapping[str, int]) -> str:
        """The bounds it would have, and by how much they differ."""
        fewer, more = amounts.get("min", 0), amounts.get("max", 0)
        asked = replace(
            self,
            minimum=None if self.minimum is None else self.minimum - fewer,
            maximum=None if self.maximum is None else self.maximum + more,
        )
        by = " and ".join([f"{counted(fewer)} fewer"] * bool(fewer) + [f"{counted(more)} more"] * bool(more))
        return f"{asked._range()} instead of {self._range()}{' each' if self.per != 'total' else ''} ({by})"

    def judge(self, candidates: Sequence[Person], chosen: Sequence[Person]) -> Judgement:
        """Whether every number counted lies between the bounds."""
        if self.per == "tranche":
            return Judgement(True, "who went in which tranche is not known", judged=False)
        released = Counter(group for person in self.matching(chosen) for group in self._groups_of(person))
        return self._judged({group: released[group] for group in (*self._groups(candidates), *released)})

    def judge_tranches(
        self, candidates: Sequence[Person], chosen: Sequence[Person], tranches: Mapping[str, str]
    ) -> Judgement:
        """As `judge`, where it is known who went in which tranche."""
        if self.per != "tranche":
            return self.judge(candidates, chosen)
        released = Counter(tranches[person.ref] for person in self.matching(chosen))
        return self._judged({name: released[name] for name in self.tranches})

    def _judged(self, numbers: Mapping[str, int]) -> Judgement:
        kept = all(
            (self.minimum is None or self.minimum <= number) and (self.maximum is None or number <= self.maximum)
            for number in numbers.values()
        )
        if self.per == "total":
            told = counted(sum(numbers.values()))
        elif self.per in ("party", "home", "tranche"):
            told = ", ".join(f"{group} {counted(number)}" for group, number in numbers.items())
        elif numbers:
            least, most = (counted(pick(numbers.values())) for pick in (min, max))
            each = least if least == most else f"{least} to {most}"
            told = f"{each} from each of {counted(len(numbers))} {_MANY[self.per]}"
        else:
            told = "nobody"
        return Judgement(kept, f"{told or 'nobody'} released, asked: {self._range()}")

    def _gives(self, groups: int) -> tuple[Give, ...]:
        """Where several numbers have these bounds, one person more or fewer is one for each of them."""
        floor = [Give("min", low=1, persons=Fraction(groups))] * (self.minimum is not None)
        return (*floor, *[Give("max", high=1, persons=Fraction(groups))] * (self.maximum is not None))

    def _groups(self, candidates: Sequence[Person]) -> tuple[str, ...]:
        """What is counted, whether or not anybody of it is chosen."""
        if self.per in ("total", "party"):
            return self.parties or (_ALL,)
        occurring = {value for person in self.matching(candidates) for value in VALUES_OF[self.per](person)}
        return tuple(sorted(occurring))

    def _groups_of(self, person: Person) -> Sequence[str]:
        if self.per == "total":
            return (_ALL,)
        return (person.held_by,) if self.per == "party" else VALUES_OF[self.per](person)

    def _range(self) -> str:
        return range_in_words(self.minimum, self.maximum)


def range_in_words(minimum: int | None, maximum: int | None) -> str:
    """`at least 5`, `exactly 5`, `between 5 and 7`; one of the two bounds is there."""
    if minimum is None and maximum is not None:
        return f"at most {counted(maximum)}"
    if minimum is not None and maximum is None:
        return f"at least {counted(minimum)}"
    if minimum == maximum:
        return f"exactly {counted(minimum or 0)}"
    return f"between {counted(minimum or 0)} and {counted(maximum or 0)}"


def read_count(header: ClauseHeader, agreement: Agreement) -> Count:
    """Read `of`, `per`, `min` and `max`. Raises BadInput at line and column."""
    table = header.table
    of = read_of(header, agreement)
    per = table.choice("per", PER) if table.has("per") else "total"
    minimum, maximum = read_bounds(table)
    if minimum is None and maximum is None:
        # Only now may a misspelt bound be called missing: name it first.
        table.finish()
        table.refuse(None, "the clause names neither 'min' nor 'max', so every number would do", "add one of them")
    return Count(header, of, per, agreement.parties if per == "party" else (), minimum, maximum)


def read_bounds(table: Table) -> tuple[int | None, int | None]:
    """`min` and `max`, either of which may be left out. Raises BadInput at line and column."""
    minimum = table.integer("min", minimum=0) if table.has("min") else None
    maximum = table.integer("max", minimum=0) if table.has("max") else None
    if minimum is not None and maximum is not None and minimum > maximum:
        table.refuse("min", f"'min' is {minimum}, above 'max', which is {maximum}", "swap them or mend one")
    return minimum, maximum


COUNT_PAGE = KindPage(
    kind="count",
    summary="how many are released: in all, by each party, of each unit, in each tranche",
    judges=(COMPOSE,),
    meaning=(
        "Of the candidates who match `of`, the number chosen lies between `min` and `max`, both included: in all; "
        '(`per = "party"`) of those released by each party of the agreement; or, one by one, of each home party, '
        "category, rank, unit or place of detention (`held_at`) that occurs among the candidates who match `of`. "
        "Persons of whom the list does not say are in none of these; who has several categories counts in each. With "
        '`per = "tranche"` the number lies between the bounds in each tranche of the terms. Either bound may be left '
        "out."
    ),
    formula="min <= sum of x(p) over the candidates p with of(p) [and per(p) = v, for each v] <= max",
    source=(
        "Numbers are for the parties to agree: 'at least 1,000 from each side' (Istanbul, 2 June 2025), or the "
        "stages of a longer exchange. The seriously wounded and sick go home regardless of number (GC III, art. "
        "109)."
    ),
    duty="at-least: RU and UA each release at least 1,000.",
    parameters=(
        OF,
        Parameter(
            "per",
            '"total", "party", "home", "category", "rank", "unit", "held_at" or "tranche"',
            "Whether the number counts in all or for each of these.",
            default='"total"',
        ),
        Parameter("min", WHOLE, "At least so many."),
        Parameter("max", WHOLE, "At most so many."),
    ),
    one_of=("min", "max"),
    example="""
[[clause]]
id = "at-least"
kind = "count"
per = "party"
min = 1000
text = "At least 1000 persons from each side."
""",
)
"""What the kind says of itself."""
