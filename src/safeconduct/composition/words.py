"""Words that the sentences on a round share."""

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """`RU, UA and BY`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def numbered(number: int, what: str) -> str:
    """`1 person`, `1,200 persons`."""
    return f"{number:,} {what}{'s' if number != 1 else ''}"
