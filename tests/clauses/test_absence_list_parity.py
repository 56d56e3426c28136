"""Kinds `absence`, `listed`, `parity` and `freeze`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, deviations, event, leg, moved, passed, person, plan, terms

from safeconduct.clauses.judging import judge_plan
from safeconduct.clauses.library import Terms
from safeconduct.logistics.nominal_trace import nominal_trace

Found = list[tuple[str, str, str]]
Events = list[dict[str, Any]]

PLAN = plan(
    persons=[person("p1"), person("p2"), person("p3"), person("r1", held_by="UA", home="RU"),
             person("r2", held_by="UA", home="RU")],
    places=[
        {"id": "X", "kind": "exchange-point", "position": [31.0, 52.0]},
        {"id": "H", "kind": "holding", "position": [31.1, 52.0]},
        {"id": "blank", "kind": "stop"},
    ],
)  # fmt: skip


def incident(ref: str, clock: str, **fields: Any) -> dict[str, Any]:
    """Shots somewhere."""
    return event(ref, "incident", clock, what="shots", **fields)


NEVER = 'kind = "absence"\nnever = { type = "incident", what = ["shots", "drone"] }'
BETWEEN = NEVER + '\nbetween = ["2025-07-04T08:00:00Z", "2025-07-04T12:00:00+03:00"]'
AT_X = NEVER + '\nnear = { place = "X", radius_m = 5000 }'
AT_BLANK = NEVER + '\nnear = { place = "blank", radius_m = 100 }'
SAME = 'kind = "absence"\nnever = [{ type = "refused" }, { type = "died" }]\nsame = ["person", "reason", "place"]'

ABSENCES: dict[str, tuple[str, Events, Found]] = {
    "each event is a breach of its own": (
        NEVER,
        [incident("a", "08:00"), incident("b", "08:00"), event("c", "incident", "08:00", what="crowd")],
        [("occurred", "a", "08:00"), ("occurred", "b", "08:00")],
    ),
    "between is inclusive": (
        BETWEEN,
        [incident("a", "07:59:59"), incident("b", "08:00"), incident("c", "09:00"), incident("d", "09:00:01")],
        [("occurred", "b", "08:00"), ("occurred", "c", "09:00")],
    ),
    # 5 km north of X: a degree of latitude at 52 N is 111 268 m long, so 0.0449 degrees are 4 996 m and 0.045 5 007 m.
    "near by its position": (
        AT_X,
        [incident("in", "08:00", position=[31.0, 52.0449]), incident("out", "08:00", position=[31.0, 52.045])],
        [("occurred", "in", "08:00")],
    ),
    "the position before the place": (
        AT_X,
        [
            incident("far", "08:00", position=[31.1, 52.0], place="X"),
            incident("near", "08:00", position=[31.0, 52.0], place="H"),
        ],
        [("occurred", "near", "08:00")],
    ),
    "else by its place": (
        AT_X,
        [incident("near", "08:00", place="X"), incident("far", "08:00", place="H")],
        [("occurred", "near", "08:00")],
    ),
    "with neither it counts as inside": (
        AT_X,
        [
            incident("a", "08:00"),
            incident("b", "08:00", place="blank"),
            incident("c", "08:00", place="who knows"),
            incident("d", "08:00", position="north of the bridge"),
            incident("e", "08:00", position=[52.0, 131.0]),
            incident("f", "08:00", position=[31.0], place="H"),
        ],
        [("occurred", one, "08:00") for one in "abcde"],
    ),
    "a place without a position, or of no plan, is near to whatever cannot be shown to be far: everything": (
        AT_BLANK,
        [incident("a", "08:00", position=[31.1, 52.0]), incident("b", "08:00", place="blank"), incident("c", "08:00")],
        [("occurred", one, "08:00") for one in "abc"],
    ),
    "the subject is what is the same": (
        SAME,
        [
            event("a", "died", "08:00", person="p1", reason=3),
            event("b", "died", "08:00", person="p1", reason=3),
            passed("c", "refused", "08:00", "p2", "RU", "NI", place="X"),
        ],
        [("occurred", "p1/3/", "08:00"), ("occurred", "p2//X", "08:00")],
    ),
}


@pytest.mark.parametrize("name", ABSENCES)
def test_absence_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    clause, events, found = ABSENCES[name]
    assert breaches(clause, PLAN, events) == found


def test_absence_says_when_a_distance_was_not_measured() -> None:
    """An event naming the very place is near whether or not the plan says where that is."""
    events = [incident("a", "08:00", place="blank"), incident("b", "08:01", position=[31.0, 52.0])]
    first, second = (one.message for one in deviations(AT_BLANK, PLAN, events))
    assert first == (
        "There must be no incident (what shots or drone) within 100 m of blank: expected no incident (what shots or "
        "drone); incident at blank, 08:00."
    )
    assert second.endswith("; incident, 08:01, how far away is not known.")


CHANGE = {"agreed_by": ["RU", "UA"]}
LISTED: dict[str, tuple[Events, Found]] = {
    "who is in the plan": ([passed("a", "offered", "08:00", "p1", "RU", "NI")], []),
    "who is not": (
        [
            passed("a", "offered", "08:00", "p9", "RU", "NI"),
            event("b", "notified", "08:10", who="family", person="p9"),
            event("c", "sang", "08:20", person="p9"),
        ],
        [("unlisted", "p9", "08:00"), ("unlisted", "p9", "08:10"), ("unlisted", "p9", "08:20")],
    ),
    "added, from that instant on": (
        [
            event("a", "examined", "07:59:59", person="n1"),
            event("b", "added", "08:00", person="n1", **CHANGE),
            event("c", "examined", "08:00", person="n1"),
        ],
        [("unlisted", "n1", "07:59:59")],
    ),
    "added without every party": (
        [
            event("a", "added", "08:00", person="n1", agreed_by=["RU"]),
            event("b", "died", "08:01", person="n1"),
            event("c", "withdrawn", "08:02", person="n1"),
        ],
        [("unlisted", "n1", "08:01"), ("unlisted", "n1", "08:02")],
    ),
    "substituted, and who went out was on it before": (
        [
            event("a", "substituted", "08:00", person="n1", replaces="p1", **CHANGE),
            event("b", "examined", "08:01", person="n1"),
            event("c", "examined", "08:01", person="p1"),
        ],
        [],
    ),
    "added and substituted themselves are not judged": (
        [
            event("a", "added", "08:00", person="n1"),
            event("b", "substituted", "08:00", person="n2", replaces="n3", **CHANGE),
        ],
        [],
    ),
    "what names no person, or changes no verdict": (
        [
            moved("a", "departed", "08:00", "v1", "X"),
            event("b", "held", "08:00", person="p9"),
            event("c", "aborted", "08:00", person="p9"),
            event("d", "notified", "08:00", who="icrc", subject="exchange"),
            event("e", "notified", "08:00", who="icrc", person=["p9"]),
        ],
        [],
    ),
    "whatever else names a person": (
        [event("b", "retired", "08:00", device="d", person="p9"), event("c", "clock", "08:10", person="p9")],
        [("unlisted", "p9", "08:00"), ("unlisted", "p9", "08:10")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_listed_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = LISTED[name]
    assert breaches('kind = "listed"', PLAN, events) == found


def test_listed_names_nobody_in_words() -> None:
    """The person stands in the subject alone."""
    events = [
        passed("p9 offered", "offered", "08:00", "p9", "RU", "NI", place="X"),
        event("b", "added", "08:30", person="p9", **CHANGE),
    ]
    (found,) = deviations('kind = "listed"', PLAN, events)
    assert found.message == (
        "Whatever is reported of a person is reported of one who is, or was, on the list: expected somebody on the "
        "list: offered RU to NI at X, 08:00; on it only from 08:30."
    )


def home(ref: str, clock: str, who: str) -> dict[str, Any]:
    """A handover to the home party."""
    return passed(ref, "accepted", clock, who, "NI", "RU" if who[0] == "r" else "UA")


PARITY = 'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = '
ONE_TO_TWO = 'kind = "parity"\nbetween = ["RU", "UA"]\nratio = "1:2"\nmax_lead = 2'
PARITIES: dict[str, tuple[str, Events, Found]] = {
    # p1, p2, p3 are released by RU, r1 and r2 by UA.
    "as far ahead as allowed": (PARITY + "2", [home("a", "09:00", "p1"), home("b", "09:01", "p2")], []),
    "one too many": (
        PARITY + "1",
        [home("a", "09:00", "p1"), home("b", "09:01", "p2")],
        [("lead", "RU", "09:01")],
    ),
    "once, until it is made good": (
        PARITY + "0",
        [home(str(number), f"09:0{number}", who) for number, who in enumerate(["p1", "p2", "r1", "r2", "p3"])],
        # 1:0 exceeds; 2:0, 2:1 still; 2:2 not; 3:2 again.
        [("lead", "RU", "09:00"), ("lead", "RU", "09:04")],
    ),
    "of one instant all count first": (
        PARITY + "0",
        [home("a", "09:00", "p1"), home("b", "09:00", "r1"), home("c", "09:01", "r2"), home("d", "09:01", "p2")],
        [],
    ),
    "the other side ahead": (PARITY + "1", [home("a", "09:00", "r1"), home("b", "09:00", "r2")],
                             [("lead", "UA", "09:00")]),
    "one for two: the lead is counted in both": (
        # |2 RU - 1 UA|: 2 is allowed, 2 - 1 as well; 4 - 1 = 3 is not.
        ONE_TO_TWO,
        [home("a", "09:00", "p1"), home("b", "09:01", "r1"), home("c", "09:02", "p2")],
        [("lead", "RU", "09:02")],
    ),
    "only persons ever on the list, handed over to their home": (
        PARITY + "0",
        [
            home("a", "09:00", "px"),
            passed("b", "accepted", "09:00", "p1", "RU", "NI"),
            passed("c", "accepted", "09:00", "p1", "NI", "RU"),
        ],
        [],
    ),
    "a substitute counts for who released the one replaced": (
        PARITY + "0",
        [event("s", "substituted", "08:00", person="n1", replaces="r1", **CHANGE),
         passed("a", "accepted", "09:00", "n1", "NI", "RU")],
        [("lead", "UA", "09:00")],
    ),
    "handed over twice counts once": (PARITY + "1", [home("a", "09:00", "p1"), home("b", "09:01", "p1")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", PARITIES)
def test_parity_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    clause, events, found = PARITIES[name]
    assert breaches(clause, PLAN, events) == found


def test_parity_says_who_stands_where() -> None:
    """Numbers of both sides, and by how much who leads."""
    events = [home("a", "09:00", "p1"), home("b", "09:01", "r1"), home("c", "09:02", "p2")]
    (found,) = deviations(ONE_TO_TWO, PLAN, events)
    assert found.message.endswith(
        ": expected RU and UA in step at 1:2, with a lead of at most 2; handed over by 09:02: 2 of RU, 1 of UA; RU "
        "leads by 3."
    )
    assert found.evidence == ("c",)


FREEZE = 'kind = "freeze"\nbefore = "2h"'
"""The plan starts at 03:00: frozen from 01:00."""
PROTECTED = {"ground": "protected", "by": "NI"}
FREEZES: dict[str, tuple[Events, Found]] = {
    "before it": ([event("a", "added", "00:59:59", person="n1")], []),
    "at the very moment, and after": (
        [event("a", "added", "01:00", person="n1"), event("b", "substituted", "09:00", person="n2", replaces="p1")],
        [("one-sided", "n1", "01:00"), ("one-sided", "n2", "09:00")],
    ),
    "agreed by every party": (
        [
            event("a", "added", "02:00", person="n1", **CHANGE),
            event("b", "withdrawn", "02:00", person="p1", by="RU", agreed_by=["UA", "NI", "RU"]),
        ],
        [],
    ),
    "agreed by one": (
        [event("b", "withdrawn", "02:00", person="p1", by="RU", agreed_by=["RU", "NI"])],
        [("one-sided", "p1", "02:00")],
    ),
    "withdrawn to protect, by the intermediary": ([event("a", "withdrawn", "02:00", person="p1", **PROTECTED)], []),
    "to protect, by a party": (
        [event("a", "withdrawn", "02:00", person="p1", ground="protected", by="RU")],
        [("one-sided", "p1", "02:00")],
    ),
    "by the intermediary, on another ground or none": (
        [
            event("a", "withdrawn", "02:00", person="p1", ground="bargaining", by="NI"),
            event("b", "withdrawn", "02:00", person="p2", by="NI"),
        ],
        [("one-sided", "p1", "02:00"), ("one-sided", "p2", "02:00")],
    ),
    "only withdrawing protects": (
        [event("a", "added", "02:00", person="n1", **PROTECTED)],
        [("one-sided", "n1", "02:00")],
    ),
    "a death changes nothing that was agreed": ([event("a", "died", "02:00", person="p1")], []),
}


@pytest.mark.parametrize("name", FREEZES)
def test_freeze_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = FREEZES[name]
    assert breaches(FREEZE, PLAN, events) == found


def test_freeze_never_tells_a_ground() -> None:
    """Who agreed is said; why somebody was withdrawn, by whom and what was sealed is not."""
    line = event(
        "w", "withdrawn", "02:00", person="p1", agreed_by=["RU"], by="NI", ground="refusal", reason_sealed="x7"
    )
    (found,) = deviations(FREEZE + '\ntext = "No changes."', PLAN, [line])
    assert found.message == (
        "No changes: expected agreement of RU and UA from 01:00 on; withdrawn, 02:00, agreed by RU."
    )
    (other,) = deviations(FREEZE + '\ntext = "No changes."', PLAN, [{**line, "ground": "unfit", "by": "UA"}])
    assert other.message == found.message


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        (NEVER, []),
        (
            'kind = "absence"\nnever = { type = "departed", place = "H" }',
            [("occurred", "departed/l1")],
        ),
        ('kind = "absence"\nnever = { place = "H" }', [("occurred", "boarded/l1/p1"), ("occurred", "boarded/l1/p9"),
                                                       ("occurred", "departed/l1")]),
        ('kind = "listed"', [("unlisted", "p9"), ("unlisted", "p9")]),
        (PARITY + "0", [("lead", "RU")]),
        (PARITY + "1", []),
        ('kind = "departure"\nlate = "0s"', []),
        (FREEZE, []), ('kind = "headcount"', []),
        ('kind = "corridor"\nbuffer_m = 1', []), ('kind = "stop"\nlongest = "0s"\nradius_m = 1', []),
    ],
)  # fmt: skip
def test_what_is_judged_of_a_plan(clause: str, found: list[tuple[str, str]]) -> None:
    """The kinds whose events stand in the nominal trace; what happens on the way does not."""
    judged = plan(
        persons=[person("p1")],
        legs=[leg("l1", "v1", "H", "X", "04:00", "05:00", "p1", "p9")],
        batches=[{"id": "b1", "handover": "2025-07-04T06:00:00Z"}],
    )
    read: Terms = terms(clause)
    assert [(one.rule, one.subject) for one in judge_plan(read, judged, nominal_trace(judged))] == found
    judges = [
        one.judges_plan({"departed", "arrived", "boarded", "alighted", "offered", "accepted"}) for one in read.running
    ]
    assert judges == [not clause.startswith((NEVER, 'kind = "freeze', 'kind = "head', 'kind = "corr', 'kind = "stop'))]
