"""The ledger over HTTP for a party's mirror: C2SP tlog-tiles below `/ledger/CLEARANCE/`, and what it may know.

    GET /ledger/party:UA/checkpoint
    GET /ledger/party:UA/tile/…                        hashes, and entries/… the leaves
    GET /ledger/party:UA/disclosed?start=N&end=M       lines of `disclosed.jsonl` (docs/copies.md)
    GET /ledger/party:UA/cosigned                      the latest checkpoint that each witness cosigned, as a JSON list

The key of the party's page opens it, as `Authorization: Bearer KEY`. Leaves tell when something was recorded, so they
are for whoever has such a key (docs/what-leaks.md).
"""

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from litestar import MediaType, Request, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.ledger_files import LedgerFiles
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import Clearance, parse_clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.ledger.tiles import TileError, parse_tile
from safeconduct.web.access import page_key

T = TypeVar("T")

LINES_AT_MOST = 2048
"""Entries whose lines may be asked for at once."""


class LedgerSource:
    """Reads the workspace's ledger for mirrors, one request after the other, apart from the pages."""

    def __init__(self, workspace: Workspace, secret: bytes) -> None:
        self._workspace = workspace
        self._secret = secret
        # One thread: an SQLite connection belongs to the one that opened it.
        self._thread = ThreadPoolExecutor(1, "ledger source")
        self._record: Record[Entry] | None = None

    def opens(self, key: str, clearance: Clearance) -> bool:
        """Whether a key is that of a clearance's page."""
        return hmac.compare_digest(page_key(self._secret, clearance).encode(), key.encode())

    async def read(self, question: Callable[[LedgerFiles], T]) -> T:
        """Answer from the ledger as it stands now. Raises SafeconductError where it cannot be read."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, question)

    async def cosigned(self) -> list[str]:
        """Of each witness the latest checkpoint that it cosigned. Raises SafeconductError where it cannot be read."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._cosigned)

    def close(self) -> None:
        """Give up the files."""
        self._thread.submit(self._give_up)
        self._thread.shutdown()

    def _read(self, question: Callable[[LedgerFiles], T]) -> T:
        if self._record is None:
            self._record = self._workspace.open_record(DECODER)
        try:
            self._record.refresh()
            return question(LedgerFiles(self._record))
        except TileError:
            raise
        except SafeconductError:
            self._give_up()
            raise
        finally:
            if self._record is not None:
                self._record.rest()

    def _cosigned(self) -> list[str]:
        return [note.decode() for note in cosigned_notes(self._workspace)]

    def _give_up(self) -> None:
        if self._record is not None:
            self._record.close()
            self._record = None


@get("/ledger/{name:str}/checkpoint", media_type=MediaType.TEXT)
async def ledger_checkpoint(request: Request[Any, Any, Any], name: FromPath[str]) -> bytes:
    """The latest signed checkpoint."""
    source, _ = _admit(request, name)
    return await _answer(source, LedgerFiles.checkpoint_note)


@get("/ledger/{name:str}/tile/{rest:path}", media_type="application/octet-stream")
async def ledger_tile(request: Request[Any, Any, Any], name: FromPath[str], rest: FromPath[str]) -> bytes:
    """A tile of hashes, or a bundle of entries."""
    source, _ = _admit(request, name)
    try:
        tile, entries = parse_tile(f"tile/{rest.removeprefix('/')}")
    except TileError as error:
        raise HTTPException(str(error), status_code=404) from None
    return await _answer(source, lambda files: files.bundle(tile) if entries else files.tile(tile))


@get("/ledger/{name:str}/disclosed", media_type="application/jsonl")
async def ledger_disclosed(
    request: Request[Any, Any, Any], name: FromPath[str], start: FromQuery[int], end: FromQuery[int]
) -> bytes:
    """What this clearance may know of these entries."""
    source, clearance = _admit(request, name)
    if not 0 <= start < end <= start + LINES_AT_MOST:
        raise HTTPException(f"start and end span 1 to {LINES_AT_MOST} entries.", status_code=400)
    return await _answer(source, lambda files: b"".join(files.lines(clearance, start, end)))


@get("/ledger/{name:str}/cosigned")
async def ledger_cosigned(request: Request[Any, Any, Any], name: FromPath[str]) -> list[str]:
    """Who has cosigned how much."""
    source, _ = _admit(request, name)
    try:
        return await source.cosigned()
    except SafeconductError:
        raise _UNREADABLE from None


LEDGER_ROUTES = (ledger_checkpoint, ledger_tile, ledger_disclosed, ledger_cosigned)
_UNREADABLE = HTTPException("The record cannot be read now. Try again.", status_code=503)
"""Why is the intermediary's affair alone."""


def _admit(request: Request[Any, Any, Any], name: str) -> tuple[LedgerSource, Clearance]:
    source: LedgerSource = request.app.state.ledger_source
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        clearance = parse_clearance(name, (name.partition(":")[2],))
    except Refused:
        clearance = None
    if clearance is None or clearance.role not in ("party", "intermediary") or scheme.lower() != "bearer":
        opened = False
    else:
        opened = source.opens(key.strip(), clearance)
    if clearance is None or not opened:
        what = "The ledger opens to a mirror by the key of its party's page, as Authorization: Bearer KEY."
        raise HTTPException(what, status_code=403)
    return source, clearance


async def _answer(source: LedgerSource, question: Callable[[LedgerFiles], bytes]) -> bytes:
    try:
        return await source.read(question)
    except TileError as error:
        raise HTTPException(str(error), status_code=404) from None
    except SafeconductError:
        raise _UNREADABLE from None
