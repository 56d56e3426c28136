"""A reviewer's session beside a server: others review at once, the server goes and comes, data are erased."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tests.app.duty import entries
from tests.app.recording import SECOND
from tests.app.registry_beside import SOUGHT, World, proposed

from safeconduct.app.officer_acts import EraseData
from safeconduct.cli.key_press import Lines
from safeconduct.cli.review_screen import ReviewScreen
from safeconduct.cli.review_session import Session
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.linkage import Weighing, weigh_lists
from safeconduct.registry.review_queue import ListPair, queue
from safeconduct.registry.reviewing import EXCLUSION, IDENTIFICATION, PairKey
from safeconduct.registry.rows import person_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A desk on duty."""
    world = World(tmp_path / "workspace").begin()
    yield world
    world.desk.close()


@pytest.fixture(scope="module")
def weighing(tmp_path_factory: pytest.TempPathFactory) -> Weighing:
    """What matching proposes: u1 with s1, u2 with s2."""
    beside = World(tmp_path_factory.mktemp("lists") / "workspace").beside()
    return weigh_lists([person_of(row) for row in beside.state.registry.rows_of("RU-held")], SOUGHT)


class Typed:
    """Lines that a reviewer types, each once something has happened elsewhere."""

    def __init__(self, *lines: tuple[Callable[[], object], str]) -> None:
        self._lines = list(lines)

    def readline(self) -> str:
        """The next one."""
        happens, line = self._lines.pop(0)
        happens()
        return f"{line}\n"


def nothing() -> None:
    """Nothing happens."""


def hold(world: World, weighing: Weighing, *lines: tuple[Callable[[], object], str]) -> tuple[Session, str]:
    """A session from its begin to its end, and all that it showed."""
    desk, shown = world.reviewer("A"), StringIO()
    waiting = queue({ListPair("RU-held", "UA-sought"): weighing}, desk.writer.state.registry, "A")
    assert {one.key[1] for one in waiting} == {"u1", "u2"}
    screen = ReviewScreen(Console(file=shown, width=120, height=40))
    typed = Lines(Typed(*lines))  # type: ignore[arg-type]
    session = Session(desk, typed, screen, waiting, desk.writer.clock.now_us)
    session.run()
    desk.writer.close()
    return session, " ".join(shown.getvalue().split())


def found(world: World) -> list[tuple[str, str, str]]:
    """Who found what on whom, in the order of the record."""
    opinions = (one for one in entries(world.workspace) if isinstance(one, MatchOpinion))
    return [(one.reviewer, one.held_ref, one.outcome) for one in opinions]


def first(world: World, weighing: Weighing) -> PairKey:
    """The pair that is shown first."""
    registry = world.beside().state.registry
    return queue({ListPair("RU-held", "UA-sought"): weighing}, registry, "A")[0].key


def test_others_review_at_once_and_the_server_goes_and_comes(world: World, weighing: Weighing) -> None:
    """What others settle is left out, with a word; what no server took is not said to be recorded, and comes again."""
    pair = first(world, weighing)

    def settled() -> None:
        for name in ("B", "C"):
            world.reviewer(name).decide([proposed(pair)], EXCLUSION, "other fathers")

    session, shown = hold(
        *(world, weighing, (settled, "i 1"), (lambda: world.desk.close(), "i 1")),
        *((lambda: world.begin(), "i 1"), (nothing, "q")),
    )
    assert "others have found exclusion meanwhile" in shown
    assert "1 pair left out, settled or changed meanwhile" in shown
    assert "not recorded: the desk is closed" in shown
    other = "u2" if pair[1] == "u1" else "u1"
    assert found(world)[2:] == [("A", other, IDENTIFICATION)]
    assert (session.decided, session.waiting) == (1, [])


def test_a_session_ends_where_data_are_erased_meanwhile(world: World, weighing: Weighing) -> None:
    """Nothing more is shown of what was read before."""

    def erased() -> None:
        for key in (None, SECOND):
            world.beside().perform(EraseData("person:u1", "request"), key)

    session, _ = hold(world, weighing, (erased, "s"))
    assert session.erased
    assert session.waiting
    assert found(world) == []
