"""Where every value of a TOML or JSON text stands, from the syntax tree that tree-sitter gives."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import tree_sitter_json
import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Path = tuple[str | int, ...]


class Position(NamedTuple):
    """Line and column, from 1 and in characters, of a key and of its value (the same where there is no key)."""

    key: tuple[int, int]
    value: tuple[int, int]


def locate_toml(text: str) -> dict[Path, Position]:
    """The place of every table, array item and value by its path (keys and indices)."""
    return dict(_Toml(text).places())


def locate_json(text: str) -> dict[Path, Position]:
    """The place of every value by its path (keys and indices)."""
    source = _Source(text, Parser(Language(tree_sitter_json.language())))
    found: dict[Path, Position] = {}
    stack: list[tuple[Node, Path, Node]] = [(node, (), node) for node in source.root.named_children[:1]]
    while stack:
        value, path, key = stack.pop()
        found[path] = Position(source.place(key), source.place(value))
        if value.type == "array":
            stack.extend((item, (*path, index), item) for index, item in enumerate(_values(value)))
        elif value.type == "object":
            for pair in value.named_children:
                name, inner = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if name is not None and inner is not None:
                    stack.append((inner, (*path, _unquote(source.slice(name))), name))
    return found


class _Source:
    """A parsed text, and characters in place of tree-sitter's bytes."""

    def __init__(self, text: str, parser: Parser) -> None:
        self.source = text.encode()
        self.lines = self.source.split(b"\n")
        self.root = parser.parse(self.source).root_node

    def place(self, node: Node) -> tuple[int, int]:
        row, column = node.start_point
        return row + 1, len(self.lines[row][:column].decode("utf-8", "replace")) + 1

    def slice(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")


class _Toml(_Source):
    def __init__(self, text: str) -> None:
        super().__init__(text, Parser(Language(tree_sitter_toml.language())))
        self.arrays: dict[Path, int] = {}

    def places(self) -> Iterator[tuple[Path, Position]]:
        for node in self.root.named_children:
            if node.type == "pair":
                yield from self.pair(node, ())
            elif node.type in ("table", "table_array_element"):
                header = node.named_children[0]
                keys = self.keys(header)
                path = (*self.resolve(keys[:-1]), keys[-1])
                if node.type == "table_array_element":
                    index = self.arrays.get(path, -1) + 1
                    self.arrays[path] = index
                    if index == 0:
                        yield path, Position(self.place(header), self.place(node))
                    path = (*path, index)
                else:
                    path = self.resolve(keys)
                yield path, Position(self.place(header), self.place(node))
                for child in node.named_children[1:]:
                    if child.type == "pair":
                        yield from self.pair(child, path)

    def resolve(self, keys: Path) -> Path:
        """The path of a header's keys, with the running index behind every array of tables on the way."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def pair(self, node: Node, above: Path) -> Iterator[tuple[Path, Position]]:
        key, *_, value = _values(node)
        path = above + self.keys(key)
        for length in range(len(above) + 1, len(path)):
            yield path[:length], Position(self.place(key), self.place(key))
        yield from self.value(value, path, key)

    def value(self, node: Node, path: Path, key: Node) -> Iterator[tuple[Path, Position]]:
        yield path, Position(self.place(key), self.place(node))
        if node.type == "array":
            for index, item in enumerate(_values(node)):
                yield from self.value(item, (*path, index), item)
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    yield from self.pair(child, path)

    def keys(self, node: Node) -> Path:
        if node.type == "dotted_key":
            return tuple(key for child in node.named_children for key in self.keys(child))
        return (_unquote(self.slice(node)),)


def _values(node: Node) -> list[Any]:
    return [child for child in node.named_children if child.type != "comment"]


def _unquote(text: str) -> str:
    """A key's text; escapes are rare in keys and matter only for pointing at a fault."""
    return text[1:-1] if text[:1] in "\"'" else text
