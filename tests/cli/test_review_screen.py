"""What a reviewer sees fits the screen, whatever the pair; and the keys mean the same under a Cyrillic layout."""

import io
import os
import pty

import msgspec
import pytest
from rich.console import Console
from tests.app.reviewed import LISTS
from tests.registry.test_registry_linkage import LEFT, RIGHT

from safeconduct.cli.key_press import QUIT, Keys, Lines
from safeconduct.cli.review_screen import ReviewScreen
from safeconduct.registry.explaining import explain
from safeconduct.registry.linkage import weigh_lists
from safeconduct.registry.review_queue import Waiting, queue
from safeconduct.registry.state import RegistryState

TALKATIVE = [
    msgspec.structs.replace(
        one, unit="в/ч А1234", service_number=f"Г-{number}", note="a long note " * 30, rank="солдат"
    )
    for number, one in enumerate(LEFT)
]
WAITING = queue({LISTS: weigh_lists(TALKATIVE, RIGHT)}, RegistryState(), "A. Marti")


def shown(one: Waiting, width: int, height: int) -> str:
    """The screen of a pair, as a terminal of that size has it."""
    out = io.StringIO()
    console = Console(file=out, width=width, height=height, highlight=False)
    ReviewScreen(console).pair(one, "pair 1 of 14, about 5 minutes left", "recorded: u01 with r01, same person")
    return out.getvalue()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("one", WAITING, ids=lambda one: one.pair.left_ref)
def test_a_pair_fits_the_screen(one: Waiting, size: tuple[int, int]) -> None:
    """Nothing scrolls away, both rows and the keys are there, and what contradicts stands above what agrees."""
    screen = shown(one, *size)
    assert len(screen.splitlines()) <= size[1]
    assert max(map(len, screen.splitlines())) <= size[0]
    left, right = one.weighing.left[one.pair.left_ref], one.weighing.right[one.pair.right_ref]
    words = [word for row in (left, right) for word in (row.family_name, row.given_name, one.pair.left_ref) if word]
    assert all(word in screen for word in words)
    assert "u undo" in screen
    assert "\n≠" not in screen.partition("\n·")[2]
    assert ("\n≠" in screen) == bool(explain(one.weighing, one.pair).against)


def test_rivals_stand_beside_a_pair() -> None:
    """The twin, with what contradicts and what is the same."""
    twins = next(one for one in WAITING if one.pair.left_ref == "u04")
    (rival,) = [line for line in shown(twins, 120, 40).splitlines() if "r05" in line]
    assert rival.startswith("or r05 Мельник Роман Игоревич 1995-03-07, ")
    assert "≠ given name differs; = surname, patronymic, born, sex" in rival


def test_keys_are_told_under_either_layout() -> None:
    """Who types names in Cyrillic need not switch the keyboard; what is no key at all is passed over by the session."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, "шуезгыій?\r".encode())
        keys = Keys(theirs)
        assert [keys.key() for _ in range(9)] == [*"ietpuss", QUIT, "?"]
        os.write(ours, b"i1\n")
        keys.forget()
        os.write(ours, b"e\n")
        assert keys.key() == "e"  # what was typed before is not an answer to what is shown now
    finally:
        os.close(ours)
        os.close(theirs)


def test_answers_as_lines() -> None:
    """A key with its reason on one line or on two, Enter for the first, and the end of the input."""
    lines = Lines(io.StringIO("i 2\ne my own words\np\n\ni\n-\ni\n"))
    ready = ("first", "second")
    told = [(lines.key(), lines.choice(ready, "")) for _ in range(4)]
    assert told == [("i", "second"), ("e", "my own words"), ("p", "first"), ("i", None)]
    assert (lines.key(), lines.choice(ready, "")) == ("i", None)  # cut off before the reason: nothing is decided
    assert lines.key() == QUIT
