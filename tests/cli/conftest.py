"""What tests of the command line share."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache

import pytest

from safeconduct.registry import linkage
from safeconduct.vocabulary.person import Person


@pytest.fixture(scope="module")
def matching_once() -> Iterator[None]:
    """The matching itself, but once for the same lists in a module: it takes most of a command's time."""
    lists, duplicates = linkage.weigh_lists, linkage.weigh_duplicates

    @cache
    def once(
        left: tuple[Person, ...], right: tuple[Person, ...], excluded: frozenset[tuple[str, str]]
    ) -> linkage.Weighing:
        return lists(left, right, excluded=excluded)

    @cache
    def twice(persons: tuple[Person, ...]) -> linkage.Weighing:
        return duplicates(persons)

    def weigh_lists(
        left: Sequence[Person],
        right: Sequence[Person],
        _: object = None,
        excluded: Collection[tuple[str, str]] = frozenset(),
    ) -> linkage.Weighing:
        return once(tuple(left), tuple(right), frozenset(excluded))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "weigh_lists", weigh_lists)
        patch.setattr(linkage, "weigh_duplicates", lambda persons, _=None: twice(tuple(persons)))
        yield
