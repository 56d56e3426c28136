"""`safeconduct compose`: who is exchanged."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.compose_answers import Questions, telling_progress
from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import parse_duration, to_datetime

if TYPE_CHECKING:
    from safeconduct.clauses.library import Terms
    from safeconduct.composition.report import Composition
    from safeconduct.composition.seed import Seed


def compose(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    candidates: Annotated[
        Path,
        typer.Argument(
            metavar="CANDIDATES",
            help="The intermediary's reconciled list of persons (CSV or XLSX), with held_by and home.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write composition.json here.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the composition as JSON instead of a summary.")
    ] = False,
    as_read_by: Annotated[
        str,
        typer.Option("--as-read-by", metavar="PARTY", help="Compose by this party's reading of disputed clauses."),
    ] = "",
    time_limit: Annotated[
        str, typer.Option("--time-limit", metavar="DURATION", help="Longest time to look for the proof.")
    ] = "60s",
    seed: Annotated[
        Path | None,
        typer.Option(
            "--seed",
            metavar="SEED.json",
            help="Choose among equals by the parties' seed (safeconduct seed), not by the smaller ref.",
        ),
    ] = None,
    prices: Annotated[
        bool,
        typer.Option("--prices", help="Tell what each clause costs: what would be gained if it gave way."),
    ] = False,
    explain: Annotated[
        list[str] | None,
        typer.Option("--explain", metavar="REF", help="Tell why this person is in the round or not (again for more)."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="OTHER.json", help="Set another composition of these candidates beside it."),
    ] = None,
    pareto: Annotated[
        tuple[str, str] | None,
        typer.Option("--pareto", metavar="CLAUSE CLAUSE", help="Tell what two objectives cost each other."),
    ] = None,
    front: Annotated[
        Path | None,
        typer.Option("--front", metavar="FILE", help="With --pareto: draw it (.svg) or write it (.csv, .json) here."),
    ] = None,
) -> None:
    """Choose who is exchanged: every clause kept, then the objectives of the terms in their order, each proven.

    Whom the terms do not tell apart are taken in the order in which they were captured, then by --seed, to which every
    party has contributed; without it the smaller ref goes first. The composition carries a certificate by which anybody
    can check it: safeconduct round check.

    Where the clauses cannot all hold, it names those that clash, and by how little which must give way. Protected and
    unwilling persons are never chosen; nor is, until it is mended, anybody whose `consent` or `protected` cannot be
    read. Kinds and parameters of clauses: safeconduct clauses. Exit code: 0 proven best; 1 infeasible, not proven in
    the time given, or cells of the list could not be read; 2 bad input.

    \b
    Example, after safeconduct simulate example:
      safeconduct compose example/terms.toml example/candidates.csv -o composition.json
      safeconduct compose example/terms.toml example/candidates.csv --prices --explain RU-H0001
    """
    time_limit_us = _time_limit(time_limit)
    from msgspec import to_builtins

    from safeconduct.app.ports import SystemClock
    from safeconduct.clauses.library import read_terms
    from safeconduct.clauses.traces.contradictions import matching_nobody
    from safeconduct.composition.candidates import check_captures, hold_back
    from safeconduct.registry.lists import read_list

    agreed = read_terms(str(terms), read_file(terms))
    if as_read_by:
        agreed = _as_read_by(agreed, as_read_by)
    source = read_file(candidates)
    listed = read_list(str(candidates), source)
    clock = SystemClock()
    check_captures(str(candidates), listed.persons, listed.rows, to_datetime(clock.now_us()).date())
    if faults := matching_nobody(agreed, listed.persons):
        raise BadInput(faults)
    candidates_sha256 = hashlib.sha256(source).hexdigest()
    drawn = _seed(seed, agreed, candidates_sha256) if seed is not None else None
    persons = hold_back(listed.persons, listed.unreadable)
    questions = Questions(
        agreed, persons, prices=prices, explain=explain or (), compare=compare, pareto=pareto, front=front
    )
    # The solver takes a second to load: bad input is told before.
    from safeconduct.clauses.asking import Asked
    from safeconduct.clauses.composing import compose_round
    from safeconduct.composition.certificate import certified

    with telling_progress() as progress:
        composition = compose_round(
            agreed,
            str(candidates),
            persons,
            listed.rows,
            clock=clock,
            time_limit_us=time_limit_us,
            seed=drawn.seed if drawn else "",
            progress=progress,
        )
        composition = certified(composition, agreed.text.sha256, candidates_sha256, drawn)
        asked = Asked(agreed, persons, clock, time_limit_us, progress)
        answers, lines = questions.answer(composition, asked)
    if output is not None:
        write_file(output, composition.to_json())
    for finding in listed.findings:
        note(str(finding))
    if as_json:
        print_json({**to_builtins(composition), **answers} if answers else composition)
    else:
        print("\n".join([*_summary(composition, agreed), *lines]))
        if output is not None:
            print(f"\nWritten to {output}.")
    if composition.status != "optimal" or listed.findings:
        raise typer.Exit(1)


def _seed(path: Path, terms: "Terms", candidates_sha256: str) -> "Seed":
    from safeconduct.composition.seed import check_seed, read_seed

    seed = read_seed(str(path), read_file(path))
    check_seed(str(path), seed, terms.text.sha256, candidates_sha256, terms.agreement.parties)
    return seed


def _as_read_by(terms: "Terms", party: str) -> "Terms":
    parties = terms.agreement.parties
    if party not in parties:
        raise typer.BadParameter(
            f"{party!r} is no party of the agreement; {suggest(party, parties)}", param_hint="--as-read-by"
        )
    if party not in terms.readings:
        note(f"{party} reads no clause otherwise than agreed (as_read_by.{party}): composed as agreed")
    return terms.as_read_by(party)


def _time_limit(text: str) -> int:
    try:
        limit_us = parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--time-limit") from None
    if not limit_us:
        raise typer.BadParameter("some time is needed, such as 60s", param_hint="--time-limit")
    return limit_us


_HEADLINES = {
    "optimal": "A round is composed, and proven best.",
    "feasible": "A round is composed; every clause is kept, but the time ran out before it was proven best.",
    "infeasible": "No round is possible under these terms.",
}


def _summary(composition: "Composition", terms: "Terms") -> list[str]:
    lines = [_HEADLINES[composition.status], ""]
    if composition.status == "infeasible":
        return [*lines, *(f"  {sentence}" for sentence in composition.explanation)]
    released = "   ".join(f"{party} {number:,}" for party, number in composition.released.items())
    lines += [f"Released     {released}   (in all {len(composition.chosen):,})"]
    tranches = "   ".join(f"{one.name} {one.persons:,}" for one in composition.tranches)
    lines += [f"Tranches     {tranches}"] if tranches else []
    elsewhere = Counter(one.destination for one in composition.chosen if one.destination)
    going = "   ".join(f"{to} {number:,}" for to, number in sorted(elsewhere.items()))
    lines += [f"Third state  {going}"] if going else []
    if composition.certificate is not None:
        from safeconduct.composition.certificate import rule_in_words

        lines.append(f"Equals       {rule_in_words(composition.certificate)}")
    lines += ["", "Objectives, the first first"]
    from safeconduct.clauses.composing import constraints_of, objectives_of

    sentences = {clause.id: clause.sentence() for clause in objectives_of(terms)}
    width = max(len(one.clause) for one in composition.objectives)
    for one in composition.objectives:
        bound = "proven" if one.value == one.bound else f"at most {one.bound:,}"
        value = f"{one.value:,}"
        if one.shares:
            value = f"{one.value / 10_000:.2f} %"
            bound = (
                f"{one.levels} of {one.asked} levels proven" if one.levels else f"at most {one.bound / 10_000:.2f} %"
            )
        lines.append(f"  {one.clause:<{width}}  {value:>9}  {bound}   {sentences[one.clause]}")
    constraints = constraints_of(terms)
    told = [sentence.partition(": ") for sentence in composition.explanation[1 : 1 + len(constraints)]]
    width = max(len(clause) for clause, _, _ in told)
    lines += ["", "Clauses kept", *(f"  {clause:<{width}}  {what}" for clause, _, what in told)]
    beside = composition.explanation[1 + len(constraints) :]
    return [*lines, *("" for _ in beside[:1]), *beside]
