"""Signatures on which libraries disagree: the intake accepts exactly libsodium's, which OpenSSL accepts, too.

The cases are those of the CCTV project's Ed25519 vectors (C2SP/CCTV, ed25519/README.md): every encoding of every point
of small order as key and as nonce, and points with a component of small order; here over the headers of entries, so
that the intake itself judges them.
"""

from collections import Counter
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from tests.app.authoring import Desk, departure
from tests.ledger.edwards25519 import Encoded, edge_points, holds_without_cofactor, sign

from safeconduct.agreement.authors import DEVICE
from safeconduct.agreement.entries import AuthorEnrolled
from safeconduct.app.enrolling import is_author_key
from safeconduct.app.record import schema_of
from safeconduct.app.signed_intake import NotTaken, Signed
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding
from safeconduct.ledger.commitment import body_root, fields_of
from safeconduct.ledger.header import DOMAIN, FIRST, Header

SECRET = bytes(32)
TEXT = encoding.encode(departure(1))
ROOT = body_root(SECRET, fields_of(TEXT, schema_of(DECODER)))


def intake_accepts(desk: Desk, made: Signed) -> bool:
    """Whether the intake would take it; what it refuses here it refuses for the signature."""
    why = ""
    try:
        desk.intake.check([made])
    except NotTaken as refusal:
        why = str(refusal)
    assert why in ("", "signed entry 1: the author's signature does not hold")
    return not why


def libsodium_accepts(key: bytes, signature: bytes, message: bytes) -> bool:
    """As PyNaCl calls it."""
    try:
        crypto_sign_open(signature + message, key)
    except BadSignatureError:
        return False
    return True


def openssl_accepts(key: bytes, signature: bytes, message: bytes) -> bool:
    """As cryptography calls it."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def strict(key: Encoded, nonce: Encoded, message: bytes) -> bool:
    """The rule in words: no point of small order, none written in a second way, the equation without the factor 8."""
    return not (key.small or nonce.small) and holds_without_cofactor(key, nonce, message)


def test_the_intake_accepts_exactly_what_libsodium_accepts(tmp_path: Path) -> None:
    """900 pairs of key and nonce; somebody had each of these keys enrolled, although `author enrol` refuses most."""
    desk = Desk(tmp_path)
    points = list(edge_points())
    assert (len(points), sum(one.small for one in points)) == (30, 14)
    for key in points:
        public_key = key.encoding.hex()
        desk.office.state.apply(
            AuthorEnrolled(
                occurred_at_us=1, own=(), public_key=public_key, actor="NI", kind=DEVICE, label="d1", attested_by="NI"
            )
        )
    seen = desk.seen
    found: Counter[tuple[bool, bool]] = Counter()
    for key in points:
        for nonce in points:
            header = Header(key.encoding, 1, FIRST, *seen, ROOT).encode()
            message = DOMAIN + header
            signature = sign(key, nonce, message)
            taken = intake_accepts(desk, Signed(header + signature, SECRET, TEXT))
            assert taken == libsodium_accepts(key.encoding, signature, message) == strict(key, nonce, message)
            found[taken, openssl_accepts(key.encoding, signature, message)] += 1
    assert found[True, False] == 0, "what we take, OpenSSL takes"
    assert found[True, True] > 20
    assert found[False, True] > 20, "and not the other way round"


def test_a_key_under_which_libraries_could_disagree_is_not_enrolled() -> None:
    """Of the edge cases only the two honest keys may be enrolled."""
    assert [one.scalar for one in edge_points() if is_author_key(one.encoding.hex())] == [7, 11]
