"""Published test vectors, written down as data with their source."""

import base64
import json
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from safeconduct.ledger.cosignature import witness_key
from safeconduct.ledger.note import COSIGNATURE, VerifierKey

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "cosignatures.json").read_text("utf-8"))


def published_witnesses() -> list[VerifierKey]:
    """The keys of four public witnesses."""
    return [VerifierKey.parse(one, COSIGNATURE) for one in VECTORS["witnessed"]["witnesses"]]


def seeded_keys() -> list[tuple[str, SigningKey]]:
    """Names and signing keys of which the public keys are published too."""
    keys = []
    for one in VECTORS["seeded"]["keys"]:
        _, _, name, _, encoded = one["skey"].split("+", 4)
        keys.append((name, SigningKey(base64.b64decode(encoded)[1:])))
    return keys


def seeded_witnesses() -> list[VerifierKey]:
    """The same as keys of witnesses."""
    return [witness_key(name, key) for name, key in seeded_keys()]
