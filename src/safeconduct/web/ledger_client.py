"""The ledger as its keeper serves it over HTTP (`web.ledger_source`), for a mirror: `app.mirroring.LedgerServed`.

Nothing that is answered is believed here or believed to be small: whatever is longer than it can be is not read on.
"""

from urllib.parse import quote, urlsplit

import httpx
import msgspec

from safeconduct.app.mirroring import LINES_AT_ONCE, Unreachable
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.header import LEAF_BYTES
from safeconduct.ledger.note import MAX_NOTE_BYTES
from safeconduct.ledger.tiles import Tile

TIMEOUT_S = 20.0
_NOTES = msgspec.json.Decoder(list[str])
_NOTES_MAX_BYTES = 1 << 20
_LINE_MAX_BYTES = 1 << 17
"""Of what is told of one entry, on the average of those asked for at once."""


class LedgerClient:
    """Asks one server for the ledger at one clearance."""

    def __init__(self, link: str, clearance: Clearance) -> None:
        """`link` is that of the clearance's page: `https://HOST/enter?key=…`. Raises BadInput for another."""
        parts = urlsplit(link.strip())
        key = dict(one.partition("=")[::2] for one in parts.query.split("&")).get("key", "")
        if parts.scheme not in ("http", "https") or not parts.netloc or not key:
            what = "the link is none of a page: https://HOST/enter?key=KEY"
            raise BadInput(Fault("--from", 0, 0, what, "give the party's link as the server's keeper gave it"))
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._base = f"{self.origin}/ledger/{quote(str(clearance), safe=':')}"
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"}, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
        )

    def checkpoint(self) -> bytes:
        """The latest signed checkpoint. Raises Unreachable."""
        return self._get("checkpoint", MAX_NOTE_BYTES)

    def bundle(self, tile: Tile) -> bytes:
        """The leaves of a tile. Raises Unreachable."""
        return self._get(tile.bundle_path(), tile.width * (2 + LEAF_BYTES))

    def lines(self, start: int, end: int) -> bytes:
        """What this clearance is told of these entries. Raises Unreachable."""
        return self._get(f"disclosed?start={start}&end={end}", min(end - start, LINES_AT_ONCE) * _LINE_MAX_BYTES)

    def cosigned(self) -> list[bytes]:
        """Of each witness the latest checkpoint that it cosigned. Raises Unreachable."""
        try:
            notes: list[str] = _NOTES.decode(self._get("cosigned", _NOTES_MAX_BYTES))
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unreachable(f"{self.origin} does not say who cosigned in a form that can be read") from None
        return [note.encode() for note in notes]

    def close(self) -> None:
        """Give up the connection."""
        self._client.close()

    def _get(self, path: str, most_bytes: int) -> bytes:
        content = bytearray()
        try:
            with self._client.stream("GET", f"{self._base}/{path}") as answer:
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > most_bytes:
                        raise Unreachable(f"{self.origin} answers more than {most_bytes:,} bytes for {path}")
                if answer.status_code == httpx.codes.FORBIDDEN:
                    raise Unreachable(f"{self.origin} does not open to this key at this clearance; ask for a new link")
                if answer.status_code != httpx.codes.OK:
                    raise Unreachable(f"{self.origin} answers {answer.status_code} for {path}")
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"{self.origin} cannot be reached: {reason}") from None
        return bytes(content)
