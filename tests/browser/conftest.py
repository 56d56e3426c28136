"""Chromium, a finished exchange, and the eve of one; each is made once for all workers."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.live import FLAGS, prepared_day
from playwright.sync_api import Browser, sync_playwright
from tests.browser.looking import Eyes
from tests.browser.servers import COMMAND, Served, made_once

from safeconduct.logistics.plan import Plan, read_plan


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. A module's, not a session's: while Playwright runs, a test of asyncio could not."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium libatomic1", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def eyes(chromium: Browser) -> Iterator[Eyes]:
    """What opens pages; at the end nothing may have been wrong with any."""
    eyes = Eyes(chromium)
    yield eyes
    assert eyes.wrong == []


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a demo that ran to its end."""

    def make(folder: Path) -> None:
        options = ["--persons", "20", "--json", "--workspace", str(folder)]
        subprocess.run([*COMMAND, "demo", *options], check=True, stdout=subprocess.DEVNULL)

    return made_once(tmp_path_factory, "finished", make)


@pytest.fixture(scope="session")
def finished_plan(finished: Path) -> Plan:
    """Its plan."""
    return read_plan("plan.json", (finished / "files" / "plan.json").read_bytes())


@pytest.fixture(scope="session")
def past(finished: Path) -> Iterator[Served]:
    """The finished exchange, served."""
    served = Served(finished, "--read-only")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an approved plan for the day after tomorrow: whatever the hour, nothing is late."""
    return made_once(tmp_path_factory, "eve", lambda folder: prepared_day(folder, 20, days_from_now=2))


@pytest.fixture
def workspace(eve: Path, tmp_path: Path) -> Path:
    """A test's own copy of it."""
    return shutil.copytree(eve, tmp_path / "workspace")


@pytest.fixture
def live(workspace: Path) -> Iterator[Served]:
    """The copy, served with its watch."""
    served = Served(workspace)
    yield served
    served.stop()
