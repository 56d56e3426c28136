"""How the clerks of a bureau write: the languages and schemes of their list, and how often what goes wrong.

**Every rate here is an assumption**, unless `sim.slips` names a source for it: no bureau publishes how often its lists
err. They are set by what papers, dictation and newspapers can tell, once, and not tuned to any matcher. The
profiles differ on purpose in script, kind of slip and what is missing, so that nobody tunes to one generator.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from safeconduct.sim.lists import Language as Heading
from safeconduct.sim.slips import SlipKind
from safeconduct.sim.translation import Translating


@dataclass(frozen=True, kw_only=True)
class Hand:
    """One side's clerks. Rates are shares of the rows to which they can apply."""

    heading: Heading | None
    """The language of the list's headings; None is English."""
    ways: Mapping[str, float]
    """Shares of `uk`, `ru` (Cyrillic) and of schemes of `sim.schemes`."""
    translating: Translating
    slip_kinds: Mapping[SlipKind, float]
    family_slip: float
    given_slip: float
    patronymic_slip: float
    accents: float
    """The share of Latin rows with their accents."""
    apostrophes: float
    """The share of Latin rows with a sign for ь."""
    own_way: float
    """The share of Belarusian, Turkic and Arab names in the form of their own (Belarusian letters, own alphabet)."""
    no_patronymic: float
    other_patronymic: float
    initials: float
    """Given name (and patronymic) by initials only."""
    diminutive: float
    swapped_columns: float
    other_surname: float
    """Of women: a surname by marriage, instead of the other or joined to it."""
    no_birth_date: float
    year_only: float
    month_and_year: float
    swapped_day_and_month: float
    year_off_by_one: float
    digit_slip: float
    """One digit of the birth date is wrong."""
    first_of_january: float
    """Only the year was known, and the form asked for a day."""
    number_known: float
    number_slip: float
    other_number: float
    """A number of another kind (tag, ticket)."""
    rank_known: float
    promoted: float
    unit_known: float
    other_unit: float


@dataclass(frozen=True)
class Profile:
    """Two hands, and what it stands for."""

    name: str
    left: Hand
    right: Hand


HOME_BUREAU = Hand(
    heading="uk",
    ways={"uk": 0.62, "ru": 0.14, "cabinet-2010": 0.12, "icao-uk": 0.05, "bgn-1965": 0.04, "scholarly-uk": 0.03},
    translating=Translating(counterpart=0.9, by_the_book=0.85, by_ear=0.05),
    slip_kinds={"typing": 0.9, "handwriting": 0.1},
    family_slip=0.02,
    given_slip=0.01,
    patronymic_slip=0.015,
    accents=0.3,
    apostrophes=0.3,
    own_way=0.15,
    no_patronymic=0.04,
    other_patronymic=0.002,
    initials=0.003,
    diminutive=0.0,
    swapped_columns=0.01,
    other_surname=0.04,
    no_birth_date=0.01,
    year_only=0.03,
    month_and_year=0.005,
    swapped_day_and_month=0.005,
    year_off_by_one=0.005,
    digit_slip=0.008,
    first_of_january=0.004,
    number_known=0.5,
    number_slip=0.02,
    other_number=0.03,
    rank_known=0.92,
    promoted=0.0,
    unit_known=0.9,
    other_unit=0.1,
)
OTHER_BUREAU = replace(
    HOME_BUREAU,
    heading="ru",
    ways={
        "ru": 0.62,
        "uk": 0.08,
        "icao-ru": 0.09,
        "passport-1997": 0.05,
        "bgn-1947": 0.05,
        "cabinet-2010": 0.04,
        "iso9-ru": 0.02,
        "gost-52535": 0.02,
        "soviet-passport": 0.01,
        "english-ru": 0.02,
    },
    translating=Translating(counterpart=0.8, by_the_book=0.7, by_ear=0.12),
    slip_kinds={"typing": 0.7, "handwriting": 0.2, "hearing": 0.1},
    family_slip=0.04,
    given_slip=0.02,
    patronymic_slip=0.03,
    no_patronymic=0.08,
    other_patronymic=0.005,
    initials=0.005,
    swapped_columns=0.02,
    no_birth_date=0.015,
    year_only=0.05,
    month_and_year=0.01,
    swapped_day_and_month=0.012,
    year_off_by_one=0.01,
    digit_slip=0.015,
    first_of_january=0.008,
    number_known=0.35,
    other_number=0.08,
    promoted=0.15,
    unit_known=0.8,
    other_unit=0.3,
)
MIXED_LEFT = replace(
    HOME_BUREAU,
    ways={
        "uk": 0.42,
        "ru": 0.08,
        "cabinet-2010": 0.18,
        "icao-uk": 0.08,
        "bgn-1965": 0.08,
        "iso9-uk": 0.04,
        "scholarly-uk": 0.04,
        "german-uk": 0.03,
        "english-uk": 0.05,
    },
    family_slip=0.05,
    given_slip=0.025,
    patronymic_slip=0.03,
    no_patronymic=0.12,
    initials=0.01,
    swapped_columns=0.02,
    no_birth_date=0.02,
    year_only=0.06,
    month_and_year=0.01,
    digit_slip=0.02,
    number_known=0.15,
    unit_known=0.5,
    other_unit=0.2,
)
MIXED_RIGHT = replace(
    OTHER_BUREAU,
    ways={
        "ru": 0.42,
        "uk": 0.08,
        "icao-ru": 0.14,
        "passport-1997": 0.09,
        "bgn-1947": 0.09,
        "gost-52535": 0.03,
        "iso9-ru": 0.04,
        "scholarly-ru": 0.04,
        "german-ru": 0.03,
        "english-ru": 0.02,
        "french-ru": 0.02,
    },
    family_slip=0.08,
    given_slip=0.04,
    patronymic_slip=0.05,
    no_patronymic=0.18,
    initials=0.01,
    swapped_columns=0.03,
    no_birth_date=0.03,
    year_only=0.09,
    month_and_year=0.015,
    digit_slip=0.03,
    number_known=0.15,
    unit_known=0.4,
)
FIELD = replace(
    OTHER_BUREAU,
    ways={"ru": 0.86, "uk": 0.08, "icao-ru": 0.04, "english-ru": 0.02},
    translating=Translating(counterpart=0.6, by_the_book=0.4, by_ear=0.35),
    slip_kinds={"hearing": 0.5, "handwriting": 0.35, "typing": 0.15},
    family_slip=0.12,
    given_slip=0.05,
    patronymic_slip=0.07,
    own_way=0.0,
    no_patronymic=0.22,
    other_patronymic=0.012,
    initials=0.02,
    diminutive=0.05,
    swapped_columns=0.03,
    no_birth_date=0.05,
    year_only=0.15,
    month_and_year=0.02,
    swapped_day_and_month=0.01,
    year_off_by_one=0.03,
    digit_slip=0.03,
    first_of_january=0.04,
    number_known=0.2,
    number_slip=0.08,
    other_number=0.15,
    rank_known=0.7,
    unit_known=0.5,
)
PRESS = replace(
    OTHER_BUREAU,
    heading=None,
    ways={
        "english-ru": 0.2,
        "english-uk": 0.22,
        "german-ru": 0.12,
        "german-uk": 0.14,
        "french-ru": 0.12,
        "french-uk": 0.12,
        "cabinet-2010": 0.05,
        "scholarly-ru": 0.03,
    },
    translating=Translating(counterpart=0.8, by_the_book=0.7, by_ear=0.1),
    slip_kinds={"typing": 1.0},
    family_slip=0.05,
    own_way=0.5,
    no_patronymic=0.65,
    initials=0.01,
    diminutive=0.02,
    swapped_columns=0.04,
    no_birth_date=0.1,
    year_only=0.3,
    year_off_by_one=0.06,
    first_of_january=0.0,
    number_known=0.0,
    rank_known=0.5,
    unit_known=0.3,
)
PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("bureaus", HOME_BUREAU, OTHER_BUREAU),
        Profile("mixed", MIXED_LEFT, MIXED_RIGHT),
        Profile("field", HOME_BUREAU, FIELD),
        Profile("press", HOME_BUREAU, PRESS),
    )
}
"""`bureaus`: both sides copy papers. `mixed`: half of either list in Latin letters, less careful, and mostly without
numbers and units. `field`: one side takes names by ear and by hand. `press`: one side has what newspapers print, mostly
without patronymics and often without days of birth."""
