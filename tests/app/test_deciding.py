"""Decisions: what the present state does not allow is refused, and what is allowed is recorded whole."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from safeconduct.app.commands import (
    AttestApproval,
    AttestSignature,
    Chosen,
    CloseRound,
    Command,
    ProposePlan,
    ReceiveList,
    RecordCandidates,
    RecordOpinions,
    RecordRound,
    RecordTerms,
)
from safeconduct.app.deciding import decide
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.logistics.entries import ConvoyPlanned, PlanProposed
from safeconduct.registry.entries import CandidateReconciled, CandidateWithdrawn, MatchOpinion
from safeconduct.vocabulary.person import Person

TERMS = b"""
[agreement]
id = "a1"
title = "An agreement"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

[[clause]]
id = "all"
kind = "release-all"
"""
SHA = hashlib.sha256(TERMS).hexdigest()
PLAN = json.dumps(
    {
        "exchange": "2025-07-04",
        "agreement": "a1",
        "start": "2025-07-04T03:00:00Z",
        "exchange_point": "X",
        "places": [{"id": "X", "kind": "exchange-point"}, {"id": "H1", "kind": "holding"}],
        "persons": [{"id": "u1", "held_by": "RU", "home": "UA", "batch": "b1", "custody": ["RU", "NI", "UA"]}],
        "vehicles": [{"id": "v1", "kind": "bus", "operator": "RU", "seats": 45, "stretchers": 0}],
        "legs": [
            {
                "id": "l1",
                "vehicle": "v1",
                "from": "H1",
                "to": "X",
                "depart": "2025-07-04T05:00:00Z",
                "arrive": "2025-07-04T08:00:00Z",
                "persons": ["u1"],
            }
        ],
        "batches": [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}],
    }
).encode()
PLAN_SHA = hashlib.sha256(PLAN).hexdigest()
CANDIDATE = CandidateReconciled(
    occurred_at_us=1,
    person="u1",
    held_by="RU",
    home="UA",
    held_list="RU-held",
    held_ref="u1",
    sought_refs=("s1",),
    sex="M",
    birth_date="2001",
    rank="",
    categories=(),
    captured_on="",
    held_at="H1",
    consent="willing",
    protected=False,
)
WITHDRAWN = CandidateWithdrawn(occurred_at_us=1, person="u1", held_list="RU-held", held_ref="u1", reason="contradicted")
OPINION = MatchOpinion(
    occurred_at_us=1,
    held_list="RU-held",
    held_ref="u1",
    sought_list="UA-sought",
    sought_ref="s1",
    probability_ppm=700_000,
    band="review",
    outcome="identification",
    reason="same name and year of birth",
    reviewer="one",
    public_key="",
    simulated=True,
)


def listed(party: str, purpose: str, list_id: str, ref: str) -> ReceiveList:
    """A list of one."""
    return ReceiveList(party, purpose, list_id, "ff", (Person(ref=ref, family_name="А"),), 0)


def opined(**changes: Any) -> RecordOpinions:
    """The opinion with some fields changed."""
    return RecordOpinions((msgspec.structs.replace(OPINION, **changes),))


TERMS_ON_RECORD = RecordTerms("terms.toml", TERMS)
SIGNED_RU, SIGNED_UA = (AttestSignature(party, SHA, "p", "NI") for party in ("RU", "UA"))
HELD = listed("RU", "held", "RU-held", "u1")
SOUGHT = listed("UA", "sought", "UA-sought", "s1")
REVIEWS = RecordOpinions((OPINION, msgspec.structs.replace(OPINION, reviewer="two")))
CANDIDATES = RecordCandidates((CANDIDATE,))
ROUND = RecordRound("2025-07-04", SHA, "optimal", (Chosen("u1", "RU", "UA"),), {"RU": 1, "UA": 0}, {"largest": 1}, ())
PROPOSED = ProposePlan("plan.json", PLAN)
APPROVED_RU, APPROVED_UA = (AttestApproval(party, "2025-07-04", PLAN_SHA, "p", "NI") for party in ("RU", "UA"))
CLOSED = CloseRound("2025-07-04", PLAN_SHA, {"RU": 1, "UA": 0}, ("all",), ())

WHOLE: list[Command] = [
    TERMS_ON_RECORD,
    SIGNED_RU,
    SIGNED_UA,
    HELD,
    SOUGHT,
    REVIEWS,
    CANDIDATES,
    ROUND,
    PROPOSED,
    APPROVED_RU,
    APPROVED_UA,
    CLOSED,
]


def after(*commands: Command) -> Exchange:
    """The state after these commands."""
    state = Exchange()
    for command in commands:
        for entry in decide(state, command, 5):
            state.apply(entry)
    return state


def test_a_whole_round_goes_through_to_its_closing() -> None:
    """From terms to closing, each command is allowed by those before it."""
    state = after(*WHOLE)
    assert state.agreement.in_force()
    assert state.registry.persons["RU-held", "u1"].family_name == "А"
    assert list(state.composition.chosen["2025-07-04"]) == ["u1"]
    assert state.logistics.approvals.given(PLAN_SHA) == {"RU", "UA"}
    assert json.loads(state.logistics.convoys[PLAN_SHA, ("RU",)].legs_text)[0]["id"] == "l1"
    assert state.agreement.closed["2025-07-04"].released == {"RU": 1, "UA": 0}


def test_a_convoy_is_told_with_its_vehicles_and_the_places_that_its_legs_touch() -> None:
    """What one side's map needs, as in the plan file, and nothing of the other side's; both know who is in a batch."""
    plan = json.loads(PLAN)
    plan["places"].append({"id": "H2", "kind": "holding", "name": "Elsewhere"})
    plan["vehicles"].append({"id": "v2", "operator": "UA", "seats": 9})
    proposed, ru, ua = decide(after(*WHOLE[:8]), ProposePlan("plan.json", json.dumps(plan).encode()), 5)
    assert isinstance(proposed, PlanProposed)
    assert proposed.batches == {"b1": ("u1",)}
    assert isinstance(ru, ConvoyPlanned)
    assert (json.loads(ru.vehicles_text), json.loads(ru.places_text)) == (plan["vehicles"][:1], plan["places"][:2])
    assert isinstance(ua, ConvoyPlanned)
    assert (ua.legs_text, json.loads(ua.vehicles_text), ua.places_text) == ("[]", plan["vehicles"][1:], "[]")


REFUSED: dict[str, tuple[int, Command | list[Command], str]] = {
    "signing before there are terms": (0, SIGNED_RU, "no terms are on record"),
    "signing other terms": (1, replace(SIGNED_RU, terms_sha256="00"), "RU signed other terms"),
    "a signature of a stranger": (1, replace(SIGNED_RU, party="FR"), "'FR' is not a party"),
    "an attestation by a party": (1, replace(SIGNED_RU, attested_by="UA"), "'UA' is not an intermediary"),
    "new terms under signed ones": (3, TERMS_ON_RECORD, "signed by every party"),
    "a list of a stranger": (3, replace(HELD, party="FR"), "'FR' is not a party"),
    "a list for no purpose": (3, replace(HELD, purpose="lost"), "unknown purpose of a list 'lost'"),
    "a list id used again": (4, HELD, "a list 'RU-held' is on record already"),
    "a review of nobody known": (4, REVIEWS, "no person s1 on list UA-sought"),
    "a review by nobody": (5, opined(reviewer=" "), "reviewed by nobody"),
    "a review for no reason": (5, opined(reason=" "), "u1 with s1 lacks a reason"),
    "an outcome that is none": (5, opined(outcome="maybe"), "unknown outcome of a review 'maybe'"),
    "a band that is none": (5, opined(band="sure"), "unknown band 'sure' of u1 with s1"),
    "a row with itself": (5, opined(sought_list="RU-held", sought_ref="u1"), "u1 is one row, not two"),
    "nothing taken back": (5, opined(outcome="withdrawn"), "one has found nothing on u1 with s1"),
    "a signed opinion at the desk": (5, opined(public_key="ab"), "is not signed with a reviewer's own key"),
    "a second partner": (
        5,
        [
            REVIEWS,
            listed("RU", "held", "RU-held-2", "u2"),
            ReceiveList("UA", "sought", "UA-sought-2", "ff", (Person(ref="s1"), Person(ref="s2")), 0),
            RecordOpinions(
                tuple(
                    msgspec.structs.replace(OPINION, sought_list="UA-sought-2", reviewer=name)
                    for name in ("one", "two")
                )
            ),
            opined(sought_list="UA-sought-2", sought_ref="s2"),
        ],
        "u1 with s2: u1 with s1 was identified already",
    ),
    "a candidate whom no list has": (3, CANDIDATES, "no person u1 on list RU-held"),
    "two candidates of one row": (
        5,
        RecordCandidates((CANDIDATE, msgspec.structs.replace(CANDIDATE, person="u9"))),
        "u1 and u9 are one row, u1 of RU-held",
    ),
    "a candidate of a row that is another's": (
        7,
        RecordCandidates((msgspec.structs.replace(CANDIDATE, person="u9"),)),
        "u1 and u9 are one row, u1 of RU-held",
    ),
    "withdrawing who is no candidate": (6, RecordCandidates((), (WITHDRAWN,)), "u1 is no candidate who could be"),
    "a round with a candidate who was withdrawn": (
        7,
        [RecordCandidates((), (WITHDRAWN,)), ROUND],
        "u1 is not among the reconciled candidates",
    ),
    "a round before all have signed": (2, ROUND, "UA has not signed"),
    "a round under other terms": (7, replace(ROUND, terms_sha256="00"), "composed under other terms"),
    "somebody who is no candidate": (6, ROUND, "u1 is not among the reconciled candidates"),
    "somebody whose home changed since": (7, replace(ROUND, chosen=(Chosen("u1", "RU", "FR"),)), "u1 has changed"),
    "somebody who has become protected": (
        6,
        [RecordCandidates((msgspec.structs.replace(CANDIDATE, protected=True),)), ROUND],
        "u1 is protected",
    ),
    "a plan for nobody chosen": (7, PROPOSED, "names 1 others"),
    "a plan under another agreement": (
        8,
        ProposePlan("plan.json", PLAN.replace(b'"a1"', b'"a2"')),
        "the plan is made under 'a2'",
    ),
    "an approval of a plan since replaced": (9, replace(APPROVED_RU, plan_sha256="00"), "RU approved another plan"),
    "closing before all approved": (10, CLOSED, "not approved by UA"),
    "closing twice": (12, CLOSED, "the round of 2025-07-04 is closed"),
    "a plan after the closing": (12, PROPOSED, "the round of 2025-07-04 is closed"),
}


@pytest.mark.parametrize(("before", "command", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_state_does_not_allow_is_refused(before: int, command: Command | list[Command], why: str) -> None:
    """Each refusal names its reason."""
    *first, last = command if isinstance(command, list) else [command]
    state = after(*WHOLE[:before], *first)
    with pytest.raises(Refused, match=why):
        decide(state, last, 5)


def test_terms_that_cannot_be_read_are_told_at_their_place() -> None:
    """A misspelt kind is bad input at line and column, and no terms are recorded."""
    with pytest.raises(BadInput, match=r"^terms.toml:11:8: unknown kind of clause 'release-al'"):
        decide(Exchange(), RecordTerms("terms.toml", TERMS.replace(b"release-all", b"release-al")), 5)
