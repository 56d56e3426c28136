"""Rows between persons that are none: a heading again on each page of a printed list, numbers of columns, totals, and
titles of sections.

Each is left out with a finding. A row that may be a person's is kept: whoever stands alone in a row with a name, or
with a ref that looks like one, is not taken for a title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from safeconduct.kernel.errors import Fault
from safeconduct.registry import words
from safeconduct.registry.grids import Row
from safeconduct.registry.headings import heading_key
from safeconduct.registry.values import shown, word_key

_TITLED_COLUMNS_AT_LEAST: Final = 3
"""In a list of fewer columns a row with one cell is too little to tell a title from a person."""
_TOLD_IN: Final = 4
"""Cells of a row that counts persons, at most."""
_TOTALS: Final = frozenset(map(word_key, words.TOTALS.split(";")))
_COUNTED: Final = frozenset(map(word_key, words.COUNTED.split(";")))
_SECTIONS: Final = frozenset(map(word_key, words.SECTIONS.split(";")))
_WORDS: Final = re.compile(r"[^\W\d_]+(?:['’ʼ/][^\W\d_]+)*")
_NUMBER: Final = re.compile(r"\d+")


@dataclass
class Asides:
    """What of the rows of one list is no person. Rows must be asked about in their order."""

    file: str
    head: Row
    ref_column: int
    """From 0."""
    _keys: list[str] = field(default_factory=list)
    _beginnings: frozenset[str] = frozenset()
    """First letters of the refs of headings and totals."""
    _after_heading: bool = True
    _since_title: int = 0

    def __post_init__(self) -> None:
        self._keys = [heading_key(cell) for cell in self.head.cells]
        words_of_asides = (*_TOTALS, self.head.cells[self.ref_column].strip(), self._keys[self.ref_column])
        self._beginnings = frozenset(word[0].casefold() for word in words_of_asides if word)

    def fault(self, row: Row, persons: int) -> Fault | None:
        """Why a row is no person's, after so many persons; None if it is one's."""
        cells = row.cells
        after_heading, self._after_heading = self._after_heading, False
        ref = cells[self.ref_column].strip() if self.ref_column < len(cells) else ""
        if ref and not after_heading and self._is_no_beginning(ref[0]) and self._has_more(cells):
            return None  # nearly every row
        filled = [index for index, cell in enumerate(cells) if cell and not cell.isspace()]
        if ref and len(filled) > 1:
            if after_heading and self._numbers_columns(cells, filled):
                return self._fault(row, filled, "a row that numbers the columns", "remove it")
            if self._is_heading(ref, cells, filled):
                self._after_heading = True
                return self._fault(row, filled, "the heading once more", "remove it")
        if len(filled) <= _TOLD_IN and self._is_total(cells, filled):
            return self._total(row, filled, persons)
        if len(filled) == 1 and self._is_title(cells[filled[0]], is_ref=bool(ref)):
            self._since_title = persons
            mend = "remove the row; if it says something of the persons below, give that a column of its own"
            return self._fault(row, filled, "a title", mend)
        return None

    def _is_no_beginning(self, letter: str) -> bool:
        return letter.isalnum() and letter.casefold() not in self._beginnings

    def _has_more(self, cells: Sequence[str]) -> bool:
        """Whether something stands beside the ref."""
        return any(cell and not cell.isspace() for index, cell in enumerate(cells) if index != self.ref_column)

    def _fault(self, row: Row, filled: Sequence[int], kind: str, mend: str) -> Fault:
        text = shown(" ".join(row.cells[filled[0]].split()))
        what = f"the row of {text} was taken for {kind}, not for a person, and left out"
        return Fault(self.file, row.line, filled[0] + 1, what, mend)

    def _is_heading(self, ref: str, cells: Sequence[str], filled: Sequence[int]) -> bool:
        if ref[-1].isdigit() or heading_key(ref) != self._keys[self.ref_column]:
            return False
        return all(index < len(self._keys) and heading_key(cells[index]) == self._keys[index] for index in filled)

    def _numbers_columns(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        return len(filled) >= _TITLED_COLUMNS_AT_LEAST and all(
            cells[index].strip().strip(".()") == str(place) for place, index in enumerate(filled, start=1)
        )

    def _is_total(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        first, *others = (cells[index] for index in filled)
        found = _WORDS.findall(first)
        if not found or word_key(found[0]) not in _TOTALS:
            return False
        # A ref beside a name that happens to be such a word is a person's.
        return all(word_key(word) in _COUNTED for cell in others for word in _WORDS.findall(cell))

    def _total(self, row: Row, filled: Sequence[int], persons: int) -> Fault:
        numbers = [int(number) for index in filled for number in _NUMBER.findall(row.cells[index])[:9] if number]
        standing = f"{persons} person{'s' * (persons != 1)}"
        fault = self._fault(row, filled, "a total", "check the number, and remove the row")
        if not numbers or persons in numbers or persons - self._since_title in numbers:
            return fault
        what = f"{fault.what}; but {standing} stand above it, not {numbers[0]}".replace("; but", ", but")
        return Fault(self.file, row.line, fault.column, what, "check whether the list is complete, and remove the row")

    def _is_title(self, text: str, *, is_ref: bool) -> bool:
        if sum(map(bool, self._keys)) < _TITLED_COLUMNS_AT_LEAST:
            return False
        found = _WORDS.findall(text)
        if any(word_key(word) in _SECTIONS for word in found):
            return True
        digits = any(map(str.isdigit, text))
        if is_ref:  # a person of whom only the ref is known: a number, a code, no words
            wordy = any(len(word) > 2 for word in found)
            return len(found) > 1 or (wordy and (" " in text.strip() or not digits) and len(text.strip()) > 3)
        # In another column: a name has no digits, quotation marks or colons.
        return bool(found) and (digits or any(mark in text for mark in '«»"“”„:№'))
