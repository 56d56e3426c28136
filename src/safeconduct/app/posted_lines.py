"""The reports of a post: JSON Lines as a device or a gateway sends them to a server."""

from typing import Any

from safeconduct.kernel.encoding import MAX_INTEGER
from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.tracking.lines import read_line

_TOLD_AT_MOST = 1000
"""Bad lines of one post that are told one by one."""


def read_post(lines: bytes, received: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The reports of a post, as received now, and what is wrong with the others."""
    found: list[dict[str, Any]] = []
    aside: list[str] = []
    untold = 0
    for number, raw in enumerate(lines.split(b"\n"), start=1):
        try:
            event = read_line("report", number, raw)
            if event is not None and abs(event.at_us) > MAX_INTEGER:
                raise BadInput(Fault("report", number, 1, "no record can hold a moment so far away", "mend its 'at'"))
        except BadInput as error:
            if len(aside) < _TOLD_AT_MOST:
                aside.append(str(error))
            else:
                untold += 1
            continue
        if event is not None:
            found.append({**event.fields, "received_at": received})
    if untold:
        aside.append(f"{untold} more lines are no reports; mend these first")
    return found, aside
