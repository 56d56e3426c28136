"""Patterns in words, for the sentences that people read. Nothing here names a person."""

from safeconduct.clauses.patterns import Patterns
from safeconduct.vocabulary.pattern import Condition, EventPattern, Scalar

_UNSAID = ("person", "id", "replaces")
"""Fields whose values may name a person."""


def any_of(patterns: Patterns) -> str:
    """`departed from place X or arrived (place Y)`: any of the patterns."""
    return " or ".join(_pattern(one) for one in patterns)


def alike(same: tuple[str, ...]) -> str:
    """In which fields two events must be equal."""
    return f" of the same {' and '.join(same)}" if same else ""


def with_what(pattern: EventPattern) -> str:
    """` (place X, count at least 3)`: all that a pattern asks for but the type; empty if nothing."""
    asked = [f"{one.key} {_condition_value(one)}" for one in pattern.conditions if one.key != "type"]
    return f" ({', '.join(asked)})" if asked else ""


def _pattern(pattern: EventPattern) -> str:
    kinds = [one for one in pattern.conditions if one.key == "type"]
    return (_condition_value(kinds[0]) if kinds else "any event") + with_what(pattern)


def _condition_value(condition: Condition) -> str:
    if condition.key in _UNSAID:
        return "as named in the terms"
    if condition.none_of:
        return "not " + " or ".join(_scalar(one) for one in condition.none_of)
    if condition.any_of:
        return " or ".join(_scalar(one) for one in condition.any_of)
    bounds = []
    if condition.minimum is not None:
        bounds.append(f"at least {condition.minimum:g}")
    if condition.maximum is not None:
        bounds.append(f"at most {condition.maximum:g}")
    return " and ".join(bounds)


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
