"""Equality in the fields of `same`, prepared once for a clause."""

from collections.abc import Callable, Hashable

from safeconduct.clauses.patterns import same_key
from safeconduct.tracking.events import Event


def key_of(same: tuple[str, ...]) -> Callable[[Event], Hashable]:
    """A function of an event: two events are equal in `same` exactly if their values are."""
    if len(same) != 1:
        return lambda event: same_key(event, same)
    (name,) = same

    def one_field(event: Event) -> Hashable:
        value = event.fields.get(name)
        return value if type(value) is str else same_key(event, same)

    return one_field
