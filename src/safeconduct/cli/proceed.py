"""`safeconduct ledger proceed`: one key of the intermediary agrees to take a step without a side's cosignature."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.acting import entered
from safeconduct.cli.files import print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, open_or_find


def proceed(
    step: Annotated[str, typer.Argument(metavar="STEP", help="round-composed, round-closed or communique-released.")],
    exchange: Annotated[str, typer.Argument(metavar="EXCHANGE", help="The exchange whose step it is.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="A second person's key, made by author new.  [default: the workspace's own]"
        ),
    ] = None,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Agree, with one key, to take an irreversible step without the cosignature of the sides that lack now.

    Irreversible steps wait for a cosignature of every side that has a witness by the terms, at most as long as the
    terms say (witness_wait). After that two persons of the intermediary may go on, each with a key of their own: each
    agrees by this command, and every party is shown that they did, without whose cosignature, and since when it was
    lacking. Refused (exit code 2) before that time, and where nobody lacks.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct author new officer-2.key > officer-2.pub
      safeconduct author enrol "$(cat officer-2.pub)" --of NI --label 'duty officer 2' --workspace safeconduct-demo
      sleep 30m
      safeconduct ledger proceed communique-released 2025-07-04 --workspace safeconduct-demo
      safeconduct ledger proceed communique-released 2025-07-04 --key officer-2.key --workspace safeconduct-demo
    """
    from safeconduct.agreement.entries import UncosignedStepAgreed
    from safeconduct.app.officer_acts import GoOnUncosigned

    found = open_or_find(workspace)
    entry, agreed = entered(found, GoOnUncosigned(step, exchange), UncosignedStepAgreed, key)
    if json:
        print_json({"step": step, "exchange": exchange, "lacking": entry.lacking, "keys_agreed": agreed})
    else:
        lacking = " and ".join(entry.lacking)
        print(f"agreed    to go on without {lacking}: {step} of {exchange}, with the key {entry.public_key[:16]}…")
        print(f"keys      {agreed} of 2 agree" if agreed < 2 else "keys      two agree: the step may be taken")
