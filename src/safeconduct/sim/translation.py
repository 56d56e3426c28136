"""A name of one language as a clerk of another writes it in Cyrillic: by counterpart, by rule, by letter or by ear."""

from collections.abc import Callable
from random import Random
from typing import Literal, NamedTuple

from safeconduct.sim.peoples import Spelt
from safeconduct.sim.population import Bearer
from safeconduct.sim.respelling import russian_into_ukrainian, ukrainian_into_russian
from safeconduct.sim.spelling import Name

Language = Literal["uk", "ru", "be"]


class Translating(NamedTuple):
    """How often a bureau's clerks do what with a name of the other language; the rest is letter by letter."""

    counterpart: float
    """Given name and patronymic by their counterparts (Микола is Николай), as documents of the other state do."""
    by_the_book: float
    """Surnames by the rules of the orthography."""
    by_ear: float
    """Surnames by their sound (Лисенко is Лысенко in Russian letters)."""


_SMALL: dict[Language, dict[str, tuple[str, ...]]] = {
    "uk": {
        "Олександр": ("Сашко", "Олесь"),
        "Сергій": ("Сергійко",),
        "Володимир": ("Вова", "Володя"),
        "Микола": ("Коля",),
        "Дмитро": ("Діма", "Митя"),
        "Олексій": ("Льоша",),
        "Іван": ("Іванко", "Ваня"),
        "Михайло": ("Миша",),
        "Євген": ("Женя",),
        "Юрій": ("Юра",),
        "Віктор": ("Вітя",),
        "Василь": ("Вася",),
        "Павло": ("Паша",),
        "Анатолій": ("Толя",),
        "Петро": ("Петя",),
        "Григорій": ("Гриша", "Грицько"),
        "Костянтин": ("Костя",),
        "Станіслав": ("Стас",),
        "Владислав": ("Влад",),
        "В'ячеслав": ("Слава",),
    },
    "ru": {
        "Александр": ("Саша", "Саня"),
        "Сергей": ("Серёжа",),
        "Владимир": ("Вова", "Володя"),
        "Николай": ("Коля",),
        "Дмитрий": ("Дима", "Митя"),
        "Алексей": ("Лёша", "Алёша"),
        "Иван": ("Ваня",),
        "Михаил": ("Миша",),
        "Евгений": ("Женя",),
        "Юрий": ("Юра",),
        "Виктор": ("Витя",),
        "Василий": ("Вася",),
        "Павел": ("Паша",),
        "Анатолий": ("Толя",),
        "Пётр": ("Петя",),
        "Григорий": ("Гриша",),
        "Константин": ("Костя",),
        "Станислав": ("Стас",),
        "Владислав": ("Влад",),
        "Вячеслав": ("Слава",),
    },
    "be": {},
}


def home_language(person: Bearer) -> Language:
    """The language of the person's papers."""
    return {"ukrainian": "uk", "belarusian": "be"}.get(person.kind, "ru")  # type: ignore[return-value]


def in_language(random: Random, person: Bearer, language: Language, habits: Translating) -> Name:
    """The name in Cyrillic in that language; a Belarusian form of somebody else's name falls back to Russian."""
    if language == "be" and person.kind != "belarusian":
        language = "ru"
    counterpart = random.random() < habits.counterpart
    drawn = random.random()
    practice = "book" if drawn < habits.by_the_book else "ear" if drawn < habits.by_the_book + habits.by_ear else ""
    family = _spelt(person.family, language, practice)
    if counterpart:
        return Name(family, _form(person.given, language, "book"), _form(person.patronymic, language, "book"))
    home = home_language(person)
    return Name(family, _by_sound(person.given, home, language), _by_sound(person.patronymic, home, language))


def diminutive(random: Random, given: str, language: Language) -> str:
    """A short form of the given name, or the name itself if none is known."""
    forms = _SMALL[language].get(given, ())
    return random.choice(forms) if forms else given


def _form(spelt: Spelt, language: Language, practice: str) -> str:
    """The language's own form where there is one, else a respelling."""
    known = {"uk": spelt.ukrainian, "ru": spelt.russian, "be": spelt.belarusian}[language]
    return known or _spelt(spelt, language, practice)


def _by_sound(spelt: Spelt, home: Language, language: Language) -> str:
    """The home country's form, letter by letter."""
    if home in (language, "be"):
        return _form(spelt, language, "")
    if home == "uk":
        return ukrainian_into_russian(spelt.ukrainian, by_the_book=False)
    return russian_into_ukrainian(spelt.russian, by_the_book=False)


def _spelt(spelt: Spelt, language: Language, practice: str) -> str:
    if language == "uk":
        return spelt.ukrainian or _parts(spelt.russian, lambda part: russian_into_ukrainian(part, practice != ""))
    if language == "ru":
        return spelt.russian or _parts(spelt.ukrainian, lambda part: _into_russian(part, practice))
    return spelt.belarusian


def _into_russian(ukrainian: str, practice: str) -> str:
    if practice != "ear":
        return ukrainian_into_russian(ukrainian, by_the_book=practice == "book")
    heard = list(ukrainian_into_russian(ukrainian, by_the_book=True).lower())
    for index, (letter, written) in enumerate(zip(ukrainian.lower(), heard, strict=False)):
        # Ukrainian и sounds like ы, which Russian does not write after these letters.
        if index and letter == written == "и" and heard[index - 1] not in "гкхжчшщ":
            heard[index] = "ы"
    return "".join(heard).capitalize()


def _parts(name: str, respell: Callable[[str], str]) -> str:
    return "-".join(respell(part) for part in name.split("-"))
