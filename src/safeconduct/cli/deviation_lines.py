"""Deviations on standard output: JSON Lines for programs, readable lines on a terminal."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.clauses.deviation import Deviation


class DeviationLines:
    """Prints deviations as they come."""

    def __init__(self, as_json: bool) -> None:
        """`as_json`: JSON Lines even on a terminal."""
        self._as_json = as_json or not sys.stdout.isatty()

    def show(self, deviations: "Iterable[Deviation]") -> None:
        """Print them and let them through at once."""
        for one in deviations:
            line = one.line() if self._as_json else _readable(one).encode("utf-8", "replace")
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


def _readable(one: "Deviation") -> str:
    return f"{one.at}  {one.status:<11} {one.severity:<8} {one.clause}: {one.rule} {one.subject}\n    {one.message}"
