"""The HTTP server: pages at a clearance, their streams of news, the public page, the intake of reports and of acts.

Nothing is loaded from other hosts, and a browser is told so. A page is shown to whoever holds its link (`web.access`);
`/public` and what is static to everybody. Another site can lead a browser to a page here, as a link in a letter does,
but can neither read it nor post anything with its cookies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Protocol

import msgspec
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream

from safeconduct.app.commands import OnAlarms
from safeconduct.app.officer_acts import Asked, ErasureStands, Stands
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.kernel.errors import Refused
from safeconduct.web.access import cookie_name, desk_key, opens
from safeconduct.web.acting import read_form, read_json
from safeconduct.web.channel import Channel
from safeconduct.web.drawing import page_path
from safeconduct.web.follower import Follower, Unreadable
from safeconduct.web.ledger_source import LEDGER_ROUTES, LedgerSource
from safeconduct.web.pace import Pace
from safeconduct.web.page import SPEEDS, STATIC, error_page, public_page

_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }.items()
]
BEAT_S = 5.0
"""A page hears so often that it is still connected, though nothing changed."""
REPORTS_MAX_BYTES = 8_000_000
"""Of one posted batch."""


class Intake(Protocol):
    """Whoever takes reports from the field, and what people do about alarms, and records them."""

    async def take(self, lines: bytes) -> dict[str, Any]:
        """Record JSON Lines; what came of it once that is durable. Raises Unavailable."""
        ...

    async def act(self, command: OnAlarms) -> dict[str, Any]:
        """Record an act on alarms; what came of it once that is durable. Raises Refused, Unavailable."""
        ...

    async def perform(self, asked: Asked) -> Stands:
        """Take what a person of the intermediary does with a key; what came of it once durable. Raises Refused."""
        ...


class Unavailable(Exception):
    """Nothing can be recorded now; the message says why."""

    def __init__(self, why: str, kind: str = "") -> None:
        super().__init__(why)
        self.answer = HTTPException(why, status_code=503, extra={"type": kind} if kind else None)
        """With the kind as `type`, by which a program knows what to do about it."""


@dataclass(frozen=True)
class Site:
    """What the routes work on."""

    follower: Follower
    secret: bytes
    pace: Pace
    intake: Intake | None

    def admitted(self, request: Request[Any, Any, Any]) -> list[Clearance]:
        """The clearances to whose pages this browser has come by their links."""
        return [
            one
            for one in self.follower.clearances
            if opens(self.secret, request.cookies.get(cookie_name(one), ""), [one]) is not None
        ]

    def admit(self, request: Request[Any, Any, Any], text: str) -> Clearance:
        """The clearance of a page, if this browser came by its link.

        Whoever has no link at all is not even told which pages there are.
        """
        admitted = self.admitted(request)
        for clearance in admitted:
            if str(clearance) == text:
                return clearance
        known = [str(one) for one in self.follower.clearances]
        if admitted and text not in known:
            raise HTTPException(f"There is no page for “{text}”. There are: {', '.join(known)}.", status_code=404)
        raise HTTPException(
            "Each page opens by its own link, which whoever runs the server can give you.", status_code=403
        )


def create_app(workspace: Workspace, pace: Pace, run: str, intake: Intake | None = None) -> Litestar:
    """The application. `run` tells this run of the server from every other. Raises BadInput without a master key."""
    secret = workspace.page_secret()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        follower = Follower(workspace, pace, run, acts=intake is not None)
        app.state.site = Site(follower, secret, pace, intake)
        app.state.ledger_source = source = LedgerSource(workspace, secret)
        try:
            yield
        finally:
            follower.stop()
            source.close()
            await asyncio.to_thread(follower.join)

    return Litestar(
        [
            front,
            enter,
            view,
            stream,
            public,
            checkpoint,
            change_pace,
            take_reports,
            act_on_alarms,
            act_with_key,
            static,
            *LEDGER_ROUTES,
        ],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        exception_handlers={HTTPException: _show_http_error, Unreadable: _show_unreadable},
        after_exception=[_log_unexpected],
        before_send=[_add_headers],
        request_max_body_size=REPORTS_MAX_BYTES,
    )


@get("/", sync_to_thread=False)
def front(request: Request[Any, Any, Any]) -> Redirect:
    """To the page that this browser has a link to; else to the public one."""
    site: Site = request.app.state.site
    admitted = site.admitted(request)
    return Redirect(page_path(admitted[0]) if admitted else "/public", status_code=303)


@get("/enter")
async def enter(request: Request[Any, Any, Any], key: FromQuery[str] = "") -> Redirect:
    """Open a page by its link: the key becomes a cookie, so that it stands in no address from then on."""
    site: Site = request.app.state.site
    await site.follower.ready()
    clearance = opens(site.secret, key, site.follower.clearances)
    if clearance is None:
        raise HTTPException("This link opens no page here. Ask whoever runs the server for a new one.", status_code=403)
    # Lax, not strict: a link that is opened from a letter must lead to the page, not to “not open to you”.
    secure = request.url.scheme == "https"
    cookie = Cookie(key=cookie_name(clearance), value=key, path="/", httponly=True, secure=secure, samesite="lax")
    return Redirect(page_path(clearance), status_code=303, cookies=[cookie])


@get("/view/{name:str}", media_type=MediaType.HTML)
async def view(request: Request[Any, Any, Any], name: FromPath[str]) -> str:
    """The live page at a clearance."""
    site: Site = request.app.state.site
    await site.follower.ready()
    return (await site.follower.channel(site.admit(request, name))).page()


@get("/view/{name:str}/stream")
async def stream(request: Request[Any, Any, Any], name: FromPath[str], after: FromQuery[str] = "") -> Stream:
    """What changed on a page since the position that it has, and from then on all that changes."""
    site: Site = request.app.state.site
    await site.follower.ready()
    clearance = site.admit(request, name)
    # A browser that reconnects by itself tells the last position in a header, and asks with the address of old.
    position = request.headers.get("last-event-id", "") or after
    channel = await site.follower.channel(clearance)
    return Stream(partial(_news, site.follower, channel, position), media_type="text/event-stream")


@get("/public", media_type=MediaType.HTML)
async def public(request: Request[Any, Any, Any]) -> str:
    """What anybody may know."""
    site: Site = request.app.state.site
    return public_page(await site.follower.public())


@get("/checkpoint", media_type=MediaType.TEXT)
async def checkpoint(request: Request[Any, Any, Any]) -> str:
    """The latest signed checkpoint, as a C2SP signed note."""
    site: Site = request.app.state.site
    record = await site.follower.public()
    return record.ledger.note


@get("/static/{name:str}", sync_to_thread=False)
def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The style sheet, the script and the icon."""
    found = _static_files().get(name)
    if found is None:
        raise HTTPException("There is no such file.", status_code=404)
    content, kind, tag = found
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


@cache
def _static_files() -> dict[str, tuple[bytes, str, str]]:
    """Content, media type and tag of each file by its name. Kept, so that no request's words are ever a path."""
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    files = {path.name: (path.read_bytes(), kinds[path.suffix]) for path in STATIC.iterdir()}
    return {name: (content, kind, f'"{sha256(content).hexdigest()[:16]}"') for name, (content, kind) in files.items()}


@post("/demo/pace")
async def change_pace(request: Request[Any, Any, Any]) -> Response[None]:
    """Pause a simulated day, go on, or set its speed."""
    site: Site = request.app.state.site
    admitted = site.admitted(request)
    foreign = request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
    if not site.pace.can_be_changed or not admitted or foreign:
        raise HTTPException("Time cannot be changed here.", status_code=403)
    form = await request.form()
    paused, speed = form.get("paused"), form.get("speed")
    if paused not in (None, "yes", "no") or speed not in (None, *map(str, SPEEDS)):
        raise HTTPException("paused is yes or no; speed is one of those shown.", status_code=400)
    site.pace.change(speed=None if speed is None else float(speed), paused=None if paused is None else paused == "yes")
    site.follower.poke()
    if request.headers.get("sec-fetch-mode") == "navigate":
        return Redirect(page_path(admitted[0]), status_code=303)
    return Response(None, status_code=204)


@post("/events", status_code=200)
async def take_reports(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Reports from the field, as JSON Lines; answered once they are durable."""
    site: Site = request.app.state.site
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or opens(site.secret, key.strip(), [INTERMEDIARY]) is None:
        raise HTTPException(
            "Reports are taken with: Authorization: Bearer KEY, the intermediary's.",
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    if site.intake is None:
        raise HTTPException("Another program is writing to this ledger; it takes the reports.", status_code=503)
    try:
        return await site.intake.take(await request.body())
    except Unavailable as error:
        raise error.answer from None


@post("/alarms", status_code=200)
async def act_on_alarms(request: Request[Any, Any, Any]) -> Response[Any]:
    """Acknowledge alarms, hand them over, resolve or waive them; answered once that is durable.

    By a button of the intermediary's page, or as JSON with the key of its link.
    """
    site: Site = request.app.state.site
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    by_key = scheme.lower() == "bearer" and opens(site.secret, key.strip(), [INTERMEDIARY]) is not None
    foreign = request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
    if not by_key and (foreign or INTERMEDIARY not in site.admitted(request)):
        raise HTTPException("Alarms are acted on at the intermediary's clearance only.", status_code=403)
    if site.intake is None:
        raise HTTPException("Another program is writing to this ledger; it takes such acts.", status_code=503)
    try:
        command = read_json(await request.body()) if by_key else read_form(await request.form())
        done = await site.intake.act(command)
    except Unavailable as error:
        raise error.answer from None
    except Refused as refusal:
        raise HTTPException(str(refusal), status_code=409) from None
    if request.headers.get("sec-fetch-mode") == "navigate":
        with suppress(Unreadable):  # the page says so itself; the act is recorded all the same
            await site.follower.show_all(INTERMEDIARY)
        return Redirect(f"{page_path(INTERMEDIARY)}#alarms", status_code=303)
    return Response(done)


@post("/desk", status_code=200)
async def act_with_key(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What a person of the intermediary does with a key: releases, erasures, steps not cosigned, keys, the registry.

    Answered once it and its alarms are durable; of what was erased nothing is shown here any more by then. By commands
    that can read the workspace's secrets: the link of a page does not open this.
    """
    site: Site = request.app.state.site
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(desk_key(site.secret).encode(), key.strip().encode()):
        raise HTTPException("This is asked for by safeconduct's commands, beside the workspace.", status_code=403)
    if site.intake is None:
        raise HTTPException("Another program is writing to this ledger; it takes such acts.", status_code=503)
    try:
        stands = await site.intake.perform(msgspec.json.decode(await request.body(), type=Asked))
    except msgspec.MsgspecError as error:
        raise HTTPException(f"this is not what safeconduct sends: {error}", status_code=400) from None
    except Refused as refusal:
        raise HTTPException(str(refusal), status_code=409) from None
    if isinstance(stands, ErasureStands) and stands.keys_destroyed is not None:
        await site.follower.forget()
        source: LedgerSource = request.app.state.ledger_source
        await source.forget()
    told: dict[str, Any] = msgspec.to_builtins(stands)
    return told


async def _news(follower: Follower, channel: Channel, position: str) -> AsyncIterator[bytes]:
    """The events of one page, for as long as it is open and the ledger can be read."""
    since = channel.since(position)
    channel.listeners += 1
    drawings = channel.drawings
    try:
        yield b"retry: 1000\n\n"
        while follower.tells_news:
            if await channel.wait(since, BEAT_S):
                if not follower.tells_news:
                    return
                message, since, drawings = channel.message(since), channel.version, channel.drawings
                yield message
            elif channel.drawings > drawings:
                drawings = channel.drawings
                yield channel.beat()
            # Else nobody draws any more, for whatever reason: the page hears nothing, and says so.
    finally:
        channel.listeners -= 1


async def _add_headers(message: Any, _: Any) -> None:
    if message["type"] == "http.response.start":
        kept = {name.lower() for name, _ in message.get("headers", [])}
        message["headers"] = [*message.get("headers", []), *(one for one in _HEADERS if one[0] not in kept)]


def _show_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    detail = error.detail
    if error.status_code == 413:
        detail = f"A post may have {REPORTS_MAX_BYTES:,} bytes at most. Send the lines in several."
    wants_page = "text/html" in request.headers.get("accept", "")
    if not wants_page:
        extra = error.extra if isinstance(error.extra, dict) else {}
        return Response({"error": detail, **extra}, status_code=error.status_code, headers=error.headers)
    title = {403: "Not open to you", 404: "No such page"}.get(error.status_code, "That did not work")
    page = error_page(error.status_code, title, detail)
    return Response(page, status_code=error.status_code, media_type=MediaType.HTML, headers=error.headers)


def _show_unreadable(request: Request[Any, Any, Any], error: Unreadable) -> Response[Any]:
    site: Site = request.app.state.site
    # Why is the intermediary's affair alone: it names files, and entries that others may know nothing of.
    told = str(error) if INTERMEDIARY in site.admitted(request) else "Whoever runs the server can see why. Try again."
    page = error_page(503, "The record cannot be read", told)
    return Response(page, status_code=503, media_type=MediaType.HTML)


async def _log_unexpected(error: Exception, scope: Any) -> None:
    if not isinstance(error, HTTPException | Unreadable):
        logging.getLogger(__name__).error("%s %s failed", scope["method"], scope["path"], exc_info=error)
