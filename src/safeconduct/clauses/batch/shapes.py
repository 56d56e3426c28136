"""The shape of a line: what stands in it besides the values.

Reports that one program wrote are alike: the same keys in the same order with the same spaces. That a line consists of
a shape's fixed parts with clean values between them (no quotes, backslashes or control characters in texts, numbers as
this software would write them) proves that it is one JSON object with these keys and values.
"""

import re
from dataclasses import dataclass

NUMBER = r"(?:0|-?[1-9][0-9]{0,14}|0\.0|-?[1-9][0-9]{0,5}\.(?:0|[0-9]{0,8}[1-9])|-?0\.0{0,3}[1-9](?:[0-9]{0,7}[1-9])?)"
"""Numbers whose text a reader in floating point would give back digit for digit."""

WORDS = ("true", "false", "null")
"""The forms of a value that is one word."""

_SPACE = r"[ \t]*"
_KEY = rf'{_SPACE}(?:\{{{_SPACE})?"([A-Za-z_][A-Za-z0-9_]*)"{_SPACE}:{_SPACE}'
_END = rf"{_SPACE}(?:\}}{_SPACE})?"
_TEXT = re.compile(rf'({_KEY}")[^"\\\x00-\x1f,]*("{_END})')
# Nothing but a comma may follow: of 0.25 the 0 alone is a number too.
_NUMBER = re.compile(rf"({_KEY}){NUMBER}({_END})(?![^,])")
_WORD = re.compile(rf"({_KEY}(true|false|null){_END})")
_PAIR = re.compile(rf"({_KEY}\[{_SPACE}){NUMBER}({_SPACE}),({_SPACE}){NUMBER}({_SPACE}\]{_END})")


@dataclass(frozen=True)
class Piece:
    """One key and its value, as it stands in a line."""

    key: str
    form: str
    """text, number, pair (of numbers), true, false or null."""
    around: tuple[tuple[str, str], ...]
    """What stands before and after the value in each place between commas: a pair takes two. A word stands before."""


@dataclass(frozen=True)
class Shape:
    """A line without its values."""

    pieces: tuple[Piece, ...]

    @property
    def places(self) -> list[tuple[str, str]]:
        """What is fixed before and after the value in each place between commas."""
        return [around for piece in self.pieces for around in piece.around]

    @property
    def quotes(self) -> int:
        """How many quotation marks a line of this shape has, if its values have none."""
        return sum(before.count('"') + after.count('"') for before, after in self.places)

    def forms(self) -> dict[str, str]:
        """The form of each key."""
        return {piece.key: piece.form for piece in self.pieces}


def shape_of(line: str) -> Shape | None:
    """The shape of a line without its line break; None if it is too unusual to have one."""
    pieces: list[Piece] = []
    position = 0
    while position <= len(line):
        found = _piece(line, position)
        if found is None:
            return None
        piece, position = found
        pieces.append(piece)
        if position < len(line) and line[position] != ",":
            return None
        position += 1
    shape = Shape(tuple(pieces))
    forms = shape.forms()
    if len(forms) != len(pieces) or any(forms.get(key) != "text" for key in ("id", "type", "at")):
        return None
    braces = [(before.count("{"), after.count("}") + before.count("}")) for before, after in shape.places]
    opened, closed = [one for one, _ in braces], [one for _, one in braces]
    return shape if opened == [1, *opened[1:]] and closed == [*closed[:-1], 1] and sum(opened + closed) == 2 else None


def _piece(line: str, position: int) -> tuple[Piece, int] | None:
    if match := _TEXT.match(line, position):
        before, key, after = match.groups()
        return Piece(key, "text", ((before, after),)), match.end()
    if match := _WORD.match(line, position):
        all_of_it, key, word = match.groups()
        return Piece(key, word, ((all_of_it, ""),)), match.end()
    if match := _PAIR.match(line, position):
        before, key, after, before_second, after_second = match.groups()
        return Piece(key, "pair", ((before, after), (before_second, after_second))), match.end()
    if match := _NUMBER.match(line, position):
        before, key, after = match.groups()
        return Piece(key, "number", ((before, after),)), match.end()
    return None
