"""Ukrainian, Russian and Belarusian names, and any others written in Cyrillic.

The letters of the three alphabets, the old Russian ones, and those that the Turkic, Iranian and Caucasian languages of
the region add to them.
"""

import re
from typing import Final

from safeconduct.registry.names.family import Family
from safeconduct.registry.names.slavic_given_names import MEN, WOMEN

_LETTERS: Final = str.maketrans(
    {
        **dict(zip("абвгґдеєжзиіїйклмнопрсту", "abvhhdeewsiiiiklmnoprstu", strict=True)),
        **dict(zip("фхцчшщыэёўѣѳѵ", "fhzcwwieevefi", strict=True)),
        **dict(zip("әөүұңҥһқҡғҳҷҙҫӣӯѝђјљњќѓѕ", "aouunnhkkhhcssiuidilnkhs", strict=True)),
        "ъ": "",
        "ь": "j",  # a glide if о follows (Ковальов), else nothing
        "ю": "iu",
        "я": "ia",
        "ћ": "c",
        "џ": "dw",
        "җ": "dw",
        "ӂ": "w",
        "ӏ": "",  # Caucasian ejectives
    }
)

_BELARUSIAN = re.compile("ў|дзь|^дзм|[бвгджзклмнпрстфхцчш]э.*і|і.*[бвгджзклмнпрстфхцчш]э|і.*ы|ы.*і")
_SOFTENED = re.compile("дз(?=[еёіюяь])|ц(?=[еёіюяь])")
_HARDENED = {"дз": "д", "ц": "т"}


def read(word: str) -> str:
    """A word in Cyrillic in the letters of the key."""
    if _BELARUSIAN.search(word):  # it writes what it softens: Дзмітрый, Цімашэнка
        word = _SOFTENED.sub(lambda part: _HARDENED[part[0]], word)
    return word.translate(_LETTERS)


SLAVIC: Final = Family("Slavic", "Cyrillic", (("Ѐ", "ӿ"),), read, True, MEN, WOMEN)
