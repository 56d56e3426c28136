"""Worklists: everybody on the lists who needs something is on the right one, and nobody else."""

from pathlib import Path

import msgspec
import pytest
from tests.app.reviewed import LISTS, TWO_NEEDED, open_office, weighings, workspace_with_lists
from tests.app.test_deciding import CANDIDATE, OPINION
from tests.registry.test_registry_linkage import LEFT, TRUTH

from safeconduct.app.commands import RecordCandidates, RecordOpinions
from safeconduct.registry.linkage import weigh_duplicates
from safeconduct.registry.review_queue import ListPair
from safeconduct.registry.state import RegistryState
from safeconduct.registry.worklists import WORKLISTS, Task, worklists

TWICE = ListPair(LISTS.held, LISTS.held)
WEIGHINGS = {**weighings(), TWICE: weigh_duplicates(LEFT)}


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
    candidates = [
        msgspec.structs.replace(CANDIDATE, person=f"p{ref}", held_ref=ref, sought_refs=(sought,))
        for ref, sought in (("u01", "r01"), ("u02", "r16"))
    ]
    office.perform(RecordCandidates(tuple(candidates)))
    office.recorder.close()
    return office.state.registry


def refs(tasks: list[Task]) -> set[str]:
    """Whose they are."""
    return {task.ref for task in tasks}


def test_everybody_stands_where_they_belong(state: RegistryState) -> None:
    """By hand: r11, r15, r16 have no partner; u11 neither; u10 is disputed, u12 waits for a second reviewer."""
    found = worklists(state, WEIGHINGS, frozenset())
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
    found = worklists(state, WEIGHINGS, frozenset({"pu01"}))
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
        one for one in worklists(state, WEIGHINGS, frozenset())["twice-on-one-list"] if one.ref == pair.left_ref
    )
    assert task.about == f"the same person as {pair.right_ref}"
