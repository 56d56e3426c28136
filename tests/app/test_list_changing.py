"""Changes of rows of a list on record: two keys, of its party and of the intermediary, and nothing with one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.authoring import Desk, Device
from tests.app.small_exchange import EXCHANGE

from safeconduct.agreement.authors import PERSON
from safeconduct.app.commands import EnrolAuthor, RecordOpinions, RevokeAuthor
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.erasing import subjects_of
from safeconduct.app.exporting import export_copy
from safeconduct.app.list_change_effects import effects
from safeconduct.app.list_changing import Declining, Proposing, agree_at_desk, own_at_desk
from safeconduct.app.name_book import NameBook
from safeconduct.app.signed_intake import NotTaken
from safeconduct.disclosure.clearance import PUBLIC, Clearance
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import Refused
from safeconduct.logistics.plan import read_plan
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.list_changes import (
    DECLINED,
    IN_EFFECT,
    LAPSED,
    OPEN,
    TAKEN_BACK,
    ListChange,
    WantedChange,
    agreement,
    refusal,
)
from safeconduct.registry.list_entries import (
    ADD,
    CORRECT,
    WITHDRAW,
    ListChangeAgreed,
    ListChangeDeclined,
    ListChangeProposed,
)
from safeconduct.views.picture import picture

ROW = ("RU-held", "u1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """On the eve of the small exchange; RU's delegate has a key."""
    return Desk(tmp_path / "workspace")


def propose(desk: Desk, change: str = CORRECT, ref: str = "u1", **values: str) -> ListChange:
    """The intermediary proposes, at its desk."""
    own = desk.office.recorder.author.hex()
    wanted = WantedChange("RU-held", ref, change, values, "the passport says so")
    side = own_at_desk(desk.office.state, own)
    entry = Proposing(wanted).entry(desk.office.state.registry, side, own, desk.clock.now_us())
    desk.office.record([entry])
    return list(desk.office.state.registry.changes.by_digest.values())[-1]


def agreeing(desk: Desk, change: ListChange, by: Device, side: str = "RU", **changes: Any) -> ListChangeAgreed:
    """The entry by which a key agrees."""
    one = change.proposed
    made = ListChangeAgreed(
        occurred_at_us=desk.clock.at_us,
        own=one.own,
        list_id=one.list_id,
        ref=one.ref,
        proposal_sha256=change.digest,
        side=side,
        public_key=by.public_key,
    )
    return msgspec.structs.replace(made, **changes)


def agree(desk: Desk, change: ListChange, by: Device | None = None) -> None:
    """RU's delegate agrees on their own device, and it is taken in."""
    by = by or desk.delegate
    desk.intake.take([by.sign(agreeing(desk, change, by), desk.seen)])


def test_one_key_changes_nothing_and_the_second_does(desk: Desk) -> None:
    """The row has the new values from the second key on; what it was before is kept; all of it verifies."""
    change = propose(desk, birth_date="17.05.1985", rank="сержант")
    persons = desk.office.state.registry.persons
    assert (persons[ROW].birth_date, change.status) == ("", OPEN)
    agree(desk, change)
    assert (persons[ROW].birth_date, persons[ROW].rank, persons[ROW].family_name) == (
        "1985-05-17",
        "сержант",
        "Іваненко",
    )
    assert change.status == IN_EFFECT
    assert [row.birth_date for row in desk.office.state.registry.changes.former[ROW]] == [""]
    assert str(change) == "u1 of RU-held: birth date not said → 17.05.1985; rank not said → сержант"
    desk.close()
    desk.open()
    assert desk.office.state.registry.persons[ROW].birth_date == "1985-05-17"
    assert desk.problems() == []


def test_a_delegate_proposes_and_the_intermediary_agrees(desk: Desk) -> None:
    """The other way round."""
    wanted = WantedChange("RU-held", "u9", ADD, {"family_name": "Новенко", "birth_date": "1990"}, "left out")
    entry = Proposing(wanted).entry(desk.office.state.registry, "RU", desk.delegate.public_key, desk.clock.now_us())
    desk.intake.take([desk.delegate.sign(entry, desk.seen)])
    (change,) = desk.office.state.registry.changes.by_digest.values()
    own = desk.office.recorder.author.hex()
    desk.office.record([agree_at_desk(desk.office.state, change.short, own, desk.clock.now_us())])
    row = desk.office.state.registry.persons["RU-held", "u9"]
    assert (row.family_name, row.birth_date, row.own, row.consent_claimed) == ("Новенко", "1990", ("RU",), "unknown")
    assert desk.problems() == []


def test_two_keys_of_one_side_are_not_two_sides(desk: Desk) -> None:
    """Neither a second person of the intermediary, nor another party's delegate, makes the change of RU's list."""
    officer, other, liar = Device(7), Device(8), Device(9)
    desk.office.perform(EnrolAuthor(officer.public_key, "NI", PERSON, "officer 2", "NI"))
    desk.office.perform(EnrolAuthor(other.public_key, "UA", PERSON, "head of UA's delegation", "NI"))
    desk.office.perform(EnrolAuthor(liar.public_key, "UA", PERSON, "another of it", "NI"))
    change = propose(desk, rank="майор")
    with pytest.raises(NotTaken, match="NI proposed the change: the second key is of the other side"):
        desk.intake.take([officer.sign(agreeing(desk, change, officer, "NI"), desk.seen)])
    with pytest.raises(NotTaken, match="it says of itself another side or key than its author's"):
        desk.intake.take([other.sign(agreeing(desk, change, other, "UA"), desk.seen)])
    with pytest.raises(NotTaken, match="it says of itself another side or key than its author's"):
        desk.intake.take([liar.sign(agreeing(desk, change, liar, "RU"), desk.seen)])
    with pytest.raises(Refused, match="NI proposed this change: it waits for a key of RU"):
        agree_at_desk(desk.office.state, change.digest, desk.office.recorder.author.hex(), desk.clock.now_us())
    assert (change.status, desk.office.state.registry.persons[ROW].rank) == (OPEN, "")


def test_a_desk_that_signs_for_the_party_is_found(desk: Desk, tmp_path: Path) -> None:
    """The keeper records an agreement of RU with its own key: the check names the entry, at the keeper's and in
    copies."""
    officer = Device(7)
    desk.office.perform(EnrolAuthor(officer.public_key, "NI", PERSON, "officer 2", "NI"))
    change = propose(desk, rank="майор")
    desk.office.record([agreeing(desk, change, officer, "RU", public_key=desk.office.recorder.author.hex())])
    assert change.status == OPEN  # one key is never both
    desk.let_in(officer.sign(agreeing(desk, change, officer, "RU"), desk.seen))
    expected = [
        f"author {key[:16]} signed in it for another side or key than its own"
        for key in (desk.office.recorder.author.hex(), officer.public_key)
    ]
    assert [one.split(": ", 1)[1] for one in desk.problems()] == expected
    desk.close()
    export_copy(desk.workspace, "party:RU", tmp_path / "copy")
    found = verify_copy(tmp_path / "copy", desk.workspace.verifier).problems
    assert [one.what for one in found] == expected


def test_a_change_of_what_has_changed_since_has_no_effect(desk: Desk) -> None:
    """Two proposals for one field: the second lapses, is taken all the same, and its author's key goes on."""
    first, second, third = propose(desk, rank="сержант"), propose(desk, rank="майор"), propose(desk, note="x")
    agree(desk, first)
    with pytest.raises(Refused, match="u1 has changed since this was proposed"):  # as the delegate's device has it
        agreement(second, desk.office.state.registry.persons, "RU", desk.delegate.public_key, 1)
    agree(desk, second)
    agree(desk, third)
    assert (first.status, second.status, third.status) == (IN_EFFECT, LAPSED, IN_EFFECT)
    assert desk.office.state.registry.persons[ROW].rank == "сержант"
    assert desk.problems() == []


def test_a_no_ends_a_proposal_whoever_says_it_and_nothing_after_it_counts(desk: Desk) -> None:
    """By the other side's key, or by another of the proposer's own; a second key that comes after is taken in vain."""
    first, second, third = propose(desk, rank="майор"), propose(desk, note="x"), propose(desk, note="y")
    declined = Declining(first.digest, "he is none").entry(
        desk.office.state.registry, "RU", desk.delegate.public_key, desk.clock.now_us()
    )
    desk.intake.take([desk.delegate.sign(declined, desk.seen)])
    assert (first.status, first.declined) == (DECLINED, declined)
    officer = Device(7)
    desk.office.perform(EnrolAuthor(officer.public_key, "NI", PERSON, "officer 2", "NI"))
    back = Declining(second.short, "my colleague erred").entry(
        desk.office.state.registry, "NI", officer.public_key, desk.clock.now_us()
    )
    desk.intake.take([officer.sign(back, desk.seen)])
    assert second.status == TAKEN_BACK
    for change in (first, second, third):
        agree(desk, change)
    late = msgspec.structs.replace(declined, proposal_sha256=third.digest)
    desk.intake.take([desk.delegate.sign(late, desk.seen)])
    assert [one.status for one in (first, second, third)] == [DECLINED, TAKEN_BACK, IN_EFFECT]
    row = desk.office.state.registry.persons[ROW]
    assert (row.rank, row.note) == ("", "y")
    desk.close()
    desk.open()
    assert [one.status for one in desk.office.state.registry.changes.by_digest.values()] == [
        DECLINED,
        TAKEN_BACK,
        IN_EFFECT,
    ]
    assert desk.problems() == []


def test_a_no_in_anothers_name_is_not_taken_and_is_found_on_record(desk: Desk) -> None:
    """Neither another party's delegate nor a desk that writes it as the party's own ends a proposal unseen."""
    other = Device(8)
    desk.office.perform(EnrolAuthor(other.public_key, "UA", PERSON, "head of UA's delegation", "NI"))
    change = propose(desk, rank="майор")

    def no(side: str, public_key: str, reason: str = "x") -> ListChangeDeclined:
        return msgspec.structs.replace(refusal(change, "x", side, public_key, desk.clock.now_us()), reason=reason)

    for side in ("UA", "RU"):
        with pytest.raises(NotTaken, match="it says of itself another side or key than its author's"):
            desk.intake.take([Device(8).sign(no(side, other.public_key), desk.seen)])
    with pytest.raises(NotTaken, match="it declines without a reason"):
        desk.intake.take([Device(1).sign(no("RU", desk.delegate.public_key, " "), desk.seen)])
    assert change.status == OPEN
    desk.office.record([no("RU", desk.office.recorder.author.hex())])
    (problem,) = desk.problems()
    assert problem.endswith("signed in it for another side or key than its own")


def test_a_proposal_of_a_revoked_key_comes_to_nothing(desk: Desk) -> None:
    """Whoever agrees later, at the desk or elsewhere."""
    officer = Device(7)
    desk.office.perform(EnrolAuthor(officer.public_key, "NI", PERSON, "officer 2", "NI"))
    wanted = WantedChange("RU-held", "u1", CORRECT, {"rank": "майор"}, "x")
    entry = Proposing(wanted).entry(desk.office.state.registry, "NI", officer.public_key, desk.clock.now_us())
    desk.intake.take([officer.sign(entry, desk.seen)])
    (change,) = desk.office.state.registry.changes.by_digest.values()
    desk.office.perform(RevokeAuthor(officer.public_key, 0, "stolen", "NI"))
    agree(desk, change)
    assert (change.status, desk.office.state.registry.persons[ROW].rank) == (LAPSED, "")


def test_a_row_taken_off_is_still_known(desk: Desk) -> None:
    """It stands on the list no more; its name is still none for a public text, and it is erased with its person."""
    state = desk.office.state
    review = MatchOpinion(
        occurred_at_us=1, held_list="RU-held", held_ref="u1", sought_list="UA-held", sought_ref="r1",
        probability_ppm=1, band="confirm", outcome="identification", reason="x", reviewer="A", public_key="",
        simulated=False,
    )  # fmt: skip
    desk.office.perform(RecordOpinions((review,)))
    change = propose(desk, WITHDRAW)
    agree(desk, change)
    assert ROW not in state.registry.persons
    assert NameBook(state, read_plan("plan", desk.proposed.plan_text.encode())).named("Іваненко")
    assert "person:RU-held/u1" in subjects_of(state, "person:UA-held/r1")
    assert state.registry.knows(*ROW)


def test_who_may_know(desk: Desk) -> None:
    """The list's party and the intermediary; to everybody else there is no such entry."""
    agree(desk, propose(desk, rank="сержант"))
    entries = [one.body.entry for one in desk.office.recorder.read() if isinstance(one.body, Opened)]
    seen = {
        str(clearance): [len(picture(entries, clearance)[name]) for name in ("list_rows_proposed", "list_rows_agreed")]
        for clearance in (Clearance("party", "RU"), Clearance("party", "UA"), PUBLIC)
    }
    assert list(seen.values()) == [[1, 1], [0, 0], [0, 0]]


def test_effects_name_the_review_the_candidate_the_round_and_the_plan(desk: Desk) -> None:
    """In words, with what is to be done; a change of what nothing rests on touches less, one of another row nothing."""
    review = MatchOpinion(
        occurred_at_us=1, held_list="RU-held", held_ref="u1", sought_list="UA-held", sought_ref="r1",
        probability_ppm=1, band="confirm", outcome="identification", reason="x", reviewer="A", public_key="",
        simulated=False,
    )  # fmt: skip
    desk.office.perform(RecordOpinions((review,)))
    state = desk.office.state
    assert effects(state, propose(desk, birth_date="1985")) == [
        "the pair with r1 of UA-held was reviewed (identification) on what the row said before: review it again",
        "the candidate u1 was reconciled with another birth date: reconcile again",
        f"u1 is in the round of {EXCHANGE}, released by RU to UA: compose again",
        f"the plan for {EXCHANGE}, approved by RU and UA, has u1 in batch b1: manifests printed before show the old "
        "values",
    ]
    assert "a new plan leaves them out, or a withdrawal is reported on the day" in effects(
        state, propose(desk, WITHDRAW)
    )[-1]  # fmt: skip
    assert effects(state, propose(desk, note="x"))[1] == (
        f"u1 is in the round of {EXCHANGE}, released by RU to UA: the choice does not rest on what changes"
    )
    assert effects(state, propose(desk, ADD, "u7", family_name="Бут")) == [
        "the new row is matched with no list yet: match again"
    ]


BAD: dict[str, tuple[Callable[[ListChangeProposed], ListChangeProposed], str]] = {
    "another party's list": (lambda one: msgspec.structs.replace(one, list_id="UA-held"), "not on record, or of an"),
    "no list": (lambda one: msgspec.structs.replace(one, list_id="XX"), "not on record, or of an"),
    "no field": (lambda one: msgspec.structs.replace(one, after={"shoe": "43"}), "'shoe' is no field of a row"),
    "another ref": (lambda one: msgspec.structs.replace(one, after={"ref": "43"}), "'ref' is no field of a row"),
    "no date": (lambda one: msgspec.structs.replace(one, after={"birth_date": "43"}), "birth date: '43' is no date"),
    "not canonical": (
        lambda one: msgspec.structs.replace(one, after={"birth_date": "17.05.1985"}),
        "the value of birth_date is not in canonical form",
    ),
    "unknown change": (lambda one: msgspec.structs.replace(one, change="eat"), "unknown change 'eat'"),
    "another key": (lambda one: msgspec.structs.replace(one, public_key="00" * 32), "another side or key"),
    "another side": (lambda one: msgspec.structs.replace(one, side="UA"), "another side or key"),
    "tomorrow": (lambda one: msgspec.structs.replace(one, occurred_at_us=2**52), "it is dated after now"),
}


@pytest.mark.parametrize(("change", "what"), BAD.values(), ids=BAD.keys())
def test_what_is_no_proposal_is_not_taken(
    desk: Desk, change: Callable[[ListChangeProposed], ListChangeProposed], what: str
) -> None:
    """With one line that says why, and nothing is recorded."""
    wanted = WantedChange("RU-held", "u1", CORRECT, {"birth_date": "1985"}, "x")
    registry = desk.office.state.registry
    entry = Proposing(wanted).entry(registry, "RU", desk.delegate.public_key, desk.clock.now_us())
    assert isinstance(entry, ListChangeProposed)
    size = desk.office.recorder.size()
    with pytest.raises(NotTaken, match=what):
        desk.intake.take([desk.delegate.sign(change(entry), desk.seen)])
    assert desk.office.recorder.size() == size


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        (WantedChange("RU-held", "u8", CORRECT, {"rank": "x"}, "x"), "no row u8 stands on the list RU-held"),
        (WantedChange("RU-held", "u1", ADD, {"rank": "x"}, "x"), "u1 stands on the list RU-held already"),
        (WantedChange("RU-held", "u8", ADD, {"rank": "x"}, "x"), "needs a name at least"),
        (WantedChange("RU-held", "u1", CORRECT, {"family_name": "Іваненко"}, "x"), "says all that already"),
        (WantedChange("RU-held", "u1", CORRECT, {"sex": "q"}, "x"), "sex: 'q' is no sex; write F, M or X"),
        (WantedChange("RU-held", "u1", CORRECT, {"rank": "x"}, " "), "a change needs a reason"),
        (
            WantedChange("RU-9", "u1", CORRECT, {"rank": "x"}, "x"),
            "no list 'RU-9' is on record; on record: RU-held, UA",
        ),
    ],
)
def test_what_cannot_be_proposed(desk: Desk, wanted: WantedChange, what: str) -> None:
    """One line each."""
    with pytest.raises(Refused, match=what):
        Proposing(wanted).entry(desk.office.state.registry, "NI", "00", 1)
