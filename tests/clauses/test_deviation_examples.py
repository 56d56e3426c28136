"""Each deviation of docs/deviations.md has a folder that can be run: what deviates is told exactly as the folder says,
what keeps the terms raises nothing, whoever reads it and in whatever order the reports arrive."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.clauses.test_against_oracle import add_up

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.handbook import FURTHER_FIELDS, markdown
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.watching import Watch
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.tracking.events import Event
from safeconduct.tracking.lines import read_line
from safeconduct.vocabulary.breach import Breach

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path for path in (ROOT / "examples" / "deviations").iterdir() if path.is_dir())
PAGE = (ROOT / "docs" / "deviations.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \[(\d+)\]\(\.\./(.+?)\) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
"""Number, folder, deviation, clauses, events, what cannot be seen."""
ORDERS = 8

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def agreed(folder: Path) -> tuple[Terms, Plan]:
    """The terms and the plan of an example."""
    terms = read_terms("terms.toml", (folder / "terms.toml").read_bytes())
    return terms, read_plan("plan.json", (folder / "plan.json").read_bytes())


def reports(folder: Path, name: str) -> list[Event]:
    """The events of one of its files."""
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    events = [read_line(name, number, line) for number, line in enumerate(lines, 1)]
    return [event for event in events if event is not None]


def expected(folder: Path) -> list[bytes]:
    """The deviation lines that the example promises."""
    return (folder / "expected.jsonl").read_bytes().splitlines()


@each_folder
def test_what_deviates_is_told_and_what_keeps_is_not(folder: Path) -> None:
    """By the literal evaluator; every kind of clause in the example has something to tell."""
    terms, plan = agreed(folder)
    found = judge_day(terms, plan, reports(folder, "deviates.jsonl"))
    assert [one.line() for one in found] == expected(folder)
    assert {one.kind for one in found} == {clause.header.kind for clause in terms.running}
    assert judge_day(terms, plan, reports(folder, "keeps.jsonl")) == []


@each_folder
def test_the_order_of_arrival_changes_nothing(folder: Path) -> None:
    """Under watch, shuffled, some reports twice, a few at a time."""
    terms, plan = agreed(folder)
    for name, promised in (("deviates.jsonl", expected(folder)), ("keeps.jsonl", [])):
        for seed in range(ORDERS):
            shuffle = random.Random(seed)
            arriving = reports(folder, name)
            arriving += shuffle.sample(arriving, len(arriving) // 3)
            shuffle.shuffle(arriving)
            watch = Watch(terms, plan)
            told: dict[Breach, Deviation] = {}
            while arriving:
                size = shuffle.randint(1, 3)
                watch.arrive(arriving[:size])
                del arriving[:size]
                add_up(told, watch.judge())
            assert [one.line() for one in watch.standing()] == promised
            assert [(breach, told[breach].status) for breach in sorted(told)] == [
                (one.breach(), one.status) for one in watch.standing()
            ]


def test_the_page_says_of_each_folder_which_clauses_it_holds() -> None:
    """All 42; no folder without a row, no row without a folder, no kind in one that the other does not name."""
    assert [int(number) for number, *_ in ROWS] == list(range(1, 43))
    assert [folder for _, folder, *_ in ROWS] == [f"examples/deviations/{folder.name}" for folder in FOLDERS]
    assert re.findall(r"Of a list of (\d+) deviations .*? none is left out", PAGE) == [str(len(FOLDERS))]
    for number, folder, _, clauses, *_ in ROWS:
        assert int(number) == int(Path(folder).name[:2])
        terms, _ = agreed(ROOT / folder)
        named = re.findall(r"`([a-z-]+)`", clauses)
        assert set(named) >= {clause.header.kind for clause in terms.running}


def test_a_reader_runs_an_example_as_the_page_says(tmp_path: Path) -> None:
    """The page's own command prints the file of what is expected and exits with 1; where all is kept nothing and 0."""
    (command,) = re.findall(r"^    safeconduct (watch .*)$", PAGE, re.MULTILINE)
    arguments = re.sub(r"(examples/\S+)", rf"{ROOT}/\1", command).split()
    folder = Path(arguments[1]).parent
    run = [sys.executable, "-m", "safeconduct.cli.main"]
    done = subprocess.run([*run, *arguments], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (1, expected(folder), b"")
    kept = [one.replace("deviates.jsonl", "keeps.jsonl") for one in arguments]
    done = subprocess.run([*run, *kept], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_pages_of_the_kinds_name_the_same_types_and_fields() -> None:
    """A type described here stands in the table that `safeconduct clauses` writes, with fields that this page names."""
    described = PAGE[PAGE.index("## Reports that these clauses look at") : PAGE.index("\n## Kinds made for them")]
    rows = {line.split("`")[1]: line for line in described.splitlines() if line.startswith("| `")}
    assert rows.keys() == FURTHER_FIELDS.keys()
    for kind, fields in FURTHER_FIELDS.items():
        assert [field for field in fields if f"`{field}`" not in rows[kind]] == []
        assert f"| `{kind}` | {', '.join(f'`{field}`' for field in fields)} |\n" in markdown()
