"""Pages read back as trees, for tests."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

Node = ElementTree.Element


def tree(page: str) -> Node:
    """A page or section as a tree. Raises ParseError unless it is well-formed."""
    return ElementTree.fromstring(page.removeprefix("<!doctype html>\n"))  # noqa: S314 (our own page)


def words(node: Node) -> str:
    """All text in it, with single spaces."""
    return re.sub(r"\s+", " ", " ".join(node.itertext())).strip()


def with_class(node: Node, name: str) -> Iterator[Node]:
    """The elements of that class, in order."""
    return (one for one in node.iter() if name in one.get("class", "").split())


def by_id(node: Node, id_: str) -> Node:
    """The element of that id."""
    found = [one for one in node.iter() if one.get("id") == id_]
    assert len(found) == 1, f"{len(found)} elements with id {id_}"
    return found[0]
