"""The kinds that say who is exchanged."""

from safeconduct.clauses.balance import Balance, read_balance
from safeconduct.clauses.clause import ReadClause
from safeconduct.clauses.count import Count, read_count
from safeconduct.clauses.exclude import Exclude, read_exclude
from safeconduct.clauses.include import Include, read_include
from safeconduct.clauses.prefer import Prefer, read_prefer
from safeconduct.clauses.ratio import Ratio, read_ratio
from safeconduct.clauses.release_all import ReleaseAll, read_release_all
from safeconduct.clauses.requires import Requires, read_requires
from safeconduct.clauses.together import Together, read_together

ComposeClause = ReleaseAll | Exclude | Include | Count | Ratio | Balance | Together | Requires | Prefer

COMPOSE_KINDS: dict[str, ReadClause[ComposeClause]] = {
    "release-all": read_release_all,
    "exclude": read_exclude,
    "include": read_include,
    "count": read_count,
    "ratio": read_ratio,
    "balance": read_balance,
    "together": read_together,
    "requires": read_requires,
    "prefer": read_prefer,
}
