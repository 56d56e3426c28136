"""Which entries a key may sign, by whose it is: a party its own agreement, a device its reports, a facility its notes.

What the intermediary's persons record is for the commands to decide; what they may never sign is what says of itself
that a party signed it.
"""

from collections.abc import Collection

from safeconduct.agreement.authors import DEVICE, Author
from safeconduct.agreement.entries import TermsSignedByParty, UncosignedStepAgreed
from safeconduct.disclosure.entries import ErasureAgreed
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, ReleaseAgreed, ReleaseProposed
from safeconduct.kernel.entry import type_tag
from safeconduct.kernel.times import MINUTE_US
from safeconduct.logistics.entries import PlanApprovedByParty
from safeconduct.reception.entries import CareNoted, CareTallied
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_entries import ListChangeAgreed, ListChangeDeclined, ListChangeProposed
from safeconduct.tracking.entries import REPORTED_AS, TechnicalReported

BY_PARTY = frozenset((type_tag(TermsSignedByParty), type_tag(PlanApprovedByParty)))
"""What a party signs with its own key; each has the fields `party`, `public_key` and `author_seq`."""
BY_OFFICER = frozenset((type_tag(UncosignedStepAgreed), type_tag(ErasureAgreed)))
"""What a person of the intermediary signs with its own key; each has a field `public_key`."""
ON_RELEASES = frozenset(type_tag(one) for one in (ReleaseProposed, ReleaseAgreed, GlassBroken, GlassReviewed))
"""The same of releases, whose fields the parties are not told."""
OPINION = type_tag(MatchOpinion)
"""What a reviewer signs with their own key; its field `public_key` is empty where the desk attests it."""
LIST_CHANGES = frozenset(type_tag(one) for one in (ListChangeProposed, ListChangeAgreed, ListChangeDeclined))
"""What a person of a party and one of the intermediary sign, each with a key of their own; each has the fields `own`,
`side` and `public_key`."""
REPORTS = frozenset(type_tag(one) for one in (*REPORTED_AS.values(), TechnicalReported))
CLOCKS_APART_US = 5 * MINUTE_US
"""How far an author's clock may lie from the ledger's."""
OF_FACILITY = frozenset((type_tag(CareNoted), type_tag(CareTallied)))


def may_sign(author: Author, tag: str) -> bool:
    """Whether a key may author entries of this type."""
    if author.kind == DEVICE:
        return tag in REPORTS
    if not author.own:  # the intermediary's
        return tag not in BY_PARTY
    if author.own == (author.actor,):
        return tag in BY_PARTY or tag in LIST_CHANGES or tag in REPORTS
    return tag in OF_FACILITY


def signs_for_itself(author: Author, party: object, public_key: object, author_seq: object, number: int) -> bool:
    """Whether an entry of `BY_PARTY` says of itself what its header says: whose it is, which key, which number."""
    return (party, public_key, author_seq) == (author.actor, author.public_key, number)


def signs_change_for_itself(author: Author, side: object, public_key: object, own: Collection[object]) -> bool:
    """Whether an entry of `LIST_CHANGES` says of itself whose it is: a party's of its own list, the intermediary's of
    none. Of a founding key a copy does not tell whose it is, only that it is the intermediary's.
    """
    if public_key != author.public_key or (side in own) != bool(author.own):
        return False
    return side == author.actor or (author.founding and not author.actor)


def signed_in_time(occurred_at_us: int, seen_at_us: int, recorded_at_us: int) -> bool:
    """Whether the moment that a signature claims lies after all that its author had seen, and before it was recorded.

    `seen_at_us`: when the last entry of the checkpoint that stands in its header was recorded (0: it had seen none).
    """
    return seen_at_us - CLOCKS_APART_US <= occurred_at_us <= recorded_at_us + CLOCKS_APART_US
