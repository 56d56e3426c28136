"""Who is asked to cosign: the section `[witnesses]` of `safeconduct.toml`, and `VKEY=URL` (docs/witnesses.md)."""

import re
from urllib.parse import urlsplit

from safeconduct.kernel.documents import Table
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.note import COSIGNATURE, CheckpointError, VerifierKey
from safeconduct.ledger.policy import PolicyKey

EXAMPLE = (
    "\n# Who is asked to cosign this ledger (docs/witnesses.md): the key that each witness prints, and its address.\n"
    "# [witnesses]\n"
    '# RU = { key = "witness.ru+0a1b2c3d+BA…", url = "https://witness.ru.example" }\n'
)
"""What a new workspace's file says of it."""

_OPTION = re.compile(r"(?P<key>.+?)=(?P<url>https?://.*)", re.DOTALL)


def read_witnesses(table: Table) -> dict[str, PolicyKey]:
    """Read the section. Raises BadInput at the field's place."""
    witnesses: dict[str, PolicyKey] = {}
    for name in table.values:
        one = table.table(name)
        try:
            key = VerifierKey.parse(one.text("key"), COSIGNATURE)
        except CheckpointError as error:
            one.refuse("key", str(error), "write it as the witness prints it: NAME+HASH+BASE64")
        for other, known in witnesses.items():
            if known.key.public_key == key.public_key:
                one.refuse("key", f"this is the key of {other}", "give each witness its own")
        url = one.text("url")
        if not is_address(url):
            one.refuse("url", f"{url!r} is no address of a witness", "write it as https://HOST or http://HOST:PORT")
        one.finish()
        witnesses[name] = PolicyKey(key, url)
    return witnesses


def parse_option(text: str) -> tuple[str, PolicyKey]:
    """Read `VKEY=URL`; the witness goes by its key's name. Raises BadInput."""
    found = _OPTION.fullmatch(text)
    if found is None or not is_address(found["url"]):
        mend = "write VKEY=URL, the key as the witness prints it: NAME+HASH+BASE64=http://HOST:PORT"
        raise BadInput(Fault("--witness", 0, 0, f"{text!r} is no key with an address", mend))
    try:
        key = VerifierKey.parse(found["key"], COSIGNATURE)
    except CheckpointError as error:
        mend = "give the key as the witness prints it: NAME+HASH+BASE64"
        raise BadInput(Fault("--witness", 0, 0, str(error), mend)) from None
    return key.name, PolicyKey(key, found["url"])


def is_address(url: str) -> bool:
    """Whether it is an address below which a witness may be reached."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query + parts.fragment
