"""Trust policies: C2SP's files, each refusal with its line and column, and the quorum against a slow oracle."""

from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import cosign, open_cosignatures, witness_key
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.policy import NONE, Group, Policy, PolicyKey, everyone, read_policy
from safeconduct.ledger.trust import Trust

SIGNERS = [SigningKey(bytes([number]) * 32) for number in range(1, 8)]
KEYS = [witness_key(f"w{number}.example", key) for number, key in enumerate(SIGNERS, start=1)]
W = [str(key) for key in KEYS]
LEDGER = SigningKey(bytes(range(32)))
LOG = VerifierKey("safeconduct/a", bytes(LEDGER.verify_key))
OTHER_LOG = VerifierKey("safeconduct/b", bytes(SigningKey(bytes(32)).verify_key))

EXAMPLE = f"""log {LOG}

witness X1 {W[0]}
witness X2 {W[1]}
witness X3 {W[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {W[3]}
witness Y2 {W[4]}
witness Y3 {W[5]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
"""The example of C2SP tlog-policy.md, with keys in their places."""


def read(text: str) -> Policy:
    """A policy of that text."""
    return read_policy("policy", text.encode())


def test_the_specifications_example_is_read() -> None:
    """One log, six witnesses, three groups, by the names that it gives them."""
    policy = read(EXAMPLE)
    names = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert policy == Policy(
        "X-and-Y",
        (PolicyKey(LOG),),
        {name: PolicyKey(key) for name, key in zip(names, KEYS, strict=False)},
        {
            "X-witnesses": Group(2, ("X1", "X2", "X3")),
            "Y-witnesses": Group(1, ("Y1", "Y2", "Y3")),
            "X-and-Y": Group(2, ("X-witnesses", "Y-witnesses")),
        },
    )


def test_the_specifications_example_is_judged_as_it_says() -> None:
    """At least two of the X and at least one of the Y: every subset of the six."""
    policy = read(EXAMPLE)
    for count in range(7):
        for some in combinations(range(6), count):
            enough = sum(one < 3 for one in some) >= 2 and any(one >= 3 for one in some)
            assert (not policy.lacking([KEYS[one] for one in some])) == enough
    assert policy.lacking([KEYS[0], KEYS[3]]) == ("X2", "X3")
    assert policy.lacking([KEYS[0], KEYS[1]]) == ("Y1", "Y2", "Y3")
    assert policy.lacking([]) == ("X1", "X2", "X3", "Y1", "Y2", "Y3")


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("quorum none\n", Policy(NONE)),
        (
            f"\n# comment\n\t # another # comment\n\twitness \t w1  {W[0]}   https://w1.example.com/  \n\n  quorum\tw1",
            Policy("w1", (), {"w1": PolicyKey(KEYS[0], "https://w1.example.com/")}),
        ),
        (
            f"log {LOG} https://log.example.com/\nlog {OTHER_LOG}\nwitness w1 {W[0]}\nquorum w1\n",
            Policy(
                "w1", (PolicyKey(LOG, "https://log.example.com/"), PolicyKey(OTHER_LOG)), {"w1": PolicyKey(KEYS[0])}
            ),
        ),
        (f"witness Kелвін {W[0]}\nquorum Kелвін\n", Policy("Kелвін", (), {"Kелвін": PolicyKey(KEYS[0])})),
        (
            f"witness all {W[0]}\nwitness any {W[1]}\ngroup group 2 all any\nquorum group\n",
            Policy(
                "group", (), {"all": PolicyKey(KEYS[0]), "any": PolicyKey(KEYS[1])}, {"group": Group(2, ("all", "any"))}
            ),
        ),
        (f"quorum none\nwitness late {W[0]}\n", Policy(NONE, (), {"late": PolicyKey(KEYS[0])})),
    ],
    ids=["minimal", "white space", "urls", "other scripts", "keywords as names", "unused"],
)
def test_what_the_specification_allows_is_read(text: str, policy: Policy) -> None:
    """As the tests of transparency-dev/formats (policy/tlog_policy_test.go) have it."""
    assert read(text) == policy


ONE = f"witness w1 {W[0]}\n"
TWO = f"{ONE}witness w2 {W[1]}\n"
RENAMED = witness_key("impostor.example", SIGNERS[0])

REFUSED = [
    ("quorum none\n\x01", "2:1: holds a control character; leave it out"),
    ("quorum none\r\n", "1:12: holds a control character; leave it out"),
    ("quorum none\n#\x7f", "2:2: holds a control character; leave it out"),
    ("quibble w1\nquorum none\n", "1:1: 'quibble' begins no line of a policy; use log, witness, group or quorum"),
    (f"witness w1 {W[0]} https://w/ # no\nquorum w1\n", "the line has 6 words; write: witness NAME VKEY [URL]"),
    ("log\nquorum none\n", "1:1: the line has 1 words; write: log VKEY [URL]"),
    ("log garbage\nquorum none\n", "1:5: a verifier key is written NAME+HASH+BASE64; give the key whole"),
    (f"log {W[0]}\nquorum none\n", "1:5: the verifier key is not of the type Ed25519 (1): it is of the type"),
    (f"log {LOG}\nlog {LOG} https://x/\nquorum none\n", "2:5: this key stands here already; list each key once"),
    ("witness w1\nquorum none\n", "1:1: the line has 2 words; write: witness NAME VKEY [URL]"),
    (f"witness w1 {LOG}\nquorum w1\n", "1:12: the verifier key is not of the type Ed25519 cosignatures (4)"),
    (f"witness none {W[0]}\nquorum none\n", "1:9: the name 'none' is taken; choose another"),
    (f"{ONE}witness w1 {W[1]}\nquorum w1\n", "2:9: the name 'w1' is taken; choose another"),
    (f"{ONE}witness w2 {RENAMED}\nquorum w1\n", "2:12: this key stands here already; list each key once"),
    (f"{ONE}group w1 any w1\nquorum w1\n", "2:7: the name 'w1' is taken; choose another"),
    (f"{ONE}group g 1\nquorum w1\n", "2:1: the line has 3 words; write: group NAME all|any|K NAME…"),
    (f"{ONE}group none any w1\nquorum none\n", "2:7: the name 'none' is taken; choose another"),
    (f"{ONE}group g 0 w1\nquorum g\n", "2:9: '0' is not how many of 1 must cosign; write all, any, or a number from 1"),
    (f"{ONE}group g -1 w1\nquorum g\n", "2:9: '-1' is not how many of 1 must cosign"),
    (f"{ONE}group g 2 w1\nquorum g\n", "2:9: '2' is not how many of 1 must cosign"),
    (f"{ONE}group g ١ w1\nquorum g\n", "2:9: '١' is not how many of 1 must cosign"),
    (f"{ONE}group g 01 w1\nquorum g\n", "2:9: '01' is not how many of 1 must cosign"),
    (f"{ONE}group g any w2\nquorum g\n", "2:13: no line above names 'w2'; define witnesses and groups before"),
    (f"group g any w1\n{ONE}quorum g\n", "1:13: no line above names 'w1'"),
    (f"{ONE}group g any g\nquorum g\n", "2:13: no line above names 'g'"),
    (f"{ONE}group g any none w1\nquorum g\n", "2:13: no line above names 'none'"),
    (f"{ONE}group g all w1 w1\nquorum g\n", "2:16: 'w1' is a member already; let each name be a member once"),
    (f"{TWO}group g any w1 w2\ngroup h any w1\nquorum g\n", "4:13: 'w1' is a member already"),
    (ONE, "2:1: there is no quorum line; end it with: quorum NAME"),
    (f"{ONE}quorum w1\nquorum w1\n", "3:1: there is a quorum line already; keep one"),
    ("quorum unknown\n", "1:8: no line above names 'unknown'"),
    (f"quorum w1\n{ONE}", "1:8: no line above names 'w1'"),
    ("quorum\n", "1:1: the line has 1 words; write: quorum NAME"),
    ("quorum none none\n", "1:13: the line has 3 words; write: quorum NAME"),
]


@pytest.mark.parametrize(("text", "told"), REFUSED)
def test_what_the_specification_forbids_is_refused(text: str, told: str) -> None:
    """In one line with its place, for every way of being wrong; among them those of tlog_policy_test.go."""
    with pytest.raises(BadInput) as refused:
        read(text)
    assert f"policy:{told}" in str(refused.value) or told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_what_is_not_utf_8_is_refused_at_its_byte() -> None:
    """Line and column; the specification would let it be anything there."""
    with pytest.raises(BadInput, match="policy:2:3: is not UTF-8 text; save it as UTF-8"):
        read_policy("policy", b"quorum none\n# \xff\n")


def test_groups_may_be_nested_as_deep_as_a_file_can_say() -> None:
    """Judging does not descend by recursion: nobody's policy ends the check in another way than by its answer."""
    lines = [f"group g{number} any {f'g{number - 1}' if number else 'w1'}" for number in range(5000)]
    policy = read(ONE + "\n".join([*lines, "quorum g4999\n"]))
    assert (policy.lacking([]), policy.lacking([KEYS[0]])) == (("w1",), ())


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy over up to six witnesses: groups of what is not yet a member of one."""
    witnesses = {f"w{number}": PolicyKey(KEYS[number]) for number in range(draw(st.integers(1, 6)))}
    groups: dict[str, Group] = {}
    free = list(witnesses)
    for number in range(draw(st.integers(0, 4))):
        if free:
            members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
            groups[f"g{number}"] = Group(draw(st.integers(1, len(members))), tuple(members))
            free = [*(one for one in free if one not in members), f"g{number}"]
    return Policy(draw(st.sampled_from([NONE, *witnesses, *groups])), (PolicyKey(LOG),), witnesses, groups)


def holds(policy: Policy, name: str, cosigned: Collection[str]) -> bool:
    """The specification's sentence as it stands."""
    if name == NONE:
        return True
    if name in policy.witnesses:
        return name in cosigned
    return sum(holds(policy, member, cosigned) for member in policy.groups[name].members) >= policy.groups[name].least


@given(policies(), st.data())
def test_the_quorum_is_judged_as_the_oracle_does(policy: Policy, data: st.DataObject) -> None:
    """For any policy and anybody's cosignatures; those named as lacking would, together, complete it."""
    cosigned = data.draw(st.sets(st.sampled_from(sorted(policy.witnesses))))
    lacking = policy.lacking([policy.witnesses[name].key for name in cosigned])
    assert (not lacking) == holds(policy, policy.quorum, cosigned)
    assert not cosigned.intersection(lacking)
    assert holds(policy, policy.quorum, cosigned | set(lacking))
    for one in set(policy.witnesses) - cosigned - set(lacking):
        # Who is not named could not complete what is lacking.
        assert policy.lacking([policy.witnesses[name].key for name in cosigned | {one}]) == lacking


@given(policies())
def test_a_policy_is_read_as_it_was_written(policy: Policy) -> None:
    """Groups, counts, keys and quorum."""
    assert read(policy.text()) == policy


def test_a_cosignature_of_another_key_of_that_name_counts_for_nothing() -> None:
    """A policy names keys, not names."""
    policy = read(f"{ONE}quorum w1\n")
    assert policy.lacking([witness_key(KEYS[0].name, SIGNERS[1])]) == ("w1",)
    assert policy.lacking([VerifierKey(KEYS[0].name, KEYS[0].public_key)]) == ("w1",)


def test_everyone_needs_one_of_each_side() -> None:
    """Each side's one witness, or any of its several; sides without are passed over; it can be written and read."""
    sides = {"RU": [PolicyKey(KEYS[0])], "UA": [PolicyKey(KEYS[1]), PolicyKey(KEYS[2])], "NI": []}
    policy = everyone([PolicyKey(LOG, "https://x/")], sides)
    assert read(policy.text()) == policy
    assert policy.lacking([KEYS[0]]) == ("UA-1", "UA-2")
    assert policy.lacking([KEYS[0], KEYS[2]]) == ()
    assert policy.lacking([KEYS[1], KEYS[2]]) == ("RU",)
    assert everyone([], {}).text() == "quorum none\n"
    assert everyone([], {"RU": sides["RU"]}).quorum == "RU"
    spaced = everyone([], {"Side A\t1": sides["RU"], "Україна": sides["UA"]})
    assert read(spaced.text()) == spaced
    assert spaced.lacking([KEYS[1]]) == ("Side%20A%091",)


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ({"A": KEYS[:2], "A-1": KEYS[2:3]}, "two sides would have one name"),
        ({"A": KEYS[:1], "every-side": KEYS[1:2]}, "two sides would have one name"),
        ({"none": KEYS[:1], "B": KEYS[1:2]}, "two sides would have one name"),
        ({"A": KEYS[:1], "B": [RENAMED]}, "one key cannot be the witness of two"),
        ({"A": [KEYS[0], RENAMED], "B": KEYS[1:2]}, "one key cannot be the witness of two"),
    ],
)
def test_nobody_counts_for_two(sides: dict[str, list[VerifierKey]], told: str) -> None:
    """Neither by a name that is another's nor by one key under two names."""
    with pytest.raises(CheckpointError, match=told):
        everyone([], {side: [PolicyKey(key) for key in keys] for side, keys in sides.items()})


def test_trust_names_who_lacks() -> None:
    """Every witness that was asked for, and the policy's quorum; of several ledgers the one that signed."""
    note = sign_checkpoint(Checkpoint(LOG.name, 0, bytes(32)), LEDGER)
    text = note.decode().partition("\n\n")[0] + "\n"
    note += f"{cosign(text, KEYS[0].name, SIGNERS[0], 1)}\n{cosign(text, KEYS[3].name, SIGNERS[3], 2)}\n".encode()
    trust = Trust((OTHER_LOG, LOG), (KEYS[0], KEYS[6]), read(EXAMPLE))
    assert trust.ledger_of(note) == LOG
    assert trust.cosigners == (KEYS[0], KEYS[6], *KEYS[1:6])
    assert trust.lacking(open_cosignatures(note, trust.cosigners)) == (KEYS[6].name, "X2", "X3")
    with pytest.raises(CheckpointError, match=f"not signed by {OTHER_LOG.name}"):
        Trust((OTHER_LOG,)).ledger_of(note)
