"""Every way of writing names in Latin letters that clerks of the list pairs use, by its short name."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from safeconduct.sim import romanisation, romanisation_belarusian, romanisation_passports, romanisation_press
from safeconduct.sim.translation import Language


class Scheme(NamedTuple):
    """The language that a clerk hears, and what is written for it."""

    language: Language
    romanise: Callable[[str], str]


SCHEMES: Mapping[str, Scheme] = {
    "cabinet-2010": Scheme("uk", romanisation.cabinet_2010),
    "bgn-1965": Scheme("uk", romanisation.bgn_pcgn_1965),
    "icao-uk": Scheme("uk", romanisation.icao_ukrainian),
    "iso9-uk": Scheme("uk", romanisation.iso_9_ukrainian),
    "scholarly-uk": Scheme("uk", romanisation.scientific_ukrainian),
    "german-uk": Scheme("uk", romanisation_press.german_ukrainian),
    "french-uk": Scheme("uk", romanisation_press.french_ukrainian),
    "english-uk": Scheme("uk", romanisation_press.english_ukrainian),
    "bgn-1947": Scheme("ru", romanisation.bgn_pcgn_1947),
    "icao-ru": Scheme("ru", romanisation.icao_russian),
    "iso9-ru": Scheme("ru", romanisation.iso_9_russian),
    "scholarly-ru": Scheme("ru", romanisation.scientific_russian),
    "soviet-passport": Scheme("ru", romanisation_passports.soviet_passport),
    "passport-1997": Scheme("ru", romanisation_passports.passport_of_1997),
    "gost-52535": Scheme("ru", romanisation_passports.gost_52535),
    "german-ru": Scheme("ru", romanisation_press.german_russian),
    "french-ru": Scheme("ru", romanisation_press.french_russian),
    "english-ru": Scheme("ru", romanisation_press.english_russian),
    "instruction-2000": Scheme("be", romanisation_belarusian.instruction_2000),
    "instruction-2007": Scheme("be", romanisation_belarusian.instruction_2007),
    "lacinka": Scheme("be", romanisation_belarusian.lacinka),
    "icao-be": Scheme("be", romanisation_passports.icao_belarusian),
}
OWN_ALPHABET = "own-alphabet"
"""Not a scheme: the form of the bearer's own Latin alphabet, or the press's."""
ARABIC = "arabic"
"""Not a scheme: an Arab's name in Arabic."""


def without_accents(latin: str) -> str:
    """What a keyboard without accents makes of it."""
    plain = latin.translate(str.maketrans("łŁəƏıđĐøØğĞ", "lLaAidDoOgG"))
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
