"""`safeconduct serve` as it is begun: what it prints, and one line for everything that it cannot do."""

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.app.duty import DEADLINE_S, eve
from typer.testing import CliRunner

from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import FILE, Workspace
from safeconduct.cli.main import app
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import SafeconductError

SERVE = [sys.executable, "-m", "safeconduct.cli.main", "serve", "--port", "0", "--workspace"]


def rewrite(name: str, old: str, new: str) -> Callable[[Workspace], None]:
    """Change a text in one of the workspace's files."""

    def change(workspace: Workspace) -> None:
        path = workspace.folder / name
        path.write_text(path.read_text().replace(old, new))

    return change


def remove(name: str) -> Callable[[Workspace], None]:
    """Take a file away."""
    return lambda workspace: (workspace.folder / name).unlink()


def run_sql(statement: str) -> Callable[[Workspace], None]:
    """Damage the ledger."""

    def change(workspace: Workspace) -> None:
        connection = sqlite3.connect(workspace.ledger_path)
        with connection:
            connection.execute(statement)
        connection.close()

    return change


def nothing(_: Workspace) -> None:
    """All is well."""


BAD: dict[str, tuple[Callable[[Workspace], None], list[str], str]] = {
    "an unknown clearance": (nothing, ["--as", "party:XX"], "unknown clearance 'party:XX'; allowed: intermediary"),
    "a facility's clearance": (nothing, ["--as", "facility:rostov"], "unknown clearance 'facility:rostov'"),
    "a misspelt clearance": (nothing, ["--as", "Intermediary"], "unknown clearance 'Intermediary'"),
    "no machine's name": (nothing, ["--host", "nowhere.invalid"], "nowhere.invalid:0:0:0: cannot be listened on"),
    "no name at all": (nothing, ["--host", "a..b"], "a..b:0:0:0: cannot be listened on: no name of a machine"),
    "another machine's address": (nothing, ["--host", "192.0.2.1"], "192.0.2.1:0:0:0: cannot be listened on"),
    "no workspace": (remove(FILE), [], "safeconduct.toml:0:0: no workspace here"),
    "a workspace of a future version": (
        rewrite(FILE, "format = 1", "format = 2"),
        [],
        "safeconduct.toml:2:10: 'format' is 2, known is 1; use the safeconduct that made it",
    ),
    "a ledger of a future version": (run_sql("PRAGMA user_version = 2"), [], "has the format version 2, known is 1"),
    "a workspace file that is none": (rewrite(FILE, "format = 1", "format ="), [], "safeconduct.toml:2:"),
    "no ledger": (remove("ledger.sqlite"), [], "ledger.sqlite:0:0: is missing"),
    "a ledger without its tables": (run_sql("DROP TABLE leaf"), [], "no such table: leaf"),
    "a damaged entry": (
        run_sql("UPDATE body SET ciphertext = zeroblob(99) WHERE position = 5"),
        [],
        "entry 5: its body is damaged; run: safeconduct ledger fsck",
    ),
    "a ledger that lacks its end": (
        run_sql("DELETE FROM leaf WHERE position >= 9"),
        [],
        "the ledger is not what its checkpoint says; run: safeconduct ledger fsck",
    ),
    "a locked workspace": (remove("secrets/master.key"), ["--read-only"], "master.key:0:0: the key cannot be read"),
    "no keys": (remove("keys.sqlite"), ["--read-only"], "keys.sqlite:0:0: is missing"),
    "a key that others read": (
        lambda workspace: (workspace.secrets_path / "master.key").chmod(0o644),
        [],
        "the key is readable by others; chmod 600",
    ),
    "no author's key": (remove("secrets/author.key"), [], "author.key:0:0: the key cannot be read"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_served_is_told_in_one_line(tmp_path: Path, case: str) -> None:
    """And nothing is printed that could be taken for a link."""
    spoil, options, told = BAD[case]
    workspace = eve(tmp_path)
    spoil(workspace)
    result = CliRunner().invoke(app, ["serve", "--port", "0", "--workspace", str(tmp_path), *options])
    assert isinstance(result.exception, SafeconductError), result.output
    assert told in str(result.exception)
    assert len(str(result.exception).splitlines()) == 1
    assert result.stdout == ""


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """As it ends at a terminal: exit code 2, one line that says how to mend it."""
    workspace = eve(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*SERVE, str(workspace.folder), "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=DEADLINE_S)
    assert (ended.returncode, ended.stdout) == (2, "")
    expected = f"127.0.0.1:{port}:0:0: is taken by another program; choose another with --port, or 0 for any\n"
    assert ended.stderr == expected


def test_where_another_program_writes_the_pages_are_served(tmp_path: Path) -> None:
    """Which is said; links come as one line of JSON, of the clearances that were asked for, and they open."""
    workspace = eve(tmp_path)
    recorder = workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER)
    command = [*SERVE, str(tmp_path), "--json", "--as", "party:UA", "--as", "intermediary"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        assert list(told["links"]) == ["party:UA", "intermediary"]
        browser = httpx.Client(timeout=DEADLINE_S, follow_redirects=True)
        assert browser.get(told["public"]).status_code == 200
        for name, link in told["links"].items():
            assert link.startswith(told["url"])
            assert str(browser.get(link).url) == f"{told['url']}/view/{name}"
        key = told["links"]["intermediary"].partition("key=")[2]
        refused = browser.post(f"{told['url']}/events", headers={"Authorization": f"Bearer {key}"})
        assert refused.status_code == 503
    finally:
        server.terminate()
        rest, said = server.communicate(timeout=DEADLINE_S)
        recorder.close()
    assert (server.returncode, rest) == (0, "")
    assert "another program is writing to this ledger" in said
    assert "reports are not taken here" in said


def test_read_only_leaves_the_writing_to_others(tmp_path: Path) -> None:
    """While it serves, another program may write; and where it listens on all addresses, the links lead to this one."""
    workspace = eve(tmp_path)
    command = [*SERVE, str(tmp_path), "--read-only", "--host", "0.0.0.0", "--json"]  # noqa: S104 - for a moment
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER).close()
        assert told["url"].startswith("http://127.0.0.1:")
        assert httpx.get(told["public"], timeout=DEADLINE_S).status_code == 200
    finally:
        server.terminate()
        _, said = server.communicate(timeout=DEADLINE_S)
    assert server.returncode == 0
    assert "is not encrypted: put a server with TLS before it" in said


def test_help_ends_with_an_example() -> None:
    """Of commands that exist."""
    told = CliRunner().invoke(app, ["serve", "--help"]).output
    example = told.partition("Example")[2]
    assert "safeconduct demo --fast --persons 40 --workspace serve-example" in example
    assert "safeconduct serve --workspace serve-example" in example
    assert "POST /events" in told
