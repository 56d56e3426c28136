"""From lines as they arrived to the events that count. Nothing here depends on the order of arrival.

The order of the sift is the contract's: lines from the future stand aside; what is later than the end of observation
is as if not received; cloned numbers and conflicting contents are told, one content standing; what is voided goes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.times import MINUTE_US
from safeconduct.tracking.events import Event

FUTURE_US = 5 * MINUTE_US
"""How far a report's own time may lie after its receipt."""


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """A breach of the built-in clause `integrity`."""

    at_us: int
    rule: str
    """future, clone or conflict."""
    subject: str
    evidence: tuple[str, ...]
    """Ids of the events it rests on."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """What remains, up to the end of observation."""

    end_us: int | None
    """The end of observation; None if nothing tells the time."""
    events: tuple[Event, ...]
    """In the order of `at`, then id; every id once."""
    flaws: tuple[Flaw, ...]
    next_us: int | None
    """The earliest `at` after the end: when a line that is as if not received will count, if time goes on."""
    voided: tuple[Event, ...] = ()
    """What was removed as voided: it happened in no sense, but its device did use up its number."""


class Received:
    """Every line received so far: by id, then content, with its earliest receipt."""

    def __init__(self) -> None:
        self._versions: dict[str, list[Event]] = {}
        """Of each id the lines of different content."""

    def add(self, event: Event) -> None:
        """Take in one line; a repeated one has no effect but that the earliest `received_at` counts."""
        versions = self._versions.setdefault(event.id, [])
        content = event.content if versions else ""
        for index, known in enumerate(versions):
            if known.at_us == event.at_us and known.content == content:
                if earlier(event.received_us, known.received_us):
                    versions[index] = event
                return
        versions.append(event)

    def sift(self, until_us: int | None = None) -> Sifted:
        """What counts at `until_us`, or else at the latest `at` of the lines that are neither future nor voided."""
        flaws: list[Flaw] = []
        lines: list[Event] = []
        for versions in self._versions.values():
            for line in versions:
                if is_future(line):
                    flaws.append(Flaw(line.at_us, "future", line.id, (line.id,)))
                else:
                    lines.append(line)
        end_us = until_us
        if end_us is None:
            voided = voided_ids(standing(lines))
            end_us = max((line.at_us for line in lines if line.id not in voided), default=None)
        if end_us is None:
            return Sifted(None, (), tuple(sorted(flaws)), min((line.at_us for line in lines), default=None))
        next_us = min((line.at_us for line in lines if line.at_us > end_us), default=None)
        if next_us is not None:
            lines = [line for line in lines if line.at_us <= end_us]
        flaws.extend(_clones(lines))
        remaining = standing(lines)
        voided = voided_ids(remaining)
        flaws.extend(flaw for flaw in _conflicts(lines, len(remaining)) if flaw.subject not in voided)
        events = sorted(
            (event for event in remaining.values() if event.id not in voided), key=lambda one: (one.at_us, one.id)
        )
        removed = tuple(remaining[event_id] for event_id in sorted(voided & remaining.keys()))
        return Sifted(end_us, tuple(events), tuple(sorted(flaws)), next_us, removed)


def is_future(line: Event) -> bool:
    """Whether the line's own time lies too far after its receipt to be believed."""
    return line.received_us is not None and line.at_us > line.received_us + FUTURE_US


def standing(lines: Iterable[Event]) -> dict[str, Event]:
    """Of each id the line that stands: the smallest by (`at`, content)."""
    chosen: dict[str, Event] = {}
    for line in lines:
        known = chosen.get(line.id)
        if known is None or (line.at_us, line.content) < (known.at_us, known.content):
            chosen[line.id] = line
    return chosen


def voided_ids(events: Mapping[str, Event]) -> set[str]:
    """The ids that a working `voided` names.

    A `voided` works unless a working one names it. It is decided once all those naming it are; those that never are
    stand in a circle and do nothing.
    """
    target = {event.id: event.fields["event"] for event in events.values() if event.type == "voided"}
    undecided = dict.fromkeys(target, 0)
    for named in target.values():
        if named in undecided:
            undecided[named] += 1
    working = [voiding for voiding, count in undecided.items() if count == 0]
    removed: set[str] = set()
    while working:
        named = target[working.pop()]
        if named in removed:
            continue
        removed.add(named)
        onward = target.get(named)
        if onward in undecided:
            undecided[onward] -= 1
            if undecided[onward] == 0 and onward not in removed:
                working.append(onward)
    return removed


def number_of(event: Event) -> tuple[str, int] | None:
    """The device and its number of the event, if it has both."""
    device, number = event.fields.get("device"), event.fields.get("device_seq")
    if isinstance(device, str) and isinstance(number, int) and not isinstance(number, bool):
        return device, number
    return None


def _clones(lines: Sequence[Event]) -> Iterable[Flaw]:
    first: dict[tuple[Any, Any], str] = {}
    shared: dict[tuple[str, int], list[Event]] = {}
    for line in lines:
        # Almost every line has a number of its own: ask no more of it than whether it has one that was seen before.
        pair = line.fields.get("device"), line.fields.get("device_seq")
        try:
            known = first.setdefault(pair, line.id)
        except TypeError:  # a list or an object is no number
            continue
        if known != line.id and (number := number_of(line)) is not None:
            shared[number] = []
    for line in lines if shared else ():
        number = number_of(line)
        if number is not None and number in shared:
            shared[number].append(line)
    for (device, number_in_device), group in shared.items():
        ids = tuple(sorted({line.id for line in group}))
        if len(ids) > 1:
            yield Flaw(max(line.at_us for line in group), "clone", f"{device}/{number_in_device}", ids)


def _conflicts(lines: list[Event], ids: int) -> Iterable[Flaw]:
    if len(lines) == ids:
        return
    versions: dict[str, list[Event]] = defaultdict(list)
    for line in lines:
        versions[line.id].append(line)
    for event_id, group in versions.items():
        if len(group) > 1:
            yield Flaw(max(line.at_us for line in group), "conflict", event_id, (event_id,))


def earlier(one_us: int | None, other_us: int | None) -> bool:
    """Whether one receipt is earlier than another; any is earlier than none."""
    return one_us is not None and (other_us is None or one_us < other_us)
