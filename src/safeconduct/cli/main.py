"""`safeconduct`: the commands, and how failures are told (one line each on standard error, exit code 2).

Commands import what they need inside their functions, so that `--help` answers at once.
"""

import errno
import os
import sys
from typing import NoReturn

import typer

from safeconduct import __version__
from safeconduct.cli import (
    agreement,
    alarms,
    audit,
    author,
    backup,
    clauses,
    communique,
    compose,
    demo,
    erase,
    keys,
    ledger,
    mirror,
    plan,
    recipient,
    registry,
    release,
    rounds,
    seed,
    serve,
    simulate,
    watch,
    witness,
)
from safeconduct.cli.files import keep_standard_output, note
from safeconduct.kernel.errors import Fault, SafeconductError

_INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

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
        try:
            app()
        finally:
            sys.stdout.flush()
    except SafeconductError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        note("stopped")
        sys.exit(_INTERRUPTED)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            note("stopped")
        elif isinstance(end.__context__, BrokenPipeError):
            # Typer would have it 1, which says that something was found.
            _leave_quietly()
        raise
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        # Commands tell their own files' failures; what is left is the screen's: a full disk behind `>`.
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise
        _silence_standard_output()
        print(Fault("standard output", 0, 0, f"cannot be written: {error.strerror}", "make room"), file=sys.stderr)
        sys.exit(2)


def _leave_quietly() -> NoReturn:
    """The reader (head, less) has gone; nothing is wrong, and nothing more can be said to it."""
    _silence_standard_output()
    sys.exit(0)


def _silence_standard_output() -> None:
    """What is still buffered goes nowhere, so that the interpreter's end does not fail on it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app.command("demo", short_help="A whole exchange, from terms to closed record.")(demo.demo)
app.command("simulate", short_help="Write a synthetic exchange to try the others on.")(simulate.simulate)
app.add_typer(agreement.app, name="agreement")
app.command("clauses", short_help="The kinds of clause, and what each says.")(clauses.clauses)
app.add_typer(registry.app, name="registry")
app.command("compose", short_help="Choose who is exchanged.")(compose.compose)
app.add_typer(rounds.app, name="round", short_help="Check a composed round, without the code that composed it.")
app.add_typer(seed.app, name="seed", short_help="How equals are chosen: a seed that no party can steer.")
app.add_typer(plan.app, name="plan")
app.command("watch", short_help="Judge the day's reports against terms and plan.")(watch.watch)
app.command("audit", short_help="Judge many or large files of reports at once.")(audit.audit)
app.add_typer(alarms.app, name="alarms", short_help="What does not fit the terms, and who looks after it.")
app.add_typer(communique.app, name="communique", short_help="The public sentence.")
app.command("serve", short_help="Show the live pages; take reports from the field.")(serve.serve)
app.command("erase", short_help="Erase a person's data for good.")(erase.erase)
app.add_typer(release.app, name="release", short_help="Give sealed fields to a third person.")
app.add_typer(recipient.app, name="recipient", short_help="For whoever is given sealed fields.")
app.command("backup", short_help="Copy the record, and apart from it what opens it.")(backup.backup)
app.command("restore", short_help="Make a workspace of a backup.")(backup.restore)
app.add_typer(keys.app, name="keys", short_help="The keys of the workspace, and their passphrase.")
app.add_typer(author.app, name="author", short_help="The keys that sign entries.")
app.add_typer(ledger.app, name="ledger", short_help="The record: its checkpoint, and the check of all of it.")
app.add_typer(witness.app, name="witness", short_help="A party's own program that cosigns a ledger.")
app.command("mirror", short_help="A party's own program that checks a ledger as it grows.")(mirror.mirror)


if __name__ == "__main__":
    run()
