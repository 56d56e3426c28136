"""Which counts may be told: none whose change would tell on a person whom others know to have been there."""

from collections.abc import Mapping

from safeconduct.reception.entries import CareTallied
from safeconduct.reception.pathway import STEP_IDS

TOGETHER = 5
"""Counts of settled steps are told in multiples of this; notes are recorded of at least as many persons at once."""


def told(count: int, expected: int) -> int:
    """A count of settled steps as it is told: rounded down, until everybody who was ever expected is counted.

    Both sides know from custody who arrived when. One more examined after one more arrived would be that person's
    examination; five more are nobody's.
    """
    return count if count == expected else count - count % TOGETHER


def misfit(tally: CareTallied, before: CareTallied | None) -> str:
    """What does not fit in these counts, by themselves or after the ones told before; empty if nothing."""
    if set(tally.due) != set(STEP_IDS) or set(tally.done) != set(STEP_IDS):
        return f"it must count each of {', '.join(STEP_IDS)}, and nothing else"
    if not 0 <= tally.arrived <= tally.expected:
        return f"{tally.arrived} arrived of {tally.expected} expected"
    for step in STEP_IDS:
        if not 0 <= tally.done[step] <= tally.due[step] <= tally.arrived:
            return f"{step}: {tally.done[step]} done of {tally.due[step]} due, with {tally.arrived} arrived"
    if before is None:
        return ""
    if tally.occurred_at_us < before.occurred_at_us:
        return "it is older than the one on record"
    if tally.arrived < before.arrived:
        return f"{before.arrived} had arrived already, now {tally.arrived}"
    return _fallen("due", tally.due, before.due) or _fallen("done", tally.done, before.done)


def _fallen(what: str, now: Mapping[str, int], before: Mapping[str, int]) -> str:
    for step in STEP_IDS:
        if now[step] < before[step]:
            return f"{step}: {before[step]} were {what} already, now {now[step]}"
    return ""
