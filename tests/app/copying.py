"""A ledger of two parties with secrets of each, to make copies of."""

from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from tests.app.recording import Seeded, StandingClock

from safeconduct.agreement.entries import RoundClosed, TermsRecorded
from safeconduct.app.recorder import Recorder
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER, ENTRY_TYPES
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.tracking.entries import CustodyReported

CLEARANCES = ("intermediary", "party:RU", "party:UA", "facility:H1", "public")

TERMS = TermsRecorded(
    occurred_at_us=1,
    agreement="istanbul-2025-06-02",
    title="Istanbul",
    parties=("RU", "UA"),
    intermediaries=("NI",),
    terms_sha256="aa",
    terms_text="terms",
)
CLOSED = RoundClosed(
    occurred_at_us=9, exchange="2025-07-04", released={"RU": 3, "UA": 4}, clauses_kept=("a",), clauses_broken=("b",)
)


def workspace_with(folder: Path, groups: list[list[Entry]]) -> Workspace:
    """A workspace with these entries, a group after the other."""
    workspace = create_workspace(folder, "istanbul-2025-06-02", "NI", Seeded(0))
    writer: Recorder[Entry] = workspace.open_recorder(StandingClock(), Seeded(1), DECODER)
    for group in groups:
        writer.record(group)
    writer.close()
    return workspace


def custody(number: int, own: tuple[str, ...]) -> CustodyReported:
    """A report that concerns these parties."""
    return CustodyReported(occurred_at_us=number, own=own, event=f"e{number}", person=f"p{number % 5}", report="{}")


def groups_of(size: int) -> list[list[Entry]]:
    """Terms, reports of one side, the other and both, and a closed round."""
    sides: list[tuple[str, ...]] = [("RU",), ("UA",), ("RU", "UA")]
    reports: list[Entry] = [custody(number, sides[number % 3]) for number in range(size - 2)]
    return [[TERMS], *(reports[start : start + 100] for start in range(0, len(reports), 100)), [CLOSED]]


def with_canaries(own: tuple[str, ...], facility: str) -> tuple[list[Entry], dict[tuple[str, str], bytes]]:
    """One entry of every type, with a value of its own in every field; the text of that value by type and slot."""
    entries, canaries = [], {}
    for number, entry_type in enumerate(ENTRY_TYPES):
        fields: dict[str, Any] = {}
        hints = get_type_hints(entry_type)
        for place, slot in enumerate(entry_type.__struct_fields__):
            mark = f"{number:03}canary{place:03}x{len(own)}{facility}"
            digits = 1_000_000_000_000_000 + number * 1000 + place
            fields[slot], shown = _value(hints[slot], mark, digits)
            if slot in ("own", "facility"):
                fields[slot] = own if slot == "own" else facility
            elif shown:
                canaries[type_tag(entry_type), slot] = shown.encode()
        entries.append(entry_type(**fields))
    return entries, canaries


def _value(hint: Any, mark: str, digits: int) -> tuple[Any, str]:
    """A value that occurs nowhere else, and its text; a truth value has none."""
    if get_origin(hint) is Annotated:
        return _value(get_args(hint)[0], mark, digits)
    if hint is str:
        return mark, mark
    if hint is int:
        return digits, str(digits)
    if hint is bool:
        return True, ""
    if get_origin(hint) is tuple:
        return (_value(get_args(hint)[0], mark, digits)[0],), mark
    if get_origin(hint) is dict:
        return {mark: _value(get_args(hint)[1], mark, digits)[0]}, mark
    inner = [one for one in get_args(hint) if one is not type(None)]
    return _value(inner[0], mark, digits)
