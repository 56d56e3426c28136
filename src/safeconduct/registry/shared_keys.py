"""The pairs of rows that share a key of the blocking, however common the key.

A name that everybody bears is no key: its pairs grow with the square of the lists. A value of a key that would give
more than `CROWDED` pairs is *crowded*. Its rows are compared only where they agree in one field more, and where that
is still crowded in yet another one; what no field tells apart is left to the other keys. What is crowded is counted and
kept, so that it can be said of any pair.

Runs in DuckDB over the tables `l` and `r` of rows numbered by `id`; the same for any order of the rows.
"""

# ruff: noqa: S608 - all names in the SQL are of our own; what lists say stands in tables only

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from safeconduct.registry.blocking import BLOCKING, Join, Rule, known

CROWDED: Final = 100_000
"""A value of a key with more pairs than this is crowded: some 300 rows of each list."""
FINER: Final = 100
"""With a field more a key is crowded from so many times fewer pairs: some 30 rows of each list."""
TOLD_APART_BY: Final = ("year", "patronymic_likely", "given_likely", "family", "born")
"""Rows with a crowded key are compared where they agree in one of these as well."""
_AT_ONCE: Final = 5_000_000
"""So many pairs are looked at in one step."""


class Database(Protocol):
    """A connection to DuckDB."""

    def execute(self, query: str, /) -> Any:
        """Run SQL, and give what can be fetched from."""


@dataclass(frozen=True, slots=True)
class CrowdedRule:
    """A rule of the blocking some values of which too many rows share."""

    rule: int
    """Its place in the blocking."""
    values: int
    pairs: int
    """So many pairs share one of them."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """What was not compared by a key alone because too many rows share it."""

    rules: tuple[CrowdedRule, ...] = ()
    left: frozenset[int] = frozenset()
    """The rows of the left list that have crowded keys and were compared with nobody, by number."""
    keys: frozenset[int] = frozenset()
    """The crowded keys, hashed."""
    beyond_the_best: int = 0
    """So many pairs were compared, but forgotten since both rows have so many better ones (`scoring.BEST`)."""


NO_CROWDING: Final = Crowding()
"""No key has too many rows."""


def share_a_key(
    database: Database,
    worth: str,
    *,
    one_list: bool,
    crowded: int = CROWDED,
    blocking: Sequence[Rule] = BLOCKING,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Crowding:
    """Write the pairs that share a key into the table `pairs` (i, j: the numbers of a left and a right row), each once.

    `worth` is an SQL condition on the rows `l` and `r`: only such pairs are kept. Of one list (`r` the same as `l`) a
    pair has the lower number first. `crowded`: the most pairs that a value of a key may give. `tell` is told how many
    of how many rules are done.
    """
    joining = _Counting(database, worth, one_list=one_list, crowded=crowded)
    told = []
    for place, rule in enumerate(blocking):
        values, pairs = joining.take(place, rule)
        if values:
            told.append(CrowdedRule(place, values, pairs // 2 if one_list else pairs))
        tell(place + 1, len(blocking))
    joining.end()
    return Crowding(tuple(told), frozenset(joining.left), frozenset(joining.keys))


def sharing(database: Database, blocking: Sequence[Rule] = BLOCKING) -> frozenset[int]:
    """The places of the rules whose key one row `l` and one row `r`, alone in their tables, share."""
    wanted = ", ".join(f"coalesce({rule.condition}, false)" for rule in blocking)
    (row,) = database.execute(f"select {wanted} from l, r").fetchall()
    return frozenset(place for place, shared in enumerate(row) if shared)


def compared_by(
    database: Database, shared: Collection[int], crowding: Crowding, blocking: Sequence[Rule] = BLOCKING
) -> frozenset[int]:
    """Of these the rules by which the two rows were compared, in lists with these crowded keys."""
    values = ", ".join(f"({key})" for key in sorted(crowding.keys))
    database.execute("create or replace temp table crowded_keys (k ubigint)")
    database.execute(f"insert into crowded_keys values {values}")
    compared = set()
    for place in shared:
        joining = _Known(database, "true", one_list=False)
        joining.take(place, blocking[place])
        joining.end()
        if database.execute("select count(*) from pairs").fetchall()[0][0]:
            compared.add(place)
    return frozenset(compared)


@dataclass(frozen=True, slots=True)
class _Met:
    plain: int
    """Pairs of keys that are not crowded."""
    crowded: int
    crowded_pairs: int


class _Joining:
    """Rows brought together by their keys. A key is one number, the hash of its rule and its values."""

    def __init__(self, database: Database, worth: str, *, one_list: bool) -> None:
        self._run = database.execute
        self._worth = worth
        self._order = "kl.id < kr.id" if one_list else "true"
        self._waiting = 0
        self.keys: set[int] = set()
        self.left: set[int] = set()
        self._run("create or replace temp table met (i integer, j integer)")
        self._run("create or replace temp table found (i integer, j integer)")
        self._run("create or replace temp table compared (id integer)")

    def take(self, place: int, rule: Rule) -> tuple[int, int]:
        """Bring together by a rule; how many of its values are crowded, and how many pairs share one."""
        whole = {one.left for one in rule.agreements if one.left == one.right and not one.letters}
        others = [one for one in TOLD_APART_BY if one not in whole and not (one == "year" and "born" in whole)]
        values = pairs = 0
        for number, join in enumerate(rule.joins()):
            self._keys_of(join, f"{place}, {number}")
            met = self._bring_together(0, others)
            values, pairs = values + met.crowded, pairs + met.crowded_pairs
        return values, pairs

    def end(self) -> None:
        """Leave the table `pairs`."""
        self._weigh()
        self._run("create or replace temp table pairs as select distinct i, j from found")
        if self.left:
            self.left -= {row for (row,) in self._run("select distinct id from compared").fetchall()}
        for table in ("met", "found", "compared"):
            self._run(f"drop table {table}")

    def _keys_of(self, join: Join, rule: str) -> None:
        for side, values, has in (("l", join.left, join.left_has), ("r", join.right, join.right_has)):
            key = f"hash({rule}, {', '.join(values)})"
            self._run(f"create or replace temp table k{side}0 as select id, {key} as k from {side} where {_all(has)}")

    def _bring_together(self, depth: int, others: Sequence[str]) -> "_Met":
        """By the keys of one depth; then the rows of crowded ones by these keys and one of `others`."""
        self._run(
            f"create or replace temp table g{depth} as select k, a.n * b.n as n from"
            f" (select k, count(*) as n from kl{depth} group by k) a"
            f" join (select k, count(*) as n from kr{depth} group by k) b using (k)"
        )
        self._run(f"create or replace temp table c{depth} as {self._crowded(depth)}")
        crowded = self._run(f"select k, n from c{depth}").fetchall()
        plain = self._meet(depth)
        if not crowded:
            return _Met(plain, 0, 0)
        met = _Met(plain, len(crowded), sum(size for _, size in crowded))
        self.keys.update(key for key, _ in crowded)
        if depth == 0:
            rows = self._run("select distinct id from kl0 semi join c0 using (k)").fetchall()
            self.left.update(row for (row,) in rows)
        for place, other in enumerate(others):
            for side in "lr":
                self._run(
                    f"create or replace temp table k{side}{depth + 1} as"
                    f" select k.id, hash(k.k, {side}.{other}) as k from k{side}{depth} k semi join c{depth} using (k)"
                    f" join {side} on {side}.id = k.id where {known(f'{side}.{other}')}"
                )
            refined = self._bring_together(depth + 1, others[place + 1 :])
            if refined.plain + refined.crowded_pairs == met.crowded_pairs:
                break  # All agree in it, so that without it nothing more is found.
        return met

    def _crowded(self, depth: int) -> str:
        """A query for the crowded keys of a depth (k) and their pairs (n), of the table `g` of all."""
        raise NotImplementedError

    def _meet(self, depth: int) -> int:
        """Bring together by the keys that are not crowded; how many pairs these have."""
        query = f"select coalesce(sum(n), 0) from g{depth} anti join c{depth} using (k)"
        size = int(self._run(query).fetchall()[0][0])
        if self._waiting + size > _AT_ONCE:
            self._weigh()
        self._run(
            f"insert into compared select distinct id from kl{depth}"
            f" semi join (from g{depth} anti join c{depth} using (k)) using (k)"
        )
        parts = size // _AT_ONCE + 1
        for part in range(parts):
            self._run(
                f"insert into met select kl.id, kr.id from (from kl{depth} anti join c{depth} using (k)) kl"
                f" join kr{depth} kr using (k) where {self._order} and kl.id % {parts} = {part}"
            )
            self._waiting += size // parts
            if parts > 1:
                self._weigh()
        return size

    def _weigh(self) -> None:
        """Keep of the pairs that met those that are worth it."""
        self._run(
            "insert into found select i, j from (select distinct i, j from met)"
            f" join l on l.id = i join r on r.id = j where {self._worth}"
        )
        self._run("truncate met")
        self._waiting = 0


class _Counting(_Joining):
    """By the keys of whole lists."""

    def __init__(self, database: Database, worth: str, *, one_list: bool, crowded: int) -> None:
        super().__init__(database, worth, one_list=one_list)
        self._most = crowded

    def _crowded(self, depth: int) -> str:
        most = max(self._most // FINER, 1) if depth else self._most
        return f"select k, n from g{depth} where n > {most}"


class _Known(_Joining):
    """By keys of which the crowded ones are known."""

    def _crowded(self, depth: int) -> str:
        return f"select k, n from g{depth} semi join crowded_keys using (k)"


def _all(conditions: Sequence[str]) -> str:
    return " and ".join(conditions)
