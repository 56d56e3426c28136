"""What people did about the alarms that they were shown: taken on, handed over, resolved, waived, escalated.

Each entry is of one deviation, by the number under which it is shown, and is told to whom the deviation itself is told
(`tracking.entries`): those on a confidential alarm to whoever may know that there is one. Names go to whom the
deviation concerns. What somebody wrote in their own words goes to the intermediary alone: nobody can check what it
gives away.
"""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)
_INTERMEDIARY = told_to(Audience.INTERMEDIARY)


class _OnAlarm(Entry, frozen=True, kw_only=True):
    """Of an alarm that every party is told of."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    """Whom the deviation concerns, as in the alarm that was shown last."""
    number: Annotated[int, _PARTIES]

    def sealed_under(self) -> str:
        return f"document:alarm-handling/{self.number}"


class _OnConfidentialAlarm(Entry, frozen=True, kw_only=True):
    """Of an alarm of which only those are told whom it concerns."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _OWN]
    number: Annotated[int, _OWN]

    def sealed_under(self) -> str:
        return f"document:alarm-handling/{self.number}"


class AlarmAcknowledged(_OnAlarm, frozen=True, kw_only=True, tag="tracking.alarm-acknowledged/1"):
    """Somebody has seen it and looks after it."""

    by: Annotated[str, _OWN]
    """Who owns it from now on."""


class ConfidentialAlarmAcknowledged(
    _OnConfidentialAlarm, frozen=True, kw_only=True, tag="tracking.confidential-alarm-acknowledged/1"
):
    """The same of a confidential one."""

    by: Annotated[str, _OWN]


class AlarmAssigned(_OnAlarm, frozen=True, kw_only=True, tag="tracking.alarm-assigned/1"):
    """It is handed over to another owner."""

    owner: Annotated[str, _OWN]
    by: Annotated[str, _OWN]


class ConfidentialAlarmAssigned(
    _OnConfidentialAlarm, frozen=True, kw_only=True, tag="tracking.confidential-alarm-assigned/1"
):
    """The same of a confidential one."""

    owner: Annotated[str, _OWN]
    by: Annotated[str, _OWN]


class AlarmResolved(_OnAlarm, frozen=True, kw_only=True, tag="tracking.alarm-resolved/1"):
    """What had to be done about it is done. The deviation stands all the same."""

    by: Annotated[str, _OWN]
    note: Annotated[str, _INTERMEDIARY]
    """What was done."""


class ConfidentialAlarmResolved(
    _OnConfidentialAlarm, frozen=True, kw_only=True, tag="tracking.confidential-alarm-resolved/1"
):
    """The same of a confidential one."""

    by: Annotated[str, _OWN]
    note: Annotated[str, _INTERMEDIARY]


class AlarmWaived(_OnAlarm, frozen=True, kw_only=True, tag="tracking.alarm-waived/1"):
    """One party makes nothing of the deviation. It is waived once every party has said so.

    There is none of a confidential alarm: who may not know of it cannot waive it.
    """

    party: Annotated[str, _PARTIES]
    by: Annotated[str, _OWN]
    """Who attests it."""
    reason: Annotated[str, _INTERMEDIARY]


class AlarmEscalated(_OnAlarm, frozen=True, kw_only=True, tag="tracking.alarm-escalated/1"):
    """Nobody took it on in time; others were called."""

    to: Annotated[tuple[str, ...], _INTERMEDIARY]
    """Roles or names, as the workspace's settings had them."""


class ConfidentialAlarmEscalated(
    _OnConfidentialAlarm, frozen=True, kw_only=True, tag="tracking.confidential-alarm-escalated/1"
):
    """The same of a confidential one."""

    to: Annotated[tuple[str, ...], _INTERMEDIARY]


Acknowledged = AlarmAcknowledged | ConfidentialAlarmAcknowledged
Assigned = AlarmAssigned | ConfidentialAlarmAssigned
Resolved = AlarmResolved | ConfidentialAlarmResolved
Escalated = AlarmEscalated | ConfidentialAlarmEscalated
