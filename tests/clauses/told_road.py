"""Days written by hand, and what a duty officer is told of each: on vehicles and who is aboard."""

from tests.clauses.days import event, leg, moved, person, rode
from tests.clauses.told import DEPARTED, LATER, LEGS, ROAD, SIDES, Told, seen_at

ROAD_DAYS: dict[str, Told] = {
    "manifest: boarded soon after, last heard of before, never heard of": Told(
        'kind = "manifest"',
        {
            "persons": [person(one) for one in ("after", "before", "never", "elsewhere")],
            "legs": [leg("l1", "v1", "H", "X", "08:00", "09:00", "after", "before", "never", "elsewhere")],
        },
        [
            rode("a1", "boarded", "07:00", "after", "v1"),
            rode("a2", "alighted", "07:10", "after", "v1"),
            rode("a3", "boarded", "08:10", "after", "v1"),
            rode("b1", "boarded", "07:00", "before", "v1"),
            rode("b2", "alighted", "07:20", "before", "v1"),
            event("b3", "examined", "08:20", person="before", what="medical"),
            rode("b4", "alighted", "08:25", "before", "v1"),
            rode("e1", "boarded", "08:10", "elsewhere", "v2"),
            DEPARTED,
        ],
        [
            (
                "missing",
                "everyone planned for leg l1 aboard when departed vehicle v1 at H, 08:00; not reported "
                "aboard; nearest: boarded vehicle v1, 08:10.",
                ("d", "a3"),
                ("bus", "gate"),
            ),
            (
                "missing",
                "everyone planned for leg l1 aboard when departed vehicle v1 at H, 08:00; not reported "
                "aboard; nearest: alighted vehicle v1, 07:20.",
                ("d", "b2"),
                ("bus", "gate"),
            ),
            (
                "missing",
                "everyone planned for leg l1 aboard when departed vehicle v1 at H, 08:00; not reported aboard.",
                ("d",),
                ("bus", "gate"),
            ),
            (
                "missing",
                "everyone planned for leg l1 aboard when departed vehicle v1 at H, 08:00; not reported aboard.",
                ("d",),
                ("bus", "gate"),
            ),
        ],
    ),
    "manifest: somebody else, and a leg that is not planned": Told(
        'kind = "manifest"',
        {**SIDES, "legs": LEGS},
        [
            rode("a", "boarded", "07:00", "u", "v1"),
            rode("b", "boarded", "07:10", "r", "v1"),
            DEPARTED,
            moved("e", "arrived", "09:00", "v1", "X"),
            moved("f", "departed", "10:00", "v1", "X"),
        ],
        [
            (
                "extra",
                "only those planned for leg l1 aboard when departed vehicle v1 at H, 08:00; somebody else "
                "is aboard: boarded vehicle v1, 07:10.",
                ("d", "b"),
                (),
            ),
            (
                "unplanned-leg",
                "no further departure of vehicle v1 from X; departed vehicle v1 at X, 10:00.",
                ("f",),
                (),
            ),
        ],
    ),
    "headcount: just before and at that instant": Told(
        'kind = "headcount"',
        SIDES,
        [
            rode("a", "boarded", "07:00", "u", "v1"),
            rode("b", "boarded", "07:10", "r", "v1"),
            event("c", "counted", "07:10", vehicle="v1", count=3),
            event("e", "counted", "07:20", vehicle="v1", count=1),
        ],
        [
            (
                "differs",
                "1 or 2 in vehicle v1, as reported aboard; counted vehicle v1, 07:10: 3.",
                ("c",),
                ("bus", "crossing", "gate"),
            ),
            (
                "differs",
                "2 in vehicle v1, as reported aboard; counted vehicle v1, 07:20: 1.",
                ("e",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "departure and arrival: early, late, never": Told(
        'kind = "arrival"\nearly = "5m"\nlate = "10m"',
        {"legs": [*LEGS, leg("l3", "v3", "H", "X", "08:00", "09:00")]},
        [moved("a", "arrived", "08:50", "v1", "X"), moved("b", "arrived", "09:20", "v2", "X"), LATER],
        [
            (
                "early",
                "vehicle v1 at X (leg l1) planned for 09:00, not before 08:55; arrived vehicle v1 at X, 08:50.",
                ("a",),
                (),
            ),
            (
                "late",
                "vehicle v2 at X (leg l2) planned for 09:00, due by 09:10; only later: arrived vehicle v2 at X, 09:20.",
                ("b",),
                ("crossing", "other"),
            ),
            (
                "late",
                "vehicle v3 at X (leg l3) planned for 09:00, due by 09:10; none by 20:00.",
                (),
                ("crossing", "other"),
            ),
        ],
    ),
    "corridor: an excursion, and how far": Told(
        'kind = "corridor"\nbuffer_m = 500\ngrace = "2m"',
        ROAD,
        [
            DEPARTED,
            seen_at("a", "08:05", 31.02, 52.01),
            seen_at("b", "08:06", 31.03, 52.03),
            seen_at("c", "08:09", 31.04, 52.02),
            seen_at("e", "08:10", 31.05),
        ],
        [
            (
                "outside",
                "vehicle v1 within 500 m of the route of leg l1 by 08:07; outside from 08:05 to 08:09, up "
                "to 3,338 m from it.",
                ("a", "c"),
                ("bus", "crossing"),
            ),
        ],
    ),
    "corridor: without grace one position is enough": Told(
        'kind = "corridor"\nbuffer_m = 500\ngrace = "0s"',
        ROAD,
        [DEPARTED, seen_at("a", "08:05", 31.02, 52.01), seen_at("e", "08:10", 31.05)],
        [
            (
                "outside",
                "vehicle v1 within 500 m of the route of leg l1 by 08:05; outside from 08:05 to 08:05, up "
                "to 1,113 m from it.",
                ("a",),
                (),
            ),
        ],
    ),
    "stop: too long, but not where it is planned": Told(
        'kind = "stop"\nlongest = "5m"\nradius_m = 100',
        ROAD,
        [
            DEPARTED,
            seen_at("a", "08:05", 31.05),
            seen_at("b", "08:08", 31.0501),
            seen_at("c", "08:12", 31.05),
            seen_at("e", "08:20", 31.08),
            seen_at("f", "08:40", 31.08),
        ],
        [
            (
                "stopped",
                "vehicle v1 to go on by 08:10; within 100 m from 08:05 to 08:12, at no planned stop.",
                ("a", "c"),
                ("bus", "crossing"),
            ),
        ],
    ),
    "reporting: silent for a while, and to the end": Told(
        'kind = "reporting"\nevery = "10m"',
        ROAD,
        [DEPARTED, seen_at("a", "08:25", 31.05), LATER],
        [
            (
                "silent",
                "the next report of vehicle v1 by 08:10; last: departed vehicle v1 at H, 08:00; the next came 08:25.",
                ("d", "a"),
                ("bus", "crossing"),
            ),
            (
                "silent",
                "the next report of vehicle v1 by 08:35; last: positioned vehicle v1, 08:25; none by 20:00.",
                ("a",),
                ("bus", "crossing"),
            ),
        ],
    ),
    "departure: each of several from one place is that of its own leg": Told(
        'kind = "departure"\nlate = "10m"',
        {"legs": [leg(f"l{one}", "v1", "H", "X", f"0{one + 6}:00", f"0{one + 6}:30") for one in (1, 2, 3)]},
        [
            moved("a", "departed", "07:00", "v1", "H"),
            moved("b", "arrived", "07:30", "v1", "X"),
            moved("c", "departed", "08:00", "v1", "H"),
            moved("e", "arrived", "08:30", "v1", "X"),
            moved("f", "departed", "09:20", "v1", "H"),
        ],
        [
            (
                "late",
                "vehicle v1 at H (leg l3) planned for 09:00, due by 09:10; only later: departed vehicle v1 "
                "at H, 09:20.",
                ("f",),
                (
                    "bus",
                    "gate",
                ),
            ),
        ],
    ),
}
