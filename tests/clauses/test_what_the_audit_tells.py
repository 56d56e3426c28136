"""What the audit tells of each rule: a plainer sentence than that of the watch, and the reports that show it."""

import pytest
from tests.clauses.days import plan_json, terms
from tests.clauses.test_batch_audit import audited
from tests.clauses.test_what_is_told import DAYS
from tests.clauses.told import SILENT

TOLD: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "custody: passed on by one who does not hold it, as planned or as reported": [
        ("the custodian RU to pass the person on; offered NI to UA at 2025-07-04 09:00.", ("a",)),
        ("the custodian NI to pass the person on; offered RU to NI at 2025-07-04 09:03.", ("c", "e")),
    ],
    "custody: accepted without an offer, and with another only": [
        ("an offer from RU to NI before it was accepted; accepted RU to NI at 2025-07-04 09:00.", ("a",)),
        ("an offer from UA to RU before it was accepted; accepted UA to RU at 2025-07-04 09:02.", ("c",)),
        ("custody to pass as planned, UA to NI to RU; accepted UA to RU at 2025-07-04 09:02.", ("c",)),
    ],
    "custody: an offer answered late, and never": [
        (
            "an answer within 30m of: offered RU to NI at 2025-07-04 09:00; the answer was: refused RU to "
            "NI at 2025-07-04 09:40.",
            ("a", "b"),
        ),
        ("an answer within 30m of: offered RU to NI at 2025-07-04 09:50; none was given.", ("c",)),
    ],
    "custody: two offers of one moment, neither answered, are one deviation": [
        ("an answer within 30m of: offered RU to NI at 2025-07-04 09:00; none was given.", ("a",)),
    ],
    "complete: who is withdrawn or dead is not awaited": [
        ("everybody due to be handed over by 2025-07-04 10:00; one person was not.", ()),
    ],
    "simultaneity: somebody added is awaited too": [
        (
            "the first of batch b1 going home to RU by 2025-07-04 09:10, 10m after the first of all; none "
            "was handed over.",
            ("b",),
        ),
    ],
    "parity: somebody added counts for who released them": [
        (
            "handovers in the ratio 1:1 of RU and UA, ahead by 0 at most; at 2025-07-04 09:00 RU had released 0, UA 1.",
            ("b",),
        ),
    ],
    "freeze: somebody added, somebody replaced": [
        (
            "no change to the list from 2025-07-04 01:00 (2h before the start) unless every party agreed; "
            "one was reported at 2025-07-04 02:00.",
            ("a",),
        ),
        (
            "no change to the list from 2025-07-04 01:00 (2h before the start) unless every party agreed; "
            "one was reported at 2025-07-04 02:10.",
            ("b",),
        ),
    ],
    "response: two of one moment, one deviation": [
        ("arrived of the same vehicle by 2025-07-04 09:00; none came from 2025-07-04 08:00.", ("d",)),
    ],
    "custody: somebody whose planned custody is told only afterwards": [
        ("the custodian RU to pass the person on; offered NI to UA at 2025-07-04 09:00.", ("a",)),
        ("the custodian RU to pass the person on; accepted NI to UA at 2025-07-04 09:10.", ("b",)),
        ("custody to pass as planned, RU to UA; accepted NI to UA at 2025-07-04 09:10.", ("b",)),
    ],
    "listed: never, and not yet": [
        ("reports on persons of the list only; examined at 2025-07-04 07:00 names somebody who was not on it.", ("a",)),
        ("reports on persons of the list only; examined at 2025-07-04 07:10 names somebody who was not on it.", ("b",)),
    ],
    "simultaneity: the other side late": [
        (
            "the first of batch b1 going home to RU by 2025-07-04 09:10, 10m after the first of all; the "
            "first was handed over at 2025-07-04 09:20.",
            ("a", "b"),
        ),
    ],
    "simultaneity: the other side never": [
        (
            "the first of batch b1 going home to RU by 2025-07-04 09:10, 10m after the first of all; none "
            "was handed over.",
            ("a",),
        ),
    ],
    "parity: on either side": [
        (
            "handovers in the ratio 1:1 of RU and UA, ahead by 0 at most; at 2025-07-04 09:00 RU had released 1, UA 0.",
            ("a",),
        ),
        (
            "handovers in the ratio 1:1 of RU and UA, ahead by 0 at most; at 2025-07-04 09:20 RU had released 1, UA 2.",
            ("c",),
        ),
    ],
    "complete: later, and never": [
        ("everybody due to be handed over by 2025-07-04 10:00; one person was not.", ()),
        ("everybody due to be handed over by 2025-07-04 10:00; one person was only at 2025-07-04 10:20.", ("a",)),
    ],
    "freeze: agreed by one, and by none": [
        (
            "no change to the list from 2025-07-04 01:00 (2h before the start) unless every party agreed; "
            "one was reported at 2025-07-04 02:00.",
            ("a",),
        ),
        (
            "no change to the list from 2025-07-04 01:00 (2h before the start) unless every party agreed; "
            "one was reported at 2025-07-04 02:10.",
            ("b",),
        ),
    ],
    "embargo: how many still lack it": [
        ("for everybody on the list first: notified; published at 2025-07-04 09:00, while 1 still waited.", ("a",)),
    ],
    "absence: how far away is not known": [
        ("none of: incident (what shelling or drone); incident at 2025-07-04 09:00 within 1000 m of X.", ("a",)),
        (
            "none of: incident (what shelling or drone); incident at 2025-07-04 09:10, where, as seen from "
            "X, could not be measured.",
            ("b",),
        ),
    ],
    "response: too late, and never": [
        ("examined of the same person by 2025-07-04 10:00; the next came after 1h10m from 2025-07-04 09:00.", ("a",)),
        ("examined of the same person by 2025-07-04 10:30; none came from 2025-07-04 09:30.", ("e",)),
    ],
    "response: tied to the vehicle": [
        ("arrived of the same vehicle by 2025-07-04 09:00; none came from 2025-07-04 08:00.", ("d",)),
    ],
    "precedence: nothing, too long before, no longer": [
        ("examined (result fit) of the same person within 1h before 2025-07-04 09:00; there was none.", ("a1",)),
        (
            "examined (result fit) of the same person within 1h before 2025-07-04 09:00; the last one, "
            "1h10m before, does not count.",
            ("b2",),
        ),
        (
            "examined (result fit) of the same person within 1h before 2025-07-04 09:00; the last one, 30m "
            "before, does not count.",
            ("c4",),
        ),
    ],
    "manifest: boarded soon after, last heard of before, never heard of": [
        (
            "aboard v1 those of leg l1 and nobody else; vehicle v1 departed from H at 2025-07-04 08:00 "
            "without one of them.",
            ("d",),
        ),
        (
            "aboard v1 those of leg l1 and nobody else; vehicle v1 departed from H at 2025-07-04 08:00 "
            "without one of them.",
            ("d",),
        ),
        (
            "aboard v1 those of leg l1 and nobody else; vehicle v1 departed from H at 2025-07-04 08:00 "
            "without one of them.",
            ("d",),
        ),
        (
            "aboard v1 those of leg l1 and nobody else; vehicle v1 departed from H at 2025-07-04 08:00 "
            "without one of them.",
            ("d",),
        ),
    ],
    "manifest: somebody else, and a leg that is not planned": [
        (
            "aboard v1 those of leg l1 and nobody else; vehicle v1 departed from H at 2025-07-04 08:00 with "
            "somebody else aboard.",
            ("b", "d"),
        ),
        ("v1 to depart only as planned; vehicle v1 departed from X at 2025-07-04 10:00.", ("f",)),
    ],
    "headcount: just before and at that instant": [
        ("a count of 1 or 2 prisoners aboard v1; 3 were counted at 2025-07-04 07:10.", ("c",)),
        ("a count of 2 prisoners aboard v1; 1 were counted at 2025-07-04 07:20.", ("e",)),
    ],
    "departure and arrival: early, late, never": [
        ("the arrival at X of v1 on leg l1 not before 2025-07-04 08:55; it was at 2025-07-04 08:50.", ("a",)),
        ("the arrival at X of v2 on leg l2 by 2025-07-04 09:10; it was at 2025-07-04 09:20.", ("b",)),
        ("the arrival at X of v3 on leg l3 by 2025-07-04 09:10; it was not reported.", ()),
    ],
    "corridor: an excursion, and how far": [
        ("v1 within 500 m of its route on leg l1; outside since 2025-07-04 08:05.", ("a", "c")),
    ],
    "corridor: without grace one position is enough": [
        ("v1 within 500 m of its route on leg l1; outside since 2025-07-04 08:05.", ("a",)),
    ],
    "stop: too long, but not where it is planned": [
        (
            "v1 to halt for 5m at most, but at a planned stop; within 100 m from 2025-07-04 08:05 to 2025-07-04 08:12.",
            ("a", "c"),
        ),
    ],
    "reporting: silent for a while, and to the end": [
        (
            "a report of v1 on the road every 10m; the last was at 2025-07-04 08:00, the next at 2025-07-04 08:25.",
            ("d", "a"),
        ),
        ("a report of v1 on the road every 10m; the last was at 2025-07-04 08:25, none since.", ("a",)),
    ],
    "departure: each of several from one place is that of its own leg": [
        ("the departure from H of v1 on leg l3 by 2025-07-04 09:10; it was at 2025-07-04 09:20.", ("f",)),
    ],
    "deadline: of persons, later and never": [
        ("notified (who family) by 2025-07-04 10:00; there was none.", ()),
        ("notified (who family) by 2025-07-04 10:00; there was one only later.", ()),
    ],
    "deadline: of parties, counted from the start": [
        ("declared (what list) by 2025-07-04 02:00; there was none.", ()),
        ("declared (what list) by 2025-07-04 02:00; there was one only later.", ()),
    ],
    "deadline: of vehicles, at a place": [
        ("inspected (place H) by 2025-07-04 07:00; there was none.", ()),
    ],
    "deadline: once, of one vehicle or the other": [
        ("arrived (vehicle v2) or arrived (vehicle v1, place X) by 2025-07-04 09:00; there was one only later.", ()),
    ],
    "reciprocity: of three one in time, one late, one never": [
        (
            "signed (by RU) and filed of the same subject by 2025-07-04 10:00; the first step was at "
            "2025-07-04 09:00, 1h before.",
            ("a",),
        ),
        (
            "signed (by RU) and signed (by UA) and signed (by NI) of the same subject by 2025-07-04 11:10; "
            "the first step was at 2025-07-04 10:10, 1h before.",
            ("e",),
        ),
    ],
    "reciprocity: tied to the place": [
        (
            "departed (vehicle v2) of the same place by 2025-07-04 08:05; the first step was at 2025-07-04 "
            "08:00, 5m before.",
            ("d",),
        ),
    ],
    "concordance: a total and a digest": [
        ("reports of the same subject to agree in count; the one of 2025-07-04 10:00 and another do not.", ("b",)),
        ("reports of the same subject to agree in digest; the one of 2025-07-04 11:00 and another do not.", ("c",)),
        ("reports of the same subject to agree in count; the one of 2025-07-04 12:00 and another do not.", ("f",)),
    ],
    "claim: one source is enough, and how far away is not known": [
        (
            "none of: incident (what shots); incident at 2025-07-04 09:00 within 1000 m of X, as claimed, "
            "and not established, by 1 source(s).",
            ("a",),
        ),
        (
            "none of: incident (what shots); incident at 2025-07-04 11:00, where, as seen from X, could not "
            "be measured, as claimed, and not established, by 1 source(s).",
            ("b",),
        ),
    ],
    "claim: of each source the latest": [
        (
            "none of: incident (what shots); incident at 2025-07-04 10:30, as claimed, and not established, "
            "by 2 source(s).",
            ("e",),
        ),
    ],
    "speed: too far, by a position and by a place": [
        (
            "v1 to come no faster than 120 km/h; at 2025-07-04 08:01 3434 m from where it was at 2025-07-04 08:00.",
            ("a", "d"),
        ),
    ],
    "custody: of one moment the answer comes before another offer": [
        ("the custodian NI to pass the person on; offered RU to UA at 2025-07-04 09:10.", ("b", "a")),
    ],
    "precedence: of one moment the voiding one wins": [
        (
            "examined (result fit) of the same person before 2025-07-04 09:00; the last one, 20m before, "
            "does not count.",
            ("c",),
        ),
    ],
    "headcount: who got off is counted no more": [
        ("a count of 1 prisoners aboard v1; 3 were counted at 2025-07-04 07:20.", ("e",)),
    ],
    "reporting: an arrival elsewhere at the same moment ends the way": [
        ("a report of v2 on the road every 10m; the last was at 2025-07-04 08:00, none since.", ("e",)),
    ],
}
"""Of each day the sentences, after "expected", and the evidence."""


@pytest.mark.parametrize("name", DAYS)
def test_what_the_audit_tells(name: str) -> None:
    """Rules and devices awaited as the watch has them; who is awaited stands in the sentence."""
    day = DAYS[name]
    clauses = terms(f'text = "As agreed."\n{day.clause}')
    found = audited(clauses, plan_json(**day.plan, **SILENT), day.events, None)
    assert [(one.rule, one.waiting_for) for one in found] == [(rule, awaited) for rule, _, _, awaited in day.found]
    assert [one.message for one in found] == [
        f"As agreed: expected {words.removesuffix('.')}"
        + (f". Unconfirmed: {' and '.join(one.waiting_for)} may still report otherwise." if one.waiting_for else ".")
        for (words, _), one in zip(TOLD[name], found, strict=True)
    ]
    assert [one.evidence for one in found] == [evidence for _, evidence in TOLD[name]]
