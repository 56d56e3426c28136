"""Words that say of what category people are: that there were wounded is told by nobody until it is cleared."""

import re

from safeconduct.disclosure.facts import of_category

_WORDS = {
    "seriously-wounded-or-sick": (
        r"wounded|injured|injur(?:y|ies)|casualt(?:y|ies)|sick|ill|maimed|disabled|amputees?|stretchers?"
        r"|(?:тяжело|легко)?ранен\w*|(?:тяжело)?больн\w*|инвалид\w*"
        r"|(?:тяжко|важко|легко)?поранен\w*|(?:тяжко|важко)?хвор\w*|інвалід\w*"
        r"|blessée?s?|malades?|mutilée?s?"
    ),
    "civilian": r"civilians?|гражданск\w*|цивільн\w*|civile?s?",
    "medical-personnel": r"medics?|медик\w*|soignante?s?",
    "religious-personnel": r"chaplains?|clergy\w*|капелл?ан\w*|священ+ик\w*|aumôniers?",
    "remains": (
        r"bod(?:y|ies)|remains|dead|deceased|killed|fallen|corpses?|coffins?"
        r"|тел(?:о|а|ам|ами|ах)?|труп\w*|останк\w*|погибш\w*|умерш\w*"
        r"|тіл(?:о|а|ам|ами|ах)?|загибл\w*|померл\w*|corps|dépouilles?|morte?s?|tuée?s?"
    ),
}

_PATTERNS = [(of_category(category), re.compile(words)) for category, words in _WORDS.items()]


def fact_behind(word: str) -> str:
    """The fact that must be cleared before a word in small letters may stand in a text; empty if none need be."""
    return next((fact for fact, pattern in _PATTERNS if pattern.fullmatch(word)), "")
