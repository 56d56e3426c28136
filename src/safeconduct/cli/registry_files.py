"""What the commands on lists have in common: the option for headings, and reading a list."""

import csv
import gc
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from safeconduct.cli.files import note, read_file, write_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.registry.linkage import Pair
    from safeconduct.registry.lists import ListRead

MATCH_COLUMNS = ("left_ref", "right_ref", "probability", "band", "reasons")

COLUMNS = typer.Option(
    "",
    "--columns",
    metavar="HEADING=FIELD,…",
    help="What a heading means, where it does not say.  [default: as it says]",
)


def read_quietly(path: Path, columns: str = "", option: str = "--columns") -> "ListRead":
    """Read a list; findings are for the caller to tell. Raises BadInput."""
    return read_source(path, read_file(path), columns, option)


def read_source(path: Path, source: bytes, columns: str = "", option: str = "--columns") -> "ListRead":
    """The same from bytes at hand. Raises BadInput, also where the option names a heading that the list lacks."""
    read = _read(path, source, columns, option)
    refuse_unused(option, read)
    return read


def read_and_tell(path: Path, columns: str = "", option: str = "--columns") -> "ListRead":
    """Read a list and tell every finding on standard error. Raises BadInput."""
    listed = read_quietly(path, columns, option)
    for finding in listed.findings:
        note(str(finding))
    return listed


def read_one_of_two(path: Path, columns: str) -> "ListRead":
    """Read a list and tell every finding; its headings may be others than the option names. Raises BadInput."""
    listed = _read(path, read_file(path), columns, "--columns")
    for finding in listed.findings:
        note(str(finding))
    return listed


def refuse_unused(option: str, *reads: "ListRead") -> None:
    """Raises BadInput where an option names a heading that none of the lists has."""
    idle = set.intersection(*(set(read.unused_columns) for read in reads)) if reads else set()
    if idle:
        named = ", ".join(map(repr, sorted(idle)))
        known = ", ".join(repr(heading) for heading, _ in reads[0].columns[:12])
        mend = f"write the heading as it stands, or column N; the headings are {known}"
        raise BadInput(Fault(option, 1, 1, f"no column is headed {named}", mend))


def _read(path: Path, source: bytes, columns: str, option: str) -> "ListRead":
    from safeconduct.registry.lists import parse_columns, read_list

    mapped = parse_columns(option, columns) if columns else None
    # A list is kept until the end and holds no circles: looking for these again and again takes a quarter of the time.
    gc.set_threshold(100_000, 50, 100)
    with bar(f"Reading {path.name}") as advance:
        return read_list(str(path), source, mapped, advance)


def refuse_one_list(left: Path, right: Path) -> None:
    """Raises BadInput where two lists to be matched are one: everybody would be found to be themselves."""
    if read_file(left) == read_file(right):
        same = "is the file given as LEFT" if left.samefile(right) else f"has the same content as {left}"
        mend = f"give the other side's list; for persons listed twice: safeconduct registry duplicates {left}"
        raise BadInput(Fault(str(right), 0, 0, same, mend))


def pairs_as_csv(pairs: "Sequence[Pair]") -> bytes:
    """Proposed pairs, a line each under a heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(MATCH_COLUMNS)
    writer.writerows(_values(pair) for pair in pairs)
    return out.getvalue().encode()


def pairs_as_objects(pairs: "Sequence[Pair]") -> list[dict[str, Any]]:
    """The same for machines; `reasons` is an array."""
    return [dict(zip(MATCH_COLUMNS, _values(pair), strict=True)) | {"reasons": pair.reasons} for pair in pairs]


def deliver(output: Path | None, content: bytes) -> None:
    """To a file, or on standard output."""
    if output is not None:
        write_file(output, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _values(pair: "Pair") -> tuple[str, str, float, str, str]:
    return pair.left_ref, pair.right_ref, pair.probability, pair.band, "; ".join(pair.reasons)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where somebody is looking; without a call of what it gives it only shows that work goes
    on."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
