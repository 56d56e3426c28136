"""`safeconduct agreement check` as a user runs it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def test_what_a_party_reads_otherwise(tmp_path: Path) -> None:
    """Its reading as a sentence beside the agreed one; the same as JSON."""
    cap = '[[clause]]\nid = "cap"\nkind = "count"\nmin = 1000\nas_read_by.UA = { max = 1000 }\n'
    (tmp_path / "terms.toml").write_text(SOUND + cap)
    lines = run(tmp_path, "terms.toml").stdout.splitlines()
    at = lines.index("  cap  (count, serious)")
    assert lines[at + 1 : at + 3] == [
        "    At least 1,000 are released in all.",
        "    as UA reads At most 1,000 are released in all.",
    ]
    (clause,) = json.loads(run(tmp_path, "terms.toml", "--json").stdout)["clauses"][2:]
    assert clause["as_read_by"] == {"UA": "At most 1,000 are released in all."}


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


TRACED = """
[agreement]
id = "round-1"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "heads"
kind = "balance"

[[clause]]
id = "seen"
kind = "response"
after = { type = "accepted", handover = true, home = "UA" }
expect = { type = "examined", what = ["medical", "psychological"] }
within = "3h"

[[clause]]
id = "going"
kind = "departure"
late = "10m"

[[clause]]
id = "never"
kind = "absence"
never = { type = "departed", vehicle = { min = 1 } }
"""


def test_traces_in_words(tmp_path: Path) -> None:
    """Below each clause what breaks it and what keeps it; a pattern that nothing matches is a warning."""
    (tmp_path / "terms.toml").write_text(TRACED)
    done = run(tmp_path, "terms.toml", "--traces")
    assert done.returncode == 0
    assert done.stderr == (
        "terms.toml:27:40: warning: no event can match this: 'vehicle' of an event 'departed' is always a text, and no "
        "text lies in a range of numbers; mend the pattern\n"
    )
    shown = " ".join(done.stdout.split())
    assert (
        "given one person of RU going home to UA breaks 09:00 accepted NI to UA (handover); no answer by 12:00" in shown
    )
    assert "keeps 09:00 accepted NI to UA (handover); 12:00 examined (what medical)" in shown
    assert "breaks bus-1 has not departed by 09:10 → late at 09:10 keeps 09:10 departed bus-1 at camp" in shown
    assert "breaks chosen 1 of RU to UA; left 1 of UA to RU → RU releases 1 and receives 0;" in shown
    assert "example none found that breaks it" in shown
    assert "breaks" not in run(tmp_path, "terms.toml").stdout
    assert run(tmp_path, "terms.toml").stderr == done.stderr


def test_traces_are_files_for_the_watch(tmp_path: Path) -> None:
    """Plan and events as JSON: watched under the same terms they break the clause, and keep it."""
    sound = TRACED.partition('[[clause]]\nid = "never"')[0]
    (tmp_path / "terms.toml").write_text(sound)
    told = json.loads(run(tmp_path, "terms.toml", "--json").stdout)
    assert told["warnings"] == []
    traced = {clause["id"]: clause["traces"] for clause in told["clauses"]}
    assert traced["heads"][0]["breaks"]["chosen"] == [{"number": 1, "held_by": "RU", "home": "UA"}]
    for clause in ("seen", "going"):
        (trace,) = traced[clause]
        (tmp_path / "plan.json").write_text(json.dumps(trace["plan"]))
        standing = [watched(tmp_path, trace[day]) for day in ("breaks", "keeps")]
        mine = [[(one["rule"], one["at"]) for one in day if one["clause"] == clause] for day in standing]
        assert mine == [[(one["rule"], one["at"]) for one in trace["breaks"]["deviations"]], []]
        assert len(mine[0]) == 1


def watched(folder: Path, trace: dict[str, Any]) -> list[dict[str, Any]]:
    """What `watch` says of the trace."""
    (folder / "events.jsonl").write_text("".join(json.dumps(one) + "\n" for one in trace["events"]))
    command = [sys.executable, "-m", "safeconduct.cli.main", "watch", "terms.toml", "plan.json", "events.jsonl"]
    arguments = ["--final", "--until", trace["until"]]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]
