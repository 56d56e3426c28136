"""What a party can judge itself agrees with what it is shown; and a deviation that nobody shows it is asked about."""

from collections.abc import Sequence
from pathlib import Path

from tests.sim.test_exchange_run import whole_exchange

from safeconduct.app.party_watch import Judged, PartyWatch
from safeconduct.app.told_again import ToldAs
from safeconduct.app.workspace import open_workspace
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Opened
from safeconduct.logistics.entries import PlanApproved
from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.tracking.entries import AlarmShown

ToldAt = tuple[int, ToldAs]


def told_to(folder: Path, party: str) -> list[ToldAt]:
    """What a party is told, as its mirror reads it, with the time of recording."""
    record = open_workspace(folder).open_record(DECODER)
    found = []
    for one in record.read():
        if isinstance(one.body, Opened):
            told = tell(one.body.entry, Clearance("party", party))
            if told is not None:
                found.append((one.recorded_at_us, ToldAs(type(one.body.entry), told)))
    record.close()
    return found


def judged(party: str, told: Sequence[ToldAt]) -> Judged | None:
    """What the party makes of it; None before a plan is in force."""
    watch = PartyWatch(party)
    for index, (recorded_at_us, one) in enumerate(told):
        watch.take(index, recorded_at_us, one)
    return watch.judge()


def test_a_party_finds_what_it_is_shown_and_asks_about_what_it_is_not(tmp_path: Path) -> None:
    """A day with heavy faults: no question; with the alarms taken out, one for each deviation that it can see."""
    whole_exchange(tmp_path / "desk", 3, HEAVY_FAULTS)
    agreed = 0
    for party in ("RU", "UA"):
        told = told_to(tmp_path / "desk", party)
        honest = judged(party, told)
        assert honest is not None
        assert honest.questions == ()
        assert not {*honest.clauses} & {*honest.beyond}
        assert {"custody", "identified", "punctual", "manifest"} <= {*honest.clauses}
        assert {"private-interview", "examined"} <= {*honest.beyond}
        agreed += honest.agree
        silent = judged(party, [(at_us, one) for at_us, one in told if one.entry_type is not AlarmShown])
        assert silent is not None
        assert (silent.agree, len(silent.questions)) == (0, honest.agree)
        approved = next(number for number, (_, one) in enumerate(told) if one.entry_type is PlanApproved)
        assert judged(party, told[:approved]) is None
    assert agreed
