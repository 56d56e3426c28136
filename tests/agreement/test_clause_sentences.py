"""Every clause on who is exchanged says what it asks in one plain sentence."""

import pytest

from safeconduct.clauses.library import read_terms

HEADER = '[agreement]\nid = "a"\nconcluded = 2025-06-02\nparties = ["RU", "UA"]\n[[clause]]\nid = "it"\n'


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        (
            'kind = "release-all"\nof = { category = "prisoner-of-war", age = "18..25" }',
            "Everyone of the category prisoner-of-war, aged 18 to 25 on 2025-06-02 is released, on all sides; "
            "whoever may not be exchanged does not count.",
        ),
        (
            'kind = "exclude"\nof = { rank = ["general", "colonel"] }',
            "Nobody of the rank general or colonel is released.",
        ),
        (
            'kind = "include"\nof = { ref = ["p1", "p2", "p3"] }',
            "Everyone listed as p1, p2 or p3 is released, without exception.",
        ),
        (
            'kind = "exclude"\nof = { held_by = "RU", not = { home = "UA", sex = "F" } }',
            "Nobody held by RU, but not everyone of sex F, at home in UA is released.",
        ),
        ('kind = "count"\nmax = 1200', "At most 1,200 are released in all."),
        (
            'kind = "count"\nper = "party"\nmin = 1000\nmax = 1200',
            "RU and UA each release between 1,000 and 1,200.",
        ),
        (
            'kind = "count"\nmin = 5\nmax = 5\nof = { captured_before = 2022-06-01 }',
            "Of everyone captured before 2022-06-01, exactly 5 are released in all.",
        ),
        (
            'kind = "ratio"\nbetween = ["RU", "UA"]\nratio = "1:30"',
            "RU releases 1 for every 30 that UA releases, exactly.",
        ),
        (
            'kind = "ratio"\nbetween = ["UA", "RU"]\nratio = "1:1"\ntolerance = 2.5\n'
            "weights = { general = 60, default = 2 }",
            "UA releases 1 for every 1 that RU releases, counted by rank (general 60, any other 2), "
            "give or take 2.5 of UA's.",
        ),
        ('kind = "balance"\ntolerance = 3', "RU and UA each release as many as they receive, give or take 3."),
        (
            'kind = "balance"\ncarried = { RU = 1200 }',
            "RU and UA each release as many as they receive, counting that before this round RU has released 1,200 "
            "more than it received.",
        ),
        (
            'kind = "ratio"\nbetween = ["RU", "UA"]\nratio = "1:1"\ncarried = { UA = 3 }\nof = { living = true }',
            "Of everyone among the living, RU releases 1 for every 1 that UA releases, exactly, counting 3 of UA from "
            "earlier rounds.",
        ),
        (
            'kind = "count"\nper = "unit"\nmax = 3\nof = { living = false }',
            "Of everyone among the remains, at most 3 of each unit are released.",
        ),
        ('kind = "count"\nper = "home"\nmin = 3', "At least 3 go home to each party."),
        (
            'kind = "count"\nper = "held_at"\nmin = 3\nmax = 4',
            "Between 3 and 4 are released from each place where they are held.",
        ),
        (
            'kind = "like-for-like"\nbetween = ["UA", "RU"]\nby = "rank"\ntolerance = 2\nof = { sex = "M" }\n'
            'groups = { officers = ["captain", "major"] }',
            "Of everyone of sex M, rank for rank (captain and major count as officers), UA and RU release the same "
            "number, give or take 2.",
        ),
        ('kind = "veto"\nby = "UA"\nrefs = ["p1"]', "UA vetoes the release of p1."),
        (
            'kind = "veto"\nby = "UA"\nrefs = ["p1"]\nuntil = 2025-05-31',
            "The veto of UA on p1 lapsed on 2025-05-31 and binds nobody any more.",
        ),
        (
            'kind = "choice"\nby = "UA"\ncount = 550\nrefs = ["p1", "p2"]',
            "UA releases exactly 550 of its own choosing, p1 and p2 among them.",
        ),
        (
            'kind = "tranche"\nname = "women"\nby = "UA"\nmin = 5\nmax = 20\nof = { sex = "F" }',
            "In the tranche women go between 5 and 20 of those of sex F whom UA releases.",
        ),
        ('kind = "tranche"\nname = "all"', "In the tranche all go any number."),
        (
            'kind = "destination"\nto = "CH"\nof = { category = "seriously-wounded-or-sick" }\nmax = 20',
            "Everyone of the category seriously-wounded-or-sick who is released goes to CH instead of home, at most "
            "20.",
        ),
        ('kind = "together"\nrefs = ["p1", "p2", "p3"]', "p1, p2 and p3 are released together or not at all."),
        ('kind = "requires"\nif = "p1"\nthen = "p2"', "p1 is released only if p2 is."),
        ('kind = "prefer"\nlargest = true', "Of the choices allowed, the one that releases most of everyone."),
        (
            'kind = "prefer"\nof = { sex = "F" }',
            "Of the choices allowed, the one that releases most of everyone of sex F.",
        ),
        (
            'kind = "prefer"\nlongest_captivity = true',
            "Of the choices allowed, the one whose persons add up to the most days held until 2025-06-02.",
        ),
    ],
)
def test_sentence(clause: str, sentence: str) -> None:
    """The sentence holds every parameter."""
    (read,) = read_terms("terms.toml", (HEADER + clause).encode()).composing
    assert read.sentence() == sentence


def test_tranches_one_after_the_other() -> None:
    """The second side's only once the first side's are confirmed."""
    steps = (
        'kind = "tranche"\nname = "one"\nby = "RU"\n[[clause]]\nid = "b"\nkind = "tranche"\nname = "two"\nby = "UA"\n'
        'after = ["one"]\n[[clause]]\nid = "c"\nkind = "tranche"\nname = "three"\nafter = ["one", "two"]\nmax = 9'
    )
    assert [one.sentence() for one in read_terms("terms.toml", (HEADER + steps).encode()).composing] == [
        "In the tranche one go any number of those whom RU releases.",
        "In the tranche two go any number of those whom UA releases, only after one is confirmed.",
        "In the tranche three go at most 9, only after one and two are confirmed.",
    ]
