"""What the choice is bound by and what it strives for. The clause kinds provide both; this room solves them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Row:
    """One linear condition: `low` ≤ sum of the coefficients of the chosen ≤ `high`; None is no bound."""

    coefficients: Sequence[int]
    """One for each candidate, in their order."""
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Judgement:
    """Whether a clause holds for a choice, counted from the persons themselves and not from its rows."""

    kept: bool
    told: str
    """What was counted, for people; it names clauses and parties, never persons."""


class Constraint(Protocol):
    """A clause that every choice must keep."""

    @property
    def id(self) -> str:
        """The clause's id."""
        ...

    def sentence(self) -> str:
        """What the clause asks, as one plain sentence."""
        ...

    def rows(self, candidates: Sequence[Person]) -> Sequence[Row]:
        """The linear conditions that a choice keeps if and only if it keeps the clause."""
        ...

    def judge(self, candidates: Sequence[Person], chosen: Sequence[Person], /) -> Judgement:
        """Count anew, without the rows, whether the choice keeps the clause."""
        ...


class Objective(Protocol):
    """A clause that says which of the allowed choices is better: the one whose gains add up to more."""

    @property
    def id(self) -> str:
        """The clause's id."""
        ...

    def sentence(self) -> str:
        """What the clause strives for, as one plain sentence."""
        ...

    def gain(self, person: Person, /) -> int:
        """What choosing this person adds; never below 0."""
        ...
