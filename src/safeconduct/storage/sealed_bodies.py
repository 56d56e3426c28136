"""Bodies under lock: AES-256-GCM, one data key a person or document, bound to the commitment in the leaf.

The associated data are the `body_root` of the entry's header, so that a body cannot be put under another leaf. AES-GCM
alone does not commit to its key; the commitment does.
"""

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.kernel.errors import SafeconductError

NONCE_BYTES = 12


class SealedBody(NamedTuple):
    """A body as it is stored."""

    key_id: bytes
    """Which data key opens it (`keys.KeyStore`)."""
    nonce: bytes
    """12 random bytes. Fresh ones for every body: a key seals far fewer than the 2**32 that random nonces allow."""
    ciphertext: bytes


LOST = SealedBody(b"", b"", b"")
"""Stands where a body is nowhere any more: its leaf was taken back from somebody's copy (`app.recovering`)."""


class Unopenable(SafeconductError):
    """A body that its own key does not open: the body, the key or the leaf was altered."""


def seal(cipher: AESGCM, key_id: bytes, nonce: bytes, plaintext: bytes, body_root: bytes) -> SealedBody:
    """Seal the secret and body of an entry."""
    return SealedBody(key_id, nonce, cipher.encrypt(nonce, plaintext, body_root))


def unseal(cipher: AESGCM, nonce: bytes, ciphertext: bytes, body_root: bytes) -> bytes:
    """The secret and body of an entry. Raises Unopenable."""
    try:
        return cipher.decrypt(nonce, ciphertext, body_root)
    except (InvalidTag, ValueError):
        raise Unopenable("the body does not open under its key") from None
