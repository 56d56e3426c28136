"""What commands that match lists have in common: showing how far it is, and telling what was too common to compare."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from safeconduct.cli.files import note

if TYPE_CHECKING:
    from safeconduct.registry.shared_keys import Crowding

_MOST_RULES = 5
_WORTH_TELLING = 2_000


@contextmanager
def matching(rows: int) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step on standard error where somebody is looking; else a line for each step, of long lists."""
    if not sys.stderr.isatty():
        yield _lines() if rows >= _WORTH_TELLING else lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bar.remove_task(task)
                tasks.clear()
                tasks[step] = bar.add_task(step.capitalize(), total=None)
            bar.update(tasks[step], completed=done, total=total or None)

        yield show


def _lines() -> Callable[[str, int, int], None]:
    told: set[str] = set()

    def tell(step: str, _done: int, total: int) -> None:
        if step not in told:
            told.add(step)
            note(f"{step} ({total:,})" if total else step)

    return tell


def tell_crowding(crowding: "Crowding") -> None:
    """What was not compared because too many rows are alike, on standard error; nothing if there is nothing."""
    from safeconduct.registry.blocking import BLOCKING
    from safeconduct.registry.scoring import BEST
    from safeconduct.registry.unproposed import in_words

    if crowding.beyond_the_best:
        note(f"{crowding.beyond_the_best:,} pairs were left out: both of their rows have more than {BEST} better ones")
    if not crowding.rules:
        return
    note(
        "some keys are shared by too many rows, which were compared by them only where they agree in one field more; "
        "of a pair of rows, registry why says so:"
    )
    largest = sorted(crowding.rules, key=lambda one: (-one.pairs, one.rule))
    for one in largest[:_MOST_RULES]:
        values = f"{one.values:,} value{'s' * (one.values != 1)}"
        note(f"  {in_words(BLOCKING[one.rule])}: {values}, {one.pairs:,} pairs of rows")
    if len(largest) > _MOST_RULES:
        pairs = sum(one.pairs for one in largest[_MOST_RULES:])
        note(f"  and {len(largest) - _MOST_RULES} keys more, {pairs:,} pairs of rows")
