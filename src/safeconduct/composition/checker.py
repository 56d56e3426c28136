"""The independent check: every clause and every objective counted anew from the persons chosen, not from the model."""

from collections.abc import Mapping, Sequence

from safeconduct.composition.constraint import Aim, ByTranche, Constraint, Fairness, Judgement, NamesTranche
from safeconduct.composition.report import Reached
from safeconduct.composition.shares import shares_of, value_of
from safeconduct.vocabulary.person import Person


def judge_choice(
    candidates: Sequence[Person],
    chosen: Sequence[Person],
    constraints: Sequence[Constraint],
    tranches: Mapping[str, str] | None = None,
) -> tuple[Judgement, ...]:
    """The judgement of each constraint, in their order; `tranches` tells who went in which, by `ref`, if that is known.

    Raises AssertionError if somebody is chosen twice.
    """
    if len({person.ref for person in chosen}) != len(chosen):
        raise AssertionError("a person is chosen twice")
    return tuple(
        constraint.judge_tranches(candidates, chosen, tranches)
        if tranches is not None and isinstance(constraint, ByTranche)
        else constraint.judge(candidates, chosen)
        for constraint in constraints
    )


def check_choice(
    candidates: Sequence[Person],
    chosen: Sequence[Person],
    constraints: Sequence[Constraint],
    objectives: Sequence[Aim],
    reached: Sequence[Reached],
    tranches: Mapping[str, str] | None = None,
) -> tuple[Judgement, ...]:
    """The judgement of each constraint, in their order. Raises AssertionError if the choice is not what it claims."""
    judgements = judge_choice(candidates, chosen, constraints, tranches)
    names = {constraint.order.name for constraint in constraints if isinstance(constraint, NamesTranche)}
    if names and any((tranches or {}).get(person.ref) not in names for person in chosen):
        raise AssertionError("a person is chosen who goes in none of the tranches")
    for constraint, judgement in zip(constraints, judgements, strict=True):
        if not judgement.kept:
            raise AssertionError(f"the choice does not keep {constraint.id!r}: {judgement.told}")
    for objective, claim in zip(objectives, reached, strict=True):
        value = value_of(objective, candidates, chosen)
        if (objective.id, value) != (claim.clause, claim.value) or value > claim.bound:
            raise AssertionError(f"{objective.id!r} reaches {value}, claimed {claim}")
        if isinstance(objective, Fairness) and shares_of(objective, candidates, chosen) != claim.shares:
            raise AssertionError(f"{objective.id!r} does not give the groups the shares claimed: {claim}")
    return judgements
