"""What a clearance sees depends on nothing that it may not know (Goguen and Meseguer, Security policies, 1982)."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.samples import (
    ALARM_TYPES,
    AROUND_ALARMS,
    FACILITIES,
    PARTIES,
    START_US,
    field_values,
    ledgers,
)

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import ENTRY_TYPES
from safeconduct.kernel.audience import Audience, audiences_of
from safeconduct.kernel.encoding import encode
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.tracking.alarm_entries import AlarmResolved
from safeconduct.tracking.entries import AlarmShown, MovementReported
from safeconduct.views.declassified import DECLASSIFIED, Declassified
from safeconduct.views.operations import OperationsBuilder
from safeconduct.views.operations_model import Operations
from safeconduct.views.picture import picture
from safeconduct.views.reach import reach

CLEARANCES = (
    INTERMEDIARY,
    *(Clearance("party", party) for party in PARTIES),
    *(Clearance("facility", facility=facility) for facility in FACILITIES),
    PUBLIC,
)
PAGE = (Path(__file__).parents[2] / "docs" / "declassified.md").read_text(encoding="utf-8")


def listed(heading: str) -> list[str]:
    """The names in the first column of the table under a heading of docs/declassified.md."""
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def knows(clearance: Clearance, entry: Entry, field: str) -> bool:
    """Straight from the labels: may this clearance know this field of this entry?"""
    own: tuple[str, ...] = getattr(entry, "own", ())
    facility: str = getattr(entry, "facility", "")
    label = audiences_of(type(entry))[field]
    return clearance.may_know(entry.existence, own, facility) and clearance.may_know(label, own, facility)


def names_its_audience(entry: Entry, field: str) -> bool:
    """Whether the field is no fact but decides who may read the rest."""
    return field == "own" or (field == "facility" and entry.existence is Audience.FACILITY)


@st.composite
def worlds(
    draw: st.DrawFn, types: tuple[type[Entry], ...] = ENTRY_TYPES
) -> tuple[list[Entry], list[Entry], Entry, str]:
    """Two ledgers that differ in one field of one body, and which."""
    entries = draw(ledgers(types=types))
    index = draw(st.integers(0, len(entries) - 1))
    entry = entries[index]
    field = draw(st.sampled_from([name for name in entry.__struct_fields__ if not names_its_audience(entry, name)]))
    other = msgspec.structs.replace(entry, **{field: draw(field_values(type(entry), field))})
    return entries, [*entries[:index], other, *entries[index + 1 :]], entry, field


def compare(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The names of the sections that differ; of the declassified section, those of its items."""
    names = [name for name in one if name != "declassified" and encode(one[name]) != encode(other[name])]
    shared, changed = one["declassified"], other["declassified"]
    return names + [f"declassified.{name}" for name in shared if encode(shared[name]) != encode(changed[name])]


def check(entries: Sequence[Entry], changed: Sequence[Entry], entry: Entry, field: str, view: Any = picture) -> None:
    """Every view below the field's clearance is the same, but for what is listed."""
    allowed = {f"declassified.{name}" for name in listed("Items computed for a view")}
    for clearance in CLEARANCES:
        if not knows(clearance, entry, field):
            differing = compare(view(entries, clearance), view(changed, clearance))
            assert set(differing) <= allowed, f"{type_tag(type(entry))}.{field} shows at {clearance} in {differing}"


@settings(max_examples=300)
@given(worlds())
def test_no_view_depends_on_a_field_above_its_clearance(world: tuple[list[Entry], list[Entry], Entry, str]) -> None:
    """Replacing one field leaves every view below its clearance byte-equal, listed items aside."""
    check(*world)


def test_a_leaking_view_is_caught() -> None:
    """The canary: a view that counts the unwilling, however indirectly, must fail the check above."""

    def leaking(entries: Sequence[Entry], clearance: Clearance) -> dict[str, Any]:
        shown = picture(entries, clearance)
        shown["lists"] = [*shown["lists"], sum("unwilling" in encode(entry).decode() for entry in entries)]
        return shown

    candidate = next(one for one in ENTRY_TYPES if type_tag(one) == "registry.candidate-reconciled/1")
    names: dict[str, Any] = {
        name: () if name in ("sought_refs", "categories") else "x" for name in candidate.__struct_fields__
    }
    values = {**names, "occurred_at_us": 1, "protected": False}
    willing, unwilling = candidate(**{**values, "consent": "willing"}), candidate(**{**values, "consent": "unwilling"})
    with pytest.raises(AssertionError, match=r"consent shows at party:RU"):
        check([willing], [unwilling], willing, "consent", leaking)


@pytest.mark.parametrize("entry_type", ENTRY_TYPES, ids=type_tag)
def test_every_field_says_who_may_know_it(entry_type: type[Entry]) -> None:
    """An entry type without labels, or with OWN and nobody named in `own`, must not exist."""
    labels = audiences_of(entry_type)
    assert set(labels) == set(entry_type.__struct_fields__)
    assert isinstance(entry_type.existence, Audience)
    if Audience.OWN in (entry_type.existence, *labels.values()):
        assert "own" in labels
    if Audience.FACILITY in (entry_type.existence, *labels.values()):
        assert "facility" in labels


def test_a_field_without_a_label_is_refused() -> None:
    """The check above fails for a type that forgets one."""

    class Unlabelled(Entry, frozen=True, kw_only=True, tag="test.unlabelled/1"):
        secret: str

    with pytest.raises(AssertionError, match="secret needs exactly one audience"):
        audiences_of(Unlabelled)


def test_the_page_lists_exactly_what_is_declassified() -> None:
    """docs/declassified.md and the code name the same items, and real entry types."""
    assert sorted(listed("Items computed for a view")) == sorted(DECLASSIFIED)
    assert set(listed("Recorded decisions")) <= {type_tag(one) for one in ENTRY_TYPES}


@given(ledgers())
def test_default_is_deny(entries: list[Entry]) -> None:
    """The public sees released communiqués, and nothing else whatever."""
    for entry in entries:
        assert (tell(entry, PUBLIC) is None) == (type_tag(type(entry)) != "disclosure.communique-released/1")
    shown = picture(entries, PUBLIC)
    assert all(not value for name, value in shown.items() if name not in ("clearance", "communiques"))


@given(ledgers())
def test_the_reach_of_a_clearance_is_what_it_is_told(entries: list[Entry]) -> None:
    """Counted one by one by the existence of each type, for each clearance neither more nor less."""
    counts = reach(entries, CLEARANCES)
    public = sum(one.existence is Audience.PUBLIC for one in entries)
    noted = [getattr(one, "facility", "") for one in entries if one.existence is Audience.FACILITY]
    assert counts["public"] == public
    assert counts["intermediary"] == len(entries) - len(noted)
    for party in PARTIES:
        shared = [one for one in entries if one.existence is Audience.PARTIES]
        own = [one for one in entries if one.existence is Audience.OWN and party in getattr(one, "own", ())]
        assert counts[f"party:{party}"] == public + len(shared) + len(own)
    for facility in FACILITIES:
        assert counts[f"facility:{facility}"] == public + noted.count(facility)


@given(ledgers())
def test_the_intermediary_sees_every_entry_but_what_is_sealed_to_a_facility(entries: list[Entry]) -> None:
    """The check of silence would pass for a view that shows nothing; this one would not."""
    for entry in entries:
        told = tell(entry, INTERMEDIARY)
        if entry.existence is Audience.FACILITY:
            assert told is None
            told = tell(entry, Clearance("facility", facility=getattr(entry, "facility", "")))
        assert told is not None
        assert set(told.fields) == set(entry.__struct_fields__)


NOW_US = START_US + 43_200_000_000
"""Noon of the day on which the sampled entries happen: some are still to come."""


def operations(entries: Sequence[Entry], clearance: Clearance) -> dict[str, bytes]:
    """What the live page shows, section by section, the ledger's own part left out."""
    builder = OperationsBuilder(clearance)
    for index, entry in enumerate(entries):
        builder.take(index, START_US, entry)
    shown = builder.snapshot(NOW_US, origin="o", size=len(entries), root="", note="")
    return {name: encode(getattr(shown, name)) for name in Operations.__slots__ if name != "ledger"}


def shared(entries: Sequence[Entry], clearance: Clearance) -> tuple[dict[str, Any], set[str]]:
    """What is declassified to a clearance: the convoys, and which reports that it was told were taken back."""
    released = Declassified(clearance)
    told: set[str] = set()
    for entry in entries:
        released.take(entry)
        if isinstance(report := getattr(entry, "report", None), str) and knows(clearance, entry, "report"):
            told.add(json.loads(report)["id"])
    return released.convoy_status(NOW_US), set(released.taken_back(NOW_US) & told)


def check_operations(
    entries: Sequence[Entry], changed: Sequence[Entry], entry: Entry, field: str, view: Any = operations
) -> None:
    """The page below the field's clearance is the same, but for what follows from what is declassified and differs.

    Delimited release (Sabelfeld and Myers 2003): what is released may differ, and nothing may differ beyond it.
    """
    for clearance in CLEARANCES:
        if knows(clearance, entry, field):
            continue
        (convoys, taken_back), (other_convoys, other_taken_back) = (
            shared(one, clearance) for one in (entries, changed)
        )
        if taken_back != other_taken_back:
            continue
        one, other = view(entries, clearance), view(changed, clearance)
        allowed = {"convoys", "stage"} if convoys != other_convoys else set()
        differing = {name for name in one if one[name] != other[name]}
        assert differing <= allowed, f"{type_tag(type(entry))}.{field} shows at {clearance} in {sorted(differing)}"


@settings(max_examples=300)
@given(worlds())
def test_the_page_depends_on_no_field_above_its_clearance(world: tuple[list[Entry], list[Entry], Entry, str]) -> None:
    """Replacing one field leaves the page at every clearance that may not know it byte-equal."""
    check_operations(*world)


@settings(max_examples=300)
@given(worlds((*ALARM_TYPES, *AROUND_ALARMS)))
def test_how_alarms_are_dealt_with_tells_no_more(world: tuple[list[Entry], list[Entry], Entry, str]) -> None:
    """Ledgers of nothing but alarms and what is done about them, where each bears on the others: as above."""
    check_operations(*world)
    check(*world)


def test_a_page_that_tells_why_is_caught() -> None:
    """The canary: one that shows to all what was done about an alarm must fail the check above."""

    def leaking(entries: Sequence[Entry], clearance: Clearance) -> dict[str, bytes]:
        return operations(entries, clearance) | {"alarms": operations(entries, INTERMEDIARY)["alarms"]}

    shown = AlarmShown(
        occurred_at_us=START_US,
        own=(),
        number=1,
        clause="c",
        kind="arrival",
        rule="late",
        subject="l",
        at_us=START_US,
        severity="notice",
        status="open",
        message="m",
        evidence=(),
        waiting_for=(),
    )
    one, other = (
        AlarmResolved(occurred_at_us=START_US, own=(), number=1, by="A", note=f"Bus {which}.") for which in ("a", "b")
    )
    with pytest.raises(AssertionError, match=r"note shows at party:RU in \['alarms'\]"):
        check_operations([shown, one], [shown, other], one, "note", leaking)
    check_operations([shown, one], [shown, other], one, "note")


def test_a_leaking_page_is_caught() -> None:
    """The canary: a page that shows the other side's positions must fail the check above."""

    def leaking(entries: Sequence[Entry], clearance: Clearance) -> dict[str, bytes]:
        return operations(entries, clearance) | {"vehicles": operations(entries, INTERMEDIARY)["timeline"]}

    report = '{"at":"2025-07-04T01:00:00Z","id":"e","position":[30.0,52.0],"type":"positioned","vehicle":"%s"}'
    one, other = (
        MovementReported(occurred_at_us=START_US, own=("UA",), event="e", person="", report=report % vehicle)
        for vehicle in ("v1", "v2")
    )
    with pytest.raises(AssertionError, match=r"report shows at party:RU in \['vehicles'\]"):
        check_operations([one], [other], one, "report", leaking)
    check_operations([one], [other], one, "report")


@given(ledgers())
def test_the_public_page_shows_the_communique_alone(entries: list[Entry]) -> None:
    """At the clearance of the public nothing of the operations is there."""
    shown = operations([one for one in entries if one.existence is not Audience.PUBLIC], PUBLIC)
    nothing = operations([], PUBLIC)
    assert {name for name in shown if shown[name] != nothing[name]} <= {"recorded_at_us"}
