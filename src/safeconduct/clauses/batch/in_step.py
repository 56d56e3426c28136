"""`simultaneity` and `parity`: neither side before the other."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from safeconduct.clauses.batch.hearing import ANYTHING
from safeconduct.clauses.batch.observed import Found, Handover, Observed
from safeconduct.clauses.batch.people import Member
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.kernel.times import format_duration


def judge_simultaneity(clause: Simultaneity, day: Observed) -> Iterator[Found]:
    """In each batch, the first handover to each side against the first of all."""
    batches: dict[str, dict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    for member in day.people.members.values():
        if member.batch:
            batches[member.batch][member.home].append(member)
    for batch, sides in batches.items():
        first: dict[str, Handover] = {}
        for side, members in sides.items():
            done = [day.handovers[one.id] for one in members if one.id in day.handovers]
            if done:
                first[side] = min(done, key=lambda one: (one.at_us, one.id))
        if not first:
            continue
        earliest = min(first.values(), key=lambda one: (one.at_us, one.id))
        due_us = earliest.at_us + clause.within_us
        for side, members in sides.items():
            if not any(day.people.is_due(one.id, due_us) for one in members):
                continue
            own = first.get(side)
            if own is not None and own.at_us <= due_us:
                continue
            expected = f"expected the first of batch {batch} going home to {side} by {moment(due_us)}"
            expected += f", {format_duration(clause.within_us)} after the first of all"
            seen = "none was handed over" if own is None else f"the first was handed over at {moment(own.at_us)}"
            evidence = (earliest.id,) if own is None else (earliest.id, own.id)
            yield Found("one-sided", batch, due_us, expected, seen, evidence, deadline=True, lacking=ANYTHING)


def judge_parity(clause: Parity, day: Observed) -> Iterator[Found]:
    """The lead of one side at each instant of a handover."""
    one, other = clause.between
    weight = dict(zip(clause.between, reversed(clause.ratio), strict=True))
    released = dict.fromkeys(clause.between, 0)
    done = sorted((handover.at_us, handover.id, person) for person, handover in day.handovers.items())
    leading = False
    for at_us, instant in groupby(done, key=lambda handover: handover[0]):
        evidence = []
        for _, event, person in instant:
            side = day.people.members[person].held_by
            if side in released:
                released[side] += 1
                evidence.append(event)
        ahead = released[one] * weight[one] - released[other] * weight[other]
        if abs(ahead) > clause.max_lead and not leading:
            expected = f"expected handovers in the ratio {clause.ratio[0]}:{clause.ratio[1]} of {one} and {other}"
            expected += f", ahead by {clause.max_lead} at most"
            seen = f"at {moment(at_us)} {one} had released {released[one]}, {other} {released[other]}"
            yield Found("lead", one if ahead > 0 else other, at_us, expected, seen, tuple(evidence), lacking=ANYTHING)
        leading = abs(ahead) > clause.max_lead
