"""Which reports were taken back (`voided`) by a moment. Who was told a report is told that it counts no more."""

from bisect import bisect_right, insort
from contextlib import suppress
from typing import Any

import msgspec

from safeconduct.tracking.events import Event
from safeconduct.tracking.reports import Reports
from safeconduct.tracking.sifting import voided_ids

_NOTHING: frozenset[str] = frozenset()


class _Sourced(msgspec.Struct):
    """Who says so."""

    source: Any = None


_SOURCED = msgspec.json.Decoder(_Sourced)


class TakenBack:
    """The reports `voided` so far. What somebody only claims (it names its `source`) takes nothing back.

    So what the sides see taken back tells of no claim. A `voided` whose id some other kind of report shares is taken as
    it stands.
    """

    def __init__(self) -> None:
        self._reports = Reports()
        self._moments: list[int] = []
        self._known: tuple[int, int | None] = (0, None)
        self._ids = _NOTHING

    def add(self, text: str, at_us: int, received_us: int | None) -> None:
        """Take a technical report as it came."""
        if '"voided"' not in text:
            return
        with suppress(msgspec.DecodeError):
            if _SOURCED.decode(text).source is not None:
                return
        line = self._reports.add(text, at_us, received_us)
        if line is not None and line.type == "voided" and isinstance(line.event, str):
            insort(self._moments, at_us)

    def ids(self, now_us: int | None) -> frozenset[str]:
        """The ids of the reports that count no more at that moment (None: after all that was reported).

        The same object as long as nothing has changed.
        """
        passed = len(self._moments) if now_us is None else bisect_right(self._moments, now_us)
        if (len(self._moments), passed) != self._known:
            self._known = (len(self._moments), passed)
            self._reports.look(now_us, _NOTHING)
            standing = {
                line.id: Event(line.id, line.type, line.at_us, {"event": line.event})
                for line in self._reports.counting()
                if line.type == "voided" and isinstance(line.event, str)
            }
            self._ids = frozenset(voided_ids(standing))
        return self._ids
