"""Alarms: what was shown and what people did about it, put together by cause, at a clearance.

The causes are looked for among what this clearance is told. So a party's page may tell as two what the intermediary's
tells as one, and never the other way round.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.times import DAY_US, to_datetime
from safeconduct.tracking import alarm_causes
from safeconduct.tracking.alarm_book import (
    ACKNOWLEDGED,
    ASKING,
    RESOLVED,
    UNACKNOWLEDGED,
    UNCONFIRMED,
    WAIVED,
    WITHDRAWN,
    AlarmBook,
    Waiver,
)
from safeconduct.tracking.alarm_causes import AlarmGroup, by_cause
from safeconduct.tracking.devices import DeviceReport
from safeconduct.views.operations_model import AlarmSeen, DeviationSeen, DeviceSeen
from safeconduct.vocabulary.severity import weight

Fields = Mapping[str, Any]
DEVICES_NAMED = 3


@dataclass(frozen=True)
class Surroundings:
    """What of the rest of the picture alarms are told with."""

    now_us: int
    parties: tuple[str, ...]
    wording: Callable[[str], str]
    """What a clause says."""
    vehicle_of: Callable[[str], str]
    """The vehicle that a subject is, or whose leg it is; else empty."""
    heard: Callable[[str], DeviceReport | None]
    """How far a device has reported, as far as is told."""
    told_all: bool
    """Whether every report is told."""


class Alarms:
    """Every deviation that this clearance was told of, by its number."""

    def __init__(self) -> None:
        self._shown: dict[int, Fields] = {}
        self._confidential: set[int] = set()
        self._book = AlarmBook()
        self._awaited: tuple[str, ...] | None = None
        """The devices that the deviations shown wait for; None: to be gathered anew."""
        self._seen: tuple[object, tuple[AlarmSeen, ...]] | None = None
        self.folds: dict[str, Callable[[Fields], None]] = {
            "tracking.alarm-waived/1": self._waive,
        }
        """What is done with each type of entry on an alarm that was shown, given what of it may be told."""
        for kind, fold in (
            ("acknowledged", self._acknowledge),
            ("assigned", self._assign),
            ("resolved", self._resolve),
            ("escalated", self._escalate),
        ):
            self.folds[f"tracking.alarm-{kind}/1"] = self.folds[f"tracking.confidential-alarm-{kind}/1"] = fold

    def forget(self) -> None:
        """What alarms are told with has changed: parties, terms or plan."""
        self._seen = None

    def seen(self, around: Surroundings) -> tuple[AlarmSeen, ...]:
        """Every alarm, in the order of `Operations.alarms`."""
        reports = {device: around.heard(device) for device in self._devices()}
        day = around.now_us // DAY_US
        if self._seen is None or self._seen[0] != (day, reports):
            self._seen = ((day, reports), self._look(around, reports))
        return self._seen[1]

    def show(self, told: Fields, *, confidential: bool = False) -> None:
        """A deviation was shown, with what of it may be told."""
        if confidential:
            self._confidential.add(told["number"])
        self._shown[told["number"]] = told
        self._book.show(told["number"], told["status"], told["occurred_at_us"])
        self._seen = self._awaited = None

    def _acknowledge(self, told: Fields) -> None:
        self._book.acknowledge(told["number"], told["occurred_at_us"], told.get("by", ""))
        self._seen = None

    def _assign(self, told: Fields) -> None:
        self._book.assign(told["number"], told.get("owner", ""))
        self._seen = None

    def _resolve(self, told: Fields) -> None:
        self._book.resolve(told["number"], told["occurred_at_us"], told.get("by", ""), told.get("note", ""))
        self._seen = None

    def _waive(self, told: Fields) -> None:
        waiver = Waiver(told["occurred_at_us"], told.get("by", ""), told.get("reason", ""))
        self._book.waive(told["number"], told["party"], waiver)
        self._seen = None

    def _escalate(self, told: Fields) -> None:
        self._book.escalate(told["number"], told["occurred_at_us"], told.get("to", ()))
        self._seen = None

    def _devices(self) -> tuple[str, ...]:
        if self._awaited is None:
            doubtful = (told for told in self._shown.values() if told["status"] == UNCONFIRMED)
            self._awaited = tuple(sorted({device for told in doubtful for device in told.get("waiting_for", ())}))
        return self._awaited

    def _look(self, around: Surroundings, reports: Mapping[str, DeviceReport | None]) -> tuple[AlarmSeen, ...]:
        kinds: dict[str, list[DeviationSeen]] = {}
        for told in self._shown.values():
            deviation = self._deviation(told, around, reports)
            kind = "asking" if deviation.state in ASKING else deviation.state
            kinds.setdefault(kind, []).append(deviation)
        alarms = [
            self._alarm(group, around, reports)
            for deviations in kinds.values()
            for group in by_cause(deviations, around.vehicle_of)
        ]
        return tuple(sorted(alarms, key=_rank))

    def _deviation(
        self, told: Fields, around: Surroundings, reports: Mapping[str, DeviceReport | None]
    ) -> DeviationSeen:
        number, status = told["number"], told["status"]
        handling = self._book[number]
        awaited: tuple[str, ...] = told.get("waiting_for", ())
        if status == UNCONFIRMED:
            awaited = tuple(device for device in awaited if not _passed(reports[device], told["at_us"]))
        return DeviationSeen(
            number=number,
            clause=told["clause"],
            rule=told["rule"],
            subject=told.get("subject", ""),
            at_us=told["at_us"],
            shown_at_us=told["occurred_at_us"] if status == WITHDRAWN else handling.since_us,
            severity=told["severity"],
            status=status,
            message=told.get("message") or around.wording(told["clause"]),
            evidence=told.get("evidence", ()),
            waiting_for=awaited,
            state=handling.state(around.parties),
            owner=handling.owner,
            waived_by=tuple(party for party in around.parties if party in handling.waivers),
            confidential=number in self._confidential,
        )

    def _alarm(
        self, group: AlarmGroup[DeviationSeen], around: Surroundings, reports: Mapping[str, DeviceReport | None]
    ) -> AlarmSeen:
        deviations = group.deviations
        handled = [self._book[one.number] for one in deviations]
        state = deviations[0].state
        unacknowledged = sum(one.state == UNACKNOWLEDGED for one in deviations)
        if state in ASKING:
            state = UNACKNOWLEDGED if unacknowledged else ACKNOWLEDGED
        escalated = [one for one in handled if one.escalated_us is not None]
        waived = {party for party in around.parties if all(party in one.waivers for one in handled)}
        begun = any(one.waivers for one in handled)
        awaited = sorted({device for one in deviations if one.status == UNCONFIRMED for device in one.waiting_for})
        heard = [_device(device, reports[device], around) for device in awaited]
        heard.sort(key=lambda one: (one.last_us is not None, one.last_us or 0, one.device))
        reasons = [(party, waiver.reason) for one in handled for party, waiver in sorted(one.waivers.items())]
        notes = [one.note for one in handled] + [f"{party}: {reason}" for party, reason in reasons if reason]
        return AlarmSeen(
            number=group.number,
            cause=group.cause,
            of=group.of,
            title=_title(group, heard, around.now_us),
            state=state,
            severity=group.severity,
            status=group.status,
            first_us=deviations[0].at_us,
            shown_at_us=min(one.shown_at_us for one in deviations),
            unacknowledged=unacknowledged if state in ASKING else 0,
            owner=", ".join(_different(one.owner for one in handled)),
            escalated_us=min((one.escalated_us for one in escalated if one.escalated_us is not None), default=None),
            escalated_to=_different(to for one in escalated for to in one.escalated_to),
            waived_by=tuple(party for party in around.parties if party in waived),
            not_waived_by=tuple(party for party in around.parties if begun and party not in waived),
            resolved_us=max((one.resolved_us for one in handled if one.resolved_us is not None), default=None),
            resolved_by=", ".join(_different(one.resolved_by for one in handled)),
            notes=_different(notes),
            returned=any(one.returned for one in handled),
            heard=tuple(heard[:DEVICES_NAMED]),
            awaited=len(awaited),
            deviations=deviations,
        )


def _passed(report: DeviceReport | None, at_us: int) -> bool:
    """Whether a device has nothing more to say of a moment."""
    if report is None:
        return False
    return report.retired or (report.watermark_us is not None and report.watermark_us > at_us)


def _device(device: str, report: DeviceReport | None, around: Surroundings) -> DeviceSeen:
    if report is None:
        return DeviceSeen(device, None, None, "not heard of yet" if around.told_all else "no report of it is told")
    last_us, complete_us = report.last_us, report.watermark_us
    said = f"last {'heard' if around.told_all else 'report told'} {clock(last_us, around.now_us)}"
    if around.told_all and complete_us is None:
        said += ", its first reports missing"
    elif around.told_all and complete_us is not None and complete_us < last_us:
        said += f", complete only until {clock(complete_us, around.now_us)}"
    return DeviceSeen(device, last_us, complete_us, said)


def _different(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


_ORDER = {UNACKNOWLEDGED: 0, ACKNOWLEDGED: 1, WAIVED: 2, RESOLVED: 3, WITHDRAWN: 4}


def _rank(alarm: AlarmSeen) -> tuple[int, int, int, int]:
    if alarm.state in ASKING:
        return _ORDER[alarm.state], -weight(alarm.severity), alarm.first_us, alarm.number
    return _ORDER[alarm.state], -alarm.shown_at_us, -alarm.first_us, alarm.number


def _title(group: AlarmGroup[DeviationSeen], heard: Collection[DeviceSeen], now_us: int) -> str:
    deviations = group.deviations
    names = _different(f"{one.clause} · {one.rule}" for one in deviations)
    count, first_us, last_us = len(deviations), deviations[0].at_us, deviations[-1].at_us
    if group.cause == alarm_causes.DEVICES:
        return f"{'; '.join(f'Device {one.device}, {one.said}' for one in heard)}: {count} unconfirmed"
    if group.cause == alarm_causes.VEHICLE:
        return f"Vehicle {group.of[0]}: {', '.join(names)}, {count} in all"
    if group.cause == alarm_causes.SERIES:
        first, last = clock(first_us, now_us), clock(last_us, now_us)
        if first == last:
            return f"{names[0]}: {count} at {first}"
        return f"{names[0]}: {count} from {first} to {last[-5:] if first[:-5] == last[:-5] else last}"
    return names[0]


def waiting_words(alarm: AlarmSeen) -> str:
    """What an alarm waits for, the device unheard for the longest first; empty where its title says so already."""
    if not alarm.heard or alarm.cause == alarm_causes.DEVICES:
        return ""
    told = "; ".join(f"{one.device} {one.said}" for one in alarm.heard)
    more = alarm.awaited - len(alarm.heard)
    return f"waiting for {told}" + (f"; and {more} more devices" if more else "")


def waiver_words(alarm: AlarmSeen) -> str:
    """Who has waived an alarm, and who has not; empty where nobody has."""
    if not alarm.waived_by and not alarm.not_waived_by:
        return ""
    have = f"Waived by {' and '.join(alarm.waived_by)}" if alarm.waived_by else "Waived in part"
    return have + (f"; not by {' and '.join(alarm.not_waived_by)}" if alarm.not_waived_by else "")


def clock(at_us: int, now_us: int) -> str:
    """A moment for a person to read, in UTC; the date where it is not today."""
    moment = to_datetime(at_us)
    return moment.strftime("%H:%M" if at_us // DAY_US == now_us // DAY_US else "%Y-%m-%d %H:%M")
