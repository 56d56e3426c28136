"""Who may know a fact. Every field of every entry type carries one of these labels; none is shown without one."""

import enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec


class Audience(enum.IntEnum):
    """From the widest audience to the narrowest."""

    PUBLIC = 0
    """Anybody."""
    PARTIES = 1
    """Every party of the agreement and the intermediary."""
    OWN = 2
    """The parties that the entry names in its field `own`, and the intermediary."""
    INTERMEDIARY = 3
    """The intermediary alone."""
    FACILITY = 4
    """The facility that the entry names in its field `facility`, and nobody else: not even the intermediary."""


def told_to(audience: Audience) -> msgspec.Meta:
    """The annotation that labels a field: `name: Annotated[str, told_to(Audience.OWN)]`."""
    return msgspec.Meta(extra={"audience": audience})


def audiences_of(struct: type[msgspec.Struct]) -> dict[str, Audience]:
    """The label of every field of an entry type, in schema order.

    Raises AssertionError for a field without a label: such a type must never reach a ledger.
    """
    hints = get_type_hints(struct, include_extras=True)
    labels: dict[str, Audience] = {}
    for field in struct.__struct_fields__:
        found = _labels(hints[field])
        if len(found) != 1:
            raise AssertionError(f"{struct.__name__}.{field} needs exactly one audience, has {len(found)}")
        labels[field] = found[0]
    return labels


def _labels(hint: Any) -> list[Audience]:
    if get_origin(hint) is not Annotated:
        return []
    metas = [meta for meta in get_args(hint)[1:] if isinstance(meta, msgspec.Meta) and meta.extra]
    return [meta.extra["audience"] for meta in metas if meta.extra and "audience" in meta.extra]
