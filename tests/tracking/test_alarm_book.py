"""What becomes of an alarm: each act holds for what its author was shown."""

import pytest

from safeconduct.tracking.alarm_book import AlarmBook, Glance, Waiver, seen

PARTIES = ("RU", "UA")


def book(*shown: str) -> AlarmBook:
    """Alarm 1, shown with these statuses one minute after the other."""
    found = AlarmBook()
    for minute, status in enumerate(shown):
        found.show(1, status, minute)
    return found


def state(found: AlarmBook) -> str:
    """Of alarm 1."""
    return found[1].state(PARTIES)


def waiver() -> Waiver:
    """Somebody's."""
    return Waiver(5, "A", "why")


def test_taken_on_handed_over_resolved() -> None:
    """The owner is who took it on, until it is handed over; resolving it leaves the owner."""
    found = book("open")
    assert (state(found), found[1].owner) == ("unacknowledged", "")
    found.acknowledge(1, 3, "A")
    assert (state(found), found[1].owner) == ("acknowledged", "A")
    found.assign(1, "B")
    assert (state(found), found[1].owner) == ("acknowledged", "B")
    found.resolve(1, 4, "C", "done")
    assert (state(found), found[1].owner, found[1].resolved_by, found[1].note) == ("resolved", "B", "C", "done")


def test_it_is_waived_once_every_party_has_waived_it() -> None:
    """Not by one twice."""
    found = book("open")
    for _ in range(2):
        found.waive(1, "RU", waiver())
        assert state(found) == "unacknowledged"
    found.waive(1, "UA", waiver())
    assert state(found) == "waived"
    assert set(found[1].waivers) == set(PARTIES)


def test_without_parties_nothing_is_waived() -> None:
    """Nobody is not everybody."""
    assert book("open")[1].state(()) == "unacknowledged"


def test_a_withdrawn_one_closes_by_itself_and_opens_again_if_it_comes_back() -> None:
    """With its owner, who has to take it on anew; what was said of it before holds no more."""
    found = book("open")
    found.acknowledge(1, 1, "A")
    found.waive(1, "RU", waiver())
    found.waive(1, "UA", waiver())
    found.escalate(1, 2, ("B",))
    found.show(1, "withdrawn", 5)
    assert state(found) == "withdrawn"
    found.show(1, "unconfirmed", 9)
    again = found[1]
    assert (state(found), again.owner, again.returned, again.since_us, again.asking_us) == (
        *("unacknowledged", "A", True),
        *(9, 9),
    )
    assert (again.waivers, again.escalated_us) == ({}, None)


@pytest.mark.parametrize("act", ["acknowledge", "resolve"])
def test_what_becomes_certain_asks_anew(act: str) -> None:
    """Whoever took it on or closed it was shown that it was in doubt; it is still shown since it first was."""
    found = book("unconfirmed")
    found.acknowledge(1, 1, "A")
    if act == "resolve":
        found.resolve(1, 1, "A", "done")
    found.show(1, "open", 7)
    assert (state(found), found[1].owner, found[1].since_us, found[1].asking_us) == ("unacknowledged", "A", 0, 7)


def test_a_waiver_is_of_the_deviation_itself() -> None:
    """It stands when that becomes certain."""
    found = book("unconfirmed")
    found.waive(1, "RU", waiver())
    found.show(1, "open", 7)
    assert set(found[1].waivers) == {"RU"}


def test_what_is_shown_again_as_it_was_changes_nothing() -> None:
    """Nor does what is said of an alarm that nobody was shown."""
    found = book("open")
    found.acknowledge(1, 1, "A")
    before = dict(found)
    found.show(1, "open", 5)
    for number in (2, -1):
        found.acknowledge(number, 1, "B")
        found.assign(number, "B")
        found.resolve(number, 1, "B", "")
        found.waive(number, "RU", waiver())
        found.escalate(number, 1, ())
    assert dict(found) == before


def test_a_glance_tells_apart_whatever_a_decision_rests_on() -> None:
    """In any order; number, status, state, owner and who has waived it."""
    one, other = Glance(1, "open", "acknowledged", "A", ()), Glance(2, "open", "acknowledged", "A", ())
    assert seen([one, other]) == seen([other, one])
    changes = [
        one._replace(number=3),
        one._replace(status="unconfirmed"),
        one._replace(state="resolved"),
        one._replace(owner="B"),
        one._replace(waived_by=("RU",)),
    ]
    assert len({seen([each]).fingerprint for each in (one, *changes)}) == 6
