"""Erasing at a desk on duty while another program reads the ledger for long."""

from pathlib import Path

import pytest
from tests.app.duty import DEADLINE_S, eve, line, wait_until
from tests.app.erased import enrol_second
from tests.app.recording import SECOND, StandingClock
from tests.app.small_exchange import at
from tests.app.test_erasing import U1, traces_of

from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import EraseData, ErasureStands
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.writers import Beside
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused


def test_what_a_reader_holds_up_is_brought_to_its_end_by_the_desk(tmp_path: Path) -> None:
    """It is recorded and said so; reports are taken meanwhile; once the reader has gone, nothing is in any file."""
    workspace, failures = eve(tmp_path / "workspace"), list[str]()
    clock, randomness = StandingClock(at("02:30")), SystemRandomness()
    office = Office(workspace.open_recorder(clock, randomness, DECODER), clock)
    enrol_second(office)
    traces = traces_of(office, U1)
    office.recorder.close()
    desk = DutyDesk(workspace, SystemClock(), randomness, failures.append)
    for key in (None, SECOND):
        record = workspace.open_record(DECODER)
        record.checkpoint()
        beside = Beside(workspace, SystemClock(), randomness, lambda _: {})
        asked = beside.asked(EraseData("person:u1", "danger"), key)
        beside.close()
        if key is None:
            record.close()
            stands = desk.perform(asked).result(DEADLINE_S)
            assert isinstance(stands, ErasureStands)
            assert stands.keys_destroyed is None
        else:
            # This reader still holds on to the moment before.
            with pytest.raises(
                Refused, match=r"the erasure is recorded, and not at its end: .*another program is read"
            ):
                desk.perform(asked).result(DEADLINE_S)
            assert desk.post(line("meanwhile")).result(DEADLINE_S).taken == 1
            assert {sort for _, sort in traces.in_any(workspace.folder)} <= {"ciphertexts"}
            record.close()
    wait_until(lambda: traces.in_any(workspace.folder) == [])
    desk.close()
    assert failures == []
