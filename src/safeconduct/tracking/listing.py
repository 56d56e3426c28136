"""Who is on the list of a round: those chosen, as the changes that every party agreed to made it.

As the contract has it (formats.md, "Changes to the list"); a test holds it against what the clauses make of the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Listed:
    """A person who is, or was, on the list."""

    held_by: str
    home: str
    batch: str = ""
    joined: bool = False
    """Came onto it on the day."""
    left: bool = False
    """Somebody else stands in their place."""
    gone: bool = False
    """Withdrawn, or dead: nobody waits for them any more."""

    @property
    def due(self) -> bool:
        """On the list, and waited for."""
        return not self.left and not self.gone


@dataclass(frozen=True, slots=True)
class ListChange:
    """A change that was reported, as much of it as is told."""

    at_us: int
    event: str
    kind: str
    """added, substituted, withdrawn or died."""
    person: str
    replaces: str = ""
    agreed: bool = False
    """By every party."""
    comes_with: Listed | None = None
    """Of who is added: what the report says of them; None where that is not told."""


def listed_now(chosen: Mapping[str, Listed], changes: Iterable[ListChange]) -> dict[str, Listed]:
    """Everyone who is or was on the list after these changes, in whatever order they are given.

    Who is added is on it only where it is told what the report says of them.
    """
    listed = dict(chosen)
    gone: set[str] = set()
    for change in sorted(changes, key=lambda one: (one.at_us, one.event)):
        replaced = listed.get(change.replaces)
        if change.kind in ("withdrawn", "died"):
            gone.add(change.person)
        elif not change.agreed or change.person in listed:
            continue
        elif change.kind == "added" and change.comes_with is not None:
            listed[change.person] = replace(change.comes_with, joined=True)
        elif change.kind == "substituted" and replaced is not None and not replaced.left:
            listed[change.person] = replace(replaced, joined=True, gone=False)
            listed[change.replaces] = replace(replaced, left=True)
    return {person: replace(one, gone=True) if person in gone else one for person, one in listed.items()}
