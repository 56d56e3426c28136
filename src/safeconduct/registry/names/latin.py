"""Latin letters, in any usual romanisation of any of the families.

A list does not say which scheme it follows, nor of which family a name is. Most letters mean the same in all schemes
once the key has merged what they cannot tell apart; of the others (ch, j, z, c, x, zh) the rest of the word often tells
the scheme. Where it does not, there are several readings, the likeliest first.

Sources: Ukraine, Cabinet resolution 55 of 27.01.2010; BGN/PCGN agreements for Russian (1947), Ukrainian (1965, 2019),
Belarusian (1979), Georgian (2009), Arabic (1956); ICAO Doc 9303 part 3 section 6; ISO 9:1995 and ISO/R 9:1968; GOST
16876-71, GOST 7.79-2000, GOST R 52535.1-2006; DSTU 9112:2021; ALA-LC; the Belarusian instructions of 2000/2007 and
2023; the French table of Soviet passports (MVD order 310 of 1997); Duden's transcription tables.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from safeconduct.registry.names.lost_marks import restored
from safeconduct.registry.names.turkic import spelt_out

MOST_READINGS: Final = 6

_PARTS: Final = (
    # Longest first. What one scheme writes with a letter and a mark, another writes with two or more letters.
    *(("schtsch", "w"), ("chtch", "w"), ("shch", "w"), ("szcz", "w"), ("shh", "w"), ("šč", "w"), ("šć", "w")),
    *(("dzh", "dw"), ("dsch", "dw"), ("dž", "dw"), ("tsch", "c")),
    ("zgh", "sh"),  # Ukrainian зг, told from zh
    *(("sch", "w"), ("tch", "c"), ("kh", "h"), ("gh", "h"), ("zh", "w"), ("sh", "w")),
    *(("sz", "w"), ("cz", "c"), ("ch", "c"), ("ts", "z"), ("tz", "z"), ("tc", "z")),
    *(("cka", "zka"), ("cki", "zki"), ("cky", "zki"), ("cko", "zko"), ("ckì", "zki"), ("ck", "k"), ("ct", "kt")),
    *(("ph", "f"), ("th", "t"), ("que", "ke"), ("qui", "ki")),
    *(("š", "w"), ("ŝ", "w"), ("ş", "w"), ("ś", "s"), ("ž", "w"), ("ź", "s"), ("ż", "w"), ("č", "c"), ("ç", "c")),
    ("ć", "z"),  # Ukrainian ць
    *(("ß", "s"), ("ł", "l"), ("ħ", "h"), ("đ", "d"), ("ı", "i"), ("ŭ", "v"), ("û", "iu"), ("â", "ia"), ("ë", "e")),
    *(("ě", "e"), ("è", "e"), ("æ", "e"), ("ø", "o"), ("þ", "t"), ("ţ", "z")),
    *(("x", "h"), ("q", "k"), ("w", "v"), ("g", "h"), ("y", "i"), ("j", "i"), ("z", "s"), ("c", "z")),
)
_MEANING: Final = dict(_PARTS)
_ANY_PART = re.compile("|".join(re.escape(part) for part, _ in _PARTS))

_KEPT = frozenset("ışšŝśžźżčçćłŭûâëěèïţ")
"""Marked letters that mean another thing than the bare ones."""

_SCHOLARLY = re.compile("[šžčŝâûě]")
_GERMAN = re.compile("tsch|sch")
_W = re.compile("w(?!a[dhlnrs]|i[ls])")
_FRENCH = re.compile("tch|ou|ï|^dj(?=[io]|a[bflm]|en)|dj$")
_POLISH = re.compile("sz|cz")
_JOINED_ARTICLE = re.compile("^[ae]l[^aeiouyl]...")
_SURELY_POLISH = re.compile("sz|rz|w|ł")
_CZ_AS_TS = re.compile("cz(?=$|k[iay]|[oabvgdlmnpr]|ev)")
_ENGLISH = re.compile("kh|zh|sh|gh|ts(?!ch)|ya|yu|yo|ye|ee(?!v)|oo|q")
_FRENCH_TOO = re.compile("kh|ts")
"""Written so in French, too."""
_FRENCH_BESIDE = re.compile("(?<!t)ch|ine$|j")
_BARE_C = re.compile("(?<![tsc])c(?![hkz])|(?<=s)c(?![hz])|(?<=ts)c(?!h)")
_C_RATHER_K = re.compile("nc[oau]|sc[iyoa]|[uyia]c$|^c[oaulr]|c[oau]v|tsc|c[oa]$|cin|c[iy]")
_C_SURELY_K = re.compile("nco$|sc[iy][iyj]?$|sc[ao]$|sc[ai]i?a$|[iy]uc$|c(?=[rl])|^cu|cs")
_C_MAY_BE_K = re.compile("(?:[^c]|c(?=[oauiylrbdm]|$))*")
_SURE_GLIDE = re.compile("[iy]j$|[bfghklmpstvxz]j[aeu]|[nrd]ju[kchsv]")
"""Beside which every j of a word is й."""
_ZG = re.compile("(?<!s)zh(?=[aouyeiln])|(?<=^)sh(?=u)")
_SH_APART = re.compile("(?<=^[aiu])sh(?=a)")
"""Ishakov may be Исхаков."""
_TWO_WAYS = re.compile("(?<![tscz])ch|j|cz|z(?!h)|ine$|^[ae]l[^aeiouyl]...")
_SOFT_J = re.compile("(?<=[bcfgklmnpqrstvxzšžčćśź])j(?=[^aeiouyâû]|$)")
_C_AS_K = re.compile(r"^c(?=[lr]|on)|(?<=[aeiou])c(?=ol|tor)|(?<=[ai])c$|(?<=s)c(?=ar)")
_X_AS_KS = re.compile("(?<=ale)x|(?<=ma)x(?=[iy]|$)|(?<=o)x(?=an)|^x(?=en)|(?<=li)x$")
_HARD_G = re.compile("gu(?=[eiy])")
_LONG_I = re.compile("ee(?=[bdlmnrqt][aiu]?$)")
_LONG_U = re.compile("(?<=.)oo")
"""Not where a word begins (Oorzhak)."""
_OFF = re.compile("(o)ff?(a?)$|(e)ff(a?)$")
_BELARUSIAN_ENDS = ("au", "eu", "ou")
_AKANJE_ENDS = ("au", "aŭ", "aw")
"""Belarusian -аў, which is -ов."""
_BELARUSIAN_OU = re.compile("(?<=[aeo])u(?=$|sk)")

_SLAVIC_END = re.compile("(?:[aoe][vw]a?|[iy]na?|ko|[ijy]uk|ij|yj|s[kc][iy]\\w?|ska\\w*|[iy]t?s?[cč]h?|vna|slav[a]?)$")
_J_AS_DZH = re.compile(
    "^j(?=am|ab(?!l)|ad$|af|al[aiou]l|a[wv]a|ass|i|um|ub|una)|(?<=a)jj(?=[aiou])|(?<=^ma)j(?=[ei]d|di$)|(?<=^abd.l)j"
)
"""Where no Slavic name has й, but Arabic and Turkic ones have дж."""
_AW = re.compile("aw(?=[bdfhklmqrstz][aeiouy])")
_GEORGIAN_END = re.compile("(?:dze|[sš]h?vili)$")


def readings(word: str) -> tuple[str, ...]:
    """A word in small letters without apostrophes, in the letters of the key: the likeliest reading first."""
    marked = not word.isascii()
    spelt = map(_bare, spelt_out(word) if marked else (word,))
    keys = dict.fromkeys(key for each in spelt for key in _in_each_scheme(each, marked=marked))
    return tuple(islice(keys, MOST_READINGS))


def _in_each_scheme(word: str, *, marked: bool) -> Iterator[str]:
    """The likeliest first; after the first three none is compared as a surname. `marked`: the word had letters with
    marks, so that none can have lost them."""
    english = _ENGLISH.search(word) is not None
    french = _FRENCH.search(word)
    if french and not (english and french[0] == "ï") and not _BELARUSIAN_OU.search(word):
        yield _french(word)
        if "tch" not in word:  # ou and ï are in other schemes, too (Storchous)
            yield _plain(word)
        return
    if not english and not _POLISH.search(word):
        if _GERMAN.search(word):
            yield _german(word)
            if "sh" not in word:
                yield from _zg(word, _german)
            return
        if _W.search(word):  # German в, or Belarusian ў
            arabic = _AW.search(word) and not _SLAVIC_END.search(word)  # Tawfik
            yield from (_plain(word), _german(word)) if arabic else (_german(word), _plain(word))
            return
    if _SCHOLARLY.search(word):
        yield _plain(word.replace("ch", "kh").replace("c", "ts"))
        return
    if _CZ_AS_TS.search(word) and not _SURELY_POLISH.search(word):  # GOST 7.79 system B
        yield _plain(_CZ_AS_TS.sub("ts", word))
        yield _plain(word)
        return
    if _POLISH.search(word):
        yield _plain(_ks(word))
    elif english or ("ch" in word and not marked and _BARE_C.search(word)):
        yield from _english(word)
    elif marked:
        yield from _of_no_sure_scheme(word)
    else:
        yield from _perhaps_without_marks(word)


def _english(word: str) -> Iterator[str]:
    """Beside sh, ch or ts a bare c is к (Ukrainian passports of 2004) or ц (GOST R 52535, chats), and j is й or ж."""
    if _BARE_C.search(word):
        as_k, as_ts = (_plain(_BARE_C.sub(other, word)) for other in ("k", "ts"))
        yield from (as_k, as_ts) if _C_RATHER_K.search(word) else (as_ts, as_k)
    else:
        yield _plain(_ks(word))
    if not _ENGLISH.search(word):  # Belarusian ch is х
        yield _plain(word.replace("ch", "kh").replace("c", "ts"))
    if "j" in word and "zh" not in word:
        yield _plain(_BARE_C.sub("k", word).replace("j", "ž"))
    if "x" in word:
        yield _plain(_x_otherwise(word))
    if _FRENCH_BESIDE.search(word) and not _ENGLISH.search(_FRENCH_TOO.sub("", word)):
        yield _french(word)
    yield from _zg(word, _plain)
    if "q" in word:  # Azerbaijani, and Arabic ق as the Bedouins say it
        yield _plain(word.replace("q", "g"))
    if _SH_APART.search(word):
        yield _plain(_SH_APART.sub("skh", word))
    if "tco" in word:
        yield _plain(word.replace("tco", "tko"))


def _zg(word: str, read: Callable[[str], str]) -> Iterator[str]:
    """BGN/PCGN 1965 and German write Ukrainian зг as zh and sh, as they do ж."""
    if _ZG.search(word):
        yield read(_ZG.sub("zgh", word))


def _perhaps_without_marks(word: str) -> Iterator[str]:
    if "c" in word and word.endswith(_BELARUSIAN_ENDS):
        yield _plain(word.replace("ch", "kh").replace("c", "ts"))
    usual = list(_of_no_sure_scheme(word))
    lost = [_plain(_ks(spelt)) for spelt in restored(word, 3)]
    if _BARE_C.search(word):
        as_k = _BARE_C.sub("k", word)
        if _C_SURELY_K.search(word):
            yield _plain(_ks(as_k.replace("j", "ž")))
        yield from lost[:2]
        if _C_MAY_BE_K.fullmatch(word):
            yield _plain(_ks(as_k))
        yield from lost[2:]
    yield from usual
    yield from lost


def _of_no_sure_scheme(word: str) -> Iterator[str]:
    plain = _plain(_ks(word))
    yield plain
    if _JOINED_ARTICLE.search(word) and not _SLAVIC_END.search(word):
        yield plain[2:]
    if _BELARUSIAN_OU.search(word):
        yield _french(word)
    bare = word.replace("j", "") if _SURE_GLIDE.search(word) else word
    if _TWO_WAYS.search(bare):
        yield _german(word)
        yield _french(word)
        if "j" in bare:
            yield _plain(_ks(word.replace("j", "dž")))
    if "x" in word:
        yield _plain(_x_otherwise(word))


def _bare(word: str) -> str:
    """Without the marks that change nothing, ligatures (t͡s) included."""
    if word.isascii():
        return word
    parts = (
        letter
        if letter in _KEPT
        else "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
        for letter in word
    )
    return "".join(parts)


def _french(word: str) -> str:
    if _POLISH.search(word) is None:
        word = word.replace("dj", "dž").replace("tch", "č").replace("ch", "š")
        word = word if _SLAVIC_END.search(word) else _J_AS_DZH.sub("dž", word)
        word = word.replace("j", "ž")
        word = word[:-1] if word.endswith("ine") else word  # else French would not say the n
    return _parts(word.replace("x", "ks"))


def _german(word: str) -> str:
    word = re.sub("(?<![st])ch", "kh", word)
    word = re.sub("(?<!s)z(?!h)", "ts", word).replace("tts", "ts").replace("dj", "di")
    return _parts(_ks(word))


def _x_otherwise(word: str) -> str:
    """х where кс was read, кс where х was."""
    return word if _X_AS_KS.search(word) else word.replace("x", "ks")


def _ks(word: str) -> str:
    return _X_AS_KS.sub("ks", word) if "x" in word else word


def _plain(word: str) -> str:
    if "j" in word:
        word = _SOFT_J.sub("", word)
        if _GEORGIAN_END.search(word):
            word = word.replace("dj", "j").replace("j", "dž")
        elif not _SLAVIC_END.search(word):
            word = _J_AS_DZH.sub("dž", word)
    if "aw" in word and not _SLAVIC_END.search(word):  # Tawfiq, Taufiq
        word = _AW.sub("au", word)
    return _parts(word)


def _parts(word: str) -> str:
    if "ieia" in word or "ieiu" in word:  # ICAO 9303: ъ as ie
        word = word.replace("ieia", "ia").replace("ieiu", "iu")
    if "gu" in word:
        word = _HARD_G.sub("g", word)
    if "ee" in word:
        word = _LONG_I.sub("i", word)
    if "oo" in word:
        word = _LONG_U.sub("u", word)
    if "f" in word:
        word = _OFF.sub(r"\1\3v\2\4", word)
    if "c" in word:
        word = _C_AS_K.sub("k", word)
    if word.endswith(_AKANJE_ENDS) and not word.endswith(("slau", "slaw", "slaŭ")) and len(word) > 4:
        word = f"{word[:-2]}ov"
    if "u" in word:
        word = _BELARUSIAN_OU.sub("v", word)
    if "ï" in word:
        word = word.replace("ï", "i")
    return _ANY_PART.sub(lambda part: _MEANING[part[0]], word)
