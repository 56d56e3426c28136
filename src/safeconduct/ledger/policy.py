"""Whose cosignatures a checkpoint needs: trust policies of C2SP tlog-policy, read, written and judged.

    log VKEY [URL]                 witness NAME VKEY [URL]
    group NAME all|any|K NAME…     quorum NAME|none

A group counts as a cosigner when at least K of its members do. (https://c2sp.org/tlog-policy, read 2026-11. Octets
above 0x7F are opaque there; here the file is UTF-8, which the specification recommends.)
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.note import COSIGNATURE, ED25519, CheckpointError, VerifierKey

NONE = "none"
"""The quorum that needs nobody."""

_ITEM = re.compile(r"[^ \t]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_NAME = re.compile(r"[\s%\x00-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """A ledger or witness of a policy."""

    key: VerifierKey
    url: str = ""
    """Where it is reached; empty if the policy does not say."""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which some must have cosigned."""

    least: int
    """How many of them at least."""
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Which ledgers are meant, and whose cosignatures make a checkpoint count."""

    quorum: str
    """A witness or group; NONE needs nobody."""
    logs: tuple[PolicyKey, ...] = ()
    witnesses: Mapping[str, PolicyKey] = field(default_factory=dict)
    """By the name that the policy gives each."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """Each after those that it names."""

    def lacking(self, cosigned: Collection[VerifierKey]) -> tuple[str, ...]:
        """The names of witnesses that the quorum still lacks when these have cosigned: empty where it is reached.

        Where a group may be completed in more than one way, all its members that could do so are named.
        """
        reached = {NONE} | {name for name, one in self.witnesses.items() if one.key in cosigned}
        for name, group in self.groups.items():
            if sum(member in reached for member in group.members) >= group.least:
                reached.add(name)
        lacks: dict[str, None] = {}
        wanted = [self.quorum]
        while wanted:
            name = wanted.pop()
            if name in reached:
                continue
            if name in self.groups:
                wanted.extend(reversed(self.groups[name].members))
            else:
                lacks[name] = None
        return tuple(lacks)

    def text(self) -> str:
        """The policy as a file."""
        lines = [f"log {_located(one)}" for one in self.logs]
        lines += [f"witness {name} {_located(one)}" for name, one in self.witnesses.items()]
        for name, group in self.groups.items():
            count = "all" if group.least == len(group.members) else "any" if group.least == 1 else group.least
            lines.append(f"group {name} {count} {' '.join(group.members)}")
        return "\n".join([*lines, f"quorum {self.quorum}", ""])


def everyone(logs: Iterable[PolicyKey], witnesses: Mapping[str, Sequence[PolicyKey]]) -> Policy:
    """The policy that needs a cosignature of every side: of at least one of each side's witnesses, by side.

    Sides without witnesses are passed over; with none at all nobody is needed. In a side's name spaces and control
    characters stand as %XX. Raises CheckpointError if a key would count for two, or two sides under one name.
    """
    named: dict[str, PolicyKey] = {}
    groups: dict[str, Group] = {}
    needed: list[str] = []
    for side, keys in ((_as_name(side), keys) for side, keys in witnesses.items()):
        names = [side] if len(keys) == 1 else [f"{side}-{number}" for number in range(1, len(keys) + 1)]
        named |= dict(zip(names, keys, strict=True))
        if len(names) > 1:
            groups[side] = Group(1, tuple(names))
        if names:
            needed.append(side)
    quorum = NONE
    if len(needed) == 1:
        (quorum,) = needed
    elif needed:
        quorum = "every-side"
        groups[quorum] = Group(len(needed), tuple(needed))
    if len(named.keys() | groups.keys() | {NONE}) != sum(map(len, witnesses.values())) + len(groups) + 1:
        raise CheckpointError("two sides would have one name in the policy")
    if len({one.key.public_key for one in named.values()}) != len(named):
        raise CheckpointError("one key cannot be the witness of two")
    return Policy(quorum, tuple(logs), named, groups)


def read_policy(name: str, source: bytes) -> Policy:
    """Read a policy file. Raises BadInput at the first thing wrong, with its line and column."""
    return _Reader(name).read(source)


def _as_name(side: str) -> str:
    return _NO_NAME.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), side)


def _located(one: PolicyKey) -> str:
    return f"{one.key} {one.url}".rstrip()


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    line: int
    column: int


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._logs: list[PolicyKey] = []
        self._witnesses: dict[str, PolicyKey] = {}
        self._groups: dict[str, Group] = {}
        self._quorum: str | None = None
        self._members: set[str] = set()
        """Names that are members of a group already: each may be of one only."""

    def read(self, source: bytes) -> Policy:
        try:
            text = source.decode()
        except UnicodeDecodeError as error:
            line = source.count(b"\n", 0, error.start) + 1
            column = error.start - source.rfind(b"\n", 0, error.start)
            raise BadInput(Fault(self._file, line, column, "is not UTF-8 text", "save it as UTF-8")) from None
        lines = text.split("\n")
        if control := _CONTROL.search(text):
            line = text.count("\n", 0, control.start()) + 1
            column = control.start() - text.rfind("\n", 0, control.start())
            raise BadInput(Fault(self._file, line, column, "holds a control character", "leave it out"))
        for number, line_text in enumerate(lines, start=1):
            items = [_Item(one.group(), number, one.start() + 1) for one in _ITEM.finditer(line_text)]
            if items and not items[0].text.startswith("#"):
                self._take(items)
        if self._quorum is None:
            raise BadInput(Fault(self._file, len(lines), 1, "there is no quorum line", "end it with: quorum NAME"))
        return Policy(self._quorum, tuple(self._logs), self._witnesses, self._groups)

    def _take(self, items: list[_Item]) -> None:
        match items[0].text:
            case "log":
                self._count(items, 2, 3, "log VKEY [URL]")
                self._logs.append(self._key(items[1:], ED25519, self._logs))
            case "witness":
                self._count(items, 3, 4, "witness NAME VKEY [URL]")
                name = self._new_name(items[1])
                self._witnesses[name] = self._key(items[2:], COSIGNATURE, self._witnesses.values())
            case "group":
                self._count(items, 4, len(items), "group NAME all|any|K NAME…")
                self._groups[self._new_name(items[1])] = self._group(items[2], items[3:])
            case "quorum":
                self._count(items, 2, 2, "quorum NAME")
                if self._quorum is not None:
                    self._refuse(items[0], "there is a quorum line already", "keep one")
                self._quorum = NONE if items[1].text == NONE else self._known(items[1])
            case other:
                self._refuse(items[0], f"{other!r} begins no line of a policy", "use log, witness, group or quorum")

    def _group(self, count: _Item, members: list[_Item]) -> Group:
        names = []
        for member in members:
            name = self._known(member)
            if name in self._members:
                self._refuse(member, f"{name!r} is a member already", "let each name be a member once")
            self._members.add(name)
            names.append(name)
        least = {"all": len(names), "any": 1}.get(count.text)
        if least is None:
            least = int(count.text) if _COUNT.fullmatch(count.text) else 0
            if not 1 <= least <= len(names):
                what = f"{count.text!r} is not how many of {len(names)} must cosign"
                self._refuse(count, what, f"write all, any, or a number from 1 to {len(names)}")
        return Group(least, tuple(names))

    def _key(self, items: list[_Item], algorithm: bytes, earlier: Iterable[PolicyKey]) -> PolicyKey:
        try:
            key = VerifierKey.parse(items[0].text, algorithm)
        except CheckpointError as error:
            self._refuse(items[0], str(error), "give the key whole, as NAME+HASH+BASE64")
        if any(one.key.public_key == key.public_key for one in earlier):
            self._refuse(items[0], "this key stands here already", "list each key once")
        return PolicyKey(key, items[1].text if len(items) > 1 else "")

    def _new_name(self, item: _Item) -> str:
        if item.text == NONE or item.text in self._witnesses or item.text in self._groups:
            self._refuse(item, f"the name {item.text!r} is taken", "choose another")
        return item.text

    def _known(self, item: _Item) -> str:
        if item.text not in self._witnesses and item.text not in self._groups:
            self._refuse(item, f"no line above names {item.text!r}", "define witnesses and groups before they are used")
        return item.text

    def _count(self, items: list[_Item], least: int, most: int, form: str) -> None:
        if not least <= len(items) <= most:
            what = f"the line has {len(items)} words"
            self._refuse(items[0] if len(items) < least else items[most], what, f"write: {form}")

    def _refuse(self, item: _Item, what: str, mend: str) -> NoReturn:
        raise BadInput(Fault(self._file, item.line, item.column, what, mend))
