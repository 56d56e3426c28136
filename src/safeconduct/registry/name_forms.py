"""The distinct spellings in one column of names, and which of them a word may mean in spite of typing errors.

A word is compared with a name as both are written, and by their keys across scripts (`registry.fold`); the better of
the two counts. So two slips of the finger are two, even where a letter left out makes another sound in the key.

Each spelling has a mask of its letters, three bits a letter for the first three times that it stands there. One typing
error flips at most two bits, an exchange of neighbours none: nearly all of a million spellings are ruled out by a few
operations on whole arrays, and only the rest is compared letter by letter.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cdist

from safeconduct.registry.fold import fold
from safeconduct.registry.values import word_key

MOST_ERRORS: Final = 2
"""Typing errors in all: letters left out, put in, taken for another, or two neighbours exchanged."""

EMPTY: Final = 0
"""The spelling of a column that says nothing."""

ERROR: Final = 1000
"""What one typing error costs; below that stand the costs of what is no error."""
SPELT, FORM, INITIAL, LACKING = 1, 2, 4, 12
"""The same in another script or scheme; a form of the same name (Микола, Николай); an initial; nothing to compare."""
FAR: Final = (MOST_ERRORS + 1) * ERROR

_BETWEEN = re.compile(r"[\s\-‐‑–]+")
_CLASSES, _COUNTED = 21, 3

Costs = NDArray[np.int16]
"""Of every spelling of a column, by its number; FAR if it does not fit."""


def errors_allowed(length: int, other: int) -> int:
    """How many typing errors may lie between a word and a name of so many letters: half of the longer must be right."""
    return min(MOST_ERRORS, max(length, other) // 2)


def parts_of(name: str) -> list[str]:
    """Of a name of several words (Нечуй-Левицький, Бен Алі) each; somebody may ask by one of them."""
    parts = [part for part in _BETWEEN.split(name) if len(fold(part)) > 1]
    return parts if len(parts) > 1 else []


class _Spellings:
    """Distinct texts, numbered from 0, and which are within some typing errors of another."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._masks = array("Q")
        self._by_length: tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]] | None = None

    def add(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
            self._masks.append(_mask(text))
            self._by_length = None
        return number

    def near(self, text: str) -> Iterator[tuple[int, int]]:
        """The numbers of the texts within the errors allowed, each with how many there are."""
        length, mask = len(text), np.uint64(_mask(text))
        numbers, masks, starts = self._settled()
        for other in range(max(length - MOST_ERRORS, 1), min(length + MOST_ERRORS, len(starts) - 2) + 1):
            most = errors_allowed(length, other)
            start, end = starts[other], starts[other + 1]
            if abs(other - length) > most or start == end:
                continue
            # A letter more or less flips one bit, another letter in its place two.
            flipped = np.bitwise_count(masks[start:end] ^ mask) <= 2 * most - abs(other - length)
            likely = numbers[start:end][flipped].tolist()
            if likely:
                texts = [self.texts[number] for number in likely]
                errors = cdist([text], texts, scorer=DamerauLevenshtein.distance, score_cutoff=most, dtype=np.uint8)[0]
                for at in np.flatnonzero(errors <= most).tolist():
                    yield likely[at], int(errors[at])

    def _settled(self) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
        """Numbers and masks in order of length, and where each length begins."""
        if self._by_length is None:
            lengths = np.fromiter(map(len, self.texts), np.int64, len(self.texts))
            numbers = np.argsort(lengths, kind="stable")
            masks = np.frombuffer(self._masks, np.uint64)[numbers] if self._masks else np.empty(0, np.uint64)
            starts = np.searchsorted(lengths[numbers], np.arange(int(lengths.max(initial=0)) + 2))
            self._by_length = numbers, masks, starts
        return self._by_length


class NameForms:
    """The spellings of one column, numbered from 0, which is `EMPTY`."""

    def __init__(self, same: Callable[[str], str], likely: Callable[[str], str] | None = None) -> None:
        """`same` gives one key to all forms of one name; `likely` also to what is one slip away from a known one."""
        self._same, self._likely = same, likely
        self._ids: dict[str, int] = {"": EMPTY}
        self._written, self._keys = _Spellings(), _Spellings()
        self._of_written: list[list[int]] = []
        self._of_key: list[list[int]] = []
        self._of_same: dict[str, list[int]] = {}
        self._initials: dict[str, array[int]] = {}
        """Names written in full, by the first letter of their key."""
        self._only_initial: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, name: str) -> int:
        """The number of a spelling."""
        known = self._ids.get(name)
        if known is not None:
            return known
        written, key = word_key(name), fold(name)
        if not key:
            return EMPTY
        number = self._ids[name] = len(self._ids)
        if len(written) == 1:
            self._only_initial.setdefault(key[0], []).append(number)
            return number
        for part in (name, *parts_of(name)):
            for spellings, text, names in (
                (self._written, word_key(part), self._of_written),
                (self._keys, fold(part), self._of_key),
            ):
                at = spellings.add(text)
                if at == len(names):
                    names.append([])
                names[at].append(number)
            self._of_same.setdefault(self._same(part), []).append(number)
        for letter in {key[0], *self._same(name)[:1]}:  # that of its usual form, too: М. is Николай
            self._initials.setdefault(letter, array("i")).append(number)
        return number

    def near(self, word: str) -> Costs:
        """What each spelling costs that a word may mean."""
        found: dict[int, int] = {}
        if self._likely is not None:
            _lower(found, self._of_same.get(self._likely(word), ()), ERROR + FORM)
        _lower(found, self._of_same.get(self._same(word), ()), FORM)
        for number, errors in self._keys.near(fold(word)):
            _lower(found, self._of_key[number], errors * ERROR + SPELT)
        for number, errors in self._written.near(word_key(word)):
            _lower(found, self._of_written[number], errors * ERROR)
        costs = np.full(len(self), FAR, np.int16)
        costs[list(found)] = list(found.values())
        return costs

    def with_initial(self, letter: str) -> Costs:
        """The names, in full or not, that begin with a letter."""
        costs = np.full(len(self), FAR, np.int16)
        key = fold(letter)[:1]
        for names in (self._initials.get(key), self._only_initial.get(key)):
            if names:
                costs[names] = INITIAL
        return costs

    def less_than(self, costs: Costs, word: str = "") -> Costs:
        """The same where less will do: nothing, and the initial of a word."""
        less = costs.copy()
        less[EMPTY] = LACKING
        for name in self._only_initial.get(fold(word)[:1], ()):
            less[name] = min(less[name], INITIAL)
        return less


def _lower(costs: dict[int, int], numbers: Iterable[int], cost: int) -> None:
    for number in numbers:
        if costs.get(number, FAR) > cost:
            costs[number] = cost


def _mask(text: str) -> int:
    mask = 0
    for letter in text:
        bits = ord(letter) % _CLASSES * _COUNTED
        if not mask >> bits & 1:
            mask |= 1 << bits
        elif not mask >> bits & 2:
            mask |= 2 << bits
        else:
            mask |= 4 << bits
    return mask
