"""How a name comes to stand in a list: in which language and script a clerk hears and writes it, and the slips."""

from random import Random
from typing import NamedTuple

from safeconduct.sim.people import SimulatedPerson
from safeconduct.sim.respelling import russian_into_ukrainian, ukrainian_into_russian
from safeconduct.sim.romanisation import FROM_RUSSIAN, FROM_UKRAINIAN, as_typed

_LETTERS_CYRILLIC = "аеиовнтрслкмдпуяьгзбйч"
_LETTERS_LATIN = "aeionrtslkmdpuyvgzbhc"


class Name(NamedTuple):
    """A name as three columns of a list."""

    family: str
    given: str
    patronymic: str


def own_name(person: SimulatedPerson) -> Name:
    """The name as the home country writes it."""
    daughter = person.sex == "F"
    if person.home == "UA":
        return Name(person.surname, person.given.ukrainian, person.father.patronymics_ukrainian[daughter])
    return Name(person.surname, person.given.russian, person.father.patronymics_russian[daughter])


def written_at_home(random: Random, person: SimulatedPerson) -> Name:
    """As the home side's own clerks type it: the right name, with the liberties everyone takes."""
    name = own_name(person)
    if person.home == "UA":
        apostrophe = random.choice("''’ʼ")
        return Name(*(part.replace("'", apostrophe) for part in name))
    return _without_dots(random, name)


def written_by_holder(random: Random, person: SimulatedPerson, habit: int) -> Name:
    """As a clerk of the detaining side writes it. `habit` is the clerk's usual way, kept three times in four."""
    if person.held_by == "UA":
        return _in_ukrainian(random, person)
    way = habit if random.random() < 0.75 else random.randrange(12)
    if way < 6:
        return _without_dots(random, _in_russian(random, person))
    apostrophes = random.random() < 0.4
    if way < 10:
        scheme = FROM_UKRAINIAN[random.choices(range(len(FROM_UKRAINIAN)), (5, 2, 2, 1, 1))[0]]
        heard = own_name(person)
    else:
        scheme = FROM_RUSSIAN[random.choices(range(len(FROM_RUSSIAN)), (4, 3, 1, 1))[0]]
        heard = _in_russian(random, person)
    return Name(*(as_typed(scheme(part), apostrophes) for part in heard))


def with_typing_slip(random: Random, word: str) -> str:
    """One slip of the finger: two letters exchanged, one left out, doubled or taken for another; never the first."""
    if len(word) < 4:
        return word
    index = random.randrange(1, len(word) - 1)
    letters = _LETTERS_LATIN if word.isascii() else _LETTERS_CYRILLIC
    match random.randrange(4):
        case 0:
            return word[:index] + word[index + 1] + word[index] + word[index + 2 :]
        case 1:
            return word[:index] + word[index + 1 :]
        case 2:
            return word[:index] + word[index] + word[index:]
        case _:
            return word[:index] + random.choice(letters) + word[index + 1 :]


def _in_russian(random: Random, person: SimulatedPerson) -> Name:
    """A Ukrainian's name in Russian: given names mostly by their Russian counterparts, at times by their sound."""
    daughter = person.sex == "F"
    surname = ukrainian_into_russian(person.surname, by_the_book=random.random() < 0.75)
    if random.random() < 0.85:
        return Name(surname, person.given.russian, person.father.patronymics_russian[daughter])
    given = ukrainian_into_russian(person.given.ukrainian, by_the_book=False)
    return Name(
        surname, given, ukrainian_into_russian(person.father.patronymics_ukrainian[daughter], by_the_book=False)
    )


def _in_ukrainian(random: Random, person: SimulatedPerson) -> Name:
    """A Russian's name in Ukrainian, likewise."""
    daughter = person.sex == "F"
    by_the_book = random.random() < 0.75
    surname = russian_into_ukrainian(person.surname, by_the_book)
    if random.random() < 0.85:
        return Name(surname, person.given.ukrainian, person.father.patronymics_ukrainian[daughter])
    given = russian_into_ukrainian(person.given.russian, by_the_book)
    return Name(surname, given, russian_into_ukrainian(person.father.patronymics_russian[daughter], by_the_book))


def _without_dots(random: Random, name: Name) -> Name:
    """ё is mostly typed as е."""
    return name if random.random() < 0.25 else Name(*(part.replace("ё", "е").replace("Ё", "Е") for part in name))
