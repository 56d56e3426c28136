"""A small workspace whose lists wait for reviewers."""

from pathlib import Path

from tests.app.recording import Seeded, StandingClock
from tests.app.test_deciding import TERMS_ON_RECORD
from tests.registry.test_registry_linkage import LEFT, RIGHT

from safeconduct.app.commands import ReceiveList
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.registry.linkage import Weighing, weigh_lists
from safeconduct.registry.review_queue import ListPair
from safeconduct.vocabulary.person import Person

LISTS = ListPair("RU-held", "UA-sought")
TWO_NEEDED = {"u10", "u12"}
"""Whom of the held two reviewers must look at."""


def workspace_with_lists(folder: Path, held: list[Person] = LEFT, sought: list[Person] = RIGHT) -> Workspace:
    """Terms and two lists on record, and nothing reviewed."""
    workspace = create_workspace(folder, "a1", "NI", Seeded(0))
    office = open_office(workspace)
    office.perform(TERMS_ON_RECORD)
    office.perform(ReceiveList("RU", "held", LISTS.held, "ff", tuple(held), 0))
    office.perform(ReceiveList("UA", "sought", LISTS.sought, "ff", tuple(sought), 0))
    office.recorder.close()
    return workspace


def open_office(workspace: Workspace, now_us: int = 10) -> Office:
    """The desk of it."""
    clock = StandingClock(now_us)
    return Office(workspace.open_recorder(clock, Seeded(now_us), DECODER), clock)


def weighings() -> dict[ListPair, Weighing]:
    """What matching proposes of the two lists."""
    return {LISTS: weigh_lists(LEFT, RIGHT)}
