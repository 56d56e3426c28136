"""A party's list into entries: the list, the list that it replaces, each row, and how its cells were written."""

import re
from collections.abc import Sequence

from safeconduct.app.commands import ReceiveList
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.registry.entries import PURPOSES, ListReceived, PersonListed
from safeconduct.registry.list_entries import ListReplaced, RowAsWritten
from safeconduct.vocabulary.person import Person

_LIST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def receive_list(state: Exchange, command: ReceiveList, now_us: int) -> list[Entry]:
    """The entries of a list, all of one group. Raises Refused."""
    if command.purpose not in PURPOSES:
        raise Refused(f"unknown purpose of a list {command.purpose!r}; allowed: {', '.join(PURPOSES)}")
    if not _LIST_ID.fullmatch(command.list_id):
        raise Refused(f"{command.list_id!r} is no id of a list: use letters, digits, dots and hyphens, 64 at most")
    if command.list_id in state.registry.lists:
        raise Refused(f"a list {command.list_id!r} is on record already; give the new version its own id")
    own = (command.party,)
    received = ListReceived(
        occurred_at_us=now_us,
        own=own,
        list_id=command.list_id,
        purpose=command.purpose,
        file_sha256=command.file_sha256,
        rows=len(command.persons),
        findings=command.findings,
    )
    entries: list[Entry] = [received, *_replaced(state, command, now_us)]
    entries += (listed(person, own, command.list_id, now_us) for person in command.persons)
    for line, ref, cells in command.as_written:
        entries.append(
            RowAsWritten(occurred_at_us=now_us, own=own, list_id=command.list_id, ref=ref, line=line, cells=cells)
        )
    return entries


def listed(person: Person, own: tuple[str, ...], list_id: str, now_us: int) -> PersonListed:
    """One row of a list as an entry."""
    return PersonListed(
        occurred_at_us=now_us,
        own=own,
        list_id=list_id,
        ref=person.ref,
        family_name=person.family_name,
        given_name=person.given_name,
        patronymic=person.patronymic,
        sex=person.sex,
        birth_date=str(person.birth_date or ""),
        rank=person.rank,
        service_number=person.service_number,
        unit=person.unit,
        categories=person.categories,
        health=person.health,
        captured_on=str(person.captured_on or ""),
        captured_at=person.captured_at,
        held_at=person.held_at,
        held_by=person.held_by,
        home=person.home,
        consent_claimed=person.consent,
        protected_claimed=person.protected,
        note=person.note,
    )


def _replaced(state: Exchange, command: ReceiveList, now_us: int) -> Sequence[Entry]:
    """Which list it replaces: of the same party, for the same purpose, and not replaced yet."""
    if not command.replaces:
        return ()
    registry = state.registry
    old = registry.lists.get(command.replaces)
    if old is None:
        known = ", ".join(sorted(registry.lists)) or "none yet"
        raise Refused(f"no list {command.replaces!r} is on record to be replaced; on record: {known}")
    if old.own != (command.party,) or old.purpose != command.purpose:
        raise Refused(
            f"the list {command.replaces!r} is of persons {old.purpose}, of {' and '.join(old.own)}: "
            "a list is replaced by one of the same party and purpose"
        )
    if command.replaces in registry.replaced:
        newer = registry.replaced[command.replaces].list_id
        raise Refused(f"the list {command.replaces!r} was replaced by {newer!r} already: replace that one")
    return (
        ListReplaced(
            occurred_at_us=now_us,
            own=(command.party,),
            list_id=command.list_id,
            replaces=command.replaces,
            version=registry.version_of(command.replaces) + 1,
        ),
    )
