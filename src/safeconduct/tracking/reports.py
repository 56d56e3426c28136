"""The reports that count at a moment, kept up to date one by one: the sift of `tracking.sifting` for whoever follows.

What counts depends on the set of reports, never on the order in which they came. As in the contract, a report from the
future stands aside, one later than the moment is as if not received, of several contents under one id the smallest
stands, and what was taken back does not count. Not told here: cloned device numbers (they change no verdict).
"""

import json
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Any

import msgspec

from safeconduct.tracking.events import BadEvent, read_event
from safeconduct.tracking.sifting import FUTURE_US


class Line(msgspec.Struct, eq=False, gc=False):
    """One report, with those of its fields that a fold asks for. Fields of the report are as they came, unchecked.

    What stands in the second half is no part of the report; a field of such a name there is set over.
    """

    id: str
    type: str
    person: Any = None
    vehicle: Any = None
    place: Any = None
    position: Any = None
    count: Any = None
    what: Any = None
    who: Any = None
    by: Any = None
    result: Any = None
    subject: Any = None
    device: Any = None
    device_seq: Any = None
    event: Any = None
    giver: Any = msgspec.field(default=None, name="from")
    taker: Any = msgspec.field(default=None, name="to")
    source: Any = None
    """Who claims it; None: it is no claim."""

    at_us: Any = msgspec.field(default=0, name="_ at")
    """When it happened: microseconds since 1970 UTC."""
    received_us: Any = msgspec.field(default=None, name="_ received")
    """Its earliest arrival, or None."""
    text: Any = msgspec.field(default="", name="_ text")
    """The report as it came."""
    content: Any = msgspec.field(default="", name="_ content")
    """What makes two reports under one id the same; only worked out where there are two."""
    counts: Any = msgspec.field(default=False, name="_ counts")
    """Whether it counted at the last look."""


_NEVER_US = 2**62
_DECODER = msgspec.json.Decoder(Line)


class Reports:
    """All reports of some kinds, and which of them count."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._versions: dict[str, list[Line]] = {}
        """Of the ids that more than one content came under, all of them."""
        self._doubtful: list[Line] = []
        """To be looked at again."""
        self._later: list[tuple[int, str, int, Line]] = []
        """Those whose moment had not come at the last look, the earliest first."""
        self._taken_back: frozenset[str] = frozenset()
        self._now_us = -_NEVER_US

    def add(self, text: str, at_us: int, received_us: int | None) -> Line | None:
        """Take a report, new or repeated; the line that stands for it, or None if it cannot be read."""
        try:
            line = _DECODER.decode(text)
        except msgspec.DecodeError:
            return None
        line.at_us, line.received_us, line.text = at_us, received_us, text
        known = self._lines.setdefault(line.id, line)
        if known is line:
            self._doubtful.append(line)
            return line
        return self._add_again(line, known)

    def look(self, now_us: int | None, taken_back: frozenset[str]) -> list[Line]:
        """Move to a moment (None: beyond all of them); the lines that count now and did not, or the other way round.

        `taken_back` are the ids that count no more at that moment.
        """
        now_us = _NEVER_US if now_us is None else now_us
        doubtful: Iterable[Line] = self._doubtful
        if now_us < self._now_us:
            doubtful, self._later = self._every(), []
        else:
            while self._later and self._later[0][0] <= now_us:
                self._doubtful.append(heappop(self._later)[3])
            for event in self._taken_back ^ taken_back if self._taken_back is not taken_back else ():
                if event in self._lines:
                    self._doubtful.extend(self._versions.get(event) or (self._lines[event],))
        changed = []
        for line in doubtful:
            counts = self._counts(line, now_us, taken_back)
            if counts != line.counts:
                line.counts = counts
                changed.append(line)
            if line.at_us > now_us:
                heappush(self._later, (line.at_us, line.id, id(line), line))
        self._doubtful = []
        self._taken_back, self._now_us = taken_back, now_us
        return changed

    def counting(self) -> list[Line]:
        """The lines that counted at the last look."""
        return [line for line in self._every() if line.counts]

    def contradicting(self) -> list[list[Line]]:
        """Of the ids that more than one content came under, those that were heard of at the last look.

        Not of those that were taken back: what is taken back contradicts nothing.
        """
        heard = [
            [line for line in versions if _heard(line, self._now_us)]
            for event, versions in self._versions.items()
            if event not in self._taken_back
        ]
        return [versions for versions in heard if len(versions) > 1]

    def __contains__(self, event: str) -> bool:
        return event in self._lines

    def _every(self) -> list[Line]:
        lines = [line for line in self._lines.values() if line.id not in self._versions]
        return lines + [line for versions in self._versions.values() for line in versions]

    def _add_again(self, line: Line, known: Line) -> Line:
        versions = self._versions.get(line.id)
        if versions is None and line.text != known.text:
            known.content = _content(known)
            versions = self._versions[line.id] = [known]
        if versions is not None:
            line.content = _content(line)
            same = next((one for one in versions if one.content == line.content), None)
            if same is None:
                versions.append(line)
                self._doubtful.extend(versions)
                return line
            known = same
        if line.received_us is not None and (known.received_us is None or line.received_us < known.received_us):
            known.received_us = line.received_us
            self._doubtful.extend(versions or (known,))
        return known

    def _counts(self, line: Line, now_us: int, taken_back: frozenset[str]) -> bool:
        if not _heard(line, now_us) or line.id in taken_back:
            return False
        versions = self._versions.get(line.id)
        if versions is None:
            return True
        heard = [one for one in versions if _heard(one, now_us)]
        return min(heard, key=lambda one: (one.at_us, one.content)) is line


def _heard(line: Line, now_us: int) -> bool:
    """Whether it is neither from the future nor later than now."""
    return line.at_us <= now_us and not is_future(line)


def is_future(line: Line) -> bool:
    """Whether it is dated too long after its receipt: it stands aside."""
    return line.received_us is not None and line.at_us > line.received_us + FUTURE_US


def _content(line: Line) -> str:
    try:
        return read_event(json.loads(line.text)).content
    except (BadEvent, ValueError):
        return str(line.text)
