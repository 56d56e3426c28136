"""What a reviewer sees: one pair side by side, or a sheet of pairs in which nothing contradicts."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from safeconduct.registry.explaining import Explained, Mark, Rival, explain, full_name, likelihood, one_line
from safeconduct.registry.review_queue import Stage, Waiting
from safeconduct.vocabulary.person import Person

_MARKS: dict[Mark, tuple[str, str]] = {
    "same": ("=", "green"),
    "close": ("~", "yellow"),
    "differs": ("≠", "bold red"),
    "": (" ", ""),
}
_STAGES = {
    Stage.DISPUTED: "disputed",
    Stage.SECOND: "second reviewer",
    Stage.FIRST: "",
    Stage.FOUND: "found before",
}
_FIXED_LINES = 6
"""Heading, list names, blank lines and the line of keys."""
_ENDING = "[b]u[/] undo  [b]?[/] help  [b]q[/] quit"
KEYS = f"[b]i[/] same person  [b]e[/] two persons  [b]p[/] cannot say yet  [b]s[/] skip  {_ENDING}"
SHEET_KEYS = f"[b]i[/] all same persons  [b]o[/] look at some alone  [b]s[/] skip all  {_ENDING}"
HELP = """\
[b]i[/]  identification: both rows are one person
[b]e[/]  exclusion: they are two persons
[b]p[/]  premature: nobody can say yet; the pair waits for more
      Then the reason: a number, Enter for the first, t to type your own, - to go back.
[b]o[/]  (on a sheet) take pairs out, to look at each alone
[b]s[/]  skip: it comes again in the next session
[b]u[/]  undo: take your last finding back (the record keeps both)
[b]q[/]  quit: everything so far is recorded

= the same, also in another script   ~ close   ≠ contradicts
Another reviewer's finding is not shown before you have made yours.
Any key goes back to the pair."""


class ReviewScreen:
    """Draws on a terminal, clearing it each time; elsewhere prints one after the other."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def pair(self, one: Waiting, progress: str, told: str) -> None:
        """One pair alone. `told`: what became of the last key."""
        explained = explain(one.weighing, one.pair)
        reviewers = "one reviewer" if one.pair.band == "confirm" else "two reviewers"
        about = ", ".join(filter(None, (likelihood(one.pair.probability), reviewers, _STAGES[one.stage])))
        heading, last = _heading(progress, about), _last(told, KEYS)
        fields = len(explained.fields)
        # What says least gives way where the screen is small: the last fields first, then a line for each reason.
        for shown, short in (
            *((count, False) for count in range(fields, 7, -1)),
            *((c, True) for c in range(9, 3, -1)),
        ):
            said = [*_before(one), *_said(explained, short)]
            parts = [heading, _side_by_side(one, explained, shown), Text(), *said, Text(), *last]
            if self._lines(parts) < self._console.height:
                break
        self._draw(*parts)

    def sheet(self, sheet: Sequence[Waiting], progress: str, told: str) -> None:
        """Pairs in which nothing contradicts, a line each."""
        first = sheet[0]
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
        table.add_column("", justify="right", style="dim", width=2)
        table.add_column(first.key[0], header_style="dim", ratio=1, overflow="fold")
        table.add_column("", width=1, style="yellow")
        table.add_column(first.key[2], header_style="dim", ratio=1, overflow="fold")
        for number, one in enumerate(sheet, start=1):
            explained = explain(one.weighing, one.pair)
            close = "~" if any(seen.mark == "close" for seen in explained.fields) else ""
            rows = _brief(explained, explained.left), close, _brief(explained, explained.right)
            table.add_row(str(number), *rows)
        self._draw(_heading(progress, "one reviewer; nothing contradicts"), table, Text(), *_last(told, SHEET_KEYS))

    def rows_of_sheet(self, one: Waiting) -> int:
        """How many lines a pair takes on a sheet."""
        width = max(20, (self._console.width - 7) // 2)
        explained = explain(one.weighing, one.pair)
        return max(-(-len(_brief(explained, row)) // width) for row in (explained.left, explained.right))

    @property
    def sheet_lines(self) -> int:
        """How many lines a sheet has for pairs."""
        return max(4, self._console.height - _FIXED_LINES)

    def reasons(self, what: str, ready: Sequence[str]) -> None:
        """The reasons to choose from."""
        numbered = "  ".join(f"[b]{number}[/] {one}" for number, one in enumerate(ready, start=1))
        self._console.print(f"[b]{what}[/], because: {numbered}  [b]t[/] other  [b]-[/] back", highlight=False)

    def help(self) -> None:
        """What the keys do."""
        self._draw(Text.from_markup(HELP))

    def say(self, text: str) -> None:
        """A line of text."""
        self._console.print(Text(text))

    def _lines(self, parts: Sequence[RenderableType]) -> int:
        return len(self._console.render_lines(Group(*parts)))

    def _draw(self, *parts: RenderableType) -> None:
        if self._console.is_terminal:
            self._console.clear()
        self._console.print(Group(*parts), highlight=False)


def _heading(progress: str, about: str) -> RenderableType:
    table = Table.grid(expand=True)
    table.add_column()
    table.add_column(justify="right")
    table.add_row(Text(progress, style="bold cyan"), Text(about, style="cyan"))
    return table


def _last(told: str, keys: str) -> list[RenderableType]:
    return [*([Text(told, style="green")] if told else []), Text.from_markup(keys)]


def _side_by_side(one: Waiting, explained: Explained, lines: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    table.add_column("", style="dim", width=11)
    table.add_column(_provenance(one, "left"), header_style="bold", ratio=3, overflow="fold")
    table.add_column("", width=1)
    table.add_column(_provenance(one, "right"), header_style="bold", ratio=3, overflow="fold")
    table.add_column("key", style="dim", header_style="dim", ratio=2, overflow="fold")
    for seen in explained.fields[:lines]:
        sign, style = _MARKS[seen.mark]
        told = "" if seen.mark == "same" else style
        table.add_row(seen.heading, Text(seen.left, told), Text(sign, style), Text(seen.right, told), seen.key)
    return table


def _provenance(one: Waiting, side: str) -> str:
    """Which list, which row."""
    list_id = one.key[0 if side == "left" else 2]
    ref = one.pair.left_ref if side == "left" else one.pair.right_ref
    rows = one.weighing.left if side == "left" else one.weighing.right
    return f"{list_id} {ref}, row {[*rows].index(ref) + 1:,} of {len(rows):,}"


def _before(one: Waiting) -> list[Text]:
    """What was found before one of the rows became what it is."""
    return [Text(f"! {one.earlier}", style="yellow")] if one.earlier else []


def _said(explained: Explained, short: bool) -> list[RenderableType]:
    """What contradicts first, then what else was seen, then who else it may be."""
    known = [words for words in explained.speaks if not words.startswith("no ")]
    lacking = [words for words in explained.speaks if words.startswith("no ")]
    speaks = [one_line(known)] if short and known else known
    return [
        *(Text(f"≠ {words}", style="bold red") for words in explained.against),
        *(Text(f"· {words}") for words in speaks),
        *([Text(f"  {one_line(lacking)}", style="dim")] if lacking else []),
        *map(_rival, explained.rivals),
    ]


def _rival(rival: Rival) -> Text:
    """Who else one of the rows may be, and what speaks for it."""
    whose = "or" if rival.of == "left" else "but also"
    text = Text(f"{whose} {rival.ref} {rival.name} {rival.born}".strip(), style="yellow", no_wrap=True)
    text.append(f", {likelihood(rival.probability)}: ")
    told = [*(f"≠ {words.partition(' (')[0]}" for words in rival.against), f"= {', '.join(rival.same) or 'nothing'}"]
    text.append("; ".join(told), style="none")
    text.overflow = "ellipsis"
    return text


def _brief(explained: Explained, person: Person) -> Text:
    born = person.birth_date
    text = Text(full_name(person))
    text.append(f" {born or 'born ?'}", style="dim")
    for seen in explained.fields:
        own = seen.left if person is explained.left else seen.right
        if seen.mark == "close" and own:
            text.highlight_words([own], style="yellow")
    return text
