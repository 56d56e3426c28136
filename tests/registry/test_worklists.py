"""Worklists: everybody on the lists who needs something is on the right one, and nobody else."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.reviewed import LISTS, TWO_NEEDED, open_office, weighings, workspace_with_lists
from tests.app.test_deciding import OPINION
from tests.registry.small_worlds import PARTIES, Row, World, person, proposals, worlds
from tests.registry.test_reconciliation import contradicted, outcomes, persons, standing_rows
from tests.registry.test_registry_linkage import LEFT, TRUTH

from safeconduct.app.candidates import reconcile_record
from safeconduct.app.commands import RecordCandidates, RecordOpinions
from safeconduct.registry.linkage import weigh_duplicates
from safeconduct.registry.review_queue import ListPair, list_pairs
from safeconduct.registry.state import RegistryState
from safeconduct.registry.worklists import WORKLISTS, Task, worklists

TWICE = ListPair(LISTS.held, LISTS.held)
PROPOSED = {LISTS: weighings()[LISTS].pairs, TWICE: weigh_duplicates(LEFT).pairs}


@pytest.fixture(name="state")
def reviewed(tmp_path: Path) -> RegistryState:
    """One reviewer has identified everybody, which is not enough for two of them; a second excludes one of these."""
    office = open_office(workspace_with_lists(tmp_path / "w"))
    opinions = [
        msgspec.structs.replace(
            OPINION,
            held_ref=held,
            sought_ref=sought,
            band="review" if held in TWO_NEEDED else "confirm",
            simulated=False,
        )
        for held, sought in TRUTH.items()
    ]
    excluded = msgspec.structs.replace(opinions[9], outcome="exclusion", reviewer="two")
    assert excluded.held_ref == "u10"
    office.perform(RecordOpinions((*opinions, excluded)))
    found = {one.person: one for one in reconcile_record(office.state, 10).changed}
    another = msgspec.structs.replace(found["u02"], sought_refs=("r16",))
    office.perform(RecordCandidates((found["u01"], another)))
    office.recorder.close()
    return office.state.registry


def refs(tasks: list[Task]) -> set[str]:
    """Whose they are."""
    return {task.ref for task in tasks}


def test_everybody_stands_where_they_belong(state: RegistryState) -> None:
    """By hand: r11, r15, r16 have no partner; u11 neither; u10 is disputed, u12 waits for a second reviewer."""
    found = worklists(state, PARTIES, PROPOSED, frozenset())
    assert list(found) == list(WORKLISTS)
    assert refs(found["sought-not-held"]) == {"r10", "r11", "r12", "r15", "r16"}
    assert refs(found["held-not-sought"]) == {"u10", "u11", "u12"}
    assert refs(found["held-by-nobody"]) == {"r11", "r15", "r16"}
    assert found["already-exchanged"] == []
    assert {task.next_step for task in found["twice-on-one-list"]} == {"safeconduct registry review"}
    assert refs(found["to-reconcile"]) == {"u02"}
    by_ref = {task.ref: task for task in found["held-not-sought"]}
    assert by_ref["u10"].about == "reviewers could not say yet, or disagree"
    assert by_ref["u12"].about == "a proposed partner waits for reviewers"
    assert by_ref["u11"].next_step == "tell the home party that they are held; ask whether it knows them"


def test_who_was_handed_over_is_on_one_worklist_alone(state: RegistryState) -> None:
    """Both rows of the person are to leave the next lists."""
    found = worklists(state, PARTIES, PROPOSED, frozenset({"u01"}))
    assert {(one.list_id, one.ref) for one in found["already-exchanged"]} == {("RU-held", "u01"), ("UA-sought", "r01")}
    rest = [task for name in ("sought-not-held", "held-not-sought", "held-by-nobody") for task in found[name]]
    assert not {"u01", "r01"} & refs(rest)


def test_two_rows_found_to_be_one_person_share_their_partner(state: RegistryState) -> None:
    """Whose other row was identified is sought; and the party is asked to strike one."""
    pair = weigh_duplicates(LEFT).pairs[0]
    same = [
        msgspec.structs.replace(
            OPINION, held_ref=pair.left_ref, sought_list=LISTS.held, sought_ref=pair.right_ref, reviewer=name
        )
        for name in ("one", "two")
    ]
    for one in same:
        state.give_opinion(one)
    task = next(
        one for one in worklists(state, PARTIES, PROPOSED, frozenset())["twice-on-one-list"] if one.ref == pair.left_ref
    )
    assert task.about == f"the same person as {pair.right_ref}"


def versions(world: World, registry: RegistryState) -> list[tuple[Row, Row]]:
    """Rows of one name in two versions of a list, the later first."""
    rows = registry.persons
    return [
        ((later, new), (earlier, old))
        for later, earlier in world.replaced.items()
        for list_id, new in rows
        for other, old in rows
        if (list_id, other) == (later, earlier) and rows[list_id, new].family_name == rows[other, old].family_name
    ]


def exchanged_rows(world: World, registry: RegistryState) -> set[Row]:
    """Of whoever was handed over every row that touches theirs; where findings contradict, what is plainly theirs."""
    known = registry.candidates_ever()
    theirs = {(known[one].held_list, known[one].held_ref) for one in known.keys() & world.handed_over}
    links = versions(world, registry)
    for _ in pairwise((*world.replaced, "", "")):
        theirs |= {later for later, earlier in links if earlier in theirs}
    everywhere = {*registry.persons, *theirs}
    pairs = outcomes(registry, everywhere)
    same = [pair for pair, outcome in pairs.items() if outcome == "identification"]
    for group in persons(everywhere, [*same, *links]):
        if group & theirs and not contradicted(group, pairs):
            theirs |= group
    return theirs


@settings(max_examples=100)
@given(worlds(), st.data())
def test_whatever_happened_everybody_is_where_the_obvious_way_puts_them(world: World, data: st.DataObject) -> None:
    """After findings that were reversed, lists replaced, rows taken off or erased, persons handed over."""
    registry = world.registry()
    proposed = data.draw(proposals(registry))
    pairs = outcomes(registry, standing_rows(world, registry))
    exchanged = exchanged_rows(world, registry)
    expected: dict[str, set[Row]] = {name: set() for name in WORKLISTS}
    for group in persons(standing_rows(world, registry), (pair for pair in pairs if pairs[pair] == "identification")):
        torn = contradicted(group, pairs)
        sides = {side: {row for row in group if side in row[0]} for side in ("held", "sought")}
        looked_at = any(
            row in group and registry.opinions_on(left + right) for left, right in pairs for row in (left, right)
            if left[0] != right[0]
        )  # fmt: skip
        likely = any(
            one.right_ref and group & {(lists.held, one.left_ref), (lists.sought, one.right_ref)}
            for lists, found in proposed.items()
            if lists.held != lists.sought
            for one in found
        )
        for side, other in (("held", "sought"), ("sought", "held")):
            left = sides[side] - exchanged if torn or not sides[other] else set()
            expected[f"{side}-not-{other}"] |= left
            if side == "sought" and not (torn or looked_at or likely):
                expected["held-by-nobody"] |= left
        expected["already-exchanged"] |= group & exchanged
    for lists, found in proposed.items():
        for one in found if lists.held == lists.sought else ():
            if registry.finding((lists.held, one.left_ref, lists.held, one.right_ref)).outcome != "exclusion":
                expected["twice-on-one-list"].add((lists.held, one.left_ref))
    later = reconciliation_of(world)
    expected["to-reconcile"] = {
        (one.held_list, one.held_ref) for person, one in registry.candidates.items() if later.get(person) != one
    }
    found_rows = {
        name: {(one.list_id, one.ref) for one in tasks}
        for name, tasks in worklists(registry, PARTIES, proposed, world.handed_over).items()
    }
    assert found_rows == expected


def reconciliation_of(world: World) -> dict[str, object]:
    """The candidates on record once the record is reconciled."""
    then = World([*world.entries], world.erased, world.handed_over, world.versions, world.replaced)
    then.reconcile()
    return {
        person: msgspec.structs.replace(one, occurred_at_us=world.registry().candidates[person].occurred_at_us)
        for person, one in then.registry().candidates.items()
        if person in world.registry().candidates
    }


def test_the_next_versions_of_both_lists_still_name_somebody_who_was_handed_over() -> None:
    """Though no reviewer looked at the new rows, both sides are asked to leave them out."""
    world = World()
    for name in ("RU-held", "UA-sought"):
        world.take(name, [person(name, number) for number in range(3)], name)
    world.find(("RU-held", "1"), ("UA-sought", "1"), "identification", "A", "confirm")
    world.reconcile()
    world.handed_over = {"1"}
    for name in ("RU-held", "UA-sought"):
        world.take(name, [person(name, number) for number in (1, 2)], f"{name}-2", name)
    registry = world.registry()
    found = worklists(registry, PARTIES, {lists: [] for lists in list_pairs(registry.lists)}, world.handed_over)
    assert {(one.list_id, one.ref) for one in found["already-exchanged"]} == {("RU-held-2", "1"), ("UA-sought-2", "1")}
    assert refs(found["held-not-sought"]) == refs(found["held-by-nobody"]) == {"2"}
