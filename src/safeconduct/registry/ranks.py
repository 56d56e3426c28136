"""Military ranks of both armies and their navies on one ladder, so that words of several languages can be compared.

Grades stand in the order in which people are promoted; the NATO code by which each is usually shown (STANAG 2116) is
beside it. For Russian grades that showing is a convention, not an official table. Ukrainian grades changed in 2019 and
2020; the older words are still met.
"""

import re
from functools import cache, lru_cache
from typing import Final

from safeconduct.registry.fold import fold
from safeconduct.registry.values import word_key

LADDER: Final = (
    "recruit; recrue; рекрут",  # OR-1
    "private; seaman; soldier; soldat; matelot; солдат; рядовий; матрос; рядовой",  # OR-2
    "senior soldier; senior seaman; gefreiter; corporal; caporal; старший солдат; старший матрос; ефрейтор;"
    " єфрейтор",  # OR-3
    "junior sergeant; petty officer second class; молодший сержант; старшина 2 статті; старшина II статті;"
    " младший сержант; старшина 2 статьи",  # OR-4
    "sergeant; sergent; petty officer first class; сержант; старшина 1 статті; старшина I статті;"
    " старшина 1 статьи",  # OR-5
    "senior sergeant; chief petty officer; старший сержант; головний старшина; главный старшина",  # OR-6
    "chief sergeant; starshina; головний сержант; старшина; головний корабельний старшина;"
    " главный корабельный старшина",  # OR-7
    "staff sergeant; praporshchik; warrant officer; adjudant; штаб-сержант; прапорщик; мічман; мичман",  # OR-8
    "master sergeant; senior praporshchik; senior warrant officer; майстер-сержант; старший майстер-сержант;"
    " головний майстер-сержант; старший прапорщик; старший мічман; старший мичман",  # OR-9
    "junior lieutenant; second lieutenant; sous-lieutenant; молодший лейтенант; младший лейтенант",  # OF-1
    "lieutenant; лейтенант",  # OF-1
    "senior lieutenant; first lieutenant; старший лейтенант",  # OF-1
    "captain; captain-lieutenant; capitaine; капітан; капітан-лейтенант; капитан; капитан-лейтенант",  # OF-2
    "major; captain 3rd rank; commandant; майор; капітан 3 рангу; капитан 3 ранга",  # OF-3
    "lieutenant colonel; captain 2nd rank; підполковник; капітан 2 рангу; подполковник; капитан 2 ранга",  # OF-4
    "colonel; captain 1st rank; полковник; капітан 1 рангу; капитан 1 ранга",  # OF-5
    "brigadier general; бригадний генерал",  # OF-6
    "major general; rear admiral; генерал-майор; контр-адмірал; контр-адмирал",  # OF-6 or OF-7
    "lieutenant general; vice admiral; генерал-лейтенант; віце-адмірал; вице-адмирал",  # OF-7 or OF-8
    "colonel general; admiral; генерал-полковник; адмірал; адмирал",  # OF-8
    "general; генерал; генерал армії; генерал армии; адмирал флота",  # OF-9
)
"""From the lowest. A general's word is the same on both sides, and so is its step, though its code is not."""

_ABBREVIATED: Final = {
    "ст": "старший",
    "мл": "младший",
    "мол": "молодший",
    "гол": "головний",
    "гл": "главный",
    "гв": "",
}
_FIRST_WORD = re.compile(rf"^\s*({'|'.join(_ABBREVIATED)})[.\s]\s*(?=\w)", re.IGNORECASE)
_NUMBERED = re.compile(r"\d|\bI+\b")
_AFFIX = re.compile(
    r"\b(?:гвардії|гвардии|медичної служби|медицинской службы|юстиції|юстиции|запасу|запаса|(?:у|в) відставці|в"
    " отставке|"
    r"guards?|of the reserve|retired)\b",
    re.IGNORECASE,
)


@cache
def _levels() -> dict[str, int]:
    return {word_key(word): level for level, listed in enumerate(LADDER, 1) for word in listed.split(";")}


@cache
def _folded() -> dict[str, int]:
    """For words in Latin letters: starshyi soldat. Numbers are no letters, so without the grades that have one."""
    words = ((word, level) for level, listed in enumerate(LADDER, 1) for word in listed.split(";"))
    return {fold(word): level for word, level in words if not _NUMBERED.search(word)}


@lru_cache(4096)
def rank_level(rank: str) -> int:
    """The step of a rank on the ladder, from 1, in any of the languages, romanised or with its first word abbreviated,
    its additions (Guards, medical service, reserve) left out; 0 if unknown."""
    bare = _FIRST_WORD.sub(lambda found: f"{_ABBREVIATED[found[1].lower()]} ", _AFFIX.sub(" ", rank))
    known = _levels().get(word_key(bare), 0)
    return known or (0 if _NUMBERED.search(bare) else _folded().get(fold(bare), 0))


def rise_in_words(one: str, other: str) -> dict[str, str]:
    """Of two ranks `lower`, `higher`, and how far they are apart: `steps`."""
    lower, higher = sorted((one, other), key=rank_level)
    steps = rank_level(higher) - rank_level(lower)
    return {"lower": lower, "higher": higher, "steps": "one step" if steps == 1 else f"{steps} steps"}
