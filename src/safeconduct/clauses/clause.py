"""What every clause of the terms offers, whichever phase it speaks of."""

from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeVar, runtime_checkable

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.patterns import Patterns


class Clause(Protocol):
    """One clause, read: its header and its typed parameters."""

    @property
    def header(self) -> ClauseHeader:
        """What it has in common with every other clause."""
        ...

    def sentence(self) -> str:
        """What the clause asks, as one plain sentence with its parameters, for people."""
        ...


class RunClause(Clause, Protocol):
    """A clause that judges a day."""

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether it can be judged where only events of these types are known: those of a nominal trace."""
        ...

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every breach of the day as if observation had no end; deadlines are marked as such.

        The same breach may be found more than once, with other evidence.
        """
        ...


@runtime_checkable
class Patterned(Protocol):
    """A clause that looks for events by patterns."""

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields in which it compares events with each other."""
        ...

    def patterns(self) -> Patterns:
        """All that it looks for."""
        ...


C = TypeVar("C", bound=Clause, covariant=True)

ReadClause = Callable[[ClauseHeader, Agreement], C]
"""Reads the parameters of one kind from the clause's table. Raises BadInput at line and column."""
