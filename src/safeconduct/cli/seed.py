"""`safeconduct seed`: the seed by which equals are chosen, contributed by every party."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.files import read_file, write_file
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    import msgspec

app = typer.Typer(
    help="The seed by which compose chooses among equals: every party commits, every party reveals, none can steer it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write it here.")]


@app.command(short_help="First: commit to bytes that nobody else knows.")
def commit(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="Whose part it is, as the terms name it.")],
    exchange: Annotated[str, typer.Argument(metavar="EXCHANGE", help="For which exchange: its id.")],
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    candidates: Annotated[
        str, typer.Argument(metavar="CANDIDATES", help="The list that will be composed from, or its SHA-256 in hex.")
    ],
    secret: Annotated[
        Path, typer.Option("--secret", metavar="FILE", help="Keep the secret here, readable by you alone.")
    ],
    output: _Output,
) -> None:
    """Draw 32 secret bytes and commit to them, for these terms and candidates.

    Publish the commitment; show the secret to nobody until every party has committed. The commitment is the SHA-256 of
    six lines (docs/composition.md), so that sha256sum checks it once the secret is revealed. Exit code: 0 done; 2 bad
    input.

    \b
    Example, after safeconduct simulate example:
      safeconduct seed commit RU first example/terms.toml example/candidates.csv --secret RU.secret.json -o RU.commitment.json
    """  # noqa: E501 - a command to paste
    from safeconduct.agreement.terms import read_terms_text
    from safeconduct.app.ports import SystemRandomness
    from safeconduct.composition.seed import SECRET_BYTES, Commitment, Secret, committed, subject_of

    read = read_terms_text(str(terms), read_file(terms))
    parties = read.agreement.parties
    if party not in parties:
        what = f"{party!r} is no party of the agreement; {suggest(party, parties)}"
        raise typer.BadParameter(what, param_hint="PARTY")
    listed = candidates if _SHA256.fullmatch(candidates) else _sha256_of(Path(candidates))
    try:
        subject = subject_of(exchange, parties, read.sha256, listed)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="EXCHANGE") from None
    if secret.exists():
        what = "is there already, and a secret that is lost cannot be revealed"
        raise BadInput(Fault(str(secret), 0, 0, what, "give another name, or remove it if it is of no use any more"))
    if output.resolve() == secret.resolve():
        raise typer.BadParameter("the secret and the commitment need files of their own", param_hint="--output")
    drawn = SystemRandomness().token_bytes(SECRET_BYTES).hex()
    write_file(secret, _json(Secret(party, subject, drawn)), private=True)
    try:
        write_file(output, _json(Commitment(party, subject, committed(party, subject, drawn))))
    except BadInput:
        secret.unlink()
        raise
    print(f"Publish {output}; keep {secret} to yourself until every party has committed.")


@app.command(short_help="Then: reveal them, once every party has committed.")
def reveal(
    secret: Annotated[Path, typer.Argument(metavar="SECRET", help="What seed commit kept.")],
    commitments: Annotated[
        list[Path], typer.Argument(metavar="COMMITMENT...", help="Those of every party, your own among them.")
    ],
    output: _Output,
) -> None:
    """Reveal this party's bytes, once the commitments of all parties are in.

    Refused as long as one is lacking, or if one was made for another exchange, other terms or other candidates. Exit
    code: 0 done; 2 bad input.

    \b
    Example:
      safeconduct seed reveal RU.secret.json RU.commitment.json UA.commitment.json -o RU.reveal.json
    """
    from safeconduct.composition.seed import read_commitment, read_secret
    from safeconduct.composition.seed import reveal as revealed

    kept = read_secret(str(secret), read_file(secret))
    made = revealed(kept, [(str(path), read_commitment(str(path), read_file(path))) for path in commitments])
    write_file(output, _json(made))
    print(f"Publish {output}: with those of all parties, safeconduct seed join makes the seed.")


@app.command(short_help="Last: make the seed of what all parties revealed.")
def join(
    parts: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The commitments and the reveals of all parties.")
    ],
    output: _Output,
) -> None:
    """Make the seed of all parties' commitments and reveals, for safeconduct compose --seed.

    Refused where a party is lacking, a reveal does not match its commitment, or a party was shown other commitments
    than these. Everybody who has the files makes the same seed. Exit code: 0 done; 2 bad input.

    \b
    Example:
      safeconduct seed join RU.commitment.json UA.commitment.json RU.reveal.json UA.reveal.json -o seed.json
    """
    from safeconduct.composition.seed import Commitment, Reveal, read_part
    from safeconduct.composition.seed import join as joined

    read = [(str(path), read_part(str(path), read_file(path))) for path in parts]
    commitments = [(name, one) for name, one in read if isinstance(one, Commitment)]
    made = joined(commitments, [(name, one) for name, one in read if isinstance(one, Reveal)])
    write_file(output, _json(made))
    print(f"The seed is {made.seed}. Written to {output}.")


def _sha256_of(path: Path) -> str:
    return hashlib.sha256(read_file(path)).hexdigest()


def _json(value: "msgspec.Struct") -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
