"""The public sentence in a whole exchange: refused, held, released, seen by the watch, and borne out by the record."""

from pathlib import Path

import pytest
from tests.sim.test_exchange_run import PERSONS

from safeconduct.app import releasing
from safeconduct.app.releasing import verify_facts
from safeconduct.app.workspace import create_workspace
from safeconduct.registry.reconciling import Interview
from safeconduct.sim.desk import Desk, SeededRandomness, SetClock
from safeconduct.sim.example import make_example
from safeconduct.sim.exchange_run import STEP_US, Outcome, run_exchange
from safeconduct.sim.faults import HEAVY_FAULTS, FaultPlan, read_faults
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.seeds import stream
from safeconduct.tracking.events import read_event


class Listener(Narrator):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, sentence: str) -> None:
        """One more."""
        self.told.append(sentence)


def run(desk: Desk, seed: int, faults: FaultPlan, narrator: Narrator) -> Outcome:
    """One exchange on that desk."""
    example = make_example(seed, PERSONS)
    interviews = {ref: Interview(*heard) for ref, heard in example.interviews().items()}
    return run_exchange(desk, example.files, interviews, seed, faults, narrator, step_us=STEP_US)


def new_desk(folder: Path) -> Desk:
    """A desk on an empty ledger."""
    randomness = SeededRandomness(stream(7, "keys"))
    return Desk(create_workspace(folder, "istanbul-2025-06-02", "NI", randomness), SetClock(0), randomness)


def test_the_story_is_told_in_its_order_and_the_record_bears_it_out(tmp_path: Path) -> None:
    """First too much, then too early, then released; one announcement by the intermediary, not early."""
    desk, listener = new_desk(tmp_path / "desk"), Listener()
    outcome = run(desk, 7, HEAVY_FAULTS, listener)
    spoken = [sentence for sentence in listener.told if "communiqué" in sentence]
    assert spoken[0].startswith("communiqué refused: draft.txt:1:66: {place} is not cleared")
    assert spoken[1].startswith("communiqué refused: draft.txt:1:79: 'wounded' tells of a category")
    assert "communiqué held by clause families-first: " in spoken[2]
    assert "communiqué released, held" in spoken[3]
    told = outcome.communique
    assert told is not None
    total = sum(outcome.released.values())
    assert told.facts["handed-over.total"] == str(total)
    assert told.text.startswith(f"On 4 July 2025, {total} prisoners returned home: ")
    published = [one for one in outcome.day.true_events() if one["type"] == "published" and one["by"] == "NI"]
    assert [one["id"] for one in published] == ["published/NI/2025-07-04"]
    assert read_event(published[0]).at_us == told.occurred_at_us
    assert published[0]["id"] not in {one.subject for one in outcome.standing}
    assert (outcome.missed, outcome.invented) == ([], [])
    assert verify_facts(desk.office.recorder) == (1, [])
    desk.close()


def test_a_desk_that_ignores_the_embargo_is_seen_by_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary: without the refusal the release is early, and judged so by the watch and by the truth alike."""
    monkeypatch.setattr(releasing, "_refuse_if_held", lambda *_: None)
    desk = new_desk(tmp_path / "desk")
    outcome = run(desk, 7, read_faults("none"), Narrator())
    early = [(one.clause, one.rule, one.subject) for one in outcome.standing]
    assert early == [("families-first", "early", "published/NI/2025-07-04")]
    assert (outcome.missed, outcome.invented) == ([], [])
    desk.close()
