"""Silence is not proof: whether what was not reported may still come, and from which devices (docs/silence.md)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.clauses.finding import Awaited
from safeconduct.logistics.plan import Device, Plan
from safeconduct.tracking.devices import DeviceReport

_NEVER_US = -(2**62)


@dataclass(frozen=True, slots=True)
class Heard:
    """Who may still have something to say about a moment."""

    waiting_for: tuple[str, ...]
    """Devices able to report it that have not passed that moment."""
    trusted: tuple[str, ...]
    """Devices that have not passed it either, but were silent for so long that they are waited for no more."""


class Abilities:
    """Which devices are able to report what, by the plan; without devices in it, every device that has spoken."""

    def __init__(self, plan: Plan) -> None:
        self._devices = plan.devices
        self._able: dict[Awaited, tuple[str, ...]] = {}

    def able(self, awaited: Awaited, reports: Mapping[str, DeviceReport]) -> Iterable[str]:
        """The devices able to make such a report."""
        if self._devices is None:
            return reports
        known = self._able.get(awaited)
        if known is None:
            known = self._able[awaited] = tuple(one.id for one in self._devices if _able(one, awaited))
        return known


class Silence:
    """How far each device has reported, against who can report what."""

    def __init__(
        self, plan: Plan, reports: Mapping[str, DeviceReport], end_us: int, abilities: Abilities | None = None
    ) -> None:
        """`reports` tells of each device that has spoken how far it has reported by `end_us`."""
        self._reports = reports
        self._trust_us = plan.trust_silence_us
        self._end_us = end_us
        self._abilities = abilities or Abilities(plan)
        self._marks: dict[Awaited, list[tuple[int, str]]] = {}

    def about(self, awaited: Awaited, at_us: int) -> Heard:
        """Who is waited for with what is awaited at a moment."""
        waiting: list[str] = []
        trusted: list[str] = []
        for _, device in self._behind(awaited, at_us):
            (trusted if self._is_trusted(device, at_us) else waiting).append(device)
        return Heard(tuple(sorted(waiting)), tuple(sorted(trusted)))

    def furthest_behind(self, awaited: Awaited, at_us: int) -> str | None:
        """Of the devices waited for the one that has reported least; None: none is waited for."""
        return next((one for _, one in self._behind(awaited, at_us) if not self._is_trusted(one, at_us)), None)

    def _behind(self, awaited: Awaited, at_us: int) -> list[tuple[int, str]]:
        """The devices able to report it that have not passed a moment, each behind its watermark, the least first."""
        marks = self._marks.get(awaited)
        if marks is None:
            able = self._abilities.able(awaited, self._reports)
            marks = self._marks[awaited] = sorted((self._mark_us(device), device) for device in able)
        return marks[: bisect_left(marks, (at_us + 1, ""))]

    def _mark_us(self, device: str) -> int:
        """Up to when a device has reported; a retired one, for ever."""
        report = self._reports.get(device)
        if report is None:
            return _NEVER_US
        if report.retired:
            return -_NEVER_US
        return _NEVER_US if report.watermark_us is None else report.watermark_us

    def _is_trusted(self, device: str, at_us: int) -> bool:
        # Nothing says since when one that never spoke should have: its silence counts from the moment awaited.
        report = self._reports.get(device)
        return self._end_us - (report.last_us if report else at_us) >= self._trust_us


def _able(device: Device, awaited: Awaited) -> bool:
    """Whether the device could make such a report; one that names no vehicle and no place could make any.

    What is awaited at one place, of whatever vehicle, any vehicle's device could report; and the other way round.
    """
    if not device.vehicles and not device.places:
        return True
    return _meets(device.vehicles, awaited.vehicles) or _meets(device.places, awaited.places)


def _meets(able: tuple[str, ...], awaited: frozenset[str] | None) -> bool:
    return bool(able) if awaited is None else not awaited.isdisjoint(able)
