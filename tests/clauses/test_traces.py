"""What breaks a clause and what keeps it: made for random parameters of every kind, judged anew, as small as can be."""

import json
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.clauses.days import HEADER, plan
from tests.composition.rounds import toml

from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.clauses.traces.contradictions import contradictions, flaws
from safeconduct.clauses.traces.example import Line
from safeconduct.clauses.traces.making import Example, examples_of
from safeconduct.clauses.traces.told import told_example
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import read_event
from safeconduct.vocabulary.breach import Breach

ALL_SUBSETS_UP_TO = 6
"""Events of a trace; of more, one at a time is left out."""
Parameters = dict[str, Any]


def read(kind: str, parameters: Parameters) -> tuple[Terms, RunClause]:
    """Terms of one clause."""
    body = "\n".join(f"{key} = {toml(value)}" for key, value in parameters.items())
    terms = read_terms("terms.toml", f'{HEADER}\n[[clause]]\nid = "it"\nkind = "{kind}"\n{body}\n'.encode())
    (clause,) = terms.running
    return terms, clause


def judged(terms: Terms, plan: Plan, lines: list[Line], until_us: int) -> set[Breach]:
    """What stands."""
    found: list[Deviation] = judge_day(terms, plan, [read_event(line) for line in lines], until_us)
    return {one.breach() for one in found}


def check(terms: Terms, clause: RunClause, example: Example) -> None:
    """It breaks the clause by that rule alone and keeps it; no smaller day breaks it so, no nearer one keeps it."""
    pair, breaks, keeps = example.pair, list(example.pair.breaks.lines), list(example.pair.keeps.lines)
    standing = judged(terms, pair.plan, breaks, pair.breaks.until_us)
    assert [(one.clause, one.rule) for one in standing] == [("it", pair.rule)]
    assert judged(terms, pair.plan, keeps, pair.keeps.until_us) == set()
    (breach,) = standing
    for less in parts(breaks):
        remains = judged(terms, pair.plan, less, pair.breaks.until_us)
        assert standing != remains, less
        # An acceptance by the wrong taker is one whether or not it was offered; then `no-offer` stands beside it.
        # Of several parties who owe something each is missed by itself.
        assert breach not in remains or pair.rule == "unplanned" or owed_by_parties(clause), less
    for between in halfway(breaks, keeps):
        assert judged(terms, pair.plan, between, pair.breaks.until_us), between
    for smaller in without_one(pair.plan):
        remains = judged(terms, smaller, breaks, pair.breaks.until_us)
        assert remains != standing or judged(terms, smaller, keeps, pair.keeps.until_us), smaller
    rows = told_example(example, terms.agreement)
    assert [name for name, _ in rows] in (["breaks", "keeps"], ["given", "breaks", "keeps"])
    assert clause.header.kind in RUN_KINDS


def owed_by_parties(clause: RunClause) -> bool:
    """Whether every party must have done something by itself."""
    return isinstance(clause, Deadline) and clause.per == "party"


def parts(lines: list[Line]) -> list[list[Line]]:
    """Every smaller day; of a long one those that lack a single event, and the empty one."""
    sizes = range(len(lines)) if len(lines) <= ALL_SUBSETS_UP_TO else [0, len(lines) - 1]
    return [list(some) for size in sizes for some in combinations(lines, size)]


def halfway(breaks: list[Line], keeps: list[Line]) -> list[list[Line]]:
    """Every day that has some of what tells the two apart, but not all: changed, added and lacking reports, by id."""
    before, after = ({line["id"]: line for line in lines} for lines in (breaks, keeps))
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    assert changed
    assert len(changed) <= 4
    days = []
    for size in range(1, len(changed)):
        for some in combinations(changed, size):
            merged = {**before, **{key: after[key] for key in some if key in after}}
            days.append([line for key, line in merged.items() if key not in some or key in after])
    return days


def without_one(plan: Plan) -> list[Plan]:
    """The plan without each of its persons, legs and places."""
    return [
        msgspec.structs.replace(plan, **{name: tuple(other for other in items if other is not one)})
        for name, items in (("persons", plan.persons), ("legs", plan.legs), ("places", plan.places))
        for one in (items if len(items) <= ALL_SUBSETS_UP_TO else items[:1])
    ]


durations = st.sampled_from(["0s", "1s", "59s", "1m", "30m", "2h45m", "3d", "400d", "999999d"])
metres = st.sampled_from([0.001, 0.5, 1, 100, 5000.5, 250_000, 9_000_000])
moments = st.sampled_from(["2025-07-04T19:00:00Z", "2025-07-05T00:00:00+03:00", "1999-12-31T23:59:59.5Z"])

texts = st.sampled_from(["RU", "UA", "NI", "a", "b", "c"])
numbers = st.sampled_from([-3, 0, 1, 2.5, 7, 1e12])


@st.composite
def ranges(draw: st.DrawFn) -> Parameters:
    """A range of numbers."""
    low, span = draw(numbers), draw(st.sampled_from([0, 0.25, 10]))
    return draw(st.sampled_from([{"min": low}, {"max": low}, {"min": low, "max": low + span}]))


def conditions(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, any of several, or neither."""
    several = st.lists(values, min_size=1, max_size=3, unique=True)
    return st.one_of(values, several, several.map(lambda some: {"not": some}))


FREE: dict[str, st.SearchStrategy[Any]] = {
    "what": conditions(texts),
    "result": st.one_of(conditions(texts), ranges()),
    "by": conditions(texts),
    "place": conditions(texts),
    "note": st.one_of(conditions(st.one_of(texts, numbers, st.booleans())), ranges()),
    "home": conditions(texts),
    "held_by": conditions(texts),
    "batch": conditions(texts),
    "person": conditions(texts),
}
OWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "accepted": {"from": conditions(texts), "to": conditions(texts), "handover": conditions(st.booleans())},
    "offered": {"from": conditions(texts), "to": conditions(texts)},
    "counted": {"count": st.one_of(conditions(numbers), ranges()), "vehicle": conditions(texts)},
    "departed": {"vehicle": conditions(texts)},
    "positioned": {"vehicle": conditions(texts), "position": ranges()},
    "boarded": {"vehicle": conditions(texts)},
    "published": {"subject": conditions(texts)},
    "notified": {"who": conditions(texts)},
    "withdrawn": {"agreed_by": conditions(texts)},
    "incident": {},
    "examined": {},
    "sealed": {},
    "added": {"agreed_by": conditions(texts)},
    "substituted": {"replaces": conditions(texts)},
    "died": {},
    "clock": {"device": conditions(texts)},
    "retired": {"device": conditions(texts)},
    "voided": {"event": conditions(texts)},
}


@st.composite
def patterns(draw: st.DrawFn) -> Parameters:
    """A pattern: of one type, of several, of all but some, or of any; with up to three more keys."""
    kinds = draw(st.lists(st.sampled_from(sorted(OWN)), min_size=1, max_size=2, unique=True))
    own = {key: value for kind in kinds for key, value in OWN[kind].items()}
    possible = {**FREE, **own}
    keys = draw(st.lists(st.sampled_from(sorted(possible)), max_size=3, unique=True))
    pattern = {key: draw(possible[key]) for key in keys}
    how = draw(st.sampled_from(["one", "one", "any of", "not", "open"]))
    if how == "open" and pattern:
        return pattern
    return {"type": {"one": kinds[0], "any of": kinds, "not": {"not": kinds}, "open": kinds[0]}[how], **pattern}


def asked(pattern: Parameters) -> str:
    """The same for patterns that ask the same: a value and a list of it alone, in any order, are one."""
    return json.dumps({key: written(value) for key, value in pattern.items()}, sort_keys=True)


def written(condition: Any) -> Any:
    """Of a condition."""
    if isinstance(condition, dict):
        return {key: value if key in ("min", "max") else written(value) for key, value in condition.items()}
    return sorted({json.dumps(one) for one in (condition if isinstance(condition, list) else [condition])})


several = st.one_of(patterns(), st.lists(patterns(), min_size=1, max_size=2))
alike = st.sampled_from(["person", "vehicle", "place", "home", "batch", "to", "handover", "note"])
sames = st.lists(alike, max_size=2, unique=True)
fields = st.sampled_from(["person", "vehicle", "home", "batch", "count", "result", "what", "note", "type"])


def with_some(
    required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """The required parameters and some of the others."""
    return st.fixed_dictionaries(required, optional=optional)


between_times = st.sampled_from(
    [["2025-07-04T06:00:00Z", "2025-07-04T14:00:00Z"], ["2025-07-04T06:00:00Z", "2025-07-04T06:00:00Z"]]
)
near = st.fixed_dictionaries({"place": st.sampled_from(["X", "a"]), "radius_m": metres})

listed_persons = st.dictionaries(
    st.sampled_from(["person", "home", "held_by", "batch"]), conditions(texts), min_size=1, max_size=2
)

PATTERNED: dict[str, st.SearchStrategy[Any]] = {
    "response": with_some(
        {"after": several, "expect": several, "within": durations}, same=sames, discharged_by=several
    ),
    "precedence": with_some({"before": several, "expect": several}, within=durations, same=sames, voided_by=several),
    "absence": with_some({"never": several}, between=between_times, near=near, same=sames),
    "claim": with_some({"of": several}, between=between_times, near=near, same=sames, within=durations)
    | with_some(
        {"of": several, "sources": st.integers(2, 7), "within": durations.filter(lambda one: one != "0s")},
        near=near,
        same=sames,
    ),
    "embargo": with_some({"hold": several, "until_all": several}, of=listed_persons),
    "deadline": with_some(
        {"expect": several, "by": moments}, per=st.sampled_from(["total", "party", "person", "vehicle"])
    )
    | with_some({"expect": several, "before": durations}, per=st.sampled_from(["total", "party", "person", "vehicle"])),
    "reciprocity": with_some(
        {"each": st.lists(patterns(), min_size=2, max_size=3, unique_by=asked), "within": durations}, same=sames
    ),
    "concordance": with_some(
        {
            "of": several,
            "same": st.lists(alike, min_size=1, max_size=2, unique=True),
            "equal": st.lists(fields, min_size=1, max_size=2, unique=True),
        }
    ).filter(lambda drawn: not set(drawn["same"]) & set(drawn["equal"])),
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "custody": with_some({"within": durations}),
    "manifest": with_some({}),
    "headcount": with_some({}),
    "listed": with_some({}),
    "departure": with_some({"early": durations}, late=durations) | with_some({"late": durations}),
    "arrival": with_some({"early": durations}, late=durations) | with_some({"late": durations}),
    "simultaneity": with_some({"within": durations}),
    "parity": with_some(
        {
            "between": st.sampled_from([["RU", "UA"], ["UA", "RU"]]),
            "max_lead": st.one_of(st.integers(0, 5), st.integers(6, 60)),
        },
        ratio=st.sampled_from(["1:1", "2:1", "1:3", "7:5", "37:23"]),
    ),
    "corridor": with_some({"buffer_m": metres}, grace=durations),
    "reporting": with_some({"every": durations}),
    "stop": with_some({"longest": durations, "radius_m": metres}),
    "convoy": with_some({"apart_m": metres}, fresh=durations, grace=durations),
    "speed": with_some(
        {"fastest_kmh": st.sampled_from([0.5, 5, 90, 900, 1_000_000])}, tolerance_m=st.one_of(st.just(0), metres)
    ),
    "complete": with_some({"by": moments}),
    "freeze": with_some({"before": durations}),
}


def test_every_kind_is_tried() -> None:
    """A new kind needs its line above."""
    assert {*PATTERNED, *PLAIN} == set(RUN_KINDS)


@pytest.mark.parametrize("kind", PLAIN)
@given(data=st.data())
def test_kinds_without_patterns(kind: str, data: st.DataObject) -> None:
    """Every rule that the parameters allow has its example."""
    parameters = data.draw(PLAIN[kind])
    terms, clause = read(kind, parameters)
    found = examples_of(terms, clause)
    judging = {"early", "late"} & parameters.keys() or {rule.name for rule in RUN_KINDS[kind].page.rules}
    assert {example.pair.rule for example in found} == judging
    for example in found:
        check(terms, clause, example)
        assert example.pair.flaw is None


ODD_AGREEMENTS = (
    'concluded = 2025-06-02\nparties = ["A", "B", "C"]',
    'concluded = 0001-01-01\nparties = ["A", "B"]\nintermediaries = ["N", "M"]',
    'concluded = 9999-12-31\nparties = ["A", "B"]',
)


@pytest.mark.parametrize("header", ODD_AGREEMENTS)
@pytest.mark.parametrize("kind", RUN_KINDS)
def test_whatever_the_agreement(kind: str, header: str) -> None:
    """Without an intermediary, with several parties, and at both ends of the calendar."""
    page = RUN_KINDS[kind].page
    example = page.example.replace("RU", "A").replace("UA", "B")
    terms = read_terms("terms.toml", f'[agreement]\nid = "odd"\n{header}\n{example}'.encode())
    (clause,) = terms.running
    found = examples_of(terms, clause)
    assert {one.pair.rule for one in found} == {rule.name for rule in page.rules}
    for one in found:
        assert told_example(one, terms.agreement)


@pytest.mark.parametrize("kind", PATTERNED)
@given(data=st.data())
def test_kinds_with_patterns(kind: str, data: st.DataObject) -> None:
    """An example, or a warning that says what stands in its way."""
    parameters = data.draw(PATTERNED[kind])
    terms, clause = read(kind, parameters)
    warnings = contradictions(terms)
    found = examples_of(terms, clause)
    for example in found:
        check(terms, clause, example)
    told = [*warnings, *flaws(clause, found)]
    event(f"{len(found)} examples, {len(told)} warnings")
    if not told:
        # What waits for itself alone, of one person named, is never too early.
        assert found or (kind == "embargo" and "person" in parameters.get("of", {}))
    if found and not told:
        # Nothing but nothing may keep an `absence`, nor an `embargo` until something of one person named.
        assert found[0].pair.keeps.lines or kind in ("absence", "claim") or '"person"' in json.dumps(parameters)


WHAT_HAPPENED: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "departed": {"vehicle": texts, "place": texts},
    "counted": {"vehicle": texts, "count": numbers, "what": texts},
    "accepted": {"person": texts, "from": texts, "to": texts},
    "positioned": {"vehicle": texts, "position": st.tuples(numbers, numbers).map(list)},
    "examined": {"person": texts, "what": texts, "result": st.one_of(numbers, texts, st.booleans())},
    "sealed": {"by": st.lists(texts, max_size=2), "note": st.one_of(numbers, st.booleans(), texts)},
}


@st.composite
def events_with_patterns(draw: st.DrawFn) -> tuple[dict[str, Any], Parameters]:
    """A report and a pattern that matches it."""
    kind = draw(st.sampled_from(sorted(WHAT_HAPPENED)))
    fields = {key: draw(value) for key, value in WHAT_HAPPENED[kind].items()}
    line = {"id": draw(texts), "type": kind, "at": "2025-07-04T09:00:00Z", **fields}
    pattern: Parameters = {}
    for key in draw(st.lists(st.sampled_from(sorted(line)), min_size=1, max_size=4, unique=True)):
        items = line[key] if isinstance(line[key], list) else [line[key]]
        ways: list[Any] = [{"not": "elsewhere"}, {"not": ["nowhere", 12345]}]
        if items:
            one = draw(st.sampled_from(items))
            ways += [one, [one, "other"]]
            if not isinstance(one, str | bool):
                ways += [{"min": one, "max": one}, {"max": one + 2}, {"min": one - 2}]
        pattern[key] = draw(st.sampled_from(ways))
    return line, pattern


@given(drawn=events_with_patterns())
def test_what_has_happened_is_never_called_impossible(drawn: tuple[dict[str, Any], Parameters]) -> None:
    """No warning of a pattern that some report matches; and an example is found."""
    line, pattern = drawn
    assume(line["type"] != "positioned" or all(abs(part) <= 90 for part in line["position"]))
    terms, clause = read("absence", {"never": pattern})
    assert [one.rule for one in judge_day(terms, NOBODY, [read_event(line)])] == ["occurred"]
    assert contradictions(terms) == []
    (example,) = examples_of(terms, clause)
    check(terms, clause, example)


NOBODY = plan()


@pytest.mark.parametrize(
    ("clause", "place", "what"),
    [
        (
            'kind = "absence"\nnever = { type = "departed", vehicle = { min = 3 } }',
            "11:40",
            "no event can match this: 'vehicle' of an event 'departed' is always a text, and no text lies in a range "
            "of numbers",
        ),
        (
            'kind = "absence"\nnever = [{ type = "incident" }, { type = "counted", count = "many" }]',
            "11:61",
            "no event can match this: 'count' of an event 'counted' is always a number, and nothing asked for here is "
            "one",
        ),
        (
            'kind = "absence"\nnever = { type = { max = 3 } }',
            "11:18",
            "no event can match this: the type of an event is always a text",
        ),
        (
            'kind = "absence"\nnever = { at = "2025-07-04T12:00:00+03:00" }',
            "11:16",
            "no event can match this: 'at' is compared as text in UTC, like 2025-07-04T09:00:00Z",
        ),
        (
            'kind = "absence"\nnever = { at = { min = 3 } }',
            "11:16",
            "no event can match this: 'at' is always a text, and no text lies in a range of numbers",
        ),
        (
            'kind = "absence"\nnever = { id = { max = 3 } }',
            "11:16",
            "no event can match this: 'id' is always a text, and no text lies in a range of numbers",
        ),
        (
            'kind = "absence"\nnever = { type = "incident", received_at = "2025-07-04T12:00:00Z" }',
            "11:44",
            "no event can match this: 'received_at' is no part of what happened, and no pattern sees it",
        ),
        (
            'kind = "precedence"\nbefore = { type = "accepted", handover = true, home = "UA", to = "RU" }\n'
            'expect = { type = "identified" }',
            "11:10",
            "no report of a person on the list can match this: 'handover' is true exactly where 'to' is the home party",
        ),
        (
            'kind = "embargo"\nhold = { type = "published" }\nuntil_all = [{ type = "departed" }]',
            "12:14",
            "nobody on the list can have had this: a report 'departed' names no person",
        ),
        (
            'kind = "deadline"\nexpect = { type = "declared", by = "RU" }\nbefore = "1h"\nper = "party"',
            "11:10",
            "no report found that matches it in time can be one for UA",
        ),
        (
            'kind = "deadline"\nexpect = { type = "signed", at = "2025-07-04T12:00:00Z" }\nby = 2025-07-04T11:00:00Z',
            "11:10",
            "no report found that matches it in time",
        ),
        (
            'kind = "reciprocity"\neach = [{ type = "counted", count = 3 }, '
            '{ type = "counted", count = { min = 3, max = 3 } }]\nwithin = "1h"',
            "11:8",
            "no report found that matches one of its patterns and not all",
        ),
        (
            'kind = "concordance"\nof = { type = "signed", by = "RU" }\nsame = ["subject"]\nequal = ["by"]',
            "13:9",
            "no two reports found that match 'of', are equal in 'same' and differ in this",
        ),
    ],
)
def test_what_nothing_can_meet_is_told_at_its_place(clause: str, place: str, what: str) -> None:
    """Line and column of the pattern, and why."""
    (fault,) = contradictions(read_terms("terms.toml", f"{HEADER}\n[[clause]]\nid = 'it'\n{clause}\n".encode()))
    assert (f"{fault.line}:{fault.column}", fault.what) == (place, what)
    assert fault.mend.startswith(("mend ", "name ", "let ", "ask ", "add "))


def test_patterns_that_match_but_never_together() -> None:
    """An answer from another vehicle is none: the clause cannot be kept once a bus leaves."""
    parameters = {
        "after": {"type": "departed", "vehicle": "a"},
        "expect": {"type": "arrived", "vehicle": "b"},
        "within": "1h",
        "same": ["vehicle"],
    }
    terms, clause = read("response", parameters)
    assert contradictions(terms) == []
    found = examples_of(terms, clause)
    (flaw,) = flaws(clause, found)
    assert (flaw.line, flaw.what) == (
        12,
        "no report found that matches it is equal in 'same' to one that matches 'after'",
    )
    assert told_example(found[0], terms.agreement) == [
        ("breaks", "09:00 departed a at camp; no answer by 10:00 → missing at 10:00"),
        ("keeps", "nothing of the kind"),
    ]


NEVER_TOGETHER: dict[str, tuple[Parameters, str, str]] = {
    "precedence": (
        {"before": {"type": "departed", "vehicle": "a"}, "expect": {"type": "sealed", "vehicle": "b"}},
        "no report found that matches it is equal in 'same' to one that matches 'before'",
        "09:00 departed a at camp; nothing before → missing at 09:00",
    ),
    "reciprocity": (
        {"each": [{"type": "departed", "vehicle": "a"}, {"type": "departed", "vehicle": "b"}], "within": "1h"},
        "no reports found that match its patterns, one each, are equal in 'same'",
        "09:00 departed a at camp; no other step by 10:00 → one-sided at 10:00",
    ),
}


@pytest.mark.parametrize("kind", NEVER_TOGETHER)
def test_other_patterns_that_never_match_together(kind: str) -> None:
    """The clause is broken as soon as anything begins; a person is told why, and of what."""
    parameters, what, breaks = NEVER_TOGETHER[kind]
    terms, clause = read(kind, {**parameters, "same": ["vehicle"]})
    found = examples_of(terms, clause)
    assert [one.what for one in flaws(clause, found)] == [what]
    assert told_example(found[0], terms.agreement) == [("breaks", breaks), ("keeps", "nothing of the kind")]


def test_as_a_person_reads_it() -> None:
    """Times, who to whom, what is lacking and until when; persons told apart only where there are several."""
    terms, clause = read("simultaneity", {"within": "45m"})
    (example,) = examples_of(terms, clause)
    assert told_example(example, terms.agreement) == [
        ("given", "one person of RU going home to UA in batch b1; one person of UA going home to RU in batch b1"),
        (
            "breaks",
            "09:00 accepted NI to UA (handover), person 1; nobody to RU by 09:45 → one-sided at 09:45",
        ),
        (
            "keeps",
            "09:00 accepted NI to UA (handover), person 1; 09:45 accepted NI to RU (handover), person 2",
        ),
    ]
