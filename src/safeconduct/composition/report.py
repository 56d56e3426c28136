"""The composition as it is written and told: `composition.json`."""

from typing import Literal

import msgspec


class Chosen(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """A person in the round, released by `held_by` to `home`."""

    ref: str
    held_by: str
    home: str
    tranche: str = ""
    """In which tranche the person goes, where the terms have any."""
    destination: str = ""
    """Where the person goes instead of home, where the terms say so."""


class Tranche(msgspec.Struct, frozen=True):
    """A part of the round that goes at a time of its own."""

    name: str
    by: str
    """The party that releases it; empty: any."""
    after: tuple[str, ...]
    """The tranches that must be confirmed before this one may go."""
    persons: int


class Reached(msgspec.Struct, frozen=True):
    """What one objective reached, and what no allowed choice exceeds once the objectives before it are kept."""

    clause: str
    value: int
    bound: int


class Composition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of composing a round. The fields stand as in the file."""

    status: Literal["optimal", "feasible", "infeasible"]
    """`optimal` only if every objective is proven; `feasible`: all clauses kept, but the time ran out on the proof."""
    chosen: tuple[Chosen, ...]
    """Sorted by `ref`."""
    objectives: tuple[Reached, ...]
    """In their order of rank; empty if infeasible."""
    released: dict[str, int]
    """Persons chosen, by releasing party, for every party of the agreement."""
    conflict: tuple[str, ...]
    """If infeasible, clauses that cannot hold together; dropping any one lets the rest of them hold."""
    explanation: tuple[str, ...]
    """Sentences for people. They name clauses and parties, never persons, and say nothing of the cause behind
    `protected`."""
    tranches: tuple[Tranche, ...] = ()
    """None before one that it comes after; not in the file where the terms have none."""
    carried: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """By clause, what is left over for the next terms to take over (its `carried`), by party."""
    proposed: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By clause that lets a party pick, the refs chosen that it has not named: it may name others in their place."""
    as_read_by: str = ""
    """The party whose reading of the terms this is; not in the file where it is the agreed one."""

    def to_json(self) -> bytes:
        """The bytes of `composition.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"
