"""Rows on record as the persons that lists are read to."""

from safeconduct.registry.entries import PersonListed
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


def _date(text: str) -> ImpreciseDate | None:
    return ImpreciseDate.parse(text) if text else None
