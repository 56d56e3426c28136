"""`safeconduct audit` as a user runs it: files, bad lines, the end of a round, exit codes; as `watch --final`."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clauses.days import HEADER, event, leg, moved, passed, person, plan_json

CLAUSES = """
[[clause]]
id = "ontime"
kind = "arrival"
late = "0s"

[[clause]]
id = "all"
kind = "release-all"
of = { category = "seriously-wounded-or-sick" }
text = "All seriously wounded and sick."
severity = "critical"

[[clause]]
id = "even"
kind = "ratio"
between = ["RU", "UA"]
ratio = "1:1"
"""
DEPARTED = moved("d", "departed", "08:00", "v1", "H")
ARRIVED = moved("a", "arrived", "08:59", "v1", "X")
TICK = event("t", "clock", "09:01")
CANDIDATES = """ref,family_name,category,held_by,home,consent,protected
p1,Nobody,seriously-wounded-or-sick,RU,UA,willing,no
p2,Nobody,prisoner-of-war,UA,RU,willing,no
p3,Nobody,seriously-wounded-or-sick,RU,UA,unwilling,no
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Terms, candidates, and a plan with two persons and one leg, due at X at 09:00."""
    (tmp_path / "terms.toml").write_text(HEADER + CLAUSES)
    persons = [person("p1"), person("p2", held_by="UA", home="RU"), person("p3")]
    plan = plan_json(persons=persons, legs=[leg("l1", "v1", "H", "X", "08:00", "09:00")])
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "candidates.csv").write_text(CANDIDATES)
    return tmp_path


def run(
    folder: Path, *arguments: str, command: str = "audit", events: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in the folder; `events` go to standard input."""
    words = [sys.executable, "-m", "safeconduct.cli.main", command, "terms.toml", "plan.json", *arguments]
    return subprocess.run(words, cwd=folder, input=events, capture_output=True, timeout=60, check=False)


def lines(*events: dict[str, Any]) -> bytes:
    """JSON Lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in events)


def told(output: bytes) -> list[tuple[str, str, str, str]]:
    """(clause, rule, subject, status) of each deviation line."""
    return [
        tuple(one[key] for key in ("clause", "rule", "subject", "status"))
        for one in map(json.loads, output.splitlines())
    ]


def test_what_stands_at_the_end_as_the_watch_tells_it(folder: Path) -> None:
    """Exit 0 and nothing, or 1 and the same verdicts; `--until` ends the observation."""
    (folder / "events.jsonl").write_bytes(lines(TICK, ARRIVED, DEPARTED))
    done = run(folder, "events.jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (folder / "late.jsonl").write_bytes(lines(DEPARTED, TICK))
    done = run(folder, "late.jsonl", "--json")
    assert (done.returncode, told(done.stdout)) == (1, [("ontime", "late", "l1", "open")])
    assert told(run(folder, "late.jsonl", "--final", command="watch").stdout) == told(done.stdout)
    assert run(folder, "late.jsonl", "--until", "2025-07-04T09:00:00Z").returncode == 0


def test_several_files_are_one_set_of_lines(folder: Path) -> None:
    """In any order, with lines that stand in more than one; standard input may be one of them."""
    (folder / "one.jsonl").write_bytes(lines(TICK, DEPARTED))
    (folder / "two.jsonl").write_bytes(lines(ARRIVED, TICK))
    assert run(folder, "one.jsonl", "two.jsonl").returncode == 0
    assert run(folder, "two.jsonl", "one.jsonl").returncode == 0
    assert run(folder, "one.jsonl").returncode == 1
    assert run(folder, "one.jsonl", "-", events=lines(ARRIVED)).returncode == 0


def test_bad_lines_are_set_aside_as_by_the_watch(folder: Path) -> None:
    """Beside each file, at the same places; the rest is judged; exit 2 at the end."""
    bad = b'{"id": "x"}\r\nnonsense\n'
    (folder / "one.jsonl").write_bytes(lines(DEPARTED) + b"\n" + bad)
    (folder / "two.jsonl").write_bytes(b"\xff\n" + lines(TICK))
    done = run(folder, "one.jsonl", "two.jsonl")
    assert (done.returncode, told(done.stdout)) == (2, [("ontime", "late", "l1", "open")])
    assert done.stderr.decode().splitlines() == [
        "one.jsonl:3:1: an event needs 'type', a text; add it",
        "one.jsonl:4:1: not JSON: expecting value; mend the line and send it again",
        "one.jsonl: 2 bad lines set aside in one.bad.jsonl",
        "two.jsonl:1:1: not UTF-8 text; mend the line and send it again",
        "two.jsonl: 1 bad line set aside in two.bad.jsonl",
    ]
    assert (folder / "one.bad.jsonl").read_bytes() == b'{"id": "x"}\nnonsense\n'
    done = run(folder, "one.jsonl", "two.jsonl", "--set-aside", "bad")
    assert done.stderr.endswith(b"2 files: 3 bad lines set aside in bad\n")
    assert (folder / "bad").read_bytes() == b'{"id": "x"}\nnonsense\n\xff\n'


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["absent.jsonl"], "absent.jsonl:0:0: cannot be read: No such file or directory; check the path"),
        (["e.jsonl", "--until", "noon"], "--until:0:0: 'noon' is not an RFC 3339 time"),
        (["e.jsonl", "--set-aside", "e.jsonl"], "e.jsonl:0:0: bad lines cannot go into the events themselves"),
        (["e.jsonl", "--closed", "absent.csv"], "absent.csv:0:0: cannot be read: No such file or directory"),
        (["e.jsonl", "--closed", "plan.json"], "plan.json:"),
        (["empty.jsonl", "--closed", "candidates.csv"], "--closed:0:0: no report says when the round ended; give it"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line(folder: Path, arguments: list[str], fault: str) -> None:
    """What is wrong, where, how to mend it; exit 2."""
    (folder / "e.jsonl").write_bytes(lines(TICK))
    (folder / "empty.jsonl").touch()
    done = run(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(fault)
    assert done.stderr.count(b"\n") == 1


def handover(ref: str, clock: str, who: str, to: str) -> dict[str, Any]:
    """A person accepted by the home party."""
    return passed(ref, "accepted", clock, who, "NI", to)


@pytest.mark.parametrize(
    ("events", "broken"),
    [
        ([handover("1", "08:10", "p1", "UA"), handover("2", "08:11", "p2", "RU")], []),
        ([handover("1", "08:10", "p1", "UA")], ["even"]),
        ([handover("2", "08:11", "p2", "RU")], ["all", "even"]),
        # Who may not go is missed by no clause: as the day showed, too.
        ([event("w", "withdrawn", "08:00", person="p1", by="NI", ground="protected")], []),
        ([event("w", "withdrawn", "08:00", person="p1", by="RU", ground="protected")], ["all"]),
        ([event("w", "died", "08:00", person="p1")], []),
        # Handed over although unwilling, or after they were withdrawn.
        ([handover("1", "08:10", "p1", "UA"), handover("2", "08:11", "p2", "RU"), handover("3", "08:10", "p3", "UA")],
         ["even", "protected"]),
        ([handover("1", "08:10", "p1", "UA"), handover("2", "08:11", "p2", "RU"),
          event("w", "withdrawn", "08:09", person="p2", by="NI", ground="protected")], ["protected"]),
        ([handover("1", "08:10", "p1", "UA"), handover("2", "08:11", "p2", "RU"),
          event("w", "withdrawn", "08:12", person="p2", by="NI", ground="protected")], []),
        # Added on the day: counts although no candidate.
        ([handover("1", "08:10", "p1", "UA"), handover("2", "08:11", "p2", "RU"), handover("3", "08:12", "n", "RU"),
          event("n", "added", "08:00", person="n", held_by="UA", home="RU", agreed_by=["RU", "UA"])], ["even"]),
    ],
)  # fmt: skip
def test_a_closed_round_is_judged_on_those_handed_over(folder: Path, events: list[Any], broken: list[str]) -> None:
    """A line for each clause on who is exchanged that is not kept, at the end of observation, naming nobody."""
    (folder / "events.jsonl").write_bytes(lines(*events, DEPARTED, ARRIVED, TICK))
    done = run(folder, "events.jsonl", "--closed", "candidates.csv")
    assert done.returncode == (1 if broken else 0)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["clause"] for one in found] == broken
    for one in found:
        assert (one["rule"], one["subject"], one["at"], one["status"]) == (
            "broken",
            one["clause"],
            "2025-07-04T09:01:00Z",
            "open",
        )
        assert not any(ref in one["message"] for ref in ("p1", "p2", "p3"))
    severities = {"all": "critical", "even": "serious", "protected": "critical"}
    assert all(one["severity"] == severities[one["clause"]] for one in found)


def test_tranches_are_not_judged_and_third_states_are(folder: Path) -> None:
    """What the reports cannot tell is said, and broken by nobody; who is to go elsewhere counts once accepted there."""
    care = '\n[[clause]]\nid = "care"\nkind = "destination"\nof = { sex = "F" }\nto = "CH"\n'
    tranche = '\n[[clause]]\nid = "step"\nkind = "tranche"\nname = "first"\nmax = 0\n'
    (folder / "terms.toml").write_text(HEADER + CLAUSES + care + tranche)
    rows = [f"{row},{sex}" for row, sex in zip(CANDIDATES.splitlines(), ("sex", "F", "M", "M"), strict=True)]
    (folder / "candidates.csv").write_text("\n".join(rows))
    home = handover("2", "08:11", "p2", "RU")
    for to, broken in (("CH", []), ("UA", ["care"])):
        (folder / "events.jsonl").write_bytes(lines(handover("1", "08:10", "p1", to), home, DEPARTED, ARRIVED, TICK))
        done = run(folder, "events.jsonl", "--closed", "candidates.csv")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["clause"] for one in found] == broken
        assert done.stderr == b"step was not judged: who went in which tranche is not known\n"
    assert "1 go to CH; 1 of them went home instead" in found[0]["message"]


def test_an_unreadable_cell_of_the_candidates_is_a_finding(folder: Path) -> None:
    """Told, and whoever's consent cannot be read counts as protected."""
    (folder / "candidates.csv").write_text(CANDIDATES.replace("UA,willing", "UA,perhaps"))
    (folder / "events.jsonl").write_bytes(lines(DEPARTED, ARRIVED, TICK))
    done = run(folder, "events.jsonl", "--closed", "candidates.csv")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"candidates.csv:2:6: ")


def test_a_terminal_shows_how_far_it_is(folder: Path) -> None:
    """A line on standard error that goes away; what was found is told for a person."""
    (folder / "late.jsonl").write_bytes(lines(DEPARTED, TICK))
    main, terminal = pty.openpty()
    words = [sys.executable, "-m", "safeconduct.cli.main", "audit", "terms.toml", "plan.json", "late.jsonl"]
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=terminal, timeout=60, check=False)
    os.close(terminal)
    shown = os.read(main, 10_000).decode()
    os.close(main)
    assert told(done.stdout) == [("ontime", "late", "l1", "open")]
    assert "reading: 100%, 2 reports" in shown
    assert "judging: 1 of 1 clauses" in shown
    assert shown.rpartition("\x1b[K")[2] == ""
