"""A party's mirror: it takes what is sound, whole or not at all, and keeps proof of what contradicts it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.app.copying import CLOSED, TERMS, custody, groups_of, workspace_with
from tests.app.recording import Seeded, StandingClock

from safeconduct.app.exporting import export_copy
from safeconduct.app.ledger_files import LedgerFiles
from safeconduct.app.mirroring import Contradicted, Finding, Mirror, Mirrored, NotSound
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace, read_secret
from safeconduct.disclosure.clearance import Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import BadInput, SafeconductError
from safeconduct.ledger.checkpoint import open_checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import cosign, witness_key
from safeconduct.ledger.merkle import EMPTY_ROOT
from safeconduct.ledger.tiles import Tile
from safeconduct.storage.mirror_store import MirrorStore

RU = Clearance("party", "RU")
NOW_US = 1_751_700_000_000_000
SIZE = 300
"""One full bundle and one of 44."""


class Served:
    """What the keeper of a workspace serves, changed on its way by whoever wants to."""

    def __init__(self, workspace: Workspace, clearance: Clearance = RU) -> None:
        self.record: Record[Entry] = workspace.open_record(DECODER)
        self.clearance = clearance
        self.change: Callable[[str, bytes], bytes] = lambda _, content: content
        self.notes: list[bytes] = []

    def checkpoint(self) -> bytes:
        """As the port says."""
        self.record.refresh()
        return self.change("checkpoint", LedgerFiles(self.record).checkpoint_note())

    def bundle(self, tile: Tile) -> bytes:
        """As the port says."""
        return self.change(tile.bundle_path(), LedgerFiles(self.record).bundle(tile))

    def lines(self, start: int, end: int) -> bytes:
        """As the port says."""
        return self.change("lines", b"".join(LedgerFiles(self.record).lines(self.clearance, start, end)))

    def cosigned(self) -> list[bytes]:
        """As the port says."""
        return self.notes


class World(NamedTuple):
    """A ledger, and a mirror of it that has taken all there is."""

    workspace: Workspace
    served: Served
    mirror: Mirror
    path: Path

    def append(self, entries: list[Entry]) -> None:
        """Record more."""
        recorder = self.workspace.open_recorder(StandingClock(NOW_US), Seeded(len(entries)), DECODER)
        recorder.record(entries)
        recorder.close()

    def again(self) -> Mirror:
        """The mirror begun anew from its file."""
        return mirror_at(self.path, self.workspace)


def mirror_at(path: Path, workspace: Workspace, clearance: Clearance = RU) -> Mirror:
    """A mirror at a file."""
    store = MirrorStore.open(path, str(workspace.verifier), str(clearance))
    return Mirror(store, workspace.verifier, clearance)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A mirror in step with its ledger."""
    workspace = workspace_with(tmp_path / "workspace", groups_of(SIZE))
    mirror, served = mirror_at(tmp_path / "mirror.sqlite", workspace), Served(workspace)
    assert mirror.follow(served, NOW_US)
    return World(workspace, served, mirror, tmp_path / "mirror.sqlite")


def without_time(standing: Mirrored) -> Mirrored:
    """As it stands, evidence aside."""
    standing.evidence = []
    return standing


def test_a_mirror_holds_what_the_ledger_holds_and_what_its_party_is_told(world: World, tmp_path: Path) -> None:
    """Size and root of the checkpoint, and line for line what a copy for the party tells."""
    standing = world.mirror.standing()
    assert standing.checkpoint == open_checkpoint(world.served.checkpoint(), world.workspace.verifier)
    assert (standing.checkpoint.size, standing.authors, standing.evidence) == (SIZE, 1, [])
    export_copy(world.workspace, "party:RU", tmp_path / "copy")
    told = (tmp_path / "copy" / "disclosed.jsonl").read_bytes().splitlines()[1:]
    assert [line for _, line in world.mirror.told_lines()] == told
    assert standing.told == len(told)


def test_a_mirror_goes_on_in_steps_and_after_a_restart(world: World, tmp_path: Path) -> None:
    """However the steps fall, with a restart between any two, it ends as one that took all at once."""
    mirror = world.mirror
    for number in range(5):
        world.append([custody(1000 + number, ("RU",)), custody(2000 + number, ("UA",))])
        assert mirror.follow(world.served, NOW_US)
        assert not mirror.follow(world.served, NOW_US)
        mirror = world.again()
    at_once = mirror_at(tmp_path / "other.sqlite", world.workspace)
    at_once.follow(world.served, NOW_US)
    assert mirror.standing() == at_once.standing()
    assert list(mirror.told_lines()) == list(at_once.told_lines())


def test_an_older_checkpoint_of_the_same_ledger_is_no_contradiction(world: World) -> None:
    """Whoever asks it to cosign what it is past is told so; nothing speaks against the ledger."""
    old = world.served.checkpoint()
    world.append([CLOSED])
    world.mirror.follow(world.served, NOW_US)
    assert not world.mirror.follow_to(old, world.served, NOW_US)
    assert world.mirror.standing().evidence == []


def forged(world: World, entries: list[list[Entry]]) -> Served:
    """Another ledger under the keys of this one."""
    folder = world.path.parent / "forged"
    other = workspace_with(folder, entries)
    for name in ("author.key", "ledger.key"):
        assert read_secret(other.secrets_path / name) == read_secret(world.workspace.secrets_path / name)
    return Served(other)


@pytest.mark.parametrize(
    ("groups", "finding"),
    [
        ([*groups_of(SIZE)[:-1], [custody(1, ("RU",))]], Finding.SPLIT),
        ([[TERMS], *[[custody(number, ("UA",))] for number in range(SIZE + 1)]], Finding.REWRITTEN),
        ([[TERMS], [CLOSED]], Finding.REWRITTEN),
    ],
)
def test_another_ledger_under_the_same_key_is_proven_and_kept(
    world: World, groups: list[list[Entry]], finding: Finding
) -> None:
    """Of the same size, longer, and shorter: both checkpoints are kept, and the mirror holds what it held."""
    before = without_time(world.mirror.standing())
    with pytest.raises(Contradicted) as raised:
        world.mirror.follow(forged(world, groups), NOW_US)
    assert raised.value.finding is finding
    (evidence,) = world.again().standing().evidence
    assert evidence.what == finding.value
    held, shown = (open_checkpoint(note, world.workspace.verifier) for note in (evidence.held, evidence.shown))
    assert held == before.checkpoint
    assert shown != held
    assert without_time(world.again().standing()) == before
    world.append([CLOSED])
    assert world.mirror.follow(world.served, NOW_US)  # the honest ledger goes on


def test_evidence_is_kept_once_however_often_it_is_shown(world: World) -> None:
    """A mirror that looks every second does not fill its disk."""
    other = forged(world, [[TERMS], [CLOSED]])
    for _ in range(3):
        with pytest.raises(Contradicted):
            world.mirror.follow(other, NOW_US)
    assert len(world.mirror.standing().evidence) == 1


def test_a_ledger_put_back_to_an_old_backup_is_told(world: World) -> None:
    """The same history, shorter: no split, and yet the entries after it are gone."""
    key = SigningKey(read_secret(world.workspace.secrets_path / "ledger.key"))
    whole = open_checkpoint(world.served.checkpoint(), world.workspace.verifier)
    empty = sign_checkpoint(type(whole)(whole.origin, 0, EMPTY_ROOT), key)
    assert not world.mirror.follow_to(empty, world.served, NOW_US)
    with pytest.raises(Contradicted) as raised:
        world.mirror.compare(empty, NOW_US)
    assert raised.value.finding is Finding.ROLLED_BACK
    world.mirror.compare(world.served.checkpoint(), NOW_US)


def damage(name: str, how: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    """Change one answer of the server."""
    return lambda path, content: how(content) if path.startswith(name) else content


def flipped(at: int) -> Callable[[bytes], bytes]:
    """One bit changed."""
    return lambda content: bytes(byte ^ (place == at % len(content)) for place, byte in enumerate(content))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (damage("checkpoint", flipped(-5)), "not valid under the ledger's key"),
        (damage("checkpoint", lambda _: b"<html>"), "not valid"),
        (damage("tile/entries", flipped(-3)), "do not hash to the root signed"),
        (damage("tile/entries", lambda content: content[:-1]), "is no bundle of entries"),
        (damage("lines", lambda content: content.replace(b'"p1"', b'"p2"')), "does not hold"),
        (damage("lines", lambda content: content + content), "where one of"),
        (damage("lines", lambda _: b"{}\n"), "cannot be read"),
        (damage("lines", lambda _: b'{"count":1,"fields":[],"index":301,"nodes":[]}\n'), "does not hold"),
    ],
)
def test_what_is_not_sound_is_not_taken_and_nobody_is_accused(
    world: World, change: Callable[[str, bytes], bytes], what: str
) -> None:
    """A bad line is no proof: nothing is kept as evidence, and the next good answer is taken."""
    world.append([custody(number, ("RU",)) for number in range(5)])
    before = world.mirror.standing()
    world.served.change = change
    with pytest.raises(NotSound, match=what):
        world.mirror.follow(world.served, NOW_US)
    assert world.mirror.standing() == before
    world.served.change = lambda _, content: content
    assert world.mirror.follow(world.served, NOW_US)
    assert world.again().standing() == world.mirror.standing()


def test_more_than_the_party_may_know_is_told_as_a_fault(world: World) -> None:
    """Lines made for the other side: the keeper's mistake, which the party's own program must not keep."""
    world.append([custody(7, ("UA",))])
    world.served.clearance = Clearance("party", "UA")
    with pytest.raises(NotSound, match="party:RU may not know"):
        world.mirror.follow(world.served, NOW_US)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Mirror]:
    """A small ledger, and a mirror that has taken nothing yet."""
    folder = tmp_path_factory.mktemp("mirror")
    workspace = workspace_with(folder / "workspace", groups_of(40))
    return workspace, mirror_at(folder / "mirror.sqlite", workspace)


@settings(max_examples=100)
@given(data=st.data())
def test_no_changed_byte_of_any_answer_is_taken(small: tuple[Workspace, Mirror], data: st.DataObject) -> None:
    """Whichever bit of whichever answer is turned: the mirror takes nothing but what the ledger holds."""
    workspace, mirror = small
    served = Served(workspace)
    name = data.draw(st.sampled_from(["checkpoint", "tile", "lines"]))

    def turn(path: str, content: bytes) -> bytes:
        if not path.startswith(name) or not content:
            return content
        at, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
        return content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]

    served.change = turn
    with pytest.raises((NotSound, SafeconductError)):
        mirror.follow(served, NOW_US)
    assert mirror.standing().checkpoint.size == 0
    assert mirror.standing().evidence == []


def test_a_file_changed_behind_the_mirror_is_not_gone_on_with(world: World) -> None:
    """A leaf, a node, a line or the checkpoint changed on the party's own disk."""
    changes = [
        "UPDATE leaf SET leaf = zeroblob(217) WHERE position = 5",
        "UPDATE leaf SET hashes = zeroblob(32) WHERE position = 6",
        "DELETE FROM leaf WHERE position = 299",
        "UPDATE line SET line = CAST(replace(CAST(line AS TEXT), 'p1', 'p2') AS BLOB)",
        "DELETE FROM checkpoint",
    ]
    for number, change in enumerate(changes):
        copy = world.path.with_name(f"{number}.sqlite")
        with closing(sqlite3.connect(world.path)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        assert mirror_at(copy, world.workspace).standing() == world.mirror.standing()
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute(change)
        with pytest.raises(SafeconductError, match="was changed since"):
            mirror_at(copy, world.workspace)


def test_a_mirror_is_of_one_ledger_and_one_clearance(world: World) -> None:
    """A file named by mistake is refused, and left as it was."""
    with pytest.raises(BadInput, match="is the mirror of"):
        mirror_at(world.path, world.workspace, Clearance("party", "UA"))
    with pytest.raises(BadInput, match="not the file of a mirror"):
        mirror_at(world.workspace.ledger_path, world.workspace)


WITNESS = SigningKey(b"w" * 32)
WITNESS_KEY = witness_key("ua.example/witness", WITNESS)


def cosigned(note: bytes, at_s: int) -> bytes:
    """A checkpoint with the cosignature of the other side's witness."""
    text = note.decode().partition("\n\n")[0] + "\n"
    return note + (cosign(text, "ua.example/witness", WITNESS, at_s) + "\n").encode()


def test_how_far_another_witness_has_cosigned_is_checked_by_the_mirror_itself(world: World) -> None:
    """The largest that holds; what is no note, not cosigned by it, or beyond what the mirror holds is passed over."""
    earlier = world.served.checkpoint()
    assert world.mirror.cosigned_by([earlier, b"nonsense"], WITNESS_KEY, NOW_US) == (0, None)
    world.append([CLOSED])
    world.mirror.follow(world.served, NOW_US)
    notes = [cosigned(earlier, 5), world.served.checkpoint()]
    assert world.mirror.cosigned_by(notes, WITNESS_KEY, NOW_US) == (SIZE, 5)
    notes.append(cosigned(world.served.checkpoint(), 7))
    assert world.mirror.cosigned_by(notes, WITNESS_KEY, NOW_US) == (SIZE + 1, 7)
    world.append([CLOSED])
    notes.append(cosigned(world.served.checkpoint(), 9))
    assert world.mirror.cosigned_by(notes, WITNESS_KEY, NOW_US) == (SIZE + 1, 7)


def test_a_ledger_shown_to_the_other_side_that_is_not_this_one_is_proven(world: World) -> None:
    """The other side's witness cosigned what it was shown: both checkpoints are kept."""
    other = forged(world, [*groups_of(SIZE)[:-1], [custody(1, ("RU",))]])
    with pytest.raises(Contradicted) as raised:
        world.mirror.cosigned_by([cosigned(other.checkpoint(), 5)], WITNESS_KEY, NOW_US)
    assert raised.value.finding is Finding.SPLIT
    assert len(world.again().standing().evidence) == 1
