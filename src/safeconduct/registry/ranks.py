"""Military ranks of both sides on one ladder, so that words of two languages can be compared.

The level is the NATO code by which the grades are usually shown (STANAG 2116: OR-1 is 1, OF-1 is 11). For Russian
grades that showing is a convention, not an official table. Ukrainian grades changed in 2019 and 2020; the older words
are still met.
"""

import re
from functools import cache, lru_cache
from typing import Final

from safeconduct.registry.values import word_key

LADDER: Final[dict[int, str]] = {
    1: "recruit; рекрут",
    2: "private; seaman; soldier; солдат; рядовий; матрос; рядовой; soldat",
    3: "senior soldier; gefreiter; старший солдат; старший матрос; ефрейтор; єфрейтор",
    4: "junior sergeant; молодший сержант; старшина 2 статті; старшина II статті; младший сержант; старшина 2 статьи",
    5: "sergeant; сержант; старшина 1 статті; старшина I статті; старшина 1 статьи",
    6: "senior sergeant; старший сержант; головний старшина; главный старшина",
    7: "chief sergeant; starshina; головний сержант; старшина; головний корабельний старшина;"
    " главный корабельный старшина",
    8: "staff sergeant; praporshchik; штаб-сержант; прапорщик; мічман; мичман",
    9: "master sergeant; senior praporshchik; майстер-сержант; старший майстер-сержант; головний майстер-сержант;"
    " старший прапорщик; старший мічман; старший мичман",
    11: "junior lieutenant; lieutenant; senior lieutenant; молодший лейтенант; лейтенант; старший лейтенант;"
    " младший лейтенант",
    12: "captain; captain-lieutenant; капітан; капітан-лейтенант; капитан; капитан-лейтенант",
    13: "major; майор; капітан 3 рангу; капитан 3 ранга",
    14: "lieutenant colonel; підполковник; капітан 2 рангу; подполковник; капитан 2 ранга",
    15: "colonel; полковник; капітан 1 рангу; капитан 1 ранга",
    16: "brigadier general; бригадний генерал; генерал-майор",
    18: "lieutenant general; генерал-лейтенант; генерал-полковник",
    19: "general; генерал; генерал армії; генерал армии",
}
"""The word генерал-майор is one step apart between the two sides; the ladder is for weak evidence and takes the
lower."""

_AFFIX = re.compile(
    r"\b(?:гвардії|гвардии|медичної служби|медицинской службы|юстиції|юстиции|запасу|запаса|(?:у|в) відставці|в"
    " отставке|"
    r"guards?|of the reserve|retired)\b",
    re.IGNORECASE,
)


@cache
def _levels() -> dict[str, int]:
    return {word_key(word): level for level, listed in LADDER.items() for word in listed.split(";")}


@lru_cache(4096)
def rank_level(rank: str) -> int:
    """The level of a rank in any of the languages, its additions (Guards, medical service, reserve) left out; 0
    if unknown."""
    return _levels().get(word_key(_AFFIX.sub(" ", rank)), 0)
