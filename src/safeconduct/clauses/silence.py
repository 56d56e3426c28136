"""Silence is not proof: whether what was not reported may still come, and from which devices (docs/silence.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.clauses.finding import Awaited
from safeconduct.logistics.plan import Device, Plan
from safeconduct.tracking.devices import DeviceReport


@dataclass(frozen=True, slots=True)
class Heard:
    """Who may still have something to say about a moment."""

    waiting_for: tuple[str, ...]
    """Devices able to report it that have not passed that moment."""
    trusted: tuple[str, ...]
    """Devices that have not passed it either, but were silent for so long that they are waited for no more."""


class Silence:
    """How far each device has reported, against who can report what by the plan."""

    def __init__(self, plan: Plan, reports: Mapping[str, DeviceReport], end_us: int) -> None:
        """`reports` tells of each device that has spoken how far it has reported by `end_us`."""
        self._reports = reports
        self._trust_us = plan.trust_silence_us
        self._end_us = end_us
        self._devices: tuple[Device, ...] = (
            tuple(Device(id=device) for device in self._reports) if plan.devices is None else plan.devices
        )

    def about(self, awaited: Awaited, at_us: int) -> Heard:
        """Who is waited for with what is awaited at a moment."""
        waiting: list[str] = []
        trusted: list[str] = []
        for device in self._devices:
            if not _able(device, awaited):
                continue
            report = self._reports.get(device.id)
            if report and (report.retired or (report.watermark_us is not None and report.watermark_us > at_us)):
                continue
            # Nothing says since when one that never spoke should have: its silence counts from the moment awaited.
            silent_us = self._end_us - (report.last_us if report else at_us)
            (trusted if silent_us >= self._trust_us else waiting).append(device.id)
        return Heard(tuple(sorted(waiting)), tuple(sorted(trusted)))


def _able(device: Device, awaited: Awaited) -> bool:
    """Whether the device could make such a report; one that names no vehicle and no place could make any.

    What is awaited at one place, of whatever vehicle, any vehicle's device could report; and the other way round.
    """
    if not device.vehicles and not device.places:
        return True
    return _meets(device.vehicles, awaited.vehicles) or _meets(device.places, awaited.places)


def _meets(able: tuple[str, ...], awaited: frozenset[str] | None) -> bool:
    return bool(able) if awaited is None else not awaited.isdisjoint(able)
