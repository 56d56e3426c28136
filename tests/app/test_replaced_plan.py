"""A plan replaced in the middle of the day: by which one is watched, and what becomes of what was told by the other."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app import small_exchange
from tests.app.recording import StandingClock
from tests.app.small_exchange import EXCHANGE, approvals, at, office_of

from safeconduct.app.commands import ProposePlan
from safeconduct.app.recorded_day import papers, plan_on_duty
from safeconduct.app.watched_day import WatchedDay

ON_TIME = b"""
[[clause]]
id = "on-time"
kind = "departure"
late = "0s"
"""


def leaving(clock: str) -> bytes:
    """The plan, with a departure at that time."""
    document: dict[str, Any] = json.loads(small_exchange.PLAN)
    depart, arrive = f"2025-07-04T{clock}:00Z", "2025-07-04T11:00:00Z"
    ends = {"from": "sosnovka", "to": "novaya-guta", "depart": depart, "arrive": arrive}
    document["legs"] = [{"id": "l1", "vehicle": "sosnovka-ambulance-01", "persons": ["u1"], **ends}]
    return json.dumps(document).encode()


def test_a_plan_replaces_another_once_every_party_approved_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then the day is watched by the old one; what stands by the old one alone is withdrawn, and says why."""
    monkeypatch.setattr(small_exchange, "TERMS", small_exchange.TERMS + ON_TIME)
    monkeypatch.setattr(small_exchange, "PLAN", leaving("08:00"))
    clock = StandingClock(at("07:00"))
    office = office_of(tmp_path, clock)
    (late,) = WatchedDay(office, EXCHANGE).judge(at("08:10"))
    assert (late.rule, late.subject) == ("late", "l1")

    clock.at_us = at("08:20")
    office.perform(ProposePlan("plan.json", leaving("10:00")))
    new = approvals(office.state)
    for entries in ([], new[:1]):
        office.record(entries)
        assert (on_duty := plan_on_duty(office.state)) is not None
        assert on_duty.proposed.exchange == EXCHANGE
        watched = WatchedDay(office, EXCHANGE)
        assert watched.judge(at("08:25")) == []
        assert [one.rule for one in watched.standing()] == ["late"]
        assert papers(office.state, EXCHANGE).plan == watched.plan

    office.record([msgspec.structs.replace(new[1], occurred_at_us=at("08:30"))])
    (withdrawn,) = WatchedDay(office, EXCHANGE).judge(at("08:40"))
    assert withdrawn.breach() == late.breach()
    assert withdrawn.message.startswith("Withdrawn, it was told by an earlier plan: ")
