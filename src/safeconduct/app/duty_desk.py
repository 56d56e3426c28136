"""The desk on duty: the one writer of a ledger while it is served. It takes reports, records what the watch finds, and
what people do about it and with keys of their own.

A thread of its own holds the ledger; reports that come together are written together. The watch runs in another process
(`judging_process`). If it dies it is begun anew; if that happens again at once, the desk gives up rather than let
anybody believe that the day is watched.
"""

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

from safeconduct.app.commands import OnAlarms
from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.erasures import Unfinished
from safeconduct.app.handling import escalation_words
from safeconduct.app.judging_process import Judged, judge_for_ever
from safeconduct.app.key_alarms import raise_on_keys
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import Asked, Stands, TookSigned
from safeconduct.app.officer_desk import perform
from safeconduct.app.posted_lines import read_post
from safeconduct.app.recorded_day import plan_on_duty
from safeconduct.app.recorder import Recorder
from safeconduct.app.release_alarms import raise_alarms
from safeconduct.app.rolled_back import RolledBack
from safeconduct.app.uninterrupted import uninterrupted
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.workspace import Workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput, Refused, SafeconductError
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.state import PlanInForce
from safeconduct.tracking.entries import Report

_GROUP = 512
"""Posts written together at most."""
_LOOK_AGAIN_S = 1.0
"""How often to look for alarms that nobody took on in time."""
_AGAIN_WITHIN_S = 60.0
_FINISH_AGAIN_S = 5.0
"""How often to try to bring an erasure to its end that somebody who reads the ledger holds up."""
_ENDS_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one post; what was taken is on the disk."""

    taken: int
    size: int
    """Entries of the ledger from then on."""
    aside: tuple[str, ...]
    """Lines that are no reports, each with what is wrong and how to mend it; they were not recorded."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act; it is on the disk."""

    entries: int
    """How many it made."""
    size: int
    """Entries of the ledger from then on."""


@dataclass(frozen=True, slots=True)
class _Post:
    lines: bytes
    answer: "Future[Taken]"


@dataclass(frozen=True, slots=True)
class _Act:
    command: OnAlarms
    answer: "Future[Done]"


@dataclass(frozen=True, slots=True)
class _OfOfficer:
    asked: Asked
    answer: "Future[Stands]"


@dataclass(frozen=True, slots=True)
class _Found:
    judged: Judged
    watch: int
    """Which watch found it, counted from the first."""


_Asked = _Post | _Act | _OfOfficer


class DutyDesk:
    """Takes reports on the exchange whose plan is approved and whose round is still open."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        randomness: Randomness,
        on_failure: Callable[[str], None],
        on_escalation: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take the ledger. Raises Refused while another program writes to it, BadInput if it is damaged.

        From another thread, `on_failure` is told when the desk can go on no more, `on_escalation` a sentence when
        nobody has taken on an alarm in time, or when nothing more may be recorded (RolledBack, which is also raised
        here): then the desk gives up the ledger and refuses what comes, and the pages can go on.
        """
        self._workspace = workspace
        self._clock = clock
        self._randomness = randomness
        self._on_failure = on_failure
        self._on_escalation = on_escalation
        self._inbox: queue.SimpleQueue[_Asked | _Found | None] = queue.SimpleQueue()
        self._watched: WatchedDay | None = None
        self._plan: PlanInForce | None = None
        """Under which the day is watched."""
        self._judge: BaseProcess | None = None
        self._watch = 0
        """Counts up with every watch that is begun anew on what the record holds then: what an earlier one finds is
        void."""
        self._finish_again_s: float | None = None
        """When to try again to bring an erasure to its end."""
        self._closing = False
        self._look_again_s = 0.0
        self._ended = ""
        """Why nothing is taken any more, once that is so."""
        self._rolled_back = False
        """Whether that is because this is not all of the record."""
        begun: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, args=(begun,), name="duty desk", daemon=True)
        self._thread.start()
        begun.result()

    def post(self, lines: bytes) -> "Future[Taken]":
        """Take reports in, JSON Lines; the answer comes when they are durable.

        It is Refused where there is no approved plan to take them for, or the desk can go on no more.
        """
        answer: Future[Taken] = Future()
        self._put(_Post(lines, answer))
        return answer

    def act(self, command: OnAlarms) -> "Future[Done]":
        """Record what somebody does about alarms; the answer comes when it is durable.

        It is Refused where that is not possible as things stand now, or the desk can go on no more.
        """
        answer: Future[Done] = Future()
        self._put(_Act(command, answer))
        return answer

    def perform(self, asked: Asked) -> "Future[Stands]":
        """Take what a person of the intermediary does with a key; the answer comes when it and its alarms are durable.

        Of what is erased nothing here knows any more by then. It is Refused where that is not possible as things stand
        now, or the desk can go on no more.
        """
        answer: Future[Stands] = Future()
        self._put(_OfOfficer(asked, answer))
        return answer

    def close(self) -> None:
        """Write what came, and give the ledger up."""
        self._closing = True
        self._inbox.put(None)
        self._thread.join()

    def _put(self, one: _Asked) -> None:
        self._inbox.put(one)
        if self._ended:
            # After it is in: the desk says that it has ended before it refuses what came.
            self._refuse_all()

    def _work(self, begun: "Future[None]") -> None:
        ended = "the desk on duty has failed"
        recorder: Recorder[Entry] | None = None
        try:
            try:
                recorder = self._workspace.open_recorder(self._clock, self._randomness, DECODER)
                office = Office(recorder, self._clock, lambda: cosigned_notes(self._workspace))
                raise_on_keys(office)
                self._look_at_plan(office)
            except SafeconductError as error:
                begun.set_exception(error)
                return
            begun.set_result(None)
            try:
                while self._take(office):
                    pass
                ended = "the desk is closed"
            except RolledBack as error:
                ended, self._rolled_back = str(error), True
            except SafeconductError as error:
                ended = str(error)
        finally:
            # Whatever ended the thread: nobody waits for it in vain, nor believes that the day is watched.
            failed, self._closing = not (self._closing or self._rolled_back), True
            if self._judge is not None:
                self._judge.terminate()
            if recorder is not None:
                recorder.close()
            self._ended = ended
            self._refuse_all()
            if not begun.done():
                begun.set_exception(Refused(ended))
            if self._rolled_back:
                self._on_escalation(f"ALARM: {ended}")
            if failed and begun.exception() is None:
                if sys.exc_info()[0] is not None:
                    logging.getLogger(__name__).error(ended, exc_info=True)
                self._on_failure(ended)

    def _take(self, office: Office) -> bool:
        """Take what came, in one group; whether to go on."""
        came: list[_Asked | _Found | None] = []
        with suppress(queue.Empty):
            came.append(self._inbox.get(timeout=_LOOK_AGAIN_S))
            while len(came) < _GROUP:
                came.append(self._inbox.get_nowait())
        # Whoever has given up waiting is not answered, and their post is left.
        asked = [one for one in came if isinstance(one, _Asked) and one.answer.set_running_or_notify_cancel()]
        posts = [one for one in asked if isinstance(one, _Post)]
        try:
            if self._watched is not None:
                self._record(self._watched, posts)
            for post in posts if self._watched is None else ():
                post.answer.set_exception(Refused("no plan is on record that every party approved"))
            for one in asked:
                if isinstance(one, _Act):
                    _act(office, one)
                elif isinstance(one, _OfOfficer):
                    self._perform(office, one)
        except RolledBack as error:
            for one in asked:
                if not one.answer.done():
                    one.answer.set_exception(RolledBack(str(error)))
            raise
        finally:
            for one in asked:
                if not one.answer.done():
                    one.answer.set_exception(Refused("it is not known whether this was recorded; send it again"))
        watched = self._watched
        found = [one.judged for one in came if isinstance(one, _Found) and one.watch == self._watch]
        if found and watched is not None:
            watched.show(found[-1].standing, self._clock.now_us())
        self._finish_erasures(office)
        if time.monotonic() >= self._look_again_s:
            # Whether or not anything came: what nobody takes on is not taken on by nobody reporting.
            self._look_again_s = time.monotonic() + _LOOK_AGAIN_S
            raise_alarms(office, self._workspace.escalation.to)
            escalated = () if watched is None else watched.escalate(self._workspace.escalation, self._clock.now_us())
            if escalated:
                self._on_escalation(escalation_words(escalated, self._workspace.escalation.to))
        return None not in came

    def _record(self, watched: WatchedDay, posts: list[_Post]) -> None:
        received = format_instant(self._clock.now_us())
        lines: list[dict[str, Any]] = []
        answers: list[tuple[_Post, int, list[str]]] = []
        for post in posts:
            found, aside = read_post(post.lines, received)
            lines += found
            answers.append((post, len(found), aside))
        watched.take(lines)
        size = watched.size()
        for post, taken, aside in answers:
            post.answer.set_result(Taken(taken, size, tuple(aside)))

    def _perform(self, office: Office, one: _OfOfficer) -> None:
        erased = len(office.state.disclosure.erasures)
        try:
            stands = perform(office, one.asked, self._workspace.escalation.to)
        except Unfinished as error:
            self._finish_again_s = time.monotonic() + _FINISH_AGAIN_S
            self._forget(office)
            one.answer.set_exception(Refused(f"{error}; this is done by itself, or when the server is started next"))
        except (Refused, BadInput) as refusal:
            one.answer.set_exception(Refused(str(refusal)))
        else:
            if len(office.state.disclosure.erasures) > erased:
                self._forget(office)
            if isinstance(stands, TookSigned):
                self._hear(office, stands.first)
            self._look_at_plan(office)
            one.answer.set_result(stands)

    def _hear(self, office: Office, first: int) -> None:
        """Reports are on record, from an entry on, that were not posted here."""
        bodies = [recorded.body for recorded in office.recorder.read(first)]
        found = [one.entry for one in bodies if isinstance(one, Opened) and isinstance(one.entry, Report)]
        if self._watched is not None:
            self._watched.hear({one.report: one.received_at_us for one in found})

    def _look_at_plan(self, office: Office) -> None:
        """Watch the day by the plan that every party has approved now.

        Where there is none any more, as once the key of an approval is revoked, those who are on the road are watched
        by the one that they move by.
        """
        in_force = plan_on_duty(office.state)
        if in_force is None or in_force == self._plan:
            return
        first = self._watched is None
        self._watched, self._plan = WatchedDay(office, in_force.proposed.exchange), in_force
        if first:
            threading.Thread(target=self._keep_judging, name="watch", daemon=True).start()
        else:
            self._judge_anew()

    def _forget(self, office: Office) -> None:
        """Know no more than the record holds since data were erased; the watch is begun anew on that."""
        if self._watched is not None:
            self._watched = WatchedDay(office, self._watched.plan.exchange)
            self._judge_anew()

    def _judge_anew(self) -> None:
        self._watch += 1
        judge = self._judge
        if judge is not None:
            judge.terminate()
            if not wait([judge.sentinel], _ENDS_WITHIN_S):
                judge.kill()

    def _finish_erasures(self, office: Office) -> None:
        if self._finish_again_s is None or time.monotonic() < self._finish_again_s:
            return
        try:
            office.recorder.finish_erasures()
            self._finish_again_s = None
        except Unfinished:
            self._finish_again_s = time.monotonic() + _FINISH_AGAIN_S

    def _refuse_all(self) -> None:
        with suppress(queue.Empty):
            while True:
                one = self._inbox.get_nowait()
                if isinstance(one, _Asked) and one.answer.set_running_or_notify_cancel():
                    one.answer.set_exception((RolledBack if self._rolled_back else Refused)(self._ended))

    def _keep_judging(self) -> None:
        died = -_AGAIN_WITHIN_S
        while not self._closing and self._plan is not None:
            watch, exchange = self._watch, self._plan.proposed.exchange
            try:
                self._judge_until_it_ends(exchange, watch)
            except OSError as error:
                self._on_failure(f"the watch cannot be begun: {error.strerror or error}")
                return
            if self._closing:
                return
            if watch != self._watch:
                continue
            if time.monotonic() - died < _AGAIN_WITHIN_S:
                self._on_failure("the watch ended twice within a minute: nobody judges the day")
                return
            logging.getLogger(__name__).warning("the watch ended and is begun anew")
            died = time.monotonic()

    def _judge_until_it_ends(self, exchange: str, watch: int) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        with ours:
            with theirs:
                process = context.Process(
                    target=judge_for_ever,
                    args=(self._workspace.folder.absolute(), self._workspace.master_key(), exchange, theirs),
                    name="watch",
                    daemon=True,
                )
                with uninterrupted():
                    process.start()
            self._judge = process
            if self._closing or watch != self._watch:
                process.terminate()
            with suppress(EOFError, OSError):  # killed between two messages, or within one
                while not self._closing:
                    self._inbox.put(_Found(ours.recv(), watch))
        process.join()


def _act(office: Office, act: _Act) -> None:
    try:
        entries = office.perform(act.command)
    except Refused as refusal:
        act.answer.set_exception(refusal)
    else:
        act.answer.set_result(Done(len(entries), office.recorder.size()))
