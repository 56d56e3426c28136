"""`keys.txt` of a copy: a key a line, `NAME+HASH+BASE64`, and its role: `ledger`, or `witness of SIDE`.

It is there to compare, and vouches for nothing: whoever forged the copy would have written their own keys into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.ledger.note import COSIGNATURE, CheckpointError, VerifierKey, decode_text

_LEDGER, _WITNESS_OF = "ledger", "witness of "


@dataclass(frozen=True, slots=True)
class SideWitness:
    """A witness and whose it is."""

    side: str
    """A party, or the intermediary."""
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class CopyKeys:
    """The keys of a copy."""

    ledger: VerifierKey
    witnesses: tuple[SideWitness, ...] = ()

    def encode(self) -> bytes:
        """The file. Raises CheckpointError for a side whose name takes more than one line."""
        lines = [f"{self.ledger} {_LEDGER}", *(f"{one.key} {_WITNESS_OF}{one.side}" for one in self.witnesses)]
        if any("\n" in line for line in lines):
            raise CheckpointError("the name of a side takes more than one line")
        return "".join(f"{line}\n" for line in lines).encode()


def decode_keys(source: bytes) -> CopyKeys:
    """Read the file. Raises CheckpointError."""
    text = decode_text(source)
    if not text.endswith("\n"):
        raise CheckpointError("its last line does not end")
    first, *rest = text[:-1].split("\n")
    key, _, role = first.partition(" ")
    if role != _LEDGER:
        raise CheckpointError(f"its first line is no key with the role '{_LEDGER}'")
    return CopyKeys(VerifierKey.parse(key), _witnesses(rest))


def _witnesses(lines: Sequence[str]) -> tuple[SideWitness, ...]:
    found = []
    for number, line in enumerate(lines, start=2):
        key, _, role = line.partition(" ")
        side = role.removeprefix(_WITNESS_OF)
        if not role.startswith(_WITNESS_OF) or not side:
            raise CheckpointError(f"line {number} is no key with the role '{_WITNESS_OF}SIDE'")
        found.append(SideWitness(side, VerifierKey.parse(key, COSIGNATURE)))
    return tuple(found)
