"""In which script a name is written, and after which scheme, as far as the letters tell: for a reader, not for
comparing."""

import re
from typing import Final

from safeconduct.registry.names.families import family_of

_APOSTROPHE = "['’ʼʹ′]"
_SCHEMES: Final = (
    # The first whose letters a name shows; what several schemes share tells nothing.
    ("ALA-LC", re.compile("[\u0361\ufe20]")),
    ("ISO 9", re.compile("[ŝâû]")),
    ("Belarusian Latin", re.compile("[ŭłśźć]")),
    ("scholarly", re.compile("[šžčě]|[^aeiou]j[aeu]|[iy]j$(?<!tsch..)")),
    ("German press", re.compile("tsch|sch|[oe]w[a]?$|w[sk]")),
    ("French", re.compile("tch|ou(?!sk)(?=[^aeiou])|ï")),
    ("BGN/PCGN", re.compile(f"yy$|[^aeiou]y[aeu]|ayev|eyev|{_APOSTROPHE}y|iy$|y[aeu]")),
    ("Ukrainian 2010", re.compile("zgh|yi(?:$|v)|skyi$|[^aeiou]i[au](?=.*[hy])")),
    ("ICAO 9303", re.compile("skii$|[^aeiou]i[au]|ii$|^i[aeu]")),
)
_LANGUAGES: Final = (
    ("Ukrainian", re.compile("[їєґ]|і(?!.*[ыэў])")),
    ("Belarusian", re.compile("ў|і|[бвгжзклмнпрстфчш]э")),
    ("Russian", re.compile("[ыэъё]")),
)


def spelling_of(name: str) -> str:
    """Script and, where the letters show it, language or scheme: "Cyrillic (Ukrainian)", "Latin (BGN/PCGN)", "Arabic";
    empty for a name without letters."""
    small = name.casefold()
    letters = "".join(letter for letter in small if letter.isalpha())
    if not letters:
        return ""
    family = family_of(letters)
    if family is None:
        return _with("Latin", _SCHEMES, small) if any(letter < "ɐ" for letter in letters) else "another script"
    return _with(family.script, _LANGUAGES if family.script == "Cyrillic" else (), small)


def _with(script: str, known: tuple[tuple[str, re.Pattern[str]], ...], small: str) -> str:
    found = next((name for name, letters in known if letters.search(small)), "")
    return f"{script} ({found})" if found else script
