"""What the demo shows in the terminal: steps as they pass, alarms as they come, and what became of it all."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from safeconduct.clauses.deviation import OPEN, WITHDRAWN, Deviation
from safeconduct.kernel.times import HOUR_US, format_instant
from safeconduct.sim.narrator import Narrator
from safeconduct.tracking.alarm_book import ACKNOWLEDGED, UNACKNOWLEDGED
from safeconduct.views.operations_alarms import waiting_words
from safeconduct.views.operations_model import AlarmSeen, Operations

if TYPE_CHECKING:
    from safeconduct.sim.exchange_run import Outcome
    from safeconduct.web.simulated_time import SimulatedTime

_PAUSE_STEP_S = 1.2
_PAUSE_ALARM_S = 1.5
_QUIET_US = 2 * HOUR_US
_MARKS = {"unconfirmed": ("?", "yellow"), OPEN: ("!", "bold red"), WITHDRAWN: ("✓", "green")}


class Silent(Narrator):
    """Shows nothing, for a machine that waits for the JSON."""

    def open(self, persons: int, workspace: Path) -> None:
        """The demo begins."""

    def close(self, summary: dict[str, Any], outcome: "Outcome") -> None:
        """The demo has ended."""


class Screen(Silent):
    """A calm account on standard output; with a pause where a person needs time to read."""

    def __init__(self, time: "SimulatedTime | None") -> None:
        """`time` passes as viewers set it; None: nothing is waited for."""
        self._console = Console(highlight=False)
        self._time = time
        self._live: Live | None = None
        self._reports = 0
        self._told: dict[int, str] = {}
        """Of each deviation the status that was told last, by its number."""

    def open(self, persons: int, workspace: Path) -> None:
        self._console.print()
        self._console.print("[bold]safeconduct demo[/] · a prisoner exchange, from terms to closed record")
        self._console.print(
            f"[dim]About {persons:,} invented persons a side; everything is written to {workspace}.[/]\n",
            soft_wrap=True,
        )

    def begin(self, title: str) -> None:
        self._console.print(f"[bold cyan]{title}[/]")
        if self._console.is_terminal:
            self._live = Live(Text("  …", style="dim"), console=self._console, transient=True, refresh_per_second=8)
            self._live.start()

    def tell(self, sentence: str) -> None:
        self._console.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._rest(_PAUSE_STEP_S)

    def time_passes(self, until_us: int) -> None:
        if self._time is None:
            return
        waits = until_us - self._time.tempo().now_us
        if waits > _QUIET_US or not self._time.tempo().speed:
            # Nobody waits for hours in which nothing comes.
            self._time.jump(until_us)
        else:
            self._time.pass_until(until_us)

    def moment(self, now_us: int, reports: int, operations: Operations, released: dict[str, int]) -> None:
        self._reports += reports
        for alarm in operations.alarms:
            new = [one for one in alarm.deviations if self._told.get(one.number) != one.status]
            self._told |= {one.number: one.status for one in new}
            if new:
                self._console.print(_alarm(now_us, alarm, len(new)))
                self._rest(_PAUSE_ALARM_S)
        if self._live is not None:
            self._live.update(self._clock(now_us, operations, released))

    def act(self, now_us: int, sentence: str) -> None:
        text = Text(f"{format_instant(now_us)[11:16]} ", style="dim")
        text.append(f"· {sentence}", style="cyan")
        self._console.print(Padding(text, (0, 0, 0, 2), expand=False))

    def close(self, summary: dict[str, Any], outcome: "Outcome") -> None:
        self._console.print()
        self._console.print(_went_home(outcome))
        self._console.print(_drawn_and_raised(outcome))
        self._console.print(_clauses(outcome))
        self._console.print(_where(summary, outcome))

    def _clock(self, now_us: int, operations: Operations, released: dict[str, int]) -> Text:
        states = Counter(alarm.state for alarm in operations.alarms)
        home = ", ".join(f"{number:,} from {party}" for party, number in released.items())
        alarms = f"{states[UNACKNOWLEDGED]} not acknowledged, {states[ACKNOWLEDGED]} acknowledged"
        return Text(
            f"  {format_instant(now_us)[:16].replace('T', ' ')} UTC · {self._reports:,} reports · handed over {home}"
            f" · alarms {alarms}",
            style="dim",
        )

    def _rest(self, seconds: float) -> None:
        if self._time is not None and self._time.tempo().speed:
            self._time.rest(seconds)


def _alarm(now_us: int, alarm: AlarmSeen, new: int) -> Padding:
    """An alarm of which so many deviations are told for the first time, or with another status than before."""
    count = len(alarm.deviations)
    mark, style = _MARKS[alarm.status]
    text = Text()
    text.append(f"{format_instant(now_us)[11:16]} ", style="dim")
    text.append(f"{mark} {alarm.status} ", style=style)
    text.append(f"{alarm.number} {alarm.title} ", style="bold")
    if new < count:
        text.append(f"({new} new) ")
    text.append(f"First of {count}: " if count > 1 else "")
    text.append(alarm.gravest.message)
    waiting = waiting_words(alarm)
    if waiting and alarm.status != WITHDRAWN:
        text.append(f" ({waiting})", style="dim")
    return Padding(text, (0, 0, 0, 2), expand=False)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, header_style="dim", overflow="fold")
    return table


def _went_home(outcome: "Outcome") -> Padding:
    table = _table("Who went home", "released by", "planned", "handed over")
    for party, planned in outcome.prepared.composition.released.items():
        table.add_row(party, f"{planned:,}", f"{outcome.released[party]:,}")
    return Padding(table, (0, 0, 1, 0))


def _drawn_and_raised(outcome: "Outcome") -> Padding:
    table = _table("What went wrong, and what was raised", "drawn for the day", "raised")
    claimed: set[int] = set()
    plan = outcome.day.plan
    taken_back = Counter(one.subject for one in outcome.shown if one.status == WITHDRAWN)
    late = [trouble for trouble in outcome.day.troubles if trouble.kind == "late-report"]
    withdrawn = {trouble: _taken(taken_back, trouble.concerns(plan)) for trouble in late}
    withdrawn |= {one: _taken(taken_back, one.touches(plan)) for one in outcome.day.troubles if one not in withdrawn}
    for trouble in outcome.day.troubles:
        touches = trouble.touches(plan)
        due = [
            number for number, one in enumerate(outcome.standing) if one.subject in touches and number not in claimed
        ]
        claimed.update(due)
        table.add_row(trouble.what, _raised([outcome.standing[number] for number in due], withdrawn[trouble]))
    rest = [one for number, one in enumerate(outcome.standing) if number not in claimed]
    if rest:
        table.add_row("as a consequence", _raised(rest, 0))
    count = len(outcome.expected)
    verdict = (
        f"{count} deviation{'s' * (count != 1)} followed from what was drawn: {len(outcome.missed) or 'none'} missed, "
        f"{len(outcome.invented) or 'none'} invented; {outcome.withdrawn} shown meanwhile as unconfirmed and withdrawn."
    )
    table.caption, table.caption_justify, table.caption_style = verdict, "left", "none"
    return Padding(table, (0, 0, 1, 0))


def _taken(counts: Counter[str], subjects: Collection[str]) -> int:
    """How many of these there were; they are not counted again."""
    return sum(counts.pop(subject, 0) for subject in subjects)


def _raised(deviations: Sequence[Deviation], withdrawn: int) -> str:
    counts: dict[str, int] = {}
    for one in deviations:
        name = f"{one.clause} · {one.rule}"
        counts[name] = counts.get(name, 0) + 1
    words = [f"{name} × {count}" if count > 1 else name for name, count in counts.items()]
    if withdrawn:
        words.append(f"{withdrawn} withdrawn")
    return ", ".join(words) or "nothing that stands"


def _clauses(outcome: "Outcome") -> Padding:
    table = _table("Clauses", "kept", "broken")
    table.add_row(", ".join(outcome.clauses_kept), Text(", ".join(outcome.clauses_broken) or "none", style="red"))
    return Padding(table, (0, 0, 1, 0))


def _where(summary: dict[str, Any], outcome: "Outcome") -> Table:
    ledger, folder = summary["ledger"], summary["workspace"]
    table = _table("The record")
    table.add_column()
    table.add_column(overflow="fold")
    table.show_header = False
    verdict = "every entry verified" if ledger["verified"] else "DOES NOT VERIFY"
    table.add_row("ledger", f"{ledger['size']:,} entries, {verdict}")
    table.add_row("root", ledger["root"])
    cosigned = (
        f"by each party's own mirror: {', '.join(ledger['cosigned_by'])}" if ledger["cosigned_by"] else "by nobody"
    )
    table.add_row("cosigned", cosigned)
    table.add_row("checkpoint", f"safeconduct ledger checkpoint --workspace {folder}")
    table.add_row("check it", f"safeconduct ledger fsck --workspace {folder}")
    for name, copy in summary["copies"].items():
        verdict = "verified by its files alone" if copy["verified"] else "DOES NOT VERIFY"
        party = name.removeprefix("party:")
        table.add_row(f"copy of {party}", f"{folder}/copies/{party}: {copy['entries']:,} entries, {verdict}")
    table.add_row(
        "public sentence", outcome.communique.text.replace("\n", " ") if outcome.communique else "not released"
    )
    table.add_row("terms, lists", f"{folder}/files/terms.toml, {folder}/files/lists/")
    table.add_row("who is exchanged", f"{folder}/files/candidates.csv, matches.csv, composition.json")
    table.add_row("identities", f"safeconduct registry review --reviewer YOU --workspace {folder}")
    table.add_row("plan, day", f"{folder}/files/plan.json, events.jsonl, deviations.jsonl, truth.jsonl")
    table.add_row("took", f"{summary['seconds']} s")
    return table
