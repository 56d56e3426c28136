"""Who is told what an alarm says: whom it concerns, and never of what the other side drives."""

import json
from typing import Any

import msgspec
import pytest

from safeconduct.app.alarms import AlarmAudience, alarm_entries
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.clauses.deviation import OPEN, WITHDRAWN, Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import read_terms
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.logistics.plan import read_plan
from safeconduct.tracking.entries import REPORTED_AS, Alarm, AlarmShown, ConfidentialAlarmShown
from safeconduct.tracking.events import read_event
from safeconduct.tracking.state import TrackingState

PLAN = json.dumps(
    {
        "exchange": "2025-07-04",
        "agreement": "istanbul-2025-06-02",
        "start": "2025-07-04T03:00:00Z",
        "exchange_point": "x",
        "places": [{"id": "x", "kind": "exchange-point"}, {"id": "h", "kind": "holding"}],
        "persons": [{"id": "p1", "held_by": "UA", "home": "RU", "batch": "b1", "custody": ["UA", "NI", "RU"]}],
        "vehicles": [
            {"id": "bus-ua", "operator": "UA", "seats": 2},
            {"id": "bus-ru", "operator": "RU", "seats": 2},
            {"id": "car-ni", "operator": "NI", "seats": 2},
        ],
        "legs": [],
        "batches": [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}],
        "devices": [{"id": "phone-7", "vehicles": ["bus-ua"]}, {"id": "gate", "places": ["x"]}],
    }
).encode()


@pytest.mark.parametrize(
    ("subject", "message", "evidence", "waiting_for", "told"),
    [
        ("p1", "offered and not answered", ("e1",), ("gate",), ("RU", "UA")),
        ("p1", "not aboard when bus-ua departed", ("e1",), (), ("UA",)),
        ("p1", "not offered", ("departed/bus-ru/1",), (), ("RU",)),
        ("p1", "not offered", (), ("phone-7",), ("UA",)),
        ("p1", "moved from bus-ua to bus-ru", (), (), ()),
        ("p1", "aboard car-ni", (), (), ()),
        ("bus-ua", "bus-ua is late", (), (), ("UA",)),
        ("b1", "one-sided", (), (), ()),
    ],
)
def test_an_alarm_is_told_where_it_names_nothing_of_the_other_side(
    subject: str, message: str, evidence: tuple[str, ...], waiting_for: tuple[str, ...], told: tuple[str, ...]
) -> None:
    """A person concerns both parties, yet only the side that drives the bus may read of it."""
    deviation = Deviation(
        clause="kept-to-the-road",
        kind="manifest",
        rule="missing",
        subject=subject,
        at="2025-07-04T04:00:00Z",
        severity="critical",
        status=OPEN,
        message=message,
        evidence=evidence,
        waiting_for=waiting_for,
    )
    (entry,) = shown([deviation], TrackingState(), audience(), 1)
    assert (type(entry), entry.own) == (AlarmShown, told)


TERMS = b"""
[agreement]
id = "a"
title = "A"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "interview"
kind = "precedence"
before = { type = "boarded" }
expect = { type = "consented", result = "willing" }
text = "Asked in private."

[[clause]]
id = "seen"
kind = "response"
after = { type = "accepted" }
expect = { type = "examined" }
within = "3h"
text = "Seen by a doctor."

[[clause]]
id = "open"
kind = "response"
after = { type = "accepted" }
expect = { place = "x" }
within = "3h"
text = "Whatever comes."

[[clause]]
id = "never-unwilling"
kind = "absence"
never = { type = "consented", result = "unwilling" }
same = ["person"]
text = "Nobody is sent who does not want to go."

[[clause]]
id = "never-sick"
kind = "absence"
never = { type = "examined", result = "unfit" }
same = ["person"]
text = "Nobody unfit travels."

[[clause]]
id = "never-refused"
kind = "absence"
never = { type = "refused" }
same = ["person"]
text = "Nobody is refused."

[[clause]]
id = "never-anything"
kind = "absence"
never = { place = "x" }
same = ["person"]
text = "Nothing at X."

[[clause]]
id = "never-withdrawn"
kind = "absence"
never = { type = ["withdrawn", "died"] }
same = ["person"]
text = "Nobody is lost."

[[clause]]
id = "never-withdrawn-on-a-ground"
kind = "absence"
never = { type = "withdrawn", ground = "protected" }
same = ["person"]
text = "Nobody is withdrawn so."

[[clause]]
id = "grounds"
kind = "absence"
never = { type = "withdrawn" }
same = ["person", "ground"]
text = "Grounds as the subject."

[[clause]]
id = "told-after-withdrawal"
kind = "response"
after = { type = "withdrawn", by = "NI" }
expect = { type = "accepted" }
within = "3h"
text = "By whom somebody was withdrawn."

[[clause]]
id = "frozen"
kind = "freeze"
before = "12h"
text = "No changes without agreement."

[[clause]]
id = "only-listed"
kind = "listed"
text = "Nobody else."

[[clause]]
id = "kept-to-the-road"
kind = "corridor"
buffer_m = 1000
text = "The agreed road."

[[clause]]
id = "over-by-noon"
kind = "deadline"
expect = { type = ["accepted", "refused"] }
by = 2025-07-04T12:00:00Z
per = "person"
text = "Over by noon."

[[clause]]
id = "asked-by-noon"
kind = "deadline"
expect = { type = "consented" }
by = 2025-07-04T12:00:00Z
per = "person"
text = "Asked by noon."

[[clause]]
id = "families-by-noon"
kind = "deadline"
expect = { type = "notified" }
by = 2025-07-04T12:00:00Z
per = "person"
text = "Families told by noon."

[[clause]]
id = "withdrawn-by-noon"
kind = "deadline"
expect = { type = "withdrawn" }
by = 2025-07-04T12:00:00Z
per = "party"
text = "Each side has withdrawn somebody."

[[clause]]
id = "come-together"
kind = "reciprocity"
each = [{ type = "arrived", vehicle = "bus-ru" }, { type = "arrived", vehicle = "bus-ua" }]
within = "1h"
text = "Both come."

[[clause]]
id = "asked-and-examined"
kind = "reciprocity"
each = [{ type = "examined" }, { type = "consented" }]
within = "1h"
same = ["person"]
text = "Asked where examined."

[[clause]]
id = "one-custodian"
kind = "concordance"
of = { type = "accepted" }
same = ["person"]
equal = ["to"]
text = "One and the same custodian."

[[clause]]
id = "one-wish"
kind = "concordance"
of = { type = "consented" }
same = ["person"]
equal = ["result"]
text = "One and the same wish."

[[clause]]
id = "one-finding"
kind = "concordance"
of = [{ type = "examined" }, { type = "accepted" }]
same = ["person"]
equal = ["result"]
text = "One and the same finding."

[[clause]]
id = "one-ground"
kind = "concordance"
of = { type = "withdrawn" }
same = ["person"]
equal = ["ground"]
text = "One and the same ground."

[[clause]]
id = "one-description"
kind = "concordance"
of = { type = "declared" }
same = ["person"]
equal = ["birth_date"]
text = "One and the same birth date."

[[clause]]
id = "families-first"
kind = "embargo"
hold = { type = "published" }
until_all = { type = "notified" }
text = "When every family has been told."

[[clause]]
id = "its-families-first"
kind = "embargo"
hold = { type = "published" }
until_all = { type = "notified" }
of = { batch = "b1" }
text = "When the families of the first batch have been told."

[[clause]]
id = "wishes-first"
kind = "embargo"
hold = { type = "departed" }
until_all = { type = "consented" }
text = "When everybody has been asked."

[[clause]]
id = "first-batch-first"
kind = "embargo"
hold = { type = "accepted", batch = "b2" }
until_all = { type = "accepted", handover = true }
of = { batch = "b1" }
text = "Batch by batch."

[[clause]]
id = "no-jump"
kind = "speed"
fastest_kmh = 90
text = "No vehicle jumps."

[[clause]]
id = "together"
kind = "convoy"
apart_m = 1000
text = "A convoy stays together."

[[clause]]
id = "quiet"
kind = "claim"
of = { type = "incident" }
text = "No fire."

[[clause]]
id = "stays-home"
kind = "claim"
of = { type = "accepted" }
same = ["person"]
text = "Nobody comes back."

[[clause]]
id = "asked"
kind = "response"
after = { type = "offered" }
expect = { type = "accepted" }
within = "3h"
text = "Answered."
"""


def audience() -> AlarmAudience:
    """Of those terms and that plan."""
    return AlarmAudience(read_terms("terms.toml", TERMS), Concerns.of_plan(read_plan("plan.json", PLAN)))


def shown(changes: list[Deviation], state: TrackingState, told: AlarmAudience, at_us: int) -> list[Alarm]:
    """The entries, each of the series that its clause has where nothing but what it may be judged over shows it."""
    return alarm_entries(changes, state, told, at_us, {one.breach() for one in changes})


def missing(clause: str, at: str = "2025-07-04T04:00:00Z") -> Deviation:
    """Something about p1, whom UA holds and RU awaits."""
    return Deviation(
        clause=clause,
        kind="response",
        rule="missing",
        subject="p1",
        at=at,
        severity="critical",
        status=OPEN,
        message="m",
        evidence=("e1",),
        waiting_for=(),
    )


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("interview", {"intermediary"}),
        ("open", {"intermediary"}),
        ("seen", {"intermediary", "party:RU"}),
        ("asked", {"intermediary", "party:RU", "party:UA"}),
        ("never-unwilling", {"intermediary"}),
        ("never-sick", {"intermediary", "party:RU"}),
        ("never-refused", {"intermediary", "party:RU", "party:UA"}),
        ("never-anything", {"intermediary"}),
        ("never-withdrawn", {"intermediary", "party:RU", "party:UA"}),
        ("never-withdrawn-on-a-ground", {"intermediary"}),
        ("grounds", {"intermediary"}),
        ("told-after-withdrawal", {"intermediary"}),
        ("frozen", {"intermediary"}),
        ("only-listed", {"intermediary"}),
        ("over-by-noon", {"intermediary", "party:RU", "party:UA"}),
        ("asked-by-noon", {"intermediary"}),
        ("families-by-noon", {"intermediary", "party:RU"}),
        ("withdrawn-by-noon", {"intermediary"}),
        ("come-together", {"intermediary", "party:RU", "party:UA"}),
        ("asked-and-examined", {"intermediary"}),
        ("one-custodian", {"intermediary", "party:RU", "party:UA"}),
        ("one-wish", {"intermediary"}),
        ("one-finding", {"intermediary", "party:RU"}),
        ("one-ground", {"intermediary"}),
        ("one-description", {"intermediary"}),
        ("kept-to-the-road", {"intermediary", "party:RU", "party:UA"}),
        ("no-jump", {"intermediary", "party:RU", "party:UA"}),
        ("together", {"intermediary", "party:RU", "party:UA"}),
        ("quiet", {"intermediary"}),
        ("stays-home", {"intermediary"}),
        ("families-first", {"intermediary", "party:RU", "party:UA"}),
        ("its-families-first", {"intermediary", "party:RU"}),
        ("wishes-first", {"intermediary"}),
        ("first-batch-first", {"intermediary", "party:RU", "party:UA"}),
    ],
)
def test_an_alarm_is_told_to_nobody_who_may_not_know_what_it_rests_on(clause: str, told: set[str]) -> None:
    """The detaining power learns neither what was said in an interview nor how its former prisoner is cared for."""
    (entry,) = shown([missing(clause)], TrackingState(), audience(), 1)
    clearances = [INTERMEDIARY, Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC]
    assert {str(clearance) for clearance in clearances if tell(entry, clearance) is not None} == told


OTHERS = (Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC)


def on_a_claim(clause: str) -> tuple[TrackingState, AlarmAudience, Alarm]:
    """An alarm that rests on one."""
    claim = {"id": "e1", "type": "accepted", "at": "2025-07-04T03:59:00Z", "person": "p1", "from": "NI", "to": "RU"}
    told_of = audience()
    told_of.hear([read_event(claim | {"source": "radio"})])
    state = TrackingState()
    (entry,) = shown([missing(clause)], state, told_of, 1)
    state.show_alarm(entry)
    return state, told_of, entry


@pytest.mark.parametrize(
    "clause", ["asked", "seen", "never-refused", "families-first", "kept-to-the-road", "integrity"]
)
def test_what_rests_on_a_claim_is_told_to_the_intermediary_alone(clause: str) -> None:
    """Whatever the clause."""
    *_, entry = on_a_claim(clause)
    assert isinstance(entry, ConfidentialAlarmShown)
    assert [who for who in OTHERS if tell(entry, who)] == []
    assert tell(entry, INTERMEDIARY) is not None


def test_a_number_stays_in_a_series_that_no_party_is_told_of() -> None:
    """An alarm of care that rested on a claim once would tell of it by a number of its own."""
    state, told_of, entry = on_a_claim("seen")
    (again,) = shown([msgspec.structs.replace(missing("seen"), evidence=("e2",))], state, told_of, 2)
    assert isinstance(again, ConfidentialAlarmShown)
    assert again.number == entry.number
    assert [who for who in OTHERS if tell(again, who)] == []


@pytest.mark.parametrize("clause", ["asked", "never-refused", "families-first", "kept-to-the-road", "integrity"])
def test_what_is_shown_openly_at_last_is_told_as_if_nobody_had_claimed_it(clause: str) -> None:
    """The one on the claim ends for the intermediary alone; all are told another, by the next number of theirs."""
    state, told_of, entry = on_a_claim(clause)
    ended, told = shown([msgspec.structs.replace(missing(clause), evidence=("e2",))], state, told_of, 2)
    assert (type(ended), ended.number, ended.status) == (ConfidentialAlarmShown, entry.number, WITHDRAWN)
    assert [who for who in OTHERS if tell(ended, who)] == []
    assert (type(told), told.number, told.status) == (AlarmShown, 1, OPEN)


def test_an_alarm_once_public_that_only_a_confidence_still_shows_ends_for_those_who_were_told_of_it() -> None:
    """An earlier judgement made it public; the rest of it is the intermediary's, under another number."""
    state, told_of = TrackingState(), audience()
    (public,) = shown([missing("asked")], state, told_of, 1)
    state.show_alarm(public)
    told_of.hear([read_event({"id": "e1", "type": "consented", "at": "2025-07-04T03:59:00Z", "person": "p1"})])
    ended, kept = shown([missing("asked")], state, told_of, 2)
    assert (type(ended), ended.number, ended.status, ended.own) == (AlarmShown, 1, WITHDRAWN, public.own)
    assert (type(kept), kept.number, kept.status, kept.own) == (ConfidentialAlarmShown, 1_000_001, OPEN, ())
    for entry in (ended, kept):
        state.show_alarm(entry)
    (gone,) = shown([missing("asked").withdrawn()], state, told_of, 3)
    assert [who for who in OTHERS if tell(gone, who)] == []
    (anew,) = shown([missing("never-refused")], state, told_of, 4)
    assert anew.number == 1_000_002  # it rests on the interview too, and no number is given twice


@pytest.mark.parametrize("kind", sorted(REPORTED_AS))
def test_a_report_that_names_its_source_is_the_intermediarys_alone(kind: str) -> None:
    """Of every type, an incident among them: it may show who said so, and it is not established."""
    line = {"id": "k", "type": kind, "at": "2025-07-04T04:00:00Z", "person": "p1", "vehicle": "bus-ua", "place": "x"}
    entry = report_entry(line | {"source": "observer-2", "confidence": "high"}, Concerns.of_plan(read_plan("p", PLAN)))
    assert [who for who in (Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC) if tell(entry, who)] == []
    assert tell(entry, INTERMEDIARY) is not None


def test_no_party_can_tell_why_somebody_was_withdrawn() -> None:
    """Of two withdrawals that no party agreed to, one to protect, each party is told the same: both, and no alarm."""
    terms, plan = read_terms("terms.toml", TERMS), read_plan("plan.json", PLAN)
    clearances = [Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC]
    told, raised = [], []
    for ground in ("protected", "bargaining"):
        line: dict[str, Any] = {
            "id": "w",
            "type": "withdrawn",
            "at": "2025-07-04T04:00:00Z",
            "person": "p1",
            "by": "NI",
        }
        line |= {"agreed_by": [], "ground": ground, "reason_sealed": f"sealed {ground}"}
        found = [one for one in judge_day(terms, plan, [read_event(line)]) if one.clause in ("frozen", "grounds")]
        raised.append([one.clause for one in found])
        entries = [report_entry(line, Concerns.of_plan(plan))]
        entries += shown(found, TrackingState(), audience(), 1)
        told.append([tell(entry, clearance) for entry in entries for clearance in clearances])
    assert raised == [["grounds"], ["frozen", "grounds"]]
    assert [one for one in told[0] if one is not None] == [one for one in told[1] if one is not None]


def test_no_gap_in_the_numbers_tells_of_an_alarm_that_may_not_be_known() -> None:
    """Each audience counts its own from the first."""
    state = TrackingState()
    numbers = []
    for minute, clause in enumerate(("asked", "interview", "seen", "asked", "interview", "seen", "asked")):
        (entry,) = shown([missing(clause, f"2025-07-04T04:{minute:02}:00Z")], state, audience(), 1)
        assert isinstance(entry, AlarmShown | ConfidentialAlarmShown)
        state.show_alarm(entry)
        numbers.append(entry.number)
    assert numbers == [1, 1_000_001, 2_000_001, 2, 1_000_002, 2_000_002, 3]


def test_an_examination_where_a_person_is_held_tells_no_party_where_that_is() -> None:
    """Places of detention are the detaining power's; the home party is told of what was examined elsewhere."""
    concerns = Concerns.of_plan(read_plan("plan.json", PLAN))
    seen = {"id": "e", "type": "examined", "at": "2025-07-04T04:00:00Z", "person": "p1", "what": "fit-to-travel"}
    told = [tell(report_entry(seen | {"place": place}, concerns), Clearance("party", "RU")) for place in ("h", "x")]
    assert [one is None for one in told] == [True, False]
