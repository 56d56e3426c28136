"""Threat: somebody back- or forward-dates. What the author had seen bounds it from below, the recording from above."""

from pathlib import Path

import pytest
from tests.app.authoring import Desk, departure

from safeconduct.app.signed_intake import NotTaken
from safeconduct.exchange.authorship import CLOCKS_APART_US


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everything recorded at one moment; an hour later the delegate signs."""
    made = Desk(tmp_path / "workspace")
    made.recorded_us = made.clock.at_us  # type: ignore[attr-defined]
    made.clock.at_us += 3_600_000_000
    return made


@pytest.mark.parametrize(
    ("after_us", "why"),
    [
        (-CLOCKS_APART_US - 1, "dated before the checkpoint that its author had seen"),
        (-CLOCKS_APART_US, ""),
        (0, ""),
        (3_600_000_000 + CLOCKS_APART_US, ""),
        (3_600_000_000 + CLOCKS_APART_US + 1, "dated after now"),
    ],
)
def test_a_signature_lies_between_what_was_seen_and_when_it_is_taken(desk: Desk, after_us: int, why: str) -> None:
    """To the microsecond, with five minutes for clocks that are apart."""
    at_us = desk.recorded_us + after_us  # type: ignore[attr-defined]
    made = desk.delegate.sign(desk.signature(desk.delegate, occurred_at_us=at_us), desk.seen)
    if why:
        with pytest.raises(NotTaken, match=why):
            desk.intake.take([made])
    else:
        assert desk.intake.take([made]).taken == 1
    assert desk.problems() == []


def test_a_keeper_who_takes_a_misdated_signature_is_found_out(desk: Desk) -> None:
    """The check of the record judges by the leaves, whatever was let in."""
    at_us = desk.recorded_us - CLOCKS_APART_US - 1  # type: ignore[attr-defined]
    desk.let_in(desk.delegate.sign(desk.signature(desk.delegate, occurred_at_us=at_us), desk.seen))
    (problem,) = desk.problems()
    assert "dated it before the checkpoint that it had seen" in problem


def test_a_checkpoint_of_another_ledger_or_of_the_future_is_refused(desk: Desk) -> None:
    """A root that never was, and a size that is not yet."""
    size, root = desk.seen
    for seen in ((size, bytes(32)), (size - 1, root), (size + 1, root), (2**64 - 1, root)):
        before = desk.device.chain
        with pytest.raises(NotTaken, match=f"checkpoint of {seen[0]} entries that it has seen is not of this ledger"):
            desk.intake.take([desk.device.sign(departure(1), seen)])
        desk.device.chain = before


def test_an_author_never_sees_less_than_before(desk: Desk) -> None:
    """An entry put in between later, as if it had been signed long ago, shows by what it has seen."""
    early = 3, desk.office.recorder.root_at(3)
    desk.intake.take([desk.device.sign(departure(1), desk.seen)])
    with pytest.raises(NotTaken, match="signed earlier than its number says"):
        desk.intake.take([desk.device.sign(departure(2), early)])


def test_entries_signed_offline_are_taken_late_in_their_order(desk: Desk) -> None:
    """A device without network: what it had seen is old, and what it reports counts all the same."""
    seen = desk.seen
    made = [desk.device.sign(departure(number), seen) for number in range(4)]
    with pytest.raises(NotTaken, match="it is number 3 of its author, after 0: take those between first"):
        desk.intake.take(made[2:])
    assert desk.intake.take(made[:2]).taken == 2
    assert desk.intake.take(made).taken == 2
    assert desk.problems() == []
