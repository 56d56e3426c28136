"""What a facility's notes come to: for each person, which steps are due, overdue, done. Any order, any repetition."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.reception.notes import CareLine, CareNote
from safeconduct.reception.pathway import STEP_IDS


@dataclass
class StepCare:
    """One step for one person."""

    due_us: int | None = None
    """By when; None while no note of the arrival was read."""
    settled: CareLine | None = None
    """How it was done or declined; of several notes the earliest."""

    def standing(self, now_us: int) -> str:
        """due, overdue, done or declined."""
        if self.settled is not None:
            return self.settled.standing
        return "overdue" if self.due_us is not None and now_us > self.due_us else "due"


@dataclass
class Care:
    """All persons of one exchange at one facility."""

    persons: dict[str, dict[str, StepCare]] = field(default_factory=dict)
    """By person, then by step."""

    def take(self, note: CareNote) -> None:
        """Add what a note says."""
        steps = self.persons.setdefault(note.person, {})
        for line in note.lines:
            step = steps.setdefault(line.step, StepCare())
            if line.standing == "due":
                step.due_us = line.at_us if step.due_us is None else min(step.due_us, line.at_us)
            elif step.settled is None or _order(line) < _order(step.settled):
                step.settled = line

    def due(self) -> dict[str, int]:
        """By step, for how many it has become due, settled or not."""
        return {step: sum(step in steps for steps in self.persons.values()) for step in STEP_IDS}

    def done(self) -> dict[str, int]:
        """By step, for how many it is done or declined."""
        return {step: _settled(steps.get(step) for steps in self.persons.values()) for step in STEP_IDS}


def _settled(found: Iterable[StepCare | None]) -> int:
    return sum(one is not None and one.settled is not None for one in found)


def _order(line: CareLine) -> tuple[int, str, str, str]:
    return line.at_us, line.standing, line.by, line.outcome
