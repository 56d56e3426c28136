"""Latin letters whose marks were lost: Sevcuk for Ševčuk, and the `c` that stands for к (Covalenco, Ukrainian passports
of 2004).

A typewriter, a form or a database that knows ASCII only leaves c, s and z where č, š and ž stood. Which were meant is
not written; what stands beside a letter makes one likelier (-cuk is -чук, -ec is -ец). The shares are judged from how
often the letters stand so in Ukrainian and Russian surnames, and rounded: the order matters, not the figure.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_Options = tuple[tuple[str, float], ...]

_AMBIGUOUS = re.compile("(?<!t)c(?![hkz])|(?<![tcs])s(?![hzc])|(?<![tscrd])z(?![h])|(?<=d)z(?!h)|(?<=r)z(?![h])|s(?=c)")

_SHARES: Final[tuple[tuple[re.Pattern[str], _Options], ...]] = tuple(
    (re.compile(pattern), options)
    for pattern, options in (
        # The first that fits where the letter stands.
        ("(?<=n)c(?=o$)", (("k", 0.8), ("č", 0.2))),
        ("(?<=s)c(?=[iy]i?$|[oa])", (("k", 0.8), ("č", 0.2))),
        ("(?<=[yi])c$", (("č", 0.8), ("k", 0.2), ("ts", 0.1))),
        ("(?<=[au])c$", (("k", 0.5), ("č", 0.4), ("ts", 0.1))),
        ("(?<=e)c(?=$|k)", (("ts", 0.85), ("č", 0.15))),
        ("c(?=[kv])", (("ts", 0.7), ("č", 0.3))),
        ("(?<=[lr])c$|(?<=[ijyn])c(?=ev)", (("ts", 0.75), ("č", 0.25))),
        ("(?<=n)c(?=[eiyaou])|c(?=ev)", (("ts", 0.65), ("č", 0.35))),
        ("^c(?=[ae][fmvb]+[aei])", (("dž", 0.45), ("k", 0.3), ("č", 0.25))),  # Azerbaijani
        ("^c(?=[oalr])", (("k", 0.4), ("č", 0.3), ("ts", 0.3))),
        ("c(?=o)", (("ts", 0.5), ("k", 0.3), ("č", 0.3))),
        ("c(?=[eyunm])", (("č", 0.8), ("ts", 0.2))),
        ("c", (("č", 0.6), ("ts", 0.4))),
        ("s(?=c[eiauy])", (("š", 0.7), ("s", 0.3))),
        ("(?<=[vn])s|s(?=k[iy][iyj]?$|k[ao][ij]?a?$|[sh])", (("s", 1.0),)),
        ("(?<=[auoyie])s(?=k(?:in|[oe]v|o$|a))|(?<=[auoyi])s(?=[eynu])", (("š", 0.6), ("s", 0.4))),
        ("s(?=[eyn])", (("s", 0.5), ("š", 0.5))),
        ("s(?=[au])", (("s", 0.63), ("š", 0.37))),
        ("s(?=[tibgrdcf])", (("s", 0.9), ("š", 0.1))),
        ("s", (("s", 0.75), ("š", 0.25))),
        ("z(?=[eyk])", (("ž", 0.6), ("z", 0.4))),
        ("(?<=[dl])z", (("ž", 0.5), ("z", 0.5))),
        ("z(?=[ilbgrv]|$)", (("z", 0.9), ("ž", 0.1))),
        ("z(?=[u])", (("z", 0.6), ("ž", 0.4))),
        ("z", (("z", 0.77), ("ž", 0.23))),
    )
)
_UNMARKED_BY_DESIGN: Final = 2.5
"""How much likelier nothing was lost than by chance, in a word with a `c`."""
_LEAST: Final = 0.08


@lru_cache(1 << 16)
def restored(word: str, most: int) -> tuple[str, ...]:
    """A word in bare Latin letters as it may have been with its marks: the likeliest first, at most `most`; nothing
    where no mark can have been lost."""
    likely = [(1.0, "")]
    end, plain = 0, ""
    for place, letter, options in _ambiguous(word):
        between = word[end:place]
        likely = sorted(
            ((share * part, f"{before}{between}{sub}") for share, before in likely for sub, part in options),
            key=lambda each: -each[0],
        )[: 2 * most]
        plain += between + ("ts" if letter == "c" else letter)
        end = place + 1
    if not end:
        return ()
    plain += word[end:]
    weighed = [
        (share * (_UNMARKED_BY_DESIGN if f"{before}{word[end:]}" == plain else 1), f"{before}{word[end:]}")
        for share, before in likely
    ]
    return tuple(spelt for share, spelt in sorted(weighed, key=lambda each: -each[0]) if share >= _LEAST)[:most]


def _ambiguous(word: str) -> Iterator[tuple[int, str, _Options]]:
    for found in _AMBIGUOUS.finditer(word):
        place = found.start()
        for pattern, options in _SHARES:
            if pattern.match(word, place):
                yield place, word[place], options
                break
