"""Random but valid entries of every type, for property tests over whole ledgers."""

import json
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.exchange.entries import ENTRY_TYPES
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.entries import ConvoyPlanned
from safeconduct.tracking.entries import MovementReported, TechnicalReported

PARTIES = ("RU", "UA")
FACILITIES = ("F1", "F2")
START_US = 1_751_587_200_000_000  # 2025-07-04T00:00:00Z

words = st.text(st.sampled_from("abcdeіїщ123-/ "), min_size=1, max_size=8).map(lambda text: text.strip() or "x")
moments_us = st.integers(START_US, START_US + 86_400_000_000)
persons = st.sampled_from(("p1", "p2", "p3"))
HANDS = (*PARTIES, "NI", *FACILITIES)
REPORT_KINDS = (
    "departed",
    "arrived",
    "boarded",
    "alighted",
    "positioned",
    "accepted",
    "offered",
    "examined",
    "clock",
    "incident",
    "held",
    "voided",
)
PLACES = [
    {"id": "H1", "kind": "holding", "name": "Camp", "position": [31.5, 52.5]},
    {"id": "X", "kind": "exchange-point", "position": [30.97, 52.08]},
]
VEHICLES = [{"id": "v1", "kind": "bus", "operator": "RU", "seats": 9}, {"id": "v2", "operator": "UA", "seats": 9}]


@st.composite
def reports(draw: st.DrawFn) -> str:
    """A report as the field sends it, of any type that a view looks into."""
    kind = draw(st.sampled_from(REPORT_KINDS))
    event = {
        "id": draw(words),
        "type": kind,
        "at": format_instant(draw(moments_us)),
        "vehicle": draw(st.sampled_from(("v1", "v2"))),
        "place": draw(st.sampled_from(("H1", "X"))),
        "person": draw(persons),
        "from": draw(st.sampled_from(HANDS)),
        "to": draw(st.sampled_from(HANDS)),
        "position": draw(st.sampled_from(([30.97, 52.08], [31.5, 52.5]))),
        "event": draw(words),
        "device": draw(st.sampled_from(("d1", "d2"))),
        "device_seq": draw(st.integers(1, 3)),
    }
    return json.dumps(event, ensure_ascii=False, sort_keys=True)


@st.composite
def legs(draw: st.DrawFn) -> str:
    """One side's legs, as a plan file has them."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        depart_us = draw(moments_us)
        found.append(
            {
                "id": f"l{number}",
                "vehicle": draw(st.sampled_from(("v1", "v2"))),
                "from": "H1",
                "to": "X",
                "depart": format_instant(depart_us),
                "arrive": format_instant(depart_us + draw(st.integers(0, 7_200_000_000))),
                "persons": draw(st.lists(words, max_size=2, unique=True)),
            }
        )
    return json.dumps(found, ensure_ascii=False)


_SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "own": st.sampled_from(((), ("RU",), ("UA",), ("RU", "UA"))),
    "report": reports(),
    "legs_text": legs(),
    "plan_sha256": st.sampled_from(("aa", "bb")),
    "exchange": st.sampled_from(("2025-07-04", "2025-07-05")),
    "occurred_at_us": moments_us,
    "number": st.integers(1, 5),
    "party": st.sampled_from(PARTIES),
    "waiting_for": st.lists(st.sampled_from(("d1", "d2")), unique=True).map(tuple),
    "facility": st.sampled_from(FACILITIES),
    "parties": st.sampled_from((PARTIES, ("RU",))),
    "intermediaries": st.sampled_from((("NI",), ())),
    "person": persons,
    "replaces": persons,
    "held_by": st.sampled_from(PARTIES),
    "home": st.sampled_from(PARTIES),
    "status": st.sampled_from(("open", "unconfirmed", "withdrawn", "optimal")),
    "change": st.sampled_from(("added", "substituted", "withdrawn")),
    "places_text": st.sampled_from((json.dumps(PLACES), json.dumps(PLACES[1:]))),
    "vehicles_text": st.sampled_from((json.dumps(VEHICLES), json.dumps(VEHICLES[:1]))),
    "plan_text": st.sampled_from((json.dumps({"places": PLACES}), "{}")),
}


def field_values(entry_type: type[Entry], field: str) -> st.SearchStrategy[Any]:
    """Valid values of one field."""
    if field in _SPECIAL:
        return _SPECIAL[field]
    return _of_hint(get_type_hints(entry_type, include_extras=False)[field])


def _of_hint(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Annotated:
        return _of_hint(get_args(hint)[0])
    if hint is str:
        return words
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(0, 2**53 - 1)
    if get_origin(hint) is tuple:
        return st.lists(_of_hint(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(words, _of_hint(get_args(hint)[1]), max_size=3)
    if type(None) in get_args(hint):
        return st.none() | _of_hint(next(one for one in get_args(hint) if one is not type(None)))
    raise AssertionError(f"no samples for {hint}")


@st.composite
def entries_of(draw: st.DrawFn, entry_type: type[Entry]) -> Entry:
    """A valid entry of one type."""
    return entry_type(**{name: draw(field_values(entry_type, name)) for name in entry_type.__struct_fields__})


ALARM_TYPES = tuple(one for one in ENTRY_TYPES if "number" in one.__struct_fields__)
"""Deviations shown, and what is done about them."""
AROUND_ALARMS: tuple[type[Entry], ...] = (TermsRecorded, ConvoyPlanned, MovementReported, TechnicalReported)
"""What alarms are told with: the parties, the legs, and what devices reported."""


@st.composite
def ledgers(draw: st.DrawFn, size: int = 24, types: tuple[type[Entry], ...] = ENTRY_TYPES) -> list[Entry]:
    """Entries of many types, in the order of a ledger."""
    drawn = draw(st.lists(st.sampled_from(types), min_size=1, max_size=size))
    return [draw(entries_of(one)) for one in drawn]
