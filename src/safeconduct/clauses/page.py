"""What a kind of clause says of itself: a page that stands beside its class, so that one file of a kind says all."""

from dataclasses import dataclass

COMPOSE = "compose"
"""It says who is exchanged."""
PLAN = "plan"
"""It is judged over a plan, by what would be reported if all went as planned."""
RUN = "run"
"""It is judged over the day, by what is reported."""
PHASES = {COMPOSE: "who is exchanged", PLAN: "the plan", RUN: "the day"}
"""Of each phase what it looks at, in words."""

DURATION = "duration"
PATTERN = "event pattern"
PATTERNS = "event pattern, or a list of which any may match"
EACH_PATTERN = "event pattern, or a list of which each counts"
SELECTOR = "selector of persons"
FIELDS = "list of fields"
PARTIES = "two of the agreement's parties"
PARTY = "party of the agreement"
DATE = "date"
RATIO = "ratio of whole numbers"
METRES = "metres"
REF = "ref of a candidate"
WHOLE = "whole number"

PATTERN_TYPES = frozenset((PATTERN, PATTERNS, EACH_PATTERN))
"""The types of the parameters that hold event patterns."""


WRITTEN = {
    SELECTOR: (
        "A selector is a table; all its keys must hold, and a list means any of: home, held_by, category, sex, rank, "
        'ref, age ("18..25": completed years, both included, on as_of, else on the day the agreement was concluded), '
        'captured_before (a date, strictly), rounds_waited ("2.." or "1..3": in so many rounds the person was a '
        "candidate and not chosen, as the list of candidates says; where it does not, in none), living (true: all but "
        "the category remains; false: remains alone), not (a selector). Where neither living nor a category is named, "
        "remains are meant as well. An imprecise date "
        "satisfies a key only if every day it may mean does. What a person lacks does not match. No selector can ask "
        "for consent or protected."
    ),
    PATTERN: (
        "An event pattern is a table over the fields of a report; all its keys must hold: a value is equality, a list "
        "any of, { not = … } none of, { min = …, max = … } a range of numbers, both included. Where the report has a "
        "list, one of its items must match (with not, none may); a field that it lacks matches nothing. A report of a "
        "person on the list also has home, held_by and batch from the plan and, where it is accepted, handover: true "
        "if to is the home party."
    ),
    DURATION: "A duration is written 45s, 30m, 2h, 3d, or as a sum such as 1h30m.",
}
"""Of the types that need it, how their values are written."""


@dataclass(frozen=True)
class Parameter:
    """A field of the clause's table that this kind has, beside those of every clause."""

    name: str
    type: str
    meaning: str
    required: bool = False
    default: str = ""
    """What holds if it is left out, as it would be written in the terms; empty: nothing can be written for it."""


@dataclass(frozen=True)
class Rule:
    """One way of breaking a clause of the kind."""

    name: str
    subject: str
    """Whom or what such a breach names."""
    at: str
    """The moment that it names."""
    meaning: str


@dataclass(frozen=True)
class KindPage:
    """All that a person must know of a kind to put it into terms and to read what it raises."""

    kind: str
    summary: str
    """One line."""
    judges: tuple[str, ...]
    """Of `PHASES`."""
    meaning: str
    """One paragraph."""
    formula: str
    """The obligation in the notation of `NOTATION` (compose: as a condition on the choice)."""
    source: str
    """What it goes back to, in law or practice."""
    duty: str
    """What the duty officer reads on a breach (compose: the coordinator): that of the example, broken."""
    parameters: tuple[Parameter, ...] = ()
    one_of: tuple[str, ...] = ()
    """Optional parameters of which one must stand."""
    exactly_one: bool = False
    """Of `one_of` no more than one may stand."""
    rules: tuple[Rule, ...] = ()
    example: str = ""
    """A clause as it stands in terms; empty for what stands in every agreement unwritten."""

    def how_written(self) -> tuple[str, ...]:
        """How the values of its parameters are written, where that needs saying."""
        types = {PATTERN if one.type in PATTERN_TYPES else one.type for one in self.parameters}
        return tuple(words for kind, words in WRITTEN.items() if kind in types)

    def pattern_parameters(self) -> tuple[str, ...]:
        """The parameters that hold event patterns."""
        return tuple(one.name for one in self.parameters if one.type in PATTERN_TYPES)


OF = Parameter("of", SELECTOR, "Whom the clause is about; without it, everyone.")
"""The selector that most kinds on who is exchanged have."""

NOTATION = (
    "Formulas are written in the words of MonPoly's metric first-order temporal logic: NOT, AND, OR, IMPLIES, EQUIV, "
    "FORALL, EXISTS, and those below, with an interval of time [a,b] from now (no interval: any time; * has no end; a "
    "round bracket leaves the bound out).",
    "e, f, g are events, p persons, v vehicles, l legs, b batches, x places, s values of the `same` fields; "
    "after(e, s) says that e happens now, matches the clause's `after` and has s in these fields. Unlike MonPoly's, "
    "a formula here speaks of moments, not of lines of a log: all events of one instant happen together, and states "
    "(aboard, due, on_list) hold at every moment. What is written is the obligation; a breach is a moment at which "
    "it fails. Conditions on who is exchanged are sums over the candidates: x(p) is 1 if p is chosen, else 0.",
)
"""How formulas are to be read, in paragraphs; between the two stand the operators."""
OPERATORS = {
    "ALWAYS": ("ALWAYS φ", "at every moment φ"),
    "ONCE": ("ONCE[a,b] φ", "at some moment between b and a ago (or now, if a is 0) φ held"),
    "EVENTUALLY": ("EVENTUALLY[a,b] φ", "at some moment between a and b from now φ holds"),
    "SINCE": ("φ SINCE[a,b] ψ", "ψ held between b and a ago, and φ at every moment after that, up to now"),
    "UNTIL": ("φ UNTIL[a,b] ψ", "ψ holds between a and b from now, and φ at every moment from now until before that"),
}
"""Of each temporal operator its form and its meaning."""
