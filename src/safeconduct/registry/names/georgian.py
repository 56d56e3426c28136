"""Georgian names in Mkhedruli (and its capitals, Mtavruli).

The key joins what the national system of romanisation (2002) and BGN/PCGN (2009) tell apart with apostrophes
(ejectives) and what Russian and Ukrainian spellings merge.
"""

from typing import Final

from safeconduct.registry.names.family import Family

_LETTERS: Final = str.maketrans(
    {
        **dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცწჭხჰ", "abhdevstiklmnopwrstupkhkwczzchh", strict=True)),
        "ძ": "ds",
        "ჯ": "dw",
    }
)


def read(word: str) -> tuple[str, ...]:
    """A word in Georgian letters in the letters of the key."""
    return (word.casefold().translate(_LETTERS),)


GEORGIAN: Final = Family("Georgian", "Georgian", (("Ⴀ", "ჿ"), ("Ა", "Ჿ")), read, True, True, (), ())
