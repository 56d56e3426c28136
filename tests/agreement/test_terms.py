"""Terms files: what is read of a sound one, and one precise line for each way of being broken."""

import hashlib
from datetime import date

import pytest

from safeconduct.agreement.terms import read_terms_text
from safeconduct.clauses.library import read_terms
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import DAY_US, MINUTE_US

SOUND = """\
[agreement]
id = "round-1"
title = "First round"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "young"
kind = "release-all"
of = { age = "18..25" }
text = "All aged 18 to 25."
source = "point 1"
severity = "critical"
on_breach = ["pause", "notify-parties"]
readings = { UA = "From 18 to 25.", RU = "Under 25." }

[[clause]]
id = "heads"
kind = "ratio"
between = ["RU", "UA"]
ratio = "1:1"
"""


def test_sound_terms() -> None:
    """Header and clauses, with defaults; the hash is of the bytes as they are."""
    text = read_terms_text("terms.toml", SOUND.encode())
    assert (text.agreement.id, text.agreement.title) == ("round-1", "First round")
    assert text.agreement.concluded == date(2025, 6, 2)
    assert (text.agreement.parties, text.agreement.intermediaries) == (("RU", "UA"), ("NI",))
    young, heads = text.clauses
    assert (young.id, young.kind, young.text, young.source) == ("young", "release-all", "All aged 18 to 25.", "point 1")
    assert (young.severity, young.on_breach) == ("critical", ("pause", "notify-parties"))
    assert young.readings == (("RU", "Under 25."), ("UA", "From 18 to 25."))
    assert (heads.severity, heads.on_breach, heads.readings) == ("serious", (), ())
    assert text.sha256 == hashlib.sha256(SOUND.encode()).hexdigest()
    spaced = SOUND.encode() + b"\n"
    assert read_terms_text("terms.toml", spaced).sha256 == hashlib.sha256(spaced).hexdigest() != text.sha256


def test_title_and_intermediaries_may_be_absent() -> None:
    """Two parties may agree by themselves; the id stands for the title."""
    bare = SOUND.replace('title = "First round"\n', "").replace('intermediaries = ["NI"]\n', "")
    agreement = read_terms_text("terms.toml", bare.encode()).agreement
    assert (agreement.title, agreement.intermediaries) == ("round-1", ())


def test_what_the_terms_say_of_releases() -> None:
    """A day for a review and twenty fields where they say nothing."""
    agreement = read_terms_text("terms.toml", SOUND.encode()).agreement
    assert (agreement.release_review_us, agreement.release_limit) == (DAY_US, 20)
    said = SOUND.replace('title = "First round"\n', 'release_review = "90m"\nrelease_limit = 3\n')
    agreement = read_terms_text("terms.toml", said.encode()).agreement
    assert (agreement.release_review_us, agreement.release_limit) == (90 * MINUTE_US, 3)


def broken(old: str, new: str) -> bytes:
    """The sound terms with one thing changed."""
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new).encode()


HEADER = SOUND.partition("[[clause]]")[0]


def clause(*lines: str) -> bytes:
    """Terms with one clause: its `id` stands on line 9, the first of `lines` on line 10."""
    return "\n".join([HEADER.rstrip(), "", "[[clause]]", 'id = "it"', *lines, ""]).encode()


BROKEN = {
    "empty file": (b"", ["1:1: 'agreement' is missing; add agreement = …"]),
    "not UTF-8": (
        SOUND.encode().replace(b"First", "Первый".encode("cp1251")),
        ["3:10: not UTF-8 text; save the file as UTF-8"],
    ),
    "UTF-16": (SOUND.encode("utf-16"), ["1:1: not UTF-8 text; save the file as UTF-8"]),
    "really an XLSX": (
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
        ["1:3: not TOML: expected '=' after a key in a key/value pair"],
    ),
    "syntax error": (broken('id = "heads"', 'id = heads"'), ["19:6: not TOML: invalid value; mend the syntax there"]),
    "repeated key": (broken('id = "heads"', 'id = "heads"\nid = "x"'), ["20:9: not TOML: cannot overwrite a value"]),
    "no agreement": (SOUND[SOUND.index("[[clause]]") :].encode(), ["1:1: 'agreement' is missing"]),
    "clauses as a table": ((HEADER + "[clause]\nid = 'a'").encode(), ["8:1: 'clause' must be a list, found a table"]),
    "agreement as text": (b'agreement = "x"', ["1:13: 'agreement' must be a table, found the text 'x'"]),
    "no id": (broken('id = "round-1"\n', ""), ["1:1: 'id' is missing; add id = …"]),
    "empty id": (broken('"round-1"', '""'), ["2:6: 'id' is empty"]),
    "no date": (broken("concluded = 2025-06-02\n", ""), ["1:1: 'concluded' is missing"]),
    "imprecise date": (
        broken("2025-06-02", '"2025-06"'),
        ["4:13: 'concluded': '2025-06' is not a date like 1998-05-17"],
    ),
    "date and time": (broken("2025-06-02", "2025-06-02T10:00:00Z"), ["4:13: 'concluded' is a time, not a date; write"]),
    "one party": (broken('["RU", "UA"]\ni', '["RU"]\ni'), ["5:11: 'parties' needs at least 2 items"]),
    "a party twice": (broken('["RU", "UA"]\ni', '["RU", "RU"]\ni'), ["5:18: 'parties' names 'RU' twice; remove one"]),
    "a party that mediates": (broken('["NI"]', '["UA"]'), ["6:18: 'UA' is a party and an intermediary; name it once"]),
    "unknown header field": (
        broken('title = "First', 'titel = "First'),
        ["3:1: unknown field 'titel'; did you mean 'title'?"],
    ),
    "unknown table": ((SOUND + "\n[extra]\n").encode(), ["24:2: unknown field 'extra'; allowed: agreement, clause"]),
    "no time for a review": (
        broken('title = "First round"', 'release_review = "0s"'),
        ['3:18: no time would be left for a review; write a duration as "24h"'],
    ),
    "nothing may be released": (
        broken('title = "First round"', "release_limit = 0"),
        ["3:17: 'release_limit' is 0, outside 1..; write a number inside"],
    ),
    "the name that alarms on releases have": (
        broken('id = "heads"', 'id = "sealed-release"'),
        ["19:6: 'sealed-release' is the name of a built-in clause; give this one another id"],
    ),
    "clause without id": (broken('id = "heads"\n', ""), ["18:1: 'id' is missing"]),
    "clause without kind": (broken('kind = "ratio"\n', ""), ["18:1: 'kind' is missing"]),
    "id twice": (
        broken('"heads"', '"young"'),
        ["19:6: the clause id 'young' stands twice; give each clause its own id"],
    ),
    "id of a built-in clause": (
        broken('"heads"', '"protected"'),
        ["19:6: 'protected' is the name of a built-in clause"],
    ),
    "misspelt kind": (
        broken('"release-all"', '"relase-all"'),
        ["10:8: unknown kind of clause 'relase-all'; did you mean 'release-all'? Allowed: release-all, exclude"],
    ),
    "kind that is none": (clause('kind = "apart"', 'refs = ["a"]'), ["10:8: unknown kind of clause 'apart'"]),
    "kind that is no text": (broken('"ratio"', "1"), ["20:8: 'kind' must be a text, found the number 1"]),
    "severity": (
        broken('"critical"', '"grave"'),
        ["14:12: 'grave' is not a value of 'severity'; allowed: notice, serious"],
    ),
    "advice": (broken('"pause"', '"stop"'), ["15:13: 'stop' is no advice; allowed: notify-parties, pause, abort"]),
    "advice as text": (broken('["pause", "notify-parties"]', '"pause"'), ["15:13: 'on_breach' must be a list"]),
    "reading of a stranger": (broken("{ UA =", "{ BY ="), ["16:14: unknown field 'BY'; allowed: RU, UA"]),
    "misspelt parameter": (broken('age = "18', 'aeg = "18'), ["11:8: unknown field 'aeg'; did you mean 'age'?"]),
    "unknown party in a selector": (
        broken('age = "18..25"', 'held_by = "BY"'),
        ["11:18: 'BY' is not a value of 'held_by'"],
    ),
    "bad age": (
        broken('"18..25"', '"18-25"'),
        ["11:14: 'age': '18-25' is not a range of completed years like \"18..25\""],
    ),
    "selecting by consent": (
        broken('age = "18..25"', 'consent = "willing"'),
        ["11:18: no term can select by 'consent'"],
    ),
    "selecting by protected": (
        broken('age = "18..25"', "not = { protected = true }"),
        ["11:28: no term can select by"],
    ),
    "of as text": (broken('{ age = "18..25" }', '"18..25"'), ["11:6: 'of' must be a table, found the text '18..25'"]),
    "bad ratio": (broken('"1:1"', '"1:0"'), ["22:9: '1:0' is not a ratio of whole numbers above 0; write it like"]),
    "ratio as number": (broken('"1:1"', "1"), ["22:9: 'ratio' must be a text, found the number 1"]),
    "ratio too large": (
        broken('"1:1"', '"1:20000"'),
        ["22:9: '1:20000' has a part above 10,000; write it in lower terms"],
    ),
    "no ratio": (broken('ratio = "1:1"\n', ""), ["18:1: 'ratio' is missing; add ratio = …"]),
    "misspelt between": (broken("between", "betwen"), ["21:1: 'between' is missing; is it this 'betwen'?"]),
    "between strangers": (
        broken('between = ["RU", "UA"]', 'between = ["RU", "BY"]'),
        ["21:18: 'BY' is no party of the agreement"],
    ),
    "between one": (
        broken('between = ["RU", "UA"]', 'between = ["RU"]'),
        ["21:11: 'between' names 1 parties; name two"],
    ),
    "negative tolerance": (
        broken('ratio = "1:1"', 'ratio = "1:1"\ntolerance = -1'),
        ["23:13: 'tolerance' is -1, below 0"],
    ),
    "tolerance as text": (
        broken('ratio = "1:1"', 'ratio = "1:1"\ntolerance = "1"'),
        ["23:13: 'tolerance' must be a number"],
    ),
    "weight as text": (
        broken('ratio = "1:1"', 'ratio = "1:1"\nweights = { general = "60" }'),
        ["23:23: 'general' must be a whole number, found the text '60'"],
    ),
    "negative weight": (
        broken('ratio = "1:1"', 'ratio = "1:1"\nweights = { general = -1 }'),
        ["23:23: 'general' is -1, outside"],
    ),
    "misspelt parameter of a kind": (
        broken('ratio = "1:1"', 'ratio = "1:1"\ntolerence = 2'),
        ["23:1: unknown field 'tolerence'; did you mean 'tolerance'?"],
    ),
    "count of anything": (
        clause('kind = "count"'),
        ["8:1: the clause names neither 'min' nor 'max', so every number would do"],
    ),
    "count with a misspelt bound": (clause('kind = "count"', "minimum = 3"), ["11:1: unknown field 'minimum'"]),
    "count of an empty range": (
        clause('kind = "count"', "min = 3", "max = 2"),
        ["11:7: 'min' is 3, above 'max', which is 2"],
    ),
    "count per side": (clause('kind = "count"', "max = 2", 'per = "side"'), ["12:7: 'side' is not a value of 'per'"]),
    "count below nothing": (clause('kind = "count"', "min = -1"), ["11:7: 'min' is -1, outside 0.."]),
    "count in parts": (
        clause('kind = "count"', "max = 2.5"),
        ["11:7: 'max' must be a whole number, found the number 2.5"],
    ),
    "balance in parts": (clause('kind = "balance"', "tolerance = 0.5"), ["11:13: 'tolerance' must be a whole number"]),
    "together alone": (clause('kind = "together"', 'refs = ["a"]'), ["11:8: 'refs' needs at least 2 items"]),
    "together twice": (clause('kind = "together"', 'refs = ["a", "a"]'), ["11:14: 'refs' names 'a' twice"]),
    "together of numbers": (clause('kind = "together"', "refs = [1, 2]"), ["11:9: 'refs' must hold texts"]),
    "together with nobody": (clause('kind = "together"'), ["8:1: 'refs' is missing"]),
    "requires nobody": (clause('kind = "requires"', 'if = "a"'), ["8:1: 'then' is missing"]),
    "requires several": (clause('kind = "requires"', 'if = "a"', 'then = ["b"]'), ["12:8: 'then' must be a text"]),
    "requires oneself": (
        clause('kind = "requires"', 'if = "a"', 'then = "a"'),
        ["12:8: 'if' and 'then' name one person: the clause would ask nothing; name two persons"],
    ),
    "prefer nothing": (
        clause('kind = "prefer"'),
        [
            "8:1: a 'prefer' needs exactly one of of, longest_captivity, longest_wait, largest, fair; "
            "it names none; add one, such as "
            "largest = true"
        ],
    ),
    "prefer two": (
        clause('kind = "prefer"', "largest = true", 'of = { sex = "F" }'),
        [
            "11:11: a 'prefer' needs exactly one of of, longest_captivity, longest_wait, largest, fair; "
            "it names of and largest; give each "
            "objective its own clause"
        ],
    ),
    "prefer not": (clause('kind = "prefer"', "largest = false"), ["11:11: 'largest = false' asks for nothing"]),
    "prefer as text": (
        clause('kind = "prefer"', 'longest_captivity = "yes"'),
        ["11:21: 'longest_captivity' must be true or false"],
    ),
    "misspelt preference": (clause('kind = "prefer"', "biggest = true"), ["11:1: unknown field 'biggest'"]),
    "parameter of another kind": (clause('kind = "exclude"', "tolerance = 1"), ["11:1: unknown field 'tolerance'"]),
    "several things": (
        broken('"1:1"', '"one"').replace(b'"18..25"', b'"x"').replace(b'"critical"', b'"grave"'),
        ["14:12: 'grave' is not a value of 'severity'"],
    ),
    "faults in several clauses": (
        broken('"1:1"', '"one"').replace(b'"18..25"', b'"x"'),
        ["11:14: 'age': 'x' is not a range", "22:9: 'one' is not a ratio"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_terms(case: str) -> None:
    """One line for each fault, `FILE:LINE:COLUMN: what is wrong; how to mend it`, in the order of the file."""
    source, expected = BROKEN[case]
    with pytest.raises(BadInput) as refusal:
        read_terms("terms.toml", source)
    lines = str(refusal.value).split("\n")
    assert len(lines) == len(expected), lines
    for line, beginning in zip(lines, expected, strict=True):
        assert line.startswith(f"terms.toml:{beginning}"), line
        assert "; " in line
