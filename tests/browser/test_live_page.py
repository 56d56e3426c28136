"""A day as it is lived: what is reported is seen, at once, by whom it is for, and still after the server was gone."""

import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.looking import DESKTOP, NARROW, PHONE, Eyes, count, record_size, shown_at_ms, sideways
from tests.browser.servers import Served, report
from tests.browser.test_reach import AXE, CONTRAST, MARK_FOCUSED, REACHABLE, RULES

from safeconduct.app.office import Office
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.recorded_day import plan_on_duty
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.workspace import open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.logistics.plan import Plan, read_plan
from safeconduct.web.markup import identifier


@pytest.fixture
def plan(workspace: Path) -> Plan:
    """The plan on record."""
    office = open_workspace(workspace).open_record(DECODER)
    try:
        state = Exchange()
        office.refresh()
        for one in office.read():
            state.take(one.body)
    finally:
        office.close()
    in_force = plan_on_duty(state)
    assert in_force is not None
    return read_plan("plan", in_force.proposed.plan_text.encode())


def bus_of(plan: Plan, operator: str) -> str:
    """A vehicle of a side."""
    return next(one.id for one in plan.vehicles if one.operator == operator)


def persons_of(plan: Plan, held_by: str) -> Iterator[str]:
    """Whom a side releases."""
    return (one.id for one in plan.persons if one.held_by == held_by)


def boarded(plan: Plan, held_by: str, number: int) -> list[dict[str, object]]:
    """So many persons of a side get on a vehicle of theirs."""
    vehicle = bus_of(plan, held_by)
    return [
        report("boarded", person, person=person, vehicle=vehicle)
        for person, _ in zip(persons_of(plan, held_by), range(number), strict=False)
    ]


def test_a_report_is_on_the_page_within_a_second(eyes: Eyes, live: Served, plan: Plan) -> None:
    """From before it is sent until the page shows the record with it; the middle one of seven."""
    vehicle = bus_of(plan, "RU")
    delays_ms = []
    with eyes.context() as window:
        page = window.open(live.links["intermediary"])
        for number in range(7):
            sent_ms = time.time_ns() // 1_000_000
            size = live.post(report("positioned", str(number), vehicle=vehicle, position=[31.5 + number / 10, 52.3]))[
                "size"
            ]
            delays_ms.append(shown_at_ms(page, size) - sent_ms)
        expect(page.locator(f"#{identifier('vehicle', vehicle)}")).to_be_attached()
    assert statistics.median(delays_ms) < 1000


def test_boarding_and_handover_change_the_counts(eyes: Eyes, live: Served, plan: Plan) -> None:
    """At each clearance: the intermediary sees who is on the road, the other party is told the handover alone."""
    person = next(persons_of(plan, "RU"))
    with eyes.context() as ours, eyes.context() as theirs:
        page, other = ours.open(live.links["intermediary"]), theirs.open(live.links["party:UA"])
        assert (count(page, "aboard", 0), count(page, "handed-over", 0)) == (0, 0)
        live.post(*boarded(plan, "RU", 3))
        expect(page.locator("tr.count-aboard .count-number").first).to_have_text("3")
        hands = [("RU", "NI"), ("NI", "UA")]
        for giver, taker in hands:
            path = {"person": person, "from": giver, "to": taker, "place": plan.exchange_point}
            live.post(report("offered", f"{person}/{taker}", **path))
            size = live.post(report("accepted", f"{person}/{taker}", **path))["size"]
        for one in (page, other):
            expect(one.locator("tr.count-handed-over .count-number").first).to_have_text("1")
        assert record_size(page) >= size
        expect(page.locator("#counts")).to_contain_text("RU is 1 ahead")


def test_a_deviation_is_shown_when_it_arises(eyes: Eyes, live: Served, plan: Plan) -> None:
    """Somebody is taken over whom nobody offered: in doubt while a device may still report the offer, then an alarm."""
    person = next(persons_of(plan, "UA"))
    path = {"person": person, "from": "UA", "to": "NI", "place": plan.exchange_point}
    with eyes.context() as window:
        page = window.open(live.links["intermediary"])
        expect(page.locator("#alarms")).to_contain_text("No alarm stands.")
        live.post(report("accepted", person, **path))
        alarm = page.locator("#alarm-log .alarm", has_text="custody")
        expect(alarm.locator(".alarm-message")).to_contain_text("no offer was open")
        expect(alarm).to_have_class(re.compile("is-unconfirmed"))
        alarm.get_by_text("Grounds").click()
        expect(alarm.locator("dl")).to_contain_text(f"accepted/{person}")
        live.post(*(report("clock", one.id, device=one.id, device_seq=1) for one in plan.devices or ()))
        expect(alarm).to_have_class(re.compile("is-open"))
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
        expect(alarm.locator("dl")).to_be_visible()
        expect(page.locator("#alarm-log")).to_have_attribute("aria-live", "polite")


def test_an_open_page_is_right_after_the_server_was_killed(eyes: Eyes, workspace: Path, plan: Plan) -> None:
    """It says that it hears nothing, and is right again without being loaded anew, on two pages at once."""
    first = Served(workspace)
    with eyes.context() as ours, eyes.context() as theirs:
        pages = [ours.open(first.links["intermediary"]), theirs.open(first.links["party:RU"])]
        before = record_size(pages[0])
        for page in pages:
            page.evaluate("window.loadedOnce = true")
        first.kill()
        for page in pages:
            expect(page.locator("#link")).to_have_class(re.compile("link-lost"))
            expect(page.locator("#link-words")).to_have_text(
                re.compile(r"^reconnecting, last news \d\d:\d\d:\d\d UTC$")
            )
        grow(workspace, boarded(plan, "RU", 5))
        again = Served(workspace, port=first.port)
        try:
            assert again.links == first.links
            for page in pages:
                expect(page.locator("#link-words")).to_have_text("live")
                expect(page.locator("tr.count-aboard .count-number").first).to_have_text("5")
                assert page.evaluate("window.loadedOnce") is True
            assert record_size(pages[0]) >= before + 5
            size = again.post(report("positioned", "after", vehicle=bus_of(plan, "RU"), position=[31.5, 52.3]))["size"]
            for page in pages:
                shown_at_ms(page, size)
        finally:
            again.stop()


def grow(workspace: Path, reports: list[dict[str, object]]) -> None:
    """Record reports with no server."""
    found = open_workspace(workspace)
    recorder = found.open_recorder(SystemClock(), SystemRandomness(), DECODER)
    try:
        office = Office(recorder, SystemClock())
        in_force = plan_on_duty(office.state)
        assert in_force is not None
        assert WatchedDay(office, in_force.proposed.exchange).take(reports) == []
    finally:
        recorder.close()


@pytest.mark.parametrize("position", ["another-run-3", "{run}-999999", "", "😀\x00%0d%0aid: 1", "x" * 5000])
def test_a_page_that_comes_back_with_a_stale_position_becomes_right(position: str, eyes: Eyes, past: Served) -> None:
    """One of another run, of the future, or none at all, on a page that shows what is long outdated."""

    def outdate(route: Route) -> None:
        answer = route.fetch()
        html = answer.text()
        run = re.search(r'data-position="([0-9a-f]+)-\d+"', html)
        assert run is not None
        stale = position.replace("{run}", run[1]).replace("\x00", "&#1;")
        html = re.sub(r'data-position="[^"]*"', f'data-position="{stale}"', html)
        html = re.sub(r"(<strong[^>]*>)[\d,]+(</strong>)", r"\g<1>7\2", html)
        route.fulfill(response=answer, body=html)

    with eyes.context() as window:
        good = window.open(past.links["intermediary"])
        size = record_size(good)
        page = window.open(past.public, live=False)
        page.route("**/view/intermediary", outdate)
        page.goto(f"{past.url}/view/intermediary")
        shown_at_ms(page, size)
        expect(page.locator("#link-words")).to_have_text("live")


def test_focus_and_open_details_survive_an_update(eyes: Eyes, live: Served, plan: Plan) -> None:
    """News change what changed and nothing else: whoever reads or types a key is not thrown out."""
    for person in list(persons_of(plan, "UA"))[:2]:
        path = {"person": person, "from": "UA", "to": "NI", "place": plan.exchange_point}
        live.post(report("accepted", person, **path))
    with eyes.context() as window:
        page = window.open(live.links["intermediary"])
        summary = page.locator("#alarm-log .alarm", has_text="custody").locator("summary").first
        expect(summary).to_contain_text("All 2 deviations")
        page.locator("#handling input[name=by]").fill("A. Duty")
        for target in ("#record-whole summary", "#alarm-log .alarm:last-child [id$=grounds] summary"):
            page.locator(target).focus()
            page.keyboard.press("Enter")
        focused = page.evaluate("document.activeElement.closest('[id]').id")
        more = list(persons_of(plan, "UA"))[2]
        path = {"person": more, "from": "UA", "to": "NI", "place": plan.exchange_point}
        live.post(report("accepted", more, **path), *boarded(plan, "RU", 4))
        expect(summary).to_contain_text("All 3 deviations")
        expect(page.locator("tr.count-aboard .count-number").first).to_have_text("4")
        assert page.evaluate("document.activeElement.closest('[id]').id") == focused
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        for one in ("#record-whole", f"#{focused}"):
            expect(page.locator(one)).to_have_attribute("open", "")
        expect(page.locator("#handling input[name=by]")).to_have_value("A. Duty")


def test_two_officers_and_a_party_before_their_pages(eyes: Eyes, live: Served, plan: Plan) -> None:
    """One takes an alarm on, the other hands it over and resolves it; all see it at once, each as far as is theirs."""
    person = next(persons_of(plan, "UA"))
    live.post(report("accepted", person, **{"person": person, "from": "UA", "to": "NI", "place": plan.exchange_point}))
    with eyes.context() as ours, eyes.context() as theirs:
        page, other = ours.open(live.links["intermediary"]), theirs.open(live.links["party:UA"])
        alarm, seen = (one.locator("#alarm-log .alarm", has_text="custody") for one in (page, other))
        expect(alarm.locator(".alarm-head")).to_contain_text("not acknowledged")
        assert other.locator("#alarms button").count() == 0
        alarm.get_by_role("button", name="Acknowledge").click()
        expect(page.locator("#handling input[name=by]")).to_be_focused()  # nobody acts without a name
        page.locator("#handling input[name=by]").fill("A. Duty")
        alarm.get_by_role("button", name="Acknowledge").click()
        expect(page.locator("#handling-said")).to_have_text("Acknowledge: recorded.")
        expect(alarm.locator(".alarm-head")).to_contain_text("acknowledged, A. Duty")
        expect(seen).to_have_class(re.compile("is-acknowledged"))
        assert "A. Duty" not in other.content()  # both sides' devices are awaited: so neither is told whom it concerns
        colleague = ours.open(live.links["intermediary"])
        colleague.locator("#handling input[name=by]").fill("B. Duty")
        acts = colleague.locator("#alarm-log .alarm", has_text="custody").locator(".alarm-acts")
        acts.get_by_text("Hand over, resolve, waive").click()
        acts.get_by_label("To whom").fill("B. Duty")
        acts.get_by_role("button", name="Hand over").click()
        expect(alarm.locator(".alarm-head")).to_contain_text("acknowledged, B. Duty")
        acts.get_by_label("What was done").fill("The offer was made by word of mouth.")
        acts.get_by_role("button", name="Resolved").click()
        resolved = page.locator("#alarms-resolved")
        resolved.locator("summary").click()
        expect(resolved).to_contain_text("resolved by B. Duty")
        expect(resolved).to_contain_text("by word of mouth")
        expect(other.locator("#alarms-resolved")).to_be_attached()
        assert "by word of mouth" not in other.content()


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_everybody_can_act_on_an_alarm(size: dict[str, int], eyes: Eyes, live: Served, plan: Plan) -> None:
    """Buttons and fields: nothing for axe to find in the light or in the dark, nothing sideways, all by keyboard."""
    for person in list(persons_of(plan, "UA"))[:3]:
        path = {"person": person, "from": "UA", "to": "NI", "place": plan.exchange_point}
        live.post(report("accepted", person, **path))
    with eyes.context(viewport=size, color_scheme="light") as window:
        page = window.open(live.links["intermediary"])
        expect(page.locator("#alarm-log .alarm summary").first).to_contain_text("All 3 deviations")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert sideways(page) == 0
        light = AXE.run(page, options=RULES)
        page.emulate_media(color_scheme="dark")
        dark = AXE.run(page, options=CONTRAST)
        page.keyboard.press("Tab")
        while page.evaluate(MARK_FOCUSED):
            page.keyboard.press("Tab")
        controls = page.locator("#alarms").locator(REACHABLE).filter(visible=True)
        assert controls.evaluate_all("all => all.filter(one => !one.dataset.reached).map(one => one.outerHTML)") == []
        assert controls.count() >= 10
        assert page.locator("[data-outlined=no]").count() == 0
    assert light.violations_count == 0, light.generate_report()
    assert dark.violations_count == 0, dark.generate_report()


def test_an_alarm_is_acted_on_without_a_script(eyes: Eyes, live: Served, plan: Plan) -> None:
    """The buttons are those of a form; what changed meanwhile is refused on a page of its own."""
    person = next(persons_of(plan, "UA"))
    live.post(report("accepted", person, **{"person": person, "from": "UA", "to": "NI", "place": plan.exchange_point}))
    with eyes.context() as window, eyes.context(java_script_enabled=False) as plain:
        expect(window.open(live.links["intermediary"]).locator("#alarm-log .alarm")).to_have_count(1)
        pages = [plain.open(live.links["intermediary"], live=False) for _ in range(2)]
        for name, page in zip("AB", pages, strict=True):
            page.locator("#handling input[name=by]").fill(f"{name}. Duty")
            page.get_by_role("button", name="Acknowledge").click()
        expect(pages[0].locator("#alarm-log .alarm")).to_contain_text("acknowledged, A. Duty")
        expect(pages[1].locator("main")).to_contain_text("alarm 1 is acknowledged by A. Duty")


def test_many_reports_leave_no_trace_of_the_old(eyes: Eyes, live: Served, plan: Plan) -> None:
    """A page that followed all news shows what one shows that is opened now, on a desktop and on a phone."""

    def shown(page: Page) -> list[str]:
        text: list[str] = page.evaluate(
            """[...document.querySelectorAll("main section")].map(one => {
              const copy = one.cloneNode(true);
              copy.querySelectorAll("[data-at]").forEach(place => place.replaceChildren());
              return copy.innerHTML;
            })"""
        )
        return text

    with eyes.context() as window, eyes.context(viewport=PHONE) as small:
        page = window.open(live.links["intermediary"])
        for operator in ("RU", "UA"):
            vehicle = bus_of(plan, operator)
            leg = next(one for one in plan.legs if one.vehicle == vehicle)
            live.post(*boarded(plan, operator, 6))
            live.post(report("departed", vehicle, vehicle=vehicle, place=leg.origin))
            for step in range(3):
                live.post(report("positioned", f"{vehicle}/{step}", vehicle=vehicle, position=[31.2 + step / 5, 52.1]))
            live.post(report("arrived", vehicle, vehicle=vehicle, place=leg.destination))
        expect(page.locator("#alarm-log .alarm").first).to_be_attached()
        fresh = small.open(live.links["intermediary"])
        # What the watch finds of the last report is recorded too: compare once both show the same record.
        shown_at_ms(page, record_size(fresh))
        shown_at_ms(fresh, record_size(page))
        assert shown(page) == shown(fresh)
