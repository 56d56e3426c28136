"""Names in one column, taken apart. Single names from public knowledge of names; none is a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.registry.fold import given_key, patronymic_key, skeleton, surname_key, surname_parts
from safeconduct.registry.full_names import split_full_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Шевчук Іван Петрович", ("Шевчук", "Іван", "Петрович")),
        ("ШЕВЧУК, Іван Петрович", ("ШЕВЧУК", "Іван", "Петрович")),
        ("Нечуй Левицька Ганна Іванівна", ("Нечуй Левицька", "Ганна", "Іванівна")),
        ("Іван Петрович Шевчук", ("Шевчук", "Іван", "Петрович")),
        ("Шевчук І.П.", ("Шевчук", "І.", "П.")),
        ("Мамедов Рашид Алі огли", ("Мамедов", "Рашид", "Алі огли")),
        ("Shevchuk Ivan Petrovych", ("Shevchuk", "Ivan", "Petrovych")),
        ("Шевчук Іван", ("Шевчук", "Іван", "")),
        ("Шевчук", ("Шевчук", "", "")),
    ],
)
def test_names_in_full(text: str, parts: tuple[str, str, str]) -> None:
    """Surname, given name, patronymic; a patronymic's ending shows other orders and surnames of two words."""
    assert split_full_name(text) == parts
