"""Lists of persons as the parties would send them: what clerks made of the truth, with imprecise dates and slips.

Each row remembers whose it is, which is the truth that matching is measured against.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import cycle
from random import Random
from typing import Literal

import xlsxwriter

from safeconduct.sim.geography import CAMPS
from safeconduct.sim.people import SimulatedPerson
from safeconduct.sim.ranks import RANKS
from safeconduct.sim.spelling import Name, with_typing_slip, written_at_home, written_by_holder

Language = Literal["ru", "uk"]

_HEADINGS: dict[str, dict[Language, str]] = {
    "ref": {"ru": "№ п/п", "uk": "№ з/п"},
    "family_name": {"ru": "Фамилия", "uk": "Прізвище"},
    "given_name": {"ru": "Имя", "uk": "Ім'я"},
    "patronymic": {"ru": "Отчество", "uk": "По батькові"},
    "sex": {"ru": "Пол", "uk": "Стать"},
    "birth_date": {"ru": "Дата рождения", "uk": "Дата народження"},
    "rank": {"ru": "Воинское звание", "uk": "Військове звання"},
    "service_number": {"ru": "Личный номер", "uk": "Особистий номер"},
    "unit": {"ru": "Воинская часть", "uk": "Військова частина"},
    "category": {"ru": "Категория", "uk": "Категорія"},
    "health": {"ru": "Состояние здоровья", "uk": "Стан здоров'я"},
    "captured_on": {"ru": "Дата пленения", "uk": "Дата полонення"},
    "captured_at": {"ru": "Место пленения", "uk": "Місце полонення"},
    "held_at": {"ru": "Место содержания", "uk": "Місце утримання"},
    "held_by": {"ru": "Удерживающая сторона", "uk": "Сторона, що утримує"},
    "home": {"ru": "Сторона", "uk": "Сторона"},
    "missing_since": {"ru": "Пропал без вести с", "uk": "Зник безвісти з"},
    "note": {"ru": "Примечание", "uk": "Примітка"},
}
HELD_COLUMNS = tuple(key for key in _HEADINGS if key != "missing_since")
SOUGHT_COLUMNS = [
    "ref",
    "family_name",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "rank",
    "service_number",
    "unit",
    "category",
    "missing_since",
    "home",
    "note",
]

_CATEGORY_WORDS: dict[str, dict[Language, str]] = {
    "prisoner-of-war": {"ru": "военнопленный", "uk": "військовополонений"},
    "civilian": {"ru": "гражданское лицо", "uk": "цивільна особа"},
    "medical-personnel": {"ru": "медицинский персонал", "uk": "медичний персонал"},
    "religious-personnel": {"ru": "капеллан", "uk": "капелан"},
}
_HURT: dict[str, dict[Language, tuple[str, str]]] = {
    "wounded": {"ru": ("тяжелораненый", "ранение, тяжелое"), "uk": ("тяжкопоранений", "поранення, тяжке")},
    "sick": {"ru": ("тяжелобольной", "заболевание, тяжелое"), "uk": ("тяжкохворий", "захворювання, тяжке")},
}
_SEX: dict[Language, dict[str, str]] = {"ru": {"M": "м", "F": "ж"}, "uk": {"M": "ч", "F": "ж"}}
_LOCAL_NAMES = {camp.id: camp.local_name for camps in CAMPS.values() for camp in camps}
_CAPTURED_AT: dict[str, tuple[tuple[str, str, str], ...]] = {
    "UA": (
        ("Mariupol", "Мариуполь", "Маріуполь"),
        ("Chernihiv region", "Черниговская обл.", "Чернігівська обл."),
        ("Kharkiv region", "Харьковская обл.", "Харківська обл."),
        ("Zaporizhzhia region", "Запорожская обл.", "Запорізька обл."),
        ("Donetsk region", "Донецкая обл.", "Донецька обл."),
        ("Kherson region", "Херсонская обл.", "Херсонська обл."),
    ),
    "RU": (
        ("Kharkiv region", "Харьковская обл.", "Харківська обл."),
        ("Donetsk region", "Донецкая обл.", "Донецька обл."),
        ("Kursk region", "Курская обл.", "Курська обл."),
        ("Zaporizhzhia region", "Запорожская обл.", "Запорізька обл."),
        ("Kherson region", "Херсонская обл.", "Херсонська обл."),
        ("Luhansk region", "Луганская обл.", "Луганська обл."),
    ),
}


@dataclass(frozen=True)
class ListRow:
    """One row of a list: whose it is in truth, and its cells by canonical column."""

    person: str
    cells: dict[str, str]

    @property
    def ref(self) -> str:
        """The list's own identifier of the row."""
        return self.cells["ref"]


def held_list(random: Random, people: Sequence[SimulatedPerson], language: Language, prefix: str) -> list[ListRow]:
    """The detaining side's list: everyone it holds, some of them twice under two spellings."""
    ways = [0, 7, random.choice((0, 11))]
    random.shuffle(ways)
    habits = dict(zip(sorted({person.held_at for person in people}), cycle(ways)))
    rows = []
    for person in people:
        if not person.held:
            continue
        rows.append(_held_row(random, person, language, habits[person.held_at]))
        if random.random() < 0.015:
            # Listed again where the person was before, by another clerk.
            again = replace(person, held_at=random.choice(sorted(habits)))
            rows.append(_held_row(random, again, language, habits[again.held_at]))
    return _numbered(random, rows, prefix)


def sought_list(random: Random, people: Sequence[SimulatedPerson], language: Language, prefix: str) -> list[ListRow]:
    """The home side's list of those it looks for, in its own spelling; fewer slips than the holder makes."""
    rows = []
    for person in people:
        if not person.sought:
            continue
        cells = _cells(random, person, language, written_at_home(random, person), slips=0.04)
        cells["missing_since"] = _day(person.captured_on) if random.random() < 0.9 else ""
        rows.append(ListRow(person.id, {key: cells[key] for key in SOUGHT_COLUMNS if key in cells}))
    return _numbered(random, rows, prefix)


def place_of_capture(person: SimulatedPerson) -> str:
    """Where the person was captured, in English."""
    places = _CAPTURED_AT[person.home]
    return places[person.captured_at % len(places)][0]


def write_csv(rows: Sequence[ListRow], columns: Sequence[str], language: Language) -> bytes:
    """The list as CSV with headings in its language."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_HEADINGS[column][language] for column in columns])
    writer.writerows([row.cells.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode()


def write_xlsx(rows: Sequence[ListRow], columns: Sequence[str], language: Language) -> bytes:
    """The list as a workbook of one sheet, the same bytes for the same rows; some dates of birth are real dates."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2025, 6, 5, tzinfo=UTC)})
    page = book.add_worksheet("Список" if language == "ru" else "Перелік")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
    page.freeze_panes(1, 0)
    for column, key in enumerate(columns):
        page.write_string(0, column, _HEADINGS[key][language], bold)
        page.set_column(column, column, 6 if key in ("ref", "sex", "home") else 18)
        for index, row in enumerate(rows, start=1):
            text = row.cells.get(key, "")
            if key == "birth_date" and index % 7 == 0 and len(text) == 10:
                page.write_datetime(index, column, date.fromisoformat(as_iso(text)), day)
            elif text:
                page.write_string(index, column, text)
    book.close()
    return content.getvalue()


def _held_row(random: Random, person: SimulatedPerson, language: Language, habit: int) -> ListRow:
    cells = _cells(random, person, language, written_by_holder(random, person, habit), slips=0.1)
    places = _CAPTURED_AT[person.home]
    cells["captured_on"] = _imprecise(random, person.captured_on, 0.06)
    cells["captured_at"] = places[person.captured_at % len(places)][1 if language == "ru" else 2]
    cells["held_at"], cells["held_by"] = _LOCAL_NAMES[person.held_at], person.held_by
    if person.health:
        cells["category"] += "; " + _HURT[person.health][language][0]
        cells["health"] = _HURT[person.health][language][1]
    return ListRow(person.id, cells)


def _cells(random: Random, person: SimulatedPerson, language: Language, name: Name, slips: float) -> dict[str, str]:
    """What both kinds of list say of a person, with at most one slip in the name and one in the date of birth."""
    family, given, patronymic = name
    if random.random() < slips:
        family = with_typing_slip(random, family)
    elif random.random() < slips / 2:
        given = with_typing_slip(random, given)
    if random.random() < slips / 3:
        family, given = given, family
    if random.random() < slips * 0.8:
        patronymic = ""
    grade = RANKS[person.rank]
    rank = grade.russian if language == "ru" else grade.ukrainian_old if random.random() < 0.2 else grade.ukrainian
    kind = next(one for one in person.categories if one in _CATEGORY_WORDS)
    return {
        "family_name": family,
        "given_name": given,
        "patronymic": patronymic,
        "sex": _SEX[language][person.sex],
        "birth_date": _birth_date(random, person.born, language, slips),
        "rank": "" if person.civilian or random.random() < 0.05 else rank,
        "service_number": person.service_number if random.random() < 0.35 else "",
        "unit": person.unit and random.choice(("в/ч {}", "{}")).format(person.unit) if random.random() < 0.9 else "",
        "category": _CATEGORY_WORDS[kind][language],
        "home": person.home,
        "note": "",
    }


def _birth_date(random: Random, born: date, language: Language, slips: float) -> str:
    if random.random() < slips / 40:
        return f"{'ок.' if language == 'ru' else 'бл.'} {born.year}"  # "about 1985": for a person to decide
    if random.random() < slips / 3:
        if born.day <= 12 and random.random() < 0.6:
            born = born.replace(month=born.day, day=born.month)
        else:
            born = born.replace(year=born.year + random.choice((-10, -1, 1)), day=min(born.day, 28))
    return "" if random.random() < slips / 8 else _imprecise(random, born, slips / 2)


def _imprecise(random: Random, day: date, share: float) -> str:
    drawn = random.random()
    if drawn < share * 0.75:
        return f"{day.year}"
    return f"{day.month:02d}.{day.year}" if drawn < share else _day(day)


def _day(day: date) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def _numbered(random: Random, rows: list[ListRow], prefix: str) -> list[ListRow]:
    random.shuffle(rows)
    return [
        ListRow(row.person, {"ref": f"{prefix}{index:04d}", **row.cells}) for index, row in enumerate(rows, start=1)
    ]


def as_iso(text: str) -> str:
    """A date as the lists write it (dd.mm.yyyy, mm.yyyy, yyyy) in ISO 8601; empty stays empty."""
    return "-".join(reversed(text.split(".")))
