"""HTML and SVG as nested elements: text is escaped wherever it stands, markup is only what this module made."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What neither HTML nor XML may hold, lone surrogates among them; each is shown as U+FFFD."""

_SPECIAL = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""The same and what `escape` replaces: most texts hold none of it."""

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img"})
"""HTML elements without an end tag."""


class Markup(str):
    """A piece of a page, already escaped. Made by `element` and `joined`; never from what somebody else wrote."""

    __slots__ = ()


Child = str | int | None
"""What stands in an element: markup as it is, any other text escaped; nothing for None."""

NOTHING = Markup("")


def text(value: str) -> Markup:
    """The text, safe between tags and inside quoted attributes; well-formed as XML too."""
    if _SPECIAL.search(value) is None:
        return Markup(value)
    return Markup(escape(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)))


def joined(parts: Iterable[Child]) -> Markup:
    """The parts one after the other."""
    return Markup("".join(_child(part) for part in parts))


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element with attributes and children.

    Attribute names are written in Python's way: `class_`, `for_`, `aria_label`, `data_at`. None and False leave an
    attribute out, True writes it empty; numbers are written with two decimals at most.
    """
    opening = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _EMPTY:
        return Markup(f"<{name}{opening}/>")
    return Markup(f"<{name}{opening}>{''.join(_child(child) for child in children)}</{name}>")


def identifier(*parts: str) -> str:
    """An element's id from words of the record: letters, digits and hyphens, different for different words."""
    return "-".join(re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", part) for part in parts)


def number(value: float) -> str:
    """A number as short as two decimals allow."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return text(child) if isinstance(child, str) else str(child)


def _attribute(key: str, value: str | float | bool) -> str:
    name = _attribute_name(key)
    if value is False:
        return ""
    if value is True:
        return f' {name}=""'
    return f' {name}="{text(value) if isinstance(value, str) else number(value)}"'


@lru_cache(maxsize=256)
def _attribute_name(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name) or name == "style" or name.startswith("on"):
        raise ValueError(f"{name!r} is no attribute of these pages")
    return name
