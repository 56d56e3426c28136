"""Small drawings with a meaning: a shape for each side, marks of severity and status. Always beside words."""

from safeconduct.views.operations_model import Operations
from safeconduct.web.markup import Markup, element, joined

SHAPES = ("a", "b", "c", "n")
"""Circle, diamond and square for the first three parties; a triangle for the intermediary and anybody else."""

_OUTLINES = {
    "a": element("circle", r=4.4),
    "b": element("path", d="M0-5.6 5.6 0 0 5.6-5.6 0Z"),
    "c": element("path", d="M-4.2-4.2H4.2V4.2H-4.2Z"),
    "n": element("path", d="M0-5.2 5.2 4H-5.2Z"),
}

_FULL, _LINE, _MARK = "icon-body", "icon-line", "icon-mark"


def _paths(*paths: tuple[str, str]) -> Markup:
    return joined(element("path", d=line, class_=class_) for class_, line in paths)


_RING = "M13 8A5 5 0 1 1 3 8 5 5 0 1 1 13 8Z"
_WIDE_RING = "M14.4 8A6.4 6.4 0 1 1 1.6 8 6.4 6.4 0 1 1 14.4 8Z"

_ICONS = {
    "critical": _paths((_FULL, "M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z"), (_MARK, "M8 4v5M8 11v1.4")),
    "serious": _paths((_FULL, "M8 1.2 15.2 14.4H.8Z"), (_MARK, "M8 5.6v4.2M8 11.4v1.2")),
    "notice": _paths((_FULL, _WIDE_RING), (_MARK, "M8 7v4.6M8 4v1.2")),
    "open": _paths((_FULL, _RING)),
    "unconfirmed": _paths((f"{_LINE} icon-dashed", _RING)),
    "withdrawn": _paths((_LINE, _RING), (_LINE, "M2.6 13.4 13.4 2.6")),
    "unacknowledged": _paths((_LINE, "M4 11V7a4 4 0 0 1 8 0v4l1.4 1.6H2.6ZM6.8 14.4h2.4")),
    "acknowledged": _paths((_LINE, "M8 7.4A2.7 2.7 0 1 0 8 2a2.7 2.7 0 0 0 0 5.4ZM2.6 14.4a5.4 5.4 0 0 1 10.8 0")),
    "escalated": _paths((_LINE, "M8 14.2V3M3.6 7.4 8 2.6l4.4 4.8")),
    "waived": _paths((_LINE, _WIDE_RING), (_LINE, "M4.6 8h6.8")),
    "resolved": _paths((_LINE, _WIDE_RING), (_LINE, "M4.8 8.3 7.2 10.6 11.4 5.4")),
    "good": _paths((_LINE, "M2.5 8.5 6.4 12.4 13.5 4.2")),
    "waiting": _paths((_LINE, _WIDE_RING), (_LINE, "M8 4.4V8l2.6 1.8")),
    "late": _paths((_LINE, _WIDE_RING), (_LINE, "M8 4.2V9M8 10.6v1.2")),
    "moving": _paths((_LINE, "M2 8h11M9 4l4.2 4L9 12")),
    "held": _paths((_LINE, "M5 3v10M11 3v10")),
    "none": _paths((_LINE, "M4 8h8")),
}


def side(operations: Operations, party: str) -> str:
    """The letter of a party's shape, line and colour: the same all over the page."""
    return party_letter(operations.parties, party)


def party_letter(parties: tuple[str, ...], party: str) -> str:
    """The same from the agreement's parties alone."""
    return SHAPES[parties.index(party)] if party in parties[:3] else "n"


def definitions() -> Markup:
    """The shapes of vehicles, defined once on a page and used by `shape` and the map."""
    symbols = joined(element("g", outline, id=f"shape-{letter}") for letter, outline in _OUTLINES.items())
    return element("svg", element("defs", symbols), class_="definitions", aria_hidden="true", width=0, height=0)


def shape(letter: str, state: str = "underway") -> Markup:
    """A side's shape in a line of text: filled under way, hollow standing, ringed when silent."""
    ring = element("circle", r=7.4, class_="silent-ring") if state == "silent" else None
    return element(
        "svg",
        ring,
        element("use", href=f"#shape-{letter}"),
        class_=f"shape side-{letter} {'underway' if state == 'silent' else state}",
        viewBox="-9 -9 18 18",
        aria_hidden="true",
    )


def icon(name: str) -> Markup:
    """A mark of severity, status or standing; the word stands beside it."""
    return element("svg", _ICONS[name], class_=f"icon icon-{name}", viewBox="0 0 16 16", aria_hidden="true")
