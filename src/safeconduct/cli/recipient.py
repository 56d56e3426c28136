"""`safeconduct recipient`: for a third person to whom sealed fields are given, who needs no workspace."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.cli.proofs import print_report
from safeconduct.cli.trusting import POLICY, WITNESS, read_trust
from safeconduct.cli.workspace import JSON

app = typer.Typer(
    help="For whoever is given sealed fields: a key of one's own, and opening them.", no_args_is_help=True
)


@app.callback()
def recipient() -> None:
    """For whoever is given sealed fields: a key of one's own, and opening them."""


@app.command("new", short_help="Make a key to be given fields under.")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The key file to make.")],
    json: bool = JSON,
) -> None:
    """Make a key (X25519) on your own machine, and print its public half, to which fields are sealed for you.

    The file never leaves your machine; whoever has it reads what is sealed for you. Give the public key to the
    intermediary by a way that nobody can change unseen, on paper or in person. No workspace is needed.

    \b
    Example:
      safeconduct recipient new physician.key
    """
    from safeconduct.app.ports import SystemRandomness
    from safeconduct.app.receiving import make_recipient_key

    public_key = make_recipient_key(file, SystemRandomness())
    if json:
        print_json({"file": str(file), "public_key": public_key})
    else:
        print(public_key)


@app.command("open", short_help="Open and check what was released to you.")
def open_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that the intermediary gave you.")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Your key file, made by `recipient new`.")],
    keeper: Annotated[
        str | None,
        typer.Option("--ledger-key", metavar="VKEY", help="The ledger's key, as its keeper gave it to you."),
    ] = None,
    witnesses: list[str] = WITNESS,
    policy: Path | None = POLICY,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="F.tlog-proof", help="Write the proof in it, for others to check."),
    ] = None,
    json: bool = JSON,
) -> None:
    """Open the fields that were released to you, and check that they were recorded so: offline, from the file alone.

    It says which entry they are of, who signed it, when it was recorded, who cosigned, and the fields. The ledger's key
    must not come with the file: compare it with what you were given by another way. Exit code 0: it is as it was
    recorded and signed; 1: something is not, or a cosignature lacks; 2: it could not be read, or is not for this key.

    \b
    Example, after that of safeconduct release --help:
      VKEY=$(sed -n 's/^ledger_key = "\\(.*\\)"/\\1/p' safeconduct-demo/safeconduct.toml)
      safeconduct recipient open for-physician.sealed --key physician.key --ledger-key "$VKEY"
    """
    from safeconduct.app.receiving import open_release
    from safeconduct.app.workspace import read_secret

    trust = read_trust(keeper, witnesses, policy, "a release cannot vouch for itself", option="--ledger-key")
    received = open_release(str(file), read_file(file), read_secret(key), trust)
    if output is not None and received.report.proven is not None:
        write_file(output, received.proof, private=True)
        note(f"proof written to {output}; safeconduct ledger verify checks it, and whoever has it reads the fields")
    print_report(received.report, json)
    raise typer.Exit(0 if received.report.verified else 1)
