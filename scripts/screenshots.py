"""Takes the README's pictures of the demo: `uv run python scripts/screenshots.py [-o docs/pictures]`.

The demo of one seed is lived at a set pace. Each picture waits for what the page shows, not for time, and is taken with
the day paused; so it shows much the same on any machine. Needs Debian's Chromium: `apt-get install chromium`.
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SEED, PERSONS = 20250704, 300
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESKTOP: ViewportSize = {"width": 1360, "height": 900}
PARTY: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
LARGEST_BYTES = 300_000
PATIENCE_MS = 600_000

UNTIL = """condition => new Promise(done => {
  const conditions = {
    underway: () => moving() >= 8 && open() >= 1,
    handing: () => Math.min(...numbers("handed-over")) >= 40 && open() >= 2,
    released: () => document.querySelector("#sentence.released") !== null,
  };
  const moving = () => document.querySelectorAll(".vehicle.underway").length;
  const open = () => Number(document.getElementById("alarms").dataset.open);
  const numbers = (row) => [...document.querySelectorAll(`tr.count-${row} .count-number`)]
    .map((one) => Number(one.textContent.replaceAll(",", "")));
  const look = () => conditions[condition]() ? done() : setTimeout(look, 50);
  look();
})"""


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).parents[1] / "docs" / "pictures")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install chromium libatomic1")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        options = ["--seed", str(SEED), "--persons", str(PERSONS), "--pace", "300", "--port", "0", "--no-browser"]
        command = [sys.executable, "-m", "safeconduct.cli.main", "demo", "--workspace", f"{name}/demo", *options]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take_all(browser, links_of(demo), folder)
            browser.close()
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate()


def links_of(demo: "subprocess.Popen[str]") -> dict[str, str]:
    """The pages' links, as the demo prints them."""
    links: dict[str, str] = {}
    if demo.stdout is not None:
        for line in demo.stdout:
            found = re.search(r"(\S+) +(http://\S+)", line)
            if found:
                links[found[1]] = found[2]
            if "public" in links:
                return links
    sys.exit("The demo ended before it served its page.")


def take_all(browser: Browser, links: dict[str, str], folder: Path) -> None:
    """Each picture at its moment of the day."""
    watch = look(browser, links["intermediary"], "light", DESKTOP)
    pace = watch.locator("#pace")
    watch.evaluate(UNTIL, "underway")
    pace.get_by_role("button", name="Pause").click()
    picture(look(browser, links["intermediary"], "dark", DESKTOP), folder / "intermediary-dark.png")
    picture(look(browser, links["party:UA"], "light", PARTY), folder / "party.png")
    pace.get_by_role("button", name="Go on").click()
    watch.evaluate(UNTIL, "handing")
    pace.get_by_role("button", name="Pause").click()
    picture(watch, folder / "intermediary.png")
    picture(look(browser, links["intermediary"], "light", PHONE), folder / "phone.png")
    pace.locator("button[name=speed]").last.click()
    pace.get_by_role("button", name="Go on").click()
    watch.evaluate(UNTIL, "released")
    public = browser.new_page(viewport={"width": 900, "height": 560}, color_scheme="light")
    public.goto(links["public"])
    picture(public, folder / "public.png")


def look(browser: Browser, link: str, scheme: Literal["light", "dark"], size: ViewportSize) -> Page:
    """A page that is open and live."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(link)
    page.locator(".link-live").wait_for()
    return page


def picture(page: Page, path: Path) -> None:
    """Save what the window shows, and say how large that is."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path}: {size // 1000} kB")
    if size > LARGEST_BYTES:
        sys.exit(f"{path} is larger than {LARGEST_BYTES // 1000} kB: make its window smaller")


if __name__ == "__main__":
    main()
