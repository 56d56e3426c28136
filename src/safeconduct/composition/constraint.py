"""What the choice is bound by and what it strives for. The clause kinds provide both; this room solves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol, runtime_checkable

from safeconduct.vocabulary.person import Person


@dataclass(frozen=True, order=True)
class Auxiliary:
    """A whole number that the solver chooses beside the persons, `low` and `high` included: the same in every row that
    names it."""

    name: str
    low: int
    high: int


@dataclass(frozen=True)
class Give:
    """How the bounds of a row move when its clause gives way: so far for every unit of one of its amounts."""

    amount: str
    """As `Constraint.giving_way` names it."""
    low: int = 0
    """By how much `low` falls."""
    high: int = 0
    """By how much `high` rises."""
    persons: Fraction = Fraction(1)
    """How many persons a unit stands for, whatever their side: what giving way by it costs. One figure an amount."""


DROPPED = "dropped"
"""The amount of a clause that can only be dropped: 1 if it is. It costs all candidates of whom its rows speak."""


@dataclass(frozen=True)
class Row:
    """One linear condition: `low` ≤ sum of the coefficients of the chosen ≤ `high`; None is no bound."""

    coefficients: Sequence[int]
    """One for each candidate, in their order."""
    low: int | None = None
    high: int | None = None
    in_tranche: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By name of a tranche, what is added to each candidate's coefficient where he or she goes in that one."""
    auxiliaries: Mapping[Auxiliary, int] = field(default_factory=dict)
    """Their coefficients, which count whoever is chosen."""
    gives: tuple[Give, ...] = ()
    """How it gives way; where no row of a clause has any, the clause can only be dropped as a whole."""


@dataclass(frozen=True)
class TrancheOrder:
    """A tranche as the terms name it."""

    name: str
    after: tuple[str, ...] = ()
    """The tranches that must be confirmed before this one may go."""
    by: str = ""
    """The party that releases it; empty: any."""


@dataclass(frozen=True)
class Judgement:
    """Whether a clause holds for a choice, counted from the persons themselves and not from its rows."""

    kept: bool
    told: str
    """What was counted, for people; it names clauses and parties, never persons."""
    judged: bool = True
    """False where what is known does not tell whether it holds: then `kept` says nothing, and `told` says why."""


class Constraint(Protocol):
    """A clause that every choice must keep."""

    @property
    def id(self) -> str:
        """The clause's id."""
        ...

    @property
    def hard(self) -> bool:
        """Whether law or humanity forbids to offer it for relaxation: it is never part of a way out."""
        ...

    def sentence(self) -> str:
        """What the clause asks, as one plain sentence."""
        ...

    def giving_way(self, amounts: Mapping[str, int], /) -> str:
        """What it would ask instead if it gave way by these amounts, each above 0: the end of a sentence."""
        ...

    def rows(self, candidates: Sequence[Person]) -> Sequence[Row]:
        """The linear conditions that a choice keeps if and only if it keeps the clause."""
        ...

    def judge(self, candidates: Sequence[Person], chosen: Sequence[Person], /) -> Judgement:
        """Count anew, without the rows, whether the choice keeps the clause."""
        ...


@runtime_checkable
class ByTranche(Constraint, Protocol):
    """A clause that speaks of tranches: without knowing who went in which, its `judge` cannot say whether it holds."""

    def judge_tranches(
        self, candidates: Sequence[Person], chosen: Sequence[Person], tranches: Mapping[str, str], /
    ) -> Judgement:
        """As `judge`, with the tranche of each person chosen, by `ref`."""
        ...


@runtime_checkable
class NamesTranche(Protocol):
    """A clause that sets up a tranche. Once there is any, every person chosen goes in exactly one."""

    @property
    def order(self) -> TrancheOrder:
        """The tranche, and what it comes after."""
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


@runtime_checkable
class Fairness(Protocol):
    """A clause by which that choice is better whose smallest share is greater, then the second smallest, and so on.

    A group's share is how many of it are chosen, of those of it who may be exchanged.
    """

    @property
    def id(self) -> str:
        """The clause's id."""
        ...

    @property
    def levels(self) -> int:
        """How many of the smallest shares count, at least 1; what the others are is all the same."""
        ...

    def sentence(self) -> str:
        """What the clause strives for, as one plain sentence."""
        ...

    def group(self, person: Person, /) -> str:
        """The group of which the person is; empty: of none."""
        ...


Aim = Objective | Fairness
"""What a choice may strive for."""
