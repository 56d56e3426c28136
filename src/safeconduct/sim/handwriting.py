"""One row of a list as one hand writes it, with what went wrong as flags, each of them true of the cells."""

from dataclasses import dataclass, replace
from random import Random

from safeconduct.sim.birth_dates import written_birth_date
from safeconduct.sim.hands import Hand
from safeconduct.sim.population import Bearer, draw_family_name, draw_patronymic
from safeconduct.sim.ranks import RANKS
from safeconduct.sim.romanisation import as_typed
from safeconduct.sim.schemes import ARABIC, OWN_ALPHABET, SCHEMES, without_accents
from safeconduct.sim.slips import SlipKind, with_slip
from safeconduct.sim.spelling import Name
from safeconduct.sim.translation import Language, diminutive, in_language

_WAYS_OF_THEIR_OWN = {
    "belarusian": (
        ("be", 0.5),
        ("instruction-2007", 0.2),
        ("instruction-2000", 0.1),
        ("lacinka", 0.1),
        ("icao-be", 0.1),
    ),
    "turkic-and-caucasian": ((OWN_ALPHABET, 1.0),),
    "arab": ((OWN_ALPHABET, 0.6), (ARABIC, 0.4)),
}
_SEX = {"uk": {"M": "ч", "F": "ж"}, "ru": {"M": "м", "F": "ж"}, None: {"M": "M", "F": "F"}}


@dataclass(frozen=True)
class Written:
    """The cells by canonical column without a ref; the way of writing the name; what is amiss."""

    cells: dict[str, str]
    way: str
    flags: frozenset[str]


def write_row(random: Random, person: Bearer, hand: Hand) -> Written:
    """The person's row."""
    way = _way(random, person, hand)
    flags: set[str] = set()
    name = _name(random, person, hand, way, flags)
    name = _abridged(random, name, hand, flags)
    if way != ARABIC:
        name = _slipped(random, name, hand, flags)
    family, given, patronymic = name
    if random.random() < hand.swapped_columns and "initials" not in flags:
        family, given = given, family
        flags.add("swapped columns")
    born = written_birth_date(random, person.born, hand)
    cells = {
        "family_name": family,
        "given_name": given,
        "patronymic": patronymic,
        "sex": _SEX[hand.heading][person.sex],
        "birth_date": born.text,
        "rank": _rank(random, person, hand, flags),
        "service_number": _service_number(random, person, hand, flags),
        "unit": _unit(random, person, hand, flags),
    }
    return Written(cells, way, frozenset(flags) | born.flags)


def _way(random: Random, person: Bearer, hand: Hand) -> str:
    own = _WAYS_OF_THEIR_OWN.get(person.kind, ())
    pairs = own if own and random.random() < hand.own_way else tuple(hand.ways.items())
    return random.choices([way for way, _ in pairs], [share for _, share in pairs])[0]


def _name(random: Random, person: Bearer, hand: Hand, way: str, flags: set[str]) -> Name:
    spelt = (person.family, person.given, person.patronymic)
    if way == ARABIC:
        return Name(*(part.arabic for part in spelt))
    scheme = SCHEMES.get(way)
    language: Language = scheme.language if scheme else "ru" if way == OWN_ALPHABET else way  # type: ignore[assignment]
    name = in_language(random, person, language, hand.translating)
    if person.sex == "F" and random.random() < hand.other_surname:
        married = replace(person, family=draw_family_name(random, person.kind, "F"))
        spouse = in_language(random, married, language, hand.translating).family
        name = name._replace(family=spouse if random.random() < 0.6 else f"{name.family}-{spouse}")
        flags.add("another surname")
    if random.random() < hand.diminutive:
        short = diminutive(random, name.given, language)
        flags |= {"diminutive"} if short != name.given else set()
        name = name._replace(given=short)
    if random.random() < hand.other_patronymic:
        child = replace(person, patronymic=draw_patronymic(random, person.kind, person.sex))
        other = in_language(random, child, language, hand.translating).patronymic
        flags |= {"another patronymic"} if other != name.patronymic else set()
        name = name._replace(patronymic=other)
    if language == "ru" and random.random() < 0.75:
        # ё is mostly typed as е, in papers too.
        name = Name(*(part.replace("ё", "е").replace("Ё", "Е") for part in name))
    if scheme is None and way != OWN_ALPHABET:
        return name
    romanise = SCHEMES["icao-ru"].romanise if scheme is None else scheme.romanise
    latin = Name(*(romanise(part) for part in name))
    if way == OWN_ALPHABET:
        own = Name(*(random.choice(part.latin) if part.latin else "" for part in spelt))
        latin = Name(*(mine or other for mine, other in zip(own, latin, strict=True)))
    apostrophes, accents = random.random() < hand.apostrophes, random.random() < hand.accents
    latin = Name(*(as_typed(part, apostrophes) for part in latin))
    return latin if accents else Name(*(without_accents(part) for part in latin))


def _slipped(random: Random, name: Name, hand: Hand, flags: set[str]) -> Name:
    parts = []
    for part, share, column in zip(
        name,
        (hand.family_slip, hand.given_slip, hand.patronymic_slip),
        ("surname", "given name", "patronymic"),
        strict=True,
    ):
        slipped = part
        if random.random() < share:
            kinds: list[SlipKind] = list(hand.slip_kinds)
            slipped = with_slip(random, part, random.choices(kinds, list(hand.slip_kinds.values()))[0])
            flags |= {f"slip in the {column}"} if slipped != part else set()
        parts.append(slipped)
    return Name(*parts)


def _abridged(random: Random, name: Name, hand: Hand, flags: set[str]) -> Name:
    family, given, patronymic = name
    if random.random() < hand.no_patronymic:
        patronymic = ""
        flags -= {"another patronymic"}
        flags |= {"no patronymic"}
    if random.random() < hand.initials:
        given, patronymic = given[:1] + ".", patronymic[:1] + "." if patronymic else ""
        flags |= {"initials"}
    return Name(family, given, patronymic)


def _rank(random: Random, person: Bearer, hand: Hand, flags: set[str]) -> str:
    promoted = person.rank + 1 < len(RANKS) and random.random() < hand.promoted
    grade = RANKS[person.rank + promoted]
    if random.random() >= hand.rank_known:
        return ""
    if promoted:
        flags.add("promoted")
    if hand.heading == "uk":
        return grade.ukrainian_old if random.random() < 0.2 else grade.ukrainian
    return grade.russian if hand.heading == "ru" else grade.english


def _service_number(random: Random, person: Bearer, hand: Hand, flags: set[str]) -> str:
    number = person.service_number
    if random.random() >= hand.number_known:
        return ""
    drawn = random.random()
    if drawn < hand.other_number:
        flags.add("another service number")
        return f"{random.randrange(10**7):07d}"
    if drawn < hand.other_number + hand.number_slip:
        index = random.randrange(2, len(number))
        digit = str((int(number[index]) + random.randrange(1, 10)) % 10)
        flags.add("slip in the service number")
        return number[:index] + digit + number[index + 1 :]
    return number if random.random() < 0.8 else number.replace("-", random.choice((" ", "", "№ ")))


def _unit(random: Random, person: Bearer, hand: Hand, flags: set[str]) -> str:
    if random.random() >= hand.unit_known:
        return ""
    unit = person.unit
    if random.random() < hand.other_unit:
        flags.add("another unit")
        unit = str(random.randint(10, 99999))
    return random.choice(("в/ч {}", "{}", "військова частина {}" if hand.heading == "uk" else "{}")).format(unit)
