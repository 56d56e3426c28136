"""How expected failures are told: one line that says what is wrong, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with an input, at a place a person can go to.

    `line` and `column` count from 1; both are 0 where the whole file is meant (it cannot be read at all).
    """

    file: str
    line: int
    column: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}; {self.mend}"


class SafeconductError(Exception):
    """Root of every error this software raises on purpose; its text is one line for an operator."""


class BadInput(SafeconductError):
    """Input or usage that cannot be worked with (exit code 2). Nothing has been written when it is raised."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            raise AssertionError("BadInput needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["BadInput"], tuple[tuple[Fault, ...]]]:
        """As another process may have raised it."""
        return type(self), (self.faults,)


class Refused(SafeconductError):
    """A command that the present state does not allow (exit code 2). Nothing has been written when it is raised."""
