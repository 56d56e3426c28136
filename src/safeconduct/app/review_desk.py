"""A reviewer at the desk: each finding is recorded at once, signed with their own key where they have one."""

from collections.abc import Sequence

from nacl.signing import SigningKey

from safeconduct.app.officer_acts import OF_ANOTHER_VERSION
from safeconduct.app.registry_acts import OnRecord, RecordFindings
from safeconduct.app.reviewing import key_of
from safeconduct.app.writers import Writer
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import WITHDRAWN, MatchOpinion
from safeconduct.registry.linkage import Pair
from safeconduct.registry.pair_seen import Sight, outdated
from safeconduct.registry.reviewing import IDENTIFICATION, PairKey, same_reviewer


class ReviewDesk:
    """Records what one reviewer finds."""

    def __init__(self, writer: Writer, reviewer: str, key: SigningKey | None = None) -> None:
        """With a key, the reviewer is whom it is enrolled for. Raises Refused for one that is not enrolled, or for
        neither a key nor a name."""
        self.writer = writer
        self._key = key
        self._public_key = "" if key is None else bytes(key.verify_key).hex()
        if key is not None:
            author = writer.state.agreement.authors.keys.get(self._public_key)
            if author is None:
                raise Refused(f"the key {self._public_key[:16]}… is not enrolled: see safeconduct author enrol --help")
            reviewer = author.label
        self.reviewer = " ".join(reviewer.split())
        if not self.reviewer:
            raise Refused("say who reviews: --reviewer NAME, or --key FILE with a key that is enrolled")
        self._sight = Sight(writer.state.registry, self.reviewer)
        """What is shown rests on the record as it stands now; what comes in later is told from it."""

    def decide(self, pairs: Sequence[tuple[PairKey, Pair]], outcome: str, reason: str) -> None:
        """Record one outcome for pairs; it is durable when this returns. Raises Refused; then nothing is recorded."""
        self._record([self._opinion(key, pair, outcome, reason) for key, pair in pairs])

    def decide_each(self, found: Sequence[tuple[PairKey, Pair, str, str]]) -> None:
        """Record an outcome and its reason for each pair, as one group; the same as `decide` otherwise."""
        partners: dict[tuple[str, str, str], str] = {}
        for (held_list, held, sought_list, sought), _, outcome, _ in found:
            if outcome != IDENTIFICATION or held_list == sought_list:
                continue
            ours, theirs = (held_list, held), (sought_list, sought)
            for row, other in ((ours, theirs), (theirs, ours)):
                first = partners.setdefault((*row, other[0]), other[1])
                if first != other[1]:
                    raise Refused(f"{row[1]} is found to be both {first} and {other[1]}: nobody is two persons")
        self._record([self._opinion(*one) for one in found])

    def undo(self, pairs: Sequence[tuple[PairKey, Pair]], earlier: Sequence[MatchOpinion | None]) -> None:
        """Take what was found on pairs back: as it was before, where this reviewer had found something before."""
        opinions = []
        for (key, pair), before in zip(pairs, earlier, strict=True):
            if before is None:
                opinions.append(self._opinion(key, pair, WITHDRAWN, "taken back by the reviewer"))
            else:
                opinions.append(self._opinion(key, pair, before.outcome, before.reason))
        self._record(opinions)

    def own(self, pair: PairKey) -> MatchOpinion | None:
        """What this reviewer found on a pair."""
        return self.writer.state.registry.opinions_on(pair).get(same_reviewer(self.reviewer))

    def outdated(self, pair: PairKey) -> str:
        """Why a pair need not be looked at any more; empty if it must."""
        return outdated(self.writer.state.registry, pair, self.reviewer, self._sight.of(pair))

    def _opinion(self, key: PairKey, pair: Pair, outcome: str, reason: str) -> MatchOpinion:
        held_list, held_ref, sought_list, sought_ref = key
        return MatchOpinion(
            occurred_at_us=self.writer.clock.now_us(),
            held_list=held_list,
            held_ref=held_ref,
            sought_list=sought_list,
            sought_ref=sought_ref,
            probability_ppm=round(pair.probability * 1_000_000),
            band=pair.band,
            outcome=outcome,
            reason=reason,
            reviewer=self.reviewer,
            public_key=self._public_key,
            simulated=False,
        )

    def _record(self, opinions: Sequence[MatchOpinion]) -> None:
        seen = tuple(self._sight.of(key_of(one)) for one in opinions)
        if not isinstance(self.writer.perform(RecordFindings(tuple(opinions), seen), self._key), OnRecord):
            raise Refused(OF_ANOTHER_VERSION)
