"""The lists on record, and what matching proposes of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.cli.files import note
from safeconduct.cli.registry_matching import matching, tell_crowding
from safeconduct.cli.workspace import open_or_find
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.exchange.state import Exchange
    from safeconduct.registry.linkage import Weighing
    from safeconduct.registry.review_queue import ListPair
    from safeconduct.vocabulary.person import Person


def weighings_of(state: "Exchange", left: str, right: str) -> "dict[ListPair, Weighing]":
    """What matching proposes of the lists on record, `left` and `right` of them alone. Raises Refused."""
    from safeconduct.registry.linkage import weigh_duplicates, weigh_lists
    from safeconduct.registry.review_queue import ListPair, excluded, later_of, list_pairs
    from safeconduct.registry.rows import person_of

    registry = state.registry
    for name in (left, right):
        if name and name not in registry.lists:
            raise Refused(f"no list {name!r} is on record; there are: {', '.join(registry.lists) or 'none'}")
    pairs = [pair for pair in list_pairs(registry.lists) if left in ("", pair.held) and right in ("", pair.sought)]
    if left and right and not pairs:
        pairs = [ListPair(left, right)]
    persons: dict[str, list[Person]] = {list_id: [] for list_id in registry.lists}
    for (list_id, _), row in registry.persons.items():
        persons[list_id].append(person_of(row))
    found = {}
    for pair in pairs:
        ours, theirs = persons[pair.held], persons[pair.sought]
        if pair.held == pair.sought:
            note(f"looking for persons who stand twice on {pair.held}")
            with matching(len(ours)) as tell:
                found[pair] = weigh_duplicates(ours, tell)
        else:
            note(f"comparing {pair.held} with {pair.sought}")
            later = later_of(registry, pair)
            with matching(len(ours) + len(theirs)) as tell:
                found[pair] = weigh_lists(ours, theirs, tell, excluded(registry, pair), later=later)
        tell_crowding(found[pair].crowding)
    return found


def state_of(workspace: Path | None) -> "Exchange":
    """What the record tells. Raises Refused where it is locked."""
    from safeconduct.exchange.entries import DECODER
    from safeconduct.exchange.state import Exchange

    record = open_or_find(workspace).open_record(DECODER)
    try:
        state = Exchange()
        for recorded in record.read():
            state.take(recorded.body)
    finally:
        record.close()
    if state.sealed:
        raise Refused("the record is locked: its lists can be read with the workspace's keys alone")
    return state
