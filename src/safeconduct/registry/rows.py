"""Rows on record as the persons that lists are read to, and rows with other values."""

from collections.abc import Mapping
from typing import Any

import msgspec

from safeconduct.registry.entries import PersonListed
from safeconduct.registry.lists import as_text
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def person_of(row: PersonListed) -> Person:
    """The person of a row on record."""
    return Person(
        ref=row.ref,
        family_name=row.family_name,
        given_name=row.given_name,
        patronymic=row.patronymic,
        sex=row.sex,
        birth_date=_date(row.birth_date),
        rank=row.rank,
        service_number=row.service_number,
        unit=row.unit,
        categories=row.categories,
        health=row.health,
        captured_on=_date(row.captured_on),
        captured_at=row.captured_at,
        held_at=row.held_at,
        held_by=row.held_by,
        home=row.home,
        consent=row.consent_claimed,
        protected=row.protected_claimed,
        note=row.note,
    )


def text_of(row: PersonListed) -> dict[str, str]:
    """Every field of a row but its ref, in canonical form."""
    return {field: value for field, value in as_text(person_of(row)).items() if field != "ref"}


def with_values(row: PersonListed, values: Mapping[str, str]) -> PersonListed:
    """The row with other values, given by field in canonical form."""
    changed: dict[str, Any] = {}
    for field, value in values.items():
        if field == "category":
            changed["categories"] = tuple(value.split(";")) if value else ()
        elif field == "consent":
            changed["consent_claimed"] = value
        elif field == "protected":
            changed["protected_claimed"] = value == "yes"
        else:
            changed[field] = value
    return msgspec.structs.replace(row, **changed)


def _date(text: str) -> ImpreciseDate | None:
    return ImpreciseDate.parse(text) if text else None
