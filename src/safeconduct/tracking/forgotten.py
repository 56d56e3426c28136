"""Ids of which nothing is kept but that they were: eight bytes each."""

from collections.abc import Iterable

import numpy
from numpy.typing import NDArray

_Run = NDArray[numpy.int64]


class Forgotten:
    """A set of ids that only grows. It may take an id for one of its own that is none, never the other way round."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        """Sorted, each at least twice as long as the next."""

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, ids: Iterable[str]) -> None:
        """Take in ids."""
        run = numpy.sort(numpy.fromiter(map(hash, ids), dtype=numpy.int64))
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = numpy.sort(numpy.concatenate((self._runs.pop(), run)), kind="stable")
        self._runs.append(run)

    def may_hold_any(self, ids: Iterable[str]) -> bool:
        """Whether one of the ids may be one of its own."""
        wanted = numpy.fromiter(map(hash, ids), dtype=numpy.int64)
        for run in self._runs:
            at = numpy.minimum(numpy.searchsorted(run, wanted), len(run) - 1)
            if bool((run[at] == wanted).any()):
                return True
        return False
