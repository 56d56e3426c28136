"""A kind of clause as it stands in a registry: how its parameters are read, and its page."""

from dataclasses import dataclass
from typing import Generic

from safeconduct.clauses.clause import C, ReadClause
from safeconduct.clauses.page import KindPage


@dataclass(frozen=True)
class Kind(Generic[C]):
    """One kind of the library."""

    read: ReadClause[C]
    page: KindPage
