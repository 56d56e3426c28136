"""The weeks before the day: terms signed, lists read and matched, the round composed, the plan made and approved.

Everything goes through the product's own code from the bytes of files, as a user's own files would.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.app.commands import (
    AttestApproval,
    AttestSignature,
    Chosen,
    ProposePlan,
    ReceiveList,
    RecordCandidates,
    RecordOpinions,
    RecordRound,
    RecordTerms,
)
from safeconduct.clauses.composing import compose_round
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.plan import check_plan
from safeconduct.composition.report import Composition
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import DAY_US, HOUR_US, format_instant, parse_instant
from safeconduct.logistics.passengers import describe, read_chosen, seat
from safeconduct.logistics.plan import Plan, write_plan
from safeconduct.logistics.scheduling import NoPlan, make_plan
from safeconduct.logistics.sites import Sites, read_sites
from safeconduct.registry.candidate_list import write_candidates
from safeconduct.registry.linkage import Pair, find_duplicates, match_lists
from safeconduct.registry.lists import ListRead, read_list
from safeconduct.registry.reconciling import Interview, Reconciled, candidate_entry, reconcile
from safeconduct.registry.reviewing import IDENTIFICATION, Finding
from safeconduct.sim.desk import Desk
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.reviewers import Lists, review
from safeconduct.vocabulary.person import Person

MIDDLE = "NI"
"""The fictional intermediary of the example."""

SIGNED_US = parse_instant("2025-06-03T09:00:00Z")
LISTS_US = parse_instant("2025-06-12T09:00:00Z")
REVIEWED_US = parse_instant("2025-06-24T16:00:00Z")
COMPOSED_US = parse_instant("2025-06-30T10:00:00Z")
APPROVED_US = parse_instant("2025-07-01T18:00:00Z")


@dataclass(frozen=True)
class Prepared:
    """What stands on the eve of the exchange."""

    terms: Terms
    candidates: tuple[Person, ...]
    composition: Composition
    plan: Plan
    sites: Sites
    files: Mapping[str, bytes]
    """What was made on the way, by file name."""


@dataclass(frozen=True)
class _Lists:
    held: ListRead
    sought: ListRead
    held_id: str
    sought_id: str


def prepare(
    desk: Desk,
    files: Mapping[str, bytes],
    interviews: Mapping[str, Interview],
    narrator: Narrator,
    between: Callable[[], None] = lambda: None,
) -> Prepared:
    """Carry an exchange from its files to a plan that every party approved.

    `files` by name: terms.toml, sites.toml, lists/A-held.*, lists/A-sought.* of each party A. `interviews` by `ref` of
    the held lists: what the intermediary learns in private. `between` is called between the steps. Raises BadInput or
    Refused where a user's own files would.
    """
    terms = _agree(desk, files["terms.toml"], narrator)
    between()
    lists = _receive_lists(desk, terms, files, narrator)
    between()
    identified, same, matches = _match(desk, lists, narrator)
    between()
    candidates = _reconcile(desk, lists, identified, same, interviews, narrator)
    between()
    source = write_candidates([one.person for one in candidates])
    agreement = terms.agreement
    sites = read_sites("sites.toml", files["sites.toml"], agreement.parties, agreement.intermediaries)
    composition = _compose(desk, terms, source, sites.exchange, narrator)
    between()
    plan = _plan(desk, terms, composition, source, sites, narrator)
    between()
    made = {
        "matches.csv": matches,
        "candidates.csv": source,
        "composition.json": composition.to_json(),
        "plan.json": write_plan(plan),
    }
    return Prepared(terms, tuple(one.person for one in candidates), composition, plan, sites, made)


def _agree(desk: Desk, source: bytes, narrator: Narrator) -> Terms:
    narrator.begin("Terms")
    terms = read_terms("terms.toml", source)
    desk.clock.set_us(SIGNED_US)
    desk.office.perform(RecordTerms("terms.toml", source))
    disputed = sum(bool(clause.header.readings) for clause in (*terms.composing, *terms.running))
    narrator.tell(
        f"{len(terms.composing)} clauses on who is exchanged, {len(terms.running)} on the day; "
        f"{disputed} with each side's own reading beside the agreed one"
    )
    for party in terms.agreement.parties:
        desk.clock.set_us(SIGNED_US + HOUR_US)
        desk.office.perform(AttestSignature(party, terms.text.sha256, _paper(source, party), MIDDLE))
    narrator.tell(f"signed by {' and '.join(terms.agreement.parties)}, attested by {MIDDLE}: {terms.text.sha256[:16]}…")
    narrator.end()
    return terms


def _receive_lists(desk: Desk, terms: Terms, files: Mapping[str, bytes], narrator: Narrator) -> list[_Lists]:
    narrator.begin("Lists")
    desk.clock.set_us(LISTS_US)
    read: dict[str, ListRead] = {}
    for name in sorted(name for name in files if name.startswith("lists/")):
        party, _, purpose = name.removeprefix("lists/").partition(".")[0].partition("-")
        found = read[f"{party}-{purpose}"] = read_list(name, files[name])
        command = ReceiveList(
            party,
            purpose,
            f"{party}-{purpose}",
            hashlib.sha256(files[name]).hexdigest(),
            found.persons,
            len(found.findings),
        )
        desk.office.perform(command)
        unread = len(found.findings)
        cells = f", {unread} cell{'s' * (unread > 1)} that cannot be read" if unread else ""
        narrator.tell(f"{name}: {len(found.persons):,} persons{cells}")
    narrator.end()
    parties = terms.agreement.parties
    return [
        _Lists(read[f"{one}-held"], read[f"{other}-sought"], f"{one}-held", f"{other}-sought")
        for one in parties
        for other in parties
        if one != other
    ]


def _match(
    desk: Desk, lists: Sequence[_Lists], narrator: Narrator
) -> tuple[list[dict[str, str]], list[list[tuple[str, str]]], bytes]:
    """Of each pair of lists, who was identified as whom and who is listed twice; and all proposed pairs as CSV."""
    narrator.begin("Identities")
    desk.clock.set_us(REVIEWED_US)
    identified: list[dict[str, str]] = []
    same: list[list[tuple[str, str]]] = []
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("list", "left_ref", "other_list", "right_ref", "probability", "band", "outcome", "reasons"))
    for pair in lists:
        held = {person.ref: person for person in pair.held.persons}
        sought = {person.ref: person for person in pair.sought.persons}
        matched = match_lists(pair.held.persons, pair.sought.persons, later="right")
        proposed = [one for one in matched if one.band != "none"]
        twice = find_duplicates(pair.held.persons)
        opinions = review(proposed, Lists(pair.held_id, held, pair.sought_id, sought), REVIEWED_US)
        opinions += review(twice, Lists(pair.held_id, held, pair.held_id, held), REVIEWED_US)
        desk.office.perform(RecordOpinions(opinions))
        matches = [_found(desk, pair.held_id, pair.sought_id, one) for one in proposed]
        same_person = [_found(desk, pair.held_id, pair.held_id, one) for one in twice]
        identified.append({one.pair.left_ref: one.pair.right_ref for one in matches if one.is_same})
        same.append([(one.pair.left_ref, one.pair.right_ref) for one in same_person if one.is_same])
        writer.writerows(one.row() for one in (*matches, *same_person))
        narrator.tell(_matched(pair, matches, len(same[-1])))
    narrator.end()
    return identified, same, table.getvalue().encode()


@dataclass(frozen=True)
class _Found:
    """A proposed pair, and what its reviewers found."""

    held_id: str
    other_id: str
    pair: Pair
    finding: Finding

    @property
    def is_same(self) -> bool:
        return self.finding.outcome == IDENTIFICATION

    def row(self) -> tuple[str, ...]:
        pair = self.pair
        return (
            self.held_id,
            pair.left_ref,
            self.other_id,
            pair.right_ref,
            f"{pair.probability:.6f}",
            pair.band,
            self.finding.outcome,
            "; ".join(pair.reasons),
        )


def _found(desk: Desk, held_id: str, other_id: str, pair: Pair) -> _Found:
    key = held_id, pair.left_ref, other_id, pair.right_ref
    return _Found(held_id, other_id, pair, desk.office.state.registry.finding(key))


def _matched(pair: _Lists, matches: Sequence[_Found], twice: int) -> str:
    sure = sum(one.pair.band == "confirm" for one in matches)
    same = sum(one.is_same for one in matches)
    disputed = sum(one.finding.disputed for one in matches)
    return (
        f"{pair.held_id} with {pair.sought_id}: {len(matches):,} pairs proposed ({sure:,} for one reviewer, "
        f"{len(matches) - sure:,} for two), {same:,} identified by simulated reviewers, who disagree on {disputed}; "
        f"{twice} listed twice"
    )


def _reconcile(
    desk: Desk,
    lists: Sequence[_Lists],
    identified: Sequence[Mapping[str, str]],
    same: Sequence[Sequence[tuple[str, str]]],
    interviews: Mapping[str, Interview],
    narrator: Narrator,
) -> list[Reconciled]:
    narrator.begin("Candidates")
    everyone: list[Reconciled] = []
    at_us = REVIEWED_US + DAY_US
    for pair, matches, twice in zip(lists, identified, same, strict=True):
        sought = {person.ref: person for person in pair.sought.persons}
        found = reconcile(pair.held.persons, twice, {ref: sought[match] for ref, match in matches.items()}, interviews)
        desk.office.perform(
            RecordCandidates(tuple(candidate_entry(one, pair.held_id, one.person.ref, at_us) for one in found))
        )
        everyone += found
        narrator.tell(f"held by {pair.held_id.partition('-')[0]}: {len(found):,} persons heard in private and examined")
    narrator.end()
    return everyone


def tell_cosigned(desk: Desk, narrator: Narrator) -> None:
    """Have the record cosigned before a step that rests on it, and tell what came of it."""
    if sentence := desk.have_cosigned():
        narrator.tell(sentence)


def _compose(desk: Desk, terms: Terms, source: bytes, exchange: str, narrator: Narrator) -> Composition:
    narrator.begin("Who is exchanged")
    desk.clock.set_us(COMPOSED_US)
    candidates = read_list("candidates.csv", source)
    composition = compose_round(
        terms, "candidates.csv", candidates.persons, candidates.rows, clock=desk.clock, time_limit_us=HOUR_US
    )
    command = RecordRound(
        exchange=exchange,
        terms_sha256=terms.text.sha256,
        status=composition.status,
        chosen=tuple(Chosen(one.ref, one.held_by, one.home) for one in composition.chosen),
        released=composition.released,
        objectives={one.clause: one.value for one in composition.objectives},
        conflict=composition.conflict,
    )
    tell_cosigned(desk, narrator)
    desk.office.perform(command)
    if composition.status == "infeasible":
        raise Refused(f"no round keeps these terms: {' '.join(composition.explanation)}")
    narrator.tell(", ".join(f"{party} releases {number:,}" for party, number in composition.released.items()))
    reached = ", ".join(f"{one.clause} {one.value:,} of at most {one.bound:,}" for one in composition.objectives)
    narrator.tell(f"{composition.status}: {reached}")
    narrator.end()
    return composition


def _plan(
    desk: Desk, terms: Terms, composition: Composition, candidates: bytes, sites: Sites, narrator: Narrator
) -> Plan:
    narrator.begin("The plan")
    agreement = terms.agreement
    told = {one.ref: (one.held_at, one.categories) for one in read_list("candidates.csv", candidates).persons}
    chosen = read_chosen("composition.json", composition.to_json(), agreement.parties)
    made = make_plan(
        sites, seat(describe(chosen, told, "candidates.csv"), sites, "candidates.csv").persons, agreement.id
    )
    if isinstance(made, NoPlan):
        raise Refused(f"no plan: {made.reason}")
    plan = made.plan
    vehicles = len({leg.vehicle for leg in plan.legs})
    first, last = min(leg.depart_us for leg in plan.legs), max(leg.arrive_us for leg in plan.legs)
    narrator.tell(
        f"{len(plan.persons):,} persons, {vehicles} vehicles, {len(plan.legs)} legs, {len(plan.batches)} batches; "
        f"first departure {format_instant(first)[11:16]}, last arrival {format_instant(last)[11:16]} UTC"
    )
    deviations = len(check_plan(terms, plan))
    if deviations:
        raise Refused(f"the plan breaks the terms in {deviations} places: see safeconduct plan check")
    narrator.tell("checked against the terms: nothing found")
    source = write_plan(plan)
    desk.clock.set_us(APPROVED_US)
    desk.office.perform(ProposePlan("plan.json", source))
    sha256 = hashlib.sha256(source).hexdigest()
    for party in agreement.parties:
        desk.office.perform(AttestApproval(party, plan.exchange, sha256, _paper(source, party), MIDDLE))
    narrator.tell(f"approved by {' and '.join(agreement.parties)}, attested by {MIDDLE}: {sha256[:16]}…")
    narrator.end()
    return plan


def _paper(source: bytes, party: str) -> str:
    """The digest of a signed paper: in a simulation, of the text and who signed it."""
    return hashlib.sha256(source + f"\nsigned by {party}\n".encode()).hexdigest()
