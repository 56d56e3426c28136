"""The witnesses that the terms name: whose cosignatures show that both sides were shown one and the same record.

    [[witness]]
    of = "UA"                                   whose it is: a party, or an intermediary
    key = "ua.example/witness+1a2b3c4d+BA…"     its key, as `safeconduct witness init` prints it
    url = "https://witness.ua.example"          where it is reached; may be left out

Where the terms name any, every party has one. Irreversible steps on paper wait for a cosignature of every side that
has one, at most `witness_wait` of the agreement; movements and handovers of persons never wait.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.kernel.documents import Faults, Table
from safeconduct.kernel.times import MINUTE_US
from safeconduct.ledger.note import COSIGNATURE, CheckpointError, VerifierKey
from safeconduct.ledger.policy import Policy, PolicyKey, everyone

STEPS = ("round-composed", "round-closed", "communique-released")
"""The irreversible steps: who is exchanged is told to the parties, a round ends, a text is told to everybody."""
WAIT_US = 30 * MINUTE_US
"""What `witness_wait` is where the terms do not say."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of one side."""

    of: str
    """The party, or intermediary, whose it is."""
    key: VerifierKey
    url: str
    """Where it answers; empty if the terms leave that open."""


def read_witnesses(
    tables: Iterable[Table], agreement: Table, parties: tuple[str, ...] | None, intermediaries: tuple[str, ...]
) -> tuple[Witness, ...]:
    """Read the `[[witness]]` tables. Raises BadInput with every fault.

    Where the agreement's parties could not be read (None), whose each is is not judged.
    """
    faults = Faults()
    found: list[Witness] = []
    for table in tables:
        with faults.gather():
            witness = _read_witness(table)
            if parties is not None and witness.of not in (*parties, *intermediaries):
                sides = ", ".join((*parties, *intermediaries))
                table.refuse("of", f"{witness.of!r} is no side of the agreement", f"its sides: {sides}")
            if any(one.key.public_key == witness.key.public_key for one in found):
                table.refuse("key", "this key is that of another witness", "let each witness have its own key")
            found.append(witness)
            table.finish()
    with faults.gather():
        lacking = [one for one in parties or () if one not in {witness.of for witness in found}]
        if found and lacking:
            who = ", ".join(lacking)
            agreement.refuse(
                "parties", f"{who} has no witness, and another side has", "add a [[witness]] of each party"
            )
    faults.settle()
    return tuple(found)


def quorum_of(witnesses: Iterable[Witness], urls: Mapping[str, str] | None = None) -> Policy:
    """The policy of C2SP tlog-policy that the agreement stands for: every side that has a witness must have cosigned.

    `urls` says, by the name of a witness's key, where it answers now, whatever the terms say.
    """
    sides: dict[str, list[PolicyKey]] = {}
    for one in witnesses:
        url = (urls or {}).get(one.key.name, one.url)
        sides.setdefault(one.of, []).append(PolicyKey(one.key, url))
    return everyone((), sides)


def _read_witness(table: Table) -> Witness:
    of = table.text("of")
    try:
        key = VerifierKey.parse(table.text("key"), COSIGNATURE)
    except CheckpointError as error:
        table.refuse("key", str(error), "write it as safeconduct witness init prints it")
    url = table.text("url") if table.has("url") else ""
    if url and not url.startswith(("https://", "http://")):
        table.refuse("url", f"{url!r} is no address of a witness", "write it as https://HOST")
    return Witness(of, key, url)
