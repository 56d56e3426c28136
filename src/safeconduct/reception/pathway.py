"""The first steps of care after arrival, and by when each is due.

No convention gives hours. That everyone is examined and, where need be, isolated is GC III arts. 30 and 31 for those
still held, which the practice of receiving them home carries on: washing, clothes and examination on the day, a first
talk offered within a day, and no screening questions in the first hours. The hours are those of our example.
"""

from dataclasses import dataclass

from safeconduct.kernel.times import HOUR_US


@dataclass(frozen=True, slots=True)
class Step:
    """One step of care."""

    id: str
    within_us: int
    """Time allowed from the moment of arrival."""
    source: str


STEPS = (
    Step("decontamination", 3 * HOUR_US, "GC III, arts. 29 and 30; practice: wash and clothes on the day"),
    Step("medical-examination", 3 * HOUR_US, "GC III, arts. 30 and 31; the example's clause 'examined'"),
    Step("psychological-support", 24 * HOUR_US, "practice: offered to everyone within a day, voluntary"),
)
STEP_IDS = tuple(step.id for step in STEPS)


def due_by(arrived_at_us: int) -> dict[str, int]:
    """By when each step is due for somebody who arrived then."""
    return {step.id: arrived_at_us + step.within_us for step in STEPS}
