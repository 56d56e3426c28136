"""The commands of docs/witnesses.md work when pasted."""

import os
import re
import subprocess
import sys
from pathlib import Path

from safeconduct.cli.serve import listen

PAGE = Path(__file__).parents[2] / "docs" / "witnesses.md"


def test_the_commands_of_the_page_work_when_pasted(tmp_path: Path) -> None:
    """From an empty folder to a ledger that two witnesses have cosigned."""
    found = re.search(r"<!-- commands -->\n```sh\n(.*?)```\n<!-- end -->", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    commands = found[1]
    sockets = [listen("127.0.0.1", 0), listen("127.0.0.1", 0)]
    for port, free in zip(("8431", "8432"), sockets, strict=True):
        assert commands.count(port) == 2
        commands = commands.replace(port, str(free.getsockname()[1]))
        free.close()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^cosigned      by (RU|UA): [\d,]+ entries at ", done.stdout, re.MULTILINE)) == 2
    assert re.search(
        r"^witness   witness\.ua\.example\+.*\nledger    safeconduct/.*\n  last ", done.stdout, re.MULTILINE
    )
