"""The public sentence in a simulation: facts cleared, a draft that tells too much, a try too early, the release.

The simulated world publishes for the parties; the intermediary's own announcement is the release, made at the desk.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from safeconduct.app.commands import ClearFacts
from safeconduct.app.intake import recorded_event
from safeconduct.app.watched_day import WatchedDay
from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.disclosure.facts import AGREEMENT, DATE, TOTAL, released_by, returned_to
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.logistics.plan import Plan
from safeconduct.sim.day import Report
from safeconduct.sim.delivery import Line
from safeconduct.sim.desk import Desk
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.preparing import APPROVED_US, MIDDLE
from safeconduct.sim.simulated_day import SimulatedDay

TOO_MUCH = "On {date}, {handed-over.total} prisoners returned home by way of {place}; the wounded came first."
SENTENCE = """\
On {date}, {handed-over.total} prisoners returned home: {returned.to.RU} to Russia and {returned.to.UA} to Ukraine.
Their families were told first. {agreement}.
"""
"""Of the example's parties."""


def clear_facts(desk: Desk, plan: Plan, parties: Sequence[str], narrator: Narrator) -> None:
    """The parties agree what may be told: date, totals and the agreement's title."""
    narrator.begin("What may be told")
    desk.clock.set_us(APPROVED_US + 30 * MINUTE_US)
    facts = (AGREEMENT, DATE, TOTAL, *map(released_by, parties), *map(returned_to, parties))
    desk.office.perform(ClearFacts(plan.exchange, facts, tuple(parties)))
    narrator.tell(f"cleared by {' and '.join(parties)}: {', '.join(facts)}; nothing else may be told")
    narrator.end()


def without_announcement(day: SimulatedDay) -> SimulatedDay:
    """The day without what the simulated intermediary would have published by itself."""
    return replace(
        day,
        reports=tuple(report for report in day.reports if not _announces(report.event)),
        lines=tuple(line for line in day.lines if not _announces(line.event)),
    )


def with_release(day: SimulatedDay, event: dict[str, Any] | None) -> SimulatedDay:
    """The day with the release as it was reported, at its place."""
    if event is None:
        return day
    at_us = parse_instant(event["at"])
    told = {key: value for key, value in event.items() if key != "received_at"}
    reports = sorted((*day.reports, Report(at_us, told)), key=lambda report: (report.at_us, report.event["id"]))
    lines = sorted((*day.lines, Line(at_us, event)), key=lambda line: line.received_us)
    return replace(day, reports=tuple(reports), lines=tuple(lines))


class PublicSentence:
    """What the desk does to say one sentence at the right moment."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator
        self._draft = TOO_MUCH
        self._held = 0
        self.released: CommuniqueReleased | None = None

    def attempt(self, desk: Desk, watched: WatchedDay, now_us: int) -> None:
        """Try to release it: too early at the first handover, then from the last one planned until it is out."""
        if self.released is not None or not any(watched.released().values()):
            return
        if self._held and now_us < max(batch.handover_us for batch in watched.plan.batches):
            return
        if self._draft == TOO_MUCH:
            try:
                watched.release("draft.txt", TOO_MUCH, MIDDLE)
            except BadInput as refused:
                for fault in refused.faults:
                    self._narrator.tell(f"communiqué refused: {fault}")
            self._draft = SENTENCE
        desk.have_cosigned()
        try:
            self.released = watched.release("sentence.txt", SENTENCE, MIDDLE)
        except Refused as held:
            self._held += 1
            if self._held == 1:
                self._narrator.tell(f"{format_instant(now_us)[11:16]} communiqué {held}")
        else:
            self._narrator.tell(f"{format_instant(now_us)[11:16]} communiqué released, held {self._held} times before:")
            for line in self.released.text.splitlines():
                self._narrator.tell(line)

    def event(self, desk: Desk) -> dict[str, Any] | None:
        """The report of the release as it stands on record."""
        if self.released is None:
            return None
        for text, received_at_us in desk.office.state.tracking.reports.items():
            event = recorded_event(text, received_at_us)
            if _announces(event):
                return event
        raise AssertionError("a release is reported")


def _announces(event: dict[str, Any]) -> bool:
    return bool(event["type"] == "published" and event["by"] == MIDDLE)
