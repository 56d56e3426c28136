"""Who is a candidate by lists and findings: each row once, the same answer twice, nobody on contradictions."""

from collections.abc import Iterable

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.small_worlds import PARTIES, Row, World, person, worlds

from safeconduct.registry.reconciliation import reconciliation
from safeconduct.registry.reconciling import Interview
from safeconduct.registry.state import RegistryState


def standing_rows(world: World, registry: RegistryState) -> list[Row]:
    """The rows of lists that no other replaced."""
    return [row for row in registry.persons if row[0] in world.versions.values()]


def persons(rows: Iterable[Row], same: Iterable[tuple[Row, Row]]) -> set[frozenset[Row]]:
    """The obvious way: join whatever touches, until nothing does."""
    groups = {frozenset((row,)) for row in rows}
    for one, other in same:
        touched = {group for group in groups if one in group or other in group}
        groups = (groups - touched) | {frozenset().union(*touched)}
    return groups


def contradicted(group: frozenset[Row], pairs: dict[tuple[Row, Row], str]) -> bool:
    """Two of its rows are two persons, or one row is two rows of another list that are not one there."""
    same = [pair for pair, outcome in pairs.items() if outcome == "identification"]
    if any(outcome == "exclusion" and set(pair) <= group for pair, outcome in pairs.items()):
        return True
    for row in group:
        partners = [next(iter(set(pair) - {row})) for pair in same if row in pair]
        for other in {one[0] for one in partners} - {row[0]}:
            on_list = [one for one in partners if one[0] == other]
            joined = persons(
                (one for one in group if one[0] == other), (pair for pair in same if pair[0][0] == pair[1][0] == other)
            )
            if sum(bool(each & set(on_list)) for each in joined) > 1:
                return True
    return False


def outcomes(registry: RegistryState, rows: Iterable[Row]) -> dict[tuple[Row, Row], str]:
    """What was found of pairs of these rows."""
    known = set(rows)
    return {
        (pair[:2], pair[2:]): registry.finding(pair).outcome
        for pair in registry.pairs_found()
        if pair[:2] in known and pair[2:] in known
    }


@settings(max_examples=80)
@given(worlds())
def test_each_person_held_is_one_candidate_by_the_findings_as_they_stand(world: World) -> None:
    """Against the obvious oracle: whose rows join into one, unless they contradict or were handed over."""
    registry = world.registry()
    rows = standing_rows(world, registry)
    pairs = outcomes(registry, rows)
    expected: dict[frozenset[Row], bool] = {}
    for group in persons(rows, (pair for pair, outcome in pairs.items() if outcome == "identification")):
        held = frozenset(row for row in group if "held" in row[0])
        if contradicted(group, pairs):
            expected |= {frozenset((row,)): False for row in held}
        elif held:
            expected[held] = True
    found = reconciliation(registry, PARTIES, handed_over=world.handed_over)
    assert {frozenset(one.rows) for one in found.standings} == expected.keys()
    for one in found.standings:
        if one.standing != "already-exchanged":
            assert (one.standing != "conflicting") == expected[frozenset(one.rows)], one
    candidates = [one for one in found.standings if one.standing not in ("conflicting", "already-exchanged")]
    assert len(candidates) == len(found.candidates) == len({one.person.ref for one in found.candidates})
    assert not {one.person.ref for one in found.candidates} & world.handed_over


@settings(max_examples=80)
@given(worlds())
def test_the_second_time_there_is_nothing_to_record_and_no_row_is_in_two_candidates(world: World) -> None:
    """Whatever happened before, with candidates of earlier reconciliations on record."""
    first = world.reconcile()
    registry = world.registry()
    again = reconciliation(registry, PARTIES, handed_over=world.handed_over)
    assert (again.changed, again.withdrawn) == ((), ())
    assert again.candidates == first.candidates
    told = {person: one for person, one in registry.candidates.items() if person not in world.handed_over}
    assert told.keys() == {one.person.ref for one in first.candidates}
    assert len({(one.held_list, one.held_ref) for one in told.values()}) == len(told)
    sought = [(one.home, ref) for one in told.values() for ref in one.sought_refs]
    assert len(set(sought)) == len(sought)


@settings(max_examples=40)
@given(worlds(), st.data())
def test_what_was_said_in_private_stands_until_something_else_is_said(world: World, data: st.DataObject) -> None:
    """Whatever happens to lists and findings, a refusal is not lost as long as the person is one on record."""
    found = world.reconcile()
    if not found.candidates:
        return
    who = data.draw(st.sampled_from([one.person.ref for one in found.candidates]))
    said = {who: Interview("unwilling", protected=True)}
    told = reconciliation(world.registry(), PARTIES, handed_over=world.handed_over, interviews=said)
    assert told.held_back == 1
    world.entries += told.changed
    (row,) = ((one.held_list, one.held_ref) for one in told.changed)
    others = [one for one in world.rows("RU-held") if one[0] == row[0] and one != row]
    if others:
        world.find(row, others[0], "identification", "C", "confirm")  # found to stand twice on the list
    later = world.reconcile()
    back = [one.person for one in later.candidates if one.person.protected]
    assert [(one.consent, one.protected) for one in back] in ([("unwilling", True)], []), "nobody else has refused"
    if not back:  # because findings contradict: nobody is to be exchanged on them
        assert any(row in one.rows and one.standing == "conflicting" for one in later.standings)


def test_a_person_keeps_their_id_when_a_new_version_moves_the_row() -> None:
    """Lists that number their rows: number 2 of the second version is whom the exchange knows as 3."""
    world = World()
    for name in ("RU-held", "UA-sought"):
        world.take(name, (person(name, number) for number in range(4)), name)
    world.find(("RU-held", "3"), ("UA-sought", "3"), "identification", "A", "confirm")
    world.reconcile()
    rows = [person("RU-held", number) for number in (0, 2, 3)]
    moved = [msgspec.structs.replace(one, ref=str(place)) for place, one in enumerate(rows)]
    world.take("RU-held", moved, "RU-held-2", "RU-held")
    found = world.reconcile()
    assert [(one.person, one.reason) for one in found.withdrawn] == [("1", "not-listed")]
    candidates = world.registry().candidates
    assert {one: (candidates[one].held_list, candidates[one].held_ref) for one in candidates} == {
        "0": ("RU-held-2", "0"),
        "2": ("RU-held-2", "1"),
        "3": ("RU-held-2", "2"),
    }
    assert candidates["3"].sought_refs == (), "what was found of the old row is to be found of the new one again"


def test_two_lists_that_number_alike_give_two_ids() -> None:
    """The second party's number 0 is not the first's."""
    world = World()
    for name in ("RU-held", "UA-held"):
        world.take(name, [person(name, 0)], name)
    assert sorted(one.person.ref for one in world.reconcile().candidates) == ["RU-held/0", "UA-held/0"]


def test_somebody_found_to_be_two_persons_after_all_is_two_again() -> None:
    """The candidate who was withdrawn comes back under their own id, with what they said."""
    world = World()
    world.take("RU-held", [person("RU-held", 0), person("RU-held", 1)], "RU-held")
    world.reconcile()
    said = {"1": Interview("unwilling", protected=False)}
    world.entries += reconciliation(world.registry(), PARTIES, interviews=said).changed
    pair = ("RU-held", "0"), ("RU-held", "1")
    world.find(*pair, "identification", "A", "confirm")
    found = world.reconcile()
    assert [(one.person, one.reason) for one in found.withdrawn] == [("1", "same-person")]
    assert [(one.person.ref, one.person.consent) for one in found.candidates] == [("0", "unwilling")]
    world.find(*pair, "exclusion", "A", "confirm")
    assert {one.person.ref: one.person.consent for one in world.reconcile().candidates} == {
        "0": "unwilling",  # as long as the intermediary does not say otherwise
        "1": "unwilling",
    }


def test_two_lists_of_one_party_that_both_stand_may_name_one_person() -> None:
    """Whatever their numbers: the same person on a second list of the held, and on a second of the sought, is one."""
    world = World()
    for name, list_id in (("RU-held", "RU-held"), ("RU-held", "RU-hospital"), ("UA-sought", "UA-sought")):
        world.take(name, [person(name, 0), person(name, 1)], list_id)
    world.take("UA-sought", [person("UA-sought", 0)], "UA-missing")
    for held, sought in (("RU-held", "UA-sought"), ("RU-hospital", "UA-sought"), ("RU-held", "UA-missing")):
        world.find((held, "0"), (sought, "0"), "identification", "A", "confirm")
    found = world.reconcile()
    by_rows = {one.rows: one.standing for one in found.standings}
    assert by_rows[("RU-held", "0"), ("RU-hospital", "0")] == "identified"
    assert len(found.candidates) == 3
    world.take("RU-sought", [person("RU-sought", 0)], "RU-sought")
    world.find(("RU-held", "0"), ("RU-sought", "0"), "identification", "A", "confirm")
    assert {one.standing for one in world.reconcile().standings} == {"conflicting", "not-proposed"}, "two home parties"
