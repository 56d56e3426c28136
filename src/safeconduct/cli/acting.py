"""Acts of persons of the intermediary from the command line: recorded here, or by the server that holds the ledger."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from safeconduct.cli.serving import PATIENCE_S, post
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from nacl.signing import SigningKey

    from safeconduct.app.officer_acts import Act, Asked, Entering, Stands
    from safeconduct.app.workspace import Workspace
    from safeconduct.app.writers import Writer
    from safeconduct.kernel.entry import Entry

E = TypeVar("E", bound="Entry")
S = TypeVar("S")


@contextmanager
def writing(workspace: "Workspace", patience_s: float = PATIENCE_S) -> "Iterator[Writer]":
    """Where acts are recorded: here, or by the server that holds the ledger. Raises Refused, SafeconductError."""
    from safeconduct.app.cosigned_record import cosigned_notes
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.rolled_back import RolledBack
    from safeconduct.app.writers import Beside, Here
    from safeconduct.exchange.entries import DECODER

    clock, randomness = SystemClock(), SystemRandomness()
    writer: Writer
    try:
        recorder = workspace.open_recorder(clock, randomness, DECODER)
    except RolledBack:
        raise
    except Refused as busy:
        writer = Beside(workspace, clock, randomness, partial(_ask, workspace, busy, patience_s))
    else:
        try:
            office = Office(recorder, clock, lambda: cosigned_notes(workspace))
        except BaseException:
            recorder.close()
            raise
        writer = Here(office, randomness, workspace.escalation.to)
    with closing(writer):
        yield writer


def _ask(workspace: "Workspace", busy: Refused, patience_s: float, asked: "Asked") -> dict[str, Any]:
    import msgspec

    from safeconduct.app.officer_acts import ASKED_MAX_BYTES
    from safeconduct.web.access import desk_key

    body, key = msgspec.json.encode(asked), desk_key(workspace.page_secret())
    if len(body) > ASKED_MAX_BYTES:
        raise Refused(
            f"this has {len(body):,} bytes, too much for a server that takes reports meanwhile ({ASKED_MAX_BYTES:,} at "
            "most): end the server for as long as this takes"
        )
    return post(workspace, "/desk", body, busy, key, patience_s)


def perform(workspace: "Workspace", act: "Act", key: Path | None = None) -> "Stands":
    """Record an act with the workspace's own key or that of a file; it and its alarms are durable when this returns.

    Raises Refused.
    """
    other = signing_key(key)
    with writing(workspace) as writer:
        return writer.perform(act, other)


def signing_key(file: Path | None) -> "SigningKey | None":
    """The key in a file; None without one. Raises BadInput."""
    from nacl.signing import SigningKey

    from safeconduct.app.workspace import read_secret

    return None if file is None else SigningKey(read_secret(file))


def perform_as(workspace: "Workspace", act: "Act", kind: type[S], key: Path | None) -> S:
    """The same, where what comes of it is of this type."""
    from safeconduct.app.officer_acts import OF_ANOTHER_VERSION

    done = perform(workspace, act, key)
    if not isinstance(done, kind):
        raise Refused(OF_ANOTHER_VERSION)
    return done


def entered(workspace: "Workspace", act: "Entering", kind: type[E], key: Path | None) -> tuple[E, int]:
    """Record an act that makes an entry of this type; the entry, and how many keys agree to what it is about."""
    from safeconduct.app.officer_acts import OF_ANOTHER_VERSION, Entered
    from safeconduct.exchange.entries import DECODER
    from safeconduct.kernel import encoding

    done = perform_as(workspace, act, Entered, key)
    entry = encoding.decode(done.entry.encode(), DECODER)
    if not isinstance(entry, kind):
        raise Refused(OF_ANOTHER_VERSION)
    return entry, done.keys


def record_due_alarms(workspace: "Workspace") -> None:
    """Record the alarms on releases and keys that should stand by now. Raises Refused while another program writes."""
    from safeconduct.app.office import Office
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.release_alarms import raise_alarms
    from safeconduct.exchange.entries import DECODER

    clock = SystemClock()
    recorder = workspace.open_recorder(clock, SystemRandomness(), DECODER)
    try:
        raise_alarms(Office(recorder, clock), workspace.escalation.to)
    finally:
        recorder.close()
