"""What the monitor of any kind offers: which events it must be told of, and what it does before somebody looks."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar, runtime_checkable

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.shortfall import Shortfall
from safeconduct.clauses.patterns import Patterns
from safeconduct.clauses.telling import merged
from safeconduct.tracking.events import Event

TakeEvent = Callable[[Event], None]


class Role:
    """Events that play one part in a clause, or in what several clauses look at."""

    __slots__ = ("insert", "patterns", "remove", "types")

    def __init__(
        self, types: Iterable[str] | None, patterns: Patterns | None, insert: TakeEvent, remove: TakeEvent
    ) -> None:
        """`types` None: of any type; `patterns` None: all of them, else those that match one."""
        self.types = None if types is None else frozenset(types)
        self.patterns = patterns
        self.insert = insert
        self.remove = remove


class KindMonitor(Protocol):
    """One clause, followed."""

    def roles(self) -> Sequence[Role]:
        """The events that it must be told of."""
        ...

    def forget(self, before_us: int, /) -> None:
        """No event before a moment will come or go any more: keep of them only what later ones are judged by.

        The words of breaches before that moment are made already.
        """
        ...


@runtime_checkable
class TimedMonitor(KindMonitor, Protocol):
    """One clause for which something may be missed when time passes, without the board knowing of it before."""

    def pass_time(self, end_us: int, /) -> None:
        """The end of observation is now this."""
        ...

    def next_us(self) -> int | None:
        """The first later moment at which time must be passed to it though nothing arrives; None: never."""
        ...


Unit = TypeVar("Unit", bound=Hashable)


class Units(Generic[Unit]):
    """A clause judged unit by unit (a departure, a batch, a person, …): only those are judged again that may differ.

    The words of a finding are made anew each time that somebody reads them, so that they never are out of date.
    """

    def __init__(self, board: Board, clause: str, judge: Callable[[Unit], Iterable[Finding]]) -> None:
        self._board = board
        self._clause = clause
        self._judge = judge
        self._doubtful: set[Unit] = set()

    def doubt(self, unit: Unit) -> None:
        """What the unit shows may be another than before."""
        if not self._doubtful:
            self._board.unsettle(self.settle)
        self._doubtful.add(unit)

    def settle(self) -> None:
        """Judge again what was doubted."""
        doubtful, self._doubtful = self._doubtful, set()
        for unit in doubtful:
            found = {(one.at_us, one.rule, one.subject): one for one in self._judge(unit)}
            shortfalls = [
                Shortfall(one.at_us, one.rule, one.subject, partial(self._again, unit, key), deadline=one.deadline)
                for key, one in found.items()
            ]
            self._board.replace(self._clause, unit, shortfalls)

    def _again(self, unit: Unit, key: tuple[int, str, str]) -> Finding:
        return merged(one for one in self._judge(unit) if (one.at_us, one.rule, one.subject) == key)
