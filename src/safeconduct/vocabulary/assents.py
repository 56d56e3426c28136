"""Who agreed to a document, known by its digest: on paper, as somebody attests, or with a key of their own."""

from dataclasses import dataclass, field
from typing import NamedTuple


class KeySignature(NamedTuple):
    """A party agreed with its own key."""

    public_key: str
    """Ed25519, 64 hexadecimal digits."""
    author_seq: int
    """The number that the entry has among those of this key."""
    at_us: int


@dataclass
class Assents:
    """Agreements to documents by their hex digests, each by a party."""

    attested_us: dict[tuple[str, str], int] = field(default_factory=dict)
    """When it was first attested from paper, by digest and party."""
    signed: dict[tuple[str, str], list[KeySignature]] = field(default_factory=dict)
    """With which keys, by digest and party; what was revoked is not there."""

    def attest(self, sha256: str, party: str, at_us: int) -> None:
        """It was signed on paper."""
        self.attested_us.setdefault((sha256, party), at_us)

    def sign(self, sha256: str, party: str, signature: KeySignature) -> None:
        """It was signed with a key."""
        self.signed.setdefault((sha256, party), []).append(signature)

    def void(self, public_key: str, last_seq: int) -> None:
        """What a key signed after its number `last_seq` does not count."""
        for key, signatures in list(self.signed.items()):
            kept = [one for one in signatures if one.public_key != public_key or one.author_seq <= last_seq]
            if kept:
                self.signed[key] = kept
            else:
                del self.signed[key]

    def given(self, sha256: str) -> set[str]:
        """The parties that agreed to a document, in whichever way."""
        return {party for digest, party in (*self.attested_us, *self.signed) if digest == sha256}

    def since_us(self, sha256: str, party: str) -> int:
        """When a party first agreed. Raises ValueError if it did not."""
        key = sha256, party
        moments = [one.at_us for one in self.signed.get(key, ())]
        return min([*moments, self.attested_us[key]] if key in self.attested_us else moments)
