"""The base of every ledger entry, and the three ways in which a stored body can be read.

An entry type is a frozen struct, tagged `room.name/version`. Its bytes are canonical JSON (`kernel.encoding`). Every
field says who may know it (`kernel.audience`); the class says who may know that such an entry exists at all.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, TypeVar

import msgspec

from safeconduct.kernel.audience import Audience, told_to

E = TypeVar("E", bound="Entry", covariant=True)


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """One thing that happened. Subclasses set `tag="room.name/version"` and label every field.

    A type with a field for `Audience.OWN` has a field `own: tuple[str, ...]`: the parties whom the entry concerns. One
    with a field for `Audience.FACILITY` has a field `facility: str`.
    """

    existence: ClassVar[Audience]
    """Who may know that an entry of this type was made, and when (`type` and `occurred_at_us`)."""

    occurred_at_us: Annotated[int, told_to(Audience.PUBLIC)]
    """When it happened, by the author's clock: microseconds since 1970 UTC. Told to whom `existence` says."""

    def sealed_under(self) -> str:
        """What the data key of this body belongs to: `person:ID` or `document:ID`. Destroying that key erases it."""
        raise NotImplementedError


def type_tag(entry_type: type[Entry]) -> str:
    """The tag `room.name/version` of an entry type."""
    tag = entry_type.__struct_config__.tag
    if not isinstance(tag, str):
        raise AssertionError(f"{entry_type.__name__} has no tag")
    return tag


class Opened(msgspec.Struct, Generic[E], frozen=True):
    """A body that this reader holds the key of."""

    entry: E


@dataclass(frozen=True, slots=True)
class Sealed:
    """A body that is there, but closed to this reader."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A body whose key was destroyed; its commitment still stands in the leaf."""
