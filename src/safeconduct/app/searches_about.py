"""Which searches on record can only mean one person: they are erased with that person's data."""

from collections.abc import Iterable
from contextlib import suppress

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.entries import PersonListed, Searched
from safeconduct.registry.search_index import SearchIndex
from safeconduct.registry.search_query import Query, parse_query


def searches_for(rows: Iterable[PersonListed], searches: Iterable[Searched]) -> set[str]:
    """What the searches are sealed under that name the person of these rows, and can hardly mean another.

    They fit without contradiction, and by more than one word.
    """
    index = SearchIndex(rows)
    found = set()
    for one in searches:
        with suppress(BadInput):  # of an entry that no program of ours wrote; it must not hold up an erasure
            query = parse_query(one.text, one.born, one.unit)
            if _is_particular(query) and any(not row.against for row in index.search(query, len(index))):
                found.add(one.sealed_under())
    return found


def _is_particular(query: Query) -> bool:
    return bool(query.numbers) or len(query.words) + len(query.initials) + (query.born is not None) > 1
