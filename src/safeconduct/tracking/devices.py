"""How far each device has reported: its watermark, its last contact, whether it is retired."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.tracking.events import Event
from safeconduct.tracking.sifting import number_of


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What is known of one device that has spoken."""

    watermark_us: int | None
    """Up to when it has reported without a gap; None if its first number is missing."""
    last_us: int
    """The latest `at` of anything it reported, after a gap too."""
    retired: bool
    """It is said to be lost or done: it will report no more."""


def device_reports(events: Iterable[Event], voided: Iterable[Event] = ()) -> dict[str, DeviceReport]:
    """The devices that the events name, each with how far it has reported.

    A voided report says nothing of what happened, yet its number is not missing: a mis-scan taken back must not make
    everything that its device reports afterwards uncertain.

    Numbers run from 1; the watermark is the latest `at` among those before the first missing one. A `clock` without a
    number counts as well while no gap is known; any other event without a number proves nothing of those before it.
    """
    last: dict[str, int] = {}
    numbered: dict[str, dict[int, int]] = defaultdict(dict)
    clocks: dict[str, int] = {}
    retired: set[str] = set()
    for event in events:
        device = event.fields.get("device")
        if not isinstance(device, str):
            continue
        last[device] = max(last.get(device, event.at_us), event.at_us)
        number = number_of(event)
        if event.type == "retired":
            retired.add(device)
        if number is not None:
            seen = numbered[device]
            seen[number[1]] = max(seen.get(number[1], event.at_us), event.at_us)
        elif event.type == "clock":
            clocks[device] = max(clocks.get(device, event.at_us), event.at_us)
    for event in voided:
        number = number_of(event)
        if number is not None and number[0] in last:
            numbered[number[0]].setdefault(number[1], event.at_us)
    return {
        device: DeviceReport(_watermark(numbered.get(device, {}), clocks.get(device)), last_us, device in retired)
        for device, last_us in last.items()
    }


def _watermark(numbered: dict[int, int], clock_us: int | None) -> int | None:
    watermark: int | None = None
    number = 1
    while number in numbered:
        watermark = numbered[number] if watermark is None else max(watermark, numbered[number])
        number += 1
    gap = any(one >= number for one in numbered)
    if clock_us is not None and not gap:
        watermark = clock_us if watermark is None else max(watermark, clock_us)
    return watermark
