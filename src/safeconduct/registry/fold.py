"""One key for one name, in any script and romanisation that the families of names know (`names.families`).

Every spelling is read letter by letter into a coarse alphabet in which the differences between the scripts and schemes
are gone (`names.key_letters`). A row of a list does not say of which family a name in Latin letters is, so Latin is
read in one way for all (`names.latin`) and the keys of all families can be compared.

The fold is for comparing, never for showing. Scripts of no family pass through in small letters.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from safeconduct.registry.names import latin
from safeconduct.registry.names.arabic import coarser, j_spelt_out
from safeconduct.registry.names.families import FAMILIES, family_of
from safeconduct.registry.names.key_letters import settle
from safeconduct.registry.names.slavic import SLAVIC

_LETTERS = re.compile(r"[^\W\d_]+")
_LOOKS_CYRILLIC = str.maketrans("aceiopxykmtbhëïèöüəğ", "асеіорхукмтвнёїеөүәғ")
_LOOKS_LATIN = str.maketrans("асеіорхукмтвнёїјѕәһ", "aceiopxykmtbhëïjsəh")

_APOSTROPHES = "'’ʼʻʽ`´‘‛′ʹʺ\"“”″ʿʾ"
_HYPHENS = "-‐‑‒–—−"
_TIES = "\u0361\ufe20\ufe21"
"""ALA-LC: t͡s."""
_UNSEEN = "\u00ad\u061c\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Marks of direction and the like; not the one between the words of a Persian name (U+200C)."""
_ONE_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES), "'")
_REMOVED = dict.fromkeys(map(ord, (*_APOSTROPHES, *_TIES, *_UNSEEN)), None)
_SOFT_C = re.compile(f"c(?=[{_APOSTROPHES}])")
_SOFT_O = re.compile(f"(?<=[bdfghklmnprstvzšžčc])[{_APOSTROPHES}](?=o)")
"""Ukrainian ьо (Kozʹol)."""
_ARTICLE = re.compile(
    rf"(?<![^\W_])(?:(?:[aeu]l|[аеэ]ль|ал)(?:[{_HYPHENS}]|\s+)"
    rf"|[aeаэ]([drstzlnдрстзлн]|sh|th|dh|ш)[{_HYPHENS}](?=\1))(?=\w{{3}})"
)
"""The Arabic article before a word: al-, el-, assimilated (as-S…, ар-Р…)."""
_SERVANT_OF = re.compile("^abd[aeou]l?(?=...)")
"""Abdul, Abdel, Abdur: one word in one scheme and three in another."""
_SHORT, _LONG, _LONG_PATRONYMIC = 4, 6, 12
"""A name of fewer letters is never read as a slip of another; of at least so many, two letters may be wrong (of a
patronymic four or five are those of its ending)."""
_VOWELS = str.maketrans("", "", "aeiou")
_COARSER = str.maketrans("cz", "ws")
_REPEATED = re.compile(r"(.)\1+")
_SLAVIC_KEY = re.compile("(?:[oea]va?|ina?|s[kc]i|ska|ko|[uaie]k|i[cwz]|ez|vna|slava?|iv)$")
"""Keys of which no Arabic name is, as a rule; the skeleton of all others is coarser."""


@lru_cache(1 << 17)
def fold(name: str) -> str:
    """The key of a name; of several words, the keys joined. Empty only if the name has no letter."""
    return readings(name)[0]


@lru_cache(1 << 17)
def readings(name: str) -> tuple[str, ...]:
    """The keys that a name may have, the likeliest first: Latin letters of which the scheme cannot be told (Chilezka)
    have several."""
    words = [_word_readings(word) for word in _words(name)]
    if len(words) == 1 and not words[0][0].startswith("abd"):
        return words[0]
    # Words of one name follow one scheme: the first reading of each, the second of each, the third.
    most = max(map(len, words), default=1)
    keys = ("".join(word[min(n, len(word) - 1)] for word in words) for n in range(most))
    return tuple(dict.fromkeys(_SERVANT_OF.sub("abd", key) for key in keys))


@lru_cache(1 << 17)
def skeleton(name: str) -> str:
    """The consonants of the key, coarser still (ч, ш and ж one): what survives most slips and other vowels."""
    folded = fold(name)
    slavic = _SLAVIC_KEY.search(folded) is not None
    if not slavic:
        folded = coarser(fold(spelt) if (spelt := j_spelt_out(name)) != name else folded)
    first = "a" if folded[:1] and folded[0] in "aeiou" else folded[:1]
    consonants = (first + folded[1:].translate(_VOWELS)).translate(_COARSER).replace("dh", "d").replace("ts", "s")
    consonants = _REPEATED.sub(r"\1", consonants)
    return consonants[:-1] if not slavic and len(consonants) > 3 and consonants[-1] == "h" else consonants


@lru_cache(1 << 17)
def surname_readings(name: str) -> tuple[str, ...]:
    """The keys of a surname, as `readings`: a woman's the same as a man's (Кузнецова, Кузнецов), and a father's name
    that stands as a surname (Mohammed, محمد) the same in all its forms."""
    name = _FATHER.sub("", name) or name
    keys = readings(name)
    known = next((_fathers()[key] for key in _without_ben(keys) if key in _fathers()), "")
    return (known,) if known else tuple(dict.fromkeys(map(_of_a_man, (*keys, *_neighbours(name)))))


def surname_key(name: str) -> str:
    """The likeliest of `surname_readings`."""
    return surname_readings(name)[0]


def surname_parts(name: str) -> tuple[str, ...]:
    """The keys of the surnames of a double one, in the order of the alphabet; nothing if it is not double."""
    parts = sorted({surname_key(word) for word in _words(name) if len(word) > 2})
    return tuple(parts) if len(parts) > 1 else ()


def lacks_vowels(name: str) -> bool:
    """Whether a name is in a script that does not write all vowels, so that only its skeleton can be compared with
    other scripts."""
    if name.isascii():
        return False
    return any((family := family_of(word)) is not None and not family.writes_vowels for word in _words(name))


def _without_ben(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Benali, a surname of the Maghreb, is Ben Ali."""
    return (*keys, *(key[3:] for key in keys if key.startswith("ben")))


def _neighbours(name: str) -> Iterator[str]:
    words = _words(name)
    if len(words) == 1 and not words[0].isascii() and (family := family_of(words[0])) is not None:
        for spelt in family.neighbours(words[0]):
            yield from _settled(family.read(spelt))


def _of_a_man(key: str) -> str:
    if key.endswith(("ova", "eva", "ina")) and len(key) > 5:
        return key[:-1]
    return f"{key[:-1]}i" if key.endswith("ska") and len(key) > 5 else key


@cache
def _fathers() -> dict[str, str]:
    """The given names of the families in which a father's or grandfather's name is the surname."""
    families = (family for family in FAMILIES if not family.has_surnames)
    rows = ((row, fold(row.forms.split()[0])) for family in families for row in family.men)
    return {fold(name): group for row, group in rows for name in row.forms.split()}


def _words(name: str) -> list[str]:
    small = name.casefold()
    if not small.isascii():
        # Before NFKC, which makes a space and a mark of some.
        small = name.translate(_ONE_APOSTROPHE)
        small = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", small).casefold())
    elif small.isalpha():
        return [small]
    if "c" in small:
        small = _SOFT_C.sub("ts", small)
    small = _SOFT_O.sub("i", small).translate(_REMOVED)
    return [small] if small.isalpha() else _LETTERS.findall(_ARTICLE.sub(" ", small))


def _word_readings(word: str) -> tuple[str, ...]:
    if word.isascii():
        return _settled(latin.readings(word))
    family = family_of(word)
    if family is None:
        return _settled(latin.readings(word.translate(_LOOKS_LATIN)))
    return _settled(family.read(word.translate(_LOOKS_CYRILLIC) if family.script == "Cyrillic" else word))


def _settled(keys: tuple[str, ...]) -> tuple[str, ...]:
    return (settle(keys[0]),) if len(keys) == 1 else tuple(dict.fromkeys(map(settle, keys)))


# Given names and patronymics: one person's name is another word in the other language.

_PATRONYMIC_END = re.compile(r"(?:(?<=..)[aoei]vic|(?<=..)[aoei]vna|inicna|icna|ic)$")
_WORDS_BEFORE_FATHER = " ".join(family.before_father for family in FAMILIES).split()
_WORDS_AFTER_FATHER = " ".join(family.after_father for family in FAMILIES).split()
_FATHER = re.compile(
    rf"\s+(?:{'|'.join(_WORDS_AFTER_FATHER)}|o.?g.?li|u[gǵ]li)$|"
    rf"^(?:(?:{'|'.join(_WORDS_BEFORE_FATHER)})[\s-]+)+|^(?:son|daughter) of\s+",
    re.IGNORECASE,
)


_AFTER_A_NAME = re.compile(r"(?<=\w\w)\s+(?!(?:al|el|ad|ed|ud|аль|эль|ال)[-\s]?)")


@cache
def _given() -> dict[str, tuple[str, ...]]:
    """The names that a given name may be of, the likeliest first."""
    given: dict[str, tuple[str, ...]] = {}
    rows = [(row, fold(row.forms.split()[0])) for family in FAMILIES for row in (*family.men, *family.women)]
    for row, group in rows:
        for name in row.forms.split():
            given.setdefault(fold(name), (group,))
    for row, group in rows:
        for name in row.familiar.split():
            key = fold(name)
            if group not in given.get(key, ()):
                given[key] = (*given.get(key, ()), group)
    return given


@cache
def _stems() -> dict[str, tuple[str, ...]]:
    """The fathers' names that a patronymic may be of."""
    stems: dict[str, tuple[str, ...]] = {}
    for family in FAMILIES:
        for row in family.men:
            for name in (*row.forms.split(), *row.patronymics.split()):
                stems.setdefault(_stem(fold(name)), (fold(row.forms.split()[0]),))
    return stems


@lru_cache(1 << 16)
def given_key(name: str) -> str:
    """The key of a given name, the same for its forms in all languages and for familiar ones that can be of one name
    only (Микола, Николай, Коля). Of several names, the keys joined."""
    known = _known_given(name)
    if len(known) == 1:
        return known[0]
    words = _words(name)
    return "".join(map(given_key, words)) if len(words) > 1 and not known else fold(name)


@lru_cache(1 << 16)
def is_given_name(name: str) -> bool:
    """Whether a family lists it as a given name, in whatever form but a familiar one."""
    return fold(name) in _forms()


@lru_cache(1 << 16)
def is_fathers_name(name: str) -> bool:
    """Whether it is a given name of a family in which a father's or grandfather's name is the surname."""
    return fold(name) in _fathers()


@cache
def _forms() -> frozenset[str]:
    rows = (row for family in FAMILIES for row in (*family.men, *family.women))
    return frozenset(fold(form) for row in rows for form in row.forms.split())


@lru_cache(1 << 16)
def possible_given_keys(name: str) -> tuple[str, ...]:
    """The keys of all the given names that a familiar one can be of (Саша: Олександр, Олександра); else its key."""
    return _known_given(name) or (given_key(name),)


def _known_given(name: str) -> tuple[str, ...]:
    told = next(((key, _given()[key]) for key in readings(name) if key in _given()), None)
    if told is None:
        return ()
    key, groups = told
    # Sasa may be Саша whose mark was lost, but Basir is not Bashir: nobody writes Arabic names so.
    marked = key.count("w") > fold(name).count("w") and not set(name.casefold()) & set("cj")
    return () if marked and not _slavic().issuperset(groups) else groups


@cache
def _slavic() -> frozenset[str]:
    return frozenset(fold(row.forms.split()[0]) for row in (*SLAVIC.men, *SLAVIC.women))


@lru_cache(1 << 16)
def given_initials(name: str) -> str:
    """The letters of the key with which any form of a given name may begin (Олександр, Александр)."""
    first = fold(name)[:1]
    return "".join(sorted({first, *_initials().get(given_key(name), ())}))


@lru_cache(1 << 16)
def patronymic_initials(name: str) -> str:
    """The letters of the key with which any form of a father's name may begin."""
    first = fold(name)[:1]
    return "".join(sorted({first, *_initials().get(patronymic_key(name), ())}))


@cache
def _initials() -> dict[str, frozenset[str]]:
    initials: dict[str, frozenset[str]] = {}
    for family in FAMILIES:
        for row in (*family.men, *family.women):
            firsts = {fold(name)[:1] for name in row.forms.split()}
            # Євген is E., Ye., Ie. or Je.
            initials[fold(row.forms.split()[0])] = frozenset(firsts | {"i"} if "e" in firsts else firsts)
    return initials


@lru_cache(1 << 16)
def patronymic_key(name: str) -> str:
    """The key of a patronymic without its ending, or of the father's name: the same for its forms in all languages, a
    son's and a daughter's (Миколайович, Николаевна, Микола, bin Khalid)."""
    father = _FATHER.sub("", name.strip())
    stems = [_stem(key) for key in readings(father)]
    known = next((_stems()[stem][0] for stem in stems if stem in _stems()), "")
    first, *others = _AFTER_A_NAME.split(father, maxsplit=1)
    # A father's and a grandfather's name (Ahmed bin Ali): the father's is what another list has.
    return known or (patronymic_key(first) if others and len(first) > 2 else stems[0])


@lru_cache(1 << 16)
def likely_given_key(name: str) -> str:
    """The key of the known given name that this is, or is one slip away from (Никалай); else its own key."""
    return _nearest(given_key(name), fold(name), _given())


@lru_cache(1 << 16)
def likely_patronymic_key(name: str) -> str:
    """The key of the known patronymic that this is, or is one slip away from; else its own key."""
    return _nearest(patronymic_key(name), _stem(fold(_FATHER.sub("", name.strip()))), _stems())


@lru_cache(1 << 16)
def near_given_keys(name: str) -> tuple[str, ...]:
    """The keys of the known given names, in any of their forms, that this may be a slip of: a letter apart, or two in
    long ones. Its own key if it is known."""
    key = given_key(name)
    return (key,) if key in _known_given_keys() else _near(fold(name), _given(), _LONG)


@lru_cache(1 << 16)
def near_patronymic_keys(name: str) -> tuple[str, ...]:
    """The keys of the known fathers' names that this may be a slip of, its ending included. Its own key if it is
    known."""
    key = patronymic_key(name)
    return (key,) if key in _known_fathers() else _near(fold(name), _patronymics(), _LONG_PATRONYMIC)


def is_known_given_name(name: str) -> bool:
    """Whether a family lists it, in whatever form."""
    return given_key(name) in _known_given_keys()


def is_known_patronymic(name: str) -> bool:
    """Whether it is of a father's name that a family lists."""
    return patronymic_key(name) in _known_fathers()


@cache
def _known_given_keys() -> frozenset[str]:
    rows = (row for family in FAMILIES for row in (*family.men, *family.women))
    return frozenset(given_key(name) for row in rows for name in row.forms.split())


@cache
def _known_fathers() -> frozenset[str]:
    return frozenset(key for keys in _stems().values() for key in keys)


@cache
def _patronymics() -> dict[str, tuple[str, ...]]:
    """The patronymics, with their endings, of all fathers' names that are known."""
    endings = ("ovic", "evic", "ic", "ovna", "evna", "ivna", "icna")
    return {f"{stem}{ending}": keys for stem, keys in _stems().items() for ending in endings}


def _near(spelt: str, groups: Mapping[str, tuple[str, ...]], long: int) -> tuple[str, ...]:
    if len(spelt) < _SHORT:
        return ()
    at_most = 2 if len(spelt) >= long else 1
    found = process.extract(spelt, groups.keys(), scorer=OSA.distance, score_cutoff=at_most, limit=None)
    return tuple(sorted({key for known, _, _ in found for key in groups[known]}))


def _nearest(key: str, spelt: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    if len(spelt) < 4 or spelt in groups:
        return key
    found = process.extract(spelt, list(groups), scorer=OSA.distance, score_cutoff=1, limit=None)
    near = {groups[known][0] for known, _, _ in found}
    return near.pop() if len(near) == 1 else key


def _stem(folded: str) -> str:
    bare = _PATRONYMIC_END.sub("", folded) or folded
    return bare.rstrip("aeiou") or bare
