"""The kinds that say who is exchanged."""

from safeconduct.clauses.balance import BALANCE_PAGE, Balance, read_balance
from safeconduct.clauses.count import COUNT_PAGE, Count, read_count
from safeconduct.clauses.destination import DESTINATION_PAGE, Destination, read_destination
from safeconduct.clauses.exclude import EXCLUDE_PAGE, Exclude, read_exclude
from safeconduct.clauses.holders_choice import CHOICE_PAGE, Choice, read_choice
from safeconduct.clauses.include import INCLUDE_PAGE, Include, read_include
from safeconduct.clauses.kind import Kind
from safeconduct.clauses.like_for_like import LIKE_FOR_LIKE_PAGE, LikeForLike, read_like_for_like
from safeconduct.clauses.prefer import PREFER_PAGE, FairShare, Prefer, read_prefer
from safeconduct.clauses.ratio import RATIO_PAGE, Ratio, read_ratio
from safeconduct.clauses.release_all import RELEASE_ALL_PAGE, ReleaseAll, read_release_all
from safeconduct.clauses.requires import REQUIRES_PAGE, Requires, read_requires
from safeconduct.clauses.together import TOGETHER_PAGE, Together, read_together
from safeconduct.clauses.tranche import TRANCHE_PAGE, Tranche, read_tranche
from safeconduct.clauses.veto import VETO_PAGE, Veto, read_veto

ComposeClause = (
    ReleaseAll
    | Exclude
    | Include
    | Count
    | Ratio
    | LikeForLike
    | Balance
    | Together
    | Requires
    | Veto
    | Choice
    | Tranche
    | Destination
    | Prefer
    | FairShare
)

COMPOSE_KINDS: dict[str, Kind[ComposeClause]] = {
    "release-all": Kind(read_release_all, RELEASE_ALL_PAGE),
    "exclude": Kind(read_exclude, EXCLUDE_PAGE),
    "include": Kind(read_include, INCLUDE_PAGE),
    "count": Kind(read_count, COUNT_PAGE),
    "ratio": Kind(read_ratio, RATIO_PAGE),
    "like-for-like": Kind(read_like_for_like, LIKE_FOR_LIKE_PAGE),
    "balance": Kind(read_balance, BALANCE_PAGE),
    "together": Kind(read_together, TOGETHER_PAGE),
    "requires": Kind(read_requires, REQUIRES_PAGE),
    "veto": Kind(read_veto, VETO_PAGE),
    "choice": Kind(read_choice, CHOICE_PAGE),
    "tranche": Kind(read_tranche, TRANCHE_PAGE),
    "destination": Kind(read_destination, DESTINATION_PAGE),
    "prefer": Kind(read_prefer, PREFER_PAGE),
}
