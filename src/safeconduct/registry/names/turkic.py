"""Names of Turkic, Iranian, Mongolic and Caucasian peoples, in the Cyrillic and Latin letters of their own languages.

Russian and Ukrainian papers spell them in their own alphabets, which `slavic` reads; here is what the languages' own
letters add. Azerbaijani `c` is дж, `ə` is а in a name's first syllable for Russian (Мамедов) and э or а after it,
`q` is г or к. A father's name may be followed by "son of" or "daughter of" (Али оглы, Bakyt uulu, Kemeluly).

Sources: the Azerbaijani alphabet law of 25.12.1991; BGN/PCGN tables for Azerbaijani, Kazakh, Kyrgyz, Tajik, Uzbek,
Bashkir and Tatar Cyrillic.
"""

import re
from typing import Final

from safeconduct.registry.names.family import Family
from safeconduct.registry.names.turkic_given_names import MEN, WOMEN

CYRILLIC: Final = {
    **dict(zip("әөүұңҥһқҡғҕҳҷҙҫӣӯҝ", "aouunnhkkhhhcssiuk", strict=True)),
    "җ": "dw",
    "ҹ": "dw",
    "ӏ": "",  # Caucasian ejectives
}
"""Letters that the languages add to the Russian alphabet, in the letters of the key."""

_OWN_LETTERS = re.compile("[ışə]")


def spelt_out(word: str) -> tuple[str, ...]:
    """A word with letters of Azerbaijani or Turkish as other Latin schemes would write it; as it is without them."""
    if not _OWN_LETTERS.search(word):
        return (word,)
    word = word.replace("c", "dž")
    words: tuple[str, ...] = (word,)
    if "ə" in word:  # Məmmədov is Мамедов in Russian, but Həsənov is Гасанов
        words = (word.replace("ə", "a", 1).replace("ə", "e"), word.replace("ə", "a"), word.replace("ə", "e"))
    if "q" in word:  # Quliyev is Гулиев or Кулиев
        words = (*words[:2], *(each.replace("q", "g") for each in words[:2]))
    return words


TURKIC: Final = Family(
    "Turkic",
    "Cyrillic",
    (),  # no script of its own
    lambda word: (word,),
    True,
    True,
    MEN,
    WOMEN,
    after_father="оглы огли оглу углы угли уулу улы ұлы ўғли кызы кизи қизи қызы oglu oğlu ogly ohly ogli ogʻli ugli"
    " uulu uly kyzy kizi qizi qızı qyzy",
)
