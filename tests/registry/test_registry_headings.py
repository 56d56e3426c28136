"""Headings in four languages, as lists spell them."""

import unicodedata

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


FRENCH = {
    "ref": "identifiant; référence; réf.",
    "row_number": "N°; numéro; n° d'ordre",
    "family_name": "Nom; NOM DE FAMILLE",
    "given_name": "Prénom; Prénom(s); prenoms",
    "patronymic": "Nom du père; patronyme; prénom du père",
    "full_name": "Nom et prénom; Nom, prénoms; nom complet",
    "sex": "Sexe",
    "birth_date": "Date de naissance; Né(e) le; né le; année de naissance",
    "birth_place": "Lieu de naissance",
    "rank": "Grade",
    "service_number": "Matricule; N° matricule; numéro de service",
    "unit": "Unité; unité militaire",
    "call_sign": "Indicatif",
    "category": "Catégorie; statut",
    "health": "État de santé; blessure",
    "captured_on": "Date de capture; capturé le",
    "missing_since": "Disparu depuis; porté disparu le",
    "captured_at": "Lieu de capture",
    "held_at": "Lieu de détention; lieu d’internement",
    "held_by": "Puissance détentrice; détenu par",
    "home": "Nationalité; puissance d'origine",
    "consent": "Consentement; souhait",
    "refusal": "Refus",
    "protected": "Protégé",
    "note": "Remarques; Observations",
}
"""As the ICRC's forms head the columns of prisoners and the missing, with and without accents."""


@pytest.mark.parametrize(("field", "words"), FRENCH.items())
def test_french_headings(field: str, words: str) -> None:
    """With accents, in capitals without them, with what is added in brackets."""
    for word in words.split("; "):
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        assert [field_of_heading(one) for one in (word, word.upper(), bare)] == [field] * 3, word
