"""Every command on input that cannot be used: a line that says where, what and how to mend it; nothing written."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.clauses.days import HEADER, plan_json
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError

LINE = re.compile(r"[^\n]+:\d+:\d+: [^\n]+; [^\n]+")
GARBAGE = bytes(range(128, 256)) * 8
CLAUSE = '\n[[clause]]\nid = "ontime"\nkind = "arrival"\nlate = "0s"\n'
BROKEN = {
    "empty": b"",
    "garbage.csv": GARBAGE + b"\x98",
    "garbage.toml": GARBAGE,
    "garbage.json": GARBAGE,
    "half.toml": HEADER[:-3].encode() + b'\nx = "',
    "half.json": b'{"exchange": "2025-07-04", "places": [{"id"',
    "misspelt.toml": (HEADER + CLAUSE.replace("arrival", "arival")).encode(),
    "windows-1251.toml": (HEADER + CLAUSE + 'text = "Все за всех"\n').encode("cp1251"),
    "really-csv.xlsx": "ref,family_name\nA,Коваль\n".encode(),
    "really-xlsx.csv": b"PK\x03\x04" + GARBAGE,
    "nameless.csv": b"id,foo\n1,2\n",
    "twice.csv": "ref,family_name\nA,Коваль\nA,Бондар\n".encode(),
    "good.csv": "ref,family_name\nA,Коваль\n".encode(),
    "good.toml": (HEADER + CLAUSE).encode(),
    "events.jsonl": b"",
}
TERMS = (
    "absent",
    "folder",
    "empty",
    "garbage.toml",
    "half.toml",
    "misspelt.toml",
    "windows-1251.toml",
    "really-csv.xlsx",
)
LISTS = ("absent", "folder", "empty", "garbage.csv", "really-csv.xlsx", "really-xlsx.csv", "nameless.csv", "twice.csv")
JSONS = ("absent", "folder", "empty", "garbage.json", "half.json", "good.toml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, with a file of each kind of brokenness and a few that are sound."""
    for name, content in BROKEN.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "plan.json").write_text(json.dumps(plan_json(legs=[])))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(*arguments: str) -> str:
    """What the command says as it refuses."""
    result = CliRunner().invoke(app, list(arguments))
    assert isinstance(result.exception, SafeconductError), (result.exception, result.output)
    assert result.stdout == ""
    return str(result.exception)


CASES = [
    *(("agreement", "check", name) for name in TERMS),
    ("clauses", "responce"),
    ("clauses", "--markdown", "--json"),
    *(("registry", "read", name, "-o", "out") for name in LISTS),
    *(("registry", "match", name, "good.csv", "-o", "out") for name in LISTS),
    *(("registry", "match", "good.csv", name, "-o", "out") for name in LISTS),
    *(("compose", name, "good.csv", "-o", "out") for name in TERMS),
    *(("compose", "good.toml", name, "-o", "out") for name in LISTS),
    *(("plan", "make", name, "half.json", "good.toml", "-o", "out") for name in TERMS),
    *(("plan", "make", "good.toml", "half.json", name, "-o", "out") for name in TERMS),
    *(("plan", "check", name, "plan.json") for name in TERMS),
    *(("plan", "check", "good.toml", name) for name in JSONS),
    *(("watch", name, "plan.json", "events.jsonl") for name in TERMS),
    *(("watch", "good.toml", name, "events.jsonl") for name in JSONS),
    *(("watch", "good.toml", "plan.json", name) for name in ("absent", "folder")),
    ("watch", "good.toml", "plan.json", "events.jsonl", "--until", "tomorrow"),
    ("registry", "read", "good.csv", "-o", "absent/out"),
    ("registry", "read", "good.csv", "--columns", "ref=colour"),
    *(
        ("ledger", command, "--workspace", name)
        for command in ("checkpoint", "fsck")
        for name in ("absent", "empty", "folder")
    ),
    ("demo", "--workspace", "."),
    ("demo", "--workspace", ".", "--force"),
    ("demo", "--workspace", "empty"),
    ("demo", "--faults", "locusts"),
    ("simulate", "."),
    ("simulate", "empty/below"),
]


@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_a_refusal_is_a_line_and_writes_nothing(folder: Path, arguments: tuple[str, ...]) -> None:
    """Place, cause and mending, a line each, and the folder as it was."""
    before = sorted(folder.rglob("*"))
    for line in refusal(*arguments).splitlines():
        assert LINE.fullmatch(line), line
    assert sorted(folder.rglob("*")) == before


@pytest.mark.usefixtures("folder")
def test_a_refusal_names_the_place() -> None:
    """File, line and column, as an editor takes them; a misspelt kind is told with the nearest one."""
    assert refusal("agreement", "check", "misspelt.toml").startswith(
        "misspelt.toml:10:8: unknown kind of clause 'arival'"
    )
    assert "did you mean 'arrival'" in refusal("agreement", "check", "misspelt.toml")
    assert refusal("registry", "read", "twice.csv").startswith("twice.csv:3:1: ref 'A' stands twice")


@pytest.mark.parametrize(
    "arguments", [("--nope",), ("frobnicate",), ("watch", "good.toml"), ("demo", "--persons", "5")]
)
def test_bad_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    """Unknown options and commands, missing arguments, numbers out of range."""
    result = CliRunner().invoke(app, list(arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_the_watch_goes_on_where_the_side_file_cannot_be_written(folder: Path) -> None:
    """It is told at its place, without claiming that bad lines are in it; what is sound is judged all the same."""
    (folder / "events.jsonl").write_bytes(b"nonsense\n")
    result = CliRunner().invoke(app, ["watch", "good.toml", "plan.json", "events.jsonl", "--set-aside", "absent/aside"])
    assert result.exit_code == 2
    assert "absent/aside:0:0: cannot be written" in result.stderr
    assert "events.jsonl: 1 bad line not kept" in result.stderr
    assert "set aside in" not in result.stderr


@pytest.mark.parametrize(
    ("redirected", "code", "told"),
    [
        (">/dev/full", 2, b"standard output:0:0: cannot be written: No space left on device; make room\n"),
        (">&-", 0, b""),
        ("| true", 0, b""),
    ],
)
def test_an_output_that_takes_nothing_ends_without_a_traceback(
    folder: Path, redirected: str, code: int, told: bytes
) -> None:
    """A full disk is told; a closed output and a reader that has gone are nobody's fault."""
    command = f"set -o pipefail; {sys.executable} -m safeconduct.cli.main registry read good.csv {redirected}"
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (code, told)
