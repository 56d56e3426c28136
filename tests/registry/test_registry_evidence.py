"""What two rows tell of being one person: which faults are bridged, which differences never are, and that what agrees
never speaks against."""

from functools import cache

import msgspec
import pytest

from safeconduct.registry.columns import columns_of, table_of
from safeconduct.registry.fold import given_key, near_given_keys, near_patronymic_keys, patronymic_key
from safeconduct.registry.frequencies import frequencies
from safeconduct.registry.linkage import Pair, match_lists
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def person(ref: str, row: str) -> Person:
    """`row` is surname, given name, patronymic, birth date and sex; `_` is an empty column."""
    family, given, patronymic, born, sex = ("" if cell == "_" else cell for cell in [*row.split(), "_", "_"][:5])
    date = ImpreciseDate.parse(born) if born else None
    return Person(ref=ref, family_name=family, given_name=given, patronymic=patronymic, birth_date=date, sex=sex)


OTHERS = [
    "Бойко Ігор Павлович 1979-03-02",
    "Ткаченко Богдан Андрійович 1991-10-30",
    "Литвин Марія Олегівна 1986-07-21",
    "Поліщук Василь Юрійович 2000-12-05",
]


def matched(left: str, right: str) -> Pair:
    """The two rows among a few others."""
    others = [person(f"o{n}", row) for n, row in enumerate(OTHERS)]
    pairs = match_lists([person("a", left), *others[:2]], [person("x", right), *others[2:]])
    return next(pair for pair in pairs if pair.left_ref == "a")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Луцеров Богдан Павлгвич 1985-01-20", "Lutserov Bogdan Pavlovich 1985-01-20"),
        ("Лагакаєв Яків Едуардович 1982-08-22", "Lagakaev Jakov Eduardovic 1982-08-22"),
        ("Берутишин Віктр Олександрович 1994-04-26", "Берутишин Виктор Александрович 1994-04-26"),
        ("Мосотій Олександр Ігорович 1975-05-19", "Мосотий Александр Игоревич 1975-01-01"),
        ("Прокопенко Федір Максимович 1999-02-28", "Прокопенко Федор Максимович 1998-02-28"),
        ("Дерелов Геннадій Олександрович 1988-04-12", "Derolov Gennadij Aleksandrowtisch 1988-04-12"),
        ("Жигулуєв Андрій Іванович 1998-03-21", "Жигклув Андрей Иванович 1998-03-21"),
    ],
)
def test_one_fault_does_not_keep_from_one_reviewer(left: str, right: str) -> None:
    """A slip in the surname, the given name or the patronymic, also beside another language's form of it; a sign lost
    over a letter; a day only filled in; a year off by one."""
    pair = matched(left, right)
    assert (pair.right_ref, pair.band) == ("x", "confirm")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Рогачутд Іван Рустамович 1988-04-09", "Иван Рогачуев Рустамович 1988-04-09"),
        ("Ананін Дмитро Іванович 1993-08-19", "Dmtriy Ananin Ivanovich 1993-08-19"),
        ("Валищура Станислав Романович 1985-02-23", "Valisura Stanislav Romanovic 1986-02-23"),
        ("Сазонцев Ардрій Глібович 2001-05-23", "Sasonzew Andrei _ 2000-05-23"),
        ("Лазарева Наталія Сергіївна 1997-09-30 F", "Серунякова Наталья Сергеевна 1997-09-30 F"),
        ("Поліванов Антон Сергійович 1991-07-18", "Антон Полииванов _ 1991"),
        ("Чалуровський Микола Іванович 1987-09-07", "Чалчровский Н. И. 1987-09-07"),
    ],
)
def test_several_faults_still_reach_two_reviewers(left: str, right: str) -> None:
    """A slip and another year, another surname of a woman, slips in swapped columns, a slip beside initials."""
    assert matched(left, right).right_ref == "x"


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (
            "Тарасенко Руслан Іванович 1990-05-04 M",
            "Тарасенко Рустам Иванович 1990-05-04 M",
            "given name differs (Руслан, Рустам)",
        ),
        (
            "Тарасенко Дарина Іванівна 1990-05-04 F",
            "Тарасенко Марина Ивановна 1990-05-04 F",
            "given name another, though similar (Дарина, Марина)",
        ),
        (
            "Тарасенко Роман Іванович 1990-05-04 M",
            "Тарасенко Роман Юрьевич 1990-05-04 M",
            "patronymic differs (Іванович, Юрьевич)",
        ),
        (
            "Авдоновський Данило Вадимович 1996-01-10",
            "Авдоновский Данил Вадимович 1995",
            "birth years differ by one (1996-01-10, 1995)",
        ),
        (
            "Гринь Олександр Ігорович 1994-11-17",
            "Grin Oleksandr Grigorovich 1994-11-17",
            "patronymic differs (Ігорович, Grigorovich)",
        ),
        (
            "Авдоновський Данило Михайлович 1996-01-10",
            "Авдоновский Данил Николаевич 1996-01-10",
            "patronymic differs (Михайлович, Николаевич)",
        ),
        (
            "Лазарева Наталія Сергіївна 1997-09-30 F",
            "Серунякова Наталья Сергеевна 1997-09-30 F",
            "surname differs, of a woman (Лазарева, Серунякова)",
        ),
    ],
)
def test_what_may_be_another_person_is_never_for_one_reviewer(left: str, right: str, reason: str) -> None:
    """Twins with names alike, cousins, years that differ, fathers with names alike, another surname: said first."""
    pair = matched(left, right)
    assert (pair.band, pair.reasons[0]) == ("review", reason)


FIELDS = ("patronymic", "birth_date", "service_number", "rank", "unit", "sex")
KNOWN = msgspec.structs.replace(
    person("a", "Гаврилюк Тарас Богданович 1990-05-04 M"), service_number="АА-123456", rank="сержант", unit="А1234"
)


def _with(ref: str, fields: tuple[str, ...]) -> Person:
    empty = {"birth_date": None}
    dropped = {field: empty.get(field, "") for field in FIELDS if field not in fields}
    return msgspec.structs.replace(KNOWN, ref=ref, **dropped)


@cache
def _probability(fields: tuple[str, ...]) -> float:
    return match_lists([_with("a", fields)], [_with("x", fields)])[0].probability


@pytest.mark.parametrize("field", FIELDS)
def test_what_agrees_never_speaks_against(field: str) -> None:
    """Known on both sides and the same: at least as likely as not known, beside the names alone and beside all."""
    assert _probability((field,)) >= _probability(())
    assert _probability(FIELDS) >= _probability(tuple(other for other in FIELDS if other != field))


def test_a_name_that_all_bear_does_not_speak_against_anyone() -> None:
    """However common in the lists."""
    rows = [f"Гаврилюк{'аиоуе'[n % 5]}{'бвгд'[n // 5]}ко Іван _ 19{70 + n}-05-04" for n in range(20)]
    nameless = [row.replace("Іван", "_") for row in rows]
    named, unnamed = (
        match_lists([person(f"a{n:02}", row) for n, row in enumerate(some)], [person("x", some[7])])[7].probability
        for some in (rows, nameless)
    )
    assert named >= unnamed > 0.5


def test_names_of_a_region_weigh_by_what_bearers_of_the_surname_are_called() -> None:
    """Half of those with this surname have this given name, which is rare elsewhere: to agree on both tells little
    more than to agree on the surname."""
    rows = [f"Мусаєв {'Марат' if n % 2 else 'Тимур'} _" for n in range(40)] + [f"Лис{n} Іван _" for n in range(400)]
    shares = frequencies([table_of(person(str(n), row) for n, row in enumerate(rows))])
    row = columns_of(person("x", "Мусаєв Марат _"))
    assert 0.3 < shares["given_of_family"][row["given_of_family"]] < 0.5
    assert shares["given"][row["given"]] < 0.06


@pytest.mark.parametrize("slip", ["Алексеф", "Alekse", "Oleksji", "Аелксей"])
def test_a_word_that_is_no_name_may_be_a_slip_of_the_known_ones_near_it(slip: str) -> None:
    """In the spelling of whatever language; a known name is a slip of none."""
    assert given_key("Олексій") in near_given_keys(slip)
    assert near_given_keys("Олексій") == near_given_keys("Алексей") == (given_key("Алексей"),)
    assert patronymic_key("Олександрович") in near_patronymic_keys("Aleksandrowtisch")


def test_left_and_right_may_be_exchanged() -> None:
    """The same pairs with the same bands, the other way round."""
    left = [person(f"a{n}", row) for n, row in enumerate(OTHERS)]
    right = [
        person(f"x{n}", row)
        for n, row in enumerate(
            [
                "Бойко Игорь Павлович 1979-02-03",
                "Богдан Ткаченко Андреевич 1991",
                "Lytvyn Mariia _ 1986-07-21",
                "Полещук Василий Ю. 2000-12-05",
            ]
        )
    ]
    forth = {(pair.left_ref, pair.right_ref, pair.probability, pair.band) for pair in match_lists(left, right)}
    back = {(pair.right_ref, pair.left_ref, pair.probability, pair.band) for pair in match_lists(right, left)}
    assert forth == back
    assert {pair[:2] for pair in forth} == {(f"a{n}", f"x{n}") for n in range(4)}
