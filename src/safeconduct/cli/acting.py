"""Acts of persons of the intermediary from the command line: recorded here, or by the server that holds the ledger."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from safeconduct.cli.serving import post
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.app.officer_acts import Act, Entering, Stands
    from safeconduct.app.workspace import Workspace
    from safeconduct.kernel.entry import Entry

E = TypeVar("E", bound="Entry")
S = TypeVar("S")

_OF_ANOTHER_VERSION = "the server that holds the ledger answers something else: is it of this version?"


def perform(workspace: "Workspace", act: "Act", key: Path | None = None) -> "Stands":
    """Record an act with the workspace's own key or that of a file; it and its alarms are durable when this returns.

    Raises Refused.
    """
    import msgspec
    from nacl.signing import SigningKey

    from safeconduct.app.cosigned_record import cosigned_notes
    from safeconduct.app.office import Office
    from safeconduct.app.officer_acts import Stands
    from safeconduct.app.officer_desk import asking_at, asking_beside
    from safeconduct.app.officer_desk import perform as perform_here
    from safeconduct.app.ports import SystemClock, SystemRandomness
    from safeconduct.app.workspace import read_secret
    from safeconduct.exchange.entries import DECODER
    from safeconduct.web.access import desk_key

    other = None if key is None else SigningKey(read_secret(key))
    clock, randomness = SystemClock(), SystemRandomness()
    try:
        recorder = workspace.open_recorder(clock, randomness, DECODER)
    except Refused as busy:
        body = msgspec.json.encode(asking_beside(workspace, act, other, clock, randomness))
        answer = post(workspace, "/desk", body, busy, desk_key(workspace.page_secret()))
        told: Stands = msgspec.convert(answer, Stands)
        return told
    try:
        office = Office(recorder, clock, lambda: cosigned_notes(workspace))
        return perform_here(office, asking_at(office, act, other, randomness), workspace.escalation.to)
    finally:
        recorder.close()


def perform_as(workspace: "Workspace", act: "Act", kind: type[S], key: Path | None) -> S:
    """The same, where what comes of it is of this type."""
    done = perform(workspace, act, key)
    if not isinstance(done, kind):
        raise Refused(_OF_ANOTHER_VERSION)
    return done


def entered(workspace: "Workspace", act: "Entering", kind: type[E], key: Path | None) -> tuple[E, int]:
    """Record an act that makes an entry of this type; the entry, and how many keys agree to what it is about."""
    from safeconduct.app.officer_acts import Entered
    from safeconduct.exchange.entries import DECODER
    from safeconduct.kernel import encoding

    done = perform_as(workspace, act, Entered, key)
    entry = encoding.decode(done.entry.encode(), DECODER)
    if not isinstance(entry, kind):
        raise Refused(_OF_ANOTHER_VERSION)
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
