"""What `safeconduct compose` answers about a round beside the round itself, and how its progress is shown."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from safeconduct.cli.files import note, read_file, write_file
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput, Fault, Refused

if TYPE_CHECKING:
    from safeconduct.clauses.asking import Asked
    from safeconduct.clauses.library import Terms
    from safeconduct.composition.front import Front
    from safeconduct.composition.report import Composition
    from safeconduct.vocabulary.person import Person

_FRONTS = (".svg", ".csv", ".json")
POINTS = 40
"""Of a front, at most."""


class Questions:
    """What was asked on the command line, checked before anything is solved."""

    def __init__(
        self,
        terms: "Terms",
        persons: "Sequence[Person]",
        *,
        prices: bool,
        explain: Sequence[str],
        compare: Path | None,
        pareto: tuple[str, str] | None,
        front: Path | None,
    ) -> None:
        """Raises BadInput or typer.BadParameter for what cannot be answered."""
        self._terms = terms
        self._prices = prices
        self._explain = explain
        self._compare = compare
        self._pareto = pareto
        self._front = front
        refs = {person.ref for person in persons}
        for ref in explain:
            if ref not in refs:
                raise typer.BadParameter(
                    f"no candidate has the ref {ref!r}; {_near(ref, sorted(refs))}", param_hint="--explain"
                )
        if front is not None and (pareto is None or front.suffix not in _FRONTS):
            what = "name two objectives with --pareto" if pareto is None else f"end its name in {', '.join(_FRONTS)}"
            raise typer.BadParameter(f"{front} cannot be written; {what}", param_hint="--front")
        if pareto is not None:
            self._check_objectives(pareto)
        self._other = _other(compare, terms.agreement.parties, refs) if compare is not None else ()

    def answer(self, composition: "Composition", asked: "Asked") -> tuple[dict[str, Any], list[str]]:
        """The answers by name, for machines, and in lines for people. Writes the front where that is asked."""
        answers: dict[str, Any] = {}
        lines: list[str] = []
        if composition.status == "infeasible":
            if self._prices or self._explain or self._compare or self._pareto:
                note("no round is possible, so there is nothing to ask of it: what would do stands with the conflict")
            return answers, lines
        for name, ask in (
            ("explanations", self._explained),
            ("prices of fairness", self._priced_in_persons),
            ("prices", self._priced),
        ):
            try:
                ask(composition, asked, answers, lines)
            except Refused as error:
                note(f"{name}: {error}")
        if self._compare is not None:
            names = ("this round", self._compare.name)
            compared, told = asked.comparison(names, composition, self._other)
            answers["comparison"] = compared
            lines += ["", "Two proposals side by side", *_indented(told)]
        if self._pareto is not None:
            front = asked.front(self._pareto, POINTS)
            if front is not None:
                self._tell_front(front, composition, answers, lines)
        return answers, lines

    def _explained(self, composition: "Composition", asked: "Asked", answers: dict[str, Any], lines: list[str]) -> None:
        for ref in self._explain:
            told = asked.explanation(composition, ref)
            answers.setdefault("explanations", []).append(told)
            lines += ["", *told.sentences]

    def _priced(self, composition: "Composition", asked: "Asked", answers: dict[str, Any], lines: list[str]) -> None:
        if self._prices:
            prices, told = asked.prices(composition)
            answers["prices"] = prices
            lines += ["", "What each clause costs: by how little it must give way before anything is gained"]
            lines += _indented(told)

    def _priced_in_persons(
        self, composition: "Composition", asked: "Asked", answers: dict[str, Any], lines: list[str]
    ) -> None:
        fair, told = asked.prices_of_fairness(composition) if self._prices else ((), [])
        if fair:
            answers["fairness_prices"] = fair
            lines += ["", "What fairness costs, the other objectives served first", *_indented(told)]

    def _tell_front(
        self, front: "Front", composition: "Composition", answers: dict[str, Any], lines: list[str]
    ) -> None:
        from safeconduct.composition.front import Point, sentences

        answers["front"] = front
        first, second = front.clauses
        lines += ["", f"What {first} and {second} cost each other, each point proven", *_indented(sentences(front))]
        if self._front is None:
            return
        values = {one.clause: one.value for one in composition.objectives}
        if self._front.suffix == ".svg":
            from safeconduct.web.front_drawing import front_drawing

            content = front_drawing(front, Point(values[first], values[second])).encode()
        elif self._front.suffix == ".csv":
            rows = [",".join(front.clauses), *(f"{one.first},{one.second}" for one in front.points)]
            content = ("\r\n".join(rows) + "\r\n").encode()
        else:
            import msgspec

            content = msgspec.json.format(msgspec.json.encode(front), indent=1) + b"\n"
        write_file(self._front, content)
        lines.append(f"Drawn in {self._front}." if self._front.suffix == ".svg" else f"Written to {self._front}.")

    def _check_objectives(self, pareto: tuple[str, str]) -> None:
        from safeconduct.clauses.composing import objectives_of
        from safeconduct.clauses.prefer import FairShare

        aims = objectives_of(self._terms)
        fair = [one.id for one in aims if isinstance(one, FairShare)]
        known = [one.id for one in aims if one.id not in fair]
        for clause in pareto:
            if clause in fair:
                raise typer.BadParameter(
                    f"{clause!r} is 'fair', which is no single number to set against another; --prices tells its cost",
                    param_hint="--pareto",
                )
            if clause not in known:
                raise typer.BadParameter(
                    f"no 'prefer' is called {clause!r}; {suggest(clause, known)}", param_hint="--pareto"
                )
        if pareto[0] == pareto[1]:
            raise typer.BadParameter("name two different objectives", param_hint="--pareto")


@contextmanager
def telling_progress() -> Iterator[Callable[[str], None]]:
    """A line on standard error that tells what is being looked for, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("composing") as status:
        yield lambda what: status.update(f"composing: {what}")


def _other(path: Path, parties: tuple[str, ...], refs: set[str]) -> tuple[str, ...]:
    from safeconduct.logistics.passengers import read_chosen

    chosen = tuple(one.ref for one in read_chosen(str(path), read_file(path), parties))
    faults = [
        Fault(str(path), 0, 0, f"the chosen {ref!r} is no candidate", "compare proposals for the same candidates")
        for ref in chosen
        if ref not in refs
    ]
    if faults:
        raise BadInput(faults)
    return chosen


def _near(ref: str, refs: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(ref, refs, n=1)
    return f"did you mean {near[0]!r}?" if near else "give the ref of a candidate of the list"


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
