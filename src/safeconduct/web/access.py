"""Who may open which page: a secret link for each clearance, derived from the workspace's master key.

There are no accounts yet. Whoever starts the server is shown the links and hands each to whom it is for; a link sets a
cookie and leads to the page. The same workspace gives the same links, so that a browser reconnects after a restart.
"""

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import quote

from safeconduct.disclosure.clearance import Clearance

_KEY_BYTES = 18


def page_key(secret: bytes, clearance: Clearance) -> str:
    """The key to the page at a clearance: 24 characters that nobody can guess."""
    digest = hmac.digest(secret, b"page/" + str(clearance).encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_KEY_BYTES]).decode()


def desk_key(secret: bytes) -> str:
    """The key to what no page's link opens: only whoever can read the workspace's own secrets has it."""
    return base64.urlsafe_b64encode(hmac.digest(secret, b"desk", "sha256")).decode()


def page_link(secret: bytes, origin: str, clearance: Clearance) -> str:
    """The link that opens the page at a clearance; `origin` is the server's address as a browser has it."""
    return f"{origin}/enter?key={page_key(secret, clearance)}"


def opens(secret: bytes, key: str, clearances: Iterable[Clearance]) -> Clearance | None:
    """The clearance that a key belongs to; None if to none of these."""
    found = None
    for clearance in clearances:
        if hmac.compare_digest(page_key(secret, clearance).encode(), key.encode()):
            found = clearance
    return found


def cookie_name(clearance: Clearance) -> str:
    """A cookie for each clearance, so that one browser can have several pages open side by side."""
    return "safeconduct-" + quote(str(clearance), safe="")
