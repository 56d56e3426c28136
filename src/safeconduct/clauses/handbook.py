"""The pages of all kinds, as a book: those of the terms and those that stand in every agreement unwritten."""

import textwrap
from collections.abc import Iterator, Mapping

from safeconduct.clauses.compose_kinds import COMPOSE_KINDS
from safeconduct.clauses.integrity import INTEGRITY_PAGE
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.page import COMPOSE, NOTATION, OPERATORS, PHASES, WRITTEN, KindPage, Parameter
from safeconduct.clauses.plan import PLAN_PAGE
from safeconduct.clauses.protected import PROTECTED_PAGE
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.clauses.traces.candidates import FIELDS
from safeconduct.clauses.traces.choices import choices_of
from safeconduct.clauses.traces.making import examples_of
from safeconduct.clauses.traces.told import Row, told_choice, told_example

BUILT_IN_PAGES = {page.kind: page for page in (PROTECTED_PAGE, PLAN_PAGE, INTEGRITY_PAGE)}
PAGES: dict[str, KindPage] = {
    **{kind: one.page for kind, one in COMPOSE_KINDS.items()},
    **{kind: one.page for kind, one in RUN_KINDS.items()},
    **BUILT_IN_PAGES,
}
"""Of every kind, in the order of the library, the built-in ones last."""

_HEADER = """\
[agreement]
id = "example"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
"""
_WIDTH = 120


def example_terms(page: KindPage) -> Terms:
    """Terms of one clause, the example of a page."""
    return read_terms(f"example of {page.kind}", (_HEADER + page.example).encode())


def sentence_of_example(page: KindPage) -> str:
    """The example's clause in plain words; empty for a built-in one."""
    if not page.example:
        return ""
    terms = example_terms(page)
    return (*terms.composing, *terms.running)[0].sentence()


def rows_of_example(page: KindPage) -> list[Row]:
    """What breaks the example and what keeps it, made and verified anew; empty for a built-in one."""
    if not page.example:
        return []
    terms = example_terms(page)
    return [
        row
        for clause in terms.composing
        for choice in choices_of(clause, terms.agreement)
        for row in told_choice(choice, clause)
    ] + [
        row
        for clause in terms.running
        for example in examples_of(terms, clause)
        for row in told_example(example, terms.agreement)
    ]


def phase_words(page: KindPage) -> str:
    """`the plan and the day`."""
    return " and ".join(PHASES[phase] for phase in page.judges)


def requirement(page: KindPage, parameter: Parameter) -> str:
    """`required`, `default 2m`, or what else holds of a parameter."""
    if parameter.required:
        return "required"
    if parameter.name in page.one_of:
        others = ", ".join(page.one_of)
        return f"{'exactly' if page.exactly_one else 'at least'} one of: {others}"
    return f"default {parameter.default}" if parameter.default else "optional"


def reader(page: KindPage) -> str:
    """Who reads the sentence that the page quotes."""
    return "The coordinator reads" if page.judges == (COMPOSE,) else "On a breach the duty officer reads"


def markdown() -> str:
    """The whole book as Markdown: `docs/clauses.md`."""
    lines = ["# Kinds of clause"]
    for paragraph in _PREFACE:
        lines += ["", *textwrap.wrap(paragraph, _WIDTH)]
    lines += ["", "| kind | about | |", "|---|---|---|"]
    lines += [f"| [`{page.kind}`](#{page.kind}) | {phase_words(page)} | {page.summary} |" for page in PAGES.values()]
    lines += ["", "## How parameters are written", "", *_writing()]
    lines += ["", "## Notation", "", *_notation()]
    for page in PAGES.values():
        lines += ["", f"## {page.kind}", "", *_chapter(page)]
    return "\n".join(lines) + "\n"


_PREFACE = (
    "Written by `safeconduct clauses --markdown > docs/clauses.md` from the pages that stand beside each kind in "
    "`src/safeconduct/clauses/`; a test compares it. `safeconduct clauses KIND` prints one of them. Every clause also "
    "has an `id`, and may have `text`, `source`, `severity`, `on_breach` and `readings`.",
    "How a party reads a disputed term stands in `readings`, as text by party. A clause on who is exchanged may also "
    "have `as_read_by`, by party: parameters that hold in place of the agreed ones in that party's reading "
    "(`as_read_by.UA = { max = 1000 }`; of parameters of which one must stand, those given are then all that hold, so "
    "that an agreed floor can be read as a ceiling). `safeconduct compose --as-read-by UA` composes by it.",
    "The examples are judged each alone, under an agreement of RU and UA through NI concluded on 2 June 2025. What "
    "breaks and what keeps them is made from their parameters and verified by the judging that watches the day; "
    "`safeconduct agreement check --traces` does it for your own terms. Times are UTC.",
)


_REPORTS = (
    "What reports of each type usually say, beside `id`, `type`, `at`, and where they apply `device`, `device_seq`, "
    "`place` and `position`; `handover` is added where a person of the list is accepted. Other types and fields pass, "
    "and patterns may speak of them."
)


_FURTHER_REPORTS = (
    "Types made for what can go wrong (`docs/deviations.md`). A clause reads of them the fields that its patterns, "
    "`same`, `equal` and `per` name; `listed` reads the `person` of any report, `reporting` the `vehicle`, and `claim` "
    "the `source`."
)
FURTHER_FIELDS = {
    "declared": ("by", "what", "list", "digest", "person", "birth_date", "category", "vehicle", "plate", "mode"),
    "signed": ("by", "what", "subject", "count", "result", "reservation"),
    "sealed": ("what", "seal", "person", "vehicle", "list", "digest", "by"),
    "inspected": ("what", "result", "seal", "plate", "mode", "digest", "footage"),
    "inventoried": ("person", "what", "count", "amount", "currency", "by"),
    "followed-up": ("person", "what"),
}
"""What reports of the types usually say that `docs/deviations.md` describes."""


def operators(formula: str = "") -> list[str]:
    """A line for each temporal operator; only those that a formula uses, if one is given."""
    width = max(len(form) for form, _ in OPERATORS.values())
    return [
        f"{form:<{width}}  {meaning}" for word, (form, meaning) in OPERATORS.items() if not formula or word in formula
    ]


def _writing() -> Iterator[str]:
    for words in WRITTEN.values():
        yield from (*textwrap.wrap(words, _WIDTH), "")
    yield from textwrap.wrap(_REPORTS, _WIDTH)
    yield from _fields(FIELDS)
    yield from ("", *textwrap.wrap(_FURTHER_REPORTS, _WIDTH))
    yield from _fields(FURTHER_FIELDS)


def _fields(of_types: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield from ("", "| type | fields |", "|---|---|")
    for kind, names in of_types.items():
        yield f"| `{kind}` | {', '.join(f'`{name}`' for name in names) or 'none'} |"


def _notation() -> Iterator[str]:
    before, after = NOTATION
    yield from (*textwrap.wrap(before, _WIDTH), "", "```", *operators(), "```", "", *textwrap.wrap(after, _WIDTH))


def _chapter(page: KindPage) -> Iterator[str]:
    yield f"*{page.summary[:1].upper()}{page.summary[1:]}.* It is about {phase_words(page)}."
    yield ""
    yield from textwrap.wrap(page.meaning, _WIDTH)
    if page.parameters:
        yield from ("", "| parameter | type | | meaning |", "|---|---|---|---|")
        for one in page.parameters:
            yield f"| `{one.name}` | {one.type} | {_code(page, one)} | {one.meaning} |"
    if page.rules:
        yield from ("", "| rule | names | at | |", "|---|---|---|---|")
        for rule in page.rules:
            yield f"| `{rule.name}` | {rule.subject} | {rule.at} | {rule.meaning} |"
    yield from ("", "Formula:", "", "```", *page.formula.splitlines(), "```", "")
    yield from textwrap.wrap(f"Source: {page.source}", _WIDTH)
    yield ""
    yield from textwrap.wrap(f"{reader(page)}: “{page.duty}”", _WIDTH)
    if page.example:
        yield from ("", "Example:", "", "```toml", *page.example.strip().splitlines(), "```", "")
        sentence = sentence_of_example(page)
        if sentence not in page.duty:
            yield from (*textwrap.wrap(f"In words: {sentence}", _WIDTH), "")
        yield from ("| | |", "|---|---|")
        for name, words in rows_of_example(page):
            yield f"| {name} | {words} |"


def _code(page: KindPage, parameter: Parameter) -> str:
    words = requirement(page, parameter)
    return f"default `{parameter.default}`" if words.startswith("default ") else words
