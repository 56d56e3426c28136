"""The composition as it is written and told: `composition.json`."""

from typing import Literal

import msgspec


class Chosen(msgspec.Struct, frozen=True, order=True):
    """A person in the round, released by `held_by` to `home`."""

    ref: str
    held_by: str
    home: str


class Reached(msgspec.Struct, frozen=True):
    """What one objective reached, and what no allowed choice exceeds once the objectives before it are kept."""

    clause: str
    value: int
    bound: int


class Composition(msgspec.Struct, frozen=True, kw_only=True):
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

    def to_json(self) -> bytes:
        """The bytes of `composition.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"
