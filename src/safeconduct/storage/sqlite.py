"""How our SQLite files are made and opened: durable, secretive, and refused with one line where they are not ours."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from safeconduct.kernel.errors import BadInput, Fault, SafeconductError
from safeconduct.storage.durable import sync_folder

APPLICATION_ID = 0x53464344
"""`SFCD`, so that `file` and we ourselves know our files."""


_FLAWS_AT_MOST = 3
_UNUSABLE = (sqlite3.Error, UnicodeDecodeError)
"""What opening a damaged file raises: the second where the error would repeat a name that is no text any more."""


class StorageFailed(SafeconductError):
    """The disk, or SQLite, did not do what was asked. What was acknowledged before is not touched."""


def create(path: Path, version: int, schema: str) -> sqlite3.Connection:
    """Make a new file with these tables. Raises BadInput if there is one or it cannot be made."""
    if path.exists():
        raise BadInput(Fault(str(path), 0, 0, "is already there", "choose an empty folder"))
    try:
        # Made readable for its owner only; SQLite gives the -wal and -shm files the mode of the main file.
        path.touch(mode=0o600, exist_ok=False)
        connection = _connect(path, "rw")
        connection.execute("PRAGMA journal_mode = WAL")
        _prepare(connection)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        for statement in schema.split(";"):
            connection.execute(statement)
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        raise BadInput(Fault(str(path), 0, 0, f"cannot be made: {error}", "check the folder")) from None
    return connection


def create_whole(path: Path, version: int, schema: str, first: str = "", values: tuple[str | int, ...] = ()) -> None:
    """Make a new file with these tables and perhaps one row, so that nobody ever sees half of it.

    Raises BadInput if there is one or it cannot be made.
    """
    if path.exists():
        raise BadInput(Fault(str(path), 0, 0, "is already there", "choose another name"))
    beginning = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        beginning.unlink(missing_ok=True)
        connection = create(beginning, version, schema)
        if first:
            connection.execute(first, values)
        connection.close()
        os.link(beginning, path)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error) as error:
        raise BadInput(Fault(str(path), 0, 0, f"cannot be made: {error}", "check the folder")) from None
    finally:
        beginning.unlink(missing_ok=True)


def open_existing(path: Path, version: int, *, writable: bool) -> sqlite3.Connection:
    """Open a file made by `create`. Raises BadInput if it is missing, foreign, damaged or of a future version."""
    if not path.is_file():
        raise BadInput(Fault(str(path), 0, 0, "is missing", "restore it from where it was last whole"))
    try:
        connection = _connect(path, "rw" if writable else "ro")
        _prepare(connection)
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except _UNUSABLE as error:
        raise BadInput(Fault(str(path), 0, 0, f"cannot be opened: {error}", "restore it from a whole copy")) from None
    if application != APPLICATION_ID:
        raise BadInput(Fault(str(path), 0, 0, "is not a file of safeconduct", "check the path"))
    if found != version:
        raise BadInput(
            Fault(
                str(path), 0, 0, f"has the format version {found}, known is {version}", "use the matching safeconduct"
            )
        )
    return connection


def copy(source: Path, target: Path) -> None:
    """Copy one of our files as it stands at one moment, whoever writes to it. Raises BadInput, or StorageFailed."""
    if not source.is_file():
        raise BadInput(Fault(str(source), 0, 0, "is missing", "restore it from where it was last whole"))
    try:
        target.touch(mode=0o600, exist_ok=False)
        with closing(_connect(source, _to_copy(source))) as old, closing(_connect(target, "rw")) as new:
            (application,) = old.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                raise BadInput(Fault(str(source), 0, 0, "is not a file of safeconduct", "move it elsewhere"))
            old.backup(new)
            truncate_log(new)
    except (OSError, *_UNUSABLE) as error:
        raise StorageFailed(f"{source}: cannot be copied to {target}: {error}") from None


def _to_copy(source: Path) -> str:
    """How a file is opened to be copied: on a read-only medium, where no log can be made, as one that is at rest."""
    log = source.with_name(source.name + "-wal")
    return "ro" if log.exists() or os.access(source.parent, os.W_OK) else "ro&immutable=1"


def truncate_log(connection: sqlite3.Connection) -> None:
    """Move everything into the main file and empty the write-ahead log, which keeps old pages until then.

    Raises sqlite3.OperationalError if a reader holds it up.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("another program is reading the file, so its log cannot be emptied")


def flaws(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with a file, a few lines at most: pages, order, values that no column may hold.

    What reads right today may be lost by what is written next, where the pages below are not sound.
    """
    try:
        found = connection.execute(f"PRAGMA integrity_check({_FLAWS_AT_MOST})").fetchall()
    except sqlite3.Error as error:
        return [str(error)]
    return [str(what) for (what,) in found if what != "ok"]


def roll_back(connection: sqlite3.Connection) -> None:
    """Leave a transaction that failed, so that the connection can be used again; closed where it cannot."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, isolation_level=None)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")  # a commit returns when it is on the disk
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    connection.execute("PRAGMA trusted_schema = OFF")  # a doctored schema calls no functions
    connection.execute("PRAGMA wal_autocheckpoint = 2000")
