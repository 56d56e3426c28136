"""Acts on alarms as they come by HTTP: from the buttons of the page, and as JSON from the command line."""

from collections.abc import Mapping
from typing import Any

import msgspec

from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, OnAlarms, ResolveAlarms, WaiveAlarms
from safeconduct.kernel.errors import Refused
from safeconduct.tracking.alarm_book import Seen

ACTS: dict[str, type[OnAlarms]] = {
    "acknowledge": AcknowledgeAlarms,
    "assign": AssignAlarms,
    "resolve": ResolveAlarms,
    "waive": WaiveAlarms,
}


def act_in_json(command: OnAlarms) -> bytes:
    """A command as it is posted."""
    act = next(name for name, kind in ACTS.items() if type(command) is kind)
    return msgspec.json.encode({"act": act, **msgspec.to_builtins(command)})


def read_json(body: bytes) -> OnAlarms:
    """The command that was posted. Raises Refused for anything else."""
    try:
        values = msgspec.json.decode(body, type=dict[str, Any])
        return msgspec.convert(values, type=ACTS[values.pop("act")])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        raise Refused(
            'an act is {"act": "acknowledge" | "assign" | "resolve" | "waive", "seen": {"numbers": […], "fingerprint": '
            '"…"}, "by": "…", …}; safeconduct alarms posts it so'
        ) from None


def read_form(form: Mapping[str, Any]) -> OnAlarms:
    """The command of the button that was pressed. Raises Refused for what is no form of the page."""

    def text(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else ""

    pressed = [act for act in ACTS if act in form]
    if len(pressed) != 1:
        raise Refused("no button was pressed, or several: press one")
    *words, fingerprint = text(pressed[0]).split(" ")
    if not words or not all(word.isascii() and word.isdigit() and len(word) < 16 for word in words):
        raise Refused("the button names no alarm: open the page anew")
    seen = Seen(tuple(map(int, words)), fingerprint)
    alarm, by = words[0], text("by")
    match pressed[0]:
        case "acknowledge":
            return AcknowledgeAlarms(seen, by)
        case "assign":
            return AssignAlarms(seen, text(f"to-{alarm}"), by)
        case "resolve":
            return ResolveAlarms(seen, by, text(f"note-{alarm}"))
        case _:
            return WaiveAlarms(seen, text(f"party-{alarm}"), by, text(f"reason-{alarm}"))
