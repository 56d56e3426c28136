"""How a clerk of one side writes a name of the other side in the own alphabet.

Ukrainian surnames into Russian and Russian surnames into Ukrainian follow the practice of the two orthographies
(Ukrainian orthography 2019, §§ 142-148, for the latter) or, by a careless clerk, go letter by letter.
"""

_RUSSIAN_VOWELS = frozenset("аеёиоуыэюя")
_LABIALS = frozenset("бпвмф")
_HISSING = frozenset("жчшщ")


def ukrainian_into_russian(surname: str, by_the_book: bool) -> str:
    """A Ukrainian surname in Russian letters; by the book with Russian endings and ы where Russian has it."""
    word = surname.lower().replace("’", "'")
    if by_the_book:
        for ending, russian in (
            ("ський", "ский"),
            ("цький", "цкий"),
            ("ська", "ская"),
            ("цька", "цкая"),
            ("ий", "ый"),
            ("єв", "ев"),
            ("ець", "ец"),
            ("єць", "ец"),
        ):
            if word.endswith(ending):
                word = word.removesuffix(ending) + russian
                break
        for root, russian in (("риба", "рыба"), ("лис", "лыс"), ("чорн", "черн"), ("білоус", "белоус"), ("виш", "виш")):
            word = word.replace(root, russian)
    for ukrainian, russian in (("йо", "ё"), ("ьо", "ё"), ("'", "ь"), ("і", "и"), ("ї", "и"), ("є", "е"), ("ґ", "г")):
        word = word.replace(ukrainian, russian)
    return word.capitalize()


def russian_into_ukrainian(surname: str, by_the_book: bool) -> str:
    """A Russian surname in Ukrainian letters."""
    word = surname.lower()
    if not by_the_book:
        return word.translate(str.maketrans("ёыэъ", "еие'")).replace("ий", "ій").capitalize()
    for ending, ukrainian in (
        ("ский", "ський"),
        ("цкий", "цький"),
        ("ская", "ська"),
        ("цкая", "цька"),
        ("ый", "ий"),
        ("ая", "а"),
        ("ых", "их"),
    ):
        if word.endswith(ending):
            return (_letters_into_ukrainian(word.removesuffix(ending)) + ukrainian).capitalize()
    return _letters_into_ukrainian(word).capitalize()


def _letters_into_ukrainian(word: str) -> str:
    ukrainian: list[str] = []
    for index, letter in enumerate(word):
        before = word[index - 1] if index else ""
        after_vowel = not before or before in _RUSSIAN_VOWELS
        if letter == "ё":
            if before == "ь" and index > 1 and word[index - 2] in _LABIALS:
                ukrainian[-1] = ""  # Воробьёв is Воробйов, but Семёнов is Семьонов
            hissing, joined = before in _HISSING, after_vowel or before == "ь"
            ukrainian.append("о" if hissing else "йо" if joined else "ьо")
        elif letter == "е":
            ending = word[index:] in ("ев", "ева", "еев", "еева")
            soft = ending and before not in _HISSING and before not in "цр"
            ukrainian.append("є" if after_vowel or before == "ь" or soft else "е")
        elif letter == "и":
            if (before and before in _HISSING) or before == "ц" or (word.startswith("при") and index == 2):
                ukrainian.append("и")
            elif before in _RUSSIAN_VOWELS or before == "ь":
                ukrainian.append("ї")
            else:
                ukrainian.append("и" if word[index:] in ("ич", "ик") else "і")
        elif letter in "яю" and before in _LABIALS:
            ukrainian.append("'" + letter)
        else:
            ukrainian.append({"ы": "и", "э": "е", "ъ": "'"}.get(letter, letter))
    return "".join(ukrainian)
