"""What a check is told to believe: `--key`, `--witness` and `--policy`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import read_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.ledger.cosignature import Cosignature
    from safeconduct.ledger.note import VerifierKey
    from safeconduct.ledger.trust import Trust

KEY = typer.Option(
    None, "--key", metavar="VKEY", help="The ledger's key, as its keeper gave it to you: NAME+HASH+BASE64."
)
WITNESS = typer.Option(
    [], "--witness", metavar="VKEY", help="The key of a witness that must have cosigned; may be given several times."
)
POLICY = typer.Option(
    None, "--policy", metavar="FILE", help="A trust policy (C2SP tlog-policy) whose quorum must have cosigned."
)


def read_trust(
    key: str | None, witnesses: Sequence[str], policy: Path | None, compare: str, *, option: str = "--key"
) -> "Trust":
    """What these options say. Raises BadInput; where no key of a ledger is given, its line ends with `compare`.

    `option`: which one gives the ledger's key.
    """
    from safeconduct.ledger.note import COSIGNATURE, ED25519
    from safeconduct.ledger.policy import read_policy
    from safeconduct.ledger.trust import Trust

    read = None if policy is None else read_policy(str(policy), read_file(policy))
    listed = () if read is None else tuple(one.key for one in read.logs)
    logs = listed if key is None else (_key(option, key, ED25519),)
    if not logs:
        mend = f"give {option} with the key that the ledger's keeper gave you, or a --policy that names it; {compare}"
        raise BadInput(Fault(option, 0, 0, "the ledger's key is missing", mend))
    return Trust(logs, tuple(_key("--witness", one, COSIGNATURE) for one in witnesses), read)


def cosigned_as_json(cosignatures: Sequence["Cosignature"]) -> list[dict[str, object]]:
    """Who cosigned, and when."""
    return [{"name": one.witness.name, "key": str(one.witness), "at": told_second(one.at_s)} for one in cosignatures]


def print_cosigned(cosignatures: Sequence["Cosignature"]) -> None:
    """The same, one a line."""
    for number, one in enumerate(cosignatures):
        print(f"{'cosigned' if number == 0 else '':<9} {told_second(one.at_s)} by {one.witness.name}")


def told_second(at_s: int) -> str:
    """A second since 1970 as a moment; one beyond the calendar as the number it is."""
    from safeconduct.kernel.times import format_instant

    try:
        return format_instant(at_s * 1_000_000)
    except (OverflowError, ValueError):
        return f"second {at_s} since 1970"


def _key(option: str, text: str, algorithm: bytes) -> "VerifierKey":
    from safeconduct.ledger.note import CheckpointError, VerifierKey

    try:
        return VerifierKey.parse(text.strip(), algorithm)
    except CheckpointError as error:
        raise BadInput(Fault(option, 0, 0, str(error), "give it whole, as NAME+HASH+BASE64")) from None
