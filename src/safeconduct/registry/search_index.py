"""Who in the registry may be meant by a question: every row whose name fits, the likeliest first.

A row fits if every word of the question stands in a column of its own (`placings`) with at most two typing errors in
all. Nothing else excludes a row: a birth date, number or unit that differs is told, and puts it further down.

All of it lives in memory, numbers in arrays and each distinct spelling once. Rows are found by their surname, or by
given name and patronymic together, never one by one.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from safeconduct.registry.birth_fit import birth_costs, packed_date
from safeconduct.registry.entries import PersonListed
from safeconduct.registry.fold import given_key, likely_given_key, likely_patronymic_key, patronymic_key
from safeconduct.registry.name_forms import ERROR, FAR, NameForms
from safeconduct.registry.placings import (
    FAMILY,
    GIVEN,
    NONE,
    NOWHERE,
    PATRONYMIC,
    UNPLACED,
    Fitting,
    Placing,
    errors_of,
    fitting_initial,
    fitting_word,
    placings,
)
from safeconduct.registry.search_query import Query, unit_key
from safeconduct.registry.search_reasons import reasons_of
from safeconduct.registry.values import word_key

Rows = NDArray[np.int64]

_ERROR_COSTS, _UNPLACED_COSTS = 10, 1000
_NO_NUMBER, _OTHER_NUMBER, _OTHER_NAME = 5, 15, 60
_NO_UNIT, _OTHER_UNIT = 2, 5
"""Beside ten for a typing error."""


@dataclass(frozen=True, slots=True)
class Found:
    """One row that may be meant."""

    row: PersonListed
    errors: int
    """Typing errors in its name."""
    against: tuple[str, ...]
    """What contradicts, in plain words."""
    for_it: tuple[str, ...]
    """What speaks for it, and what there is nothing to compare with."""


class SearchIndex:
    """The rows of lists, to be searched."""

    def __init__(self, rows: Iterable[PersonListed] = ()) -> None:
        self._rows: list[PersonListed] = []
        self._stands = array("b")
        self._places: dict[tuple[str, str], int] = {}
        self._forms: Final = (
            NameForms(given_key),  # a given name stands in the surname's column where a clerk swapped them
            NameForms(given_key, likely_given_key),
            NameForms(patronymic_key, likely_patronymic_key),
        )
        self._names = (array("i"), array("i"), array("i"))
        self._born = array("i")
        self._numbered = array("b")
        self._units = array("i")
        self._unit_numbers: dict[str, int] = {"": 0}
        self._by_number: dict[str, list[int]] = {}
        self._grouped: list[_Grouped | None] = [None, None, None]
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self._places)

    def distinct(self) -> tuple[int, int, int]:
        """How many spellings stand in the columns of surnames, given names and patronymics."""
        family, given, patronymic = self._forms
        return len(family), len(given), len(patronymic)

    def add(self, row: PersonListed) -> None:
        """Take a row in; of one list and ref, the last stands."""
        replaced = self._places.get((row.list_id, row.ref))
        if replaced is not None:
            self._stands[replaced] = False
        place = self._places[row.list_id, row.ref] = len(self._rows)
        self._rows.append(row)
        self._stands.append(True)
        for forms, names, name in zip(
            self._forms, self._names, (row.family_name, row.given_name, row.patronymic), strict=True
        ):
            names.append(forms.add(name))
        self._born.append(packed_date(row.birth_date))
        self._units.append(self._unit_numbers.setdefault(unit_key(row.unit), len(self._unit_numbers)))
        self._numbered.append(bool(row.service_number))
        for number in {word_key(row.service_number), word_key(row.ref)} - {""}:
            self._by_number.setdefault(number, []).append(place)
        self._grouped = [None, None, None]

    def search(self, query: Query, limit: int) -> list[Found]:
        """The rows that fit, the likeliest first; of equals the one that was listed first."""
        if not self._rows:
            return []
        words = len(query.words)
        fittings = [fitting_word(word, self._forms) for word in query.words]
        fittings += [fitting_initial(letter, self._forms) for letter in query.initials]
        numbered = sorted({place for number in query.numbers for place in self._by_number.get(number, ())})
        rows = self._candidates(fittings[:words], numbered)
        ways = placings(words, len(fittings) - words) if words else ()
        names, placed = self._name_costs(ways, fittings, rows)
        has_number = np.isin(rows, numbered)
        fits = (names < NONE) | has_number
        rows, names, placed, has_number = rows[fits], names[fits], placed[fits], has_number[fits]
        births = birth_costs(_view(self._born)[rows], packed_date(str(query.born) if query.born else ""))
        found = []
        for at in _first(self._costs(query, rows, names, has_number) + births, limit):
            place = int(rows[at])
            row = self._rows[place]
            way = ways[placed[at]] if names[at] < NONE else None
            spelt = [column[place] for column in self._names]
            against, for_it = reasons_of(query, row, fittings, way, spelt, int(births[at]), bool(has_number[at]))
            found.append(Found(row, errors_of(int(names[at])) if way else 0, tuple(against), tuple(for_it)))
        return found

    def _candidates(self, words: Sequence[Fitting], numbered: Sequence[int]) -> Rows:
        """The places of the rows that may fit, in their order."""
        chosen = np.zeros(len(self._rows), np.bool_)
        chosen[numbered] = True
        self._choose(chosen, FAMILY, words)
        self._choose(chosen, PATRONYMIC, words, also_given=len(words) > 1)
        if len(words) == 1:
            self._choose(chosen, GIVEN, words)
        return np.flatnonzero(chosen & np.frombuffer(self._stands, np.bool_))

    def _choose(
        self, chosen: NDArray[np.bool_], column: int, words: Sequence[Fitting], *, also_given: bool = False
    ) -> None:
        """Choose the rows in whose column a word may stand, and also one in the given name's."""
        spellings = np.flatnonzero(_meant(words, column)).tolist() if words else ()
        if not spellings:
            return
        rows = self._grouping(column).rows(spellings)
        if also_given:
            rows = rows[_meant(words, GIVEN)[_view(self._names[GIVEN])[rows]]]
        chosen[rows] = True

    def _grouping(self, column: int) -> "_Grouped":
        grouped = self._grouped[column]
        if grouped is None:
            grouped = self._grouped[column] = _Grouped(self._names[column], len(self._forms[column]))
        return grouped

    def _name_costs(
        self, ways: Sequence[Placing], fittings: Sequence[Fitting], rows: Rows
    ) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """The cost of the best way in each row, and which way that is; NONE where none fits."""
        spelt = [_view(column)[rows] for column in self._names]
        known: dict[tuple[int, int, bool], NDArray[np.int16]] = {}
        best, placed = np.full(len(rows), NONE, np.int32), np.zeros(len(rows), np.int16)
        for number, way in enumerate(ways):
            total = np.zeros(len(rows), np.int16)
            for item, column in enumerate(way.columns):
                if column != NOWHERE:
                    what = item, column, column in way.lacking
                    if what not in known:
                        known[what] = fittings[item].costs(way, column)[spelt[column]]
                    total += known[what]
            better = (total < FAR) & (total + np.int32(way.cost) < best)
            best[better] = total[better] + np.int32(way.cost)
            placed[better] = number
        return best, placed

    def _costs(
        self, query: Query, rows: Rows, names: NDArray[np.int32], has_number: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """How far each row is from what was asked, its birth date aside."""
        unplaced, rest = np.divmod(names, UNPLACED)
        costs: NDArray[np.int64] = (unplaced * _UNPLACED_COSTS + rest // ERROR * _ERROR_COSTS + rest % ERROR).astype(
            np.int64
        )
        costs[names >= NONE] = _OTHER_NAME if query.words else 0
        if query.numbers:
            other = np.where(np.frombuffer(self._numbered, np.int8)[rows] > 0, _OTHER_NUMBER, _NO_NUMBER)
            costs += np.where(has_number, 0, other)
        if query.unit:
            units = _view(self._units)[rows]
            wanted = self._unit_numbers.get(query.unit, -1)
            costs += np.where(units == wanted, 0, np.where(units == 0, _NO_UNIT, _OTHER_UNIT))
        return costs


class _Grouped:
    """The rows of one column by their spelling."""

    def __init__(self, names: "array[int]", spellings: int) -> None:
        column = _view(names)
        self._order: Rows = np.argsort(column, kind="stable")
        self._starts = np.searchsorted(column[self._order], np.arange(spellings + 1)).tolist()

    def rows(self, spellings: Iterable[int]) -> Rows:
        """The places of the rows that have one of these spellings."""
        return np.concatenate([self._order[self._starts[one] : self._starts[one + 1]] for one in spellings])


def _meant(words: Sequence[Fitting], column: int) -> NDArray[np.bool_]:
    """Of each spelling in a column whether any of these words may mean it."""
    fits: NDArray[np.bool_] = np.min([word.full[column] for word in words], axis=0) < FAR
    return fits


def _view(column: "array[int]") -> NDArray[np.int32]:
    return np.frombuffer(column, np.int32)


def _first(costs: NDArray[np.int64], limit: int) -> list[int]:
    """The places of the least costs, of equals the earlier."""
    keys = costs * len(costs) + np.arange(len(costs))
    if len(keys) > limit:
        keys = np.partition(keys, limit)[:limit] if limit else keys[:0]
    return [int(key) % len(costs) for key in np.sort(keys)]
