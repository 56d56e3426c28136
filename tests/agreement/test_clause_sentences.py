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
