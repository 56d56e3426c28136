"""Entries signed elsewhere as files: one JSON object a line, so that a file can be carried on a stick or read aloud.

    {"body":"{…}","secret":"HEX","signed":"HEX"}

`signed` are header and signature (418 digits), `secret` 64 digits, `body` the canonical JSON of the entry. One text for
one meaning: a line that would be written otherwise is refused.
"""

import msgspec

from safeconduct.app.signed_intake import MAX_BODY_BYTES, Signed
from safeconduct.kernel.encoding import NotCanonical, decode, encode
from safeconduct.kernel.errors import BadInput, Fault


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    body: str
    secret: str
    signed: str


_LINE = msgspec.json.Decoder(_Line)
_MEND = "ask its author for the file again"


def encode_signed(one: Signed) -> bytes:
    """The line of an entry, with its end."""
    return encode(_Line(body=one.text.decode(), secret=one.secret.hex(), signed=one.signed.hex())) + b"\n"


def decode_signed(name: str, source: bytes) -> list[Signed]:
    """The entries of a file. Raises BadInput naming the first line that is none."""
    if not source.endswith(b"\n"):
        raise BadInput(Fault(name, source.count(b"\n") + 1, 1, "the last line is cut short, or there is none", _MEND))
    found = []
    for number, line in enumerate(source[:-1].split(b"\n"), start=1):
        try:
            if len(line) > 2 * MAX_BODY_BYTES:
                raise NotCanonical(f"it has {len(line)} bytes")
            read = decode(line, _LINE)
            found.append(Signed(_bytes(read.signed), _bytes(read.secret), read.body.encode()))
        except (NotCanonical, UnicodeEncodeError) as error:
            raise BadInput(Fault(name, number, 1, f"is no signed entry: {error}", _MEND)) from None
    return found


def _bytes(digits: str) -> bytes:
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        found = b""
    if found.hex() != digits:
        raise NotCanonical("it holds what is not lower-case hexadecimal digits")
    return found
