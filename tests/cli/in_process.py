"""The command line in this process: as a process of its own tells it, without the second that one takes to start."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, folder: Path, typed: str = "") -> Done:
    """Run a command in a folder, with these lines on standard input; failures are told as `cli.main.run` tells them."""
    with contextlib.chdir(folder):
        result = CliRunner().invoke(
            app, arguments, input=typed, env={"COLUMNS": "120", "LINES": "40", "TERM": "dumb"}, prog_name="safeconduct"
        )
    match result.exception:
        case SafeconductError() as error:
            return Done(2, result.stdout, f"{result.stderr}{error}\n")
        case None | SystemExit():
            return Done(result.exit_code, result.stdout, result.stderr)
        case fault:
            raise fault
