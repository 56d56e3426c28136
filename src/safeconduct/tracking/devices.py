"""How far each device has reported: its watermark, its last contact, whether it is retired."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.tracking.events import Event
from safeconduct.tracking.reports import Line, is_future
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


class DevicesHeard:
    """The same for whoever follows the reports one by one (`tracking.reports`): of each device as it is asked for."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, Line]] = {}
        """By device, each line once."""
        self._known: dict[str, DeviceReport | None] = {}
        self._now_us = 0
        self._taken_back: frozenset[str] = frozenset()
        self._next_us: int | None = None
        """When the number of a report that is taken back already will have been used up."""

    def add(self, line: Line) -> None:
        """A report, new or received again, whether or not it counts."""
        if isinstance(line.device, str):
            self._lines.setdefault(line.device, {})[id(line)] = line
            self._known.pop(line.device, None)

    def change(self, line: Line) -> None:
        """A report counts now and did not, or the other way round."""
        if isinstance(line.device, str):
            self._known.pop(line.device, None)

    def look(self, now_us: int, taken_back: frozenset[str]) -> None:
        """Move to a moment, with the ids of the reports that are taken back by then."""
        passed = self._next_us is not None and self._next_us <= now_us
        if taken_back is not self._taken_back or passed or now_us < self._now_us:
            self._known.clear()
            self._next_us = None
        self._now_us, self._taken_back = now_us, taken_back

    def heard(self, device: str) -> DeviceReport | None:
        """How far a device has reported; None if it has not spoken."""
        if device not in self._known:
            self._known[device] = self._report(self._lines.get(device, {}).values())
        return self._known[device]

    def _report(self, lines: Iterable[Line]) -> DeviceReport | None:
        last_us: int | None = None
        numbered: dict[int, int] = {}
        clock_us: int | None = None
        retired = False
        for line in lines:
            number = line.device_seq
            if not isinstance(number, int) or isinstance(number, bool):
                number = None
            if line.counts:
                last_us = line.at_us if last_us is None else max(last_us, line.at_us)
                retired |= line.type == "retired"
                if number is not None:
                    numbered[number] = max(numbered.get(number, line.at_us), line.at_us)
                elif line.type == "clock":
                    clock_us = line.at_us if clock_us is None else max(clock_us, line.at_us)
            elif number is not None and line.id in self._taken_back and not is_future(line):
                if line.at_us <= self._now_us:
                    numbered.setdefault(number, line.at_us)
                elif self._next_us is None or line.at_us < self._next_us:
                    self._next_us = line.at_us
        return None if last_us is None else DeviceReport(_watermark(numbered, clock_us), last_us, retired)


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
