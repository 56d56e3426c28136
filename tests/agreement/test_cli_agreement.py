"""`safeconduct agreement check` as a user runs it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.agreement.test_terms import SOUND

EMBARGO = """
[[clause]]
id = "quiet"
kind = "embargo"
hold = { type = "published" }
until_all = { type = "accepted", handover = true }
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "agreement", "check", *arguments]
    environment = os.environ | {"COLUMNS": "80"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_every_clause_in_words(tmp_path: Path) -> None:
    """Header, both phases, wording and readings side by side, advice, and the hash that the parties sign."""
    (tmp_path / "terms.toml").write_text(SOUND + EMBARGO)
    done = run(tmp_path, "terms.toml")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["First round", "round-1, concluded 2025-06-02 between RU and UA, through NI"]
    assert lines[2:14] == [
        "",
        "Who is exchanged",
        "",
        "  young  (release-all, critical)",
        "    Everyone aged 18 to 25 on 2025-06-02 is released, on all sides; whoever may",
        "    not be exchanged does not count.",
        "    agreed     “All aged 18 to 25.”",
        "    RU reads   “Under 25.”",
        "    UA reads   “From 18 to 25.”",
        "    source     point 1",
        "    on breach  pause, notify-parties",
        "",
    ]
    assert "The plan and the day" in lines
    assert "  quiet  (embargo, serious)" in lines
    digest = hashlib.sha256((tmp_path / "terms.toml").read_bytes()).hexdigest()
    assert lines[-2:] == ["3 clauses, all sound.", f"sha256 of the text: {digest}"]


def test_json(tmp_path: Path) -> None:
    """The same as one object."""
    (tmp_path / "terms.toml").write_text(SOUND + EMBARGO)
    told = json.loads(run(tmp_path, "terms.toml", "--json").stdout)
    assert told["agreement"] == {
        "id": "round-1",
        "title": "First round",
        "concluded": "2025-06-02",
        "parties": ["RU", "UA"],
        "intermediaries": ["NI"],
    }
    assert [(clause["id"], clause["phase"]) for clause in told["clauses"]] == [
        ("young", "compose"),
        ("heads", "compose"),
        ("quiet", "run"),
    ]
    assert told["clauses"][0]["readings"] == {"RU": "Under 25.", "UA": "From 18 to 25."}
    assert told["clauses"][0]["on_breach"] == ["pause", "notify-parties"]
    assert told["sha256"] == hashlib.sha256((SOUND + EMBARGO).encode()).hexdigest()


def test_broken_terms_are_exit_2(tmp_path: Path) -> None:
    """A line for each fault on standard error, nothing on standard output."""
    (tmp_path / "terms.toml").write_text(SOUND.replace('"1:1"', '"one"').replace('"18..25"', '"x"'))
    done = run(tmp_path, "terms.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["terms.toml:11:14", "terms.toml:22:9"]


def test_not_a_terms_file(tmp_path: Path) -> None:
    """A folder, and a file in another encoding."""
    assert run(tmp_path, ".").stderr.startswith(".:0:0: cannot be read: Is a directory; ")
    (tmp_path / "terms.toml").write_bytes("Условия".encode("cp1251"))
    done = run(tmp_path, "terms.toml")
    assert (done.returncode, done.stderr) == (2, "terms.toml:1:1: not UTF-8 text; save the file as UTF-8\n")
