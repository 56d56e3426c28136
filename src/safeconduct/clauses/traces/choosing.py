"""Persons made to order for a selector: candidates whom it certainly matches."""

from collections.abc import Iterator, Set
from datetime import date, timedelta
from itertools import count, islice, product

import msgspec

from safeconduct.vocabulary.categories import REMAINS
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person
from safeconduct.vocabulary.selector import Selector

_KINDS_AT_MOST = 100_000


def persons_matching(
    selector: Selector,
    number: int,
    held_by: tuple[str, ...],
    home: tuple[str, ...],
    ranks: tuple[str, ...] = (),
    taken: Set[str] = frozenset(),
) -> tuple[Person, ...]:
    """So many different persons whom the selector matches, held by one of these parties and at home at one of those,
    of one of these ranks if any are named, with none of the refs taken; fewer where it names refs, none if there is no
    such person."""
    for kind in islice(_kinds(selector, held_by, home, ranks), _KINDS_AT_MOST):
        found: list[Person] = []
        for ref in _refs(selector):
            if len(found) == number:
                break
            person = msgspec.structs.replace(kind, ref=ref)
            if ref not in taken and selector.matches(person):
                found.append(person)
            elif not selector.ref and ref not in taken:
                break
        if found:
            return tuple(found)
    return ()


def _kinds(
    selector: Selector, held_by: tuple[str, ...], home: tuple[str, ...], ranks: tuple[str, ...]
) -> Iterator[Person]:
    """Who a person may be, all but the ref, the plainest first."""
    levels = list(_levels(selector))
    sexes = (*selector.sex, "", *(sex for level in levels for sex in level.sex), "X")
    others = (*(one for level in levels for one in level.category), REMAINS)
    categories = (
        *((one,) for one in selector.category),
        (),
        *((one,) for one in others),
        *product(selector.category or others, others),
    )
    own_ranks = ranks or (*selector.rank, "", *(rank for level in levels for rank in level.rank), "another rank")
    births = (*_births(selector), None, *(born for level in levels for born in _births(level)))
    captures = (*_captures(selector), None, *(when for level in levels for when in _captures(level)))
    pairs = sorted(product(held_by, home), key=lambda pair: pair[0] == pair[1])
    waits = dict.fromkeys((*_waits(selector), 0, *(rounds for level in levels for rounds in _waits(level))))
    for pair, sex, category, rank, born, captured, waited in product(
        pairs, sexes, categories, own_ranks, births, captures, waits
    ):
        yield Person(
            ref="",
            held_by=pair[0],
            home=pair[1],
            sex=sex,
            categories=category,
            rank=rank,
            birth_date=born,
            captured_on=captured,
            rounds_waited=waited,
        )


def _levels(selector: Selector) -> Iterator[Selector]:
    """The selectors under `not`, and under theirs."""
    inner = selector.excluding
    while inner is not None:
        yield inner
        inner = inner.excluding


def _refs(selector: Selector) -> Iterator[str]:
    named = set(selector.refs())
    if selector.ref:
        yield from selector.ref
    else:
        yield from (ref for ref in (f"c{number}" for number in count(1)) if ref not in named)


def _births(selector: Selector) -> Iterator[ImpreciseDate]:
    """The first and the last day of birth at the bounds of the ages, and just beyond them."""
    for one in selector.age:
        for age in (one.youngest, one.oldest, one.youngest - 1, one.oldest + 1):
            for born in (_birthday(selector.as_of, age), _birthday(selector.as_of, age + 1)):
                if born is not None:
                    yield ImpreciseDate(born, born)
                    yield ImpreciseDate(born + timedelta(days=1), born + timedelta(days=1))


def _birthday(as_of: date, age: int) -> date | None:
    """The day of birth of who has that age from this day on; None if the calendar has none."""
    if not 1 <= as_of.year - age < date.max.year:
        return None
    return date(as_of.year - age, as_of.month, min(as_of.day, 28))


def _waits(selector: Selector) -> Iterator[int]:
    """The rounds at the bounds of the ranges, and just beyond them."""
    for one in selector.rounds_waited:
        yield one.fewest
        if one.most is not None:
            yield one.most + 1


def _captures(selector: Selector) -> Iterator[ImpreciseDate]:
    for limit in selector.captured_before:
        if limit > date.min:
            before = limit - timedelta(days=1)
            yield ImpreciseDate(before, before)
        yield ImpreciseDate(limit, limit)
