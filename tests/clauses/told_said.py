"""Days written by hand, and what a duty officer is told of each: on what is owed, said, claimed and impossible,
and where an order or a moment decides."""

from tests.clauses.days import event, leg, moved, passed, rode
from tests.clauses.told import DEPARTED, LATER, ROAD, SIDES, Told, seen_at

SAID_DAYS: dict[str, Told] = {
    "deadline: of persons, later and never": Told(
        'kind = "deadline"\nexpect = { type = "notified", who = "family" }\nby = 2025-07-04T10:00:00Z\nper = "person"',
        SIDES,
        [
            event("b", "notified", "10:20", person="u", who="family"),
            event("a", "notified", "10:10", person="u", who="family"),
            LATER,
        ],
        [
            (
                "missing",
                "notified (who family) for every person on the list by 10:00; none by 20:00.",
                (),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "missing",
                "notified (who family) for every person on the list by 10:00; only later: notified, 10:10.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "deadline: of parties, counted from the start": Told(
        'kind = "deadline"\nexpect = { type = "declared", what = "list" }\nbefore = "1h"\nper = "party"',
        {},
        [event("a", "declared", "02:10", by="UA", what="list"), LATER],
        [
            (
                "missing",
                "declared (what list) of RU by 02:00; none by 20:00.",
                (),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "missing",
                "declared (what list) of UA by 02:00; only later: declared, 02:10.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "deadline: of vehicles, at a place": Told(
        'kind = "deadline"\nexpect = { type = "inspected", place = "H" }\nby = 2025-07-04T07:00:00Z\nper = "vehicle"',
        {"legs": [leg(f"l{one}", one, "H", "X", "08:00", "09:00") for one in ("v1", "v2")]},
        [event("a", "inspected", "06:00", vehicle="v2", place="H"), LATER],
        [
            ("missing", "inspected (place H) of v1 by 07:00; none by 20:00.", (), ("bus", "gate")),
        ],
    ),
    "deadline: once, of one vehicle or the other": Told(
        'kind = "deadline"\nexpect = [{ type = "arrived", vehicle = "v2" }, { type = "arrived", vehicle = "v1", '
        'place = "X" }]\nby = 2025-07-04T09:00:00Z',
        {},
        [moved("a", "arrived", "09:01", "v1", "H"), moved("b", "arrived", "09:02", "v1", "X"), LATER],
        [
            (
                "missing",
                "arrived (vehicle v2) or arrived (vehicle v1, place X) by 09:00; only later: arrived "
                "vehicle v1 at X, 09:02.",
                ("b",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "reciprocity: of three one in time, one late, one never": Told(
        'kind = "reciprocity"\neach = [{ type = "signed", by = "RU" }, { type = "signed", by = "UA" }, '
        '{ type = "signed", by = "NI" }, { type = "filed" }]\nwithin = "1h"\nsame = ["subject"]',
        {},
        [
            event("a", "signed", "09:00", by="UA", subject="s"),
            event("b", "signed", "10:00", by="NI", subject="s"),
            event("c", "signed", "10:10", by="RU", subject="s"),
            event("e", "filed", "10:10", subject="other"),
            event("f", "signed", "10:20", by="RU", subject="s"),
            LATER,
        ],
        [
            (
                "one-sided",
                "after signed, 09:00: signed (by RU) and filed by 10:00; only later: signed, 10:10.",
                ("a", "c"),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "one-sided",
                "after filed, 10:10: signed (by RU) and signed (by UA) and signed (by NI) by 11:10; none by 20:00.",
                ("e",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "reciprocity: tied to the place": Told(
        'kind = "reciprocity"\neach = [{ type = "departed", vehicle = "v1" }, { type = "departed", vehicle = "v2" }]\n'
        'within = "5m"\nsame = ["place"]',
        {},
        [DEPARTED, LATER],
        [
            (
                "one-sided",
                "after departed vehicle v1 at H, 08:00: departed (vehicle v2) by 08:05; none by 20:00.",
                ("d",),
                ("gate", "other"),
            ),
        ],
    ),
    "concordance: a total and a digest": Told(
        'kind = "concordance"\nof = { type = "signed" }\nsame = ["subject"]\nequal = ["count", "digest"]',
        {},
        [
            event("a", "signed", "09:00", subject="s", count=1248, digest="x"),
            event("b", "signed", "10:00", subject="s", count=1245.5),
            event("c", "signed", "11:00", subject="s", digest="y"),
            event("e", "signed", "11:00", subject="s", count=1248, digest="y"),
            event("f", "signed", "12:00", subject="s", count="many"),
        ],
        [
            ("differs", "the same count as in signed, 09:00: 1,248; signed, 10:00: 1,245.5.", ("b", "a"), ()),
            ("differs", "the same digest as in signed, 09:00; signed, 11:00 says otherwise.", ("c", "a", "e", "b"), ()),
            ("differs", "the same count as in signed, 11:00: 1,248; signed, 12:00 says otherwise.", ("f", "e"), ()),
        ],
    ),
    "claim: one source is enough, and how far away is not known": Told(
        'kind = "claim"\nof = { type = "incident", what = "shots" }\nnear = { place = "X", radius_m = 1000 }',
        ROAD,
        [
            event("a", "incident", "09:00", what="shots", source="post", confidence="low", position=[31.1, 52.0]),
            event("b", "incident", "11:00", what="shots"),
            event("c", "incident", "12:00", what="shots", position=[31.2, 52.0]),
        ],
        [
            (
                "claimed",
                "no incident (what shots); incident, 09:00, claimed by one source (confidence low): a "
                "claim, not a finding.",
                ("a",),
                (),
            ),
            (
                "claimed",
                "no incident (what shots); incident, 11:00, how far away is not known, claimed by one "
                "source (confidence not stated): a claim, not a finding.",
                ("b",),
                (),
            ),
        ],
    ),
    "claim: of each source the latest": Told(
        'kind = "claim"\nof = { type = "incident", what = "shots" }\nsources = 2\nsame = ["place"]',
        {},
        [
            event("a", "incident", "09:00", what="shots", source="post", confidence="low", place="H"),
            event("b", "incident", "09:30", what="shots", source="post", confidence=0.5, place="H"),
            event("c", "incident", "09:40", what="shots", source="radar", place="X"),
            event("e", "incident", "10:30", what="shots", source="radar", place="H", confidence=True),
            event("f", "incident", "11:30:01", what="shots", source="post", place="H"),
        ],
        [
            (
                "claimed",
                "no incident (what shots); incident at H, 10:30, claimed by 2 sources (confidence 0.5 "
                "and not stated): a claim, not a finding.",
                ("e", "b"),
                (),
            ),
        ],
    ),
    "speed: too far, by a position and by a place": Told(
        'kind = "speed"\nfastest_kmh = 120\ntolerance_m = 1000',
        ROAD,
        [
            DEPARTED,
            seen_at("a", "08:01", 31.05),
            seen_at("b", "08:01", 31.0501),
            seen_at("c", "08:02", 31.06),
            moved("e", "arrived", "08:03", "v1", "X"),
        ],
        [
            (
                "too-fast",
                "at most 3,000 m from departed vehicle v1 at H, 08:00; positioned vehicle v1, 08:01, 3,434 m away.",
                ("a", "d", "b"),
                (),
            ),
        ],
    ),
    "custody: of one moment the answer comes before another offer": Told(
        'kind = "custody"\nwithin = "1h"',
        SIDES,
        [
            passed("c", "offered", "09:00", "u", "RU", "NI"),
            passed("b", "accepted", "09:10", "u", "RU", "NI"),
            passed("a", "offered", "09:10", "u", "RU", "UA"),
            passed("e", "refused", "09:20", "u", "RU", "UA"),
        ],
        [
            (
                "from",
                "NI to pass custody on; offered RU to UA, 09:10, though NI held custody, since "
                "accepted RU to NI, 09:10.",
                ("a", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "precedence: of one moment the voiding one wins": Told(
        'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = { type = "examined", result = "fit" }\n'
        'voided_by = { type = "examined", result = "unfit" }',
        {},
        [
            event("a", "examined", "08:40", person="u", result="fit"),
            event("b", "examined", "08:40", person="u", result="unfit"),
            rode("c", "boarded", "09:00", "u", "v1"),
        ],
        [
            (
                "missing",
                "examined (result fit) before boarded vehicle v1, 09:00; examined, 08:40 no longer "
                "held after examined, 08:40.",
                ("c", "a", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "headcount: who got off is counted no more": Told(
        'kind = "headcount"',
        SIDES,
        [
            rode("a", "boarded", "07:00", "u", "v1"),
            rode("b", "boarded", "07:00", "r", "v1"),
            rode("c", "alighted", "07:10", "u", "v1"),
            event("e", "counted", "07:20", vehicle="v1", count=3),
        ],
        [
            (
                "differs",
                "1 in vehicle v1, as reported aboard; counted vehicle v1, 07:20: 3.",
                ("e",),
                ("bus", "crossing", "gate"),
            ),
        ],
    ),
    "reporting: an arrival elsewhere at the same moment ends the way": Told(
        'kind = "reporting"\nevery = "10m"',
        {},
        [
            moved("a", "arrived", "08:00", "v1", "X"),
            moved("b", "arrived", "08:00", "v1", "H"),
            DEPARTED,
            moved("c", "arrived", "08:00", "v2", "H"),
            moved("e", "departed", "08:00", "v2", "H"),
            LATER,
        ],
        [
            (
                "silent",
                "the next report of vehicle v2 by 08:10; last: departed vehicle v2 at H, 08:00; none by 20:00.",
                ("e",),
                ("other",),
            ),
        ],
    ),
}
