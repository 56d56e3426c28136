"""Where a workspace is served: a file beside the ledger that other commands find the server by."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from urllib.error import HTTPError

    from safeconduct.app.workspace import Workspace

FILE = "serving.json"
PATIENCE_S = 30


def announce(workspace: "Workspace", url: str) -> None:
    """Say that the server that holds the ledger is at this address. Where that cannot be written, nobody finds it."""
    path = workspace.folder / FILE
    try:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"url": url}, file)
    except OSError:
        return


def withdraw(workspace: "Workspace") -> None:
    """It is served no more."""
    try:
        (workspace.folder / FILE).unlink(missing_ok=True)
    except OSError:
        return


def post(
    workspace: "Workspace", path: str, body: bytes, busy: Refused, key: str = "", patience_s: float = PATIENCE_S
) -> dict[str, Any]:
    """Post to the server that holds the ledger, with the intermediary's key or another; what it answered.

    Raises Refused where it refuses, or where whoever holds the ledger cannot be asked; `busy` said that it is held.
    """
    import urllib.error
    import urllib.request

    from safeconduct.disclosure.clearance import INTERMEDIARY
    from safeconduct.web.access import page_key

    url = _address(workspace.folder / FILE)
    if url is None:
        raise Refused(f"{busy}, which is no server that could be asked; try again when it has ended")
    key = key or page_key(workspace.page_secret(), INTERMEDIARY)
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
    request = urllib.request.Request(url + path, data=body, headers=headers)  # noqa: S310 - http alone, see _address
    try:
        with urllib.request.urlopen(request, timeout=patience_s) as answer:  # noqa: S310 - as above
            told: dict[str, Any] = json.load(answer)
            return told
    except urllib.error.HTTPError as error:
        raise Refused(_reason(error)) from None
    except (OSError, ValueError) as error:
        raise Refused(
            f"{busy}; the server at {url} does not answer ({error}): try again, or end that program"
        ) from None


def _address(path: Path) -> str | None:
    """What the file says, if it is its owner's alone: the key goes there."""
    try:
        if path.stat().st_mode & 0o077:
            return None
        url = json.loads(path.read_text("utf-8"))["url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if isinstance(url, str) and url.startswith("http://") else None


def _reason(error: "HTTPError") -> str:
    try:
        reason = json.load(error)["error"]
    except (OSError, ValueError, KeyError, TypeError):
        reason = error.reason
    return str(reason)
