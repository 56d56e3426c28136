"""Threat: counts leak. Whoever keeps all communiqués cannot compute from them a number that was not cleared."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import StandingClock
from tests.app.small_exchange import EXCHANGE, PARTIES, PEOPLE, at, family_told, handover, office_of, prepared, report
from tests.disclosure.counted_worlds import World

from safeconduct.app.commands import ClearFacts, ReleaseCommunique
from safeconduct.app.deciding import decide
from safeconduct.app.releasing import check_text, release_command, verify_facts
from safeconduct.disclosure.counts import Text
from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.disclosure.facts import TOTAL, released_by, returned_to
from safeconduct.disclosure.inference import numbers
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import BadInput, Refused

FROM_RU, FROM_UA, TO_UA, TO_RU = released_by("RU"), released_by("UA"), returned_to("UA"), returned_to("RU")
TOLD = [family_told(person, "06:00") for person in PEOPLE]


def release(state: Exchange, text: str, clock: str) -> None:
    """Release it, as the record has it from then on."""
    for entry in decide(state, ReleaseCommunique(EXCHANGE, "t", text, "NI", 7, "root"), at(clock)):
        state.apply(entry)


def refusal(state: Exchange, text: str, clock: str) -> list[str]:
    """Why it is refused, by the check and by the release alike."""
    with pytest.raises(BadInput) as refused:
        release(state, text, clock)
    reasons = [str(fault) for fault in refused.value.faults]
    assert reasons == [str(fault) for fault in check_text(state, EXCHANGE, "t", text, at(clock)).reasons]
    return reasons


def day(cleared: tuple[str, ...], *handed_over: str) -> Exchange:
    """A day on which these came home, a minute after the other from 08:00 on; every family was told."""
    events = [handover(person, f"08:0{minute}") for minute, person in enumerate(handed_over)]
    return report(prepared(cleared), [*TOLD, *events])


def test_a_total_and_one_side_tell_the_other() -> None:
    """Refused at the fact that does it, with what it would tell and what to do, until the other side is cleared."""
    state = day((TOTAL, FROM_RU), *PEOPLE)
    text = "Of {handed-over.total} home,\nfrom Russia {handed-over.from.RU}."
    assert refusal(state, text, "09:00") == [
        "t:2:13: with what else is told, {handed-over.from.RU} tells that {handed-over.from.UA} is 1, and that is not "
        "cleared; have every party clear {handed-over.from.UA} as well, or leave {handed-over.from.RU} out"
    ]
    for entry in decide(state, ClearFacts(EXCHANGE, (FROM_UA,), PARTIES), 5):
        state.apply(entry)
    release(state, text, "09:00")


def test_a_side_is_cleared_by_either_of_its_two_names() -> None:
    """Between two parties whom the one released returned to the other: one number, one consent."""
    text = "Of {handed-over.total} home, {returned.to.UA} to Ukraine."
    assert "tells that {returned.to.RU} is 1" in refusal(day((TOTAL, TO_UA), *PEOPLE), text, "09:00")[0]
    release(day((TOTAL, TO_UA, FROM_UA), *PEOPLE), text, "09:00")


def test_two_texts_together_tell_no_more_than_one() -> None:
    """The second is refused for what it adds to the first, however long ago that was released."""
    state = day((TOTAL, FROM_RU), *PEOPLE)
    release(state, "{handed-over.total} are home.", "09:00")
    (reason,) = refusal(state, "From Russia: {handed-over.from.RU}.", "11:00")
    assert "tells that {handed-over.from.UA} is 1" in reason


def test_a_later_total_tells_of_an_earlier_moment() -> None:
    """Nobody came from RU; that the total has not grown says that nobody came from the other side either, then."""
    state = day((TOTAL, FROM_RU), "r1")
    release(state, "From Russia: {handed-over.from.RU}.", "09:00")
    (reason,) = refusal(state, "{handed-over.total} in all.", "10:00")
    assert reason.startswith("t:1:1: with what else is told, {handed-over.total} tells that {handed-over.from.UA} is")


def test_the_same_numbers_again_tell_nothing_new() -> None:
    """What is out cannot be taken back: a number that could be computed before is held against no later text."""
    state = day((TOTAL, FROM_RU, FROM_UA), *PEOPLE)
    release(state, "{handed-over.total} home, {handed-over.from.RU} from Russia.", "09:00")
    state.disclosure.cleared[EXCHANGE].pop(FROM_UA)
    release(state, "Again: {handed-over.total} home, {handed-over.from.RU} from Russia.", "10:00")
    release(state, "Altogether {handed-over.total}.", "11:00")
    release(state, "From Russia {handed-over.from.RU}, of {handed-over.total}.", "12:00")


def test_a_handover_taken_back_ends_what_follows() -> None:
    """After a `voided` the numbers are lower, so earlier ones bound nothing; the new ones are judged by themselves."""
    state = day((TOTAL, FROM_RU), *PEOPLE)
    release(state, "{handed-over.total} are home.", "09:00")
    report(state, [{"id": "v", "type": "voided", "at": "2025-07-04T09:30:00Z", "event": "accepted/u1"}])
    release(state, "Still {handed-over.total}.", "10:00")
    assert (
        "{handed-over.from.UA} is 1"
        in refusal(state, "{handed-over.from.RU} of {handed-over.total} from Russia.", "11:00")[0]
    )


WORLD = World(PARTIES, 6)
FACTS = WORLD.facts.ids


@st.composite
def attempts(draw: st.DrawFn) -> tuple[tuple[str, ...], list[str], list[tuple[str, ...]]]:
    """Facts cleared, an order of handovers, and before and after each the facts of a text that somebody tries."""
    cleared = tuple(sorted(draw(st.sets(st.sampled_from(FACTS), min_size=2))))
    texts = [tuple(draw(st.lists(st.sampled_from(cleared), unique=True, max_size=3))) for _ in range(6)]
    return cleared, draw(st.permutations(list(PEOPLE))), texts


@settings(max_examples=80, deadline=None)
@given(attempts())
def test_no_series_of_releases_tells_what_was_not_cleared(
    attempt: tuple[tuple[str, ...], list[str], list[tuple[str, ...]]],
) -> None:
    """The attacker writes out everything that could have happened and keeps what fits all texts that came out.

    A hidden number may be plain only where a single fact tells it by itself, or where there is nobody to count.
    """
    cleared, order, texts = attempt
    state, came = report(prepared(cleared), TOLD), []
    for number, facts in enumerate(texts):
        if number % 2:
            report(state, [handover(order[number // 2], f"09:{number:02}")])
        text = f"Text {'x' * (number + 1)}: " + " and ".join(f"{{{fact}}}" for fact in facts)
        try:
            release(state, text, f"09:{number:02}:30")
        except (BadInput, Refused):
            continue
        came.append((number + 1) // 2)
    out = [
        Text(numbers(one.facts, WORLD.facts), persons)
        for one, persons in zip(state.disclosure.released.get(EXCHANGE, []), came, strict=True)
    ]
    if not out:
        return
    known = WORLD.spans(out)
    alone = [
        WORLD.spans([one._replace(told={key: one.told[key] for key in one.told if key == fact}) for one in out])
        for fact in FACTS
    ]
    for index, spans in enumerate(known):
        for fact, span in spans.items():
            if fact in cleared or WORLD.facts.twin(fact) in cleared or span.low < span.high:
                continue
            assert any(one[index][fact] == span for one in alone) or spans[TOTAL].high == 0, (out, index, fact)


def test_verify_finds_what_was_released_past_the_check(tmp_path: Path) -> None:
    """Whoever writes such a text past the desk is found by whoever may read."""
    office = office_of(tmp_path, StandingClock(at("11:00")), (TOTAL, FROM_RU))
    office.perform(release_command(office.recorder, EXCHANGE, "t", "{handed-over.total} are home.", "NI"))
    assert verify_facts(office.recorder) == (1, [])
    command = release_command(office.recorder, EXCHANGE, "t", "2 from Russia.", "NI")
    made: dict[str, Any] = {"text": command.text, "size": command.size, "root": command.root, "released_by": "NI"}
    office.record([CommuniqueReleased(occurred_at_us=at("11:00"), exchange=EXCHANGE, facts={FROM_RU: "2"}, **made)])
    _, problems = verify_facts(office.recorder)
    assert [problem.what for problem in problems] == [
        "with what else was told, it tells that 'handed-over.from.UA' is 1, which was not cleared"
    ]
    office.recorder.close()
