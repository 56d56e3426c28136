"""Time on a page: that of the machine, or of an exchange that is simulated at a speed which the viewer sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from safeconduct.kernel.ports import Clock


@dataclass(frozen=True, slots=True)
class Tempo:
    """How time passes on the page."""

    now_us: int
    speed: float
    """How fast it passes: real time is 1; in a simulation, a multiple of its usual speed."""
    paused: bool


class Pace(Protocol):
    """Where a page's time comes from."""

    @property
    def zones(self) -> Mapping[str, str]:
        """IANA time zone of each party whose clock is shown."""
        ...

    @property
    def can_be_changed(self) -> bool:
        """Whether viewers can pause it and set its speed."""
        ...

    def tempo(self) -> Tempo:
        """Time as of now."""
        ...

    def change(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Set the speed, or pause and go on. Does nothing where time cannot be changed."""
        ...


@dataclass(frozen=True, slots=True)
class RealTime:
    """The time of a clock; nobody can change it."""

    clock: Clock
    zones: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_be_changed(self) -> bool:
        """Never."""
        return False

    def tempo(self) -> Tempo:
        """The clock's time."""
        return Tempo(self.clock.now_us(), 1.0, paused=False)

    def change(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Nothing can be changed."""
