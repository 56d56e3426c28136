"""`safeconduct plan`: make the movement plan, and check one against the terms."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.kernel.times import MINUTE_US, format_duration, to_datetime

if TYPE_CHECKING:
    from safeconduct.clauses.deviation import Deviation
    from safeconduct.logistics.passengers import Chosen, Passengers
    from safeconduct.logistics.plan import Plan
    from safeconduct.logistics.schedule import Level
    from safeconduct.logistics.scheduling import MadePlan

app = typer.Typer(help="Make the movement plan, and check one.", no_args_is_help=True, rich_markup_mode=None)

DEVIATIONS_SHOWN = 20


# One line, so that it can be pasted: too long for a docstring, and no terminal is asked to wrap it.
_MAKE_EXAMPLE = (
    "\b\nExample:\n  safeconduct plan make example/terms.toml example/composition.json example/sites.toml"
    " --candidates example/candidates.csv -o plan.json"
)


@app.command(short_help="Make the movement plan.", epilog=_MAKE_EXAMPLE)
def make(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    composition: Annotated[
        Path, typer.Argument(metavar="COMPOSITION", help="Who is exchanged (JSON, as compose writes it).")
    ],
    sites: Annotated[
        Path, typer.Argument(metavar="SITES", help="Places, roads, vehicles, hours (TOML, see docs/sites.md).")
    ],
    candidates: Annotated[
        Path | None,
        typer.Option("--candidates", metavar="LIST", help="The candidates: where each is held, who travels lying."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the plan there, not on the screen.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan, and nothing else, also with -o.")] = False,
) -> None:
    """Make the movement plan: vehicles, seats, stretchers, batches, and both sides' arrival together.

    The last handover is as early as can be, then the longest wait at the exchange point as short, then the vehicles as
    few. The plan is then checked as by `plan check`. Times are UTC. Exit code: 0 done, 1 there is no plan (one sentence
    says what is short) or the check found something, 2 bad input.

    """
    from safeconduct.clauses.library import read_terms
    from safeconduct.clauses.plan import check_plan
    from safeconduct.logistics.passengers import read_chosen, seat
    from safeconduct.logistics.plan import write_plan
    from safeconduct.logistics.scheduling import NoPlan, make_plan
    from safeconduct.logistics.sites import read_sites

    read = read_terms(str(terms), read_file(terms))
    agreement = read.agreement
    ground = read_sites(str(sites), read_file(sites), agreement.parties, agreement.intermediaries)
    chosen: Sequence[Chosen] = read_chosen(str(composition), read_file(composition), agreement.parties)
    unreadable = 0
    if candidates is not None:
        chosen, unreadable = _described(chosen, candidates)
    passengers = seat(chosen, ground, str(candidates or composition))
    _tell_assumptions(passengers, candidates is not None)
    made = make_plan(ground, passengers.persons, agreement.id)
    if isinstance(made, NoPlan):
        if as_json:
            print_json({"status": "infeasible", "reason": made.reason})
        else:
            print(f"There is no plan: {made.reason}")
        raise typer.Exit(1)
    content = write_plan(made.plan)
    found = check_plan(read, made.plan)
    if output is not None:
        write_file(output, content)
    if as_json or output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    if not as_json:
        summary = [*_summary(made), "", *_verdict(found)]
        print("\n".join(summary), file=sys.stderr if output is None else sys.stdout)
    elif found:
        note(f"{len(found):,} deviation{'s' * (len(found) > 1)}: see safeconduct plan check")
    raise typer.Exit(1 if found or unreadable else 0)


@app.command(short_help="Judge a plan before anybody sets out.")
def check(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The movement plan (JSON).")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines also on a terminal.")] = False,
) -> None:
    """Judge a plan before anybody sets out: the terms over what would be reported if it went as planned.

    A line for each deviation, sorted by time, clause, rule and subject: of the terms' clauses that a plan can break,
    and of the built-in clause `plan` (seats, chains of legs, custody, speeds, unknown ids). Exit code: 0 nothing
    found, 1 a deviation found, 2 bad input.

    \b
    Example:
      safeconduct plan check example/terms.toml example/plan.json
    """
    from safeconduct.clauses.library import read_terms
    from safeconduct.clauses.plan import check_plan
    from safeconduct.logistics.plan import read_plan

    read = read_terms(str(terms), read_file(terms))
    planned = read_plan(str(plan), read_file(plan))
    if planned.agreement != read.agreement.id:
        note(
            f"{plan}: warning: the plan is for agreement {planned.agreement!r}, the terms are {read.agreement.id!r}; "
            "judging them together all the same"
        )
    found = check_plan(read, planned)
    if as_json or not sys.stdout.isatty():
        for one in found:
            sys.stdout.buffer.write(one.line() + b"\n")
        sys.stdout.buffer.flush()
    else:
        print("\n".join(_verdict(found, all_of_them=True)))
    raise typer.Exit(1 if found else 0)


def _described(chosen: "Sequence[Chosen]", candidates: Path) -> "tuple[Sequence[Chosen], int]":
    """The chosen as the candidates' list describes them, and how many of its cells could not be read."""
    from safeconduct.logistics.passengers import describe
    from safeconduct.registry.lists import read_list

    listed = read_list(str(candidates), read_file(candidates))
    for finding in listed.findings:
        note(str(finding))
    told = {person.ref: (person.held_at, person.categories) for person in listed.persons}
    return describe(chosen, told, str(candidates)), len(listed.findings)


def _tell_assumptions(passengers: "Passengers", described: bool) -> None:
    mend = "" if described else "; name the candidates with --candidates"
    if passengers.places_unsaid:
        places = ", ".join(f"{place} ({side})" for side, place in sorted(passengers.place_assumed.items()))
        note(f"nothing says where {passengers.places_unsaid} of the chosen are held: taken to be at {places}{mend}")
    if passengers.categories_unsaid:
        note(
            f"nothing says whether {passengers.categories_unsaid} of the chosen are seriously wounded or sick: "
            f"taken to need no stretcher{mend}"
        )


def _summary(made: "MadePlan") -> list[str]:
    plan = made.plan
    sides = sorted({person.held_by for person in plan.persons} | {person.home for person in plan.persons})
    operators = {vehicle.id: vehicle.operator for vehicle in plan.vehicles}
    lines = [
        f"Plan for {plan.exchange}: {len(plan.persons):,} persons, {len(plan.vehicles):,} vehicles, "
        f"{len(plan.batches)} batch{'es' * (len(plan.batches) > 1)}. Times are UTC.",
        "",
        f"  {'side':<8}{'releases':>10}{'receives':>10}{'vehicles':>10}",
    ]
    for side in sides:
        releases = sum(person.held_by == side for person in plan.persons)
        receives = sum(person.home == side for person in plan.persons)
        lines.append(f"  {side:<8}{releases:>10,}{receives:>10,}{list(operators.values()).count(side):>10,}")
    lines += ["", f"  {'batch':<8}{'handover':>10}" + "".join(f"{'from ' + side:>10}" for side in sides)]
    for batch in plan.batches:
        counts = [sum(person.batch == batch.id and person.held_by == side for person in plan.persons) for side in sides]
        lines.append(
            f"  {batch.id:<8}{_clock(plan, batch.handover_us):>10}" + "".join(f"{count:>10,}" for count in counts)
        )
    first = min(plan.legs, key=lambda leg: leg.depart_us)
    last = max(plan.legs, key=lambda leg: leg.arrive_us)
    aboard = max((leg.arrive_us - leg.depart_us for leg in plan.legs if leg.persons), default=0)
    lines += [
        "",
        f"First departure {_clock(plan, first.depart_us)} from {first.origin}; "
        f"last arrival {_clock(plan, last.arrive_us)} at {last.destination}.",
        f"Longest time aboard {format_duration(aboard)}.",
        *(_level(level) for level in made.levels),
    ]
    if made.estimated:
        drives = ", ".join(f"{origin} to {destination}" for origin, destination in made.estimated)
        lines.append(f"Estimated, as nobody has described a road (straight line × 1.3): {drives}.")
    return lines


def _level(level: "Level") -> str:
    value = f"{level.value:,}" if level.name == "vehicles" else format_duration(level.value * MINUTE_US)
    name = f"{level.name[:1].upper()}{level.name[1:]}"
    if level.name == "last handover":
        value += " after the start"
    if level.proven:
        return f"{name}: {value}, proven the least."
    if level.bound is None:
        return f"{name}: {value}, the best found."
    bound = f"{level.bound:,}" if level.name == "vehicles" else format_duration(level.bound * MINUTE_US)
    return f"{name}: {value}, the best found; no plan has less than {bound}."


def _verdict(found: "Sequence[Deviation]", all_of_them: bool = False) -> list[str]:
    if not found:
        return ["Checked against the terms: nothing found."]
    lines = [f"Checked against the terms: {len(found):,} deviation{'s' * (len(found) > 1)}.", ""]
    shown = found if all_of_them else found[:DEVIATIONS_SHOWN]
    for one in shown:
        lines += [f"{one.at}  {one.severity:<8} {one.clause}: {one.rule} {one.subject}", f"    {one.message}"]
    if len(shown) < len(found):
        lines.append(f"… and {len(found) - len(shown):,} more: see safeconduct plan check")
    return lines


def _clock(plan: "Plan", at_us: int) -> str:
    """Hours and minutes; the days since the start where there are any."""
    moment, start = to_datetime(at_us), to_datetime(plan.start_us)
    days = (moment.date() - start.date()).days
    return moment.strftime("%H:%M") + (f"+{days}d" if days else "")
