"""By what persons are told apart in clauses that count each value on its own."""

from collections.abc import Callable, Sequence

from safeconduct.vocabulary.person import Person

VALUES_OF: dict[str, Callable[[Person], Sequence[str]]] = {
    "held_by": lambda person: _said(person.held_by),
    "home": lambda person: _said(person.home),
    "category": lambda person: person.categories,
    "rank": lambda person: _said(person.rank),
    "sex": lambda person: _said(person.sex),
    "unit": lambda person: _said(person.unit),
    "held_at": lambda person: _said(person.held_at),
}
"""By field, the values that a person has there; none where the list does not say."""


def _said(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
