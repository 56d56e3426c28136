"""The desk on duty: what it acknowledges is durable, nothing that is posted harms it, and the day is judged."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.duty import (
    DEADLINE_S,
    PREMATURE,
    STRANGE,
    alarms,
    entries,
    eve,
    line,
    looked_at,
    reported,
    wait_until,
)

from safeconduct.app.commands import AcknowledgeAlarms
from safeconduct.app.duty_desk import DutyDesk, Taken
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused
from safeconduct.storage.sqlite import StorageFailed
from safeconduct.tracking.alarm_book import Seen
from safeconduct.tracking.alarm_entries import AlarmAcknowledged, AlarmEscalated


class Duty:
    """A desk, and what it said when it could go on no more."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.failures: list[str] = []
        self.desk = DutyDesk(workspace, SystemClock(), SystemRandomness(), self.failures.append)

    def post(self, lines: bytes) -> Taken:
        """Post, and wait for the answer."""
        return self.desk.post(lines).result(DEADLINE_S)


@pytest.fixture
def duty(tmp_path: Path) -> Iterator[Duty]:
    """A desk over a small exchange."""
    duty = Duty(eve(tmp_path / "workspace"))
    yield duty
    duty.desk.close()


def test_what_is_acknowledged_is_on_the_disk(duty: Duty) -> None:
    """Posts of several senders at once: at each answer another reader finds the report, and the size that was told."""

    def post(number: int) -> None:
        taken = duty.post(line(f"r{number}") + line(f"s{number}"))
        assert (taken.taken, taken.aside) == (2, ())
        ledger = duty.workspace.open_ledger()
        assert ledger.size() >= taken.size
        ledger.close()

    before = len(entries(duty.workspace))
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(post, range(60)))
    found = reported(duty.workspace)
    assert sorted(found) == sorted([f"{letter}{number}" for number in range(60) for letter in "rs"])
    assert all(found[at + 1] == f"s{name[1:]}" for at, name in enumerate(found) if name[0] == "r")
    duty.desk.close()
    recorder = duty.workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER)
    assert recorder.size() == before + 120
    assert recorder.check().problems == []
    recorder.close()


def test_posts_that_wait_are_written_together(duty: Duty) -> None:
    """Their answers tell one size; the order in which they came is that of the record."""
    answers = [duty.desk.post(line(f"r{number}")) for number in range(300)]
    sizes = [answer.result(DEADLINE_S).size for answer in answers]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) < 150
    assert reported(duty.workspace) == [f"r{number}" for number in range(300)]


def test_the_same_report_twice_is_taken_twice(duty: Duty) -> None:
    """A sender that saw no answer sends again; what counts is decided by those who read."""
    assert [duty.post(line("r")).taken for _ in range(3)] == [1, 1, 1]
    assert reported(duty.workspace) == ["r", "r", "r"]


def test_bad_lines_are_set_aside_with_their_numbers(duty: Duty) -> None:
    """The good ones around them are taken."""
    taken = duty.post(b"\n".join([line("a").strip(), b"{", b"", b'{"id": 7}', b"\xff", line("b").strip(), b"[]"]))
    assert taken.taken == 2
    assert [one.split(": ", 1)[0] for one in taken.aside] == ["report:2:2", "report:4:8", "report:5:1", "report:7:1"]
    assert all("; " in one and "\n" not in one for one in taken.aside)
    assert reported(duty.workspace) == ["a", "b"]
    assert duty.post(b"").taken == 0


def test_a_post_of_bad_lines_only_is_not_answered_at_length(duty: Duty) -> None:
    """A thousand are told, and how many more there are."""
    taken = duty.post(b"x\n" * 5000 + line("a"))
    assert (taken.taken, len(taken.aside)) == (1, 1001)
    assert taken.aside[-1].startswith("4000 more lines")


MOMENT = b'"2025-07-04T05:00:00Z"'
POISON: dict[str, bytes] = {
    "half a character": b'{"id": "\\ud800", "type": "clock", "at": %s}' % MOMENT,
    "half a character in a key": b'{"id": "x", "type": "clock", "at": %s, "\\udfff": 1}' % MOMENT,
    "the year 9999": b'{"id": "x", "type": "clock", "at": "9999-12-31T23:59:59Z"}',
    "the year 1": b'{"id": "x", "type": "clock", "at": "0001-01-01T00:00:00Z"}',
    "before the year 1": b'{"id": "x", "type": "clock", "at": "0001-01-01T00:00:00+14:00"}',
    "nested as deep as the parser goes": b'{"id": "x", "type": "clock", "at": %s, "deep": %s%s}'
    % (MOMENT, b"[" * 960, b"]" * 960),
    "nested deeper than that": b'{"id": "x", "type": "clock", "at": %s, "deep": %s%s}'
    % (MOMENT, b"[" * 100_000, b"]" * 100_000),
    "a key twice": b'{"id": "x", "id": "y", "type": "clock", "at": %s}' % MOMENT,
    "a zero byte": b'{"id": "x", "type": "clock", "at": %s}\0' % MOMENT,
    "no number": b'{"id": "x", "type": "clock", "at": %s, "n": NaN}' % MOMENT,
    "a number beyond all": b'{"id": "x", "type": "clock", "at": %s, "n": 1e999}' % MOMENT,
    "a count beyond all floats": b'{"id": "x", "type": "counted", "at": %s, "vehicle": "v", "count": 1%s}'
    % (MOMENT, b"0" * 400),
    "more digits than Python reads": b'{"id": "x", "type": "clock", "at": %s, "n": %s}' % (MOMENT, b"7" * 6000),
    "a position beyond the globe": b'{"id": "x", "type": "positioned", "at": %s, "vehicle": "v", "position": [1%s, 1]}'
    % (MOMENT, b"0" * 400),
    "not UTF-8": b'{"id": "\xc3\x28", "type": "clock", "at": %s}' % MOMENT,
    "no object": b'"clock"',
}


@pytest.fixture(scope="module")
def long_duty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duty]:
    """A desk that outlives many posts."""
    duty = Duty(eve(tmp_path_factory.mktemp("duty") / "workspace"))
    yield duty
    duty.desk.close()


posts = st.lists(
    st.one_of(
        st.integers(0, 9).map(lambda number: line(f"good-{number}")),
        st.sampled_from([one + b"\n" for one in POISON.values()]),
        st.binary(max_size=12).map(lambda raw: raw.replace(b"\n", b"") + b"}\n"),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(group=st.lists(posts, max_size=5))
def test_poisoned_lines_never_harm_the_rest(long_duty: Duty, group: list[list[bytes]]) -> None:
    """Whatever stands beside it in its post or in another: a good line is taken and a bad one told by its number."""
    before = len(reported(long_duty.workspace))
    answers = [long_duty.desk.post(b"".join(lines)) for lines in group]
    for lines, answer in zip(group, answers, strict=True):
        taken = answer.result(DEADLINE_S)
        bad = [number for number, one in enumerate(lines, start=1) if b'"good-' not in one]
        assert [int(told.split(":")[1]) for told in taken.aside] == bad
        assert taken.taken == len(lines) - len(bad)
    good = [json.loads(one)["id"] for lines in group for one in lines if b'"good-' in one]
    assert reported(long_duty.workspace)[before:] == good
    assert not long_duty.failures


def test_strange_reports_are_taken_and_judged(long_duty: Duty) -> None:
    """Neither the desk nor the watch in its process dies of them: what comes after is still judged."""
    for strange in STRANGE.values():
        assert long_duty.post(strange).aside == ()
    long_duty.post(PREMATURE)
    wait_until(lambda: ("families-first", "open") in alarms(long_duty.workspace) or bool(long_duty.failures))
    assert not long_duty.failures


def test_an_alarm_is_recorded_and_withdrawn(duty: Duty) -> None:
    """By the watch in its own process, soon after the report that gives rise to it."""
    duty.post(PREMATURE)
    wait_until(lambda: alarms(duty.workspace) == [("families-first", "open")])
    duty.post(line("mistaken", "voided", "09:40", event="told-too-early"))
    wait_until(lambda: alarms(duty.workspace)[1:] == [("families-first", "withdrawn")])
    assert not duty.failures


def the_watch(desk: DutyDesk, but: int | None = None) -> BaseProcess:
    """The process in which a desk judges, once there is one (another than this)."""
    wait_until(lambda: desk._judge is not None and desk._judge.pid not in (None, but))
    assert desk._judge is not None
    return desk._judge


def test_a_watch_that_dies_is_begun_anew_and_dying_again_is_told(duty: Duty) -> None:
    """The first death costs nothing; after the second the desk says that nobody judges the day."""
    first = the_watch(duty.desk)
    first.kill()
    second = the_watch(duty.desk, but=first.pid)
    duty.post(PREMATURE)
    wait_until(lambda: alarms(duty.workspace) == [("families-first", "open")])
    assert not duty.failures
    second.kill()
    wait_until(lambda: bool(duty.failures))
    assert duty.failures == ["the watch ended twice within a minute: nobody judges the day"]


def test_a_desk_that_is_closed_leaves_nothing_running(tmp_path: Path) -> None:
    """Neither the watch nor the lock; what is posted afterwards is refused rather than left without an answer."""
    duty = Duty(eve(tmp_path))
    watch = the_watch(duty.desk)
    waiting = duty.desk.post(line("last"))
    duty.desk.close()
    assert waiting.result(0).taken == 1
    wait_until(lambda: not watch.is_alive())
    with pytest.raises(Refused, match="closed"):
        duty.desk.post(line("later")).result(DEADLINE_S)
    assert not duty.failures
    assert reported(duty.workspace) == ["last"]
    Duty(duty.workspace).desk.close()


def test_without_an_approved_plan_reports_are_refused(tmp_path: Path) -> None:
    """Nobody moves yet."""
    duty = Duty(eve(tmp_path, approved=False))
    with pytest.raises(Refused, match="every party approved"):
        duty.post(line("early"))
    duty.desk.close()
    assert reported(duty.workspace) == []


def test_a_second_desk_is_refused(duty: Duty) -> None:
    """And the first goes on."""
    with pytest.raises(Refused, match="another program is writing"):
        Duty(duty.workspace)
    assert duty.post(line("a")).taken == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """One line, at once; nothing waits for the desk for ever."""
    workspace = eve(tmp_path)
    lock = workspace.ledger_path.with_name("ledger.sqlite.lock")
    lock.unlink()
    lock.mkdir()
    with pytest.raises(StorageFailed, match="nothing can be written here"):
        Duty(workspace)


def test_a_sender_that_gives_up_harms_nobody(duty: Duty) -> None:
    """Posts whose sender has stopped waiting are left; those around them are answered."""
    answers = [duty.desk.post(line(f"r{number}")) for number in range(200)]
    given_up = [number for number in range(0, 200, 3) if answers[number].cancel()]
    kept = [number for number in range(200) if number not in given_up]
    assert [answers[number].result(DEADLINE_S).taken for number in kept] == [1] * len(kept)
    assert reported(duty.workspace) == [f"r{number}" for number in kept]
    assert not duty.failures


@pytest.mark.parametrize("replaced", [True, False])
def test_a_ledger_taken_away_under_the_desk_ends_it(duty: Duty, replaced: bool) -> None:
    """An open file can be written to though nobody will ever find it again: nothing is acknowledged then."""
    duty.post(line("before"))
    path = duty.workspace.ledger_path
    if replaced:
        copy = path.with_name("copy.sqlite")
        copy.write_bytes(path.read_bytes())
        copy.replace(path)
    else:
        path.rename(path.with_name("elsewhere.sqlite"))
    with pytest.raises(Refused):
        duty.post(line("after"))
    wait_until(lambda: bool(duty.failures))
    assert "was moved away or replaced" in duty.failures[0]
    with pytest.raises(Refused, match="was moved away or replaced"):
        duty.post(line("later"))


class FailingClock:
    """A clock that fails when it is told to."""

    fails = False

    def now_us(self) -> int:
        """The time, while there is one."""
        if self.fails:
            raise ZeroDivisionError
        return SystemClock().now_us()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_the_desk_itself_is_told(tmp_path: Path) -> None:
    """Its thread dies of it: the sender is answered, the server hears of it, and nothing is left locked."""
    workspace, clock, failures = eve(tmp_path), FailingClock(), list[str]()
    desk = DutyDesk(workspace, clock, SystemRandomness(), failures.append)
    assert desk.post(line("a")).result(DEADLINE_S).taken == 1
    clock.fails = True
    with pytest.raises(Refused):
        desk.post(line("b")).result(DEADLINE_S)
    wait_until(lambda: bool(failures))
    assert failures == ["the desk on duty has failed"]
    with pytest.raises(Refused, match="the desk on duty has failed"):
        desk.post(line("c")).result(DEADLINE_S)
    assert reported(workspace) == ["a"]
    desk.close()
    workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER).close()


def open_alarm(duty: Duty) -> Seen:
    """An alarm that the watch has found, as it is now."""
    duty.post(PREMATURE)
    wait_until(lambda: alarms(duty.workspace) == [("families-first", "open")])
    return looked_at(duty.workspace, 1)


def test_acts_on_alarms_are_durable_and_decided_one_after_the_other(duty: Duty) -> None:
    """Of two officers who take the same alarm on at once one does, and the other is told who it was."""
    looked = open_alarm(duty)
    answers = [duty.desk.act(AcknowledgeAlarms(looked, name)) for name in ("A", "B")]
    done = answers[0].result(DEADLINE_S)
    assert done.entries == 1
    ledger = duty.workspace.open_ledger()
    assert ledger.size() >= done.size
    ledger.close()
    with pytest.raises(Refused, match="alarm 1 is acknowledged by A: that has changed"):
        answers[1].result(DEADLINE_S)
    assert [one.by for one in entries(duty.workspace) if isinstance(one, AlarmAcknowledged)] == ["A"]
    assert duty.post(line("after")).taken == 1
    assert not duty.failures


def test_an_act_after_the_end_is_refused(tmp_path: Path) -> None:
    """Nobody waits for its answer in vain."""
    duty = Duty(eve(tmp_path))
    duty.desk.close()
    with pytest.raises(Refused, match="the desk is closed"):
        duty.desk.act(AcknowledgeAlarms(Seen((1,), ""), "A")).result(DEADLINE_S)


def test_an_alarm_that_nobody_takes_on_is_escalated_and_told(tmp_path: Path) -> None:
    """As an entry, and in a sentence to whoever runs the server; once."""
    workspace, said, failures = eve(tmp_path), list[str](), list[str]()
    settings_file = workspace.folder / "safeconduct.toml"
    settings_file.write_text(
        settings_file.read_text() + '\n[alarms]\nescalate_after = "1s"\nescalate_to = ["chief", "deputy"]\n'
    )
    desk = DutyDesk(open_workspace(workspace.folder), SystemClock(), SystemRandomness(), failures.append, said.append)
    desk.post(PREMATURE).result(DEADLINE_S)
    wait_until(lambda: bool(alarms(workspace)))
    wait_until(lambda: bool(said))  # though nothing more is reported
    desk.close()
    assert said == ["nobody has acknowledged 1 in time: escalated to chief, deputy; safeconduct alarms lists them"]
    assert [one.to for one in entries(workspace) if isinstance(one, AlarmEscalated)] == [("chief", "deputy")]
    assert not failures
