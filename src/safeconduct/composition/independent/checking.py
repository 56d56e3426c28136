"""A composition held against its terms and candidates: what holds, what does not, and what no count can show."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from safeconduct.composition.independent.judging import (
    KINDS,
    OBJECTIVE,
    Judged,
    Round,
    Valued,
    days_held,
    judge,
    protected,
    values,
)
from safeconduct.composition.independent.reading import (
    CANNOT_BE_READ,
    Candidate,
    Terms,
    read_candidates,
    read_terms,
)
from safeconduct.composition.independent.selecting import matches
from safeconduct.kernel.errors import BadInput, Fault

_FIELDS = {
    "status",
    "chosen",
    "objectives",
    "released",
    "conflict",
    "explanation",
    "conflicts",
    "relaxations",
    "exhaustive",
    "tranches",
    "carried",
    "proposed",
    "as_read_by",
    "certificate",
}


@dataclass(frozen=True)
class File:
    """A file as it was given."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of its bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Finding:
    """One thing that was checked."""

    what: str
    holds: bool
    told: str


@dataclass(frozen=True)
class Checked:
    """All that was checked, and what was not."""

    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    """Sentences: what rests on the solver, or on files that were not given."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return all(one.holds for one in self.findings)


def check_composition(composition: File, terms: File, candidates: File, other_kinds: frozenset[str]) -> Checked:
    """Count everything anew. `other_kinds` are the kinds of clause that are not about who is exchanged.

    Raises BadInput for files that cannot be read.
    """
    told = _read(composition)
    kinds = frozenset((*KINDS, OBJECTIVE))
    agreed = read_terms(terms.name, terms.content, kinds, other_kinds, told.get("as_read_by", ""))
    listed = read_candidates(candidates.name, candidates.content, agreed.parties)
    try:
        check = _Check(told, agreed, listed)
        findings = (*check.inputs(terms.sha256, candidates.sha256), *check.composition())
        return Checked(findings, tuple(check.not_checked()))
    except CANNOT_BE_READ as error:
        what = f"the check cannot read it ({type(error).__name__}: {' '.join(str(error).split())})"
        mend = "safeconduct agreement check says whether the terms are sound; else compose again"
        raise BadInput(Fault(f"{composition.name} with {terms.name}", 0, 0, what, mend)) from None


class _Check:
    """One composition, its terms and its candidates."""

    def __init__(self, told: dict[str, Any], terms: Terms, candidates: Sequence[Candidate]) -> None:
        self._told = told
        self._terms = terms
        self._by_ref = {one.ref: one for one in candidates}
        self._rows: list[dict[str, Any]] = told["chosen"]
        tranches = {one["ref"]: one["tranche"] for one in self._rows if one.get("tranche")}
        chosen = [self._by_ref[one["ref"]] for one in self._rows if one["ref"] in self._by_ref]
        self._round = Round(terms, candidates, chosen, tranches)
        self._certificate: dict[str, Any] | None = told.get("certificate")

    def inputs(self, terms_sha256: str, candidates_sha256: str) -> Iterator[Finding]:
        """That it was made from these files, and by whose reading of the terms."""
        if party := self._told.get("as_read_by", ""):
            told = f"by {party}, not as agreed"
            yield Finding("whose reading of the terms", party in self._terms.parties, told)
        if self._certificate is None:
            return
        for name, given in (("terms", terms_sha256), ("candidates", candidates_sha256)):
            stated = self._certificate[f"{name}_sha256"]
            told = f"SHA-256 {given}" + (f", made from one of SHA-256 {stated}" if stated != given else "")
            yield Finding(f"the {name} file", stated == given, told)

    def composition(self) -> Iterator[Finding]:
        """That what it says is so."""
        if self._told["status"] == "infeasible":
            yield from self._infeasible()
            return
        yield self._persons()
        yield self._released()
        clauses = [clause for clause in self._terms.clauses if clause["kind"] != OBJECTIVE]
        judged = {clause["id"]: judge(clause, self._round) for clause in clauses}
        judged["protected"] = protected(self._round)
        for name, one in judged.items():
            yield Finding(f"clause {name}", one.kept, one.told)
        if self._round.names or self._told.get("tranches"):
            yield self._tranches()
        yield self._carried(judged)
        if self._told.get("proposed") or any(one.proposed for one in judged.values()):
            yield self._proposed(judged)
        valued = values(self._round)
        yield from self._objectives(valued)
        seed = None
        if self._certificate is not None:
            yield self._proven()
            seed = ""
            if self._certificate.get("seed"):
                yield (drawn := self._seed(self._certificate["seed"]))
                seed = self._certificate["seed"]["seed"] if drawn.holds else None
            yield self._rule()
        yield self._equals(judged.values(), valued, seed)

    def not_checked(self) -> Iterator[str]:
        """What counting cannot show."""
        versions = (self._certificate or {}).get("versions", {})
        by = ", ".join(f"{name} {version}" for name, version in versions.items()) or "the solver"
        again = "compose the same files again to see it yourself"
        if self._told["status"] == "infeasible":
            yield f"That no choice keeps every clause rests on {by}: {again}."
        else:
            yield f"That no allowed choice does better (the bounds) rests on {by}: {again}."
        if self._certificate is None:
            yield "It has no certificate: from which files it was made, and how equals were chosen, is not told."
        yield "Its sentences for people (explanation, conflicts, relaxations) are not read here."
        if unknown := sorted(self._told.keys() - _FIELDS):
            yield f"This check does not know: {', '.join(unknown)}."

    def _infeasible(self) -> Iterator[Finding]:
        nobody = not self._rows and not any(self._told["released"].values()) and not self._told["objectives"]
        yield Finding("nobody is chosen", nobody, f"{len(self._rows)} chosen of a round that is not possible")
        known = {clause["id"] for clause in self._terms.clauses if clause["kind"] != OBJECTIVE} | {"protected"}
        named = self._told["conflict"]
        yield Finding("the conflict names clauses", bool(named) and known.issuperset(named), ", ".join(named) or "none")

    def _persons(self) -> Finding:
        refs = [one["ref"] for one in self._rows]
        wrong = [ref for ref in refs if ref not in self._by_ref]
        wrong += [ref for ref, number in Counter(refs).items() if number > 1]
        wrong += [
            one["ref"]
            for one in self._rows
            for person in (self._by_ref.get(one["ref"]),)
            if person is not None and not self._as_listed(one, person)
        ]
        told = f"{len(refs)} chosen, each once, a candidate, held by, going home to and sent where list and terms say"
        return Finding("the persons", not wrong and refs == sorted(refs), told + _for_one(wrong))

    def _as_listed(self, row: Mapping[str, Any], person: Candidate) -> bool:
        destinations = [
            clause["to"]
            for clause in self._terms.clauses
            if clause["kind"] == "destination" and matches(clause.get("of", {}), person, self._terms.concluded)
        ]
        stated = (row["held_by"], row["home"], row.get("destination", ""))
        return stated == (person.held_by, person.home, destinations[0] if destinations else "")

    def _released(self) -> Finding:
        number = Counter(one.held_by for one in self._round.chosen)
        counted = {party: number[party] for party in self._terms.parties}
        told = ", ".join(f"{party} {one}" for party, one in counted.items())
        return Finding("released", counted == self._told["released"], told)

    def _tranches(self) -> Finding:
        names = self._round.names
        clauses = {clause["name"]: clause for clause in self._terms.clauses if clause["kind"] == "tranche"}
        went = Counter(self._round.tranches.values())
        stated = self._told.get("tranches", [])
        order = [one["name"] for one in stated]
        holds = sorted(order) == sorted(names) and {one["ref"] for one in self._rows} == self._round.tranches.keys()
        holds &= went.keys() <= clauses.keys()
        for place, one in enumerate(stated):
            clause = clauses.get(one["name"], {})
            asked = (clause.get("by", ""), list(clause.get("after", [])), went[one["name"]])
            holds &= (one["by"], one["after"], one["persons"]) == asked and set(one["after"]) <= set(order[:place])
        return Finding("the tranches", holds, ", ".join(f"{name} {went[name]}" for name in names) or "none")

    def _carried(self, judged: Mapping[str, Judged]) -> Finding:
        left = {name: dict(one.left) for name, one in judged.items() if one.carried or any(one.left.values())}
        told = "; ".join(f"{name}: {', '.join(f'{p} {n}' for p, n in one.items())}" for name, one in left.items())
        return Finding("what is left over", left == self._told.get("carried", {}), told or "nothing")

    def _proposed(self, judged: Mapping[str, Judged]) -> Finding:
        proposed = {name: list(one.proposed) for name, one in judged.items() if one.proposed}
        told = "; ".join(f"{name}: {len(refs)} persons" for name, refs in proposed.items())
        return Finding("who is only proposed", proposed == self._told.get("proposed", {}), told or "nobody")

    def _objectives(self, valued: Sequence[Valued]) -> Iterator[Finding]:
        stated = self._told["objectives"]
        names = [one.clause for one in valued]
        yield Finding("the objectives", [one["clause"] for one in stated] == names, ", then ".join(names))
        by_name = {one["clause"]: one for one in stated}
        for one in valued:
            claim = by_name.get(one.clause, {"value": -1, "bound": -1})
            value, bound = claim["value"], claim["bound"]
            holds = value == one.value <= bound
            holds &= self._told["status"] == "feasible" or bound == value
            told = (
                f"counted {one.value:,}, stated {value:,}, at most {bound:,}" if one.clause in by_name else "not stated"
            )
            yield Finding(f"objective {one.clause}", holds, told)

    def _proven(self) -> Finding:
        stated = (self._certificate or {})["proven"]
        objectives = self._told["objectives"]
        open_ones = (
            place
            for place, one in enumerate(objectives)
            if one["value"] != one["bound"] or one.get("levels", 0) < one.get("asked", 0)
        )
        short = next(open_ones, len(objectives))
        told = f"{len(stated)} of {len(objectives)} objectives locked as proven, each at its bound"
        return Finding("what is stated as proven", stated == [one["clause"] for one in objectives[:short]], told)

    def _seed(self, seed: Mapping[str, Any]) -> Finding:
        """That the seed follows from what every party revealed, that from what it committed to, for these files."""
        subject, certificate = seed["subject"], self._certificate or {}
        about = [subject["exchange"], subject["terms_sha256"], subject["candidates_sha256"]]
        parties = sorted(self._terms.parties)
        holds = about[1:] == [certificate["terms_sha256"], certificate["candidates_sha256"]]
        holds &= subject["parties"] == sorted(seed["secrets"]) == sorted(seed["commitments"]) == parties
        lines = ["safeconduct seed/1", *about]
        committed = []
        for party in parties if holds else ():
            secret = seed["secrets"][party]
            hashed = _sha256("safeconduct seed commitment/1", party, *about, secret)
            holds &= seed["commitments"][party] == hashed
            committed.append(f"{party} committed to {hashed}")
            lines += [party, secret]
        holds &= _sha256(*lines) == seed["seed"]
        return Finding("the seed", holds, f"exchange {about[0]}; {'; '.join(committed) or 'of other files or parties'}")

    def _rule(self) -> Finding:
        stated = (self._certificate or {})["rule"]
        by = "seed" if (self._certificate or {}).get("seed") else "ref"
        return Finding("the rule for equals", stated == ["longest-captivity", by], ", then ".join(stated))

    def _equals(self, judged: Iterable[Judged], valued: Sequence[Valued], seed: str | None) -> Finding:
        """That of those whom no clause and no objective tells apart the first by the rule go, and go the earliest.

        `seed` is empty if the smaller ref decides, None if it is not known what does.
        """
        sees: list[Callable[[Candidate], Hashable]] = [*(one.sees for one in judged), *(one.gain for one in valued)]
        groups: dict[Hashable, list[Candidate]] = {}
        for person in self._round.candidates:
            groups.setdefault(tuple(see(person) for see in sees), []).append(person)
        order = {one["name"]: place for place, one in enumerate(self._told.get("tranches", []))}
        going = {one.ref: order.get(self._round.tranches.get(one.ref, ""), 0) for one in self._round.chosen}
        turn = self._turn(seed)
        wrong: list[str] = []
        for group in groups.values():
            latest = -1
            for _, equals in groupby(sorted(group, key=turn), turn):
                places = {one.ref: going.get(one.ref, len(order) + 1) for one in equals}
                wrong += [ref for ref, place in places.items() if place < latest]
                latest = max(latest, *places.values())
        several = sum(len(group) > 1 for group in groups.values())
        told = f"{several} groups of candidates whom the terms do not tell apart; in each the first by the rule go"
        return Finding("the choice among equals", not wrong, told + _for_one(wrong))

    def _turn(self, seed: str | None) -> Callable[[Candidate], tuple[int, str, str]]:
        """By what equals are ordered; two of one turn may stand either way."""

        def turn(person: Candidate) -> tuple[int, str, str]:
            drawn = _sha256("safeconduct order/1", seed, person.ref) if seed else ""
            ref = person.ref if seed is not None else ""
            return -days_held(person, self._terms.concluded), drawn, ref

        return turn


def _for_one(wrong: Sequence[str]) -> str:
    return f"; not so: {', '.join(wrong[:5])}{' …' if len(wrong) > 5 else ''}" if wrong else ""


def _read(composition: File) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a field stands twice")
        return dict(pairs)

    try:
        told = json.loads(composition.content, object_pairs_hook=once)
        if told["status"] not in ("optimal", "feasible", "infeasible"):
            raise ValueError(f"its status is {told['status']!r}")
    except CANNOT_BE_READ as error:
        what = f"is no composition ({' '.join(str(error).split())})"
        raise BadInput(Fault(composition.name, 0, 0, what, "give what safeconduct compose -o wrote")) from None
    found: dict[str, Any] = told
    return found


def _sha256(*lines: str) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
