"""Long lists through the commands: `uv run python -m benchmarks.lists [--rows N] [--only STEP …] [--json]`.

Two versions of one synthetic list, which differ in 1 % of their rows (values changed, persons gone, persons come, refs
moved); one row in a hundred has a cell that cannot be read. Both are written as CSV in UTF-8 and as XLSX, and
`registry preview`, `read`, `take` and `compare` run on them, each a process of its own. Told are rows a second (of
`compare` the rows of both lists) and the most memory that the process held. The files are made in the current folder
(a disk, not a file system in memory) and removed.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import xlsxwriter
from benchmarks.monitoring import peak_kilobytes
from benchmarks.search import records

from safeconduct.app.commands import RecordTerms
from safeconduct.app.office import Office
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.sim.terms_text import terms_text

COMMAND = [sys.executable, "-m", "safeconduct.cli.main", "registry"]
HEADINGS = ("№", "ПІБ", "Д.н.", "Стать", "Звання", "Особистий номер", "В/ч", "Категорія", "Дата полонення", "Примітка")

Row = list[str]

_LOOK_EVERY_S = 0.02


def first_version(seed: int, count: int) -> Iterator[Row]:
    """Rows as a bureau writes them."""
    random = Random(seed)
    for number, (truth, _) in enumerate(records(Random(seed), count)):
        name = " ".join(truth.ukrainian if number % 2 else truth.russian)
        year, month, day = truth.born.split("-")
        born = "?" if random.random() < 0.01 else f"{day}.{month}.{year}"
        rank = random.choice(("солдат", "старший солдат", "сержант", "лейтенант", "майор"))
        unit = f"А{random.randint(1000, 4999)}"
        captured = f"{random.randint(1, 12):02}.{random.randint(2022, 2025)}"
        yield [
            f"U-{number:07}",
            name,
            born,
            "ч",
            rank,
            f"{random.randrange(10**6):06}",
            unit,
            "полонений",
            captured,
            "",
        ]


def second_version(seed: int, rows: list[Row]) -> Iterator[Row]:
    """The same list later: in 0.7 % of the rows a value changed, 0.1 % are gone, come, or stand under another ref."""
    random = Random(seed)
    for number, row in enumerate(rows):
        drawn = random.random()
        if drawn < 0.007:
            yield [*row[:4], "старшина", *row[5:9], "переведено"]
        elif drawn < 0.008:
            continue
        elif drawn < 0.009:
            yield row
            yield [f"N-{number:07}", f"Новий{number} Іван Петрович", "1990", *row[3:5], "", *row[6:]]
        elif drawn < 0.01:
            yield [f"M-{number:07}", *row[1:]]
        else:
            yield row


def write_csv(path: Path, rows: list[Row]) -> None:
    """In UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *rows])


def write_xlsx(path: Path, rows: list[Row]) -> None:
    """As text cells."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet()
    for line, cells in enumerate((HEADINGS, *rows)):
        sheet.write_row(line, 0, cells)
    book.close()


def make_workspace(folder: Path) -> None:
    """With terms on record."""
    clock = SystemClock()
    made = create_workspace(folder, "istanbul-2025-06-02", "NI", SystemRandomness())
    recorder = made.open_recorder(clock, SystemRandomness(), DECODER)
    Office(recorder, clock).perform(RecordTerms("terms.toml", terms_text(1_000)))
    recorder.close()


def run(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command that may have findings. Raises AssertionError if it was refused."""
    begun, peak_kb = time.perf_counter(), 0
    child = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        peak_kb = max(peak_kb, peak_kilobytes(child.pid))
        time.sleep(_LOOK_EVERY_S)
    if child.returncode not in (0, 1):
        raise AssertionError(f"{' '.join(arguments)}: exit code {child.returncode}")
    return time.perf_counter() - begun, peak_kb / 1024


def main() -> None:
    """Print a line a command, or all as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=["preview", "read", "compare", "take"], metavar="STEP")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files are made")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    arguments = parser.parse_args()
    found: dict[str, object] = {"cores": os.cpu_count(), "machine": platform.machine(), "rows": arguments.rows}
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".lists-") as name:
        folder = Path(name)
        first = list(first_version(arguments.seed, arguments.rows))
        second = list(second_version(arguments.seed, first))
        for number, rows in enumerate((first, second), start=1):
            write_csv(folder / f"{number}.csv", rows)
            write_xlsx(folder / f"{number}.xlsx", rows)
        make_workspace(folder / "workspace")
        for step in arguments.only:
            for form in ("csv", "xlsx"):
                one, other = str(folder / f"1.{form}"), str(folder / f"2.{form}")
                taking = ("--party", "UA", "--purpose", "held", "--workspace", str(folder / "workspace"))
                runs: dict[str, tuple[str, ...]] = {
                    "preview": ("preview", one),
                    "read": ("read", one, "-o", str(folder / "out.csv")),
                    "compare": ("compare", one, other),
                    "take": ("take", one, "--id", f"{form}-1", *taking),
                }
                commands = {f"{step} {form}": runs[step]}
                if step == "take" and form == "csv":
                    commands["take the next version"] = ("take", other, "--replaces", "csv-1", *taking)
                    commands["compare on record"] = ("compare", "csv-1", "UA-held-2", *taking[-2:])
                for what, command in commands.items():
                    seconds, megabytes = run(*command)
                    lists = 2 if "compare" in what else 1
                    told = {
                        "seconds": round(seconds, 1),
                        "rows_per_s": round(lists * arguments.rows / seconds),
                        "peak_mb": round(megabytes),
                    }
                    found[what] = told
                    if not arguments.json:
                        print(
                            f"{what}: {seconds:,.1f} s, {told['rows_per_s']:,} rows/s, peak {megabytes:,.0f} MB",
                            flush=True,
                        )
    if arguments.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
