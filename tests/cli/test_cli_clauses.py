"""`safeconduct clauses` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.clauses.handbook import PAGES, markdown
from safeconduct.cli.main import app
from safeconduct.kernel.errors import BadInput

WIDE = {"COLUMNS": "110"}


def run(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, ["clauses", *arguments], env=WIDE)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_kinds_by_what_they_are_about() -> None:
    """A line for each, with those that stand in every agreement apart."""
    lines = run().splitlines()
    assert [line for line in lines if line and not line.startswith((" ", "safeconduct"))] == [
        "Who is exchanged",
        "The plan and the day",
        "The day",
        "In every agreement, unwritten",
    ]
    assert ["response", "what", "happens", "must", "be", "answered", "within", "a", "time"] in map(str.split, lines)
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(PAGES)


@pytest.mark.parametrize("kind", PAGES)
def test_the_page_of_a_kind(kind: str) -> None:
    """Parameters with what they need, rules, formula, source, example."""
    page = PAGES[kind]
    printed = run(kind)
    words = " ".join(printed.split())
    for part in (page.summary, page.meaning, page.source, page.duty):
        assert " ".join(part.split()) in words
    for parameter in page.parameters:
        assert parameter.meaning in words
    for line in (*page.formula.splitlines(), *page.example.strip().splitlines()):
        assert f"  {line}" in printed.splitlines()
    assert all(line == line.rstrip() for line in printed.splitlines())
    if page.example:
        assert ("  breaks    " in printed) or ("  less      " in printed)


def test_what_each_parameter_needs() -> None:
    """Required, with a default, optional, or one of several."""
    assert "  within  How soon an offer is answered, the bound included. (duration; required)" in run("custody")
    assert '(duration; default "2m")' in run("corridor")
    assert "(duration; at least one of: early, late)" in run("arrival")
    assert "exactly one of: of, longest_captivity, longest_wait, largest, fair" in " ".join(run("prefer").split())


def test_json() -> None:
    """The list, and a page with its example's days in words."""
    assert [one["kind"] for one in json.loads(run("--json"))] == list(PAGES)
    page = json.loads(run("reporting", "--json"))
    assert page["parameters"] == [
        {
            "name": "every",
            "type": "duration",
            "meaning": "The longest time between two reports, the bound included.",
            "required": True,
            "default": "",
        }
    ]
    assert page["traces"][0] == {
        "what": "breaks",
        "words": "09:00 departed bus-1 at camp; nothing of bus-1 by 09:20 → silent at 09:20",
    }
    assert json.loads(run("protected", "--json"))["traces"] == []


def test_markdown_is_the_book() -> None:
    """What docs/clauses.md is made by."""
    assert run("--markdown") == markdown()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("responce",),
            "KIND:0:0: there is no kind of clause 'responce'; did you mean 'response'? Allowed: release-all, ",
        ),
        (("x", "--json"), "KIND:0:0: there is no kind of clause 'x'; allowed: release-all, "),
        (("response", "--markdown"), "--markdown:0:0: it prints the pages of all kinds, and no JSON; give it alone"),
    ],
)
def test_refusals_are_a_line(arguments: tuple[str, ...], message: str) -> None:
    """With the nearest kind, and nothing on standard output."""
    result = CliRunner().invoke(app, ["clauses", *arguments])
    assert isinstance(result.exception, BadInput)
    assert str(result.exception).startswith(message)
    assert "\n" not in str(result.exception)
    assert result.stdout == ""


def test_an_unknown_kind_is_exit_2(tmp_path: Path) -> None:
    """As the shell sees it."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "clauses", "manifesto"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("KIND:0:0: there is no kind of clause 'manifesto'; did you mean 'manifest'?")
