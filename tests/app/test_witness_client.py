"""Posting to witnesses: bounded in time and size, whoever is at the other end of a real connection."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.app.cosigner import Unreachable
from safeconduct.app.witness_client import WitnessClient
from safeconduct.ledger.cosigning import Reply
from safeconduct.ledger.note import MAX_NOTE_BYTES

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def posted(answer: Handler, patience_s: float = 20.0, path: str = "/add-checkpoint") -> Reply:
    """Post to a server that answers so."""

    async def work() -> Reply:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, WitnessClient(patience_s) as client:
            return await client.post(f"http://127.0.0.1:{port}{path}", b"old 0\n\n")

    return asyncio.run(work())


def saying(response: bytes, *, then: bytes = b"") -> Handler:
    """A server that reads the request, and sends this and then that for ever, until nobody listens."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"old 0\n\n")
            writer.write(response)
            await writer.drain()
            while then:
                writer.write(then)
                await writer.drain()
                await asyncio.sleep(0)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    return answer


def test_an_answer_is_its_status_and_body() -> None:
    """Whatever its type says."""
    response = b"HTTP/1.1 409 Conflict\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\n12\n"
    assert posted(saying(response)) == Reply(409, b"12\n")


def test_a_redirect_is_not_followed() -> None:
    """It is an answer like any other."""
    response = b"HTTP/1.1 308 Permanent Redirect\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n"
    assert posted(saying(response)) == Reply(308, b"")


def test_a_compressed_answer_is_not_unpacked() -> None:
    """Nobody can make us hold more than they sent."""
    packed = gzip.compress(bytes(10_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    assert posted(saying(head.encode() + packed)) == Reply(200, packed)


def test_an_endless_answer_is_given_up() -> None:
    """Once it is longer than any note, at once."""
    with pytest.raises(Unreachable, match=f"answers with more than {MAX_NOTE_BYTES} bytes"):
        posted(saying(b"HTTP/1.1 200 OK\r\n\r\n", then=bytes(8192)))


def test_a_slow_answer_is_given_up() -> None:
    """Though something comes all the time: of the whole answer, not of each byte."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"old 0\n\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    with pytest.raises(Unreachable, match=r"does not answer within 0\.3 seconds"):
        posted(drip, patience_s=0.3)


@pytest.mark.parametrize(
    "response",
    [b"", b"no HTTP at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut off", b"HTTP/1.1 9\r\n\r\n"],
)
def test_what_is_no_answer_is_told_in_a_line(response: bytes) -> None:
    """Never another exception."""
    with pytest.raises(Unreachable, match=r"cannot be reached: ."):
        posted(saying(response))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://nowhere.invalid/", "http://[::1/", "ftp://x/", "http://"]
)
def test_where_nobody_is_is_told_in_a_line(url: str) -> None:
    """A closed port, an unknown name, an address that is none."""

    async def work() -> None:
        async with WitnessClient() as client:
            await client.post(url, b"")

    with pytest.raises(Unreachable, match=r"cannot be reached: ."):
        asyncio.run(work())
