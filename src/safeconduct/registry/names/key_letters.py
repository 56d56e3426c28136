"""The letters of the key, in which the differences between scripts and schemes are gone.

г, ґ, х and h are one letter because Latin h and g are each of them in some scheme; с and з because German s is either;
ж and ш because German sch is either; и, і, ы, й one vowel, е, є, э one vowel. The key's letters and what they stand
for: a b v d e f k l m n o p r t u as read; h г х; s с з; w ж ш щ; c ч; z ц; i the vowels above; dw дж; j a soft sign
until `settle` has used it.
"""

import re

_REPEATED = re.compile(r"(.)\1+")
_VOWELS_TWICE = re.compile(r"([aeiu])\1+")

_SOFT = ("lev", "cev", "wev")
_SOFT_ENDS = tuple(soft + end for soft in _SOFT for end in ("", "a"))


def settle(key: str) -> str:
    """What remains of the schemes' differences once the letters are read: soft signs, glides, doubled letters,
    roots and endings that the languages spell each its own way."""
    if "j" in key:
        key = key.replace("jo", "io").replace("j", "")
    key = key.replace("ts", "z").replace("tc", "c").replace("wc", "w").replace("ou", "u")
    key = _REPEATED.sub(r"\1", key).replace("io", "e").replace("ie", "e")
    key = key[:1] + key[1:].replace("ia", "a").replace("iu", "u")
    key = _VOWELS_TWICE.sub(r"\1", key.replace("ei", "i"))
    return _settle_forms(key.replace("zk", "sk").replace("co", "ce").replace("wo", "we"))


def _settle_forms(key: str) -> str:
    key = key.replace("ivsk", "ovsk")  # Ukrainian -івський is Russian -овский
    if key.startswith("pid") and len(key) > 5:  # Піддубний, Поддубный
        key = f"pod{key[3:]}"
    elif key.startswith("bil") and len(key) > 3:  # Білоус, Белоус
        key = f"bel{key[3:]}"
    if key.endswith(_SOFT_ENDS) and len(key) > 4:  # Ковальов, Ковалёв, Ковалев
        cut = key.rindex("ev")
        return f"{key[:cut]}o{key[cut + 1 :]}"
    if key.endswith("enka"):  # Belarusian -энка
        return f"{key[:-1]}o"
    if key.endswith("oi") and len(key) > 4:  # Водяной, Водяний
        return f"{key[:-2]}i"
    return key
