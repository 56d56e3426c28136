"""The server over a real workspace: who may open what, what a page hears, what is said where nothing can be read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from tests.app.duty import DEADLINE_S, PREMATURE, STRANGE, eve, line, reported, wait_until
from tests.app.erased import erase
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import at, plan
from tests.web.serving import RUN, Listener, Site, listening, serving

from safeconduct.app.duty_desk import DutyDesk
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.tracking.events import read_event
from safeconduct.web import server
from safeconduct.web.intake import DeskIntake
from safeconduct.web.pace import Tempo
from safeconduct.web.simulated_time import SimulatedTime

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")
STREAM = "/view/intermediary/stream"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small exchange, to which nothing is written."""
    with serving(eve(tmp_path_factory.mktemp("site") / "workspace")) as site:
        yield site


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace of one test's own."""
    return eve(tmp_path / "workspace")


def append(workspace: Workspace, *names: str) -> int:
    """Another program records reports; the size of the ledger then."""
    recorder = workspace.open_recorder(StandingClock(at("09:00")), Seeded(7), DECODER)
    event = {"type": "notified", "at": "2025-07-04T09:00:00Z", "who": "family", "person": "u1"}
    recorder.record(
        [report_entry(read_event({"id": name, **event}).fields, Concerns.of_plan(plan())) for name in names]
    )
    size = recorder.size()
    recorder.close()
    return size


def entries_shown(size: int) -> str:
    """How the record's section tells its size."""
    return f"<strong>{size:,}</strong>"


@pytest.mark.parametrize("clearance", [INTERMEDIARY, RU, UA], ids=str)
def test_a_link_opens_its_page_and_no_other(site: Site, clearance: Clearance) -> None:
    """It sets a cookie that no script reads and no other site posts with, and leads to the page."""
    browser = site.browser()
    entered = browser.get("/enter", params={"key": site.key(clearance)})
    assert entered.headers["location"] == f"/view/{clearance}"
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert browser.get("/").headers["location"] == f"/view/{clearance}"
    for one in (INTERMEDIARY, RU, UA):
        page, stream = f"/view/{one}", f"/view/{one}/stream"
        if one == clearance:
            assert "</html>" in browser.get(page).text
            with listening(browser, stream) as listener:
                assert listener.event() is not None
        else:
            assert (browser.get(page).status_code, browser.get(stream).status_code) == (403, 403)


def test_a_browser_can_hold_several_pages(site: Site) -> None:
    """Side by side; the start leads to the intermediary's."""
    browser = site.browser(UA, INTERMEDIARY)
    assert browser.get("/view/party:UA").status_code == browser.get("/view/intermediary").status_code == 200
    assert browser.get("/view/party:RU").status_code == 403
    assert browser.get("/").headers["location"] == "/view/intermediary"


@pytest.mark.parametrize("key", ["", "x", "é", "A" * 24, "x" * 20_000])
def test_a_key_of_nothing_opens_nothing(site: Site, key: str) -> None:
    """Whatever it holds; as a link, as a cookie and as a token."""
    browser = site.browser()
    entered = browser.get("/enter", params={"key": key})
    assert entered.status_code == 403
    assert "set-cookie" not in entered.headers
    for name in ("safeconduct-intermediary", "safeconduct-party%3ARU", ""):
        answer = browser.get("/view/intermediary", headers={b"cookie": f"{name}={key[:200]}".encode("latin-1")})
        assert answer.status_code == 403


def test_another_workspace_has_other_keys(site: Site, tmp_path: Path) -> None:
    """And the same one the same keys, so that a browser comes back after a restart."""
    from safeconduct.app.workspace import create_workspace

    other = create_workspace(tmp_path, "istanbul-2025-06-02", "NI", Seeded(99))
    with serving(other) as elsewhere:
        assert elsewhere.browser().get("/enter", params={"key": site.key(INTERMEDIARY)}).status_code == 403
    with serving(site.workspace) as again:
        assert again.browser(INTERMEDIARY).get("/view/intermediary").status_code == 200


def test_an_unknown_page_is_told_to_whoever_holds_a_link(site: Site) -> None:
    """With what there is; nobody else is told even that, and what was asked for is shown as text."""
    asked = "/view/party:%3Cscript%3E"
    told = site.browser(RU).get(asked)
    assert told.status_code == 404
    assert "There are: intermediary, party:RU, party:UA." in told.text
    assert "<script>" not in told.text
    stranger = site.browser().get(asked)
    assert stranger.status_code == 403
    assert "party:RU" not in stranger.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2fserver.py",
        "/static/%2e%2e/server.py",
        "/static/....//server.py",
        "/static/%00",
        "/static/" + "x" * 5000,
        "/static//etc/passwd",
        "/view/..%2f..%2fsecrets",
        "/view/%00",
        "/view/intermediary%0d%0aSet-Cookie:x=1",
        "/view/intermediary/",
        "/view/",
        "/%ff",
        "/nowhere",
    ],
)
def test_paths_lead_nowhere_else(site: Site, path: str) -> None:
    """Refused in one way or the other, with a page, and nothing of what was asked becomes a header."""
    answer = site.browser().get(path)
    assert answer.status_code in (400, 403, 404)
    assert "set-cookie" not in answer.headers
    assert "import" not in answer.text


@pytest.mark.parametrize("path", ["/", "/public", "/view/intermediary", "/static/live.js", "/nowhere", "/checkpoint"])
def test_every_answer_says_what_a_browser_may_do_with_it(site: Site, path: str) -> None:
    """Nothing from other hosts, no frames, no sniffing, no referrer; nothing is kept but what is static."""
    headers = site.browser(INTERMEDIARY).get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "server" not in headers


def test_methods_that_a_page_does_not_have(site: Site) -> None:
    """Are refused, and those that it has are named."""
    browser = site.browser()
    for method in ("HEAD", "POST", "PUT", "DELETE"):
        answer = browser.request(method, "/public")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
    assert browser.get("/events").status_code == 405


def test_the_public_page_and_the_checkpoint_are_open_to_all(site: Site) -> None:
    """The checkpoint is the signed note, verified by the workspace's key."""
    stranger = site.browser()
    page = stranger.get("/public")
    assert page.status_code == 200
    assert "Nothing has been told to the public yet." in page.text
    note = stranger.get("/checkpoint").content
    checkpoint = open_checkpoint(note, site.workspace.verifier)
    assert f"{checkpoint.size:,}" in page.text


def test_a_page_is_told_first_all_and_then_what_is_new(workspace: Workspace) -> None:
    """Also where another program appends; a page that comes back is sent what changed meanwhile, a strange one all."""
    with serving(workspace) as site:
        browser = site.browser(INTERMEDIARY)
        page = browser.get("/view/intermediary").text
        position = page.partition('data-position="')[2].partition('"')[0]
        with listening(browser, STREAM) as listener:
            first = listener.event()
            assert first is not None
            assert set(first["sections"]) >= {"status", "map", "alarms", "timeline", "record"}
            size = append(workspace, "a")
            news = listener.until_news(entries_shown(size))
            assert "map" not in news["sections"] or news["sections"]["map"] != first["sections"]["map"]
            assert news["position"].startswith(f"{RUN}-")
        size = append(workspace, "b", "c")
        everything = set(first["sections"])
        for after, header in ((news["position"], ""), (position, news["position"]), (position, "")):
            with listening(browser, STREAM, after, header) as listener:
                caught_up = listener.event()
                assert caught_up is not None
                assert entries_shown(size) in caught_up["sections"]["record"]
                assert set(caught_up["sections"]) < everything
        for stale in ("", "x", f"{RUN}-", f"{RUN}-999999", f"{RUN}-" + "9" * 6000, "ffffff-1"):
            with listening(browser, STREAM, stale) as listener:
                caught_up = listener.event()
                assert caught_up is not None
                assert set(caught_up["sections"]) == everything


def test_a_page_without_news_hears_that_it_is_connected(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what time it is."""
    monkeypatch.setattr(server, "BEAT_S", 0.05)
    with listening(site.browser(RU), "/view/party:RU/stream") as listener:
        times: list[int] = []
        while len(times) < 2:
            event = listener.event()
            assert event is not None
            if event["event"] == "beat":
                assert "sections" not in event
                times.append(event["now"])
    assert times[1] > times[0]


def test_pages_and_reports_work_together(workspace: Workspace) -> None:
    """A report posted is seen, its alarm a moment later; odd reports stop no page; each clearance hears its own."""
    failures: list[str] = []
    desk = DutyDesk(workspace, SystemClock(), SystemRandomness(), failures.append)
    with serving(workspace, intake=DeskIntake(desk)) as site:
        sender = httpx.Client(
            base_url=site.url, headers={"Authorization": f"Bearer {site.key(INTERMEDIARY)}"}, timeout=DEADLINE_S
        )
        browser = site.browser(INTERMEDIARY, UA, RU)
        with listening(browser, STREAM) as listener:
            for strange in STRANGE.values():
                assert sender.post("/events", content=strange).json()["aside"] == []
            told = sender.post("/events", content=PREMATURE + b"{\n").json()
            assert (told["taken"], len(told["aside"])) == (1, 1)
            assert listener.until_news("families-first")
        for clearance in (INTERMEDIARY, RU, UA):
            assert browser.get(f"/view/{clearance}").status_code == 200
    desk.close()
    assert not failures
    assert "told-too-early" in reported(workspace)


def test_reports_are_taken_with_the_intermediarys_key_only(workspace: Workspace) -> None:
    """Not with a party's, nor with a cookie; and too many at once are refused in a sentence."""
    failures: list[str] = []
    desk = DutyDesk(workspace, SystemClock(), SystemRandomness(), failures.append)
    with serving(workspace, intake=DeskIntake(desk)) as site:
        browser = site.browser(INTERMEDIARY, RU)
        for token in ("", "Bearer", f"Bearer {site.key(RU)}", f"Basic {site.key(INTERMEDIARY)}", "Bearer é"):
            headers = {b"authorization": token.encode("latin-1"), b"accept": b"*/*"}
            refused = browser.post("/events", content=line("a"), headers=headers)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert list(refused.json()) == ["error"]
        key = {"Authorization": f"Bearer {site.key(INTERMEDIARY)}", "Accept": "*/*"}
        large = browser.post("/events", content=b"x" * 8_000_001, headers=key)
        assert large.status_code == 413
        assert large.json() == {"error": "A post may have 8,000,000 bytes at most. Send the lines in several."}
        assert browser.post("/events", content=b"\xff\xfe", headers=key).json()["taken"] == 0
        desk.close()
        gone = browser.post("/events", content=line("late"), headers=key)
        assert (gone.status_code, gone.json()) == (503, {"error": "the desk is closed"})
    assert reported(workspace) == []


def test_without_a_desk_reports_are_left_to_the_other_program(site: Site) -> None:
    """Which is said."""
    key = {"Authorization": f"Bearer {site.key(INTERMEDIARY)}", "Accept": "*/*"}
    refused = site.browser().post("/events", content=line("a"), headers=key)
    assert refused.status_code == 503
    assert "Another program is writing" in refused.json()["error"]


def test_time_is_changed_by_the_pages_viewers_only(workspace: Workspace) -> None:
    """Not from another site, not by strangers, not to what is not offered; the page is told at once."""
    time = SimulatedTime({}, 60.0)
    with serving(workspace, time) as site:
        browser = site.browser(INTERMEDIARY)
        with listening(browser, STREAM) as listener:
            assert listener.event() is not None
            changed = browser.post("/demo/pace", data={"paused": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
            assert changed.status_code == 204
            event = listener.event()
            while event is not None and not event["paused"]:
                event = listener.event()
        assert time.tempo().paused
        reloaded = browser.post("/demo/pace", data={"speed": "300"}, headers={"Sec-Fetch-Mode": "navigate"})
        assert (reloaded.status_code, reloaded.headers["location"]) == (303, "/view/intermediary")
        assert time.tempo().speed == 300
        for site_ in ("cross-site", "same-site"):
            foreign = browser.post("/demo/pace", data={"paused": "no"}, headers={"Sec-Fetch-Site": site_})
            assert foreign.status_code == 403
        for bad in ({"speed": "1e9"}, {"speed": "nan"}, {"speed": ["10", "60"]}, {"paused": "perhaps"}):
            assert browser.post("/demo/pace", data=bad).status_code == 400
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        assert browser.post("/demo/pace", content=b"garbage", headers=broken).status_code in (204, 400)
        assert site.browser().post("/demo/pace", data={"paused": "no"}).status_code == 403
        assert (time.tempo().paused, time.tempo().speed) == (True, 300)


def test_the_time_of_a_real_day_cannot_be_changed(site: Site) -> None:
    """By nobody."""
    assert site.browser(INTERMEDIARY).post("/demo/pace", data={"paused": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["ledger.sqlite", "keys.sqlite", "secrets/master.key"])
def test_a_record_that_cannot_be_read_is_told_and_comes_back(workspace: Workspace, name: str) -> None:
    """Streams end, pages say why (to the intermediary alone), nothing waits for ever; it goes on when it is back."""
    with serving(workspace) as site:
        browser, stranger = site.browser(INTERMEDIARY, RU), site.browser(RU)
        with listening(browser, STREAM) as listener:
            assert listener.event() is not None
            path = workspace.folder / name
            aside = path.rename(path.with_name("aside"))
            if not name.startswith("ledger"):
                # The keys are in memory until the ledger must be opened anew.
                workspace.ledger_path.rename(workspace.ledger_path.with_name("ledger-aside"))
                wait_until(lambda: browser.get("/public").status_code == 503)
                workspace.ledger_path.with_name("ledger-aside").rename(workspace.ledger_path)
            listener.to_the_end()
        refused = [stranger.get("/public"), stranger.get("/view/party:RU"), browser.get("/view/intermediary")]
        assert [one.status_code for one in refused] == [503, 503, 503]
        assert str(workspace.folder) not in refused[0].text + refused[1].text
        assert "sqlite" in refused[2].text or "master.key" in refused[2].text
        aside.rename(path)
        wait_until(lambda: browser.get("/public").status_code == 200)
        size = append(workspace, "afterwards")
        with listening(browser, STREAM, "") as listener:
            assert listener.until_news(entries_shown(size))


def test_a_ledger_put_in_the_place_of_another_is_read_anew(workspace: Workspace, tmp_path: Path) -> None:
    """As from a backup: what is shown is what the file says now, though it is shorter."""
    backup = tmp_path / "backup.sqlite"
    backup.write_bytes(workspace.ledger_path.read_bytes())
    with serving(workspace) as site:
        browser = site.browser(INTERMEDIARY)
        size = append(workspace, "a", "b")
        with listening(browser, STREAM) as listener:
            listener.until_news(entries_shown(size))
            for tail in ("-wal", "-shm"):
                workspace.ledger_path.with_name(f"ledger.sqlite{tail}").unlink(missing_ok=True)
            backup.replace(workspace.ledger_path)
            listener.to_the_end()
        wait_until(lambda: entries_shown(size - 2) in browser.get("/view/intermediary").text)


class FailingTime:
    """A clock that fails when it is told to."""

    zones: Mapping[str, str] = MappingProxyType({})
    can_be_changed = False
    fails = False

    def tempo(self) -> Tempo:
        """The time, while there is one."""
        if self.fails:
            raise ZeroDivisionError
        return Tempo(SystemClock().now_us(), 1.0, paused=False)

    def change(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Nothing can be changed."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_the_drawing_is_not_shown_as_a_quiet_day(workspace: Workspace) -> None:
    """The thread that follows the ledger dies of it: streams end, and every page says so at once."""
    time = FailingTime()
    with serving(workspace, time) as site:
        browser = site.browser(INTERMEDIARY)
        with listening(browser, STREAM) as listener:
            assert listener.event() is not None
            time.fails = True
            listener.to_the_end()
        answers = [browser.get(path) for path in ("/view/intermediary", "/public", STREAM)]
        assert [one.status_code for one in answers] == [503, 503, 503]
        assert "Start the server anew" in answers[0].text


def test_two_hundred_pages_at_once(workspace: Workspace) -> None:
    """All are right, and all hear the next news."""
    with serving(workspace) as site:
        browser = httpx.Client(
            base_url=site.url, timeout=DEADLINE_S, limits=httpx.Limits(max_connections=250), headers={"Accept": "*/*"}
        )
        browser.cookies.set("safeconduct-intermediary", site.key(INTERMEDIARY))
        streams = [browser.send(browser.build_request("GET", STREAM), stream=True) for _ in range(200)]
        listeners = [Listener(stream) for stream in streams]
        size = append(workspace, "a")
        for listener in listeners:
            listener.until_news(entries_shown(size))
        for stream in streams:
            stream.close()


def test_static_files_are_sent_once(site: Site) -> None:
    """With their types; a browser that has one is told that it still holds."""
    browser = site.browser()
    for name, kind in (
        ("live.js", "text/javascript"),
        ("safeconduct.css", "text/css"),
        ("favicon.svg", "image/svg+xml"),
    ):
        first = browser.get(f"/static/{name}")
        assert first.status_code == 200
        assert first.headers["content-type"].startswith(kind)
        assert len(first.content) > 100
        again = browser.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_what_is_erased_is_on_no_page_any_more(workspace: Workspace) -> None:
    """Another program erases a person's data while pages are open: they are told to come again, and then it is gone."""
    append(workspace, "told/u1")
    shown = "One family has been told"
    with serving(workspace) as site:
        browser = site.browser(INTERMEDIARY)
        with listening(browser, STREAM) as listener:
            listener.until_news(shown)
            clock = StandingClock(at("09:05"))
            recorder = workspace.open_recorder(clock, Seeded(9), DECODER)
            erase(Office(recorder, clock), "person:u1", "request")
            recorder.close()
            listener.to_the_end()
        wait_until(lambda: browser.get("/view/intermediary").status_code == 200)
        page = browser.get("/view/intermediary").text
        assert shown not in page
        assert "Data erased: person:u1 (request)" in page
        with listening(browser, STREAM) as listener:
            event = listener.event()
            assert event is not None
            assert not any(shown in html for html in event["sections"].values())
