"""Sealing to one recipient: HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, one message a key.

The recipient opens with the library's own implementation. The sender's half stands here because the library draws the
ephemeral key by itself, and randomness is a port: a simulated exchange must come to the same bytes from the same seed.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from safeconduct.kernel.ports import Randomness

KEY_BYTES = 32
OVERHEAD_BYTES = 32 + 16
"""The ephemeral public key in front of the ciphertext, and its tag."""

_KEM_ID = b"KEM\x00\x20"
_SUITE_ID = b"HPKE\x00\x20\x00\x01\x00\x03"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Unopenable(Exception):
    """Sealed to another key, for another purpose (`info`), or changed since."""


def seal(plaintext: bytes, recipient: bytes, info: bytes, randomness: Randomness) -> bytes:
    """Ephemeral public key and ciphertext, for the holder of the X25519 key whose public half is `recipient`.

    Raises ValueError if `recipient` is no public key to which anything can be sealed.
    """
    ephemeral, key, nonce = sender_keys(recipient, info, randomness.token_bytes(KEY_BYTES))
    return ephemeral + ChaCha20Poly1305(key).encrypt(nonce, plaintext, None)


def unseal(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """What was sealed. Raises Unopenable."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError):
        raise Unopenable from None


def is_public_key(text: str) -> bool:
    """Whether this is a public key, in hexadecimal digits, that can be sealed to."""
    if len(text) != 2 * KEY_BYTES or text != text.lower():
        return False
    try:
        sender_keys(bytes.fromhex(text), b"", b"\x01" * KEY_BYTES)
    except ValueError:  # no digits, or a point of low order, to which everybody could open
        return False
    return True


def public_of(private: bytes) -> bytes:
    """The public half of an X25519 key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sender_keys(recipient: bytes, info: bytes, ephemeral: bytes) -> tuple[bytes, bytes, bytes]:
    """Encapsulated key, AEAD key and nonce of the first message (RFC 9180, 4.1 and 5.1), for an ephemeral private key.

    Raises ValueError for a `recipient` of the wrong length or of low order.
    """
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    encapsulated = private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(recipient))
    extracted = _extract(_KEM_ID, b"", b"eae_prk", shared)
    secret = _expand(_KEM_ID, extracted, b"shared_secret", encapsulated + recipient, 32)
    context = b"\x00" + _extract(_SUITE_ID, b"", b"psk_id_hash", b"") + _extract(_SUITE_ID, b"", b"info_hash", info)
    schedule = _extract(_SUITE_ID, secret, b"secret", b"")
    key = _expand(_SUITE_ID, schedule, b"key", context, 32)
    return encapsulated, key, _expand(_SUITE_ID, schedule, b"base_nonce", context, 12)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand for at most the 32 bytes of its first block."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]
