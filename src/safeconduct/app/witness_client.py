"""Posting to witnesses by HTTP: bounded in time and size, whoever is at the other end."""

import asyncio
from types import TracebackType

import httpx

from safeconduct.app.cosigner import Unreachable
from safeconduct.ledger.cosigning import Reply
from safeconduct.ledger.note import MAX_NOTE_BYTES

PATIENCE_S = 10.0
"""How long one answer may take, from the connection to its last byte."""


class WitnessClient:
    """Keeps its connections; to be used within one event loop, as a context manager."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        # Redirects would lead us to somebody who is not in the agreement; compression could make a small answer huge.
        self._client = httpx.AsyncClient(
            timeout=patience_s, follow_redirects=False, headers={"Accept-Encoding": "identity"}
        )

    async def __aenter__(self) -> "WitnessClient":
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def post(self, url: str, body: bytes) -> Reply:
        """Post to an address. Raises Unreachable."""
        try:
            # httpx bounds each read; whoever sends a byte a second would never reach that.
            async with asyncio.timeout(self._patience_s), self._client.stream("POST", url, content=body) as answer:
                received = b""
                async for part in answer.aiter_raw():
                    received += part
                    if len(received) > MAX_NOTE_BYTES:
                        raise Unreachable(f"answers with more than {MAX_NOTE_BYTES} bytes")
                return Reply(answer.status_code, received)
        except (TimeoutError, httpx.TimeoutException):
            raise Unreachable(f"does not answer within {self._patience_s:g} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unreachable(f"cannot be reached: {str(error) or type(error).__name__}") from None
