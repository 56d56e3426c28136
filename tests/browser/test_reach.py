"""Everybody can use the page: by keyboard, on a phone, in the dark, without a script, with a screen reader."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.looking import DESKTOP, NARROW, PHONE, Eyes, count, record_size, sideways
from tests.browser.servers import COMMAND, Served

AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
REACHABLE = "a[href], button, summary, input, select, [tabindex]"
MARK_FOCUSED = """() => {
  const here = document.activeElement;
  if (here === document.body || here.dataset.reached) return false;
  here.dataset.reached = "yes";
  const style = getComputedStyle(here);
  here.dataset.outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1 ? "yes" : "no";
  return true;
}"""
ORDER = """ids => ids.map(id => document.getElementById(id).getBoundingClientRect().top)"""
THOUSANDS = """() => [...document.querySelectorAll(".count-handed-over .count-number")].map(number => {
  number.textContent = "1";
  const line = number.clientHeight;
  number.textContent = "1,200";
  return number.clientHeight === line && number.scrollWidth <= number.clientWidth;
})"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("which", ["intermediary", "party:RU", "public", "error"])
def test_axe_finds_nothing(which: str, size: dict[str, int], eyes: Eyes, past: Served) -> None:
    """Every rule of WCAG 2 A and AA and of good practice, and contrast in the dark too; folded parts unfolded."""
    address = {**past.links, "public": past.public, "error": f"{past.url}/nowhere"}[which]
    with eyes.context(viewport=size, color_scheme="light") as window:
        page = window.open(address, live=which not in ("public", "error"))
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        light = AXE.run(page, options=RULES)
        page.emulate_media(color_scheme="dark")
        dark = AXE.run(page, options=CONTRAST)
    assert light.violations_count == 0, light.generate_report()
    assert dark.violations_count == 0, dark.generate_report()


def test_every_control_is_reached_by_keyboard(eyes: Eyes, past: Served) -> None:
    """In turn, with a frame that is seen, and none is a trap."""
    with eyes.context() as window:
        page = window.open(past.links["intermediary"])
        reached = 0
        page.keyboard.press("Tab")
        while page.evaluate(MARK_FOCUSED):
            reached += 1
            page.keyboard.press("Tab")
        controls = page.locator(REACHABLE).filter(visible=True)
        left_out = controls.evaluate_all("all => all.filter(one => !one.dataset.reached).map(one => one.outerHTML)")
        assert left_out == []
        assert reached > 5
        assert page.locator("[data-outlined=no]").count() == 0


def test_the_first_key_leads_past_everything_to_the_alarms(eyes: Eyes, past: Served) -> None:
    """A link that is seen only by whoever comes by keyboard."""
    with eyes.context() as window:
        page = window.open(past.links["intermediary"])
        skip = page.get_by_role("link", name="Skip to the alarms")
        expect(skip).not_to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#alarms :focus")).to_have_count(1)
        expect(page.locator("#alarms-heading")).to_be_in_viewport()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "320"])
@pytest.mark.parametrize("which", ["intermediary", "party:UA", "public", "error"])
def test_nothing_scrolls_sideways_on_a_phone(which: str, size: dict[str, int], eyes: Eyes, past: Served) -> None:
    """Even with everything unfolded."""
    address = {**past.links, "public": past.public, "error": f"{past.url}/nowhere"}[which]
    with eyes.context(viewport=size, has_touch=True, is_mobile=True) as window:
        page = window.open(address, live=which not in ("public", "error"))
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert sideways(page) == 0


def test_a_phone_shows_first_what_is_needed_first(eyes: Eyes, past: Served) -> None:
    """Where it stands, the time, what is wrong, the sentence, the map, who is where; papers last."""
    with eyes.context(viewport=PHONE) as window:
        page = window.open(past.links["intermediary"])
        order = ["status", "clocks", "alarms", "sentence", "map", "counts", "due", "convoys", "clauses", "record"]
        tops = page.evaluate(ORDER, order)
        assert tops == sorted(tops)
        expect(page.locator("#clocks")).to_be_in_viewport()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_count_of_thousands_stands_in_one_line(eyes: Eyes, past: Served, viewport: dict[str, int]) -> None:
    """Of both sides and inside its column, whatever font the viewer has."""
    with eyes.context(viewport=viewport) as window:
        page = window.open(past.links["intermediary"])
        assert page.evaluate(THOUSANDS) == [True, True]


def test_light_and_dark_are_two_colours_of_one_page(eyes: Eyes, past: Served) -> None:
    """The same words; paper and ink change places."""
    seen: dict[str, tuple[float, str]] = {}
    for scheme in ("light", "dark"):
        with eyes.context(color_scheme=scheme) as window:
            page = window.open(past.links["party:RU"])
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            brightness = sum(map(int, re.findall(r"\d+", colour)[:3])) / 765
            seen[scheme] = (brightness, page.locator("#alarms").inner_text())
    assert seen["light"][0] > 0.8
    assert seen["dark"][0] < 0.2
    assert seen["light"][1] == seen["dark"][1]


def test_nothing_moves_for_whoever_wants_no_motion(eyes: Eyes, past: Served) -> None:
    """Vehicles glide from report to report, but not if the viewer's system says so."""
    longest = """() => Math.max(...[...document.querySelectorAll("*")].flatMap(one => {
      const style = getComputedStyle(one);
      return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
    }))"""
    moves: dict[str, float] = {}
    for wish in ("no-preference", "reduce"):
        with eyes.context(reduced_motion=wish) as window:
            moves[wish] = window.open(past.links["intermediary"]).evaluate(longest)
    assert moves["no-preference"] > 0
    assert moves["reduce"] == 0


def test_without_a_script_the_whole_state_is_there(eyes: Eyes, past: Served) -> None:
    """Drawn by the server; the page says that it stands still and how to draw it anew."""
    with eyes.context(java_script_enabled=False) as still, eyes.context() as live:
        page, other = still.open(past.links["intermediary"], live=False), live.open(past.links["intermediary"])
        again = page.get_by_role("link", name="Standing still: draw it anew")
        expect(again).to_be_visible()
        again.click()
        expect(again).to_be_visible()
        assert record_size(page) == record_size(other)
        for row in ("planned", "handed-over", "received"):
            assert [count(page, row, side) for side in (0, 1)] == [count(other, row, side) for side in (0, 1)]
        for section in ("sentence", "alarms", "convoys", "clauses", "reception", "map", "due"):
            assert words(page, section) == words(other, section)


def words(page: Page, section: str) -> str:
    """What a section says, without what a script adds relative to now."""
    copied: Any = page.locator(f"#{section}").evaluate(
        "one => { const copy = one.cloneNode(true);"
        " copy.querySelectorAll('[data-at]').forEach(place => place.remove()); return copy.textContent; }"
    )
    return str(copied)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The links of a demo at work, in whose day hours pass before anything happens."""
    command = [*COMMAND, "demo", "--persons", "20", "--no-browser", "--port", "0", "--pace", "60"]
    process = subprocess.Popen(
        [*command, "--workspace", str(tmp_path / "workspace")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    links: dict[str, str] = {}
    for line in process.stdout:
        found = re.search(r"(\S+) +(http://\S+)", line)
        if found:
            links[found[1]] = found[2]
        if "public" in links:
            break
    yield links
    process.send_signal(signal.SIGINT)
    process.communicate()


def test_the_demo_is_paused_and_its_speed_set(eyes: Eyes, demo: dict[str, str]) -> None:
    """By buttons that say how it stands; the page is not loaded anew; another page, without a script, does the same."""
    with eyes.context() as window, eyes.context(java_script_enabled=False) as elsewhere:
        page, plain = window.open(demo["intermediary"]), elsewhere.open(demo["intermediary"], live=False)
        page.evaluate("window.loadedOnce = true")
        faster = page.locator("#pace button[name=speed]").nth(1)
        faster.click()
        expect(faster).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Pause").press("Enter")
        expect(page.get_by_role("button", name="Go on")).to_be_focused()
        stood = drawn_at(plain)
        assert drawn_at(plain) == stood
        expect(plain.locator("#pace button[name=speed]").nth(1)).to_have_attribute("aria-pressed", "true")
        plain.locator("#pace button[name=speed]").nth(2).click()
        expect(plain.locator("#pace button[name=speed]").nth(2)).to_have_attribute("aria-pressed", "true")
        plain.get_by_role("button", name="Go on").click()
        expect(plain.get_by_role("button", name="Pause")).to_be_visible()
        assert plain.url.endswith("/view/intermediary")
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        assert page.evaluate("window.loadedOnce") is True


def drawn_at(page: Page) -> str:
    """The moment of the day at which the page was drawn by the server, drawn anew for this."""
    page.reload()
    return str(page.locator("body").get_attribute("data-now"))


def test_a_served_exchange_has_no_pace_to_set(eyes: Eyes, past: Served) -> None:
    """Real time cannot be paused, whoever asks."""
    with eyes.context() as window:
        page = window.open(past.links["intermediary"])
        assert page.locator("#pace").count() == 0
        answer = page.request.post(f"{past.url}/demo/pace", form={"paused": "yes"})
        assert answer.status == 403
