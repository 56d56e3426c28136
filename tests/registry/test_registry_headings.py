"""Headings in four languages, as lists spell them."""

import pytest

from safeconduct.registry.headings import FIELDS, field_of_heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Ім'я", "given_name"),
        ("ІМ’Я", "given_name"),
        ("імʼя", "given_name"),
        ("Імя", "given_name"),
        ("П.І.Б.", "full_name"),
        ("ФИО", "full_name"),
        ("Ф.И.О", "full_name"),
        ("Прізвище, ім'я, по батькові", "full_name"),
        ("по-батькові", "patronymic"),
        ("  По   батькові ", "patronymic"),
        ("№ з/п", "row_number"),
        ("№ п/п.", "row_number"),
        ("Д.н.", "birth_date"),
        ("Дата народження (дд.мм.рррр)", "birth_date"),
        ("Дата рождения", "birth_date"),
        ("Date de naissance", "birth_date"),
        ("Prénom", "given_name"),
        ("В/ч", "unit"),
        ("в/зв.", "rank"),
        ("Сторона, що утримує", "held_by"),
        ("Утримується", "held_by"),
        ("Громадянство", "home"),
        ("Відмова", "refusal"),
        ("зник безвісти з", "missing_since"),
        ("colour of hair", None),
        ("", None),
    ],
)
def test_usual_headings(heading: str, field: str | None) -> None:
    """Case, spaces, dots, hyphens, brackets and the three apostrophes make no difference."""
    assert field_of_heading(heading) == field


@pytest.mark.parametrize("field", FIELDS)
def test_own_names(field: str) -> None:
    """Every canonical column name means itself, so that the canonical form reads back."""
    assert field_of_heading(field) == field
