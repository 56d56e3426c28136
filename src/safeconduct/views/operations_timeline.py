"""The timeline: entries of the record as sentences, a run of like ones told as one item, the latest first."""

from dataclasses import dataclass, field

from safeconduct.kernel.times import MINUTE_US
from safeconduct.views.operations_model import TimelineItem

AT_MOST = 60

RUN_US = 5 * MINUTE_US
"""Entries alike that the ledger took within five minutes are told together."""


@dataclass(frozen=True, slots=True)
class Saying:
    """How an entry is told: what makes it like another, the sentence for one and for many."""

    key: tuple[object, ...]
    """Entries with equal keys are alike."""
    one: str
    many: str
    """With `{n}` for how many."""


@dataclass(slots=True)
class _Run:
    saying: Saying
    type: str
    index: int
    recorded_at_us: int
    occurred_at_us: int
    since_us: int
    count: int = 1
    ones: dict[str, str] = field(default_factory=dict)
    """Of each report its sentence, by id; empty for what is no report."""


class Timeline:
    """The latest runs, as many as are shown and some more."""

    def __init__(self) -> None:
        self._open: dict[tuple[object, ...], _Run] = {}
        """By key, the run that a like entry joins."""
        self._runs: list[_Run] = []

    def take(
        self, index: int, recorded_at_us: int, occurred_at_us: int, tag: str, saying: Saying, report: str = ""
    ) -> None:
        """Tell an entry; `report` is the id of the report that it is, if it is one."""
        run = self._open.get(saying.key)
        if run is None or recorded_at_us - run.since_us > RUN_US:
            run = _Run(saying, tag, index, recorded_at_us, occurred_at_us, recorded_at_us)
            self._open[saying.key] = run
            self._runs.append(run)
            if len(self._runs) > 4 * AT_MOST:
                self._forget()
        else:
            run.index, run.recorded_at_us = index, recorded_at_us
            run.occurred_at_us = max(run.occurred_at_us, occurred_at_us)
            run.count += 1
        if report:
            run.ones[report] = saying.one

    def items(self, taken_back: frozenset[str]) -> tuple[TimelineItem, ...]:
        """The latest first. What a report that was taken back said is not told."""
        items: list[TimelineItem] = []
        for run in sorted(self._runs, key=lambda one: -one.index):
            text = _text(run, taken_back)
            if text and len(items) < AT_MOST:
                items.append(TimelineItem(run.index, run.count, run.recorded_at_us, run.occurred_at_us, run.type, text))
        return tuple(items)

    def _forget(self) -> None:
        self._runs = sorted(self._runs, key=lambda one: one.index)[-2 * AT_MOST :]
        kept = {id(run) for run in self._runs}
        self._open = {key: run for key, run in self._open.items() if id(run) in kept}


def _text(run: _Run, taken_back: frozenset[str]) -> str:
    ones = run.ones
    count = run.count
    if ones:
        gone = ones.keys() & taken_back
        if gone:
            ones = {report: one for report, one in ones.items() if report not in gone}
        count = len(ones)
        if count == 0:
            return ""
        if count == 1:
            return next(iter(ones.values()))
    return run.saying.one if count == 1 else run.saying.many.replace("{n}", f"{count:,}")
