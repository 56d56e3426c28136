"""What a clearance sees depends on nothing that it may not know (Goguen and Meseguer, Security policies, 1982)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.samples import PARTIES, field_values, ledgers

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import ENTRY_TYPES
from safeconduct.kernel.audience import Audience, audiences_of
from safeconduct.kernel.encoding import encode
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.views.declassified import DECLASSIFIED
from safeconduct.views.picture import picture
from safeconduct.views.reach import reach

CLEARANCES = (INTERMEDIARY, *(Clearance("party", party) for party in PARTIES), PUBLIC)
PAGE = (Path(__file__).parents[2] / "docs" / "declassified.md").read_text(encoding="utf-8")


def listed(heading: str) -> list[str]:
    """The names in the first column of the table under a heading of docs/declassified.md."""
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def knows(clearance: Clearance, entry: Entry, field: str) -> bool:
    """Straight from the labels: may this clearance know this field of this entry?"""
    own: tuple[str, ...] = getattr(entry, "own", ())
    return clearance.may_know(entry.existence, own) and clearance.may_know(audiences_of(type(entry))[field], own)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Entry], list[Entry], Entry, str]:
    """Two ledgers that differ in one field of one body, and which."""
    entries = draw(ledgers())
    index = draw(st.integers(0, len(entries) - 1))
    entry = entries[index]
    field = draw(st.sampled_from([name for name in entry.__struct_fields__ if name != "own"]))
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


@settings(max_examples=500)
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
    """The public sees nothing at all of a ledger in which nothing is labelled public."""
    for entry in entries:
        assert tell(entry, PUBLIC) is None
    shown = picture(entries, PUBLIC)
    assert all(not value for name, value in shown.items() if name != "clearance")


@given(ledgers())
def test_the_reach_of_a_clearance_is_what_it_is_told(entries: list[Entry]) -> None:
    """Counted one by one: all for the intermediary, none for the public, and for a party neither more nor less."""
    counts = reach(entries, CLEARANCES)
    assert (counts["intermediary"], counts["public"]) == (len(entries), 0)
    for party in PARTIES:
        shared = [one for one in entries if one.existence is Audience.PARTIES]
        own = [one for one in entries if one.existence is Audience.OWN and party in getattr(one, "own", ())]
        assert counts[f"party:{party}"] == len(shared) + len(own)


@given(ledgers())
def test_the_intermediary_sees_every_entry(entries: list[Entry]) -> None:
    """The check of silence would pass for a view that shows nothing; this one would not."""
    for entry in entries:
        told = tell(entry, INTERMEDIARY)
        assert told is not None
        assert set(told.fields) == set(entry.__struct_fields__)
