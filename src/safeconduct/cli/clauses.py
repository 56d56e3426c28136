"""`safeconduct clauses`: the kinds of clause that terms can be written in."""

import shutil
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.files import print_json
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.clauses.page import KindPage

_WIDTH = 110


def clauses(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="Print the page of this kind.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print every page, as docs/clauses.md is.")] = False,
) -> None:
    """List the kinds of clause that terms can be written in; with KIND print all that one of them says.

    A page has the kind's parameters, its meaning in words and as a formula, its source in law or practice, what it
    raises, and an example with a day that breaks it and one that keeps it. Kinds are about who is exchanged, the plan,
    or the day. Exit code: 0 done, 2 there is no such kind.

    \b
    Example:
      safeconduct clauses response
    """
    from safeconduct.clauses.handbook import PAGES, markdown
    from safeconduct.kernel.documents import suggest

    if as_markdown and (as_json or kind is not None):
        raise BadInput(Fault("--markdown", 0, 0, "it prints the pages of all kinds, and no JSON", "give it alone"))
    if as_markdown:
        print(markdown(), end="")
        return
    if kind is not None and kind not in PAGES:
        raise BadInput(Fault("KIND", 0, 0, f"there is no kind of clause {kind!r}", suggest(kind, tuple(PAGES))))
    if as_json:
        print_json(_told(PAGES[kind]) if kind is not None else [_listed(page) for page in PAGES.values()])
    else:
        print("\n".join(_page(PAGES[kind]) if kind is not None else _table(PAGES)))


def _listed(page: "KindPage") -> dict[str, Any]:
    return {"kind": page.kind, "judges": page.judges, "summary": page.summary}


def _told(page: "KindPage") -> dict[str, Any]:
    from safeconduct.clauses.handbook import rows_of_example, sentence_of_example

    told = asdict(page) | {"sentence": sentence_of_example(page)}
    return told | {"traces": [{"what": what, "words": words} for what, words in rows_of_example(page)]}


def _table(pages: "dict[str, KindPage]") -> list[str]:
    from safeconduct.clauses.handbook import BUILT_IN_PAGES, phase_words

    written = [page for page in pages.values() if page.kind not in BUILT_IN_PAGES]
    width = max(map(len, pages))
    lines = []
    for words in dict.fromkeys(phase_words(page) for page in written):
        of_phase = [page for page in written if phase_words(page) == words]
        lines += [f"{words[:1].upper()}{words[1:]}", *(_line(page, width) for page in of_phase), ""]
    lines += ["In every agreement, unwritten", *(_line(page, width) for page in BUILT_IN_PAGES.values()), ""]
    return [*lines, "safeconduct clauses KIND tells the rest of one: parameters, formula, source, an example."]


def _line(page: "KindPage", width: int) -> str:
    return _wrapped(f"  {page.kind:<{width}}  ", page.summary)


def _page(page: "KindPage") -> list[str]:
    from safeconduct.clauses.handbook import (
        operators,
        phase_words,
        reader,
        requirement,
        rows_of_example,
        sentence_of_example,
    )

    lines = [f"{page.kind}: {page.summary}", f"It is about {phase_words(page)}.", "", _wrapped("", page.meaning)]
    if page.parameters:
        lines += ["", "Parameters"]
    width = max((len(one.name) for one in page.parameters), default=0)
    for one in page.parameters:
        lines.append(_wrapped(f"  {one.name:<{width}}  ", f"{one.meaning} ({one.type}; {requirement(page, one)})"))
    for words in page.how_written():
        lines += ["", _wrapped("  ", words)]
    if page.rules:
        lines += ["", "Breaches"]
    width = max((len(rule.name) for rule in page.rules), default=0)
    for rule in page.rules:
        lines.append(_wrapped(f"  {rule.name:<{width}}  ", f"{rule.meaning} (names {rule.subject}; at: {rule.at})"))
    lines += ["", "Formula (how to read it: docs/clauses.md, Notation)"]
    used = operators(page.formula)
    lines += [f"  {line}" for line in page.formula.splitlines()]
    lines += ["", *(f"  {line}" for line in used)] if used else []
    lines += ["", "Source", _wrapped("  ", page.source)]
    lines += ["", reader(page), _wrapped("  ", page.duty)]
    if page.example:
        lines += ["", "Example", *(f"  {line}" for line in page.example.strip().splitlines()), ""]
        sentence = sentence_of_example(page)
        if sentence not in page.duty:
            lines.append(_wrapped("  in words  ", sentence))
        lines += [_wrapped(f"  {what:<8}  ", words) for what, words in rows_of_example(page)]
    return lines


def _wrapped(lead: str, text: str) -> str:
    """A paragraph as wide as the terminal, its later lines under the first word."""
    width = min(_WIDTH, shutil.get_terminal_size().columns)
    indent = " " * len(lead)
    return textwrap.fill(
        text, width, initial_indent=lead, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
