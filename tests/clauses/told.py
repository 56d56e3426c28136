"""Days written by hand, and what a duty officer is told of each: on persons, the list and what must come before."""

from typing import Any, NamedTuple

from tests.clauses.days import event, leg, moved, passed, person, rode

SIDES = {"persons": [person("u"), person("r", "UA", "RU")]}
LEGS = [leg("l1", "v1", "H", "X", "08:00", "09:00", "u"), leg("l2", "v2", "H", "X", "08:00", "09:00", "r")]
ROAD = {
    "places": [
        {"id": "H", "kind": "holding", "position": [31.0, 52.0]},
        {"id": "X", "kind": "exchange-point", "position": [31.1, 52.0]},
        {"id": "S", "kind": "stop", "position": [31.08, 52.0]},
    ],
    "legs": [LEGS[0] | {"route": [[31.0, 52.0], [31.1, 52.0]]}],
}
LATER = event("z", "clock", "20:00")


def home(ref: str, clock: str, who: str, to: str = "UA") -> dict[str, Any]:
    """Somebody handed over."""
    return passed(ref, "accepted", clock, who, "NI", to)


def seen_at(ref: str, clock: str, east: float, north: float = 52.0) -> dict[str, Any]:
    """A position of v1."""
    return event(ref, "positioned", clock, vehicle="v1", position=[east, north])


SILENT = {
    "devices": [
        {"id": "bus", "vehicles": ["v1"]},
        {"id": "crossing", "places": ["X"]},
        {"id": "gate", "places": ["H"]},
        {"id": "other", "vehicles": ["v2", "v3"]},
    ],
    "trust_silence": "2d",
}
DEPARTED = moved("d", "departed", "08:00", "v1", "H")


class Told(NamedTuple):
    """A day, and what is told of it: rule, message after the wording, evidence, devices awaited if all are silent."""

    clause: str
    plan: dict[str, Any]
    events: list[dict[str, Any]]
    found: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]


DAYS: dict[str, Told] = {
    "custody: passed on by one who does not hold it, as planned or as reported": Told(
        'kind = "custody"\nwithin = "1h"',
        SIDES,
        [
            passed("a", "offered", "09:00", "u", "NI", "UA"),
            passed("b", "offered", "09:01", "u", "RU", "NI"),
            passed("c", "accepted", "09:02", "u", "RU", "NI"),
            passed("e", "offered", "09:03", "u", "RU", "NI"),
        ],
        [
            (
                "from",
                "RU to pass custody on; offered NI to UA, 09:00, though RU held custody, as planned at first.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "from",
                "NI to pass custody on; offered RU to NI, 09:03, though NI held custody, since accepted RU "
                "to NI, 09:02.",
                ("e", "c"),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "custody: accepted without an offer, and with another only": Told(
        'kind = "custody"\nwithin = "1h"',
        SIDES,
        [
            passed("a", "accepted", "09:00", "u", "RU", "NI"),
            passed("b", "offered", "09:01", "r", "UA", "NI"),
            passed("c", "accepted", "09:02", "r", "UA", "RU"),
        ],
        [
            (
                "no-offer",
                "an offer from RU to NI before accepted RU to NI, 09:00; no offer was open.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "no-offer",
                "an offer from UA to RU before accepted UA to RU, 09:02; open were only: offered UA to NI, 09:01.",
                ("c", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
            ("unplanned", "custody to pass UA - NI - RU; accepted UA to RU, 09:02.", ("c",), ()),
        ],
    ),
    "custody: an offer answered late, and never": Told(
        'kind = "custody"\nwithin = "30m"',
        SIDES,
        [
            passed("a", "offered", "09:00", "u", "RU", "NI"),
            passed("b", "refused", "09:40", "u", "RU", "NI"),
            passed("c", "offered", "09:50", "u", "RU", "NI"),
            LATER,
        ],
        [
            (
                "unanswered",
                "offered RU to NI, 09:00; answer due 09:30; answered late: refused RU to NI, 09:40.",
                ("a", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "unanswered",
                "offered RU to NI, 09:50; answer due 10:20; none by 20:00.",
                ("c",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "custody: two offers of one moment, neither answered, are one deviation": Told(
        'kind = "custody"\nwithin = "30m"',
        SIDES,
        [passed("a", "offered", "09:00", "u", "RU", "NI"), passed("b", "offered", "09:00", "u", "RU", "UA"), LATER],
        [
            (
                "unanswered",
                "offered RU to NI, 09:00; answer due 09:30; none by 20:00.",
                (
                    "a",
                    "b",
                ),
                (
                    "bus",
                    "crossing",
                    "gate",
                    "other",
                ),
            ),
        ],
    ),
    "complete: who is withdrawn or dead is not awaited": Told(
        'kind = "complete"\nby = 2025-07-04T10:00:00Z',
        {"persons": [person(one) for one in ("p1", "p2", "p3")]},
        [
            event("a", "withdrawn", "09:00", person="p2", by="NI", ground="protected"),
            event("b", "died", "09:10", person="p3"),
            LATER,
        ],
        [
            (
                "outstanding",
                "everyone on the list handed over by 10:00; none by 20:00.",
                (),
                (
                    "bus",
                    "crossing",
                    "gate",
                    "other",
                ),
            ),
        ],
    ),
    "simultaneity: somebody added is awaited too": Told(
        'kind = "simultaneity"\nwithin = "10m"',
        {"persons": [person("u")]},
        [
            event("a", "added", "08:00", person="n", agreed_by=["RU", "UA"], held_by="UA", home="RU", batch="b1"),
            home("b", "09:00", "u"),
            LATER,
        ],
        [
            (
                "one-sided",
                "batch b1: first handover to UA 09:00, to RU due by 09:10; none by 20:00.",
                ("b",),
                (
                    "bus",
                    "crossing",
                    "gate",
                    "other",
                ),
            ),
        ],
    ),
    "parity: somebody added counts for who released them": Told(
        'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 0',
        SIDES,
        [
            event("a", "added", "08:00", person="n", agreed_by=["RU", "UA"], held_by="UA", home="RU"),
            home("b", "09:00", "n", "RU"),
        ],
        [
            (
                "lead",
                "RU and UA in step at 1:1, with a lead of at most 0; handed over by 09:00: 0 of RU, 1 of "
                "UA; UA leads by 1.",
                ("b",),
                (
                    "bus",
                    "crossing",
                    "gate",
                    "other",
                ),
            ),
        ],
    ),
    "freeze: somebody added, somebody replaced": Told(
        'kind = "freeze"\nbefore = "2h"',
        SIDES,
        [
            event("a", "added", "02:00", person="n", agreed_by=["RU"]),
            event("b", "substituted", "02:10", person="m", replaces="u"),
        ],
        [
            ("one-sided", "agreement of RU and UA from 01:00 on; added, 02:00, agreed by RU.", ("a",), ()),
            (
                "one-sided",
                "agreement of RU and UA from 01:00 on; substituted, 02:10, agreed by none of them.",
                ("b",),
                (),
            ),
        ],
    ),
    "response: two of one moment, one deviation": Told(
        'kind = "response"\nafter = { type = "departed" }\nexpect = { type = "arrived" }\nwithin = "1h"\n'
        'same = ["vehicle"]',
        {},
        [DEPARTED, {**DEPARTED, "id": "e", "place": "X"}, LATER],
        [
            (
                "missing",
                "departed vehicle v1 at H, 08:00; arrived due by 09:00; none by 20:00.",
                (
                    "d",
                    "e",
                ),
                (
                    "bus",
                    "crossing",
                    "gate",
                ),
            ),
        ],
    ),
    "custody: somebody whose planned custody is told only afterwards": Told(
        'kind = "custody"\nwithin = "1h"',
        SIDES,
        [
            passed("a", "offered", "09:00", "n", "NI", "UA"),
            passed("b", "accepted", "09:10", "n", "NI", "UA"),
            event(
                "c", "added", "08:00", person="n", agreed_by=["RU", "UA"], held_by="RU", home="UA", custody=["RU", "UA"]
            ),
        ],
        [
            (
                "from",
                "RU to pass custody on; offered NI to UA, 09:00, though RU held custody, as planned at first.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "from",
                "RU to pass custody on; accepted NI to UA, 09:10, though RU held custody, as planned at first.",
                ("b",),
                ("bus", "crossing", "gate", "other"),
            ),
            ("unplanned", "custody to pass RU - UA; accepted NI to UA, 09:10.", ("b",), ()),
        ],
    ),
    "listed: never, and not yet": Told(
        'kind = "listed"',
        SIDES,
        [
            event("a", "examined", "07:00", person="n"),
            event("b", "examined", "07:10", person="m"),
            event("c", "added", "07:30", person="n", agreed_by=["RU", "UA"], held_by="RU", home="UA"),
        ],
        [
            (
                "unlisted",
                "somebody on the list: examined, 07:00; on it only from 07:30.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "unlisted",
                "somebody on the list: examined, 07:10; never on it.",
                ("b",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "simultaneity: the other side late": Told(
        'kind = "simultaneity"\nwithin = "10m"',
        SIDES,
        [home("a", "09:00", "u"), home("b", "09:20", "r", "RU"), LATER],
        [
            (
                "one-sided",
                "batch b1: first handover to UA 09:00, to RU due by 09:10; the first to RU came only 09:20.",
                ("a", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "simultaneity: the other side never": Told(
        'kind = "simultaneity"\nwithin = "10m"',
        {"persons": [*SIDES["persons"], person("u2"), person("r2", "UA", "RU")]},
        [home("b", "09:05", "u2"), home("a", "09:00", "u"), LATER],
        [
            (
                "one-sided",
                "batch b1: first handover to UA 09:00, to RU due by 09:10; none by 20:00.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "parity: on either side": Told(
        'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 0',
        {"persons": [*SIDES["persons"], person("r2", "UA", "RU")]},
        [
            home("a", "09:00", "u"),
            event("k", "clock", "09:05"),
            home("b", "09:10", "r", "RU"),
            home("c", "09:20", "r2", "RU"),
        ],
        [
            (
                "lead",
                "RU and UA in step at 1:1, with a lead of at most 0; handed over by 09:00: 1 of RU, 0 of "
                "UA; RU leads by 1.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "lead",
                "RU and UA in step at 1:1, with a lead of at most 0; handed over by 09:20: 1 of RU, 2 of "
                "UA; UA leads by 1.",
                ("c",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "complete: later, and never": Told(
        'kind = "complete"\nby = 2025-07-04T10:00:00Z',
        SIDES,
        [home("a", "10:20", "u"), LATER],
        [
            (
                "outstanding",
                "everyone on the list handed over by 10:00; none by 20:00.",
                (),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "outstanding",
                "everyone on the list handed over by 10:00; handed over only later: accepted NI to UA, 10:20.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "freeze: agreed by one, and by none": Told(
        'kind = "freeze"\nbefore = "2h"',
        SIDES,
        [
            event("a", "withdrawn", "02:00", person="u", agreed_by=["RU"]),
            event("b", "withdrawn", "02:10", person="r", by="UA", ground="protected"),
        ],
        [
            ("one-sided", "agreement of RU and UA from 01:00 on; withdrawn, 02:00, agreed by RU.", ("a",), ()),
            (
                "one-sided",
                "agreement of RU and UA from 01:00 on; withdrawn, 02:10, agreed by none of them.",
                ("b",),
                (),
            ),
        ],
    ),
    "embargo: how many still lack it": Told(
        'kind = "embargo"\nhold = { type = "published" }\nuntil_all = [{ type = "notified" }]',
        SIDES,
        [event("n", "notified", "08:00", person="u"), event("a", "published", "09:00", by="NI", subject="x")],
        [
            (
                "early",
                "published, 09:00, to be held back until it was so for everyone on the list; 1 on the list "
                "still lacked what must come before.",
                ("a",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "absence: how far away is not known": Told(
        'kind = "absence"\nnever = { type = "incident", what = ["shelling", "drone"] }\n'
        'near = { place = "X", radius_m = 1000 }\nsame = ["what"]',
        ROAD,
        [
            event("a", "incident", "09:00", what="drone", position=[31.1, 52.0]),
            event("b", "incident", "09:10", what="shelling"),
        ],
        [
            ("occurred", "no incident (what shelling or drone); incident, 09:00.", ("a",), ()),
            (
                "occurred",
                "no incident (what shelling or drone); incident, 09:10, how far away is not known.",
                ("b",),
                (),
            ),
        ],
    ),
    "response: too late, and never": Told(
        'kind = "response"\nafter = { type = "accepted" }\nexpect = { type = "examined" }\nwithin = "1h"\n'
        'discharged_by = { type = "died" }',
        SIDES,
        [
            home("a", "09:00", "u"),
            event("b", "examined", "10:10", person="u"),
            event("c", "examined", "10:20", person="u"),
            home("e", "09:30", "r", "RU"),
            LATER,
        ],
        [
            (
                "missing",
                "accepted NI to UA, 09:00; examined due by 10:00; only later: examined, 10:10.",
                ("a", "b"),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "missing",
                "accepted NI to RU, 09:30; examined due by 10:30; none by 20:00.",
                ("e",),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
    "response: tied to the vehicle": Told(
        'kind = "response"\nafter = { type = "departed" }\nexpect = { type = "arrived" }\nwithin = "1h"\n'
        'same = ["vehicle"]',
        {},
        [DEPARTED, LATER],
        [
            (
                "missing",
                "departed vehicle v1 at H, 08:00; arrived due by 09:00; none by 20:00.",
                ("d",),
                ("bus", "crossing", "gate"),
            ),
        ],
    ),
    "precedence: nothing, too long before, no longer": Told(
        'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = { type = "examined", result = "fit" }\n'
        'within = "1h"\nvoided_by = { type = "examined", result = "unfit" }',
        {"persons": [person(one) for one in ("p1", "p2", "p3")]},
        [
            rode("a1", "boarded", "09:00", "p1", "v1"),
            event("b0", "examined", "07:30", person="p2", result="fit"),
            event("b1", "examined", "07:50", person="p2", result="fit"),
            rode("b2", "boarded", "09:00", "p2", "v1"),
            event("c1", "examined", "08:30", person="p3", result="fit"),
            event("c2", "examined", "08:40", person="p3", result="unfit"),
            event("c3", "examined", "08:50", person="p3", result="unfit"),
            rode("c4", "boarded", "09:00", "p3", "v1"),
        ],
        [
            (
                "missing",
                "examined (result fit) before boarded vehicle v1, 09:00; nothing of the kind was reported before.",
                ("a1",),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "missing",
                "examined (result fit) before boarded vehicle v1, 09:00; the last was too long before: "
                "examined, 07:50.",
                ("b2", "b1"),
                ("bus", "crossing", "gate", "other"),
            ),
            (
                "missing",
                "examined (result fit) before boarded vehicle v1, 09:00; examined, 08:30 no longer held "
                "after examined, 08:50.",
                ("c4", "c1", "c3"),
                ("bus", "crossing", "gate", "other"),
            ),
        ],
    ),
}
