"""Who is on the list and when, who is due, who was handed over: the plan's persons as the reports changed them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from safeconduct.clauses.batch.columns import Columns
from safeconduct.logistics.plan import Plan

NEVER_US = 2**62
"""Later than every moment."""


@dataclass(frozen=True)
class Member:
    """A person who is or was on the list."""

    id: str
    held_by: str
    home: str
    batch: str
    custody: tuple[str, ...]
    legs: frozenset[str]
    since_us: int
    """From when on the list; `-NEVER_US` for the plan's own persons."""
    until_us: int = NEVER_US
    """From when on no longer: somebody else came in."""


@dataclass(frozen=True)
class People:
    """Everybody who is ever on the list."""

    members: dict[str, Member]
    withdrawn_us: dict[str, int]
    """When each was first withdrawn, whoever agreed."""
    died_us: dict[str, int]

    def is_due(self, person: str, at_us: int) -> bool:
        """On the list at that moment, and neither withdrawn nor dead."""
        member = self.members.get(person)
        return (
            member is not None
            and member.since_us <= at_us < member.until_us
            and self.withdrawn_us.get(person, NEVER_US) > at_us
            and self.died_us.get(person, NEVER_US) > at_us
        )


def read_people(plan: Plan, parties: Iterable[str], events: Columns) -> People:
    """Follow the changes to the list in the order of their time, then id."""
    legs: dict[str, set[str]] = {}
    for leg in plan.legs:
        for person in leg.persons:
            legs.setdefault(person, set()).add(leg.id)
    members = {
        one.id: Member(
            one.id, one.held_by, one.home, one.batch, one.custody, frozenset(legs.get(one.id, ())), -NEVER_US
        )
        for one in plan.persons
    }  # fmt: skip
    agreed_by_all = set(parties)
    for change in list_changes(events, "added", "substituted"):
        if not agreed_by_all <= change.agreed_by or change.person in members:
            continue
        own = frozenset(legs.get(change.person, ()))
        if change.type == "added":
            members[change.person] = Member(
                change.person, change.held_by or "", change.home or "", change.batch or "", change.custody,
                own | frozenset(change.legs), change.at_us,
            )  # fmt: skip
            continue
        out = members.get(change.replaces or "")
        if out is not None and out.since_us <= change.at_us < out.until_us:
            members[out.id] = replace(out, until_us=change.at_us)
            members[change.person] = replace(out, id=change.person, legs=out.legs | own, since_us=change.at_us)
    return People(members, _first(events, "withdrawn"), _first(events, "died"))


@dataclass(frozen=True)
class Change:
    """A report that changes the list, or would."""

    id: str
    type: str
    at_us: int
    person: str
    replaces: str | None
    agreed_by: frozenset[str]
    by: str | None
    ground: str | None
    held_by: str | None
    home: str | None
    batch: str | None
    custody: tuple[str, ...]
    legs: tuple[str, ...]


def list_changes(events: Columns, *types: str) -> Iterator[Change]:
    """The reports of these types that name a person, in the order of their time, then id."""
    singles = ("person", "replaces", "by", "ground", "held_by", "home", "batch")
    several = ("agreed_by", "custody", "legs")
    chosen = events.of_types(*types)
    frame = chosen.frame.select(
        "id", "type", "at",
        *(chosen.text(key).alias(key) for key in singles),
        *(chosen.text(key).alias(f"one {key}") for key in several),
        *(chosen.json(key).alias(f"list {key}") for key in several),
    ).drop_nulls("person").sort("at", "id")  # fmt: skip
    for row in frame.iter_rows(named=True):
        agreed_by, custody, legs = (texts(row[f"one {key}"], row[f"list {key}"]) for key in several)
        yield Change(
            row["id"], row["type"], row["at"], **{key: row[key] for key in singles},
            agreed_by=frozenset(agreed_by), custody=custody, legs=legs,
        )  # fmt: skip


def texts(one: str | None, listed: str | None) -> tuple[str, ...]:
    """The texts of a field that is a text or, as JSON, a list."""
    if one is not None:
        return (one,)
    items = json.loads(listed) if listed is not None else []
    return tuple(item for item in items if isinstance(item, str)) if isinstance(items, list) else ()


def _first(events: Columns, kind: str) -> dict[str, int]:
    chosen = events.of_types(kind)
    frame = chosen.frame.select(chosen.text("person").alias("person"), "at").drop_nulls()
    return dict(frame.group_by("person").agg(pl.col("at").min()).rows())
