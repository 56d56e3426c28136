"""Threat: an insider reads all. One person with one key, at the running office, whose ways all leave a trace at once.

What no program of ours can hold back is said in docs/releases.md: while the record is unlocked, whoever holds the
workspace's files and its master key can read them with a program of their own.
"""

import json
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.duty import DEADLINE_S, eve, wait_until
from tests.app.recording import Seeded
from tests.app.release_world import (
    EVERYONE,
    RECIPIENT,
    SAID,
    SECOND,
    START_US,
    THIRD,
    ReleaseDesk,
    ReleaseWorld,
    public,
)
from tests.app.test_ledger_commands import safeconduct

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.duty_view import DutyView, due_soon
from safeconduct.app.office import Office
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.release_limits import LimitReached
from safeconduct.app.release_rules import Wanted, break_glass
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.release_entries import GlassBroken, ReleaseAgreed
from safeconduct.disclosure.releases import proposal_sha256
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.hpke import public_of
from safeconduct.kernel.times import DAY_US, HOUR_US
from safeconduct.storage.sqlite import StorageFailed
from safeconduct.tracking.entries import ConfidentialAlarmShown

MINE = SigningKey(b"m" * 32)
"""A key that the insider has made."""
ALL_OF_IT = ("type", "occurred_at_us", "event", "person", "report")


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    """The insider sits at the desk whose key writes the record; the other officer's key is not at hand."""
    return ReleaseWorld(tmp_path, interviews=30)


def everything_beside(world: ReleaseWorld) -> bytes:
    """All bytes in the insider's folder that are not the workspace's own."""
    outside = (path for path in world.folder.parent.rglob("*") if world.folder not in path.parents)
    return b"".join(path.read_bytes() for path in outside if path.is_file())


def test_no_way_of_the_program_gives_a_sealed_field_to_a_third_person(world: ReleaseWorld) -> None:
    """Every command that writes what an entry says, tried as the insider would: refused in one line, no file."""
    world.office.recorder.close()
    folder, at = world.folder.parent, str(world.interview)
    key, to = ("--workspace", "workspace"), ("--to", "me", "--to-key", RECIPIENT, "--why", "x")
    assert safeconduct("release", "propose", at, "--field", "report", *to, *key, folder=folder).returncode == 0
    tried = [
        ("ledger", "prove", at, "--field", "report", "-o", "out", *key),
        ("ledger", "prove", at, "--as", "party:RU", "--field", "report", "-o", "out", *key),
        ("ledger", "prove", at, "--as", "intermediary", "-o", "out", *key),
        ("ledger", "export", "out", "--as", "intermediary", *key),
        ("release", "write", "1", "-o", "out", *key),
        ("release", "agree", "1", "-o", "out", *key),
        ("release", "agree", "1", "-o", "out", "--key", "workspace/secrets/author.key", *key),
    ]
    for command in tried:
        done = safeconduct(*command, folder=folder)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done
        assert not (folder / "out").exists()
    for command in (("ledger", "prove", at, "--as", "public", "-o", "p", *key), ("ledger", "export", "c", *key)):
        assert safeconduct(*command, folder=folder).returncode == 0
    for clearance in ("party:RU", "party:UA"):
        done = safeconduct("ledger", "export", clearance[-2:], "--as", clearance, *key, folder=folder)
        assert done.returncode == 0
    assert SAID.encode() not in everything_beside(world)


def test_a_second_key_of_their_own_does_not_count_before_everybody_has_seen_it(world: ReleaseWorld) -> None:
    """Nor after the other officer's was revoked: an alarm at once, told to every party, and a day to look at it."""
    world.desk().propose(world.wanted())
    world.enrol(MINE, "duty officer 3")
    assert "new-key" in world.asking()
    for party in ("RU", "UA"):
        told = [one.fields for entry in world.entries() if (one := tell(entry, Clearance("party", party)))]
        assert any(fields.get("public_key") == public(MINE) for fields in told)
    world.office.perform(RevokeAuthor(public(SECOND), 0, "lost", "NI"))
    for _ in range(2):
        with pytest.raises(Refused, match="is new: it counts from"):
            world.desk(MINE).agree(1)
        world.restart()
    world.clock.at_us = START_US + DAY_US - 1
    with pytest.raises(Refused, match="is new: it counts from"):
        world.desk(MINE).break_glass(world.wanted())
    with pytest.raises(Refused, match="is proposed by one key"):
        world.file(1)


def test_entries_written_past_the_rules_open_nothing(world: ReleaseWorld) -> None:
    """Whoever records, by a program of their own, that another key agreed, or that glass was broken in its name."""
    asked = world.desk().propose(world.wanted())
    wanted = world.wanted()
    names = {"recipient": wanted.recipient, "recipient_key": RECIPIENT, "why": wanted.why}
    world.office.record(
        [
            ReleaseAgreed(
                occurred_at_us=START_US,
                number=1,
                public_key=public(SECOND),
                proposal_sha256=proposal_sha256(asked),
            ),
            GlassBroken(
                occurred_at_us=START_US,
                number=2,
                public_key=public(SECOND),
                index=wanted.index,
                slots=("report",),
                **names,
            ),
        ]
    )
    with pytest.raises(Refused, match="is proposed by one key"):
        world.file(1)
    with pytest.raises(Refused, match="there is no release 2"):
        world.file(2)
    assert len(world.office.recorder.check().problems) == 2


def test_break_glass_is_noticed_by_others_at_once(tmp_path: Path) -> None:
    """A command of the insider's, and the office starts again: alarm and owner on everybody's list, told to parties."""
    workspace = eve(tmp_path / "workspace")
    private = b"p" * 32
    done = safeconduct(
        *("release", "break-glass", "7", "--field", "type", "--to", "me", "--to-key", public_of(private).hex()),
        *("--why", "curiosity", "-o", "out", "--workspace", "workspace"),
        folder=tmp_path,
    )
    assert (done.returncode, (tmp_path / "out").exists()) == (0, True), done
    listed = safeconduct("alarms", "--json", "--workspace", "workspace", folder=tmp_path)
    (alarm,) = json.loads(listed.stdout)["alarms"]
    assert (listed.returncode, alarm["owner"], alarm["title"]) == (1, "duty desk", "sealed-release · break-glass")
    failures: list[str] = []
    desk = DutyDesk(workspace, SystemClock(), SystemRandomness(), failures.append)
    record = workspace.open_record(DECODER)
    try:
        (seen,) = DutyView().look(record, SystemClock().now_us()).alarms
        assert (seen.owner, seen.state) == ("duty desk", "unacknowledged")
    finally:
        record.close()
        desk.close()
    assert failures == []


def test_the_desk_on_duty_raises_what_a_killed_program_left_out(tmp_path: Path) -> None:
    """The insider's program ends between entry and alarm: the list shows it all the same, nothing opens before, and
    the desk records it within seconds, with the review that is long overdue."""
    workspace = eve(tmp_path / "workspace")
    clock = SystemClock()
    recorder = workspace.open_recorder(clock, Seeded(3), DECODER)
    office = Office(recorder, clock)
    ago_us = clock.now_us() - 2 * DAY_US
    office.record(
        [
            GlassBroken(
                occurred_at_us=ago_us,
                number=1,
                public_key=recorder.author.hex(),
                index=7,
                slots=("type",),
                recipient="me",
                recipient_key=RECIPIENT,
                why="x",
            )
        ]
    )
    recorder.close()
    record = workspace.open_record(DECODER)
    rules = [one.rule for one in due_soon(record, clock.now_us(), EVERYONE) if isinstance(one, ConfidentialAlarmShown)]
    record.close()
    assert rules == ["break-glass", "review-overdue"]
    killed = safeconduct("alarms", "--json", "--workspace", "workspace", folder=tmp_path)
    assert [one["title"] for one in json.loads(killed.stdout)["alarms"]] == [
        "sealed-release · break-glass",
        "sealed-release · review-overdue",
    ]
    desk = DutyDesk(workspace, clock, SystemRandomness(), lambda _: None)

    def shown() -> list[str]:
        record = workspace.open_record(DECODER)
        try:
            return [one.gravest.rule for one in DutyView().look(record, clock.now_us()).alarms]
        finally:
            record.close()

    try:
        wait_until(lambda: shown() == ["break-glass", "review-overdue"])
    finally:
        desk.close()
    assert DEADLINE_S


def test_a_late_review_is_an_alarm(world: ReleaseWorld) -> None:
    """The insider cannot review it, nor make the second alarm go away by resolving the first."""
    world.desk().break_glass(world.wanted())
    with pytest.raises(Refused, match="another one must review it"):
        world.desk().review(1, "justified", "It was fine.")
    world.clock.at_us = START_US + DAY_US + 1
    world.desk()
    assert sorted(world.asking()) == ["break-glass", "review-overdue"]


def spree(world: ReleaseWorld, number: int) -> bool:
    """One more field, by break-glass or with an officer who agrees to everything; whether that still works."""
    wanted = world.wanted(index=world.interview + number)
    try:
        if number % 3:
            released = world.desk().break_glass(wanted).number
        else:
            released = world.desk().propose(wanted).number
            world.desk(SECOND).agree(released)
    except LimitReached:
        return False
    assert SAID.encode() in world.shown(world.file(released))["report"]
    return True


def test_a_spree_hits_the_limit(world: ReleaseWorld) -> None:
    """Twenty fields in any 24 hours, however they are cut up and whoever agrees: then nothing, and everybody called."""
    opened = 0
    while spree(world, opened):
        opened += 1
        world.clock.at_us += HOUR_US // 4
    assert opened == 20
    (limit,) = [one for one in world.alarms() if one.gravest.rule == "limit"]
    assert (limit.escalated_to, limit.severity) == (EVERYONE, "critical")
    with pytest.raises(LimitReached):
        world.desk().propose(world.wanted())
    world.restart()
    with pytest.raises(LimitReached):
        world.desk().break_glass(world.wanted())
    world.enrol(THIRD)
    with pytest.raises(Refused, match="is new"):
        world.desk(THIRD).break_glass(world.wanted())


def test_nothing_is_opened_without_an_entry(world: ReleaseWorld) -> None:
    """The disk takes nothing while it is recorded: no file can be made, then or later, of what does not stand there."""
    asked = world.desk().propose(world.wanted())
    desk = world.desk(SECOND)
    connection = world.office.recorder._writer._connection
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFailed):
        desk.break_glass(Wanted(world.interview, tuple(ALL_OF_IT), "me", RECIPIENT, "ї" * 500))
    with pytest.raises(SafeconductError, match=r"an earlier write failed|on a closed database"):
        desk.agree(asked.number)
    for number, told in ((asked.number, "is proposed by one key"), (asked.number + 1, "there is no release 2")):
        with pytest.raises(Refused, match=told):
            world.file(number)
    world.open()
    assert world.office.state.disclosure.releases.keys() == {asked.number}
    assert world.office.state.disclosure.releases[asked.number].keys == ()


def test_nothing_is_opened_before_everybody_is_told(world: ReleaseWorld) -> None:
    """Break-glass whose program was killed before the alarm: no file, until the next program has raised it."""
    entry = break_glass(world.office.recorder, world.office.state, world.wanted(), world.founder, START_US)
    world.office.record([entry])
    with pytest.raises(Refused, match="the alarm on release 1 is not recorded yet"):
        world.file(1)
    world.desk()
    assert world.asking() == ["break-glass"]
    assert world.shown(world.file(1))


def test_a_program_that_ends_before_the_file_is_written_leaves_the_entry(tmp_path: Path) -> None:
    """The file can be made later, from the record; the other way round, a file without its entry, does not happen."""
    world = ReleaseWorld(tmp_path)
    world.desk().propose(world.wanted())
    world.desk(SECOND).agree(1)
    ReleaseDesk(world.office).break_glass(world.wanted("event"))
    world.restart()
    assert world.shown(world.file(1)) == {"report": f'"{SAID}"'.encode()}
    assert world.shown(world.file(2)) == {"event": b'"i0"'}
    assert world.asking() == ["break-glass"]


def test_a_party_cannot_enrol_an_officer(world: ReleaseWorld) -> None:
    """A key counts for whom it was enrolled, and a party's for nobody else."""
    world.office.perform(EnrolAuthor(public(MINE), "UA", PERSON, "delegate of UA", "NI"))
    world.clock.at_us = START_US + 2 * DAY_US
    world.desk().propose(world.wanted())
    with pytest.raises(Refused, match="of no person of the intermediary"):
        world.desk(MINE).agree(1)
