"""The registry while a server holds the ledger: reviews, searches, changes of rows and lists by way of its desk."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.app.authoring import CONCERNS, Device
from tests.app.duty import DEADLINE_S, PREMATURE, alarms, entries, line, wait_until
from tests.app.recording import SECOND, SECOND_PUBLIC
from tests.app.registry_beside import SOUGHT, U1, U2, World, proposed
from tests.app.small_exchange import EXCHANGE, handover

from safeconduct.agreement.entries import AuthorCloned
from safeconduct.app.commands import ReceiveList, RecordCandidates
from safeconduct.app.intake import report_entry
from safeconduct.app.list_changing import Agreeing
from safeconduct.app.office import Office
from safeconduct.app.officer_acts import Asked, EraseData, TakeSigned, TookSigned
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.registry_acts import (
    AgreeToChange,
    DeclineChange,
    OnRecord,
    Outdated,
    ProposeChange,
    Reconcile,
    RecordFindings,
    RecordSearch,
    TakeList,
)
from safeconduct.app.searching import SearchDesk
from safeconduct.app.watched_day import WatchedDay
from safeconduct.clauses.batch.audit import Audit, keys_of
from safeconduct.clauses.batch.reading import Reader
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused
from safeconduct.logistics.entries import PlanApprovedByParty
from safeconduct.registry.entries import MatchOpinion, Searched
from safeconduct.registry.list_changes import WantedChange
from safeconduct.registry.list_entries import CORRECT
from safeconduct.registry.pair_seen import PairSeen
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION
from safeconduct.tracking.entries import ConfidentialAlarmShown, Report
from safeconduct.vocabulary.person import Person

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A desk on duty, and no day to watch yet."""
    world = World(tmp_path / "workspace").begin()
    yield world
    world.desk.close()
    assert world.failures == []


@pytest.fixture
def day(tmp_path: Path) -> Iterator[World]:
    """A desk on duty on the day."""
    day = World(tmp_path / "workspace", approved=True).begin()
    yield day
    day.desk.close()
    assert day.failures == []


def opinions(world: World) -> list[tuple[str, str, str]]:
    """Whose findings stand in the record, in order: reviewer, row, outcome."""
    found = [one for one in entries(world.workspace) if isinstance(one, MatchOpinion)]
    return [(one.reviewer, one.held_ref, one.outcome) for one in found]


def agree_to_the_change(world: World) -> None:
    """u1 has another birth date from now on."""
    beside = world.beside()
    assert isinstance(beside.perform(AgreeToChange(world.change)), OnRecord)
    beside.close()


def test_a_change_is_declined_beside_a_desk(world: World) -> None:
    """It is over, on the disk, when that is acknowledged; a key that comes after has nothing to agree to."""
    beside = world.beside()
    assert isinstance(beside.perform(DeclineChange(world.change, "no such passport")), OnRecord)
    beside.close()
    with pytest.raises(Refused, match="is declined already"):
        world.ask(Asked(act=AgreeToChange(world.change)))


def replace_the_sought(world: World) -> None:
    """UA hands over a new version of its list."""
    beside = world.beside()
    beside.perform(TakeList(ReceiveList("UA", "sought", "UA-sought-2", "dd", SOUGHT, 0, "UA-sought")))
    beside.close()


def test_two_reviewers_beside_a_desk_settle_a_pair(world: World) -> None:
    """One by name, one by a key of their own; each finding is on the disk when it is acknowledged."""
    first, second = world.reviewer("A. Marti"), world.reviewer(key=SECOND)
    assert second.reviewer == "duty officer 2"
    first.decide([proposed(U1)], IDENTIFICATION, "same names")
    assert opinions(world) == [("A. Marti", "u1", IDENTIFICATION)]
    second.decide([proposed(U1), proposed(U2)], IDENTIFICATION, "nobody else fits")
    assert opinions(world)[1:] == [("duty officer 2", ref, IDENTIFICATION) for ref in ("u1", "u2")]
    assert [one.public_key for one in entries(world.workspace) if isinstance(one, MatchOpinion)] == [
        "",
        *(SECOND_PUBLIC,) * 2,
    ]
    first.writer.catch_up()
    assert [first.writer.state.registry.finding(pair).outcome for pair in (U1, U2)] == [IDENTIFICATION, ""]
    second.undo([proposed(U1)], [None])
    assert opinions(world)[-1] == ("duty officer 2", "u1", "withdrawn")
    for one in (first, second):
        one.writer.close()


def test_what_others_have_settled_meanwhile_is_not_decided_again(world: World) -> None:
    """It says so, records nothing, and is known to the session before it shows the pair; what one needs two for is."""
    late = world.reviewer("C")
    for name in ("A", "B"):
        other = world.reviewer(name)
        other.decide([proposed(U1)], EXCLUSION, "other fathers")
        assert not late.outdated(U1), "who else has looked is told to nobody before it is settled"
    with pytest.raises(Refused, match="u1 with s1: others have found exclusion meanwhile: with --again"):
        late.decide([proposed(U1), proposed(U2)], IDENTIFICATION, "same names")
    assert [name for name, *_ in opinions(world)] == ["A", "B"]
    late.writer.catch_up()
    assert "others have found exclusion meanwhile" in late.outdated(U1)
    assert not late.outdated(U2)
    late.decide([proposed(U2, "confirm")], IDENTIFICATION, "same names")
    again = world.reviewer("C")
    again.decide([proposed(U1)], IDENTIFICATION, "seen with what the others found")
    assert [name for name, *_ in opinions(world)] == ["A", "B", "C", "C"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (agree_to_the_change, "u1 with s1: a row has changed since you looked at it"),
        (replace_the_sought, "u1 with s1: one of the lists was replaced by UA-sought-2"),
    ],
)
def test_a_finding_on_what_has_become_something_else_is_refused(world: World, change: Any, why: str) -> None:
    """Whoever looks again may decide."""
    before = world.reviewer("A")
    change(world)
    with pytest.raises(Refused, match=why):
        before.decide([proposed(U1)], IDENTIFICATION, "same names")
    assert opinions(world) == []
    world.reviewer("A").decide([proposed(U1)], IDENTIFICATION, "same names")
    assert opinions(world) == [("A", "u1", IDENTIFICATION)]


def test_what_a_reviewer_found_is_taken_back_whatever_others_do(world: World) -> None:
    """Also where the pair is settled meanwhile, or its row another."""
    mine = world.reviewer("A")
    mine.decide([proposed(U1)], IDENTIFICATION, "same names")
    for name in ("B", "C"):
        world.reviewer(name).decide([proposed(U1)], EXCLUSION, "other fathers")
    agree_to_the_change(world)
    mine.undo([proposed(U1)], [None])
    assert opinions(world)[-1] == ("A", "u1", "withdrawn")


def test_one_key_in_two_programs_at_once_is_no_clone(world: World) -> None:
    """Both sign as their next entry; the later is told to ask again, and then is taken."""
    beside = world.beside()
    desk = world.reviewer(key=SECOND)
    opinion = desk._opinion(*proposed(U2), IDENTIFICATION, "same names")
    early = beside.asked(RecordFindings((opinion,), (desk._sight.of(U2),)), SECOND)
    desk.decide([proposed(U1)], IDENTIFICATION, "same names")
    with pytest.raises(Refused, match="another entry signed with this key came first: ask again"):
        world.ask(early)
    desk.decide([proposed(U2)], IDENTIFICATION, "same names")
    assert [ref for _, ref, _ in opinions(world)] == ["u1", "u2"]
    assert not any(isinstance(one, AuthorCloned) for one in entries(world.workspace))


def test_what_is_no_finding_is_refused_and_the_desk_goes_on(world: World) -> None:
    """Whatever is sent: one line, nothing recorded, no harm."""
    desk = world.reviewer("A")
    good = desk._opinion(*proposed(U1), IDENTIFICATION, "same names")
    seen, size = (desk._sight.of(U1),), len(entries(world.workspace))
    wanted = WantedChange("RU-held", "u1", CORRECT, {"rank": "майор"}, "misread")
    acts: dict[str, Any] = {
        "unknown outcome": RecordFindings((structs.replace(good, outcome="maybe"),), seen),
        "names the person": RecordFindings((structs.replace(good, reason="це Іваненко"),), seen),
        "keeps exact": RecordFindings((structs.replace(good, probability_ppm=2**60),), seen),
        "does not say of each pair": RecordFindings((good,), ()),
        "a row has changed": RecordFindings((good,), (PairSeen("", ""),)),
        "with the key that writes the record": ProposeChange(wanted),
        "is of no change on record": AgreeToChange("ffff"),
        "gives a reason": DeclineChange(world.change, " "),
        "says all that already": ProposeChange(replace(wanted, values={"family_name": "Іваненко"})),
        "unknown clearance": RecordSearch("party:XX", "Бут", "", "", 0, size),
        "it rests on": RecordSearch("intermediary", "Бут", "", "", 0, size + 9),
        "is on record already": TakeList(ReceiveList("UA", "sought", "UA-sought", "cc", SOUGHT, 0)),
        "is no signed entry": TakeSigned("x\n"),
    }
    for why, act in acts.items():
        public_key = SECOND_PUBLIC if "with the key" in why else ""
        with pytest.raises(Refused, match=why):
            world.ask(Asked(act=act, public_key=public_key))
    with pytest.raises(Refused, match="it is not signed with the key"):
        world.ask(Asked(act=RecordFindings((good,), seen), public_key=SECOND_PUBLIC))
    assert len(entries(world.workspace)) == size
    desk.decide([proposed(U1)], IDENTIFICATION, "same names")


def test_a_search_is_on_record_before_anything_is_told(world: World) -> None:
    """At a clearance, from beside the desk; where the desk does not record it nothing is told."""
    told = SearchDesk(world.beside()).search(INTERMEDIARY, "Ivanenko Olena", limit=5)
    assert [one.found.row.ref for one in told.answers] == ["u1", "s1"]
    assert [one.candidate for one in told.answers] == ["u1", ""]
    for clearance, expected in ((RU, ["u1"]), (UA, ["s1"])):
        answers = SearchDesk(world.beside()).search(clearance, "Ivanenko Olena", limit=5).answers
        assert [one.found.row.ref for one in answers] == expected
    searched = {place: one for place, one in enumerate(entries(world.workspace)) if isinstance(one, Searched)}
    assert [(one.number, one.clearance, one.rows) for one in searched.values()] == [
        (place, clearance, rows)
        for place, (clearance, rows) in zip(
            searched, (("intermediary", 2), ("party:RU", 1), ("party:UA", 1)), strict=True
        )
    ]
    assert searched[told.number].text == "Ivanenko Olena"

    def fails(_: Asked) -> dict[str, Any]:
        raise Refused("the server does not answer")

    with pytest.raises(Refused, match="does not answer"):
        SearchDesk(world.beside(fails)).search(INTERMEDIARY, "Ivanenko", limit=5)


def test_a_list_that_comes_in_while_one_searches_is_searched_too(world: World) -> None:
    """One question, one entry, which says how many rows were told."""
    came: list[Person] = []

    def ask(asked: Asked) -> dict[str, Any]:
        world.reviewer("A").decide([proposed(U2)], EXCLUSION, f"{len(came)} lists came in so far")
        if not came:
            came.append(Person(ref="n1", family_name="Іваненко", given_name="Олена"))
            other = world.beside()
            other.perform(TakeList(ReceiveList("UA", "held", "UA-more", "bb", tuple(came), 0)))
            other.close()
        return world.ask(asked)

    told = SearchDesk(world.beside(ask)).search(INTERMEDIARY, "Іваненко Олена", limit=9)
    assert {one.found.row.ref for one in told.answers} == {"u1", "s1", "n1"}
    assert [one.rows for one in entries(world.workspace) if isinstance(one, Searched)] == [3]
    assert len(opinions(world)) == 2, "what changes nothing of whom a search finds does not make it search anew"


def test_candidates_are_reconciled_from_what_stands_and_nothing_else(world: World) -> None:
    """Where a finding came in since, nothing is recorded."""
    beside = world.beside()
    candidate = structs.replace(beside.state.registry.candidates["u1"], rank="майор")
    before, size = Reconcile(RecordCandidates((candidate,)), beside.size), beside.size
    SearchDesk(world.beside()).search(INTERMEDIARY, "Іваненко", limit=5)
    assert beside.perform(before) == OnRecord(first=size + 1, size=size + 2)
    before = Reconcile(RecordCandidates((candidate,)), beside.size)
    world.reviewer("A").decide([proposed(U1)], IDENTIFICATION, "same names")
    assert beside.perform(before) == Outdated()
    assert beside.state.registry.candidates["u1"].rank == "майор"


def test_a_row_that_was_changed_is_searched_as_it_is_now(world: World) -> None:
    """By a program that goes on searching, too."""
    desk = SearchDesk(world.beside())

    def told() -> list[str]:
        return [one.found.row.birth_date for one in desk.search(RU, "Іваненко 1985", limit=5).answers]

    assert told() == [""]
    agree_to_the_change(world)
    desk._writer.catch_up()
    assert told() == ["1985-05-17"]


def test_a_session_ends_where_data_are_erased_meanwhile(world: World) -> None:
    """And whoever searches is not told of them."""
    session, searching = world.reviewer("A"), SearchDesk(world.beside())
    assert len(searching.search(INTERMEDIARY, "Іваненко", limit=5).answers) == 2
    for key in (None, SECOND):
        other = world.beside()
        other.perform(EraseData("person:u1", "request"), key)
        other.close()
    assert session.writer.catch_up()
    assert "u1 stands on the list RU-held no more" in session.outdated(U1)
    searching._writer.catch_up()
    assert [one.found.row.ref for one in searching.search(INTERMEDIARY, "Іваненко", limit=5).answers] == ["s1"]
    session.decide([proposed(U2)], IDENTIFICATION, "same names")


def test_a_delegates_key_agrees_by_file_while_the_day_runs(world: World) -> None:
    """The other way round: the intermediary proposes at the desk, and takes in what the delegate signed elsewhere."""
    beside = world.beside()
    beside.perform(ProposeChange(WantedChange("RU-held", "u2", CORRECT, {"rank": "майор"}, "the list was misread")))
    digest = list(beside.state.registry.changes.by_digest)[-1]

    agreed = Agreeing(digest).entry(beside.state.registry, "RU", world.delegate.public_key, SystemClock().now_us())
    lines = world.signed(agreed, world.delegate)
    done = beside.perform(TakeSigned(lines))
    assert isinstance(done, TookSigned)
    assert (done.taken, done.already) == (1, 0)
    assert beside.state.registry.persons["RU-held", "u2"].rank == "майор"
    again = beside.perform(TakeSigned(lines))
    assert isinstance(again, TookSigned)
    assert (again.taken, again.already) == (0, 1)


def test_a_plan_that_is_approved_by_file_while_served_is_watched_from_then_on(world: World) -> None:
    """Before, no reports are taken; after, they are and are judged, also one that somebody signed elsewhere."""
    with pytest.raises(Refused, match="every party approved"):
        world.desk.post(line("early")).result(DEADLINE_S)
    beside = world.beside()
    sha256 = beside.state.logistics.plans[EXCHANGE].plan_sha256
    for party, by in (("RU", world.delegate), ("UA", world.other)):
        approved = PlanApprovedByParty(
            occurred_at_us=SystemClock().now_us(),
            party=party,
            plan_sha256=sha256,
            public_key=by.public_key,
            author_seq=by.chain.author_seq + 1,
        )
        beside.perform(TakeSigned(world.signed(approved, by)))
    assert world.desk.post(line("first")).result(DEADLINE_S).taken == 1
    officer, event = Device(0, SECOND), json.loads(PREMATURE)
    claimed = event | {"id": "said", "source": "somebody on the road"}
    beside.perform(TakeSigned(world.signed(report_entry(claimed, CONCERNS), officer)))
    wait_until(lambda: any(isinstance(one, ConfidentialAlarmShown) for one in entries(world.workspace)))
    assert alarms(world.workspace) == [], "what rests on a claim is told to the intermediary alone"
    beside.perform(TakeSigned(world.signed(report_entry(event, CONCERNS), officer)))
    wait_until(lambda: bool(alarms(world.workspace)))
    assert alarms(world.workspace) == [("families-first", "open")]
    beside.close()
    served = world.desk._watched
    world.desk.close()
    office = Office(world.workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER), SystemClock())
    fresh = WatchedDay(office, EXCHANGE)
    office.recorder.close()
    assert served is not None
    for what in ("_heard", "_claims", "_told_of"):
        assert getattr(served._audience, what) == getattr(fresh._audience, what), "who is told of which report"


def test_the_served_day_a_fresh_start_and_the_audit_agree(day: World) -> None:
    """Lists, changes of rows, findings and searches come in while the day runs: nothing of what is told of it moves."""
    day.desk.post(PREMATURE).result(DEADLINE_S)
    wait_until(lambda: bool(alarms(day.workspace)))
    agree_to_the_change(day)
    replace_the_sought(day)
    day.reviewer("A").decide([(("RU-held", "u1", "UA-sought-2", "s1"), proposed(U1)[1])], EXCLUSION, "other years")
    SearchDesk(day.beside()).search(RU, "Іваненко", limit=5)
    accepted = line(
        "over", "accepted", "09:10", **{key: handover("u2", "09:10")[key] for key in ("from", "to", "person")}
    )
    day.desk.post(accepted).result(DEADLINE_S)
    wait_until(lambda: day.desk._inbox.empty())
    served = day.desk._watched
    assert served is not None
    state = served._office.state
    day.desk.close()
    before = len(entries(day.workspace))
    clock = SystemClock()
    office = Office(day.workspace.open_recorder(clock, SystemRandomness(), DECODER), clock)
    try:
        assert office.state.registry == state.registry
        assert office.state.tracking == state.tracking
        assert office.state.registry.persons["RU-held", "u1"].birth_date == "1985-05-17"
        fresh = WatchedDay(office, EXCHANGE)
        assert fresh.judge(clock.now_us()) == [], "nothing is shown that was not shown before"
        reader = Reader(keys_of(fresh.terms))
        reports = [one.report for one in entries(day.workspace) if isinstance(one, Report)]
        reader.read("record", [f"{one}\n".encode() for one in reports], lambda *_: pytest.fail("a bad line"))
        audited = Audit(fresh.terms, fresh.plan, reader.columns(), clock.now_us()).deviations()
        assert [one.breach() for one in audited] == [one.breach() for one in fresh.standing()]
        assert len(audited) == len(alarms(day.workspace)) == 1
    finally:
        office.recorder.close()
    assert len(entries(day.workspace)) == before
