"""Acts on alarms over HTTP: by the intermediary alone, on what the page showed, refused in a sentence."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.duty import DEADLINE_S, PREMATURE, alarms, entries, eve, looked_at, wait_until
from tests.web.serving import Site, serving

from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, OnAlarms, ResolveAlarms, WaiveAlarms
from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.kernel.errors import Refused
from safeconduct.tracking.alarm_book import Seen
from safeconduct.tracking.alarm_entries import AlarmAcknowledged, AlarmAssigned, AlarmResolved, AlarmWaived
from safeconduct.web.acting import act_in_json, read_form, read_json
from safeconduct.web.intake import DeskIntake

UA = Clearance("party", "UA")


class Duty:
    """A server with its desk, and one alarm that stands."""

    def __init__(self, site: Site, desk: DutyDesk) -> None:
        self.site = site
        self.workspace = site.workspace
        desk.post(PREMATURE).result(DEADLINE_S)
        wait_until(lambda: alarms(self.workspace) == [("families-first", "open")])

    def seen(self) -> str:
        """What a button says of it now."""
        looked = looked_at(self.workspace, 1)
        return f"1 {looked.fingerprint}"

    def acts(self) -> list[Any]:
        """What was recorded about it."""
        kinds = (AlarmAcknowledged, AlarmAssigned, AlarmResolved, AlarmWaived)
        return [one for one in entries(self.workspace) if isinstance(one, kinds)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """On the eve."""
    return eve(tmp_path / "workspace")


@pytest.fixture
def duty(workspace: Workspace) -> Iterator[Duty]:
    """At work."""
    failures: list[str] = []
    desk = DutyDesk(workspace, SystemClock(), SystemRandomness(), failures.append)
    with serving(workspace, intake=DeskIntake(desk)) as site:
        yield Duty(site, desk)
    desk.close()
    assert not failures


def press(browser: httpx.Client, act: str, seen: str, **fields: str) -> httpx.Response:
    """Press a button, as a browser does that runs the script."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    return browser.post("/alarms", data={"by": "A. Duty", act: seen, **fields}, headers=headers)


def test_the_way_of_an_alarm_by_the_buttons(duty: Duty) -> None:
    """Taken on, handed over, waived by one side, resolved; each on what the page showed then."""
    browser = duty.site.browser(INTERMEDIARY)
    wait_until(lambda: duty.seen() in browser.get("/view/intermediary").text)
    for act, fields in (
        ("acknowledge", {}),
        ("assign", {"to-1": "B. Duty"}),
        ("waive", {"party-1": "RU", "reason-1": "Agreed."}),
        ("resolve", {"note-1": "Taken down again."}),
    ):
        answer = press(browser, act, duty.seen(), **fields)
        assert (answer.status_code, answer.json()["entries"]) == (200, 1)
    taken, given_, waived, resolved = duty.acts()
    assert (taken.by, given_.owner, waived.party, waived.reason) == ("A. Duty", "B. Duty", "RU", "Agreed.")
    assert (resolved.by, resolved.note) == ("A. Duty", "Taken down again.")


def test_what_changed_meanwhile_is_refused_in_a_sentence(duty: Duty) -> None:
    """Two officers press the same button; a page without a script shows the refusal, and leads back otherwise."""
    browser = duty.site.browser(INTERMEDIARY)
    seen = duty.seen()
    assert press(browser, "acknowledge", seen).status_code == 200
    late = press(browser, "acknowledge", seen)
    assert late.status_code == 409
    assert "alarm 1 is acknowledged by A. Duty: that has changed" in late.json()["error"]
    plain = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
    shown = browser.post("/alarms", data={"by": "B", "acknowledge": seen}, headers=plain)
    assert (shown.status_code, "that has changed" in shown.text) == (409, True)
    form = {"by": "B", "resolve": duty.seen(), "note-1": "done"}
    back = browser.post("/alarms", data=form, headers=plain)
    assert (back.status_code, back.headers["location"]) == (303, "/view/intermediary#alarms")
    nameless = press(browser, "waive", duty.seen(), by=" ")
    assert (nameless.status_code, "'by' is not a name" in nameless.json()["error"]) == (409, True)


def test_only_the_intermediary_acts(duty: Duty) -> None:
    """Not a party, not a stranger, not another site with the intermediary's cookie; nothing is recorded."""
    seen = duty.seen()
    foreign = duty.site.browser(INTERMEDIARY)
    for where in ("cross-site", "same-site", "none"):
        answer = foreign.post("/alarms", data={"by": "A", "acknowledge": seen}, headers={"Sec-Fetch-Site": where})
        assert answer.status_code == 403
    assert press(duty.site.browser(UA), "acknowledge", seen).status_code == 403
    assert press(duty.site.browser(), "acknowledge", seen).status_code == 403
    body = act_in_json(AcknowledgeAlarms(looked_at(duty.workspace, 1), "A"))
    for key in ("", f"Bearer {duty.site.key(UA)}", "Bearer x", f"Basic {duty.site.key(INTERMEDIARY)}"):
        answer = duty.site.browser().post("/alarms", content=body, headers={"Authorization": key})
        assert answer.status_code == 403
    assert duty.acts() == []


def test_with_its_key_a_program_acts_in_json(duty: Duty) -> None:
    """As the command line does; what is no act is refused."""
    headers = {"Authorization": f"Bearer {duty.site.key(INTERMEDIARY)}", "Accept": "application/json"}
    browser = duty.site.browser()
    body = act_in_json(AcknowledgeAlarms(looked_at(duty.workspace, 1), "A"))
    assert browser.post("/alarms", content=body, headers=headers).json()["entries"] == 1
    for bad in (b"", b"{}", b'{"act": "erase"}', b"[1]", b"\xff", body.replace(b'"by"', b'"to"')):
        refused = browser.post("/alarms", content=bad, headers=headers)
        assert (refused.status_code, "an act is" in refused.json()["error"]) == (409, True)


def test_buttons_are_on_the_intermediarys_page_alone_and_only_where_they_work(duty: Duty) -> None:
    """Parties see how alarms are dealt with; a server that only shows says who takes acts."""
    browser = duty.site.browser(INTERMEDIARY, UA)
    assert "/static/handling.js" in browser.get("/view/intermediary").text
    other = browser.get("/view/party:UA").text
    assert "handling" not in other
    assert not re.search(r"<button|<input", other)
    with serving(duty.workspace) as shown:
        looking = shown.browser(INTERMEDIARY)
        assert "<button" not in looking.get("/view/intermediary").text
        refused = press(looking, "acknowledge", duty.seen())
        assert (refused.status_code, "Another program" in refused.json()["error"]) == (503, True)


SEEN = Seen((3, 14), "0123456789abcdef")


@pytest.mark.parametrize(
    "command",
    [
        AcknowledgeAlarms(SEEN, "A"),
        AssignAlarms(SEEN, "B", "A"),
        ResolveAlarms(SEEN, "A", "Зроблено."),
        WaiveAlarms(SEEN, "RU", "A", "why"),
    ],
)
def test_a_command_is_read_as_it_was_written(command: OnAlarms) -> None:
    """Through JSON."""
    assert read_json(act_in_json(command)) == command


@given(st.dictionaries(st.sampled_from(("by", "acknowledge", "resolve", "note-1", "x")), st.text() | st.integers()))
def test_a_form_is_a_command_or_refused(form: dict[str, Any]) -> None:
    """Whatever a browser sends."""
    try:
        command = read_form(form)
    except Refused:
        return
    assert isinstance(command, AcknowledgeAlarms | ResolveAlarms)
    assert all(number >= 0 for number in command.seen.numbers)
