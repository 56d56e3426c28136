"""The candidates of an exchange by what the record tells as it stands."""

from collections.abc import Collection, Mapping

from safeconduct.app.handed_over import handed_over
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import Refused
from safeconduct.registry.reconciliation import Reconciliation, reconciliation
from safeconduct.registry.reconciling import Interview
from safeconduct.registry.reviewing import PairKey


def reconcile_record(
    state: Exchange,
    now_us: int,
    *,
    waiting: Collection[PairKey] = (),
    interviews: Mapping[str, Interview] | None = None,
) -> Reconciliation:
    """Who is a candidate (`registry.reconciliation`). Raises Refused where no terms are on record."""
    if state.agreement.terms is None:
        raise Refused("no terms are on record yet: record them first")
    return reconciliation(
        state.registry,
        state.agreement.terms.parties,
        handed_over=handed_over(state, now_us),
        waiting=waiting,
        interviews=interviews,
        now_us=now_us,
    )


def no_longer_follow(state: Exchange, now_us: int) -> list[str]:
    """The candidates on record who are others, or none, by the lists and findings as they stand; by person."""
    if not state.registry.candidates:
        return []
    found = reconcile_record(state, now_us)
    changed = {one.person for one in found.changed} & state.registry.candidates.keys()
    return sorted(changed | {one.person for one in found.withdrawn})


def in_open_rounds(state: Exchange, persons: Collection[str]) -> dict[str, list[str]]:
    """Of these persons those who are in a round that is composed and not closed, by exchange."""
    rounds = {
        exchange: sorted(chosen.keys() & set(persons))
        for exchange, chosen in state.composition.chosen.items()
        if exchange not in state.agreement.closed
    }
    return {exchange: found for exchange, found in rounds.items() if found}
