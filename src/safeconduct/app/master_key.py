"""The master key under a passphrase: argon2id makes a key of the passphrase, which wraps the master key.

A disk that is stolen holds then nothing that opens it. Salt and cost stand beside what they were used for, so that a
later default changes nothing for files made before.
"""

import unicodedata
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.pwhash import argon2id

from safeconduct.kernel.documents import parse_toml
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.ports import Randomness

FORMAT = 1
SHORTEST = 12
"""Characters of a passphrase at least. What is guessed at leisure on a stolen disk must not be a word."""

_KEY_BYTES, _NONCE_BYTES = 32, 12
_OPSLIMIT, _MEMLIMIT = argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE
"""Three passes over 256 MiB: libsodium's middle setting, a second or so on the machine of an office."""
_OPSLIMIT_MOST, _MEMLIMIT_MOST = argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE
"""A file that asks for more is not ours, and would hold the machine up."""


def sealed_under(passphrase: str, master_key: bytes, randomness: Randomness) -> bytes:
    """The content of a file that gives the master key to whoever knows the passphrase. Raises BadInput if too short."""
    if len(passphrase) < SHORTEST:
        raise BadInput(
            Fault("passphrase", 0, 0, f"has fewer than {SHORTEST} characters", "take several words drawn by lot")
        )
    salt, nonce = randomness.token_bytes(argon2id.SALTBYTES), randomness.token_bytes(_NONCE_BYTES)
    costs = _costs(_OPSLIMIT, _MEMLIMIT, salt)
    sealed = AESGCM(_key(passphrase, salt, _OPSLIMIT, _MEMLIMIT)).encrypt(nonce, master_key, costs.encode())
    return (
        "# The master key, wrapped (AES-256-GCM) by a key made of the passphrase. Without the passphrase it is lost.\n"
        f'{costs}nonce = "{nonce.hex()}"\nsealed = "{sealed.hex()}"\n'
    ).encode()


def opened_with(passphrase: str, name: str, content: bytes) -> bytes:
    """The master key. Raises BadInput for a wrong passphrase, and for a file that was altered or is none of ours."""
    table = parse_toml(name, content).root()
    version = table.integer("format", minimum=1)
    if version > FORMAT:
        table.refuse("format", f"'format' is {version}, known is {FORMAT}", "use the safeconduct that made it")
    if table.text("kdf") != "argon2id":
        table.refuse("kdf", "'kdf' is not argon2id", "restore the file")
    opslimit, memlimit = table.integer("opslimit", minimum=1), table.integer("memlimit", minimum=1)
    if opslimit > _OPSLIMIT_MOST or not argon2id.MEMLIMIT_MIN <= memlimit <= _MEMLIMIT_MOST:
        table.refuse("memlimit", "'opslimit' or 'memlimit' is none that is used here", "restore the file")

    def binary(key: str, length: int) -> bytes:
        try:
            value = bytes.fromhex(table.text(key))
        except ValueError:
            value = b""
        if len(value) != length:
            table.refuse(key, f"{key!r} is not {length} bytes in hex", "restore the file")
        return value

    salt, nonce = binary("salt", argon2id.SALTBYTES), binary("nonce", _NONCE_BYTES)
    sealed = binary("sealed", _KEY_BYTES + 16)
    table.finish()
    costs = _costs(opslimit, memlimit, salt)
    try:
        return AESGCM(_key(passphrase, salt, opslimit, memlimit)).decrypt(nonce, sealed, costs.encode())
    except InvalidTag:
        raise BadInput(Fault(name, 0, 0, "does not open with this passphrase", "type it again")) from None


def refuse_locked(path: Path) -> NoReturn:
    """Say that something needs the passphrase. Raises BadInput."""
    mend = "type the passphrase when asked, or name a file that holds it by SAFECONDUCT_PASSPHRASE_FILE"
    raise BadInput(Fault(str(path), 0, 0, "is locked by a passphrase", mend))


def _costs(opslimit: int, memlimit: int, salt: bytes) -> str:
    return f'format = {FORMAT}\nkdf = "argon2id"\nopslimit = {opslimit}\nmemlimit = {memlimit}\nsalt = "{salt.hex()}"\n'


def _key(passphrase: str, salt: bytes, opslimit: int, memlimit: int) -> bytes:
    # One keyboard types an accented letter as one character, another as two.
    text = unicodedata.normalize("NFC", passphrase).encode()
    return argon2id.kdf(_KEY_BYTES, text, salt, opslimit, memlimit)
