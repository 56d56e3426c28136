"""A whole exchange from its files to its closed record, through the product's own code.

The caller gives the desk (a real ledger with an injected clock and randomness), the files, and the world in which the
day happens; and is told of every step. Where the desk is restarted in between, nothing changes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.app.commands import CloseRound
from safeconduct.app.watched_day import WatchedDay
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.composing import constraints_of
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.protected import PROTECTED
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.times import HOUR_US, MINUTE_US, parse_instant
from safeconduct.ledger.fsck import Report as CheckReport
from safeconduct.registry.reconciling import Interview
from safeconduct.sim.delivery import batches
from safeconduct.sim.desk import Desk
from safeconduct.sim.duty_officer import DutyOfficers
from safeconduct.sim.faults import FaultPlan
from safeconduct.sim.homecoming import Homecoming
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.preparing import Prepared, prepare, tell_cosigned
from safeconduct.sim.public_sentence import PublicSentence, clear_facts, with_release, without_announcement
from safeconduct.sim.simulated_day import SimulatedDay, simulate_day
from safeconduct.sim.terms_text import OBSERVED_UNTIL
from safeconduct.tracking.events import read_event
from safeconduct.views.reach import reach
from safeconduct.vocabulary.breach import Breach

UNTIL_US = parse_instant(OBSERVED_UNTIL)
STEP_US = 15 * MINUTE_US
COARSE_STEP_US = 2 * HOUR_US
"""For those in a hurry: whoever is shown what changed in between waits for nothing else."""
TAKE_STEP_US = 3 * MINUTE_US
"""Reports are taken in so often, whether or not they are judged at once."""
QUIET_STEP_US = 6 * HOUR_US
EVENING_STEP_US = HOUR_US
"""Before the plan's start, and once everyone should have arrived, reports are judged less often."""


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    prepared: Prepared
    day: SimulatedDay
    released: dict[str, int]
    clauses_kept: tuple[str, ...]
    clauses_broken: tuple[str, ...]
    expected: tuple[Deviation, ...]
    """What the evaluator says of the undelayed reports."""
    standing: tuple[Deviation, ...]
    shown: tuple[Deviation, ...]
    """Everything that the duty officer was shown, in order, with what was withdrawn."""
    check: CheckReport
    homecoming: Homecoming
    """The facilities, each with its own key, as they stand at the end."""
    communique: CommuniqueReleased | None
    """What was told to everybody; None if it was held to the end."""

    @property
    def missed(self) -> list[Breach]:
        """What should stand and does not."""
        return sorted({one.breach() for one in self.expected} - {one.breach() for one in self.standing})

    @property
    def invented(self) -> list[Breach]:
        """What stands and should not."""
        return sorted({one.breach() for one in self.standing} - {one.breach() for one in self.expected})

    @property
    def withdrawn(self) -> int:
        """How many deviations were shown and taken back."""
        return sum(one.status == "withdrawn" for one in self.shown)


def run_exchange(
    desk: Desk,
    files: Mapping[str, bytes],
    interviews: Mapping[str, Interview],
    seed: int,
    faults: FaultPlan,
    narrator: Narrator,
    between: Callable[[], None] = lambda: None,
    step_us: int = STEP_US,
) -> Outcome:
    """Carry the exchange through: prepare, live the day, close the round, check the record.

    While people are on the road, reports are taken in and judged every `step_us`.
    `between` is called between steps and between moments of the day; it may restart the desk.
    """
    prepared = prepare(desk, files, interviews, narrator, between)
    clear_facts(desk, prepared.plan, prepared.terms.agreement.parties, narrator)
    between()
    narrator.begin("The day")
    world = without_announcement(simulate_day(prepared.plan, seed, faults, UNTIL_US))
    public = PublicSentence(narrator)
    homecoming = Homecoming(prepared.plan, prepared.sites, world.reports, seed)
    homecoming.enrol(desk)
    shown, watched = _live(desk, prepared, world, homecoming, public, narrator, between, step_us)
    world = with_release(world, public.event(desk))
    expected = judge_day(prepared.terms, prepared.plan, map(read_event, world.true_events()), UNTIL_US)
    for sentence in homecoming.sentences():
        narrator.tell(sentence)
    narrator.end()
    released, kept, broken = _close(desk, prepared, watched, narrator)
    between()
    narrator.begin("The record")
    check = desk.office.recorder.check()
    narrator.tell(f"{check.size:,} entries derived again from their bytes: {len(check.problems) or 'no'} problems")
    narrator.tell(_who_may_know(desk, prepared))
    narrator.end()
    return Outcome(
        prepared,
        world,
        released,
        kept,
        broken,
        tuple(expected),
        tuple(watched.standing()),
        tuple(shown),
        check,
        homecoming,
        public.released,
    )


def _who_may_know(desk: Desk, prepared: Prepared) -> str:
    parties = [Clearance("party", party) for party in prepared.terms.agreement.parties]
    entries = (one.body.entry for one in desk.office.recorder.read() if isinstance(one.body, Opened))
    counts = reach(entries, (INTERMEDIARY, *parties, PUBLIC))
    told = ", ".join(f"{clearance} {count:,}" for clearance, count in counts.items())
    return f"of how many entries may be known at each clearance: {told}"


def _live(
    desk: Desk,
    prepared: Prepared,
    world: SimulatedDay,
    homecoming: Homecoming,
    public: PublicSentence,
    narrator: Narrator,
    between: Callable[[], None],
    step_us: int,
) -> tuple[list[Deviation], WatchedDay]:
    """Take the reports in as they arrive, judge, show; what was shown, and the watch at the end."""
    exchange = prepared.plan.exchange
    office, watched = desk.office, WatchedDay(desk.office, exchange)
    officers = DutyOfficers(desk, prepared.terms.agreement.parties, narrator)
    shown: list[Deviation] = []
    reports = 0
    for at_us, events, judged_us in _moments(prepared, world, step_us):
        narrator.time_passes(at_us)
        desk.clock.set_us(at_us)
        watched.take(events)
        reports += len(events)
        if judged_us is None:
            continue
        narrator.time_passes(judged_us)
        desk.clock.set_us(judged_us)
        if judged_us <= UNTIL_US:
            public.attempt(desk, watched, judged_us)
        now_us, closing = min(judged_us, UNTIL_US), judged_us >= UNTIL_US
        shown += watched.judge(now_us)
        watched.escalate(desk.escalation, now_us)
        homecoming.report(desk, now_us, closing=closing)
        narrator.moment(judged_us, reports, officers.look(now_us), watched.released())
        officers.act(now_us, closing=closing)
        reports = 0
        between()
        if desk.office is not office:
            office, watched = desk.office, WatchedDay(desk.office, exchange)
            watched.judge(min(judged_us, UNTIL_US))
    return shown, watched


def _moments(
    prepared: Prepared, world: SimulatedDay, step_us: int
) -> Iterator[tuple[int, list[dict[str, Any]], int | None]]:
    """When reports are taken in, which, and the moment at which all so far are judged then, if they are."""
    eve, evening = prepared.plan.start_us, max(leg.arrive_us for leg in prepared.plan.legs) + 2 * HOUR_US
    before = [line for line in world.lines if line.received_us < eve]
    after = [line for line in world.lines if line.received_us > evening]
    during = world.lines[len(before) : len(world.lines) - len(after)]
    for now_us, events in batches(before, QUIET_STEP_US):
        yield min(now_us, eve), events, min(now_us, eve)
    for lines, every_us in ((during, step_us), (after, max(EVENING_STEP_US, step_us))):
        taken = list(batches(lines, TAKE_STEP_US))
        for number, (at_us, events) in enumerate(taken, start=1):
            due_us = at_us + (-at_us) % every_us
            is_last = number == len(taken) or taken[number][0] > due_us
            yield at_us, events, due_us if is_last else None
    yield UNTIL_US, [], UNTIL_US


def _close(
    desk: Desk, prepared: Prepared, watched: WatchedDay, narrator: Narrator
) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    narrator.begin("The round is closed")
    released = watched.released()
    kept, broken = _judge_clauses(prepared, watched)
    proposed = desk.office.state.logistics.plans[prepared.plan.exchange]
    desk.clock.set_us(UNTIL_US + HOUR_US)
    tell_cosigned(desk, narrator)
    desk.office.perform(CloseRound(prepared.plan.exchange, proposed.plan_sha256, released, kept, broken))
    narrator.tell(", ".join(f"{party} released {number:,}" for party, number in released.items()))
    narrator.tell(f"{len(kept)} clauses kept, {len(broken)} broken")
    narrator.end()
    return released, kept, broken


def _judge_clauses(prepared: Prepared, watched: WatchedDay) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the clauses kept and broken: those on who is exchanged by who was really handed over.

    What the terms only prefer can be neither, nor can what is only claimed, or what the reports cannot tell.
    """
    found = {deviation.clause for deviation in watched.standing()}
    home = watched.handed_over()
    released = [person for person in prepared.candidates if person.ref in home]
    judged = {
        one.id: one.judge(prepared.candidates, released)
        for one in constraints_of(prepared.terms)
        if one.id != PROTECTED
    }
    verdicts = {clause: judgement.kept for clause, judgement in judged.items() if judgement.judged} | {
        clause.header.id: clause.header.id not in found
        for clause in prepared.terms.running
        if not isinstance(clause, Claim)
    }
    kept = tuple(one for one, holds in verdicts.items() if holds)
    return kept, tuple(one for one, holds in verdicts.items() if not holds)
