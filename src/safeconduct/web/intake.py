"""Posted reports, and acts on alarms, handed to the desk on duty."""

import asyncio
from typing import Any

from safeconduct.app.commands import OnAlarms
from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.officer_acts import Asked, Stands
from safeconduct.kernel.errors import Refused
from safeconduct.web.server import Unavailable


class DeskIntake:
    """Takes what is posted to the desk that holds the ledger."""

    def __init__(self, desk: DutyDesk) -> None:
        self._desk = desk

    async def take(self, lines: bytes) -> dict[str, Any]:
        """Record JSON Lines; how many were taken and what is wrong with the others. Raises Unavailable."""
        try:
            taken = await asyncio.wrap_future(self._desk.post(lines))
        except Refused as refusal:
            raise Unavailable(str(refusal)) from None
        return {"taken": taken.taken, "size": taken.size, "aside": list(taken.aside)}

    async def act(self, command: OnAlarms) -> dict[str, Any]:
        """Record what somebody does about alarms. Raises Refused where that is not possible as things stand now."""
        done = await asyncio.wrap_future(self._desk.act(command))
        return {"entries": done.entries, "size": done.size}

    async def perform(self, asked: Asked) -> Stands:
        """Take what a person does with a key. Raises Refused where that is not possible as things stand now."""
        return await asyncio.wrap_future(self._desk.perform(asked))
