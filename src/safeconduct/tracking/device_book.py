"""How far each device has reported, kept as reports come in: what `device_reports` gives of them all, at any moment."""

from collections.abc import Callable, Iterable, Iterator

from safeconduct.tracking.devices import NO_MOMENT_US, DeviceReport
from safeconduct.tracking.events import Event
from safeconduct.tracking.sifting import number_of

_Lines = Callable[[Iterable[str]], Iterator[tuple[Event, bool]]]
"""Of these ids the report that stands, and whether it is voided."""


class DeviceLog:
    """One device. `numbers` holds who used a number first; the watermark is that of all numbers below `missing`."""

    __slots__ = ("ahead", "clashed", "clock_us", "dropped", "heard_us", "missing", "numbered_us", "numbers", "retired",
                 "stale", "unnumbered")  # fmt: skip

    def __init__(self) -> None:
        self.numbers: dict[int, str] = {}
        """Of each number the id that was first seen with it."""
        self.clashed: set[str] = set()
        """Ids that share a number with another."""
        self.unnumbered: set[str] = set()
        """Ids of reports without a number."""
        self.missing = 1
        """The first number not heard."""
        self.numbered_us: int | None = None
        """The latest `at` of the numbers below it."""
        self.ahead: dict[int, int] = {}
        """Numbers beyond the missing one, with their `at`."""
        self.clock_us: int | None = None
        """The latest `clock` without a number."""
        self.heard_us: int | None = None
        """The latest `at` of what counts; None: nothing does."""
        self.retired = False
        self.stale = False
        """Something was taken back: it must be added up anew."""
        self.dropped = False
        """Not all of its lines are kept."""

    def count(self, event: Event, number: int | None) -> None:
        """Take in a report that counts."""
        at_us = event.at_us
        if self.heard_us is None or at_us > self.heard_us:
            self.heard_us = at_us
        if number is not None:
            self.reach(number, at_us)
        elif event.type == "clock" and (self.clock_us is None or at_us > self.clock_us):
            self.clock_us = at_us
        if event.type == "retired":
            self.retired = True

    def skip(self, number: int) -> None:
        """A voided report: it did use up its number."""
        if number >= self.missing and number not in self.ahead:
            self.reach(number, NO_MOMENT_US)

    def reach(self, number: int, at_us: int) -> None:
        """A number was used at a moment."""
        if number == self.missing:
            if self.numbered_us is None or at_us > self.numbered_us:
                self.numbered_us = at_us
            self.missing = number + 1
            while self.ahead and self.missing in self.ahead:
                self.numbered_us = max(self.numbered_us, self.ahead.pop(self.missing))
                self.missing += 1
        elif number > self.missing:
            self.ahead[number] = max(at_us, self.ahead.get(number, at_us))
        elif number >= 1 and self.numbered_us is not None and at_us > self.numbered_us:
            self.numbered_us = at_us

    def report(self) -> DeviceReport | None:
        """What is known of it; None if nothing that it said counts."""
        if self.heard_us is None:
            return None
        watermark_us = None if self.numbered_us == NO_MOMENT_US else self.numbered_us
        if self.clock_us is not None and not self.ahead:
            watermark_us = self.clock_us if watermark_us is None else max(watermark_us, self.clock_us)
        return DeviceReport(watermark_us, self.heard_us, self.retired)


class DeviceBook:
    """All devices."""

    def __init__(self, lines: _Lines) -> None:
        """`lines` gives the reports of some ids, when a device must be added up anew."""
        self._lines = lines
        self._logs: dict[str, DeviceLog] = {}
        self._known: dict[str, DeviceReport] = {}
        self._moved: set[str] = set()
        """Devices whose report is to be made anew."""
        self.must_begin_anew = False
        """Something must be added up of which not all lines are kept."""

    def hear(self, event: Event) -> str | None:
        """A line came that counts and is the first under its id: `use` and `count` in one."""
        fields = event.fields
        device = fields.get("device")
        if type(device) is not str:
            return None
        log = self._logs.get(device)
        if log is None:
            log = self._logs[device] = DeviceLog()
        self._moved.add(device)
        number = fields.get("device_seq")
        if type(number) is not int:
            log.unnumbered.add(event.id)
            log.count(event, None)
            return None
        event_id, at_us = event.id, event.at_us
        first = log.numbers.setdefault(number, event_id)
        if first is not event_id or log.heard_us is None or event.type == "retired":
            log.count(event, number)
            if first == event_id:
                return None
            self._clash(device, log, first, event_id)
            return first
        if log.dropped and number < log.missing:
            self.must_begin_anew = True  # the number was used before, by a line that is not kept
        # What follows is `count` for the usual case.
        if at_us > log.heard_us:
            log.heard_us = at_us
        if number > log.missing:
            log.ahead[number] = at_us
        else:
            log.reach(number, at_us)
        return None

    def use(self, event: Event) -> str | None:
        """A line came that names its device and number; the id that had used that number, if another one had."""
        number = event.fields.get("device_seq")
        device = event.fields.get("device")
        if type(device) is not str:
            return None
        log = self._logs.get(device)
        if log is None:
            log = self._logs[device] = DeviceLog()
        if type(number) is not int:
            log.unnumbered.add(event.id)
            return None
        if log.dropped and number < log.missing and number not in log.numbers:
            self.must_begin_anew = True
        first = log.numbers.setdefault(number, event.id)
        if first == event.id:
            return None
        self._clash(device, log, first, event.id)
        return first

    def _clash(self, device: str, log: DeviceLog, first: str, second: str) -> None:
        log.clashed.update((first, second))
        self._add_up_anew(device, log)

    def _add_up_anew(self, device: str, log: DeviceLog) -> None:
        log.stale = True
        self._moved.add(device)
        self.must_begin_anew |= log.dropped

    def count(self, event: Event) -> None:
        """A report counts from now on."""
        device = event.fields.get("device")
        if type(device) is str:
            number = event.fields.get("device_seq")
            self._logs[device].count(event, number if type(number) is int else None)
            self._moved.add(device)

    def skip(self, event: Event) -> None:
        """A report stands but is voided, and has never counted."""
        named = number_of(event)
        if named is not None:
            device, number = named
            self._logs[device].skip(number)
            self._moved.add(device)

    def void(self, event: Event) -> None:
        """A report that counted is voided."""
        device = event.fields.get("device")
        if type(device) is str:
            log = self._logs[device]
            number = event.fields.get("device_seq")
            rare = event.type == "retired" or event.id in log.clashed or type(number) is not int or number in log.ahead
            if rare or any(us is None or event.at_us >= us for us in (log.heard_us, log.numbered_us)):
                self.forget(event)

    def forget(self, event: Event) -> None:
        """A report is taken back altogether: its device is added up anew."""
        device = event.fields.get("device")
        if type(device) is str:
            self._add_up_anew(device, self._logs[device])

    def drop(self, event: Event) -> None:
        """Keep nothing of a line but that its number was used, unless that still waits for one before it."""
        device = event.fields.get("device")
        log = self._logs.get(device) if type(device) is str else None
        if log is None:
            return
        number = event.fields.get("device_seq")
        if type(number) is not int:
            log.unnumbered.discard(event.id)
        elif number not in log.ahead and log.numbers.get(number) == event.id:
            del log.numbers[number]
        log.clashed.discard(event.id)
        log.dropped = True

    def add_up(self) -> None:
        """Add up anew what must be, while all lines that it takes are still kept."""
        for device in self._moved:
            log = self._logs[device]
            if log.stale:
                self._logs[device] = self._added_up(device, log)

    def look(self) -> set[str]:
        """Bring the reports up to date; the devices of which that may have changed since the last look."""
        self.add_up()
        moved, self._moved = self._moved, set()
        for device in moved:
            report = self._logs[device].report()
            if report is None:
                self._known.pop(device, None)
            else:
                self._known[device] = report
        return moved

    def reports(self) -> dict[str, DeviceReport]:
        """What is known of each device that has spoken, as of the last call of `look`. Not to be changed."""
        return self._known

    def _added_up(self, device: str, old: DeviceLog) -> DeviceLog:
        ids = {*old.numbers.values(), *old.clashed, *old.unnumbered}
        lines = [(event, voided) for event, voided in self._lines(ids) if event.fields.get("device") == device]
        log = DeviceLog()
        log.numbers, log.clashed, log.unnumbered = old.numbers, old.clashed, old.unnumbered
        counted = [event for event, voided in lines if not voided]
        shadowed = {number_of(event) for event in counted}
        for event in counted:
            named = number_of(event)
            log.count(event, named[1] if named else None)
        for event in sorted((event for event, voided in lines if voided), key=lambda one: one.id):
            named = number_of(event)
            if named is not None and named not in shadowed:
                shadowed.add(named)
                log.skip(named[1])
        return log
