"""The invented persons: shares, ages and dates that cannot be."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sim.people import CONCLUDED, draw_people
from safeconduct.sim.seeds import stream
from safeconduct.vocabulary.imprecise_date import completed_years


@given(seed=st.integers(0, 2**32), home=st.sampled_from(["RU", "UA"]), count=st.integers(20, 300))
def test_shares_are_exact_and_dates_possible(seed: int, home: str, count: int) -> None:
    """Categories as announced, up to rounding; nobody captured as a child or after the agreement."""
    people = draw_people(stream(seed, "people"), home, count, ["a", "b", "c"])
    held = [person for person in people if person.held]
    assert len(held) == count
    assert sum("seriously-wounded-or-sick" in one.categories for one in held) == round(count * 0.07)
    assert sum(18 <= completed_years(one.born, CONCLUDED) <= 25 for one in held) == round(count * 0.15)
    assert sum(one.civilian for one in held) == round(count * 0.03)
    assert all(not (one.rank and one.civilian) or not one.unit for one in held)
    for person in people:
        assert 18 <= completed_years(person.born, CONCLUDED) <= 61
        assert completed_years(person.born, person.captured_on) >= 18
        assert date(2022, 2, 24) <= person.captured_on < CONCLUDED
        assert person.home == home != person.held_by


def test_most_were_captured_in_2022() -> None:
    """As was publicly said of those exchanged."""
    people = draw_people(stream(1, "people"), "UA", 1000, ["a"])
    assert sum(person.captured_on.year == 2022 for person in people) > len(people) / 2
