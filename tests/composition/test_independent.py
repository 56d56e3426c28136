"""The check that shares no code with compose: it agrees with the kinds' own judges, and finds whatever was changed."""

import ast
import csv
import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.composition.rounds import CONCLUDED, Round, rounds, terms_toml
from tests.composition.test_brute_force import MINUTE_US, StoppedClock, composed
from tests.composition.test_composing import compose, one
from typer.testing import CliRunner, Result

from safeconduct.clauses.compose_kinds import COMPOSE_KINDS
from safeconduct.clauses.composing import compose_round, constraints_of, objectives_of
from safeconduct.clauses.library import read_terms
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.cli.main import app
from safeconduct.composition.certificate import certified
from safeconduct.composition.checker import judge_choice
from safeconduct.composition.goal import goal_of
from safeconduct.composition.independent.checking import Checked, File, check_composition
from safeconduct.composition.independent.judging import KINDS, OBJECTIVE
from safeconduct.composition.infeasible import Dispute
from safeconduct.composition.report import Chosen, Composition
from safeconduct.composition.seed import Seed, committed, subject_of
from safeconduct.composition.shares import value_of
from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import read_list

COLUMNS = (
    "ref",
    "family_name",
    "sex",
    "birth_date",
    "rank",
    "unit",
    "category",
    "captured_on",
    "held_at",
    "held_by",
    "home",
    "consent",
    "protected",
)
Drawn = dict[str, Any]


def files(case: Round) -> tuple[bytes, bytes]:
    """The terms and the candidates as files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for raw in case.candidates:
        told = {**raw, "family_name": "Abc", "protected": "yes" if raw["protected"] else "no"}
        told["category"] = ";".join(raw["category"])
        writer.writerow([told.get(column, "") for column in COLUMNS])
    return terms_toml(case.parties, case.clauses).encode(), text.getvalue().encode()


def checked(case: Round, composition: Composition | Drawn | bytes) -> Checked:
    """What the check finds."""
    terms, candidates = files(case)
    match composition:
        case Composition():
            content = composition.to_json()
        case bytes():
            content = composition
        case _:
            content = json.dumps(composition).encode()
    others = frozenset(RUN_KINDS)
    return check_composition(File("c.json", content), File("t.toml", terms), File("c.csv", candidates), others)


def stamped(case: Round, composition: Composition) -> Composition:
    """With a certificate for the case's files."""
    terms, candidates = (File("", content).sha256 for content in files(case))
    return certified(composition, terms, candidates, None)


def wrong(found: Checked) -> list[str]:
    """What does not hold."""
    return [one.what for one in found.findings if not one.holds]


def test_it_imports_nothing_of_what_it_checks() -> None:
    """Beside Python's own library only how bad input is told."""
    room = Path(sys.modules["safeconduct.composition.independent"].__file__ or "").parent
    imported = set()
    for path in room.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    foreign = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    own = {name for name in foreign if name.startswith("safeconduct.composition.independent.")}
    assert foreign - own == {"safeconduct.kernel.errors"}


def test_it_knows_every_kind_and_every_parameter() -> None:
    """A kind or a parameter that is added is not passed over in silence."""
    assert {*KINDS, OBJECTIVE} == set(COMPOSE_KINDS)
    for kind, (known, _) in KINDS.items():
        assert set(known.split()) == {one.name for one in COMPOSE_KINDS[kind].page.parameters}, kind


@settings(max_examples=max(30, settings().max_examples // 4), deadline=None)
@given(rounds())
def test_what_compose_chooses_holds(case: Round) -> None:
    """Optimal and infeasible rounds of all kinds: nothing is found, read from files of their own. Whom the check takes
    to be told apart by nothing are those whom the model merges: it looks for favour wherever there could be any."""
    terms, candidates = files(case)
    persons = sorted(case.persons(), key=lambda person: person.ref)
    named = [msgspec.structs.replace(person, family_name="Abc") for person in persons]
    assert list(read_list("c.csv", candidates).persons) == named
    found = checked(case, stamped(case, composed(case)))
    assert wrong(found) == []
    read = read_terms("t.toml", terms)
    rows = [row.coefficients for row in Dispute.of(constraints_of(read), persons).conditions]
    columns = [*rows, *(vector for one in objectives_of(read) for vector in goal_of(one, persons).vectors)]
    looks = [tuple(column[place].tobytes() for column in columns) for place in range(len(persons))]
    several = sum(looks.count(look) > 1 for look in set(looks))
    told = [one.told for one in found.findings if one.what == "the choice among equals"]
    assert all(one.startswith(f"{several} groups ") for one in told)


@settings(max_examples=max(60, settings().max_examples // 2), deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_it_judges_any_choice_as_the_kinds_do(case: Round, random: Random) -> None:
    """Of a choice at random, tranches too, every clause is broken exactly where its kind says so, and every objective
    has the value of the kind's own count."""
    terms, persons = case.terms(), sorted(case.persons(), key=lambda person: person.ref)
    names = [clause["name"] for clause in case.clauses if clause["kind"] == "tranche"]
    chosen = [person for person in persons if random.random() < 0.5]
    tranches = {person.ref: random.choice(names) for person in chosen} if names else {}
    objectives = objectives_of(terms)
    claim = {
        "status": "feasible",
        "chosen": [
            {"ref": one.ref, "held_by": one.held_by, "home": one.home, "tranche": tranches.get(one.ref, "")}
            for one in chosen
        ],
        "objectives": [
            {"clause": one.id, "value": value_of(one, persons, chosen), "bound": 10**9} for one in objectives
        ],
        "released": {party: sum(one.held_by == party for one in chosen) for party in case.parties},
    }
    findings = {one.what: one.holds for one in checked(case, claim).findings}
    constraints = constraints_of(terms)
    for constraint, judgement in zip(constraints, judge_choice(persons, chosen, constraints, tranches), strict=True):
        assert findings[f"clause {constraint.id}"] == judgement.kept, constraint.sentence()
    assert all(findings[f"objective {one.id}"] for one in objectives)
    assert findings["released"]


CANDIDATES = [
    one("r1", captured_on="2022-05-01"),
    one("r2", captured_on="2023-05-01"),
    one("r3", captured_on="2023-05-01"),
    one("r4", captured_on="2024-05-01", sex="F"),
    one("r5", captured_on="2020-01-01", protected=True),
    one("u1", captured_on="2022-05-01", category=["seriously-wounded-or-sick"]),
    one("u2", captured_on="2024-05-01"),
    one("u3", captured_on="2025-05-01"),
    one("u4", captured_on="2025-05-01"),
]
CLAUSES: list[Drawn] = [
    {"id": "even", "kind": "balance", "tolerance": 1, "carried": {"RU": 1}},
    {"id": "few", "kind": "count", "max": 3, "per": "party"},
    {"id": "wounded", "kind": "release-all", "of": {"category": "seriously-wounded-or-sick"}},
    {"id": "first", "kind": "tranche", "name": "one", "max": 1, "of": {"held_by": "RU", "sex": "M"}},
    {"id": "second", "kind": "tranche", "name": "two", "after": ["one"]},
    {"id": "abroad", "kind": "destination", "of": {"sex": "F"}, "to": "CH"},
    {"id": "own", "kind": "choice", "by": "RU", "of": {"sex": "F"}, "count": 1},
    {"id": "largest", "kind": "prefer", "largest": True},
    {"id": "women", "kind": "prefer", "of": {"sex": "F"}},
]
CASE = Round(["RU", "UA"], CLAUSES, CANDIDATES)


@pytest.fixture(scope="module")
def composition() -> Composition:
    """A round in which everything that is checked occurs."""
    return stamped(CASE, composed(CASE))


def test_an_honest_round_has_something_of_everything(composition: Composition) -> None:
    """Otherwise the changes below would change nothing."""
    assert wrong(checked(CASE, composition)) == []
    assert [(one.ref, one.tranche, one.destination) for one in composition.chosen] == [
        ("r1", "one", ""),
        ("r2", "two", ""),
        ("r4", "two", "CH"),
        ("u1", "two", ""),
        ("u2", "two", ""),
        ("u3", "two", ""),
    ]
    assert composition.carried == {"even": {"RU": 1, "UA": -1}}
    assert composition.proposed == {"own": ("r4",)}


def _swap(told: Drawn, out: str, come: str) -> None:
    for row in told["chosen"]:
        if row["ref"] == out:
            row["ref"] = come
    told["chosen"].sort(key=lambda row: row["ref"])


def _put(*path: Any, value: Any) -> Callable[[Drawn], None]:
    def change(told: Drawn) -> None:
        inner: Any = told
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return change


CHANGES: dict[str, tuple[Callable[[Drawn], Any], list[str]]] = {
    "one for another who comes later": (lambda told: _swap(told, "u3", "u4"), ["the choice among equals"]),
    "one for another held less long": (lambda told: _swap(told, "r1", "r3"), ["the choice among equals"]),
    "one for somebody protected": (lambda told: _swap(told, "r1", "r5"), ["clause protected"]),
    "a wounded person left behind": (lambda told: _swap(told, "u1", "u4"), ["clause wounded"]),
    "a stranger": (lambda told: _swap(told, "u3", "u9"), ["the persons", "released"]),
    "one person more": (
        lambda told: told["chosen"].insert(2, {"ref": "r3", "held_by": "RU", "home": "UA", "tranche": "two"}),
        ["released", "clause few", "objective largest"],
    ),
    "one twice": (lambda told: told["chosen"].insert(0, told["chosen"][0]), ["the persons", "clause few"]),
    "one less": (lambda told: told["chosen"].pop(), ["released", "the tranches", "objective largest"]),
    "another home": (_put("chosen", 0, "home", value="RU"), ["the persons"]),
    "another holder": (_put("chosen", 0, "held_by", value="UA"), ["the persons"]),
    "home instead of abroad": (lambda told: told["chosen"][2].pop("destination"), ["the persons"]),
    "out of order": (lambda told: told["chosen"].reverse(), ["the persons"]),
    "later than who waits less": (
        lambda told: [_put("chosen", at, "tranche", value=name)(told) for at, name in ((0, "two"), (1, "one"))],
        ["the choice among equals"],
    ),
    "more in the first tranche": (_put("chosen", 1, "tranche", value="one"), ["clause first", "the tranches"]),
    "in no tranche": (lambda told: told["chosen"][1].pop("tranche"), ["the tranches"]),
    "in a tranche of no name": (_put("chosen", 1, "tranche", value="three"), ["the tranches"]),
    "the tranches turned round": (lambda told: told["tranches"].reverse(), ["the tranches"]),
    "a tranche after nothing": (_put("tranches", 1, "after", value=[]), ["the tranches"]),
    "a greater value": (_put("objectives", 0, "value", value=7), ["objective largest"]),
    "a lower bound": (_put("objectives", 0, "bound", value=5), ["objective largest"]),
    "a bound that is not reached": (_put("objectives", 0, "bound", value=7), ["objective largest"]),
    "an objective of another name": (_put("objectives", 0, "clause", value="other"), ["the objectives"]),
    "the objectives turned round": (lambda told: told["objectives"].reverse(), ["the objectives"]),
    "more released": (_put("released", "RU", value=4), ["released"]),
    "less left over": (_put("carried", "even", "RU", value=0), ["what is left over"]),
    "nothing left over": (lambda told: told.pop("carried"), ["what is left over"]),
    "nobody proposed": (lambda told: told.pop("proposed"), ["who is only proposed"]),
    "somebody else proposed": (_put("proposed", "own", value=["r1"]), ["who is only proposed"]),
    "other terms": (_put("certificate", "terms_sha256", value="0" * 64), ["the terms file"]),
    "other candidates": (_put("certificate", "candidates_sha256", value="0" * 64), ["the candidates file"]),
    "less proven": (_put("certificate", "proven", value=["largest"]), ["what is stated as proven"]),
    "another rule": (_put("certificate", "rule", value=["longest-captivity", "seed"]), ["the rule for equals"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_found(composition: Composition, change: str) -> None:
    """Every change of one thing, by what it breaks."""
    told = json.loads(composition.to_json())
    apply, broken = CHANGES[change]
    apply(told)
    found = wrong(checked(CASE, told))
    assert set(broken) <= set(found), found


@settings(max_examples=max(20, settings().max_examples // 8), deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_a_swap_passes_only_if_it_is_as_good(case: Round, random: Random) -> None:
    """One person changed for another of the same sides: if nothing is found, every clause is still kept, by the kinds'
    own judges, every value is the same, and nobody went before their turn."""
    honest = composed(case)
    left = [person for person in case.persons() if person.ref not in {one.ref for one in honest.chosen}]
    if not honest.chosen or not left:
        return
    out, come = random.choice(honest.chosen), random.choice(left)
    rows = [Chosen(come.ref, come.held_by, come.home, one.tranche) if one == out else one for one in honest.chosen]
    swapped = stamped(case, msgspec.structs.replace(honest, chosen=tuple(sorted(rows))))
    terms, persons = case.terms(), case.persons()
    chosen = [person for person in persons if person.ref in {one.ref for one in rows}]
    tranches = {one.ref: one.tranche for one in rows if one.tranche}
    kept = all(one.kept for one in judge_choice(persons, chosen, constraints_of(terms), tranches))
    values = [value_of(one, persons, chosen) for one in objectives_of(terms)]
    if not kept or values != [one.value for one in honest.objectives]:
        assert wrong(checked(case, swapped)) != []


def test_a_seed_that_was_not_committed_to_is_found() -> None:
    """A secret, a commitment, the seed or its subject changed; and an order that is not the seed's."""
    terms, candidates = (File("", content).sha256 for content in files(CASE))
    subject = subject_of("first", ["RU", "UA"], terms, candidates)
    for number in range(20):
        secrets = {"RU": f"{number:064x}", "UA": "2" * 64}
        seed = Seed.of(subject, {party: committed(party, subject, one) for party, one in secrets.items()}, secrets)
        drawn = compose(CLAUSES, CANDIDATES, seed=seed.seed)
        if {one.ref for one in drawn.chosen} >= {"r3", "u4"}:
            break
    told = json.loads(certified(drawn, terms, candidates, seed).to_json())
    assert wrong(checked(CASE, told)) == []
    _swap(told, "u4", "u3")
    assert wrong(checked(CASE, told)) == ["the choice among equals"]
    _swap(told, "u3", "u4")
    for path, value in (
        (("secrets", "RU"), "3" * 64),
        (("commitments", "UA"), "3" * 64),
        (("seed",), "3" * 64),
        (("subject", "exchange"), "second"),
        (("subject", "candidates_sha256"), "3" * 64),
        (("subject", "parties"), ["RU"]),
    ):
        changed = json.loads(json.dumps(told))
        _put("certificate", "seed", *path, value=value)(changed)
        assert "the seed" in wrong(checked(CASE, changed))


def test_an_infeasible_round() -> None:
    """Nobody may be chosen in it, and its conflict names clauses of the terms; the rest rests on the solver."""
    case = Round(["RU", "UA"], [{"id": "many", "kind": "count", "min": 9}], [one("r1")])
    told = json.loads(stamped(case, composed(case)).to_json())
    found = checked(case, told)
    assert found.holds
    assert "That no choice keeps every clause rests on safeconduct" in found.not_checked[0]
    assert wrong(checked(case, {**told, "conflict": ["other"]})) == ["the conflict names clauses"]
    assert wrong(checked(case, {**told, "conflict": []})) == ["the conflict names clauses"]
    assert wrong(checked(case, {**told, "released": {"RU": 1, "UA": 0}})) == ["nobody is chosen"]


def test_the_terms_as_a_party_reads_them() -> None:
    """A round composed by one reading is checked by that reading."""
    clause = {"id": "few", "kind": "count", "max": 1, "as_read_by": {"RU": {"min": 2}}}
    case = Round(["RU", "UA"], [clause], [one("r1"), one("r2"), one("r3")])
    terms, candidates = files(case)
    read = read_terms("t.toml", terms).as_read_by("RU")
    persons = read_list("c.csv", candidates).persons
    clock = StoppedClock()
    theirs = compose_round(read, "c.csv", persons, range(2, 5), clock=clock, time_limit_us=MINUTE_US)
    assert len(theirs.chosen) == 3
    assert checked(case, theirs).holds
    assert "by RU, not as agreed" in [one.told for one in checked(case, theirs).findings]
    assert "whose reading of the terms" in wrong(checked(case, {**json.loads(theirs.to_json()), "as_read_by": "BY"}))
    assert "clause few" in wrong(checked(case, {**json.loads(theirs.to_json()), "as_read_by": ""}))


@pytest.mark.parametrize(
    ("terms", "candidates", "composition", "what"),
    [
        ("[agreement\n", None, None, "t.toml:0:0: these terms cannot be read"),
        ("[agreement]\nparties = 3\n", None, None, "t.toml:0:0: these terms cannot be read"),
        (None, "ref,home\n", None, "c.csv:1:1: the heading does not have the column 'held_by' once"),
        (None, "ref,held_by,home\nr1,RU\n", None, "c.csv:2:1: the row has 2 cells, the heading 3"),
        (None, "ref,held_by,home\nr1,RU,UA\nr1,RU,UA\n", None, "c.csv:3:1: the ref 'r1' stands twice"),
        (None, "ref,held_by,home\nr1,RU,BY\n", None, "c.csv:2:3: home: 'BY' is none of RU, UA"),
        (None, "ref,held_by,home,protected\nr1,RU,UA,perhaps\n", None, "c.csv:2:4: protected: 'perhaps' is none of"),
        (
            None,
            "ref,held_by,home,birth_date\nr1,RU,UA,17.05.98\n",
            None,
            "c.csv:2:4: birth_date: '17.05.98'",
        ),
        (None, "ref,held_by,home,birth_date\nr1,RU,UA,1998-02-30\n", None, "is no date like"),
        (None, "ref,held_by,home,category\nr1,RU,UA,hero\n", None, "c.csv:2:4: category: 'hero' is none of"),
        (None, b"PK\x03\x04\xff", None, "c.csv:0:0: is not such a list"),
        (None, None, b"{", "c.json:0:0: is no composition"),
        (None, None, b"[" * 100_000, "c.json:0:0: is no composition"),
        (None, None, b'{"status": "optimal", "status": "optimal"}', "a field stands twice"),
        (None, None, b'{"status": "optimal"}', "the check cannot read it (KeyError: 'chosen')"),
        (None, None, b'{"status": "optimal", "chosen": 3}', "the check cannot read it (TypeError"),
    ],
)
def test_what_cannot_be_checked(
    terms: str | None, candidates: str | bytes | None, composition: bytes | None, what: str
) -> None:
    """One line that says which file, where and what to do; never a traceback."""
    own_terms, own_candidates = files(CASE)
    listed = candidates.encode() if isinstance(candidates, str) else candidates
    with pytest.raises(BadInput) as refusal:
        check_composition(
            File("c.json", composition or b'{"status": "infeasible", "chosen": []}'),
            File("t.toml", terms.encode() if terms else own_terms),
            File("c.csv", listed or own_candidates),
            frozenset(),
        )
    assert what in str(refusal.value)
    assert "\n" not in str(refusal.value)


_JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just([]), st.just({}), st.just([[]])
)


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False), _JUNK)
def test_a_spoilt_composition_is_found_or_refused(composition: Composition, random: Random, junk: Any) -> None:
    """Anything in place of any value: a finding or one line, never a traceback."""
    told: Any = json.loads(composition.to_json())
    inner: Any = told
    while True:
        key = random.choice(range(len(inner)) if isinstance(inner, list) else list(inner))
        if isinstance(inner[key], dict | list) and inner[key] and random.random() < 0.7:
            inner = inner[key]
            continue
        inner[key] = junk
        break
    with suppress(BadInput):
        checked(CASE, told)


@pytest.mark.parametrize(
    "clause", [{"kind": "count", "max": 1, "most": 2}, {"kind": "exclude", "of": {"height": 2}}, {"kind": "other"}]
)
def test_what_it_does_not_know_it_does_not_pass_over(clause: Drawn) -> None:
    """A kind, a parameter, a key of a selector."""
    case = Round(["RU", "UA"], [{"id": "it", **clause}], CANDIDATES)
    with pytest.raises(BadInput, match="is not known"):
        checked(case, {"status": "feasible", "chosen": [], "released": {}, "objectives": []})


def run(folder: Path, *arguments: str) -> Result:
    """`safeconduct round check` on the files of the folder."""
    names = [str(folder / name) for name in ("composition.json", "terms.toml", "candidates.csv")]
    return CliRunner().invoke(app, ["round", "check", *names, *arguments])


def test_the_command(composition: Composition, tmp_path: Path) -> None:
    """Exit code 0 with all that holds; 1 with what does not first; the same for machines."""
    terms, candidates = files(CASE)
    for name, content in (("terms.toml", terms), ("candidates.csv", candidates)):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "composition.json").write_bytes(composition.to_json())
    done = run(tmp_path)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "All of 21 checks hold."
    assert "compose the same files again" in done.stdout
    told = json.loads(composition.to_json())
    _swap(told, "u3", "u4")
    (tmp_path / "composition.json").write_text(json.dumps(told))
    done = run(tmp_path)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:3] == [
        "1 of 21 checks do not hold.",
        "",
        "  WRONG  the choice among equals: 2 groups of candidates whom the terms do not tell apart; in each the first "
        "by the rule go; not so: u4",
    ]
    machine = run(tmp_path, "--json")
    assert machine.exit_code == 1
    assert not json.loads(machine.stdout)["holds"]


def test_the_concluding_date_is_that_of_the_rounds() -> None:
    """So that captivity is counted until the same day everywhere here."""
    assert f"concluded = {CONCLUDED}" in files(CASE)[0].decode()
