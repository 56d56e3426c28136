"""The house itself: style, types, who imports whom, quick help, and a README whose commands are the ones CI runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    ["ruff check", "ruff format --check", "mypy", "lint-imports"],
)
def test_the_house_is_in_order(command: str) -> None:
    """Lint, format, strict types and the two import contracts hold for every file."""
    name, *arguments = command.split()
    done = subprocess.run(
        [Path(sys.executable).with_name(name), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_answers_at_once() -> None:
    """`safeconduct --help` takes under 0.3 s: heavy libraries are imported by the commands that need them.

    Measured in the processor's time of the command, all of which it must spend before it answers: the wall's would
    also count whatever else the machine is doing.
    """
    command = [str(Path(sys.executable).with_name("safeconduct")), "--help"]
    subprocess.run(command, check=True, capture_output=True)
    assert min(_processor_seconds(command) for _ in range(7)) < 0.3


def _processor_seconds(command: list[str]) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def test_help_imports_nothing_heavy() -> None:
    """The reason for the above, told without a clock."""
    probe = (
        "import sys; import safeconduct.cli.main; "
        "print(*{name.partition('.')[0] for name in sys.modules} & "
        "{'scipy', 'numpy', 'ortools', 'splink', 'duckdb', 'rich', 'cryptography', 'nacl'})"
    )
    done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


def test_no_module_is_two() -> None:
    """A module of more than 420 lines is asking to be two."""
    long = [str(path) for path in (ROOT / "src").rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 420]
    assert long == []


def test_every_room_has_work_to_do() -> None:
    """No empty rooms: each has a module beside its docstring."""
    rooms = [path for path in (ROOT / "src" / "safeconduct").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [room.name for room in rooms if len(list(room.glob("*.py"))) < 2] == []


def test_the_readme_shows_two_commands_of_one_line_each() -> None:
    """One runs the main job, one runs the tests; .ci/run takes the second from there."""
    for name in ("demo", "tests"):
        block = re.search(rf"<!-- {name} -->\n```sh\n(.*?)\n```\n<!-- end -->", README, re.DOTALL)
        assert block is not None
        assert "\n" not in block[1]
