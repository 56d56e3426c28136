"""HPKE against the published vector, and against an implementation that we did not write."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import Seeded

from safeconduct.kernel import hpke

# RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence number 0.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
EPHEMERAL = bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
ENCAPSULATED = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
RECIPIENT = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
PRIVATE = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
KEY = bytes.fromhex("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91")
NONCE = bytes.fromhex("5c4d98150661b848853b547f")
TEXT = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
ASSOCIATED = bytes.fromhex("436f756e742d30")
CIPHERTEXT = bytes.fromhex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")


def test_published_vector() -> None:
    """Encapsulated key, key and nonce of the sender are those of the RFC; with them, so is its ciphertext."""
    assert hpke.public_of(PRIVATE) == RECIPIENT
    assert hpke.sender_keys(RECIPIENT, INFO, EPHEMERAL) == (ENCAPSULATED, KEY, NONCE)
    assert ChaCha20Poly1305(KEY).encrypt(NONCE, TEXT, ASSOCIATED) == CIPHERTEXT


@settings(max_examples=50)
@given(st.binary(max_size=200), st.binary(max_size=40), st.integers(0, 99))
def test_the_library_opens_what_we_seal(text: bytes, info: bytes, seed: int) -> None:
    """Our sender against the library's recipient, for any text, purpose and ephemeral key."""
    private = Seeded(seed + 1000).token_bytes(32)
    sealed = hpke.seal(text, hpke.public_of(private), info, Seeded(seed))
    assert len(sealed) == len(text) + hpke.OVERHEAD_BYTES
    assert hpke.unseal(sealed, private, info) == text


def test_whatever_is_changed_nothing_opens() -> None:
    """Every byte, the purpose, the key, the length."""
    sealed = hpke.seal(TEXT, RECIPIENT, INFO, Seeded(1))
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    broken = [(one, PRIVATE, INFO) for one in (*changed, sealed[:-1], sealed + b"\0", sealed[:40], b"")]
    broken += [(sealed, EPHEMERAL, INFO), (sealed, PRIVATE, INFO + b"x"), (bytes(32) + sealed[32:], PRIVATE, INFO)]
    for text, private, info in broken:
        with pytest.raises(hpke.Unopenable):
            hpke.unseal(text, private, info)
