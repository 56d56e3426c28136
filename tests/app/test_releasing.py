"""Communiqués: refused with the reason, held by the embargo to the instant, released as entries, and checked again."""

import base64
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.erased import erase
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import (
    EXCHANGE,
    PARTIES,
    PEOPLE,
    TELLABLE,
    WHOLE_DAY,
    at,
    family_told,
    handover,
    moment,
    office_of,
    plan,
    prepared,
    report,
    terms,
)

from safeconduct.app.commands import ClearFacts, ReleaseCommunique
from safeconduct.app.deciding import decide
from safeconduct.app.recorded_day import papers, recorded_day
from safeconduct.app.releasing import check_text, release_command, verify_facts
from safeconduct.app.searching import SearchDesk
from safeconduct.app.writers import Here
from safeconduct.clauses.judging import judge_day
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.disclosure.entries import CommuniqueReleased, FactCleared
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Sealed
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.kernel.times import format_instant
from safeconduct.tracking.entries import PublicMatterReported
from safeconduct.tracking.events import read_event

SENTENCE = "On {date}, {handed-over.total} prisoners returned home: {returned.to.UA} to Ukraine. {agreement}."


def released(state: Exchange, text: str, now_us: int, by: str = "NI") -> list[Any]:
    """What a release makes."""
    return list(decide(state, ReleaseCommunique(EXCHANGE, "t", text, by, 7, "root"), now_us))


def test_a_release_tells_the_facts_of_the_record_and_reports_itself() -> None:
    """The text is filled from the record; the entry carries the facts, where they come from, and who said so."""
    told, reported = released(report(prepared(), WHOLE_DAY), SENTENCE, at("11:00"))
    assert told == CommuniqueReleased(
        occurred_at_us=at("11:00"),
        exchange=EXCHANGE,
        text="On 4 July 2025, 3 prisoners returned home: 2 to Ukraine. Istanbul agreements.",
        facts={
            "date": "4 July 2025",
            "handed-over.total": "3",
            "returned.to.UA": "2",
            "agreement": "Istanbul agreements",
        },
        size=7,
        root="root",
        released_by="NI",
    )
    assert isinstance(reported, PublicMatterReported)
    event = msgspec.json.decode(reported.report)
    assert event == {
        "id": "published/NI/2025-07-04",
        "type": "published",
        "at": moment("11:00"),
        "by": "NI",
        "subject": EXCHANGE,
    }
    assert reported.received_at_us == at("11:00")


def test_a_second_text_stands_beside_the_first() -> None:
    """What was told is never taken back; the same words again are refused, others make an event of their own."""
    state = report(prepared(), WHOLE_DAY)
    for entry in released(state, SENTENCE, at("11:00")):
        state.apply(entry)
    with pytest.raises(Refused, match="this very text is out already"):
        released(state, SENTENCE, at("11:30"))
    told, reported = released(state, "All {handed-over.total} are in care.", at("12:00"))
    assert msgspec.json.decode(reported.report)["id"] == "published/NI/2025-07-04/2"
    state.apply(told)
    assert len(state.disclosure.released[EXCHANGE]) == 2


REFUSED: dict[str, tuple[str, str]] = {
    "an uncleared fact": ("At {place}.", "t:1:4: {place} is not cleared; take it out, or have every party agree"),
    "no fact at all": ("{handed-over.totl} are home.", "t:1:1: {handed-over.totl} is no fact; did you mean"),
    "a number": ("Of 17 more, later.", "t:1:4: '17' is a number; tell numbers and dates as cleared facts"),
    "a number in words": ("Home:\nsome thirty-two people.", "t:2:6: 'thirty-two' is a number;"),
    "the crossing": ("They crossed at Novaya Guta.", "t:1:17: 'Novaya' names a place of the exchange; take it out"),
    "the crossing in Ukrainian": ("Через Нову Гуту.", "t:1:7: 'Нову' names a place of the exchange; take it out"),
    "a camp": ("Вони були в Сосновці.", "t:1:13: 'Сосновці' names a place of the exchange; take it out"),
    "a town in another case": ("До Чернігова.", "t:1:4: 'Чернігова' names a place of the exchange; take it out"),
    "a camp as a list calls it": ("From Lypove.", "t:1:6: 'Lypove' names a place where people are held; take it out"),
    "a hospital": ("Now in a Hospital.", "t:1:10: 'Hospital' names a place of the exchange; take it out"),
    "a vehicle": ("By ambulance.", "t:1:4: 'ambulance' names a vehicle; take it out"),
    "a person": ("Olena Ivanenko is home.", "t:1:7: 'Ivanenko' names a person on the lists; take it out"),
    "a person in another case": ("Разом з Іваненком.", "t:1:9: 'Іваненком' names a person on the lists; take it out"),
    "a short name": ("Roman But is home.", "t:1:7: 'But' names a person on the lists; take it out"),
    "a reference": ("Also u1.", "t:1:7: '1' is a number"),
    "a category": (
        "The wounded first.",
        "t:1:5: 'wounded' tells of a category, and {handed-over.of.seriously-wounded-or-sick} is not cleared;",
    ),
    "nothing": (" \n", "t:1:1: the communiqué is empty; write what is to be told"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_gives_something_away_is_refused_with_the_reason(text: str, reason: str) -> None:
    """Line and column, what is wrong and how to mend it; an embargo that is over makes no difference."""
    with pytest.raises(BadInput) as refused:
        released(report(prepared(), WHOLE_DAY), text, at("11:00"))
    assert any(str(fault).startswith(reason) for fault in refused.value.faults), refused.value


def test_an_ordinary_word_is_no_short_name() -> None:
    """A surname of three letters counts only where it is written as a name."""
    state = report(prepared(), WHOLE_DAY)
    assert check_text(state, EXCHANGE, "t", "Few words, but true.", at("11:00")).reasons == ()


def test_a_category_may_be_told_once_its_number_is_cleared() -> None:
    """And the number comes from the reconciled candidates."""
    wounded = "handed-over.of.seriously-wounded-or-sick"
    state = report(prepared((*TELLABLE, wounded)), WHOLE_DAY)
    told, _ = released(state, f"{{handed-over.total}} are home, {{{wounded}}} of them wounded.", at("11:00"))
    assert told.text == "3 are home, 1 of them wounded."


def test_a_fact_that_nothing_gives_yet_cannot_be_told() -> None:
    """There is no date before the first handover."""
    with pytest.raises(BadInput, match=r"t:1:4: nothing on record gives \{date\} yet; wait until it has happened"):
        released(prepared(), "On {date}.", at("08:00"))


CLEARING: dict[str, tuple[ClearFacts, str]] = {
    "one party alone": (ClearFacts(EXCHANGE, ("place",), ("RU",)), "UA has not agreed"),
    "a stranger": (ClearFacts(EXCHANGE, ("place",), ("RU", "UA", "FR")), "'FR' is not a party"),
    "no fact": (ClearFacts(EXCHANGE, ("names",), PARTIES), "'names' is no fact of an exchange"),
    "an unknown exchange": (ClearFacts("2025-08-01", ("place",), PARTIES), "no plan is on record for 2025-08-01"),
}


@pytest.mark.parametrize(("command", "why"), CLEARING.values(), ids=CLEARING.keys())
def test_a_fact_is_cleared_by_every_party_or_not_at_all(command: ClearFacts, why: str) -> None:
    """Each refusal names its reason."""
    with pytest.raises(Refused, match=why):
        decide(prepared(), command, 5)


def test_clearing_again_adds_nothing() -> None:
    """Only what was not cleared yet is recorded."""
    made = decide(prepared(("date",)), ClearFacts(EXCHANGE, ("date", "place"), PARTIES), 5)
    assert made == [FactCleared(occurred_at_us=5, exchange=EXCHANGE, fact="place", agreed_by=PARTIES)]


def test_only_an_intermediary_releases() -> None:
    """A party speaks for itself elsewhere."""
    with pytest.raises(Refused, match="'UA' is not an intermediary"):
        released(report(prepared(), WHOLE_DAY), SENTENCE, at("11:00"), by="UA")


def test_sealed_entries_leave_nobody_who_could_tell() -> None:
    """Without the keys neither names nor numbers are known, and silence would pass for clean."""
    state = report(prepared(), WHOLE_DAY)
    state.take(Sealed())
    with pytest.raises(Refused, match="1 entries are sealed to this reader"):
        released(state, SENTENCE, at("11:00"))


def test_the_embargo_holds_to_the_instant() -> None:
    """Inclusive, as the clause is: at the very moment at which the last family is told it holds no more."""
    first, second, third = PEOPLE
    state = report(prepared(), [family_told(first, "10:00"), family_told(second, "10:00"), handover(first, "09:00")])
    with pytest.raises(Refused) as held:
        released(state, SENTENCE, at("12:00"))
    assert str(held.value) == (
        "held by clause families-first: 1 of 3 on the list still lack notified (who family); nothing was published"
    )
    report(state, [family_told(third, "10:30")])
    with pytest.raises(Refused, match="1 of 3"):
        released(state, SENTENCE, at("10:30") - 1)
    assert len(released(state, SENTENCE, at("10:30"))) == 2


@st.composite
def days(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Reports in any order, on few persons and few moments, some repeated otherwise, some voided."""
    events: list[dict[str, Any]] = []
    clocks = st.sampled_from(("09:00", "09:30", "10:00", "10:30"))
    for number in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(("notified", "notified", "accepted", "withdrawn", "substituted", "died", "voided")))
        fields: dict[str, Any] = {
            "id": f"e{draw(st.integers(0, number))}",
            "type": kind,
            "at": moment(draw(clocks)),
            "person": draw(st.sampled_from((*PEOPLE, "n1"))),
        }
        if kind == "notified":
            fields["who"] = draw(st.sampled_from(("family", "icrc")))
        elif kind == "accepted":
            fields |= {"from": "NI", "to": draw(st.sampled_from(PARTIES))}
        elif kind == "substituted":
            fields |= {"replaces": draw(st.sampled_from(tuple(PEOPLE))), "agreed_by": list(PARTIES)}
        elif kind == "voided":
            fields["event"] = f"e{draw(st.integers(0, 11))}"
        if draw(st.booleans()):
            fields["received_at"] = moment(draw(clocks))
        events.append(fields)
    return events


@settings(max_examples=300)
@given(days(), st.sampled_from(("09:00", "09:30", "10:00", "10:30", "11:00")))
def test_a_release_is_held_exactly_when_its_event_would_be_early(events: list[dict[str, Any]], clock: str) -> None:
    """The oracle: the watch's own judgement of all reports and the event, at that moment."""
    event = {"id": "published/NI/2025-07-04", "type": "published", "at": moment(clock), "by": "NI", "subject": EXCHANGE}
    stands = judge_day(terms(), plan(), map(read_event, [*events, event]), at(clock))
    early = any((one.rule, one.subject) == ("early", event["id"]) for one in stands)
    state = report(prepared(), events)
    if early:
        with pytest.raises(Refused, match="held by clause families-first"):
            released(state, "People are home.", at(clock))
    else:
        assert len(released(state, "People are home.", at(clock))) == 2


@given(days(), st.sampled_from(("09:00", "10:00", "11:00")))
def test_the_part_of_a_day_that_is_asked_for_is_as_in_the_whole(events: list[dict[str, Any]], clock: str) -> None:
    """Leaving the other types out changes neither the list nor who is handed over."""
    state = report(prepared(), events)
    on_record = papers(state, EXCHANGE)
    part, whole = (recorded_day(state.tracking, on_record, at(clock), types) for types in (("accepted",), None))
    assert part.roster.members == whole.roster.members
    assert [(one, event.id) for one, event in part.handed_over.items()] == [
        (one, event.id) for one, event in whole.handed_over.items()
    ]


def test_what_was_told_is_borne_out_by_the_record(tmp_path: Path) -> None:
    """On a real ledger: released, read back, computed again from the entries before its checkpoint, also later on."""
    clock = StandingClock(at("11:00"))
    office = office_of(tmp_path, clock)
    size = office.recorder.size()
    told = office.perform(release_command(office.recorder, EXCHANGE, "t", SENTENCE + "\r\n", "NI"))[0]
    assert isinstance(told, CommuniqueReleased)
    assert told.size == size
    report(office.state, [])
    assert verify_facts(office.recorder) == (1, [])
    office.recorder.close()


def test_a_text_on_a_record_that_has_grown_is_refused(tmp_path: Path) -> None:
    """The author saw other values than there are now."""
    office = office_of(tmp_path, StandingClock(at("11:00")))
    command = release_command(office.recorder, EXCHANGE, "t", SENTENCE, "NI")
    office.perform(ClearFacts(EXCHANGE, ("place",), PARTIES))
    with pytest.raises(Refused, match="the record has grown"):
        office.perform(command)
    office.recorder.close()


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"facts": {"handed-over.total": "4"}, "text": "4 are home."}, "tells 'handed-over.total' as '4'; the record "),
        ({"facts": {"place": "Novaya Guta"}, "text": "Novaya Guta"}, "tells 'place', which was not cleared"),
        ({"facts": {"handed-over.total": "3"}, "text": "Many."}, "as '3', but its text does not"),
        ({"root": base64.b64encode(bytes(32)).decode()}, "has the root"),
        ({"size": 10_000}, "said to come from 10,000 entries"),
        (
            {"size": 2, "facts": {"date": "4 July 2025"}, "text": "4 July 2025"},
            "cannot be computed: no plan is on record",
        ),
        ({"exchange": "2025-08-01"}, "cannot be computed: no plan is on record for 2025-08-01"),
    ],
)
def test_a_communique_that_the_record_does_not_bear_out_is_found(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    """Whoever writes past the desk is found by whoever may read."""
    office = office_of(tmp_path, StandingClock(at("11:00")))
    checkpoint = office.recorder.checkpoint()
    sound = CommuniqueReleased(
        occurred_at_us=at("11:00"),
        exchange=EXCHANGE,
        text="3 are home.",
        facts={"handed-over.total": "3"},
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        released_by="NI",
    )
    office.recorder.record([msgspec.structs.replace(sound, **changes)])
    count, problems = verify_facts(office.recorder)
    assert count == 1
    assert any(what in str(problem) for problem in problems), problems
    office.recorder.close()


def test_after_an_erasure_a_difference_says_that_it_may_be_due_to_it(tmp_path: Path) -> None:
    """An erased handover is missing from the number, with all else about that person; nothing pretends otherwise."""
    office = office_of(tmp_path, StandingClock(at("11:00")))
    office.perform(release_command(office.recorder, EXCHANGE, "t", "{handed-over.total} are home.", "NI"))
    released_at = office.recorder.size() - 2
    erase(office, "person:u1", "request")
    _, problems = verify_facts(office.recorder)
    assert [str(problem) for problem in problems] == [
        f"entry {released_at}: it tells 'handed-over.total' as '3'; the record gives '2' "
        "(5 entries before it are erased)"
    ]
    office.recorder.close()


def test_after_an_erasure_no_text_tells_a_number_that_lacks_the_erased(tmp_path: Path) -> None:
    """It would be wrong, and beside what was told before it would say that somebody was erased, and of which side."""
    office = office_of(tmp_path, StandingClock(at("11:00")))
    erase(office, "person:u1", "request")
    told = "{agreement}: on {date}, {handed-over.total} came home."
    reasons = check_text(office.state, EXCHANGE, "t", told, at("11:00")).reasons
    assert [(one.column, one.what) for one in reasons] == [
        (17, "data of persons on the list were erased, so nobody can say any more what {date} was"),
        (25, "data of persons on the list were erased, so nobody can say any more what {handed-over.total} was"),
    ]
    with pytest.raises(BadInput, match="nobody can say any more"):
        office.perform(release_command(office.recorder, EXCHANGE, "t", told, "NI"))
    assert check_text(office.state, EXCHANGE, "t", "All under {agreement}.", at("11:00")).reasons == ()
    office.recorder.close()


def test_an_erasure_of_what_counts_in_no_number_holds_no_text_back(tmp_path: Path) -> None:
    """A search that was erased, with everybody's handover on record."""
    office = office_of(tmp_path, StandingClock(at("11:00")))
    number = SearchDesk(Here(office, Seeded(5))).search(INTERMEDIARY, "Zabuzhko", limit=5).number
    erase(office, f"document:search/{number}", "error")
    assert office.state.erased == 1
    assert check_text(office.state, EXCHANGE, "t", "{handed-over.total} are home.", at("11:00")).reasons == ()
    office.recorder.close()


def test_the_text_is_told_as_it_was_checked() -> None:
    """Line breaks of any kind and a mark of the encoding make no difference; the day is named in UTC."""
    state = report(prepared(), WHOLE_DAY)
    checked = check_text(state, EXCHANGE, "t", "\ufeffOn {date},\r\nhome.\r\n", at("11:00"))
    assert (checked.reasons, checked.text) == ((), "On 4 July 2025,\nhome.")
    assert format_instant(at("11:00")).startswith("2025-07-04")
