"""A witness by HTTP: `POST /add-checkpoint` of C2SP tlog-witness, and `POST /latest-checkpoint` of our own.

Nobody is asked who they are: a checkpoint that the ledger signed speaks for itself, whoever brings it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol

from litestar import Litestar, Request, Response, post
from litestar.exceptions import HTTPException

from safeconduct.app.witness import PLAIN_TYPE, UNAVAILABLE, Answer
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.note import MAX_NOTE_BYTES
from safeconduct.ledger.witness import LATEST_CHECKPOINT

_PATIENCE_S = 30
"""How long a request may take to arrive."""


class Answering(Protocol):
    """A witness, or what stands before one."""

    def answer(self, body: bytes) -> Answer:
        """Answer the body of an add-checkpoint request. Raises SafeconductError; then nothing was cosigned."""
        ...

    def latest(self, note: bytes) -> Answer:
        """Show the checkpoint last cosigned of the ledger that signed this one. Raises SafeconductError."""
        ...


def create_witness_app(open_witness: Callable[[], tuple[Answering, Callable[[], None]]]) -> Litestar:
    """The application. `open_witness` gives the witness and how to close it, on the thread that it works on."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # One thread for all requests: each waits for the disk, the loop for none, and SQLite for its own thread.
        with ThreadPoolExecutor(1, "witness") as desk:
            loop = asyncio.get_running_loop()
            witness, close = await loop.run_in_executor(desk, open_witness)
            app.state.answer = lambda body: loop.run_in_executor(desk, witness.answer, body)
            app.state.latest = lambda body: loop.run_in_executor(desk, witness.latest, body)
            try:
                yield
            finally:
                await loop.run_in_executor(desk, close)

    return Litestar(
        [add_checkpoint, latest_checkpoint],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        exception_handlers={HTTPException: _say},
        request_max_body_size=MAX_NOTE_BYTES,
    )


@post("/add-checkpoint", status_code=200)
async def add_checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A checkpoint to cosign; answered once it is durable."""
    return await _answer(request, request.app.state.answer)


@post(f"/{LATEST_CHECKPOINT}", status_code=200)
async def latest_checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What was last cosigned of a ledger, shown to somebody who has a checkpoint that it signed."""
    return await _answer(request, request.app.state.latest)


async def _answer(request: Request[Any, Any, Any], ask: Callable[[bytes], Awaitable[Answer]]) -> Response[bytes]:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            body = await request.body()
    except TimeoutError:
        raise HTTPException("the request did not arrive in time", status_code=408) from None
    try:
        answer = await ask(body)
    except SafeconductError as error:
        # Why is told here only: it names files.
        logging.getLogger(__name__).error("nothing can be cosigned: %s", error)
        raise HTTPException("the witness cannot store anything now", status_code=UNAVAILABLE) from None
    # As a header: given a media type of text, the framework would add a charset, which the specification does not have.
    return Response(answer.body, status_code=answer.status, headers={"content-type": answer.content_type})


def _say(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    headers = {**(error.headers or {}), "content-type": PLAIN_TYPE}
    detail = f"a request has at most {MAX_NOTE_BYTES} bytes" if error.status_code == 413 else error.detail
    return Response(f"{detail}\n".encode(), status_code=error.status_code, headers=headers)
