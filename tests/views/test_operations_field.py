"""Incidents and conflicting reports on the page: told where the reports are, without what is nobody's business."""

from typing import Any

import pytest
from tests.views.small_exchange import built, prepared, recorded, report, shown

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.views.operations_model import Operations

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")


def page(*events: dict[str, Any], who: Clearance = INTERMEDIARY) -> Operations:
    """After these reports."""
    return shown(built([*prepared(), *recorded(events)], who), "10:00")


COUNTS = (
    report("counted", "06:00", "c1", vehicle="bus-RU", count=44, place="H-RU"),
    report("counted", "06:00", "c2", vehicle="bus-RU", count=45, place="H-RU"),
)
ANSWERS = (
    report("consented", "04:00", "i1", person="RU-1", by="NI", result="willing"),
    report("consented", "04:00", "i2", person="RU-1", by="NI", result="unwilling"),
)
EXAMINED = (
    report("examined", "04:30", "m1", person="RU-1", what="fit-to-travel", result="fit"),
    report("examined", "04:30", "m2", person="RU-1", what="fit-to-travel", result="unfit"),
)
PLACES = (
    report("arrived", "07:00", "a1", vehicle="bus-RU", place="X"),
    report("arrived", "07:00", "a2", vehicle="bus-RU", place="H-RU"),
)


def test_conflicting_reports_are_told_the_latest_first() -> None:
    """With what they say and which they are."""
    notes = page(*COUNTS, *PLACES).conflicts
    assert [(one.text, one.reports) for one in notes] == [
        ("bus-RU: at H-RU or at Border road", ("a1", "a2")),
        ("bus-RU: 44 or 45 prisoners counted", ("c1", "c2")),
    ]


@pytest.mark.parametrize(
    ("events", "to"),
    [(COUNTS, {"intermediary", "party:RU"}), (ANSWERS, {"intermediary"}), (EXAMINED, {"intermediary", "party:UA"})],
)
def test_they_are_told_where_the_reports_are(events: tuple[dict[str, Any], ...], to: set[str]) -> None:
    """What somebody said in private to the intermediary alone; an examination to the home party."""
    told = {str(who) for who in (INTERMEDIARY, RU, UA, PUBLIC) if page(*events, who=who).conflicts}
    assert told == to


def test_neither_answers_nor_findings_are_on_the_screen() -> None:
    """Not even on the intermediary's: that they differ is, and where to look."""
    answers, examined = page(*ANSWERS).conflicts[0], page(*EXAMINED).conflicts[0]
    assert (answers.text, answers.reports) == ("RU-1: 2 different answers in private", ("i1", "i2"))
    assert examined.text == "RU-1: 2 different results of one examination (fit-to-travel)"
    everything = repr(page(*ANSWERS, *EXAMINED))
    assert not any(word in everything for word in ("willing", "unfit"))


def test_one_report_with_two_contents_is_told_by_its_fields() -> None:
    """Not by what they hold."""
    (note,) = page(COUNTS[0], COUNTS[0] | {"count": 46, "place": "X"}).conflicts
    assert note.text == "Report c1 came with different contents (count, place)"


def test_what_is_taken_back_is_no_conflict() -> None:
    """Also to a party that never sees the report which takes it back."""
    void = report("voided", "08:00", "v") | {"event": "c2"}
    assert page(*COUNTS, void).conflicts == page(*COUNTS, void, who=RU).conflicts == ()


def test_incidents_are_told_to_both_sides() -> None:
    """The latest first, with the place by its name."""
    events = (
        report("incident", "05:00", "i1", what="drone", place="X"),
        report("incident", "06:00", "i2", what="crowd"),
        report("incident", "06:30", "i3"),
    )
    for who in (INTERMEDIARY, RU, UA):
        told = [one.text for one in page(*events, who=who).incidents]
        assert told == ["unspecified", "crowd", "drone at Border road"]


CLAIMS = (
    report("incident", "06:30", "k1", what="drone", place="X", source="observer-2", confidence="medium"),
    report("incident", "06:40", "k2", what="filming", source="media-watch"),
    report("published", "06:50", "k3", subject="exchange", source="media-watch", confidence="high"),
    report("arrived", "07:00", "k4", vehicle="bus-RU", place="X", source="RU"),
    report("counted", "07:01", "k5", vehicle="bus-UA", count=3, source="UA", confidence="low"),
    report("accepted", "07:02", "k6", person="RU-1", from_="NI", to="UA", source="a relative"),
    report("examined", "07:03", "k7", person="UA-1", what="medical", result="unfit", source="a relative"),
    report("held", "07:04", "k8", by="RU", source="radio"),
    report("withdrawn", "07:05", "k9", person="UA-2", by="UA", source="radio"),
    report("followed-up", "07:06", "k10", person="UA-2", what="re-detained", source="welfare-office"),
)
"""What somebody says, of every kind of report."""


def test_claims_are_told_to_the_intermediary_and_change_no_other_page() -> None:
    """Not by a number, nor a sentence, nor a stage; and the intermediary reads that they are claims."""
    plain = (*COUNTS, *PLACES, *ANSWERS, report("incident", "05:00", "q1", what="crowd"))
    for who in (RU, UA, PUBLIC):
        pages = [page(*plain, *claims, who=who) for claims in ((), CLAIMS)]
        # When the ledger grew last anybody may know who holds a copy (docs/what-leaks.md).
        without, with_claims = (
            {name: getattr(one, name) for name in Operations.__slots__ if name != "recorded_at_us"} for one in pages
        )
        assert with_claims == without
    told = page(*plain, *CLAIMS)
    assert [one.text for one in told.incidents] == ["filming, a claim", "drone at Border road, a claim", "crowd"]
    said = [one.text for one in told.timeline]
    assert "Claimed: Incident reported: drone at Border road" in said
    assert "Claimed: A statement on the exchange is published" in said


def test_a_batch_is_begun_once_every_side_that_waits_has_received_somebody() -> None:
    """Nobody waits for the withdrawn, nor for the dead; who came in the place of another counts in that one's batch."""
    handed = report("accepted", "08:30", person="RU-1", from_="NI", to="UA")
    gone = [report("withdrawn", "06:00", person="UA-1"), report("died", "06:10", person="UA-2")]

    def waits(*events: dict[str, Any]) -> bool:
        return "batch b1 is handed over" in [step.what for step in page(*events).due]

    assert waits(handed)
    assert waits(handed, gone[0])
    assert not waits(handed, *gone)
    both = ["RU", "UA"]
    instead = report("substituted", "05:00", person="UA-9", replaces="UA-1", agreed_by=both)
    came = report("accepted", "08:40", person="UA-9", from_="NI", to="RU")
    assert not waits(handed, instead, came)
    assert waits(handed, instead | {"agreed_by": ["UA"]}, came)


def test_who_is_added_counts_for_the_side_that_holds_them() -> None:
    """On the intermediary's page; a party is told that somebody was added, not for which side."""
    added = report("added", "05:00", person="RU-9", agreed_by=["RU", "UA"], held_by="RU", home="UA", batch="b1")
    handed = report("accepted", "08:30", person="RU-9", from_="NI", to="UA")
    counts = page(added, handed).counts[0]
    assert (counts.planned, counts.handed_over) == (3, 1)
    assert page(added, handed, who=RU).counts[0].planned == 2
    one_sided = added | {"agreed_by": ["RU"]}
    assert page(one_sided, handed).counts[0].planned == 2
