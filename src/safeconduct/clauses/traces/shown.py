"""What is shown of each clause of terms: its examples in words, and as files that other commands read."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from safeconduct.clauses.compose_kinds import ComposeClause
from safeconduct.clauses.library import Terms
from safeconduct.clauses.traces.choices import Choice, choices_of
from safeconduct.clauses.traces.contradictions import flaws
from safeconduct.clauses.traces.example import Trace
from safeconduct.clauses.traces.making import Example, examples_of
from safeconduct.clauses.traces.told import Row, both_choices, left, names_refs, told_choice, told_example
from safeconduct.kernel.errors import Fault
from safeconduct.kernel.times import format_instant
from safeconduct.logistics.plan import write_plan
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Shown:
    """The examples of one clause."""

    rows: tuple[Row, ...]
    """In words; empty where none was found."""
    files: tuple[dict[str, Any], ...]
    """Each example as JSON: plan, events and end of observation as `watch` takes them; or who is chosen, who left."""
    flaws: tuple[Fault, ...]
    """What came out while they were made."""


def show(terms: Terms) -> dict[str, Shown]:
    """Of each clause, by id, what breaks it and what keeps it."""
    shown: dict[str, Shown] = {}
    for clause in terms.composing:
        choices = choices_of(clause, terms.agreement)
        rows = tuple(row for choice in choices for row in told_choice(choice, clause))
        shown[clause.id] = Shown(rows, tuple(_choice(choice, clause) for choice in choices), ())
    for judging in terms.running:
        examples = examples_of(terms, judging)
        rows = tuple(row for example in examples for row in told_example(example, terms.agreement))
        found = tuple(flaws(judging, examples))
        shown[judging.header.id] = Shown(rows, tuple(_example(example) for example in examples), found)
    return shown


def _example(example: Example) -> dict[str, Any]:
    return {
        "rule": example.pair.rule,
        "plan": json.loads(write_plan(example.pair.plan)),
        "breaks": _trace(example.pair.breaks)
        | {"deviations": [msgspec.to_builtins(deviation) for deviation in example.deviations]},
        "keeps": _trace(example.pair.keeps),
    }


def _trace(trace: Trace) -> dict[str, Any]:
    return {"events": [dict(line) for line in trace.lines], "until": format_instant(trace.until_us)}


def _choice(choice: Choice, clause: ComposeClause) -> dict[str, Any]:
    by_ref = names_refs(clause)
    return {
        name: {
            "chosen": _groups(chosen, by_ref),
            "left": _groups(left(choice.pair.candidates, chosen), by_ref),
            "told": told,
        }
        for name, chosen, told in both_choices(choice, clause)
    }


def _groups(persons: Sequence[Person], by_ref: bool) -> list[dict[str, Any]]:
    """How many of each kind, with the columns of a list that say something; the ref where the clause names some."""
    groups = Counter(person if by_ref else msgspec.structs.replace(person, ref="") for person in persons)
    return [{"number": number} | _columns(person) for person, number in groups.items()]


def _columns(person: Person) -> dict[str, str]:
    columns = {
        "ref": person.ref,
        "held_by": person.held_by,
        "home": person.home,
        "category": ";".join(person.categories),
        "sex": person.sex,
        "rank": person.rank,
        "birth_date": str(person.birth_date or ""),
        "captured_on": str(person.captured_on or ""),
    }
    return {key: value for key, value in columns.items() if value}
