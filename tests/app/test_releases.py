"""Releases of sealed fields: two keys for one proposal, one key under break-glass, reviews, limits, and the file."""

from pathlib import Path

import pytest
from msgspec import structs
from tests.app.duty import eve
from tests.app.recording import Seeded, StandingClock, erase
from tests.app.release_world import (
    DELEGATE,
    EVERYONE,
    OTHER,
    OTHER_PRIVATE,
    RECIPIENT,
    SAID,
    SECOND,
    START_US,
    THIRD,
    ReleaseDesk,
    ReleaseWorld,
    public,
)
from tests.app.small_exchange import EXCHANGE, at
from tests.app.test_mirroring import Served, mirror_at

from safeconduct.agreement.terms import OF_RELEASES
from safeconduct.app.commands import RevokeAuthor
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.duty_view import DutyView
from safeconduct.app.exporting import export_copy
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.release_alarms import raise_alarms
from safeconduct.app.release_limits import LimitReached
from safeconduct.app.release_rules import Wanted, break_glass, propose
from safeconduct.app.signed_intake import NotTaken, SignedIntake
from safeconduct.app.watched_day import WatchedDay
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.disclosure.release_entries import GlassBroken, ReleaseAgreed
from safeconduct.disclosure.releases import proposal_sha256
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.kernel.times import DAY_US, HOUR_US, MINUTE_US
from safeconduct.views.operations import OperationsBuilder


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    """Two officers, one interview."""
    return ReleaseWorld(tmp_path)


def test_two_keys_release_exactly_what_was_proposed(world: ReleaseWorld) -> None:
    """One proposes, nothing opens; another agrees, and the recipient reads those fields of that entry, proven."""
    asked = world.desk().propose(world.wanted("report", "event"))
    assert (asked.number, asked.index, asked.slots) == (1, world.interview, ("event", "report"))
    with pytest.raises(Refused, match="release 1 is proposed by one key: nothing is opened before another agrees"):
        world.file(1)
    agreed = world.desk(SECOND).agree(1)
    assert agreed.proposal_sha256 == proposal_sha256(asked)
    source = world.file(1)
    assert SAID.encode() not in source
    assert world.shown(source) == {"event": b'"i0"', "report": f'"{SAID}"'.encode()}
    with pytest.raises(BadInput, match="it is sealed to the key"):
        world.opened(source, OTHER_PRIVATE)
    assert world.asking() == []
    assert world.office.recorder.check().problems == []


def test_the_other_way_round_is_as_good(world: ReleaseWorld) -> None:
    """A second officer proposes with a key of their own, the desk's own key agrees."""
    world.desk(SECOND).propose(world.wanted())
    world.desk().agree(1)
    assert world.shown(world.file(1)) == {"report": f'"{SAID}"'.encode()}


def test_the_file_may_be_written_again_and_says_the_same(world: ReleaseWorld) -> None:
    """After a restart, too: what was released stays released, to the same key."""
    world.desk().propose(world.wanted())
    world.desk(SECOND).agree(1)
    first = world.shown(world.file(1))
    world.restart()
    assert world.shown(world.file(1)) == first


def test_one_key_is_one_person(world: ReleaseWorld) -> None:
    """The same key twice, a party's key and one that nobody enrolled are refused; nothing is recorded."""
    world.desk().propose(world.wanted())
    size = world.office.recorder.size()
    with pytest.raises(Refused, match="proposed release 1: another one must agree"):
        world.desk().agree(1)
    for key in (DELEGATE, THIRD):
        with pytest.raises(Refused, match=r"is of no person of the intermediary, or signs no more; see safeconduct"):
            world.desk(key).agree(1)
        with pytest.raises(Refused, match="is of no person of the intermediary"):
            world.desk(key).break_glass(world.wanted())
    assert world.office.recorder.size() == size


def test_a_revoked_key_does_not_count(world: ReleaseWorld) -> None:
    """It neither agrees nor, once it has, opens anything any more."""
    world.desk().propose(world.wanted())
    world.desk(SECOND).agree(1)
    world.desk(SECOND).propose(world.wanted())
    world.office.perform(RevokeAuthor(public(SECOND), 2, "stolen", "NI"))
    with pytest.raises(Refused, match="signs no more"):
        world.file(1)
    with pytest.raises(Refused, match="signs no more"):
        world.desk().agree(2)
    world.desk().propose(world.wanted())
    with pytest.raises(Refused, match="signs no more"):
        world.desk(SECOND).agree(3)


def test_a_key_that_was_enrolled_lately_waits_a_day(world: ReleaseWorld) -> None:
    """So that nobody agrees with themselves: the first officer's key counts at once, each further one a day later."""
    world.enrol(THIRD)
    assert world.asking() == ["new-key"]
    world.desk().propose(world.wanted())
    with pytest.raises(Refused, match=r"is new: it counts from 2025-07-05T09:00:00Z on"):
        world.desk(THIRD).agree(1)
    world.office.perform(RevokeAuthor(public(SECOND), 0, "lost", "NI"))
    with pytest.raises(Refused, match="is new"):
        world.desk(THIRD).agree(1)
    world.clock.at_us = START_US + DAY_US
    world.desk(THIRD).agree(1)
    assert world.shown(world.file(1))


def test_an_agreement_is_for_one_proposal(world: ReleaseWorld) -> None:
    """With another recipient, slot or entry it is another proposal; an agreement put beside it has no effect."""
    first = world.desk().propose(world.wanted())
    for wanted in (world.wanted(key=OTHER), world.wanted("event"), world.wanted("event", index=world.interview - 1)):
        asked = world.desk().propose(wanted)
        assert proposal_sha256(asked) != proposal_sha256(first)
        forged = ReleaseAgreed(
            occurred_at_us=START_US,
            number=asked.number,
            public_key=public(SECOND),
            proposal_sha256=proposal_sha256(first),
        )
        recorder, seen = world.office.recorder, (world.office.recorder.size(), world.office.recorder.root())
        signed = sign_entry(forged, SECOND, recorder.chain(bytes(SECOND.verify_key)), seen, bytes(32))
        with pytest.raises(NotTaken, match="it is not as its author would be let sign it now"):
            SignedIntake(world.office).take([signed])
        with pytest.raises(Refused, match="is proposed by one key"):
            world.file(asked.number)


def test_the_desk_cannot_agree_in_another_name(world: ReleaseWorld) -> None:
    """Written past all rules, an agreement that names a key not its author's opens nothing; the check says so."""
    asked = world.desk().propose(world.wanted())
    forged = ReleaseAgreed(
        occurred_at_us=START_US, number=1, public_key=public(SECOND), proposal_sha256=proposal_sha256(asked)
    )
    world.office.record([forged])
    with pytest.raises(Refused, match="is proposed by one key"):
        world.file(1)
    (problem,) = world.office.recorder.check().problems
    assert "signed in it for another key than its own" in problem.what


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"index": 99}, "there is no entry 99; the last is"),
        ({"index": -1}, "there is no entry -1"),
        ({"slots": ()}, "name the fields to release; it has: type, occurred_at_us, event, person, report"),
        ({"slots": ("name",)}, "it has no field 'name' that could be released; it has: type,"),
        ({"recipient": " "}, "'to' is not a plain text of 1 to 100 characters"),
        ({"recipient": "a\x07b"}, "'to' is not a plain text"),
        ({"why": "x" * 501}, "'why' is not a plain text of 1 to 500 characters"),
        ({"recipient_key": RECIPIENT.upper()}, "is no recipient's key: give what safeconduct recipient new printed"),
        ({"recipient_key": "00" * 32}, "is no recipient's key"),
        ({"recipient_key": SECOND.verify_key.encode().hex()}, "is a key that signs entries, which opens nothing"),
    ],
)
def test_what_cannot_be_released_is_refused(world: ReleaseWorld, changed: dict[str, object], told: str) -> None:
    """One line that says what may; nothing is recorded."""
    size = world.office.recorder.size()
    base = world.wanted()
    values = {name: getattr(base, name) for name in ("index", "slots", "recipient", "recipient_key", "why")}
    with pytest.raises(Refused) as refused:
        world.desk().propose(Wanted(**{**values, **changed}))
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert world.office.recorder.size() == size


def test_what_was_erased_is_not_released(world: ReleaseWorld) -> None:
    """Neither proposed nor, where the keys had agreed before, written."""
    world.desk().propose(world.wanted())
    world.desk(SECOND).agree(1)
    erase(world.office.recorder, "person:p0")
    world.restart()
    with pytest.raises(Refused, match="its data were erased"):
        world.file(1)
    with pytest.raises(Refused, match="its data were erased"):
        world.desk().propose(world.wanted())


def test_break_glass_is_an_alarm_with_an_owner_at_once(world: ReleaseWorld) -> None:
    """One key, one reason; everybody of the intermediary sees who, what, to whom, why, and by when it is reviewed."""
    world.desk().break_glass(world.wanted())
    (alarm,) = world.alarms()
    assert (alarm.state, alarm.owner, alarm.severity) == ("unacknowledged", "duty desk", "critical")
    assert alarm.gravest.message == (
        f"the key {world.founder[:16]}… (founding key) alone released 1 field of entry {world.interview} to a "
        "physician (Asked for by the facility.); another key must review it by 2025-07-05T09:00:00Z: "
        "safeconduct release review 1"
    )
    assert world.shown(world.file(1)) == {"report": f'"{SAID}"'.encode()}


def test_every_party_is_told_that_glass_was_broken_and_when_and_no_more(world: ReleaseWorld, tmp_path: Path) -> None:
    """In its copy and on its page; of a release by two keys it is told nothing at all, nor of reviews and alarms."""
    world.clock.at_us += MINUTE_US
    world.desk().propose(world.wanted())
    world.desk(SECOND).agree(1)
    world.desk().break_glass(world.wanted())
    world.desk(SECOND).review(2, "not-justified", "The facility had not asked.")
    at_us = world.clock.at_us
    for party in ("RU", "UA"):
        clearance = Clearance("party", party)
        told = [one for entry in world.entries() if (one := tell(entry, clearance)) is not None]
        assert [one.fields for one in told if "release" in one.type or "glass" in one.type] == [
            {"occurred_at_us": at_us}
        ]
        assert not any(one.type.startswith("tracking.confidential") for one in told)
        export_copy(world.workspace, f"party:{party}", tmp_path / party)
        report = verify_copy(tmp_path / party, world.workspace.verifier)
        assert report.verified, report.problems
        assert report.types["disclosure.glass-broken/1"].fields == 2
        content = (tmp_path / party / "disclosed.jsonl").read_bytes()
        for secret in (SAID, "physician", RECIPIENT, "facility", "not-justified"):
            assert secret.encode() not in content
        builder = OperationsBuilder(clearance)
        for recorded, entry in zip(world.office.recorder.read(), world.entries(), strict=True):
            builder.take(recorded.index, recorded.recorded_at_us, entry)
        page = builder.snapshot(at_us, origin="", size=0, root="", note="")
        assert page.alarms == ()
        assert [one.text for one in page.timeline if "glass" in one.type] == [
            "A sealed field was given to somebody by one key of the intermediary alone: break-glass"
        ]
    assert not any(tell(one, Clearance("public")) for one in world.entries() if isinstance(one, GlassBroken))
    assert any(tell(one, INTERMEDIARY) for one in world.entries() if isinstance(one, GlassBroken))


def test_a_partys_mirror_takes_it_all_and_learns_no_more(world: ReleaseWorld, tmp_path: Path) -> None:
    """Leaves by officers' keys that say nothing, and one line that glass was broken: nothing to complain of."""
    world.desk(SECOND).propose(world.wanted())
    world.desk().agree(1)
    world.desk(SECOND).break_glass(world.wanted())
    world.desk().review(2, "justified", "An emergency.")
    mirror = mirror_at(tmp_path / "mirror.sqlite", world.workspace)
    assert mirror.follow(Served(world.workspace), world.clock.at_us)
    standing = mirror.standing()
    assert (standing.evidence, standing.checkpoint.size) == ([], world.office.recorder.size())
    told = [line for _, line in mirror.told_lines() if b"disclosure." in line]
    assert [line.count(b"release") + line.count(b"glass-broken") for line in told] == [1]


@pytest.mark.parametrize(("terms", "hours"), [("", 24), ('release_review = "2h"\n', 2)])
def test_a_review_that_is_not_made_in_time_is_an_alarm(tmp_path: Path, terms: str, hours: int) -> None:
    """As soon as any program that writes looks; it stays until a review by another key resolves it."""
    world = ReleaseWorld(tmp_path, terms)
    world.desk().break_glass(world.wanted())
    world.clock.at_us = START_US + hours * HOUR_US
    raise_alarms(world.office, EVERYONE)
    assert world.asking() == ["break-glass"]
    world.clock.at_us += 1
    raise_alarms(world.office, EVERYONE)
    assert sorted(world.asking()) == ["break-glass", "review-overdue"]
    size = world.office.recorder.size()
    raise_alarms(world.office, EVERYONE)
    assert world.office.recorder.size() == size
    world.desk(SECOND).review(1, "justified", "An emergency.")
    assert world.asking() == []
    assert {one.notes for one in world.alarms()} == {("found justified: An emergency.",)}


def test_a_late_review_is_an_alarm_also_where_no_program_ran_meanwhile(world: ReleaseWorld) -> None:
    """The record says that it was late, and that it was dealt with."""
    world.desk().break_glass(world.wanted())
    world.office.recorder.close()
    world.clock.at_us = START_US + 3 * DAY_US
    world.open()
    world.desk(SECOND).review(1, "justified", "An emergency.")
    assert [one.rule for alarm in world.alarms() for one in alarm.deviations] == ["review-overdue", "break-glass"]
    assert {one.state for one in world.alarms()} == {"resolved"}


def test_a_review_in_time_leaves_no_alarm(world: ReleaseWorld) -> None:
    """However long ago it was."""
    world.desk().break_glass(world.wanted())
    world.desk(SECOND).review(1, "justified", "An emergency.")
    world.clock.at_us = START_US + 30 * DAY_US
    raise_alarms(world.office, EVERYONE)
    assert world.asking() == []


def test_who_broke_the_glass_does_not_review_it(world: ReleaseWorld) -> None:
    """Another key does, once, with one of two findings; a release by two keys needs none."""
    world.desk().break_glass(world.wanted())
    with pytest.raises(Refused, match="broke the glass: another one must review it"):
        world.desk().review(1, "justified", "Fine.")
    with pytest.raises(Refused, match="unknown finding 'fine'; allowed: justified, not-justified"):
        world.desk(SECOND).review(1, "fine", "Fine.")
    with pytest.raises(Refused, match="there is no release 2; safeconduct release list"):
        world.desk(SECOND).review(2, "justified", "Fine.")
    world.desk(SECOND).review(1, "not-justified", "Nobody was in danger.")
    with pytest.raises(Refused, match="release 1 was found not-justified already"):
        world.desk(SECOND).review(1, "justified", "Fine.")
    world.desk().propose(world.wanted())
    with pytest.raises(Refused, match="only those under break-glass are reviewed"):
        world.desk(SECOND).review(2, "justified", "Fine.")


def test_a_finding_that_it_was_not_justified_is_an_alarm_of_its_own(world: ReleaseWorld) -> None:
    """Critical, with an owner, everybody called at once; the review deals with the others, and not with this one."""
    world.desk().break_glass(world.wanted())
    world.desk(SECOND).review(1, "not-justified", "Nobody was in danger.")
    assert world.asking() == ["not-justified"]
    alarm = next(one for one in world.alarms() if one.gravest.rule == "not-justified")
    assert (alarm.severity, alarm.owner, alarm.escalated_to) == ("critical", "duty desk", EVERYONE)
    assert alarm.gravest.message.endswith("was not justified: Nobody was in danger.")
    size = world.office.recorder.size()
    raise_alarms(world.office, EVERYONE)
    assert world.office.recorder.size() == size


def test_a_proposal_lapses_after_a_week(world: ReleaseWorld) -> None:
    """Whoever would join in later is told to propose it anew; an agreement written past all rules opens nothing."""
    asked = world.desk().propose(world.wanted())
    world.clock.at_us += 7 * DAY_US + 1
    with pytest.raises(Refused, match="release 1 could be agreed to until 2025-07-11T09:00:00Z: propose it anew"):
        world.desk(SECOND).agree(1)
    late = ReleaseAgreed(
        occurred_at_us=world.clock.at_us,
        number=1,
        public_key=public(SECOND),
        proposal_sha256=proposal_sha256(asked),
    )
    world.office.state.apply(late)
    assert world.office.state.disclosure.releases[1].keys == ()
    world.desk().propose(world.wanted())
    world.clock.at_us += 7 * DAY_US
    world.desk(SECOND).agree(2)
    assert world.shown(world.file(2))


def test_above_the_limit_everything_is_refused_and_everybody_called(tmp_path: Path) -> None:
    """Fields of both kinds count for every key in them; the rest waits until the day has passed."""
    world = ReleaseWorld(tmp_path, "release_limit = 4\n")
    world.desk().propose(world.wanted("report", "event"))
    world.desk(SECOND).agree(1)
    world.desk().break_glass(world.wanted("report"))
    world.clock.at_us += HOUR_US
    with pytest.raises(LimitReached, match="has released 3 fields in the last 24 hours, and 4 is the limit: 2 more"):
        world.desk().break_glass(world.wanted("report", "event"))
    alarm = next(one for one in world.alarms() if one.gravest.rule == "limit")
    assert (alarm.escalated_to, alarm.severity, alarm.state) == (EVERYONE, "critical", "unacknowledged")
    size = world.office.recorder.size()
    with pytest.raises(LimitReached):
        world.desk().propose(world.wanted("report", "event"))
    assert world.office.recorder.size() == size
    asked = world.desk(SECOND).propose(world.wanted("report", "event"))
    with pytest.raises(LimitReached):
        world.desk().agree(asked.number)
    with pytest.raises(Refused, match="is proposed by one key"):
        world.file(asked.number)
    world.desk().break_glass(world.wanted("report"))
    world.clock.at_us = START_US + DAY_US
    world.desk().agree(asked.number)
    assert world.shown(world.file(asked.number))


def test_what_was_signed_elsewhere_counts_from_when_it_is_taken(world: ReleaseWorld) -> None:
    """A key cannot date its releases back to escape the count, nor forward."""
    recorder = world.office.recorder
    for at_us in (START_US - 6 * MINUTE_US, START_US + 6 * MINUTE_US):
        entry = structs.replace(
            break_glass(world.office.recorder, world.office.state, world.wanted(), public(SECOND), START_US),
            occurred_at_us=at_us,
        )
        chain, seen = recorder.chain(bytes(SECOND.verify_key)), (recorder.size(), recorder.root())
        with pytest.raises(NotTaken, match="it is not dated now"):
            SignedIntake(world.office).take([sign_entry(entry, SECOND, chain, seen, bytes(32))])


def test_what_a_delegate_signs_is_no_release(world: ReleaseWorld) -> None:
    """Only persons of the intermediary sign such entries."""
    recorder = world.office.recorder
    entry = structs.replace(
        propose(world.office.recorder, world.office.state, world.wanted(), world.founder, START_US),
        public_key=public(DELEGATE),
    )
    chain, seen = recorder.chain(bytes(DELEGATE.verify_key)), (recorder.size(), recorder.root())
    with pytest.raises(NotTaken, match=r"may not sign disclosure\.release-proposed/1"):
        SignedIntake(world.office).take([sign_entry(entry, DELEGATE, chain, seen, bytes(32))])


def test_the_watch_and_these_alarms_do_not_disturb_each_other(tmp_path: Path) -> None:
    """The watch does not withdraw what it did not find; numbers go on; no clause of the terms stands as broken."""
    clock = StandingClock(at("02:00"))
    workspace = eve(tmp_path / "workspace")
    office = Office(workspace.open_recorder(clock, Seeded(2), DECODER), clock)
    desk = ReleaseDesk(office)
    wanted = Wanted(7, ("type",), "a physician", RECIPIENT, "An emergency.")
    desk.break_glass(wanted)
    watched = WatchedDay(office, EXCHANGE)
    for moment in ("09:00", "10:00"):
        clock.at_us = at(moment)
        watched.judge(at(moment))
    desk.break_glass(wanted)
    seen = DutyView().look(office.recorder, clock.at_us)
    ours = [one for alarm in seen.alarms for one in alarm.deviations if one.clause == OF_RELEASES]
    assert sorted((one.number, one.status) for one in ours) == [(1_000_001, "open"), (1_000_002, "open")]
    assert OF_RELEASES not in {one.id for one in seen.clauses}
    office.recorder.close()
