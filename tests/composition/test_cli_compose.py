"""`safeconduct compose` as a user runs it: what is printed, what is written, exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.reading import tree
from typer.testing import CliRunner, Result

from safeconduct.cli.main import app
from safeconduct.kernel.errors import BadInput

TERMS = """\
[agreement]
id = "round"
concluded = 2025-06-02
parties = ["RU", "UA"]

[[clause]]
id = "heads"
kind = "ratio"
between = ["RU", "UA"]
ratio = "1:1"

[[clause]]
id = "held-longest"
kind = "prefer"
longest_captivity = true
"""
CANDIDATES = """\
ref,family_name,held_by,home,captured_on,consent,protected
r1,Abc,RU,UA,2025-05-01,willing,no
r2,Bcd,RU,UA,2025-05-02,,no
u1,Cde,UA,RU,2025-05-30,unknown,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with terms and candidates."""
    (tmp_path / "terms.toml").write_text(TERMS)
    (tmp_path / "candidates.csv").write_text(CANDIDATES)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "compose", "terms.toml", "candidates.csv", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_summary_for_people(folder: Path) -> None:
    """Status, released, objectives with their proof, a line for each clause kept; the file says the same."""
    done = run(folder, "-o", "composition.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "A round is composed, and proven best.\n\n"
        "Released     RU 1   UA 1   (in all 2)\n"
        "Equals       who has been held longest, then the smaller ref: the parties gave no seed\n\n"
        "Objectives, the first first\n"
        "  held-longest         35  proven   "
        "Of the choices allowed, the one whose persons add up to the most days held until 2025-06-02.\n\n"
        "Clauses kept\n"
        "  heads      RU 1 to UA 1, agreed 1:1.\n"
        "  protected  nobody whom it covers is released.\n\n"
        "Written to composition.json.\n"
    )
    written = json.loads((folder / "composition.json").read_bytes())
    assert [person["ref"] for person in written["chosen"]] == ["r1", "u1"]


def test_json_and_nothing_else(folder: Path) -> None:
    """With --json, standard output is the composition, as it would be written."""
    done = run(folder, "--json", "-o", "composition.json")
    assert done.returncode == 0
    assert done.stdout == (folder / "composition.json").read_text()


def test_a_solver_that_prints_does_not_spoil_the_json(folder: Path) -> None:
    """HiGHS 1.12 prints stray lines on a round like this; they must not reach standard output."""
    ranks = ("private", "sergeant", "captain", "major", "colonel")
    rows = [
        f"{held_by}{number},X,{held_by},{home},202{number % 3 + 2}-0{number % 7 + 1},,,{ranks[(number * start) % 5]}"
        for held_by, home, start in (("RU", "UA", 3), ("UA", "RU", 2))
        for number in range(9)
    ]
    (folder / "candidates.csv").write_text("\n".join([CANDIDATES.split("\n")[0] + ",rank", *rows]))
    weights = "weights = { private = 32, sergeant = 37, captain = 58, major = 47, colonel = 17 }"
    some = '[[clause]]\nid = "some"\nkind = "count"\nmin = 1\n'
    (folder / "terms.toml").write_text(TERMS.replace('"1:1"', f'"20:19"\n{weights}') + some)
    done = run(folder, "--json")
    assert json.loads(done.stdout)["status"] in ("optimal", "infeasible")
    assert done.stderr == ""


def test_an_infeasible_round(folder: Path) -> None:
    """Exit 1; the clauses that clash are said in words, and the file is written all the same."""
    clash = '[[clause]]\nid = "floor"\nkind = "count"\nper = "party"\nmin = 2\n'
    (folder / "terms.toml").write_text(TERMS + clash)
    done = run(folder, "-o", "composition.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "No round is possible under these terms.\n\n"
        "  No choice keeps every clause: clause floor cannot be kept.\n"
        "  floor: RU and UA each release at least 2.\n"
        "  This would do:\n"
        "  1. floor: at least 1 instead of at least 2 each (1 fewer) – 2 persons in question.\n\n"
        "Written to composition.json.\n"
    )
    assert json.loads((folder / "composition.json").read_bytes())["conflict"] == ["floor"]


def test_unreadable_cells_are_findings(folder: Path) -> None:
    """They are told, the round is composed without what they would have said, and the exit code is 1.

    Whoever might be unwilling for all that can be read is held back: r2 goes in place of r1.
    """
    (folder / "candidates.csv").write_text(CANDIDATES.replace("2025-05-01,willing", "2025-13-01,maybe not"))
    done = run(folder, "--json")
    assert done.returncode == 1
    places = [line.split(": ")[0] for line in done.stderr.splitlines()]
    assert places == ["candidates.csv:2:5", "candidates.csv:2:6"]
    assert [person["ref"] for person in json.loads(done.stdout)["chosen"]] == ["r2", "u1"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("terms.toml", '"ratio"', '"ration"', "terms.toml:8:8: unknown kind of clause 'ration'; did you mean 'ratio'?"),
        (
            "terms.toml",
            "longest_captivity = true",
            'of = { ref = "x" }',
            "terms.toml:15:14: no candidate has the ref 'x'; ",
        ),
        (
            "candidates.csv",
            "r2,Bcd,RU",
            "r2,Bcd,",
            "candidates.csv:3:1: the candidate 'r2' has no held_by; write the party",
        ),
        (
            "candidates.csv",
            "r2,Bcd,RU,UA",
            "r2,Bcd,RU,BY",
            "candidates.csv:3:1: the candidate 'r2' has home 'BY', no party",
        ),
        (
            "terms.toml",
            "longest_captivity = true",
            'of = { sex = "F", not = { sex = "F" } }',
            "terms.toml:15:6: no person can match this: its keys exclude each other; mend the selector",
        ),
        ("terms.toml", '"1:1"', '"0:1"', "terms.toml:10:9: '0:1' is not a ratio of whole numbers above 0; "),
        (
            "terms.toml",
            '["RU", "UA"]\nratio',
            '["RU", "BY"]\nratio',
            "terms.toml:9:18: 'BY' is no party of the agreement",
        ),
        (
            "candidates.csv",
            "2025-05-02",
            "2099-05",
            "candidates.csv:3:1: the candidate 'r2' was captured on 2099-05, which is yet to come; mend the date",
        ),
        ("candidates.csv", "r2,", "r1,", "candidates.csv:3:1: "),
        ("candidates.csv", "ref,", "colour,", "candidates.csv:1:"),
    ],
)
def test_bad_input(folder: Path, file: str, old: str, new: str, line: str) -> None:
    """One line, exit 2, nothing written."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    done = run(folder, "-o", "composition.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1
    assert not (folder / "composition.json").exists()


@pytest.mark.parametrize("limit", ["60", "0s"])
def test_time_limit_must_be_a_duration(folder: Path, limit: str) -> None:
    """Bad usage is exit 2 and says which option."""
    done = run(folder, "--time-limit", limit)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--time-limit" in done.stderr


def test_a_missing_file(folder: Path) -> None:
    """The file is named."""
    (folder / "candidates.csv").unlink()
    done = run(folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("candidates.csv:0:0: cannot be read: No such file or directory; ")


def answered(folder: Path, *arguments: str) -> Result:
    """Run the command in this process: quicker, and what is printed is what a user sees."""
    return CliRunner().invoke(app, ["compose", str(folder / "terms.toml"), str(folder / "candidates.csv"), *arguments])


def test_questions_about_a_round(folder: Path) -> None:
    """Each is answered behind the summary; with --json beside the fields of the composition."""
    questions = ["--explain", "r2", "--prices", "--compare", str(folder / "other.json")]
    (folder / "other.json").write_text(
        '{"status": "feasible", "chosen": [{"ref": "r2", "held_by": "RU", "home": "UA"}, '
        '{"ref": "u1", "held_by": "UA", "home": "RU"}]}'
    )
    done = answered(folder, *questions)
    assert done.exit_code == 0
    for line in (
        "r2 is not in the round: allowed, but the best choice with r2 reaches held-longest 34 instead of 35.",
        "  heads: give or take 1 of RU's instead of none: held-longest 66 instead of 35; 1 person more home to UA.",
        "  Only in other.json (1): r2.",
    ):
        assert line in done.stdout.splitlines()
    value = json.loads(answered(folder, *questions, "--json").stdout)
    assert value["status"] == "optimal"
    assert [one["why"] for one in value["explanations"]] == ["costs"]
    assert [one["by"] for one in value["prices"]] == [1]
    assert value["comparison"]["only"] == [["r1"], ["r2"]]


@pytest.mark.parametrize("name", ["front.svg", "front.csv", "front.json"])
def test_the_front_of_two_objectives(folder: Path, name: str) -> None:
    """As a table, and as a drawing that says in words what it shows, or as data."""
    more = '[[clause]]\nid = "all"\nkind = "prefer"\nlargest = true\n'
    text = TERMS.replace('ratio = "1:1"', 'ratio = "1:1"\ntolerance = 1')
    room = '[[clause]]\nid = "room"\nkind = "count"\nmax = 2\n'
    (folder / "terms.toml").write_text(text + more + room)
    done = answered(folder, "--pareto", "held-longest", "all", "--front", str(folder / name))
    assert done.exit_code == 0
    assert "  held-longest           all" in done.stdout.splitlines()
    content = (folder / name).read_text()
    if name.endswith("csv"):
        assert content.splitlines() == ["held-longest,all", "35,2"]
    elif name.endswith("json"):
        assert json.loads(content)["points"] == [{"first": 35, "second": 2}]
    else:
        words = [node.text for node in tree(content).iter()]
        assert "1 point, every choice worth having: 35 and 2." in words
        assert {"held-longest", "all", "as composed"} <= set(words)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--explain", "r11"], "no candidate has the ref 'r11'; did you mean 'r1'?"),
        (["--pareto", "held-longest", "longest"], "no 'prefer' is called 'longest'; did you mean 'held-longest'?"),
        (["--pareto", "held-longest", "held-longest"], "two different objectives"),
        (["--front", "x.svg"], "name two objectives with --pareto"),
        (["--pareto", "held-longest", "held-longest", "--front", "x.png"], ".svg, .csv, .json"),
    ],
)
def test_questions_that_cannot_be_asked(folder: Path, arguments: list[str], told: str) -> None:
    """Bad usage is exit 2, before anything is solved."""
    done = answered(folder, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in re.sub(r"[\s│]+", " ", done.stderr)


def test_another_proposal_must_be_of_these_candidates(folder: Path) -> None:
    """One line for each who is none; nothing is solved."""
    other = folder / "other.json"
    other.write_text('{"status": "optimal", "chosen": [{"ref": "x1", "held_by": "RU", "home": "UA"}]}')
    done = answered(folder, "--compare", str(other))
    assert isinstance(done.exception, BadInput)
    assert str(done.exception) == (
        f"{other}:0:0: the chosen 'x1' is no candidate; compare proposals for the same candidates"
    )


def test_an_infeasible_round_is_not_asked(folder: Path) -> None:
    """What would do stands with the conflict; the questions are told to be void."""
    (folder / "terms.toml").write_text(TERMS + '[[clause]]\nid = "floor"\nkind = "count"\nmin = 9\n')
    done = answered(folder, "--prices")
    assert done.exit_code == 1
    assert "nothing to ask of it" in done.stderr
    assert "This would do:" in done.stdout


def test_as_one_party_reads_it(folder: Path) -> None:
    """The agreed floor read as a ceiling; the summary and the file say whose reading it is."""
    cap = '[[clause]]\nid = "cap"\nkind = "count"\nmin = 2\nas_read_by.UA = { max = 0 }\n'
    (folder / "terms.toml").write_text(TERMS + cap)
    agreed = json.loads(run(folder, "--json").stdout)
    theirs = json.loads(run(folder, "--json", "--as-read-by", "UA").stdout)
    assert ([len(one["chosen"]) for one in (agreed, theirs)], theirs["as_read_by"]) == ([2, 0], "UA")
    assert "as_read_by" not in agreed
    done = run(folder, "--as-read-by", "RU")
    assert (done.returncode, done.stderr) == (
        0,
        "RU reads no clause otherwise than agreed (as_read_by.RU): composed as agreed\n",
    )
    assert "This is the round as RU reads the terms: it reads every clause as agreed.\n" in done.stdout
    done = run(folder, "--as-read-by", "BY")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'BY' is no party of the agreement; allowed: RU, UA" in done.stderr


def test_tranches_and_third_states_in_the_summary(folder: Path) -> None:
    """How many go in each, and how many go where."""
    more = """
[[clause]]
id = "care"
kind = "destination"
of = { held_by = "RU" }
to = "CH"

[[clause]]
id = "second"
kind = "tranche"
name = "two"
after = ["one"]

[[clause]]
id = "first"
kind = "tranche"
name = "one"
by = "UA"
"""
    (folder / "terms.toml").write_text(TERMS + more)
    done = run(folder, "-o", "composition.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Tranches     one 1   two 1\nThird state  CH 1\n" in done.stdout
    assert "\n\nThe tranche two (1) goes only after one is confirmed.\n" in done.stdout
    written = json.loads((folder / "composition.json").read_bytes())
    assert written["chosen"] == [
        {"ref": "r1", "held_by": "RU", "home": "UA", "tranche": "two", "destination": "CH"},
        {"ref": "u1", "held_by": "UA", "home": "RU", "tranche": "one"},
    ]
    assert written["tranches"] == [
        {"name": "one", "by": "UA", "after": [], "persons": 1},
        {"name": "two", "by": "", "after": ["one"], "persons": 1},
    ]
