"""Posted reports, and acts on alarms, handed to the desk on duty."""

import asyncio
from typing import Any

from safeconduct.app.commands import OnAlarms
from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.officer_acts import Asked, Stands
from safeconduct.app.rolled_back import RolledBack
from safeconduct.kernel.errors import Refused
from safeconduct.web.server import Unavailable

ROLLED_BACK = "rolled-back"
"""The `type` of an answer that nothing may be recorded until the record is whole again."""


class DeskIntake:
    """Takes what is posted to the desk that holds the ledger."""

    def __init__(self, desk: DutyDesk) -> None:
        self._desk = desk

    async def take(self, lines: bytes) -> dict[str, Any]:
        """Record JSON Lines; how many were taken and what is wrong with the others. Raises Unavailable."""
        try:
            taken = await asyncio.wrap_future(self._desk.post(lines))
        except Refused as refusal:
            raise unavailable(refusal) from None
        return {"taken": taken.taken, "size": taken.size, "aside": list(taken.aside)}

    async def act(self, command: OnAlarms) -> dict[str, Any]:
        """Record what somebody does about alarms.

        Raises Refused where that is not possible as things stand now, Unavailable where nothing may be recorded.
        """
        try:
            done = await asyncio.wrap_future(self._desk.act(command))
        except RolledBack as refusal:
            raise unavailable(refusal) from None
        return {"entries": done.entries, "size": done.size}

    async def perform(self, asked: Asked) -> Stands:
        """Take what a person does with a key.

        Raises Refused where that is not possible as things stand now, Unavailable where nothing may be recorded.
        """
        try:
            return await asyncio.wrap_future(self._desk.perform(asked))
        except RolledBack as refusal:
            raise unavailable(refusal) from None


class StoppedIntake:
    """Stands where nothing may be recorded: it says why."""

    def __init__(self, why: RolledBack) -> None:
        self._why = why

    async def take(self, lines: bytes) -> dict[str, Any]:
        """Raises Unavailable."""
        del lines
        raise unavailable(self._why)

    async def act(self, command: OnAlarms) -> dict[str, Any]:
        """Raises Unavailable."""
        del command
        raise unavailable(self._why)

    async def perform(self, asked: Asked) -> Stands:
        """Raises Unavailable."""
        del asked
        raise unavailable(self._why)


def unavailable(refusal: Refused) -> Unavailable:
    """What is answered where the desk refuses for reasons of its own."""
    return Unavailable(str(refusal), ROLLED_BACK if isinstance(refusal, RolledBack) else "")
