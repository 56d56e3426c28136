"""The time of a simulated day, shared by the program that lives it and the pages that show it."""

import time
from collections.abc import Mapping
from multiprocessing import get_context

from safeconduct.web.pace import Tempo

USUAL_SPEED = 600.0
"""Seconds of the day that pass in one: a night and a day in about two minutes."""
_FRAME_S = 0.05


class SimulatedTime:
    """Passes at a speed that the viewers of the page set. Can be handed to another process when that is begun."""

    can_be_changed = True

    def __init__(self, zones: Mapping[str, str], speed: float = USUAL_SPEED) -> None:
        context = get_context("spawn")
        self.zones = dict(zones)
        # Without locks: each is written in one piece, and a process that is ended takes no lock with it.
        self._now_us = context.RawValue("q", 0)
        self._speed = context.RawValue("d", speed)
        self._paused = context.RawValue("b", False)

    def tempo(self) -> Tempo:
        """Time as of now."""
        return Tempo(self._now_us.value, self._speed.value, bool(self._paused.value))

    def change(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Set the speed, or pause and go on."""
        if speed is not None:
            self._speed.value = speed
        if paused is not None:
            self._paused.value = paused

    def pass_until(self, at_us: int) -> None:
        """Let time pass until a moment of the day; longer while it is paused."""
        while self._now_us.value < at_us:
            begun = time.monotonic()
            time.sleep(_FRAME_S)
            if not self._paused.value:
                passed_s = time.monotonic() - begun
                self._now_us.value = min(at_us, self._now_us.value + int(passed_s * self._speed.value * 1_000_000))

    def rest(self, seconds: float) -> None:
        """Give a person time to read; longer while time is paused, and less at a higher speed."""
        left = seconds
        while left > 0:
            begun = time.monotonic()
            time.sleep(min(left, _FRAME_S))
            if not self._paused.value:
                left -= (time.monotonic() - begun) * max(1.0, self._speed.value / USUAL_SPEED)

    def jump(self, at_us: int) -> None:
        """It is this moment now, without waiting; time never goes back."""
        self._now_us.value = max(self._now_us.value, at_us)
