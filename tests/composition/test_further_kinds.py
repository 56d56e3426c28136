"""The kinds that history needs, by hand: small rounds whose answer can be checked on paper, and terms refused."""

from typing import Any

import pytest
from tests.composition.rounds import Round
from tests.composition.test_composing import compose, one, refs

from safeconduct.kernel.errors import BadInput

WOUNDED = {"category": ["seriously-wounded-or-sick"]}
REMAINS = {"category": ["remains"]}


def told(composition: Any, clause: str = "c0") -> str:
    """What was counted of a clause."""
    (found,) = (one for one in composition.explanation if one.startswith(f"{clause}: "))
    return str(found.removeprefix(f"{clause}: "))


def faults(*clauses: dict[str, Any], candidates: list[dict[str, Any]] | None = None) -> list[str]:
    """The lines by which terms of these clauses are refused."""
    named = [{"id": f"c{number}", **clause} for number, clause in enumerate(clauses)]
    case = Round(["RU", "UA"], named, candidates or [])
    with pytest.raises(BadInput) as refusal:
        _ = case.terms() if candidates is None else compose(list(clauses), candidates)
    return [str(fault) for fault in refusal.value.faults]


def test_rank_for_rank() -> None:
    """A captain goes only for a captain; those of no stated rank are a group too; others count by themselves."""
    candidates = [
        one("r1", rank="captain"),
        one("r2"),
        one("r3"),
        one("r4", rank=""),
        one("u1"),
        one("u2", rank="major"),
    ]
    clause: dict[str, Any] = {"kind": "like-for-like", "between": ["RU", "UA"], "by": "rank"}
    composition = compose([clause], candidates)
    assert refs(composition) == ["r2", "u1"]
    assert told(composition) == "RU and UA release the same number."
    officers = {**clause, "groups": {"officers": ["captain", "major"]}}
    assert refs(compose([officers], candidates)) == ["r1", "r2", "u1", "u2"]
    loose = compose([{**clause, "tolerance": 1}], candidates)
    assert refs(loose) == ["r1", "r2", "r3", "r4", "u1", "u2"]
    assert told(loose) == "RU 1 to UA 0 of no stated rank, the furthest apart of 4 groups."


def test_a_person_of_two_categories_counts_in_both() -> None:
    """A medic who is wounded is matched in each."""
    both = {"category": ["medical-personnel", "seriously-wounded-or-sick"]}
    candidates = [one("r1", **both), one("u1", **WOUNDED), one("u2", category=["medical-personnel"])]
    clause: dict[str, Any] = {"kind": "like-for-like", "between": ["RU", "UA"], "by": "category"}
    assert refs(compose([clause], candidates)) == ["r1", "u1", "u2"]
    assert refs(compose([clause], candidates[:2])) == []


@pytest.mark.parametrize(
    ("more", "chosen", "said"),
    [
        ({"per": "unit", "max": 1}, ["r1", "r3", "r4", "u1"], "1 from each of 2 units released, asked: at most 1."),
        ({"per": "held_at", "max": 0}, ["r4", "u1"], "0 from each of 2 places released, asked: at most 0."),
        ({"per": "home", "max": 1}, ["r1", "u1"], "RU 1, UA 1 released, asked: at most 1."),
        ({"per": "rank", "min": 1, "max": 2}, ["r1", "r2", "r3"], "1 to 2 from each of 2 ranks released, asked: "),
        (
            {"per": "category", "max": 0, "of": {"held_by": "UA"}},
            ["r1", "r2", "r3", "r4", "u1"],
            "nobody released, asked: at most 0.",
        ),
    ],
)
def test_count_of_each(more: dict[str, Any], chosen: list[str], said: str) -> None:
    """The bounds hold of every value there is; who has none is not counted."""
    candidates = [
        one("r1", unit="47th", held_at="north"),
        one("r2", unit="47th", held_at="north"),
        one("r3", unit="59th", held_at="south", rank="captain"),
        one("r4"),
        one("u1"),
    ]
    composition = compose([{"kind": "count", **more}], candidates)
    assert refs(composition) == chosen
    assert told(composition).startswith(said)


def test_a_floor_of_each_unit_that_cannot_be_met() -> None:
    """The only one of a unit may not go: the floor and `protected` clash."""
    candidates = [one("r1", unit="47th"), one("r2", unit="59th", protected=True)]
    composition = compose([{"kind": "count", "per": "unit", "min": 1}], candidates)
    assert composition.conflict == ("c0", "protected")
    assert "c0: At least 1 of each unit are released." in composition.explanation


def test_a_veto_ends() -> None:
    """It binds until its day; a lapsed one binds nobody, and is told."""
    candidates = [one("r1"), one("r2"), one("u1")]
    veto: dict[str, Any] = {"kind": "veto", "by": "UA", "refs": ["r1", "r2"]}
    assert refs(compose([veto], candidates)) == ["u1"]
    assert refs(compose([{**veto, "until": "2025-06-03"}], candidates)) == ["u1"]
    lapsed = compose([{**veto, "until": "2025-06-02"}], candidates)
    assert refs(lapsed) == ["r1", "r2", "u1"]
    assert told(lapsed) == "2 released of the 2 whom UA vetoed; the veto lapsed on 2025-06-02."
    clash = compose([veto, {"kind": "include", "of": {"ref": "r2"}}], candidates)
    assert clash.conflict == ("c0", "c1")
    assert "c0: UA vetoes the release of r1 and r2." in clash.explanation


def test_vetoes_are_counted_by_party() -> None:
    """All clauses of one party together, a person once, lapsed ones too; another party has its own number."""
    first: dict[str, Any] = {"kind": "veto", "by": "UA", "refs": ["r1", "r2"], "limit": 3}
    second: dict[str, Any] = {"kind": "veto", "by": "UA", "refs": ["r2", "r3"], "until": "2025-01-01"}
    other: dict[str, Any] = {"kind": "veto", "by": "RU", "refs": ["u1", "u2"]}
    vetoes = [{"id": f"c{number}", **clause} for number, clause in enumerate((first, second, other))]
    assert len(Round(["RU", "UA"], vetoes, []).terms().composing) == 3
    assert faults({**first, "limit": 2}, second, other) == [
        "terms.toml:17:15: UA vetoes more persons than the 2 that it may; leave out some, or mend 'limit'"
    ]


def test_a_holders_choice() -> None:
    """So many of those agreed, the named ones first, and the rest a proposal."""
    candidates = [one("r1", captured_on="2022-06-01"), one("r2"), one("r3"), one("r4", **WOUNDED), one("u1")]
    clause: dict[str, Any] = {
        "kind": "choice",
        "by": "RU",
        "count": 2,
        "of": {"not": {"category": WOUNDED["category"]}},
    }
    composition = compose([clause], candidates)
    assert refs(composition) == ["r1", "r2", "r4", "u1"]
    named = compose([{**clause, "refs": ["r3"]}], candidates)
    assert refs(named) == ["r1", "r3", "r4", "u1"]
    assert (composition.proposed, named.proposed) == ({"c0": ("r1", "r2")}, {"c0": ("r1",)})
    assert told(named) == (
        "RU releases 2 of the 2 it picks, 1 named by it; the other 1 are proposed, RU may name others in their place."
    )
    barred = compose([{**clause, "refs": ["r2"]}], [one("r1"), one("r2", consent="unwilling"), one("r3")])
    assert barred.conflict == ("c0", "protected")
    assert faults({**clause, "refs": ["r1", "r4", "u1"]}) == [
        "terms.toml:12:8: 'refs' names 3 persons, 'count' is 2; name fewer or mend 'count'"
    ]
    assert faults({**clause, "refs": ["r4", "u1x"]}, candidates=candidates) == [
        "terms.toml:12:9: RU may not pick 'r4', who is not held by it or does not match 'of'; name somebody else or "
        "mend 'of'",
        "terms.toml:12:15: no candidate has the ref 'u1x'; did you mean 'u1'?",
    ]


def test_tranches() -> None:
    """Everybody goes in one, as early as may be, the longest held first; the order is kept and told."""
    candidates = [one("r1", captured_on="2024"), one("r2", captured_on="2023"), one("u1"), one("u2")]
    clauses: list[dict[str, Any]] = [
        {"kind": "tranche", "name": "second", "after": ["first"]},
        {"kind": "tranche", "name": "first", "by": "RU", "max": 1},
    ]
    composition = compose(clauses, candidates)
    assert [(person.ref, person.tranche) for person in composition.chosen] == [
        ("r1", "second"),
        ("r2", "first"),
        ("u1", "second"),
        ("u2", "second"),
    ]
    assert [(one.name, one.by, one.after, one.persons) for one in composition.tranches] == [
        ("first", "RU", (), 1),
        ("second", "", ("first",), 3),
    ]
    assert composition.explanation[-1] == "The tranche second (3) goes only after first is confirmed."
    assert told(composition, "c1") == "1 go in it."


def test_who_fits_no_tranche_does_not_go() -> None:
    """Every person chosen goes in exactly one; what includes somebody else clashes with it."""
    women = {"kind": "tranche", "name": "women", "of": {"sex": "F"}, "min": 1}
    candidates = [one("r1", sex="F"), one("r2")]
    assert refs(compose([women], candidates)) == ["r1"]
    clash = compose([women, {"kind": "include", "of": {"ref": "r2"}}], candidates)
    assert clash.conflict == ("c0", "c1")
    assert "c0: In the tranche women go at least 1 of those of sex F." in clash.explanation


def test_a_number_in_each_tranche() -> None:
    """The bounds hold in every tranche of the terms."""
    clauses: list[dict[str, Any]] = [
        {"kind": "count", "per": "tranche", "of": {"held_by": "RU"}, "max": 1},
        {"kind": "tranche", "name": "first"},
        {"kind": "tranche", "name": "second", "after": ["first"]},
    ]
    composition = compose(clauses, [one("r1"), one("r2"), one("r3"), one("u1")])
    assert [(person.ref, person.tranche) for person in composition.chosen] == [
        ("r1", "first"),
        ("r2", "second"),
        ("u1", "first"),
    ]
    assert told(composition) == "first 1, second 1 released, asked: at most 1."


def test_tranches_that_cannot_be() -> None:
    """A name that stands twice, one that is nowhere, a circle, a count of tranches where there is none."""
    first, second = {"kind": "tranche", "name": "first"}, {"kind": "tranche", "name": "second", "after": ["first"]}
    assert faults(first, first) == [
        "terms.toml:14:8: the tranche 'first' stands twice; give each a name of its own",
    ]
    assert faults({**first, "after": ["secnd"]}, second) == [
        "terms.toml:10:10: no tranche has the name 'secnd'; did you mean 'second'? Allowed: first, second",
    ]
    assert faults({**first, "after": ["third"]}, second, {"kind": "tranche", "name": "third", "after": ["second"]}) == [
        "terms.toml:10:9: the tranches come after each other in a circle: first after third after second after first; "
        "leave out one of these",
    ]
    assert faults({**first, "after": ["first"]})[0].startswith("terms.toml:10:9: the tranches come after each other")
    assert faults({"kind": "count", "per": "tranche", "max": 1}) == [
        "terms.toml:9:7: the terms have no tranche to count in; add clauses of kind 'tranche', or count otherwise",
    ]
    assert faults({**first, "min": 3, "max": 2}) == [
        "terms.toml:10:7: 'min' is 3, above 'max', which is 2; swap them or mend one"
    ]


def test_a_third_state() -> None:
    """Who matches goes there, at most so many, and counts as released home."""
    candidates = [one("r1", **WOUNDED), one("r2", **WOUNDED), one("r3"), one("u1")]
    care = {"kind": "destination", "of": {"category": "seriously-wounded-or-sick"}, "to": "CH", "max": 1}
    composition = compose([care, {"kind": "balance", "tolerance": 1}], candidates)
    assert [(person.ref, person.home, person.destination) for person in composition.chosen] == [
        ("r1", "UA", "CH"),
        ("r3", "UA", ""),
        ("u1", "RU", ""),
    ]
    assert told(composition) == "1 go to CH, asked: at most 1."
    assert faults({**care, "to": "UA"}) == [
        "terms.toml:10:6: 'UA' is a party of the agreement: people go home to it, or are held by it; name a third state"
    ]
    assert faults(care, {"kind": "destination", "to": "QA"}, candidates=candidates) == [
        "terms.toml:16:6: the candidate 'r1' would go to CH by 'c0' and to QA by 'c1'; leave such persons out of one, "
        "with not = { … }"
    ]


def test_a_balance_carried() -> None:
    """What one side was ahead counts as released now; what is left is told, and the next terms take it over."""
    candidates = [one("r1"), one("r2"), one("u1"), one("u2"), one("u3")]
    settled = compose([{"kind": "balance", "carried": {"RU": 1}}], candidates)
    assert settled.released == {"RU": 2, "UA": 3}
    assert settled.carried == {"c0": {"RU": 0, "UA": 0}}
    short = compose([{"kind": "balance", "carried": {"RU": 2}, "tolerance": 1}], candidates[:3])
    assert short.released == {"RU": 0, "UA": 1}
    assert short.carried == {"c0": {"RU": 1, "UA": -1}}
    assert told(short) == (
        "RU releases 0 and receives 1; UA releases 1 and receives 0; after this round RU has released 1 more than it "
        "received."
    )
    again = compose([{"kind": "balance", "carried": short.carried["c0"]}], candidates)
    assert again.released == {"RU": 2, "UA": 3}
    assert compose([{"kind": "balance"}], candidates).carried == {}


def test_a_ratio_carried() -> None:
    """Beyond the whole ratios: of 3 for 2, with 2 too many of the first side before."""
    candidates = [*(one(f"r{number}") for number in range(5)), *(one(f"u{number}") for number in range(6))]
    clause: dict[str, Any] = {"kind": "ratio", "between": ["RU", "UA"], "ratio": "3:2"}
    # 5 + 4 released for 6: three times the ratio.
    composition = compose([{**clause, "carried": {"RU": 4}}], candidates)
    assert composition.released == {"RU": 5, "UA": 6}
    assert composition.carried == {"c0": {"RU": 0, "UA": 0}}
    assert told(composition) == "RU 9 to UA 6, agreed 3:2, counting 4 of RU from earlier rounds."
    # 5 for 4 is one short of 6 for 4; the next round has to begin where this one ended.
    loose = compose([{**clause, "tolerance": 1}], candidates[:-2])
    assert (loose.released, loose.carried) == ({"RU": 5, "UA": 4}, {"c0": {"RU": 2, "UA": 2}})
    later = compose([{**clause, "carried": {"RU": 2, "UA": 2}}], [one("r1"), one("r2"), one("u1")])
    assert later.released == {"RU": 1, "UA": 0}


def test_what_cannot_be_carried() -> None:
    """A party that is none, a balance that does not add up, a ratio below 0."""
    ratio: dict[str, Any] = {"kind": "ratio", "between": ["RU", "UA"], "ratio": "1:1"}
    assert faults({**ratio, "carried": {"BY": 1}}) == [
        "terms.toml:11:13: 'BY' has nothing to carry in this clause; allowed: RU, UA"
    ]
    assert faults({**ratio, "carried": {"UA": -1}}) == [
        "terms.toml:11:20: 'UA' is -1, outside 0..; write a number inside"
    ]
    assert faults({"kind": "balance", "carried": {"RU": 1, "UA": 1}}) == [
        "terms.toml:9:11: what the parties are ahead and behind does not add up to 0; write below 0 how many fewer a "
        "party released than it received"
    ]


def test_remains_are_told_apart() -> None:
    """By `living` or their category; a clause that names neither counts them, and it is told which do."""
    candidates = [one("r1"), one("r2", **REMAINS), one("r3", **REMAINS), one("u1", **REMAINS), one("u2")]
    living: dict[str, Any] = {"kind": "balance", "of": {"living": True}}
    bodies: dict[str, Any] = {"kind": "ratio", "between": ["RU", "UA"], "ratio": "2:1", "of": {"living": False}}
    composition = compose([living, bodies, {"kind": "count", "max": 9}], candidates)
    assert refs(composition) == ["r1", "r2", "r3", "u1", "u2"]
    assert composition.explanation[-1] == (
        "Remains among the 5 chosen: 3, counted like everyone by c2 (3) and largest (3); a clause of the living alone "
        "says living = true."
    )
    wanting: dict[str, Any] = {"kind": "prefer", "of": {"living": True}}
    named = compose([wanting, {"kind": "count", "of": {"category": "remains"}, "max": 0}], candidates)
    assert refs(named) == ["r1", "u2"]
    assert not any("Remains" in sentence for sentence in named.explanation)


def test_a_term_read_otherwise() -> None:
    """The agreed floor, read as a ceiling by one party: the same terms compose either way, and say whose reading."""
    cap = {"id": "cap", "kind": "count", "per": "party", "min": 2, "as_read_by": {"UA": {"max": 1}}}
    candidates = [one("r1"), one("r2"), one("u1"), one("u2"), one("u3")]
    terms = Round(["RU", "UA"], [cap], candidates).terms()
    assert [clause.sentence() for clause in terms.composing] == ["RU and UA each release at least 2."]
    assert [clause.sentence() for clause in terms.as_read_by("UA").composing] == ["RU and UA each release at most 1."]
    assert terms.as_read_by("RU").composing == terms.composing


def test_a_reading_that_cannot_be() -> None:
    """Faults stand where the reading does; a reading names parameters alone; the day has none."""
    clause: dict[str, Any] = {"kind": "count", "min": 2}
    assert faults({**clause, "as_read_by": {"UA": {"max": "many"}}}) == [
        "terms.toml:10:33: 'max' must be a whole number, found the text 'many'; write digits without quotes"
    ]
    assert faults({**clause, "as_read_by": {"UA": {"most": 1}}})[0].startswith(
        "terms.toml:10:25: unknown field 'most'; "
    )
    assert faults({**clause, "as_read_by": {"BY": {"max": 1}}})[0].startswith("terms.toml:10:16: unknown field 'BY'; ")
    assert faults({**clause, "as_read_by": {"UA": {"severity": "notice"}}})[0].startswith(
        "terms.toml:10:25: 'severity' is no parameter of the kind"
    )
    day: dict[str, Any] = {"kind": "arrival", "late": "5m", "as_read_by": {"UA": {"late": "9m"}}}
    assert faults(day)[0].startswith("terms.toml:10:14: only a clause on who is exchanged can be composed as a party")
    circle = {"kind": "tranche", "name": "first", "as_read_by": {"UA": {"after": ["first"]}}}
    assert faults(circle)[0].startswith("terms.toml:10:35: the tranches come after each other in a circle")


@pytest.mark.parametrize(
    ("clause", "fault"),
    [
        (
            {"kind": "like-for-like", "between": ["RU", "BY"], "by": "rank"},
            "terms.toml:9:18: 'BY' is no party of the agreement; allowed: RU, UA",
        ),
        (
            {"kind": "like-for-like", "between": ["RU", "UA"], "by": "age"},
            "terms.toml:10:6: 'age' is not a value of 'by'; allowed: rank, category, sex, unit",
        ),
        (
            {"kind": "like-for-like", "between": ["RU", "UA"], "by": "sex", "groups": {"all": ["F", "N"]}},
            "terms.toml:11:26: 'N' is no such value; allowed: F, M, X",
        ),
        (
            {"kind": "like-for-like", "between": ["RU", "UA"], "by": "rank", "groups": {"a": ["x"], "b": ["x"]}},
            "terms.toml:11:32: 'x' is in the groups 'a' and 'b'; leave it in one",
        ),
        (
            {"kind": "like-for-like", "between": ["RU", "UA"], "by": "rank", "groups": {"a": ["b"], "b": ["c"]}},
            "terms.toml:11:25: 'b' is the name of a group and a value of the group 'a'; give the group a name of its "
            "own",
        ),
        (
            {"kind": "veto", "by": "BY", "refs": ["r1"]},
            "terms.toml:9:6: 'BY' is no party of the agreement; allowed: RU, UA",
        ),
        (
            {"kind": "veto", "by": "UA", "refs": []},
            "terms.toml:10:8: 'refs' needs at least 1 item; add what is missing",
        ),
        (
            {"kind": "choice", "by": "UA", "count": 0},
            "terms.toml:10:9: 'count' is 0, outside 1..; write a number inside",
        ),
        (
            {"kind": "count", "max": 1, "of": {"living": "yes"}},
            "terms.toml:10:19: 'living' must be true or false, found the text 'yes'; write true or false",
        ),
    ],
)
def test_terms_refused(clause: dict[str, Any], fault: str) -> None:
    """One clear line at its place."""
    assert faults(clause) == [fault]
