"""Candidates from lists: each person once, wishes from the interview alone, dates that both sides allow."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.registry.reconciling import Interview, reconcile
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def row(ref: str, born: str = "") -> Person:
    """A row of a list."""
    return Person(ref=ref, family_name=f"Name {ref}", birth_date=ImpreciseDate.parse(born) if born else None)


def born(held: str, home: str) -> str:
    """The reconciled birth date of somebody whom both lists have."""
    (only,) = reconcile([row("h1", held)], [], {"h1": row("s1", home)}, {})
    return str(only.person.birth_date or "")


def test_dates_that_agree_are_narrowed_and_the_home_party_settles_a_contradiction() -> None:
    """A year and a day within it give the day; two different days give the home party's."""
    assert born("1998", "1998-05-17") == "1998-05-17"
    assert born("1998-05-17", "1998") == "1998-05-17"
    assert born("1998-05-17", "1998-07-05") == "1998-07-05"
    assert born("", "1998") == "1998"
    assert born("1998", "") == "1998"
    assert born("", "") == ""


def test_a_person_listed_twice_is_one_candidate() -> None:
    """Pairs chain: h1 = h3 and h3 = h2 make one person under the first ref, sought where any of the rows was."""
    one, other = reconcile(
        [row("h2"), row("h4"), row("h1"), row("h3")], [("h3", "h1"), ("h2", "h3")], {"h2": row("s7")}, {}
    )
    assert (one.person.ref, one.also_listed_as, one.sought_as) == ("h1", ("h2", "h3"), ("s7",))
    assert one.person.family_name == "Name s7"
    assert (other.person.ref, other.also_listed_as, other.sought_as) == ("h4", (), ())


def test_wishes_and_protection_come_from_the_interview_and_never_from_a_list() -> None:
    """What a party claims of consent is not used; a refusal in any interview of the person stands."""
    claimed = Person(ref="h1", family_name="A", consent="willing", protected=True)
    (untold,) = reconcile([claimed], [], {}, {})
    assert (untold.person.consent, untold.person.protected) == ("unknown", False)
    (told,) = reconcile(
        [claimed, row("h2")],
        [("h1", "h2")],
        {},
        {"h1": Interview("willing", False), "h2": Interview("unwilling", True)},
    )
    assert (told.person.consent, told.person.protected) == ("unwilling", True)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8))
def test_every_row_stands_in_exactly_one_candidate_whatever_the_order(
    pairs: list[tuple[int, int]],
) -> None:
    """Groups are a partition, and the order of rows and pairs makes no difference."""
    held = [row(f"h{number}") for number in range(8)]
    same = [(f"h{one}", f"h{other}") for one, other in pairs]
    found = reconcile(held, same, {}, {})
    refs = [ref for one in found for ref in (one.person.ref, *one.also_listed_as)]
    assert sorted(refs) == [person.ref for person in held]
    together = {ref: index for index, one in enumerate(found) for ref in (one.person.ref, *one.also_listed_as)}
    assert all(together[one] == together[other] for one, other in same)
    assert reconcile(held[::-1], [pair[::-1] for pair in same[::-1]], {}, {}) == found
