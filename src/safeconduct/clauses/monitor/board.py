"""What stands: shortfalls, their deadlines, the devices that they wait for, and what was told of them."""

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from heapq import heappop, heappush

import msgspec

from safeconduct.clauses.deviation import OPEN, Deviation
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.clauses.monitor.shortfall import Shortfall
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.silence import Abilities, Silence
from safeconduct.clauses.telling import Telling, ToldClause, merged
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.device_book import DeviceBook

Key = tuple[int, str, str, str]
"""Moment, clause, rule, subject: in this order deviations are printed."""


class Board:
    """Every shortfall of every clause."""

    def __init__(self, plan: Plan, phrasing: Phrasing, devices: DeviceBook, planned: bool) -> None:
        """`planned`: it is a plan that is judged, where nothing more can be reported."""
        self._plan = plan
        self._phrasing = phrasing
        self._devices = devices
        self._planned = planned
        self._clauses: dict[str, ToldClause] = {}
        self._found: dict[Key, dict[Hashable, Shortfall]] = {}
        """Of each breach the shortfalls that show it, by what they concern."""
        self._units: dict[tuple[str, Hashable], tuple[Shortfall, ...]] = {}
        self._deadlines: list[Key] = []
        """A heap of those that may stand once their moment has passed."""
        self._doubtful: set[Key] = set()
        """Those that may stand, or not stand, otherwise than last told."""
        self._shown: dict[Key, Deviation] = {}
        """What stands, as it was told last."""
        self._opened: set[Key] = set()
        """Those of them that were ever told as open."""
        self._waiting: dict[str, list[Key]] = {}
        """Of each device a heap of unconfirmed breaches that wait for it (and perhaps for others)."""
        self._awaited: dict[Key, Awaited] = {}
        """Of each unconfirmed breach what would undo it."""
        self._abilities = Abilities(plan)
        self._silent_at_us: int | None = None
        """No device is waited for in vain before this moment."""
        self._end_us: int | None = None
        self._unsettled: list[Callable[[], None]] = []

    @property
    def end_us(self) -> int | None:
        """The end of observation, as last settled."""
        return self._end_us

    def unsettle(self, settle: Callable[[], None]) -> None:
        """Something must be called before the board is read, once."""
        self._unsettled.append(settle)

    def settle_all(self) -> None:
        """Call what must be called before the board is read."""
        while self._unsettled:
            self._unsettled.pop()()

    def follow(self, clause: ToldClause) -> None:
        """Make a clause known."""
        self._clauses[clause.id] = clause

    def resume(self, told: "Board") -> None:
        """Take over what another board told: what still stands is not told again, what does not is withdrawn."""
        self._shown = told._shown
        self._opened = told._opened
        self._doubtful.update(self._shown)

    def put(self, clause: str, unit: Hashable, shortfall: Shortfall) -> None:
        """A unit of a clause (an event, a person, …) shows a breach."""
        key = (shortfall.at_us, clause, shortfall.rule, shortfall.subject)
        self._awaited.pop(key, None)
        found = self._found.get(key)
        if found is None:
            self._found[key] = {unit: shortfall}
        else:
            found[unit] = shortfall
        if shortfall.deadline and (self._end_us is None or shortfall.at_us >= self._end_us):
            heappush(self._deadlines, key)
        else:
            self._doubtful.add(key)

    def drop(self, clause: str, unit: Hashable, at_us: int, rule: str, subject: str) -> None:
        """A unit shows a breach no more."""
        key = (at_us, clause, rule, subject)
        found = self._found.get(key)
        if found is None or found.pop(unit, None) is None:
            return
        self._awaited.pop(key, None)
        if not found:
            del self._found[key]
        if key in self._shown or key in self._doubtful:
            self._doubtful.add(key)

    def replace(self, clause: str, unit: Hashable, shortfalls: Iterable[Shortfall]) -> None:
        """All that a unit shows, from now on."""
        named = (clause, unit)
        old = self._units.get(named, ())
        new = _each_once(shortfalls)
        if new:
            self._units[named] = new
        elif old:
            del self._units[named]
        keys = {(one.at_us, one.rule, one.subject) for one in new} if old else ()
        for one in old:
            if (one.at_us, one.rule, one.subject) not in keys:
                self.drop(clause, unit, one.at_us, one.rule, one.subject)
        for one in new:
            self.put(clause, unit, one)

    def forget(self, before_us: int) -> None:
        """Make the words of what was found before a moment now: what they rest on will not be kept."""
        for key, found in self._found.items():
            if key[0] < before_us:
                for unit, shortfall in found.items():
                    if not shortfall.kept:
                        always = _always(shortfall.finding())
                        found[unit] = msgspec.structs.replace(shortfall, finding=always, kept=True)

    def settle(self, end_us: int | None) -> list[Deviation]:
        """What changed since the last time: opened, become open, withdrawn; in the order in which they are printed."""
        self._end_us = end_us
        if end_us is not None:
            while self._deadlines and self._deadlines[0][0] < end_us:
                self._doubtful.add(heappop(self._deadlines))
        if self._waiting or self._doubtful:
            moved = self._devices.look()
            if end_us is not None:
                self._hear(moved, end_us)
        if not self._doubtful:
            return []
        changes: list[tuple[Key, Deviation]] = []
        silence = self._silence()
        telling = self._telling(silence)
        for key in self._doubtful:
            change = self._change(key, telling, silence)
            if change is not None:
                changes.append((key, change))
        self._doubtful.clear()
        changes.sort(key=lambda one: one[0])
        return [change for _, change in changes]

    def standing(self) -> list[Deviation]:
        """All that stands, as it is now, in the order in which it is printed."""
        self._devices.look()
        telling = self._telling(self._silence())
        for key in self._shown:
            self._shown[key] = telling.deviation(self._clauses[key[1]], self._finding(key))
        return [self._shown[key] for key in sorted(self._shown)]

    def next_us(self) -> int | None:
        """The first moment at which something may change though nothing more arrives; None: never."""
        while self._deadlines and self._deadlines[0] not in self._found:
            heappop(self._deadlines)
        times = [self._deadlines[0][0] + 1] if self._deadlines else []
        if self._silent_at_us is not None and any(self._waiting.values()):
            times.append(self._silent_at_us)
        return min(times, default=None)

    def _change(self, key: Key, telling: Telling, silence: Silence) -> Deviation | None:
        found = self._found.get(key)
        shown = self._shown.get(key)
        late = self._end_us is not None and self._end_us > key[0]
        if found is None or (not late and next(iter(found.values())).deadline):
            if shown is None:
                return None
            del self._shown[key]
            self._opened.discard(key)
            return shown.withdrawn()
        if key in self._opened:
            return None
        if shown is not None and key in self._awaited:
            device = silence.furthest_behind(self._awaited[key], key[0])
            if device is not None:
                self._wait(key, device)
                return None
        finding = self._finding(key)
        told = self._shown[key] = telling.deviation(self._clauses[key[1]], finding)
        if told.status == OPEN:
            self._opened.add(key)
            self._awaited.pop(key, None)
            return told
        if finding.awaited is not None:
            self._awaited[key] = finding.awaited
            self._wait(key, silence.furthest_behind(finding.awaited, key[0]) or told.waiting_for[0])
        return told if shown is None else None

    def _finding(self, key: Key) -> Finding:
        found = self._found[key]
        units = found if len(found) == 1 else sorted(found)  # type: ignore[type-var]
        return merged(found[unit].finding() for unit in units)

    def _telling(self, silence: Silence) -> Telling:
        can_come = self._end_us is not None and not self._planned
        return Telling(self._plan, self._phrasing, self._end_us, silence if can_come else None)

    def _silence(self) -> Silence:
        end_us = 0 if self._end_us is None else self._end_us
        return Silence(self._plan, self._devices.reports(), end_us, self._abilities)

    def _wait(self, key: Key, device: str) -> None:
        heappush(self._waiting.setdefault(device, []), key)
        self._foresee_silence(device, key[0])

    def _foresee_silence(self, device: str, at_us: int) -> None:
        silent_at_us = self._waited_until_us(device, at_us)
        if self._silent_at_us is None or silent_at_us < self._silent_at_us:
            self._silent_at_us = silent_at_us

    def _waited_until_us(self, device: str, at_us: int) -> int:
        """When a device, silent from now on, is waited for no more."""
        report = self._devices.reports().get(device)
        return (at_us if report is None else report.last_us) + self._plan.trust_silence_us

    def _hear(self, moved: set[str], end_us: int) -> None:
        """Doubt what waits for a device that has passed it, retired, or been silent for too long."""
        reports = self._devices.reports()
        for device in moved & self._waiting.keys():
            keys, report = self._waiting[device], reports.get(device)
            if report is None or report.retired:
                self._doubtful.update(keys)
                keys.clear()
            elif report.watermark_us is not None:
                while keys and report.watermark_us > keys[0][0]:
                    self._doubtful.add(heappop(keys))
            if keys:
                # Something that it said may have been taken back: then it has been silent for longer.
                self._foresee_silence(device, keys[0][0])
        if self._silent_at_us is None or end_us < self._silent_at_us:
            return
        self._silent_at_us = None
        for device, keys in self._waiting.items():
            while keys and self._waited_until_us(device, keys[0][0]) <= end_us:
                self._doubtful.add(heappop(keys))
            if keys:
                self._foresee_silence(device, keys[0][0])


def _each_once(shortfalls: Iterable[Shortfall]) -> tuple[Shortfall, ...]:
    """Shortfalls that are one breach made one."""
    alike: dict[tuple[int, str, str], list[Shortfall]] = {}
    for one in shortfalls:
        alike.setdefault((one.at_us, one.rule, one.subject), []).append(one)
    return tuple(
        group[0] if len(group) == 1 else msgspec.structs.replace(group[0], finding=partial(_merged, group))
        for group in alike.values()
    )


def _always(finding: Finding) -> Callable[[], Finding]:
    return lambda: finding


def _merged(group: list[Shortfall]) -> Finding:
    return merged(one.finding() for one in group)
