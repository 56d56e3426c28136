"""How a ledger asks for cosignatures: what it makes of what witnesses in the wild answer."""

import pytest
from nacl.signing import SigningKey
from tests.ledger.growing import GrowingLedger, leaves

from safeconduct.ledger.cosignature import Cosignature, cosign, witness_key
from safeconduct.ledger.cosigning import MAX_REQUESTS, Asking, Reply, Trouble
from safeconduct.ledger.witness import AddCheckpoint

LEDGER = GrowingLedger(leaves(20))
KEY = SigningKey(bytes([7]) * 32)
WITNESS = witness_key("witness.example/b", KEY)
LINE = cosign(LEDGER.checkpoint().text(), WITNESS.name, KEY, 1_700_000_000)
GIVEN = Cosignature(WITNESS, 1_700_000_000, LINE)


def asking(believed: int = 12) -> Asking:
    """A conversation with a witness that is believed to have cosigned so much."""
    return Asking("B", WITNESS, LEDGER.note(), LEDGER.checkpoint(), LEDGER.node, believed)


def size(number: int) -> Reply:
    """The answer that tells the size last cosigned."""
    return Reply(409, f"{number}\n".encode())


def conversation(believed: int, *replies: Reply) -> list[int | Cosignature | Trouble]:
    """The old sizes asked from, and how it ended."""
    one = asking(believed)
    turns: list[int | Cosignature | Trouble] = []
    turn: AddCheckpoint | Cosignature | Trouble = one.first()
    for reply in replies:
        assert isinstance(turn, AddCheckpoint), turn
        assert turn == LEDGER.request(turn.old_size)
        turns.append(turn.old_size)
        turn = one.then(reply)
    return [*turns, turn.old_size if isinstance(turn, AddCheckpoint) else turn]


def trouble(believed: int, *replies: Reply) -> Trouble:
    """How a conversation ends that comes to nothing."""
    end = conversation(believed, *replies)[-1]
    assert isinstance(end, Trouble), end
    return end


OK = Reply(200, f"{LINE}\n".encode())


def test_a_cosignature_at_once() -> None:
    """From the size that it cosigned last."""
    assert conversation(12, OK) == [12, GIVEN]


def test_a_witness_never_asked_before_tells_its_size() -> None:
    """Asked from nothing on; then from what it says."""
    assert conversation(0, size(8), OK) == [0, 8, GIVEN]


def test_a_reply_that_was_lost_is_made_up_for() -> None:
    """It has cosigned this very checkpoint, which we never heard of: it is asked to cosign it once more."""
    assert conversation(12, size(20), OK) == [12, 20, GIVEN]


def test_a_size_without_newline_or_type_will_do() -> None:
    """As some answer it."""
    assert conversation(12, Reply(409, b"16"), OK) == [12, 16, GIVEN]


def test_a_witness_that_has_seen_more_stops_all() -> None:
    """An old backup was restored: an alarm that says so and what to do, with the size that it has seen."""
    told = trouble(12, size(21))
    assert (told.alarm, told.seen) == (True, 21)
    assert told.what.startswith("this ledger has 20 entries and B has seen 21: an old backup was restored, or")


def test_what_we_hold_of_a_witness_stops_all_as_well() -> None:
    """Without asking: its own cosignature of more entries than there are is proof."""
    told = trouble(25)
    assert (told.alarm, told.seen) == (True, 25)


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param([size(20), Reply(422, b"two roots")], id="422, as the newest specification says"),
        pytest.param([size(20), Reply(409, b"")], id="409 with an empty body"),
        pytest.param([size(20), size(20)], id="409 with the size that was asked from"),
        pytest.param([size(16), Reply(422, b"")], id="422 on growth from the size that it told"),
        pytest.param([Reply(422, b""), size(12), Reply(422, b"")], id="422 at first, asked for its size, 422 again"),
        pytest.param([Reply(409, b"conflict"), size(12), Reply(422, b"")], id="409 with words"),
    ],
)
def test_another_history_is_an_alarm(replies: list[Reply]) -> None:
    """However the witness tells it, once it is certain from which size on."""
    told = trouble(12, *replies)
    assert told.alarm
    assert "B has cosigned another history of this ledger" in told.what


def test_a_refused_proof_is_no_alarm_before_the_witness_has_told_its_size() -> None:
    """We may have believed wrongly; asked from nothing on it says from where."""
    assert conversation(12, Reply(422, b""), size(16), OK) == [12, 0, 16, GIVEN]
    assert conversation(12, Reply(409, b""), size(16), OK) == [12, 0, 16, GIVEN]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(400, b"bad request"), "B answered 400: it does not know this ledger, or cannot read the request"),
        (Reply(403, b""), "B answered 403: it does not know this ledger, or not this key of it"),
        (Reply(404, b""), "B answered 404: it does not know this ledger, or is not at this address"),
        (Reply(429, b""), "B answered 429: it is asked too often"),
        (Reply(418, b""), "B answered 418: it does not cosign"),
        (Reply(500, b""), "B answered 500: it cannot answer now, or does not trust the ledger's key"),
        (Reply(503, b"<h1>\n down\x1b[31m</h1>"), "(it says: <h1> down[31m</h1>)"),
        (Reply(500, b"\xff" * 100_000), "B answered 500"),
        (Reply(301, b""), "B answered 301: it sends us to another address, which is not followed"),
        (Reply(204, b""), "B answered 204: it does not cosign"),
    ],
)
def test_a_refusal_is_told_in_words_and_is_no_alarm(reply: Reply, words: str) -> None:
    """One short line without control characters, whatever the witness wrote."""
    told = trouble(12, reply)
    assert words in told.what
    assert (told.alarm, told.seen, told.what.isprintable(), len(told.what) < 300) == (False, 0, True, True)


def test_signatures_of_others_and_of_other_kinds_are_passed_over() -> None:
    """Before and after its own; so are lines that are no signatures."""
    other = cosign(LEDGER.checkpoint().text(), "witness.example/c", SigningKey(bytes(32)), 5)
    body = f"{other}\nwelcome\n\n— x AAAA\n{LINE}\n{other}\n".encode()
    assert conversation(12, Reply(200, body)) == [12, GIVEN]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"<html></html>", id="a page"),
        pytest.param(f"{cosign(LEDGER.checkpoint(19).text(), WITNESS.name, KEY, 5)}\n".encode(), id="of another size"),
        pytest.param(f"{cosign(LEDGER.checkpoint().text(), 'x', KEY, 5)}\n".encode(), id="under another name"),
        pytest.param(
            f"{cosign(LEDGER.checkpoint().text(), WITNESS.name, SigningKey(bytes(32)), 5)}\n".encode(), id="another key"
        ),
        pytest.param(LINE.replace("AAAA", "AAAB", 1).encode(), id="another time"),
    ],
)
def test_a_cosignature_that_does_not_hold_is_none(body: bytes) -> None:
    """It is asked for again another time."""
    told = trouble(12, Reply(200, body))
    assert told.what.startswith("B answered without a cosignature of its key that holds: ")
    assert not told.alarm


def test_a_good_cosignature_beside_a_bad_one_is_taken() -> None:
    """Whatever stands before it."""
    bad = LINE.replace("AAAA", "AAAB", 1)
    assert conversation(12, Reply(200, f"{bad}\n{LINE}\n".encode())) == [12, GIVEN]


def test_a_witness_that_forgot_is_found_out() -> None:
    """It cosigned 12 for us and now continues from 8: its state was rolled back."""
    one = asking(12)
    one.first()
    one.then(size(8))
    assert one.then(OK) == GIVEN
    assert one.fell_to == 8
    # And one that remembers is not.
    one = asking(12)
    one.first()
    one.then(size(16))
    assert one.then(OK) == GIVEN
    assert one.fell_to is None


def test_nobody_is_asked_without_end() -> None:
    """A witness that tells another size each time is left alone for now."""
    told = conversation(0, *(size(number) for number in range(1, MAX_REQUESTS + 1)))
    assert told[:-1] == list(range(MAX_REQUESTS))
    assert told[-1] == Trouble("B told another size each time it was asked")


def test_a_witness_that_contradicts_itself_is_left_alone() -> None:
    """It wants to be asked from 12 on, which it was."""
    assert trouble(12, size(12)) == Trouble("B contradicts itself: asked from 12 entries on, it wants 12")
