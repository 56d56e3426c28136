"""How reports reach the intermediary: numbered by their devices, late, doubled, out of order, and mis-scans withdrawn.

No report is lost in the end; what is changed here is when each arrives, never what it says.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant
from safeconduct.sim.day import Report
from safeconduct.sim.seeds import stream
from safeconduct.sim.troubles import Trouble


@dataclass(frozen=True)
class Disorder:
    """How badly reports travel. Shares are of all reports; moments and spans are microseconds."""

    latency_us: int
    """Usual time on the way, up to."""
    straggler_share: float
    """Reports that take up to an hour, and so arrive out of order."""
    repeated_share: float
    """Reports sent again a while later."""
    offline_share: float
    """Devices that lose the network once, for one to four hours."""
    misscans: int
    """Scans of the wrong thing, withdrawn a few minutes later."""
    clock_error_us: int
    """Devices' clocks are off by up to this much."""
    in_order: bool
    """Whether a device's reports, stragglers aside, arrive in its own order."""


NO_DISORDER = Disorder(0, 0.0, 0.0, 0.0, 0, 0, in_order=True)
LIGHT_DISORDER = Disorder(20 * SECOND_US, 0.0003, 0.02, 0.0, 1, 2 * SECOND_US, in_order=True)
HEAVY_DISORDER = Disorder(3 * MINUTE_US, 0.1, 0.1, 0.35, 5, 45 * SECOND_US, in_order=False)


@dataclass(frozen=True)
class Line:
    """One line of the events file: when it arrived, and the event with `received_at`."""

    received_us: int
    event: dict[str, Any]


def number(reports: Sequence[Report]) -> list[Report]:
    """The reports with `device_seq`: each device counts its own from 1, in the order of its clock."""
    counters: dict[str, int] = {}
    numbered = []
    for report in sorted(reports, key=lambda one: (one.at_us, one.event["id"])):
        if report.device:
            counters[report.device] = counters.get(report.device, 0) + 1
            report = Report(report.at_us, report.event | {"device_seq": counters[report.device]})
        numbered.append(report)
    return numbered


def deliver(reports: Sequence[Report], troubles: Sequence[Trouble], disorder: Disorder, seed: int) -> list[Line]:
    """All reports as lines in the order of their arrival, among them mis-scans with their withdrawals.

    A device is without network while a `late-report` trouble says so, or as the disorder draws it; what it records
    meanwhile arrives together afterwards.
    """
    random = stream(seed, "delivery")
    recorded = number([*reports, *_misscans(reports, disorder, seed)])
    offline = _offline(recorded, troubles, disorder, seed)
    arrivals: list[tuple[int, int, dict[str, Any]]] = []
    latest_us: dict[str, int] = {}
    for order, report in enumerate(recorded):
        # A clock that runs fast must not make a report arrive before it was made.
        sent_us = report.at_us + disorder.clock_error_us
        for start_us, end_us in offline.get(report.device, ()):
            if start_us <= sent_us <= end_us:
                sent_us = end_us
        arrives_us = sent_us + random.randint(0, disorder.latency_us)
        if random.random() < disorder.straggler_share:
            arrives_us = sent_us + random.randint(MINUTE_US, HOUR_US)
        elif disorder.in_order and report.device:
            arrives_us = latest_us[report.device] = max(arrives_us, latest_us.get(report.device, 0))
        arrivals.append((arrives_us, order, report.event))
        if random.random() < disorder.repeated_share:
            arrivals.append((arrives_us + random.randint(SECOND_US, 2 * HOUR_US), order, report.event))
    arrivals.sort(key=lambda one: (one[0], one[1]))
    return [Line(at_us, event | {"received_at": format_instant(at_us)}) for at_us, _, event in arrivals]


def batches(lines: Sequence[Line], every_us: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The events step by step: at each multiple of `every_us` after the first arrival, those that came since.

    Yields (now in microseconds since 1970 UTC, events); steps at which nothing came are left out.
    """
    moments = [line.received_us for line in lines]
    done = 0
    while done < len(lines):
        now_us = moments[done] + (-moments[done]) % every_us
        upto = bisect_right(moments, now_us)
        yield now_us, [line.event for line in lines[done:upto]]
        done = upto


def _misscans(reports: Sequence[Report], disorder: Disorder, seed: int) -> list[Report]:
    """Somebody scanned for another vehicle, by that vehicle's device; it withdraws the scan soon after."""
    random = stream(seed, "misscans")
    boarded = [report for report in reports if report.event["type"] == "boarded" and report.device]
    made: list[Report] = []
    for index in range(disorder.misscans if len(boarded) > 1 else 0):
        right, other = random.choice(boarded), random.choice(boarded)
        at_us = right.at_us + random.randint(1, 40) * SECOND_US
        scan = f"misscan/{index + 1}"
        fields = {key: other.event[key] for key in ("vehicle", "place", "device")}
        event = {"id": scan, "type": "boarded", "at": format_instant(at_us), "person": right.event["person"], **fields}
        made.append(Report(at_us, event))
        undone_us = at_us + random.randint(1, 4) * MINUTE_US
        void = {"id": f"voided/{scan}", "type": "voided", "at": format_instant(undone_us), "device": other.device}
        made.append(Report(undone_us, void | {"event": scan, "by": other.device, "reason": "scanned by mistake"}))
    return made


def _offline(
    reports: Sequence[Report], troubles: Sequence[Trouble], disorder: Disorder, seed: int
) -> dict[str, list[tuple[int, int]]]:
    """By device, the spans without network, in order."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for trouble in troubles:
        if trouble.kind == "late-report":
            spans.setdefault(trouble.device, []).append((trouble.at_us, trouble.at_us + trouble.lasting_us))
    moments: dict[str, list[int]] = {}
    for report in reports:
        if report.device:
            moments.setdefault(report.device, []).append(report.at_us)
    random = stream(seed, "offline")
    for device in sorted(moments):
        drawn, start_us = random.random(), random.choice(moments[device])
        lasting_us = random.randint(HOUR_US, 4 * HOUR_US)
        if drawn < disorder.offline_share:
            spans.setdefault(device, []).append((start_us, start_us + lasting_us))
    return {device: sorted(found) for device, found in spans.items()}
