"""Why a row may be the one that is meant, in plain words."""

from collections.abc import Sequence

from safeconduct.registry.birth_fit import CONTRADICTING, REASONS
from safeconduct.registry.entries import PersonListed
from safeconduct.registry.name_forms import ERROR, FORM, INITIAL, LACKING, SPELT
from safeconduct.registry.placings import COLUMNS, NOWHERE, Fitting, Placing
from safeconduct.registry.search_query import Query, unit_key
from safeconduct.registry.values import word_key

_BY = ("", "by a letter", "by two letters")


def reasons_of(
    query: Query,
    row: PersonListed,
    fittings: Sequence[Fitting],
    placing: Placing | None,
    spelt: Sequence[int],
    birth: int,
    has_number: bool,
) -> tuple[list[str], list[str]]:
    """What speaks against a row, and what for it.

    `spelt` are the numbers of its three spellings, `birth` is the cost of its birth date.
    """
    against: list[str] = []
    for_it: list[str] = []
    if placing is not None:
        listed = (row.family_name, row.given_name, row.patronymic)
        for fitting, column in sorted(zip(fittings, placing.columns, strict=True), key=lambda one: one[1]):
            if column == NOWHERE:
                against.append(f"{fitting.text} fits nothing here")
            else:
                cost = int(fitting.costs(placing, column)[spelt[column]])
                for_it.append(f"{COLUMNS[column]} {_how(cost, fitting.text, listed[column])}")
    elif query.words:
        against.append("the name differs")
    if query.born is not None:
        told = f" ({row.birth_date})" if birth in CONTRADICTING else ""
        (against if birth in CONTRADICTING else for_it).append(REASONS[birth] + told)
    if has_number:
        by_ref = word_key(row.ref) in query.numbers
        for_it.append("the ref is as asked" if by_ref else "service number the same")
    elif query.numbers:
        (against if row.service_number else for_it).append(
            f"service number differs ({row.service_number})" if row.service_number else "no service number to compare"
        )
    if query.unit:
        if not row.unit:
            for_it.append("no unit to compare")
        elif unit_key(row.unit) == query.unit:
            for_it.append("unit the same")
        else:
            against.append(f"unit differs ({row.unit})")
    return against, for_it


def _how(cost: int, asked: str, listed: str) -> str:
    errors, kind = divmod(cost, ERROR)
    if errors:
        return f"differs {_BY[errors]} ({asked}, {listed})"
    if not kind and word_key(asked) != word_key(listed):
        return f"stands in it ({listed})"
    return {
        SPELT: f"the same in another spelling ({listed})",
        FORM: f"in another form ({listed})",
        INITIAL: "fits the initial",
        LACKING: "is not there to compare",
    }.get(kind, "the same")
