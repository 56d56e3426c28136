"""Silence is not proof: whether what was not reported may still come, and from which devices (docs/silence.md)."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.clauses.finding import Awaited
from safeconduct.logistics.plan import Device, Plan
from safeconduct.tracking.devices import DeviceReport

_NEVER_US = -(2**62)
_MOVED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Who may still have something to say about a moment."""

    waiting_for: tuple[str, ...]
    """Devices able to report it that have not passed that moment."""
    trusted: tuple[str, ...]
    """Devices that have not passed it either, but were silent for so long that they are waited for no more."""


NOBODY = Heard((), ())
"""Nobody is waited for."""


class Abilities:
    """Which devices are able to report what, by the plan; without devices in it, every device that has spoken."""

    def __init__(self, plan: Plan) -> None:
        self._devices = plan.devices
        self._able: dict[Awaited, tuple[str, ...]] = {}

    def able(self, awaited: Awaited) -> tuple[str, ...] | None:
        """The devices able to make such a report; None: all that have spoken."""
        if self._devices is None:
            return None
        known = self._able.get(awaited)
        if known is None:
            known = self._able[awaited] = tuple(one.id for one in self._devices if _able(one, awaited))
        return known


class Silence:
    """How far each device has reported, against who can report what."""

    def __init__(self, plan: Plan, reports: Mapping[str, DeviceReport], end_us: int) -> None:
        """`reports` tells of each device that has spoken how far it has reported by `end_us`."""
        self._reports = reports
        self._trust_us = plan.trust_silence_us
        self._end_us = end_us
        self._abilities = Abilities(plan)
        self._marks: dict[tuple[str, ...] | None, _Marks] = {}
        """How far the devices of one ability have reported; None: all devices."""
        self._moved: list[str] = []
        """The devices that reported since the first of these was made."""
        self._stirred: set[str] = set(reports)
        """The devices that reported since it was last asked who is silent."""
        self._silent: set[str] = set()
        """Those that spoke once, and then not for so long that they are waited for no more."""
        self._silent_at_us: int | None = None
        """No other becomes one of these before this moment."""

    def hear(self, moved: Iterable[str], end_us: int) -> None:
        """It is later now; of these devices `reports` may tell something else than before."""
        self._end_us = end_us
        self._stirred.update(moved)
        if self._marks:
            self._moved.extend(moved)
            if len(self._moved) > _MOVED_AT_MOST:
                self._marks.clear()
                self._moved.clear()

    def about(self, awaited: Awaited, at_us: int) -> Heard:
        """Who is waited for with what is awaited at a moment."""
        behind = [device for _, device in self._behind(awaited, at_us)]
        trusted = self._trusted(behind, at_us)
        waiting = [device for device in behind if device not in trusted] if trusted else behind
        return Heard(tuple(sorted(waiting)), tuple(sorted(trusted)))

    def furthest_behind(self, awaited: Awaited, at_us: int) -> str | None:
        """Of the devices waited for the one that has reported least; None: none is waited for."""
        behind = [device for _, device in self._behind(awaited, at_us)]
        trusted = self._trusted(behind, at_us)
        return next((device for device in behind if device not in trusted), None)

    def _behind(self, awaited: Awaited, at_us: int) -> list[tuple[int, str]]:
        """The devices able to report it that have not passed a moment, each behind its watermark, the least first."""
        able = self._abilities.able(awaited)
        marks = self._marks.get(able)
        if marks is None or len(self._moved) - marks.looked > len(marks.sorted):
            marked = {device: self._mark_us(device) for device in (self._reports if able is None else able)}
            marks = self._marks[able] = _Marks(marked)
        else:
            for device in set(self._moved[marks.looked :]):
                if able is None or device in marks.of:
                    marks.move(device, None if able is None and device not in self._reports else self._mark_us(device))
        marks.looked = len(self._moved)
        return marks.sorted[: bisect_left(marks.sorted, (at_us + 1, ""))]

    def _mark_us(self, device: str) -> int:
        """Up to when a device has reported; a retired one, for ever."""
        report = self._reports.get(device)
        if report is None:
            return _NEVER_US
        if report.retired:
            return -_NEVER_US
        return _NEVER_US if report.watermark_us is None else report.watermark_us

    def _trusted(self, devices: Iterable[str], at_us: int) -> set[str]:
        """Those of some devices that are waited for no more with what is awaited at a moment."""
        trusted = self._long_silent().intersection(devices)
        # Nothing says since when one that never spoke should have: its silence counts from the moment awaited.
        if self._end_us - at_us >= self._trust_us:
            trusted.update(device for device in devices if device not in self._reports)
        return trusted

    def _long_silent(self) -> set[str]:
        for device in self._stirred:
            self._look_at(device)
        self._stirred.clear()
        if self._silent_at_us is not None and self._end_us >= self._silent_at_us:
            self._silent_at_us = None
            for device in self._reports:
                self._look_at(device)
        return self._silent

    def _look_at(self, device: str) -> None:
        """Whether a device is silent for long by now, or when it will be if it says nothing more."""
        report = self._reports.get(device)
        if report is None:
            self._silent.discard(device)
            return
        silent_at_us = report.last_us + self._trust_us
        if silent_at_us <= self._end_us:
            self._silent.add(device)
            return
        self._silent.discard(device)
        if self._silent_at_us is None or silent_at_us < self._silent_at_us:
            self._silent_at_us = silent_at_us


class _Marks:
    """Devices by how far they have reported."""

    __slots__ = ("looked", "of", "sorted")

    def __init__(self, of: dict[str, int]) -> None:
        self.of = of
        self.sorted = sorted((mark_us, device) for device, mark_us in of.items())
        self.looked = 0
        """How many of the moved devices were looked at."""

    def move(self, device: str, mark_us: int | None) -> None:
        """A device has reported up to this moment; None: it has not spoken."""
        old_us = self.of.pop(device, None)
        if old_us is not None:
            del self.sorted[bisect_left(self.sorted, (old_us, device))]
        if mark_us is not None:
            self.of[device] = mark_us
            insort(self.sorted, (mark_us, device))


def _able(device: Device, awaited: Awaited) -> bool:
    """Whether the device could make such a report; one that names no vehicle and no place could make any.

    What is awaited at one place, of whatever vehicle, any vehicle's device could report; and the other way round.
    """
    if not device.vehicles and not device.places:
        return True
    return _meets(device.vehicles, awaited.vehicles) or _meets(device.places, awaited.places)


def _meets(able: tuple[str, ...], awaited: frozenset[str] | None) -> bool:
    return bool(able) if awaited is None else not awaited.isdisjoint(able)
