"""`safeconduct`: the commands, and how failures are told (one line each on standard error, exit code 2).

Commands import what they need inside their functions, so that `--help` answers at once.
"""

import os
import sys

import typer

from safeconduct import __version__
from safeconduct.cli import agreement, compose, demo, ledger, plan, registry, simulate, watch
from safeconduct.cli.files import keep_standard_output
from safeconduct.kernel.errors import SafeconductError

app = typer.Typer(
    name="safeconduct",
    help="Run a prisoner exchange: terms, lists, who is exchanged, the plan, the day, and a record anyone can check.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        print(f"safeconduct {__version__}")
        raise typer.Exit


def run() -> None:
    """Entry point of the `safeconduct` command."""
    keep_standard_output()
    try:
        app()
    except SafeconductError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing is wrong, and nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


app.add_typer(ledger.app, name="ledger")
app.add_typer(agreement.app, name="agreement")
app.add_typer(registry.app, name="registry")
app.command("compose")(compose.compose)
app.add_typer(plan.app, name="plan")
app.command("watch")(watch.watch)
app.command("demo")(demo.demo)
app.command("simulate")(simulate.simulate)


if __name__ == "__main__":
    run()
