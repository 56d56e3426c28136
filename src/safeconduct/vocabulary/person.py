"""A person as a list states it: what was written, in the shared words, with nothing decided."""

import msgspec

from safeconduct.vocabulary.imprecise_date import ImpreciseDate


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list of persons. Empty text means that the list does not say."""

    ref: str
    """The list's own identifier, unique in it."""
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    sex: str = ""
    """F, M or X."""
    birth_date: ImpreciseDate | None = None
    rank: str = ""
    service_number: str = ""
    unit: str = ""
    categories: tuple[str, ...] = ()
    """Of `vocabulary.categories.CATEGORIES`."""
    health: str = ""
    captured_on: ImpreciseDate | None = None
    captured_at: str = ""
    held_at: str = ""
    held_by: str = ""
    """The detaining power: a party identifier."""
    home: str = ""
    """The party to which the person returns: a party identifier."""
    consent: str = "unknown"
    """willing, unwilling or unknown. In a party's own list a claim: shown, never used."""
    protected: bool = False
    """Not to be exchanged, for a reason that only the intermediary may know. In a party's own list a claim."""
    note: str = ""
    rounds_waited: int = 0
    """In how many rounds the person was a candidate and not chosen. Of a list of candidates; elsewhere never used."""
