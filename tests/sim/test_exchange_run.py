"""A whole exchange through the product's own code: nothing missed, nothing invented, and restarts change nothing."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.app.candidates import no_longer_follow
from safeconduct.app.duty_view import DutyView
from safeconduct.app.workspace import create_workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import Refused
from safeconduct.registry.reconciling import Interview
from safeconduct.sim.desk import Desk, SeededRandomness, SetClock
from safeconduct.sim.example import make_example
from safeconduct.sim.exchange_run import UNTIL_US, Outcome, run_exchange
from safeconduct.sim.faults import HEAVY_FAULTS, LIGHT_FAULTS, NO_FAULTS, FaultPlan
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.seeds import stream
from safeconduct.tracking.alarm_entries import (
    AlarmAcknowledged,
    AlarmAssigned,
    AlarmEscalated,
    AlarmResolved,
    AlarmWaived,
)

PERSONS = 24


def whole_exchange(
    folder: Path, seed: int, faults: FaultPlan, between: Callable[[Desk], None] = lambda _: None
) -> Outcome:
    """One exchange on a real ledger, with clock, randomness and delivery from the seed."""
    example = make_example(seed, PERSONS)
    randomness = SeededRandomness(stream(seed, "keys"))
    desk = Desk(create_workspace(folder, "istanbul-2025-06-02", "NI", randomness), SetClock(0), randomness)
    interviews = {ref: Interview(*heard) for ref, heard in example.interviews().items()}
    try:
        return run_exchange(desk, example.files, interviews, seed, faults, Narrator(), lambda: between(desk))
    finally:
        desk.close()


@pytest.mark.parametrize("faults", [NO_FAULTS, LIGHT_FAULTS, HEAVY_FAULTS], ids=lambda faults: faults.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_stands_at_the_end_is_what_followed_from_the_draw(tmp_path: Path, seed: int, faults: FaultPlan) -> None:
    """Whatever is late, repeated, reordered or withdrawn: the verdicts are those on the undelayed reports."""
    stale: list[str] = []

    def follow(desk: Desk) -> None:
        """What the desk recorded of candidates is what `registry reconcile` would record."""
        if desk.office.state.registry.candidates:
            stale.extend(no_longer_follow(desk.office.state, desk.clock.now_us()))

    outcome = whole_exchange(tmp_path / "desk", seed, faults, follow)
    assert stale == []
    assert (outcome.missed, outcome.invented) == ([], [])
    assert outcome.check.problems == []
    if faults is NO_FAULTS:
        assert outcome.standing == ()
        assert outcome.clauses_broken == ()
        assert outcome.released == outcome.prepared.composition.released
    else:
        assert outcome.standing != ()


def test_the_simulated_officers_deal_with_every_alarm(tmp_path: Path) -> None:
    """Taken on, escalated, handed over, resolved, waived; only that somebody is still to come stands at the end."""
    outcome = whole_exchange(tmp_path / "desk", 1, HEAVY_FAULTS)
    record = open_workspace(tmp_path / "desk").open_record(DECODER)
    done = Counter(type(one.body.entry) for one in record.read() if isinstance(one.body, Opened))
    alarms = DutyView().look(record, UNTIL_US).alarms
    record.close()
    assert min(done[kind] for kind in (AlarmAcknowledged, AlarmEscalated, AlarmAssigned, AlarmResolved)) > 0
    assert done[AlarmWaived] % 2 == 0  # both parties, or neither
    assert done[AlarmWaived] > 0
    assert {alarm.state for alarm in alarms} == {"acknowledged", "waived", "resolved", "withdrawn"}
    left = [one for alarm in alarms if alarm.state == "acknowledged" for one in alarm.deviations]
    assert {one.clause for one in left} == {"all-home"}
    standing = sum(alarm.state != "withdrawn" for alarm in alarms for _ in alarm.deviations)
    assert standing == len(outcome.standing)


def test_a_desk_restarted_again_and_again_records_the_same_bytes(tmp_path: Path) -> None:
    """The state is what the ledger tells: stopping between any two steps leaves the same ledger and the same alarms."""
    steady = whole_exchange(tmp_path / "steady", 3, LIGHT_FAULTS)
    restarts = 0

    def restart(desk: Desk) -> None:
        nonlocal restarts
        restarts += 1
        desk.restart()

    restarted = whole_exchange(tmp_path / "restarted", 3, LIGHT_FAULTS, restart)
    assert restarts > 20
    assert restarted.check.root == steady.check.root
    assert restarted.shown == steady.shown
    assert restarted.standing == steady.standing


def test_the_same_seed_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    """No order of a set or of a dictionary of strings shows in the ledger."""
    program = (
        "import sys; from pathlib import Path; from tests.sim.test_exchange_run import *; "
        "outcome = whole_exchange(Path(sys.argv[1]), 4, LIGHT_FAULTS); print(outcome.check.root.hex())"
    )
    roots = []
    for hash_seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / hash_seed)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        roots.append(done.stdout)
    assert roots[0] == roots[1]


def test_nobody_moves_before_every_party_has_approved(tmp_path: Path) -> None:
    """A desk on which the plan is not approved cannot open the day."""
    from safeconduct.app.watched_day import WatchedDay

    randomness = SeededRandomness(stream(5, "keys"))
    desk = Desk(create_workspace(tmp_path / "desk", "a", "NI", randomness), SetClock(0), randomness)
    with pytest.raises(Refused, match="no plan is on record"):
        WatchedDay(desk.office, "2025-07-04")
    desk.close()
