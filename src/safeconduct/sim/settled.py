"""Composition and plan of an example, made by the product's own code from the example's own files."""

from dataclasses import dataclass

from safeconduct.clauses.composing import compose_round
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.composition.report import Composition
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import HOUR_US
from safeconduct.logistics.passengers import describe, read_chosen, seat
from safeconduct.logistics.plan import Plan
from safeconduct.logistics.scheduling import NoPlan, make_plan
from safeconduct.logistics.sites import read_sites
from safeconduct.sim.example import Example


@dataclass(frozen=True)
class Settled:
    """What the parties agree on before the day."""

    terms: Terms
    composition: Composition
    plan: Plan


class _StandingClock:
    """A clock that stands still: in a simulation no search is cut short by the machine's speed."""

    def now_us(self) -> int:
        return 0


def settle(example: Example) -> Settled:
    """Compose and plan the example's round. Raises Refused if its terms or vehicles leave none."""
    terms = read_terms("terms.toml", example.files["terms.toml"])
    agreement = terms.agreement
    candidates = example.candidates
    lines = range(2, len(candidates) + 2)
    composition = compose_round(
        terms, "candidates.csv", candidates, lines, clock=_StandingClock(), time_limit_us=HOUR_US
    )
    if composition.status != "optimal":
        raise Refused(f"the example's round is {composition.status}: {' '.join(composition.explanation)}")
    sites = read_sites("sites.toml", example.files["sites.toml"], agreement.parties, agreement.intermediaries)
    chosen = read_chosen("composition.json", composition.to_json(), agreement.parties)
    told = {person.ref: (person.held_at, person.categories) for person in candidates}
    passengers = seat(describe(chosen, told, "candidates.csv"), sites, "candidates.csv")
    made = make_plan(sites, passengers.persons, agreement.id)
    if isinstance(made, NoPlan):
        raise Refused(f"the example has no plan: {made.reason}")
    return Settled(terms, composition, made.plan)
