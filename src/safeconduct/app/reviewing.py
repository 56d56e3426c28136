"""Recording what reviewers find: what may be recorded, at the desk or signed with a reviewer's own key."""

import re
from collections.abc import Iterator

from safeconduct.agreement.authors import PERSON, Author
from safeconduct.app.commands import RecordOpinions
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import OUTCOMES, WITHDRAWN, MatchOpinion
from safeconduct.registry.fold import fold
from safeconduct.registry.reviewing import IDENTIFICATION, REVIEWERS, PairKey, same_reviewer

_WORDS = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_SHORTEST_NAME = 3


def record_opinions(state: Exchange, command: RecordOpinions) -> list[Entry]:
    """The entries of opinions that the workspace's key attests. Raises Refused."""
    keys = {same_reviewer(one.label) for one in state.agreement.authors.keys.values() if _is_reviewer(state, one)}
    for one in command.opinions:
        if one.public_key:
            raise Refused("what is recorded at the desk is not signed with a reviewer's own key")
        if same_reviewer(one.reviewer) in keys:
            raise Refused(f"{one.reviewer} has a key of their own: sign with it (--key FILE)")
        why = _misfit(state, one)
        if why:
            raise Refused(why)
    return list(command.opinions)


def signed_opinion_misfit(state: Exchange, author: Author, entry: MatchOpinion) -> str:
    """Why an opinion that this author signed cannot be taken; empty if it can."""
    if entry.public_key != author.public_key or entry.reviewer != author.label:
        return f"it says of itself another key or reviewer than its author, {author.label!r}"
    if not _is_reviewer(state, author):
        return f"its author, {author.label!r}, is no person of the intermediary"
    return _misfit(state, entry)


def _is_reviewer(state: Exchange, author: Author) -> bool:
    """Whether a key is of a person of the intermediary; the workspace's own attests and reviews nothing."""
    terms = state.agreement.terms
    ours = terms is not None and author.actor in terms.intermediaries
    return ours and author.kind == PERSON and not author.founding


def _misfit(state: Exchange, one: MatchOpinion) -> str:
    pair = key_of(one)
    what = f"{one.held_ref} with {one.sought_ref}"
    if one.outcome not in (*OUTCOMES, WITHDRAWN):
        return f"unknown outcome of a review {one.outcome!r}; allowed: {', '.join(OUTCOMES)}"
    if one.band not in REVIEWERS:
        return f"unknown band {one.band!r} of {what}; allowed: {', '.join(REVIEWERS)}"
    if not same_reviewer(one.reviewer):
        return f"{what} was reviewed by nobody: say who"
    if not one.reason.strip():
        return f"{what} lacks a reason"
    for key in (pair[:2], pair[2:]):
        if key not in state.registry.persons:
            return f"no person {key[1]} on list {key[0]}"
    if _names_in(state, pair, one.reason):
        return f"the reason given for {what} names the person: leave names out, the record of reviews has none"
    if pair[:2] == pair[2:]:
        return f"{one.held_ref} is one row, not two"
    if one.outcome == WITHDRAWN and same_reviewer(one.reviewer) not in state.registry.opinions_on(pair):
        return f"{one.reviewer} has found nothing on {what} that could be taken back"
    if one.outcome == IDENTIFICATION and one.held_list != one.sought_list:
        for other in _identified_with(state, pair):
            return (
                f"{what}: {other} was identified already; exclude that pair first, or find the two rows to be the same"
            )
    return ""


def _names_in(state: Exchange, pair: PairKey, text: str) -> bool:
    """Whether a text holds a name that stands in either row, in any script."""
    rows = (state.registry.persons[row] for row in (pair[:2], pair[2:]))
    names = {fold(name) for row in rows for name in (row.family_name, row.given_name, row.patronymic)}
    return any(len(word) >= _SHORTEST_NAME and word in names for word in map(fold, _WORDS.findall(text)))


def key_of(one: MatchOpinion) -> PairKey:
    """The pair that an opinion is on."""
    return one.held_list, one.held_ref, one.sought_list, one.sought_ref


def _identified_with(state: Exchange, pair: PairKey) -> Iterator[str]:
    """Other pairs of the same two lists in which one of the two rows was found to be somebody else."""
    registry = state.registry
    for row, place in ((pair[:2], 3), (pair[2:], 1)):
        for other in registry.pairs_with(row):
            if (other[0], other[2]) != (pair[0], pair[2]) or other[place] == pair[place]:
                continue
            where, one, two = pair[place - 1], pair[place], other[place]
            twice = ((where, one, where, two), (where, two, where, one))
            same = any(registry.finding(ends).outcome == IDENTIFICATION for ends in twice)
            if registry.finding(other).outcome == IDENTIFICATION and not same:
                yield f"{other[1]} with {other[3]}"
