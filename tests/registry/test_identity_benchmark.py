"""How matching is measured: by hand on a few pairs, and the parts that are turned off are put back."""

from benchmarks.identity_ablation import STEPS, ablation, plain
from benchmarks.identity_measures import blocking, by_stratum, one_to_one, score, sweep

from safeconduct.registry.columns import columns_of
from safeconduct.registry.linkage import match_lists
from safeconduct.sim.list_pairs import as_person, draw_list_pair

SCORED = [("a1", "b1", 0.99), ("a2", "b3", 0.8), ("a2", "b2", 0.7), ("a3", "b3", 0.4)]
TRUTH = {"a1": "b1", "a2": "b2", "a3": "b3", "a4": "b4"}


def test_the_sweep_finds_the_best_threshold() -> None:
    """Of four true pairs: 1 of 1, 1 of 2, 2 of 3, 3 of 4 found; F1 2/5, 2/6, 4/7, 6/8; at 0.5 the first three stand."""
    found = sweep(SCORED, TRUTH)
    assert (found.best_f1, found.threshold) == (0.75, 0.4)
    assert (found.at_half.precision, found.at_half.recall) == (2 / 3, 0.5)
    assert found.at_half.wrong == 1


def test_one_to_one_takes_each_row_once() -> None:
    """The likelier pair first, though it is wrong here and costs two true ones."""
    assert one_to_one(SCORED) == SCORED[:2]


def test_blocking_and_strata_agree_with_what_is_found() -> None:
    """What is weighed is among what the keys keep; strata count every true pair once, and what was found."""
    lists = draw_list_pair(2, 120, "mixed")
    left, right = [as_person(row) for row in lists.left], [as_person(row) for row in lists.right]
    truth = {pair.left: pair.right for pair in lists.pairs}
    kept = blocking(left, right, truth, columns_of)
    weighed = {(a, b) for a, b, _ in score(left, right)}
    assert {pair for pair in truth.items() if pair in weighed} <= kept.kept <= set(truth.items())
    assert len(weighed) / 120**2 <= kept.compared < 0.05
    proposed = match_lists(left, right)
    strata = {stratum.name: stratum for stratum in by_stratum(lists, proposed, kept.kept)}
    scripts = [stratum for name, stratum in strata.items() if name.startswith("script: ")]
    assert sum(stratum.pairs for stratum in scripts) == len(truth)
    found = sum(truth.get(pair.left_ref) == pair.right_ref for pair in proposed if pair.right_ref)
    assert round(sum(stratum.recall * stratum.pairs for stratum in scripts)) == found


def test_parts_turned_off_are_put_back_and_each_part_counts() -> None:
    """The last cumulative step is the registry itself; written names alone find least."""
    lists = draw_list_pair(4, 300, "mixed")
    left, right = [as_person(row) for row in lists.left], [as_person(row) for row in lists.right]
    truth = {pair.left: pair.right for pair in lists.pairs}
    steps = dict(ablation(left, right, truth, lambda _: None))
    assert list(steps) == [step.name for step in STEPS]
    assert steps["+ frequency of names (the registry)"] == sweep(one_to_one(score(left, right)), truth)
    assert steps["names as written"].best_f1 < steps["plain transliteration"].best_f1 < steps["fold"].best_f1


def test_plain_transliteration_is_letter_by_letter() -> None:
    """As the common tools have it, whatever the language."""
    assert [plain(name) for name in ("Щербаков", "Юрій", "Магілёў", "Łahojsk", "Əliyev", "Ол'га")] == [
        "shcherbakov",
        "iurii",
        "magileu",
        "lahojsk",
        "aliyev",
        "olga",
    ]
