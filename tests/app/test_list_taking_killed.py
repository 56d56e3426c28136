"""The process is killed while it records a list: all of the list is on record afterwards, or nothing of it."""

import os
import signal
from pathlib import Path

from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import TERMS
from tests.app.test_killed import kill_inside_sqlite

from safeconduct.app.commands import ReceiveList, RecordTerms
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, create_workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.registry.lists import read_list
from safeconduct.registry.preview import as_written

ROWS = 150
HEAD = "№;ПІБ;Д.н.\n"
LIST = HEAD + "".join(f"U-{number};Шевчук Іван Петрович;17.05.{1950 + number % 50}\n" for number in range(ROWS))


def take(workspace: Workspace, seed: int) -> None:
    """As `registry take` does."""
    clock = StandingClock()
    read = read_list("l.csv", LIST.encode())
    recorder = workspace.open_recorder(clock, Seeded(seed), DECODER)
    Office(recorder, clock).perform(
        ReceiveList("UA", "held", "UA-held", "0" * 64, read.persons, len(read.findings), "", as_written(read))
    )
    recorder.close()


def killed(workspace: Workspace, steps: int) -> bool:
    """Take the list in a child that is killed at the n-th step of SQLite's machine; whether it came to that."""
    child = os.fork()
    if child == 0:
        try:
            kill_inside_sqlite(steps)
            take(workspace, steps)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert not os.WIFSIGNALED(status) or os.WTERMSIG(status) == signal.SIGKILL
    return os.WIFSIGNALED(status)


def on_record(workspace: Workspace) -> tuple[int, int, int]:
    """Entries, rows of the list, rows as written; the record is sound."""
    clock = StandingClock()
    recorder = open_workspace(workspace.folder).open_recorder(clock, Seeded(0), DECODER)
    assert not recorder.check().problems
    state = Office(recorder, clock).state.registry
    found = recorder.size(), len(state.persons), len(state.as_written)
    assert ("UA-held" in state.lists) == bool(state.persons)
    recorder.close()
    return found


def test_a_list_is_on_record_whole_or_not_at_all(tmp_path: Path) -> None:
    """Killed ever later, until it is recorded; what a kill leaves does not hinder the next try."""
    workspace = create_workspace(tmp_path / "workspace", "istanbul-2025-06-02", "NI", Seeded(0))
    clock = StandingClock()
    recorder = workspace.open_recorder(clock, Seeded(1), DECODER)
    Office(recorder, clock).perform(RecordTerms("terms.toml", TERMS))
    recorder.close()
    kills, steps = 0, 200
    whole = (1 + 1 + 2 * ROWS, ROWS, ROWS)
    while killed(workspace, steps):
        kills += 1
        steps = round(steps * 1.5)
        found = on_record(workspace)
        if found == whole:  # killed after the commit, before anybody was told
            break
        assert found == (1, 0, 0), f"killed at step {steps}"
    assert on_record(workspace) == whole
    assert kills >= 5, "nothing was killed on the way"
