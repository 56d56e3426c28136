"""Patterns prepared for being asked of every event."""

from collections.abc import Callable, Mapping
from typing import Any

from safeconduct.clauses.patterns import Patterns
from safeconduct.vocabulary.pattern import EventPattern

Matches = Callable[[Mapping[str, Any]], bool]
"""Whether the fields of an event match."""


def any_matches(patterns: Patterns) -> Matches:
    """Whether an event matches any of the patterns."""
    if len(patterns) == 1:
        return _matches(patterns[0])
    each = [_matches(pattern) for pattern in patterns]
    return lambda fields: any(matches(fields) for matches in each)


def _matches(pattern: EventPattern) -> Matches:
    """Most patterns ask that some fields hold one of some texts, or a flag: these are asked without more ado."""
    asked: list[tuple[str, type, frozenset[Any]]] = []
    for condition in pattern.conditions:
        types = {type(one) for one in condition.any_of}
        if types != {str} and types != {bool}:
            return pattern.matches
        asked.append((condition.key, types.pop(), frozenset(condition.any_of)))

    def matches(fields: Mapping[str, Any]) -> bool:
        for key, kind, wanted in asked:
            value = fields.get(key)
            if type(value) is kind:
                if value not in wanted:
                    return False
            elif value is None or not pattern.matches(fields):
                return False
        return True

    return matches
