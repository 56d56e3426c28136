"""The sift, kept as lines arrive: after each line the events that count are those that `Received.sift` would leave.

A line costs the same however many came before. What is rare (the end of observation going back, a receipt that turns
out to have been so early that its report lies in the future) is not mended here but said: `must_begin_anew`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Protocol

from safeconduct.tracking.device_book import DeviceBook
from safeconduct.tracking.events import Event
from safeconduct.tracking.forgotten import Forgotten
from safeconduct.tracking.sifting import FUTURE_US, Flaw, earlier, is_future, number_of, voided_ids

_ALWAYS_US = -(2**62)


class Told(Protocol):
    """Who follows the events that count."""

    def insert(self, event: Event, /) -> None:
        """It counts from now on."""
        ...

    def remove(self, event: Event, /) -> None:
        """It counts no more."""
        ...

    def flawed(self, rule: str, subject: str, flaws: tuple[Flaw, ...], /) -> None:
        """All flaws by this rule and of this subject, from now on."""
        ...


class Sieve:
    """Every line received so far, up to the end of observation."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.devices = DeviceBook(self._standing_of)
        """How far each device has reported."""
        self.end_us: int | None = None
        """The end of observation; None: nothing tells the time yet."""
        self.following = False
        """The end of observation is the latest `at` of the lines that are neither future nor voided."""
        self.until_us: int | None = None
        """Following, the end of observation is no later than this."""
        self._must_begin_anew = False
        self._lines: dict[str, Event] = {}
        """Of each id the line that came first."""
        self._versions: dict[str, list[Event]] = {}
        """Of an id with lines of different content, all of these."""
        self._standing: dict[str, Event] = {}
        """Of such an id the line that stands."""
        self._later: list[tuple[int, int, Event]] = []
        """Lines later than the end of observation: a heap by `at`."""
        self._waiting: set[Event] = set()
        """The same."""
        self._serial = 0
        self._latest_us: int | None = None
        self._latest_is_stale = False
        self._shared: dict[tuple[str, int], list[Event]] = {}
        """Of each number of a device that several ids carry, all lines with it."""
        self._voiding: dict[str, Event] = {}
        """The `voided` that stand, by id."""
        self._voided_by: dict[str, set[str]] = defaultdict(set)
        """Of each id those naming it."""
        self._removed: set[str] = set()
        """The ids that a working one names."""
        self._forgotten = Forgotten()
        self._forgotten_us = _ALWAYS_US
        """Lines before this moment are not kept."""

    @property
    def must_begin_anew(self) -> bool:
        """What was told so far is not what stands: start again with a new one, given all lines."""
        return self._must_begin_anew or self.devices.must_begin_anew

    @property
    def forgets(self) -> bool:
        """Not all lines are kept."""
        return self._forgotten_us > _ALWAYS_US

    def lines(self) -> Iterator[Event]:
        """Every line of different content that is kept, with its earliest receipt."""
        for event_id, line in self._lines.items():
            yield from self._versions.get(event_id) or (line,)

    def forget(self, before_us: int) -> None:
        """Keep no line before a moment. Whoever forgets must be able to give all lines to a new sieve."""
        self.devices.add_up()
        self._forgotten_us = before_us
        forgotten: list[str] = []
        for event_id, first in self._lines.items():
            if max(line.at_us for line in self._versions.get(event_id, (first,))) < before_us:
                forgotten.append(event_id)
        for event_id in forgotten:
            first = self._lines.pop(event_id)
            for line in self._versions.pop(event_id, (first,)):
                self.devices.drop(line)
            self._standing.pop(event_id, None)
            if self._voiding:
                voiding = self._voiding.pop(event_id, None)
                if voiding is not None:
                    self._voided_by[voiding.fields["event"]].discard(event_id)
            self._removed.discard(event_id)
        for number in [number for number, lines in self._shared.items() if all(one.at_us < before_us for one in lines)]:
            del self._shared[number]
        if forgotten:
            self._forgotten.add(forgotten)

    def counting(self) -> Iterator[Event]:
        """The events that count."""
        return (line for line, voided in self._standing_of(self._lines) if not voided)

    def next_us(self) -> int | None:
        """The earliest `at` after the end of observation."""
        return self._later[0][0] if self._later else None

    def latest_us(self) -> int | None:
        """The latest `at` of the lines that are neither future nor voided; None: there are none."""
        if self._latest_is_stale:
            times = (line.at_us for line in self.lines() if line.id not in self._removed and not is_future(line))
            self._latest_us, self._latest_is_stale = max(times, default=None), False
        return self._latest_us

    def add(self, events: Iterable[Event]) -> None:
        """Take in lines."""
        if self._forgotten:
            events = list(events)
            if self._forgotten.may_hold_any(event.id for event in events if event.id not in self._lines):
                self._must_begin_anew = True
                return
        lines, removed = self._lines, self._removed
        hear, insert = self.devices.hear, self._told.insert
        for event in events:
            event_id, at_us, received_us = event.id, event.at_us, event.received_us
            new = event_id not in lines
            if new:
                lines[event_id] = event
            elif not self._add_again(event):
                continue
            if self._must_begin_anew:
                continue  # whoever begins anew asks for all lines
            if received_us is not None and at_us > received_us + FUTURE_US:
                self._tell_future(event_id)
                continue
            if at_us < self._forgotten_us:
                self._must_begin_anew = True
                return
            latest_us = self._latest_us
            if (latest_us is None or at_us > latest_us) and event_id not in removed:
                self._latest_us = at_us
                if self.following:
                    self._follow(event)
            elif self.following and event.type == "voided" and event_id in removed and self._closes_circle(event):
                # In a circle none of them works, itself neither: then the end may be another.
                self._must_begin_anew = True
            end_us = self.end_us
            if end_us is None or at_us > end_us:
                self._serial += 1
                heappush(self._later, (at_us, self._serial, event))
                self._waiting.add(event)
            elif new and event.type != "voided" and not self._shared and event_id not in removed:
                # The usual case, in one go.
                clashing = hear(event)
                if clashing is not None:
                    self._share(event, clashing)
                insert(event)
            else:
                self._admit(event)

    def _follow(self, latest: Event) -> None:
        """Let the end of observation be that of the latest line, which itself is still to be taken in."""
        at_us = latest.at_us if self.until_us is None or latest.at_us < self.until_us else self.until_us
        if self._later:
            self._waiting.add(latest)
            self.advance(at_us)
            self._waiting.discard(latest)
        elif self.end_us is None or at_us > self.end_us:
            self.end_us = at_us

    def advance(self, end_us: int) -> None:
        """Let the end of observation be no earlier than this."""
        if self.end_us is None or end_us > self.end_us:
            self.end_us = end_us
        while self._later and self._later[0][0] <= self.end_us:
            line = heappop(self._later)[2]
            self._waiting.discard(line)
            self._admit(line)

    def _add_again(self, event: Event) -> bool:
        """A line with an id that is known; whether its content is new."""
        first = self._lines[event.id]
        versions = self._versions.get(event.id)
        content = event.content
        for index, known in enumerate(versions or (first,)):
            if known.at_us != event.at_us or known.content != content:
                continue
            if is_future(event) and not is_future(known) and earlier(event.received_us, known.received_us):
                # Else the first one stays: whoever was told of it knows it by what it is.
                if versions is None:
                    self._lines[event.id] = event
                else:
                    versions[index] = event
                self._must_begin_anew = True
            return False
        if versions is None:
            self._versions[event.id] = [first, event]
            if self._is_admitted(first):
                self._standing[event.id] = first
        else:
            versions.append(event)
        return True

    def _is_admitted(self, line: Event) -> bool:
        return (
            self.end_us is not None and line.at_us <= self.end_us and line not in self._waiting and not is_future(line)
        )

    def _admit(self, line: Event) -> None:
        """A line that is neither future nor later than the end."""
        clashing = self.devices.use(line)
        if clashing is not None or self._shared:
            self._share(line, clashing)
        versions = self._versions.get(line.id)
        if versions is None:
            self._stand(line)
            return
        known = self._standing.get(line.id)
        if known is None:
            self._standing[line.id] = line
            self._stand(line)
        elif (line.at_us, line.content) < (known.at_us, known.content):
            self._withdraw(known)
            self._standing[line.id] = line
            self._stand(line)
        self._tell_conflict(line.id)

    def _stand(self, line: Event) -> None:
        if line.id in self._removed:
            self.devices.skip(line)
        else:
            self.devices.count(line)
            self._let_count(line)
        if line.type == "voided":
            target = line.fields["event"]
            if self._forgotten and target not in self._lines and self._forgotten.may_hold_any((target,)):
                self._must_begin_anew = True
            self._voiding[line.id] = line
            self._voided_by[line.fields["event"]].add(line.id)
            self._judge_voids(line)

    def _withdraw(self, line: Event) -> None:
        if line.type == "voided":
            del self._voiding[line.id]
            self._voided_by[line.fields["event"]].discard(line.id)
            self._judge_voids(line)
        self.devices.forget(line)
        if line.id not in self._removed:
            self._take_back(line)

    def _judge_voids(self, voiding: Event) -> None:
        """Which events are removed, among those that one `voided` may have to do with."""
        concerned: set[str] = set()
        around = [voiding.id, voiding.fields["event"]]
        while around:
            one = around.pop()
            if one in concerned:
                continue
            concerned.add(one)
            around.extend(self._voided_by.get(one, ()))
            if one in self._voiding:
                around.append(self._voiding[one].fields["event"])
        removed = voided_ids({one: self._voiding[one] for one in concerned & self._voiding.keys()})
        for one in sorted(concerned):
            if (one in removed) != (one in self._removed):
                self._set_removed(one, one in removed)

    def _closes_circle(self, voiding: Event) -> bool:
        """Whether a `voided` leads, from what it names to what that names and so on, back to itself; True if unsure."""
        if voiding.id in self._versions:
            return True
        passed: set[str] = set()
        named = voiding.fields["event"]
        while named != voiding.id:
            line = self._lines.get(named)
            if line is None:
                return bool(self._forgotten) and self._forgotten.may_hold_any((named,))
            if named in self._versions:
                return True
            if line.type != "voided" or named in passed:
                return False
            passed.add(named)
            named = line.fields["event"]
        return True

    def _set_removed(self, event_id: str, removed: bool) -> None:
        if removed:
            self._removed.add(event_id)
        else:
            self._removed.discard(event_id)
        first = self._lines.get(event_id)
        if first is None:
            return
        versions = self._versions.get(event_id)
        latest_us = max((one.at_us for one in versions or (first,) if not is_future(one)), default=None)
        known_us = self._latest_us
        if latest_us is not None and (known_us is None or latest_us > known_us or (removed and latest_us == known_us)):
            # The latest line is voided, or one that was is not any more: the end of observation may be another.
            self._latest_is_stale = True
            self._must_begin_anew |= self.following
        standing = self._standing.get(event_id) if versions else (first if self._is_admitted(first) else None)
        if standing is None:
            return
        if removed:
            self.devices.void(standing)
            self._take_back(standing)
        else:
            # What it says of its device is added to what is known, as when it came: nothing need be added up anew.
            self.devices.count(standing)
            self._let_count(standing)
        if versions:
            self._tell_conflict(event_id)

    def _let_count(self, line: Event) -> None:
        if not self._is_forgotten(line):
            self._told.insert(line)

    def _take_back(self, line: Event) -> None:
        if not self._is_forgotten(line):
            self._told.remove(line)

    def _is_forgotten(self, line: Event) -> bool:
        """Whether those told have forgotten it, though it is kept, as another content of it is later."""
        forgotten = line.at_us < self._forgotten_us
        self._must_begin_anew |= forgotten
        return forgotten

    def _standing_of(self, ids: Iterable[str]) -> Iterator[tuple[Event, bool]]:
        for event_id in ids:
            if event_id in self._versions:
                line = self._standing.get(event_id)
            else:
                line = self._lines[event_id]
                line = line if self._is_admitted(line) else None
            if line is not None:
                yield line, event_id in self._removed

    def _tell_future(self, event_id: str) -> None:
        lines = self._versions.get(event_id) or [self._lines[event_id]]
        flaws = (Flaw(line.at_us, "future", event_id, (event_id,)) for line in lines if is_future(line))
        self._told.flawed("future", event_id, tuple(flaws))

    def _tell_conflict(self, event_id: str) -> None:
        admitted = [line for line in self._versions[event_id] if self._is_admitted(line)]
        flaws: tuple[Flaw, ...] = ()
        if len(admitted) > 1 and event_id not in self._removed:
            flaws = (Flaw(max(line.at_us for line in admitted), "conflict", event_id, (event_id,)),)
        self._told.flawed("conflict", event_id, flaws)

    def _share(self, line: Event, clashing: str | None) -> None:
        """Tell of a number that several reports of one device carry."""
        number = number_of(line)
        if number is None or (clashing is None and number not in self._shared):
            return
        lines = self._shared.get(number)
        if lines is None and clashing is not None and clashing not in self._lines:
            self._must_begin_anew = True  # the other one is not kept
            return
        if lines is None:
            others = self._versions.get(clashing) or [self._lines[clashing]] if clashing else []
            lines = [one for one in others if self._is_admitted(one) and number_of(one) == number]
            self._shared[number] = lines
        lines.append(line)
        ids = tuple(sorted({one.id for one in lines}))
        subject = f"{number[0]}/{number[1]}"
        flaw = Flaw(max(one.at_us for one in lines), "clone", subject, ids)
        self._told.flawed("clone", subject, (flaw,) if len(ids) > 1 else ())
