"""The morning of the example's 4 July as a page's input, made by hand: for tests and for looking at the drawing."""

from dataclasses import replace
from typing import Any

from safeconduct.kernel.times import parse_instant
from safeconduct.sim.geography import CAMPS, JUNCTIONS
from safeconduct.views.operations_model import (
    AlarmSeen,
    ClauseSeen,
    ConvoySeen,
    DeviationSeen,
    DeviceSeen,
    DueStep,
    FacilityBoard,
    FieldNote,
    LedgerSeen,
    Operations,
    PlaceSeen,
    Position,
    RouteSeen,
    SideCounts,
    TimelineItem,
    VehicleSeen,
)
from safeconduct.web.clocks import Clocks

ZONES = {"RU": "Europe/Moscow", "UA": "Europe/Kyiv"}
POINT = (30_970_000, 52_080_000)
ROSTOV = PlaceSeen("reception-rostov", "Reception facility, Rostov-on-Don", "facility", (39_710_000, 47_220_000))


def at(clock: str) -> int:
    """A moment of the day, in microseconds."""
    return parse_instant(f"2025-07-04T{clock}Z")


CLOCKS = Clocks(at("08:02:40"), ZONES, speed=60)

EMPTY = Operations(
    clearance="intermediary",
    title="",
    exchange="",
    stage="terms",
    parties=(),
    intermediaries=(),
    recorded_at_us=0,
    places=(),
    routes=(),
    vehicles=(),
    convoys=(),
    counts=(),
    due=(),
    alarms=(),
    clauses=(),
    timeline=(),
    facilities=(),
    incidents=(),
    conflicts=(),
    communique="",
    ledger=LedgerSeen("", 0, "", "", (), 0),
)


def _degrees(longitude: float, latitude: float) -> Position:
    return round(longitude * 1e6), round(latitude * 1e6)


def _places() -> tuple[PlaceSeen, ...]:
    camps = [
        PlaceSeen(camp.id, f"{camp.name} (invented)", "holding", _degrees(*camp.position))
        for side in ("RU", "UA")
        for camp in CAMPS[side]
    ]
    stops = [PlaceSeen(id_, name, "stop", _degrees(*position)) for id_, name, position in JUNCTIONS.values()]
    return (
        PlaceSeen("novaya-guta", "Border road near the checkpoint Novaya Guta", "exchange-point", POINT),
        PlaceSeen("airfield-gomel", "Gomel airfield", "stop", _degrees(31.02, 52.53)),
        PlaceSeen("hospital-chernihiv", "Hospital in the Chernihiv region", "hospital", _degrees(31.28, 51.49)),
        ROSTOV,
        *camps,
        *stops,
    )


_TO_THE_CROSSING = {
    "RU": ((31.03, 52.40), (30.99, 52.31), (30.98, 52.19), (30.97, 52.08)),
    "UA": ((31.29, 51.53), (31.20, 51.72), (31.05, 51.93), (30.97, 52.08)),
}


def _routes() -> tuple[RouteSeen, ...]:
    routes = []
    for side in ("RU", "UA"):
        way = _TO_THE_CROSSING[side]
        for camp in CAMPS[side]:
            halfway = tuple(round((a + b) / 2, 2) for a, b in zip(camp.position, way[0], strict=True))
            points = (camp.position, (halfway[0], halfway[1]), *way)
            routes.append(RouteSeen(side, tuple(_degrees(*point) for point in points)))
        home = {"RU": ((31.02, 52.53),), "UA": ((31.285, 51.51), (31.28, 51.49))}[side]
        routes.append(RouteSeen(side, tuple(_degrees(*point) for point in (*reversed(way), *home))))
    return tuple(routes)


def _vehicle(id_: str, operator: str, where: tuple[float, float] | str, clock: str, aboard: int | None) -> VehicleSeen:
    place = where if isinstance(where, str) else ""
    spots = {one.id: one.position for one in _places()}
    position = spots[where] if isinstance(where, str) else _degrees(*where)
    kind = "ambulance-bus" if "ambulance" in id_ else "bus"
    return VehicleSeen(id_, kind, operator, position, at(clock), not place, aboard, place)


VEHICLES = (
    _vehicle("sosnovka-bus-01", "RU", (31.68, 52.57), "08:00:12", 44),
    _vehicle("sosnovka-bus-02", "RU", (31.63, 52.56), "08:00:40", 45),
    _vehicle("sosnovka-bus-03", "RU", (31.58, 52.55), "07:59:31", 41),
    _vehicle("sosnovka-ambulance-01", "RU", (31.52, 52.53), "08:01:02", 11),
    _vehicle("sosnovka-bus-04", "RU", "sosnovka", "02:00:00", 0),
    _vehicle("zarechye-bus-01", "RU", "novaya-guta", "07:03:20", 45),
    _vehicle("zarechye-bus-02", "RU", "novaya-guta", "07:04:10", 0),
    _vehicle("zarechye-ambulance-01", "RU", "novaya-guta", "07:05:10", 9),
    _vehicle("zarechye-bus-03", "RU", "zarechye", "02:00:00", 0),
    _vehicle("ozyornoye-bus-01", "RU", (30.985, 52.26), "07:58:44", 45),
    _vehicle("ozyornoye-bus-02", "RU", "airfield-gomel", "07:50:00", 0),
    _vehicle("ozyornoye-ambulance-01", "RU", "ozyornoye", "02:00:00", 0),
    _vehicle("lypove-bus-01", "UA", (31.245, 51.62), "07:31:20", 45),
    _vehicle("lypove-bus-02", "UA", (31.27, 51.57), "08:01:30", 44),
    _vehicle("lypove-ambulance-01", "UA", "novaya-guta", "07:40:00", 8),
    _vehicle("zatyshne-bus-01", "UA", "novaya-guta", "07:12:00", 0),
    _vehicle("zatyshne-bus-02", "UA", "novaya-guta", "07:14:00", 45),
    _vehicle("zatyshne-ambulance-01", "UA", (31.12, 51.84), "08:00:20", 10),
    _vehicle("luhove-bus-01", "UA", "hospital-chernihiv", "07:55:30", 0),
    _vehicle("luhove-bus-02", "UA", "luhove", "02:00:00", 0),
    _vehicle("luhove-ambulance-01", "UA", "lypove", "02:00:00", 0),
)


def alarm(*deviations: DeviationSeen, **fields: Any) -> AlarmSeen:
    """An alarm of these deviations, the first of them the gravest."""
    first = deviations[0]
    values: dict[str, Any] = {
        "number": first.number,
        "cause": "alone",
        "of": (),
        "title": f"{first.clause} · {first.rule}",
        "state": first.state,
        "severity": first.severity,
        "status": first.status,
        "first_us": first.at_us,
        "shown_at_us": first.shown_at_us,
        "unacknowledged": sum(one.state == "unacknowledged" for one in deviations),
        "owner": first.owner,
        "escalated_us": None,
        "escalated_to": (),
        "waived_by": first.waived_by,
        "not_waived_by": (),
        "resolved_us": None,
        "resolved_by": "",
        "notes": (),
        "returned": False,
        "heard": (),
        "awaited": len(first.waiting_for),
        "deviations": deviations,
    }
    return AlarmSeen(**values | fields)


_LATE = [
    DeviationSeen(
        *(number, "punctual", "late", leg, at(due), at("07:55:30"), "serious", "open"),
        "Vehicles arrive at most 45 minutes before or after their time: expected vehicle lypove-bus-01 at novaya-guta "
        f"(leg {leg}), due by {due}; not arrived by 08:02.",
        *((), (), "acknowledged", "A. Duty"),
    )
    for number, leg, due in ((6, "lypove-bus-01-1", "07:35:00"), (8, "lypove-bus-01-2", "07:55:00"))
]

ALARMS = (
    alarm(
        DeviationSeen(
            *(4, "custody", "no-offer", "RU-H0106", at("07:25:41"), at("07:31:02"), "critical", "open"),
            "Somebody answers for everyone at every moment: what is offered is answered within thirty minutes: expected"
            " an offer from NI to UA before accepted NI to UA at novaya-guta, 07:25:41; no offer was open.",
            *(("accepted/RU-H0106/1",), (), "unacknowledged"),
        ),
        escalated_us=at("07:41:02"),
        escalated_to=("head of operations",),
    ),
    alarm(
        DeviationSeen(
            *(7, "tracked", "silent", "lypove-bus-01", at("07:51:20"), at("07:52:00"), "notice", "unconfirmed"),
            "A vehicle on the road reports at least every twenty minutes: lypove-bus-01 reported last at 07:31:20. "
            "Unconfirmed: device d-lypove-bus-01 may still report.",
            *(("position/lypove-bus-01/19",), ("d-lypove-bus-01",), "unacknowledged"),
        ),
        heard=(DeviceSeen("d-lypove-bus-01", at("07:31:20"), at("07:31:20"), "last heard 07:31"),),
    ),
    alarm(
        *_LATE,
        cause="vehicle",
        of=("lypove-bus-01",),
        title="Vehicle lypove-bus-01: punctual · late, 2 in all",
        waived_by=("UA",),
        not_waived_by=("RU",),
    ),
    alarm(
        DeviationSeen(
            *(3, "tracked", "silent", "zarechye-bus-01", at("05:20:00"), at("05:20:10"), "notice", "open"),
            "A vehicle on the road reports at least every twenty minutes: zarechye-bus-01 reported last at 05:00:00.",
            *(("position/zarechye-bus-01/2",), (), "waived", "A. Duty", ("RU", "UA")),
        ),
        notes=("RU: The bus stood in a tunnel.",),
    ),
    alarm(
        DeviationSeen(
            *(1, "manifest", "extra", "RU-H0042", at("02:51:00"), at("02:52:00"), "critical", "open"),
            "Every vehicle carries the persons of its manifest: somebody else is aboard.",
            *(("boarded/RU-H0042/1",), (), "resolved", "A. Duty"),
        ),
        resolved_us=at("03:05:00"),
        resolved_by="A. Duty",
        notes=("Moved to the right bus before it left.",),
    ),
    alarm(
        DeviationSeen(
            *(5, "counted", "missing", "zarechye-bus-02-1", at("02:45:00"), at("03:20:10"), "serious", "withdrawn"),
            "Withdrawn, a late report showed that it was not so: before a vehicle departs, prisoners are counted.",
            *(("departed/zarechye-bus-02-1", "counted/zarechye-bus-02/1"), (), "withdrawn"),
        )
    ),
    alarm(
        DeviationSeen(
            *(2, "manifest", "missing", "RU-H0109", at("03:17:55"), at("03:20:10"), "critical", "withdrawn"),
            "Withdrawn, a late report showed that it was not so: every vehicle carries the persons of its manifest.",
            *(("departed/ozyornoye-bus-01-1",), (), "withdrawn"),
        )
    ),
)


def changed(alarms: tuple[AlarmSeen, ...], **fields: Any) -> tuple[AlarmSeen, ...]:
    """The alarms, each of their deviations with other values."""
    return tuple(replace(one, deviations=tuple(replace(each, **fields) for each in one.deviations)) for one in alarms)


CLAUSES = tuple(
    ClauseSeen(id_, kind, text, phase, severity, standing, opened, doubted)
    for id_, kind, text, phase, severity, standing, opened, doubted in (
        (
            "wounded",
            "release-all",
            "All seriously wounded and seriously sick, all for all.",
            "compose",
            "critical",
            "held to",
            0,
            0,
        ),
        ("young", "release-all", "All aged 18 to 25, all for all.", "compose", "critical", "held to", 0, 0),
        ("parity", "balance", "Beyond these categories, head for head.", "compose", "serious", "held to", 0, 0),
        (
            "private-interview",
            "precedence",
            "Nobody boards who has not said so in a private interview.",
            "run",
            "serious",
            "held to",
            0,
            0,
        ),
        (
            "manifest",
            "manifest",
            "Every vehicle carries exactly the persons of its manifest.",
            "run",
            "critical",
            "held to",
            0,
            0,
        ),
        ("custody", "custody", "Somebody answers for everyone at every moment.", "run", "critical", "broken", 1, 0),
        (
            "punctual",
            "arrival",
            "Vehicles arrive at most 45 minutes before or after their time.",
            "run",
            "serious",
            "broken",
            1,
            0,
        ),
        (
            "in-step",
            "simultaneity",
            "Both sides of a batch begin within 45 minutes of each other.",
            "run",
            "critical",
            "held to",
            0,
            0,
        ),
        (
            "tracked",
            "reporting",
            "A vehicle on the road reports at least every twenty minutes.",
            "run",
            "notice",
            "in question",
            0,
            1,
        ),
        (
            "families-first",
            "embargo",
            "Nothing is published before every family has been told.",
            "run",
            "serious",
            "held to",
            0,
            0,
        ),
        (
            "all-home",
            "complete",
            "Everyone of the round is handed over by the evening.",
            "run",
            "critical",
            "held to",
            0,
            0,
        ),
    )
)

_LINES = (
    ("08:02:31", "08:02:20", 1, "tracking.custody-accepted/1", "RU accepts a person from NI at Novaya Guta"),
    ("08:02:12", "08:02:02", 14, "tracking.position-reported/1", "14 vehicles reported where they are"),
    ("08:01:50", "08:01:41", 6, "tracking.custody-offered/1", "NI offers 6 persons to UA at Novaya Guta"),
    ("07:59:10", "07:31:00", 1, "tracking.counted/1", "zatyshne-bus-02 counts 45 aboard at Zatyshne"),
    ("07:58:02", "07:57:55", 1, "reception.care-tallied/1", "Hospital in the Chernihiv region: 38 arrived"),
    ("07:55:31", "07:55:30", 1, "tracking.arrived/1", "luhove-bus-01 arrives at the hospital in the Chernihiv region"),
    ("07:52:00", "07:52:00", 1, "exchange.alarm-shown/1", "Alarm 7 shown: tracked, unconfirmed, notice"),
    (
        "07:44:09",
        "07:44:01",
        40,
        "tracking.custody-accepted/1",
        "40 persons of batch b1 accepted by their home parties",
    ),
    ("07:40:02", "07:40:00", 1, "tracking.arrived/1", "lypove-ambulance-01 arrives at Novaya Guta"),
    ("07:35:30", "07:35:30", 1, "exchange.alarm-shown/1", "Alarm 6 shown: punctual, open, serious"),
    ("07:31:02", "07:31:02", 1, "exchange.alarm-shown/1", "Alarm 4 shown: custody, open, critical"),
    ("06:58:00", "06:57:40", 1, "tracking.exchange-begun/1", "The handover of batch b1 begins"),
    ("03:24:30", "03:17:55", 1, "tracking.departed/1", "ozyornoye-bus-01 leaves Ozyornoye"),
    ("02:00:00", "02:00:00", 1, "logistics.plan-approved/1", "RU and UA approve the plan"),
)

TIMELINE = tuple(
    TimelineItem(11_240 - 37 * order, count, at(recorded), at(occurred), tag, text)
    for order, (recorded, occurred, count, tag, text) in enumerate(_LINES)
)

NOTE = (
    "istanbul-2025-06-02.example\n11240\nqv1Yc6bJmAfMoDTrkYcGm3nq9yJ5m0Jk6v6oXUe2y3E=\n\n"
    "— istanbul-2025-06-02.example 7aG0yJ0Yd1mJmQe0vN3m8m2n1oOY2f1dQ0m5mG8pQpTn4sZ0Z8h7K5b5v0oYb5b=\n"
)

UNDER_WAY = replace(
    EMPTY,
    title="Istanbul agreements of 2 June 2025, exchange of prisoners",
    exchange="2025-07-04",
    stage="under way",
    parties=("RU", "UA"),
    intermediaries=("NI",),
    recorded_at_us=at("08:02:31"),
    places=_places(),
    routes=_routes(),
    vehicles=VEHICLES,
    convoys=(
        ConvoySeen("RU", 14, 9, 4, 0, "on time"),
        ConvoySeen("UA", 12, 8, 4, 1, "late"),
    ),
    counts=(SideCounts("RU", 184, 52, 46, 60, 38), SideCounts("UA", 183, 62, 45, 60, 41)),
    due=(
        DueStep(at("07:35:00"), "lypove-bus-01 arrives at Novaya Guta", "UA", True),
        DueStep(at("08:10:00"), "batch b2 is handed over", "", False),
        DueStep(at("08:15:00"), "ozyornoye-bus-01 arrives at Novaya Guta", "RU", False),
        DueStep(at("08:40:00"), "sosnovka-bus-01 arrives at Novaya Guta", "RU", False),
        DueStep(at("09:05:00"), "zarechye-bus-01 leaves Novaya Guta for Gomel airfield", "RU", False),
        DueStep(at("09:10:00"), "zatyshne-bus-02 leaves Novaya Guta for Chernihiv", "UA", False),
    ),
    alarms=ALARMS,
    clauses=CLAUSES,
    timeline=TIMELINE,
    facilities=(
        FacilityBoard(
            *("reception-rostov", "Reception facility, Rostov-on-Don", 183, 0),
            (("decontamination", 183, 0), ("medical-examination", 183, 0), ("psychological-support", 183, 0)),
        ),
        FacilityBoard(
            *("hospital-chernihiv", "Hospital in the Chernihiv region", 184, 38),
            (("decontamination", 38, 30), ("medical-examination", 38, 25), ("psychological-support", 38, 5)),
        ),
    ),
    incidents=(FieldNote(at("07:05:00"), "drone at Novaya Guta", ("incident/1",)),),
    conflicts=(
        FieldNote(at("07:12:00"), "zarechye-bus-01: 44 or 45 prisoners counted", ("counted/1", "counted/2")),
        FieldNote(at("06:40:00"), "RU-H0011: 2 different answers in private", ("consented/1", "consented/2")),
    ),
    ledger=LedgerSeen("istanbul-2025-06-02.example", 11_240, NOTE.splitlines()[2], NOTE, (), 11_240),
)

AS_RU = replace(
    UNDER_WAY,
    clearance="party:RU",
    routes=tuple(route for route in UNDER_WAY.routes if route.operator == "RU"),
    vehicles=tuple(vehicle for vehicle in VEHICLES if vehicle.operator == "RU"),
    places=tuple(place for place in _places() if place.id not in {"lypove", "zatyshne", "luhove"}),
    counts=(UNDER_WAY.counts[0], replace(UNDER_WAY.counts[1], aboard=None, at_crossing=None)),
    alarms=changed(ALARMS, subject="", evidence=(), waiting_for=()),
    ledger=replace(UNDER_WAY.ledger, known=6_120),
)

CLOSED = replace(
    UNDER_WAY,
    stage="closed",
    vehicles=tuple(
        replace(
            one,
            underway=False,
            place="airfield-gomel" if one.operator == "RU" else "hospital-chernihiv",
            aboard=0,
        )
        for one in VEHICLES
    ),
    convoys=(ConvoySeen("RU", 14, 14, 14, 0, "done"), ConvoySeen("UA", 12, 12, 12, 3, "done")),
    counts=(SideCounts("RU", 184, 0, 0, 183, 183), SideCounts("UA", 183, 0, 0, 183, 183)),
    due=(),
    alarms=tuple(
        replace(one, status="withdrawn", state="withdrawn")
        for one in changed(ALARMS, status="withdrawn", state="withdrawn")
    ),
    communique="On 4 July 2025, 366 people returned home under the agreement of 2 June 2025: 183 from each side.",
    ledger=replace(UNDER_WAY.ledger, cosigned_by=("RU", "UA"), cosigned_size=11_240),
)

AS_PUBLIC = replace(
    EMPTY,
    clearance="public",
    title=UNDER_WAY.title,
    parties=("RU", "UA"),
    intermediaries=("NI",),
    communique=CLOSED.communique,
    ledger=replace(CLOSED.ledger, known=12),
)

BY_NAME = {"empty": EMPTY, "under way": UNDER_WAY, "as RU": AS_RU, "closed": CLOSED, "public": AS_PUBLIC}
"""Every state that the page must be able to show."""
