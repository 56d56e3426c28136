"""The composition as it is written and told: `composition.json`."""

from typing import Literal

import msgspec

from safeconduct.composition.seed import Seed


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


class Share(msgspec.Struct, frozen=True):
    """How many of a group are chosen, of so many of it who may be exchanged."""

    group: str
    chosen: int
    of: int


class Reached(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one objective reached, and what no allowed choice exceeds once the objectives before it are kept.

    Of fairness both are millionths of the smallest share, rounded down.
    """

    clause: str
    value: int
    bound: int
    shares: tuple[Share, ...] = ()
    """Of fairness, every group, the smallest share first."""
    asked: int = 0
    """Of fairness, how many of the smallest shares count."""
    levels: int = 0
    """Of fairness, of how many of the smallest shares it is proven that no allowed choice has more."""


class Change(msgspec.Struct, frozen=True):
    """How one clause gives way."""

    clause: str
    amounts: dict[str, int]
    """By how much, in the clause's own units: `min` by 3, `tolerance` by 1."""
    told: str
    """What it would ask instead, for people."""


class Relaxation(msgspec.Struct, frozen=True):
    """Clauses that may give way, and by how little they must, so that every clause can hold: shown by solving."""

    clauses: tuple[str, ...]
    changes: tuple[Change, ...]
    """The least that these clauses can do; empty if the time ran out before it was known."""
    persons: int | None
    """For how many persons the terms give way, whatever their side; None if the amounts are not known."""
    minimal: bool
    """Whether none of the clauses is there in vain: with any one of them kept in full, no amounts of the others do."""


class Moved(msgspec.Struct, frozen=True):
    """What an objective would reach instead."""

    clause: str
    now: int
    then: int


class Price(msgspec.Struct, frozen=True):
    """What a clause costs: what would be gained if it gave way by the least that changes anything."""

    clause: str
    amount: str
    """In what it would give way: `min`, `tolerance`."""
    by: int
    """By how much it must; 0: however far it gave way, nothing would be gained."""
    moved: tuple[Moved, ...]
    """The objectives that would reach something else: the first of them more."""
    released: dict[str, int]
    """By how many more persons each party would release, fewer below 0."""
    home: dict[str, int]
    """By how many more persons would go home to each party."""


class FairnessPrice(msgspec.Struct, frozen=True):
    """What fairness costs in persons: the largest round with it and without it, all other objectives being served
    before, as far as they can be, in their order."""

    clause: str
    now: int
    """Persons in the largest round with it."""
    then: int
    """Persons in the largest round without it."""
    moved: tuple[Moved, ...]
    """The other objectives that would reach something else without it."""
    released: dict[str, int]
    """By how many more persons each party would release without it, fewer below 0."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why one person is in the round, or is not, and what would have to change."""

    ref: str
    chosen: bool
    why: Literal["protected", "no-choice", "costs", "equal"]
    """`no-choice`: under the terms there is no other way; `costs`: the other way serves an objective worse; `equal`:
    the other way is as good. Of `protected`, nothing else is told."""
    moved: tuple[Moved, ...] = ()
    """If it costs, what the objectives would reach."""
    conflicts: tuple[tuple[str, ...], ...] = ()
    """The minimal sets of clauses any one of which alone leaves no other way; if it costs, none in which the first
    objective that suffers, and those before it, are served no less."""
    relaxations: tuple[Relaxation, ...] = ()
    """What would have to change for the other way; if it costs, so that those objectives are served no less."""
    sentences: tuple[str, ...]


class Certificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a composition rests on, so that anybody who has its inputs can check it, or compute it again."""

    terms_sha256: str
    """Of the terms file, byte for byte, in hex."""
    candidates_sha256: str
    versions: dict[str, str]
    """Of the programs that computed it."""
    proven: tuple[str, ...]
    """The objectives, from the first on, that were locked as proven best."""
    rule: tuple[Literal["longest-captivity", "seed", "ref"], ...]
    """By what those were ordered whom the terms do not tell apart, the first first."""
    seed: Seed | None = None


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
    conflicts: tuple[tuple[str, ...], ...] = ()
    """If infeasible, every minimal set of clauses that cannot hold together, `conflict` among them."""
    relaxations: tuple[Relaxation, ...] = ()
    """If infeasible, what would do, for the fewest persons first. Never `protected`, and no clause that asks for the
    seriously wounded and sick (GC III, art. 109)."""
    exhaustive: bool | None = None
    """If infeasible, whether `conflicts` and `relaxations` are all there are, each with its least amounts; false if the
    time ran out."""
    tranches: tuple[Tranche, ...] = ()
    """None before one that it comes after; not in the file where the terms have none."""
    carried: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """By clause, what is left over for the next terms to take over (its `carried`), by party."""
    proposed: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By clause that lets a party pick, the refs chosen that it has not named: it may name others in their place."""
    as_read_by: str = ""
    """The party whose reading of the terms this is; not in the file where it is the agreed one."""

    certificate: Certificate | None = None

    def to_json(self) -> bytes:
        """The bytes of `composition.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"
