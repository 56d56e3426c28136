"""Each link opens its page, which shows what may be known there and nothing else."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.looking import Eyes
from tests.browser.servers import Served

from safeconduct.logistics.plan import Plan
from safeconduct.web.markup import identifier

FIRST_NEWS = """address => new Promise(done => {
  const stream = new EventSource(address);
  stream.onmessage = event => { stream.close(); done(event.data); };
})"""


def everything_told(page: Page, clearance: str) -> str:
    """The page, as it was sent and as it is now, and all that its stream brings to a page that has nothing yet."""
    sent = page.request.get(page.url).text()
    return sent + page.content() + str(page.evaluate(FIRST_NEWS, f"/view/{clearance}/stream"))


def test_a_link_opens_the_intermediarys_page_and_its_key_stands_in_no_address(eyes: Eyes, past: Served) -> None:
    """The key becomes a cookie that no script can read, and that other sites' requests do not carry."""
    key = past.links["intermediary"].partition("key=")[2]
    with eyes.context() as window:
        page = window.open(past.links["intermediary"])
        assert page.url == f"{past.url}/view/intermediary"
        (cookie,) = page.context.cookies()
        assert (cookie["value"], cookie["httpOnly"], cookie["sameSite"]) == (key, True, "Lax")
        assert key not in page.content()
        expect(page.locator(".view-who")).to_have_text("The intermediary")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Istanbul agreements")
        page.goto(past.url)
        assert page.url == f"{past.url}/view/intermediary"


@pytest.mark.parametrize(("own", "other"), [("RU", "UA"), ("UA", "RU")])
def test_a_party_learns_nothing_of_the_others_vehicles(
    own: str, other: str, eyes: Eyes, past: Served, finished: Path, finished_plan: Plan
) -> None:
    """Neither which there are, nor where, nor by which road, nor what is wrong with them; but how they stand."""
    theirs = {vehicle.id for vehicle in finished_plan.vehicles if vehicle.operator == other}
    legs = {leg.id for leg in finished_plan.legs if leg.vehicle in theirs}
    holding = {
        place.name.removesuffix(" (invented)")
        for place in finished_plan.places
        if place.kind == "holding"
        and any(leg.origin == place.id and leg.vehicle in theirs for leg in finished_plan.legs)
    }
    with eyes.context() as window:
        whole = everything_told(window.open(past.links["intermediary"]), "intermediary")
    with eyes.context() as window:
        page = window.open(past.links[f"party:{own}"])
        told = everything_told(page, f"party:{own}")
        seen = page.locator("#map [id^=vehicle-]").evaluate_all("all => all.map(one => one.id)")
        expect(page.locator("#convoys tbody tr")).to_have_count(2)
        expect(page.locator("#map .road.side-a, #map .road.side-b").first).to_be_attached()
        sides = page.locator("#map .road").evaluate_all("all => [...new Set(all.map(one => one.classList[1]))]")
    assert theirs
    assert holding
    # The intermediary's page names all of them, so that looking for them means something.
    assert {name for name in theirs | holding if name not in whole} == set()
    assert {name for name in theirs | legs | holding if name in told} == set()
    assert seen
    assert set(seen).isdisjoint(identifier("vehicle", one) for one in theirs)
    assert len(sides) == 1
    alarms = [json.loads(line) for line in (finished / "files" / "deviations.jsonl").read_text().splitlines()]
    subjects = {alarm["subject"] for alarm in alarms} & (theirs | legs)
    assert not {subject for subject in subjects if subject in told}


def test_one_link_opens_one_page_alone(eyes: Eyes, past: Served) -> None:
    """A party's cookie opens neither the intermediary's page nor the other party's, nor their streams."""
    with eyes.context() as window:
        page = window.open(past.links["party:RU"])
        for address in ("/view/intermediary", "/view/party:UA", "/view/intermediary/stream", "/view/party:UA/stream"):
            answer = page.request.get(past.url + address)
            assert answer.status == 403
            assert "Istanbul" not in answer.text()


def test_the_public_page_gives_the_sentence_totals_and_checkpoint_and_nothing_else(
    eyes: Eyes, past: Served, finished_plan: Plan
) -> None:
    """No place, no vehicle, no person, no script; the checkpoint is the signed one."""
    with eyes.context() as window:
        page = window.open(past.public, live=False)
        expect(page.locator(".public-sentence")).to_contain_text("prisoners returned home")
        numbers = [int(text) for text in page.locator(".totals td").all_inner_texts()]
        assert numbers[0] == sum(numbers[1:]) > 0
        page.get_by_text("The signed checkpoint, whole").click()
        note = page.request.get(f"{past.url}/checkpoint").text()
        expect(page.locator("pre")).to_have_text(note)
        html = page.content()
        assert page.locator("script").count() == 0
        assert page.locator("main > section").count() == 2
        assert page.context.cookies() == []
    names = {place.name for place in finished_plan.places} | {vehicle.id for vehicle in finished_plan.vehicles}
    names |= {person.id for person in finished_plan.persons} | {"Alarm", "alarm", "clause", "convoy"}
    assert {name for name in names if name in html} == set()


@pytest.mark.parametrize(
    ("path", "cookie_of", "status", "words"),
    [
        ("/view/intermediary", "", 403, "Each page opens by its own link"),
        ("/view/party:XX", "", 403, "Each page opens by its own link"),
        ("/view/party:XX", "party:RU", 404, "There is no page for “party:XX”"),
        ("/enter?key=wrong", "", 403, "This link opens no page here"),
        ("/enter", "", 403, "This link opens no page here"),
        ("/enter?key=%F0%9F%98%80%00", "", 403, "This link opens no page here"),
        ("/nowhere", "", 404, ""),
    ],
)
def test_a_page_that_cannot_be_shown_says_so_plainly(
    path: str, cookie_of: str, status: int, words: str, eyes: Eyes, past: Served
) -> None:
    """With what is wrong in a sentence, and nothing of the exchange or of the program."""
    with eyes.context() as window:
        if cookie_of:
            window.open(past.links[cookie_of])
        page = window.open(past.url + path, live=False)
        expect(page.locator(".error-status")).to_have_text(str(status))
        expect(page.locator("main")).to_contain_text(words)
        html = page.content()
        assert page.locator("script").count() == 0
    for leak in ("Traceback", "litestar", "Istanbul", "site-packages"):
        assert leak not in html


def test_without_a_key_the_start_is_the_public_page(eyes: Eyes, past: Served) -> None:
    """Whoever has no link is led to what anybody may know."""
    with eyes.context() as window:
        assert window.open(past.url, live=False).url == past.public
