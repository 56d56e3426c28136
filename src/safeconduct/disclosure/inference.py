"""What a text would tell beyond what it says, together with all that was released before it.

A number that is not cleared must not be pinned by cleared ones: a total and one side tell the other, two totals tell
who came between. Refused is a text by which an interval that was wider becomes narrower than NARROWEST values or a
tenth of its greatest. What one fact tells by itself, however often, was agreed when it was cleared.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from safeconduct.disclosure.counts import Facts, Known, Moment, Numbers, Text, timeline
from safeconduct.disclosure.facts import TOTAL, of_category, released_by
from safeconduct.disclosure.feasible import OPEN, Interval

NARROWEST = 3
"""So many values at least must remain possible: the least frequency that threshold rules of official statistics use."""
SLACK = 10
"""And the interval must be at least this part of its greatest value wide: a tenth, as p%-rules ask for."""
FEW = 2
"""A category of so few may point at persons."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """An uncleared number that a text would tell."""

    fact: str
    """What would be told."""
    interval: Interval
    by: str
    """The fact of the text that does it."""
    earlier: int | None
    """The released text, from 0, at whose moment the number stood; None for the moment of the new one."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the text may tell of persons, for somebody to look at."""

    by: str
    """The fact of the text that does it."""
    what: str


def numbers(facts: Mapping[str, str], among: Facts) -> dict[str, int]:
    """The numbers of persons among values as they are written."""
    plain = {fact: value.replace(",", "") for fact, value in facts.items() if fact in among.ids}
    return {fact: int(value) for fact, value in plain.items() if value.isascii() and value.isdigit()}


def pinned(facts: Facts, released: Sequence[Text], new: Text, cleared: Collection[str]) -> tuple[Pinned, ...]:
    """The uncleared numbers that the new text would tell, in the order of the facts."""
    if _adds_nothing(released, new):
        return ()
    hidden = [fact for fact in facts.ids if fact not in cleared and facts.twin(fact) not in cleared]
    if not hidden:
        return ()
    attack = _Attack(facts, released, new)
    cells = [(moment, fact) for fact in hidden for moment in reversed(range(len(attack.moments)))]
    attack.known.explore([cell for cell in cells if attack.suspicious(*cell)])
    found: dict[str, Pinned] = {}
    for moment, fact in cells:
        if fact in found or facts.twin(fact) in found or not attack.suspicious(moment, fact):
            continue
        interval = attack.told_anew(moment, fact)
        if interval is not None:
            by = attack.culprit(moment, fact)
            found[fact] = Pinned(_alike(facts, fact, by), interval, by, attack.earlier(moment))
    return tuple(found.values())


def _adds_nothing(released: Sequence[Text], new: Text) -> bool:
    """Whether the last text that told numbers told all of these."""
    last = next((one.told for one in reversed(released) if one.told), {})
    return new.told.items() <= last.items()


class _Attack:
    """What is known with the new text and without it."""

    def __init__(self, facts: Facts, texts: Sequence[Text], new: Text) -> None:
        self._facts, self._texts, self._text = facts, texts, new
        self._new = len(texts)
        # What contradicts earlier texts is read without them, and if those contradict each other each by itself.
        for apart, anew in ((False, False), (False, True), (True, True)):
            after = timeline(texts, apart=apart)
            self.last = after.add(self._new, new, anew=anew)
            self.known = Known(facts, after.moments)
            self._reading = apart, anew
            if self.known.possible:
                break
        before = timeline(texts, apart=apart)
        before.add(self._new, Text({}, new.persons), anew=anew)
        self.moments: Sequence[Moment] = after.moments
        self._moments_before = before.moments

    @cached_property
    def _before(self) -> Known:
        return Known(self._facts, self._moments_before)

    def earlier(self, moment: int) -> int | None:
        """The last released text that tells of a moment; None if the new one does."""
        texts = self.moments[moment].texts
        return None if self._new in texts else max(texts)

    def suspicious(self, moment: int, fact: str) -> bool:
        """Whether a number may have become narrow by the new text, for all that was found so far."""
        seen = self.known.at_least(moment, fact)
        return _narrow(seen) and all(self._before.at_most(index, fact) != seen for index in self._same(moment))

    def told_anew(self, moment: int, fact: str) -> Interval | None:
        """The interval of a hidden number, if it is narrow, was wider before, and is more than one fact tells."""
        # Without the new text an interval is no narrower; if it is no wider than what was seen with it, they are one.
        before = [self._before.interval(index, fact) for index in self._same(moment)]
        if self.known.at_least(moment, fact) in before:
            return None
        interval = self.known.interval(moment, fact)
        if not _narrow(interval) or interval in before or interval in self._by_one_fact(moment, fact):
            return None
        return interval

    def culprit(self, moment: int, fact: str) -> str:
        """The last fact of the new text without which it would not tell; the last of all if it needs no single one.

        By bounds alone, since it is but the place that somebody is sent to.
        """
        text = self._new if self._new in self.moments[moment].texts else max(self.moments[moment].texts)
        apart, anew = self._reading
        for one in reversed(self._text.told):
            without = timeline(self._texts, apart=apart)
            rest = {other: value for other, value in self._text.told.items() if other != one}
            without.add(self._new, self._text._replace(told=rest), anew=anew)
            at = next(index for index, other in enumerate(without.moments) if text in other.texts)
            if not _narrow(Known(self._facts, without.moments).at_most(at, fact)):
                return one
        return list(self._text.told)[-1]

    def _same(self, moment: int) -> list[int]:
        """The moments, as they were known without the new text, that are this one."""
        texts = set(self.moments[moment].texts)
        return [index for index, one in enumerate(self._moments_before) if texts.issuperset(one.texts)]

    def _by_one_fact(self, moment: int, fact: str) -> Iterator[Interval]:
        """The intervals that single other facts give by themselves, over all moments that hang together."""
        begun = max(index for index in range(moment + 1) if index == 0 or self.moments[index].anew)
        end = next((at for at in range(moment + 1, len(self.moments)) if self.moments[at].anew), len(self.moments))
        for other in self._facts.ids:
            if other in (fact, self._facts.twin(fact)) and other not in self.moments[moment].told:
                continue
            values = {at: self.known.value(at, other) for at in range(begun, end)}
            known = {at: value for at, value in values.items() if value is not None}
            low = [value for at, value in known.items() if at <= moment and self._facts.within(other, fact)]
            high = [value for at, value in known.items() if at >= moment and self._facts.within(fact, other)]
            yield Interval(max(low, default=0), min(high, default=OPEN))


def _narrow(interval: Interval) -> bool:
    width = interval.high - interval.low
    return width < max(NARROWEST - 1, -(-interval.high // SLACK))


def _alike(facts: Facts, fact: str, by: str) -> str:
    """The name of a number that looks like that of the fact which tells it."""
    return max((fact, facts.twin(fact)), key=lambda name: name.split(".")[0] == by.split(".")[0])


def remarks(facts: Facts, released: Sequence[Text], new: Text) -> tuple[Remark, ...]:
    """What the new text tells of the persons of a category: all, none or few of a group that is told of."""
    if _adds_nothing(released, new):
        return ()
    attack = _Attack(facts, released, new)
    return tuple(one for category in facts.categories for one in _of_category(facts, attack, category, new.told))


@dataclass(frozen=True, slots=True)
class _Step:
    """A moment at which a category's number and the total are known."""

    moment: int
    of_category: int
    total: int


def _steps(attack: _Attack, category: str) -> list[_Step]:
    """Those moments up to the text's own, since numbers last fell; none if it is not known then."""
    steps = []
    for index in range(attack.last, -1, -1):
        count, total = attack.known.value(index, of_category(category)), attack.known.value(index, TOTAL)
        if count is not None and total is not None:
            steps.append(_Step(index, count, total))
        elif index == attack.last:
            return []
        if attack.moments[index].anew:
            break
    return steps[::-1]


def _of_category(facts: Facts, attack: _Attack, category: str, new: Numbers) -> Iterator[Remark]:
    fact, steps = of_category(category), _steps(attack, category)
    by = fact if fact in new else next(iter(new))
    if not steps:
        if fact in new and new[fact] <= FEW:
            yield Remark(by, f"of those handed over, {_told_of(new[fact], OPEN)} of category {category}")
        return
    now = steps[-1]
    if fact in new or TOTAL in new:
        whole = _told_of(now.of_category, now.total)
        if whole:
            yield Remark(by, f"of those handed over, {whole} of category {category}")
        if len(steps) > 1:
            then = steps[-2]
            part = _told_of(now.of_category - then.of_category, now.total - then.total)
            if part and part != whole:
                yield Remark(by, f"of those handed over since an earlier text, {part} of category {category}")
    if 0 < now.of_category < now.total:
        for party in facts.parties:
            count = _on_side(attack.known, steps, party)
            if count is not None:
                are = "is" if count == 1 else "are"
                yield Remark(by, f"of those whom {party} released, {count:,} {are} of category {category}")


def _told_of(count: int, size: int) -> str:
    """What a count of a group says of its members; empty if it says little."""
    if size == 0:
        return ""
    if count == size:
        return f"all {size:,} are" if size > 1 else "the only one is"
    if count == 0:
        return "none is"
    return f"only {count} {'is' if count == 1 else 'are'}" if count <= FEW else ""


def _on_side(known: Known, steps: Sequence[_Step], party: str) -> int | None:
    """How many of a category a party released, if that is plain from the steps, each by itself."""
    low = high = total = count = released = 0
    for step in steps:
        side = known.value(step.moment, released_by(party))
        if side is None:
            return None
        more, of_them, from_it = step.total - total, step.of_category - count, side - released
        low, high = low + max(0, of_them - (more - from_it)), high + min(of_them, from_it)
        total, count, released = step.total, step.of_category, side
    return low if low == high else None
